"""Records as explanations name them, and cells as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from custmerge.naming import RecordNames
from custmerge.protocols import Rows
from custmerge.records import as_text

__all__ = ["RecordKey", "keys_of", "plain"]


@dataclass(frozen=True, slots=True)
class RecordKey:
    """What a record is called.

    Attributes:
        id: Its id; the row number where there is no id column.
        source: Its source, where sources are known.
    """

    id: object
    source: str | None = None

    def __str__(self) -> str:
        return f"{self.id}" if self.source is None else f"{self.source} {self.id}"


def plain(value: Any) -> Any:  # noqa: ANN401  of any shape
    """Return data as JSON has it: dataclasses as dicts, and other cells as text.

    Examples:
        >>> plain({"record": RecordKey(7), "parts": (1, 2)})
        {'record': {'id': 7, 'source': None}, 'parts': [1, 2]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    is_plain = value is None or isinstance(value, (str, bool, int, float))
    return value if is_plain else as_text(value)


def keys_of(names: RecordNames, rows: Rows) -> tuple[RecordKey, ...]:
    """Return what records are called."""
    ids, sources = names.cells(names.ids(rows)), names.cells(names.sources(rows))
    return tuple(
        RecordKey(id_, as_text(source))
        for id_, source in zip(ids, sources, strict=True)
    )
