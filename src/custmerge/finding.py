"""Records found by the names that people give them: ids, and sources where several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TypeGuard

import numpy as np

from custmerge.config import Config
from custmerge.exceptions import InvalidInputError
from custmerge.io import Dataset, known_columns
from custmerge.protocols import Rows
from custmerge.records import Column, as_text

__all__ = [
    "ABSENT",
    "SEVERAL",
    "RecordFinder",
    "as_path",
    "check_type",
    "is_listed",
    "is_two",
]

ABSENT = -1
"""In place of a row: no record has this name."""
SEVERAL = -2
"""In place of a row: more than one record has it."""


@dataclass(frozen=True, eq=False)
class RecordFinder:
    """Finds the rows of records by id, or by source and id.

    Attributes:
        n_rows: The number of records.
        ids: The id of each record; `None` where they go by their row numbers.
        sources: The source of each record; `None` where there is one, unnamed.

    Examples:
        >>> ids, sources = Column.encode(["7", "8", "7"]), Column.encode([*"aab"])
        >>> finder = RecordFinder(3, ids, sources)
        >>> finder.rows_of([8, ("b", 7), 7, "9"]).tolist()
        [1, 2, -2, -1]
    """

    n_rows: int
    ids: Column | None
    sources: Column | None

    @classmethod
    def of(
        cls, dataset: Dataset, config: Config, column: Callable[[str], Column]
    ) -> RecordFinder:
        """Return what finds the records of a dataset.

        Args:
            dataset: The records.
            config: Says which column is the id, and which the source.
            column: Gives a column of the records, dictionary-encoded.
        """
        ids, sources = (
            None if name is None else column(name)
            for name in known_columns(dataset, config.id, config.source)
        )
        if dataset.source_codes is not None:
            sources = Column(dataset.sources, dataset.source_codes)
        return cls(len(dataset), ids, sources)

    def rows_of(self, names: Sequence[object]) -> Rows:
        """Return the row of each name, an id or `(source, id)`; see `rows`."""
        whole = [name if is_two(name) else (None, name) for name in names]
        return self.rows(
            [as_text(id_) for _, id_ in whole], [as_text(source) for source, _ in whole]
        )

    def rows(self, ids: Sequence[str | None], sources: Sequence[str | None]) -> Rows:
        """Return the row of each record; `ABSENT` for none, `SEVERAL` for many.

        Args:
            ids: The texts of their ids.
            sources: The texts of their sources; `None` for any.
        """
        if not len(ids):
            return np.empty(0, dtype=np.int64)
        rows, texts = self._having({text for text in ids if text is not None})
        held: dict[str | None, list[tuple[int, str | None]]] = {}
        known: list[str | None] = [None] * len(rows)
        if self.sources is not None:
            known = self.sources.take(rows).decode()
        for row, text, of in zip(rows.tolist(), texts, known, strict=True):
            held.setdefault(text, []).append((row, of))
        found = []
        for id_, source in zip(ids, sources, strict=True):
            places = [row for row, of in held.get(id_, ()) if source in (None, of)]
            found.append(SEVERAL if len(places) > 1 else (*places, ABSENT)[0])
        return np.asarray(found, dtype=np.int64)

    def missing(self, row: int, called: str) -> str:
        """Return in words why a name is of no row, and what would be.

        Args:
            row: `ABSENT` or `SEVERAL`.
            called: What to call the name; it may be a customer's value itself.

        Examples:
            >>> RecordFinder(3, None, None).missing(ABSENT, "the first id")
            'no record has the first id; here they go by row numbers from 0 to 2'
        """
        if row == SEVERAL:
            return f"several records have {called}; give (source, id)"
        if self.ids is None:
            last = self.n_rows - 1
            return (
                f"no record has {called}; here they go by row numbers from 0 to {last}"
            )
        source = "" if self.sources is None else ", or (source, id)"
        return f"no record has {called}; give that of the id column{source}"

    def _having(self, wanted: set[str]) -> tuple[Rows, list[str]]:
        """Return the rows whose id is one of some texts, with the ids."""
        if self.ids is None:
            numbers = {int(text) for text in wanted if text.isdecimal()}
            listed = sorted(row for row in numbers if row < self.n_rows)
            return np.asarray(listed, dtype=np.int64), [*map(str, listed)]
        sought = np.zeros(len(self.ids.values) + 1, dtype=np.bool_)
        sought[[self._codes[text] for text in wanted if text in self._codes]] = True
        codes = self.ids.first
        rows = np.flatnonzero(sought[codes])
        return rows, [self.ids.values[code] for code in codes[rows].tolist()]

    @cached_property
    def _codes(self) -> dict[str, int]:
        """The code of each id, as of very many records a few are asked for often."""
        return {} if self.ids is None else {x: i for i, x in enumerate(self.ids.values)}


def is_listed(given: object) -> TypeGuard[Iterable[object]]:
    """Return whether something is a list, or the like; no text, and no mapping."""
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping))


def check_type(name: str, given: object, fits: bool, wanted: str) -> None:  # noqa: FBT001
    """Check that an argument is such a thing as is wanted.

    Raises:
        InvalidInputError: It does not fit.

    Examples:
        >>> check_type("on", 3, False, "text")
        Traceback (most recent call last):
            ...
        custmerge.exceptions.InvalidInputError: on must be text, not of the type int
    """
    if not fits:
        message = f"{name} must be {wanted}, not of the type {type(given).__name__}"
        raise InvalidInputError(message)


def as_path(given: str | PathLike[str]) -> Path:
    """Return the path of a file.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> as_path("queue.csv").suffix
        '.csv'
    """
    is_path = isinstance(given, (str, PathLike))
    check_type("path", given, is_path, "the path of a file")
    return Path(given)


def is_two(entry: object) -> TypeGuard[tuple[object, object]]:
    """Return whether something is a pair: a tuple or a list of two."""
    return isinstance(entry, (tuple, list)) and len(entry) == 2
