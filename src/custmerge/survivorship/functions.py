"""Users' own survivorship rules, made of plain functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from custmerge._adapters import call_each, import_plugin, qualified_name
from custmerge.exceptions import InvalidConfigError, PluginError
from custmerge.protocols import Ranks, Rows
from custmerge.records import Column, Record, RecordTable
from custmerge.survivorship.chain import chained

__all__ = ["FunctionRule", "survivorship_rule"]

_STAGE = "survivorship rule"
_CHUNK = 8192
"""Records decoded at a time for users' functions: a few megabytes of texts."""


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """A user's function as a rule; `survivorship_rule` builds it.

    Attributes:
        function: The function; the rule is called like it.
        name: The function's name.
        reference: `"package.module:attribute"`, by which the rule pickles; `None`
            for a callable without a name, which must pickle by itself.
    """

    function: Callable[[str, Record], float]
    name: str
    reference: str | None = None

    def __repr__(self) -> str:
        return f"FunctionRule({self.name!r})"

    def __call__(self, value: str, record: Record) -> float:
        """Return what the function returns."""
        return self.function(value, record)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        if self.reference is None:
            return FunctionRule, (self.function, self.name)
        return _restored, (self.reference,)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return what the function gives for each row's value and record."""
        arguments = ((record[field], record) for record in _records(table, rows))
        try:
            ranks = call_each(self.function, arguments, _STAGE, _problem)
        except PluginError as error:
            error.add_note(f"It was ranking the values of the field {field!r}.")
            raise
        return np.array(ranks, np.float64)

    then = chained


def _records(table: RecordTable, rows: Rows) -> Iterator[Record]:
    names = list(table)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cells = [_cells(table[name], chunk) for name in names]
        for texts in zip(*cells, strict=True):
            yield dict(zip(names, texts, strict=True))


def _cells(column: Column, rows: Rows) -> list[str | None]:
    # Not `column.take(rows).decode()`, which copies all distinct values each time.
    codes = column.slots[rows, 0].tolist()
    return [column.values[code] if code >= 0 else None for code in codes]


def _problem(rank: object) -> str | None:
    if isinstance(rank, Real | np.bool_):
        return None
    return f"returned a {type(rank).__name__}; a rank must be a number"


def survivorship_rule(function: Callable[[str, Record], float]) -> FunctionRule:
    """Return a function of a value and its record as a rule: it ranks, highest wins.

    The function is called once for each row (two rows with one value are two
    records), and only for entities whose rows hold different values that the rules
    before it did not decide; a missing value never arrives. NaN ranks below every
    number. Use it as a decorator of a function at module level, so that it pickles.

    Args:
        function: Called with a value of the field and the whole record as text by
            column name, as they were in the input.

    Raises:
        InvalidConfigError: It is nothing that can be called.

    Examples:
        >>> @survivorship_rule
        ... def prefer_crm(value: str, record: Record) -> float:
        ...     return float(record["source"] == "crm")
        >>> prefer_crm.name, prefer_crm("Ann", {"source": "crm"})
        ('prefer_crm', 1.0)
        >>> table = RecordTable.from_mappings([{"source": "web"}, {"source": "crm"}])
        >>> prefer_crm.rank(table, "source", np.arange(2)).tolist()
        [0.0, 1.0]
    """
    if not callable(function):
        message = (
            "survivorship_rule takes a function of a value and its record, not a "
            f"{type(function).__name__}"
        )
        raise InvalidConfigError(message)
    name = getattr(function, "__name__", type(function).__name__)
    named = hasattr(function, "__qualname__")
    return FunctionRule(function, name, qualified_name(function) if named else None)


def _restored(reference: str) -> FunctionRule:
    found: Any = import_plugin(reference)
    return found if isinstance(found, FunctionRule) else survivorship_rule(found)
