"""Which records the rows of a child table point to, before and after a merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress
from typing import Any
from uuid import UUID

import numpy as np

from custmerge.exceptions import InvalidInputError
from custmerge.io import Dataset, Edits
from custmerge.io.dataset import require_columns
from custmerge.merging.crosswalk import AMBIGUOUS, Crosswalk
from custmerge.pairs import distinct
from custmerge.protocols import Rows
from custmerge.records import Column, as_text

__all__ = ["Links", "Pointed", "made_like"]

_MADE_OF_TEXT = (str, int, float, np.integer, Decimal, UUID)
_FLAGS = ({"true", "false"}, {"1", "0"}, {"yes", "no"}, {"y", "n"}, {"是", "否"})
"""What the two values of a column of flags are, as text in small letters."""
_NONE = np.empty(0, np.int64)
_OFF = frozenset({"false", "0", "no", "n", "否"})


@dataclass(frozen=True, slots=True)
class Links:
    """Which columns of a child table link it to the records.

    Attributes:
        on: The column with record ids.
        source: The column with their sources, or the one source they all are of;
            `None` where ids alone tell records apart.
        unique: Columns that with the record's id may hold no combination twice, such
            as an address type. Rows that hold nothing in one of them, or no in one of
            yes and no (`is_primary`), do not count.
    """

    on: str
    source: str | None = None
    unique: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
    """The records that the rows of a child table point to, before and after.

    Attributes:
        dataset: The child table.
        crosswalk: Who survives whom.
        links: The columns that link it.
        ids: The ids that the rows hold.
        before: The row of the record of each row; `UNKNOWN` where no record has the id,
            or it is missing.
        after: The row of the survivor; where there is no record, as before.
    """

    dataset: Dataset
    crosswalk: Crosswalk
    links: Links
    ids: Column
    before: Rows
    after: Rows

    @classmethod
    def of(cls, dataset: Dataset, crosswalk: Crosswalk, links: Links) -> Pointed:
        """Return where a child table points.

        Raises:
            ColumnNotFoundError: A column does not exist.
            InvalidInputError: An id may be of several records; or the source is none;
                or the column is one of the records, and not their id.
        """
        if not dataset.columns:  # no rows: a list of dicts has no columns without any
            return cls(dataset, crosswalk, links, Column.encode([]), _NONE, _NONE)
        require_columns(dataset.columns, (links.on, *links.unique))
        if crosswalk.id is None and links.on in crosswalk.dataset.columns:
            message = (
                f"the records have a column {links.on!r}, but it is not their id: ids "
                "are missing in it or repeat, or id= was not said; without ids records "
                "go by their row numbers, which these are not"
            )
            raise InvalidInputError(message)
        ids = dataset.encode(links.on)
        sources = _sources(dataset, crosswalk, links.source)
        before = crosswalk.names.find(ids, sources)
        n_ambiguous = int((before == AMBIGUOUS).sum())
        if n_ambiguous:
            message = (
                f"{n_ambiguous:,} rows hold an id in {links.on!r} that records of "
                "several sources have; say with source= which column of the table "
                "names the source, or the one source that they all are of"
            )
            raise InvalidInputError(message)
        after = np.append(crosswalk.survivors, -1)[before]
        return cls(dataset, crosswalk, links, ids, before, after)

    @property
    def moved(self) -> Rows:
        """The rows that point to another record after, ascending."""
        return np.flatnonzero(self.before != self.after)

    @property
    def unknown(self) -> Rows:
        """The rows whose id no record has, ascending."""
        return np.flatnonzero((self.before < 0) & (self.ids.codes >= 0))

    def edits(self) -> Edits:
        """Return the cells that must change, by column.

        Raises:
            InvalidInputError: The survivors' ids do not fit the column, or are not
                enough to tell them.
        """
        moved, edits = self.moved, dict[str, tuple[Rows, list[object]]]()
        if not self.dataset.columns:
            return edits
        before, after, walk = self.before[moved], self.after[moved], self.crosswalk
        new = walk.ids.codes[after] != walk.ids.codes[before]
        edits[self.links.on] = self._cells(self.links.on, moved[new], after[new])
        column = self.links.source
        if column is not None and column in self.dataset.columns:
            sources = walk.sources.codes if walk.sources is not None else walk.survivors
            new = sources[after] != sources[before]
            edits[column] = self._cells(column, moved[new], after[new])
        elif walk.n_ambiguous(after):
            message = (
                f"survivors of rows of {self.links.on!r} are of other sources, where "
                "their ids are others' too; add a column to the table that names the "
                "source of each id, and name it with source="
            )
            raise InvalidInputError(message)
        return {name: edit for name, edit in edits.items() if len(edit[0])}

    def _cells(self, column: str, rows: Rows, after: Rows) -> tuple[Rows, list[object]]:
        """Return rows with the ids, or the sources, of their survivors."""
        walk, targets = self.crosswalk, distinct(after)
        if column == self.links.on:
            held, texts, own = self.ids, walk.ids, walk.id_cells(targets)
        else:
            held, texts = self.dataset.encode(column), walk.sources or walk.ids
            own = walk.source_cells(targets)
        present = (held.codes >= 0).tolist()
        kinds = set(map(type, compress(self.dataset.cells(column), present)))
        made = made_like(kinds, texts.take(targets).decode(), own)
        if made is None:
            types = ", ".join(sorted(kind.__name__ for kind in kinds))
            message = (
                f"the column {column!r} holds {types}, "
                "and not every survivor has such a one; convert the column to text "
                "before"
            )
            raise InvalidInputError(message)
        places = np.searchsorted(targets, after)
        return rows, [made[place] for place in places.tolist()]

    def collisions(self) -> tuple[tuple[int, ...], ...]:
        """Return the rows that were apart and are not now, in groups."""
        counted = self.ids.codes >= 0
        if not self.links.unique or not counted.any():
            return ()
        # Ids that no record has stand for records of their own.
        others = len(self.crosswalk.survivors) + self.ids.codes.astype(np.int64)
        before, keys = (
            np.where(self.before < 0, others, rows)
            for rows in (self.before, self.after)
        )
        given = (self.links.on, self.links.source)
        for name in (name for name in self.links.unique if name not in given):
            column = _counted(self.dataset.encode(name))
            counted &= column.codes >= 0
            dense = np.searchsorted(distinct(keys), keys)
            keys = dense * (len(column.values) + 1) + column.codes + 1
        if not counted.any():
            return ()
        rows = np.flatnonzero(counted)
        rows = rows[np.argsort(keys[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(keys[rows], prepend=-1))
        lowest = np.minimum.reduceat(before[rows], starts)
        highest = np.maximum.reduceat(before[rows], starts)
        ends = np.append(starts[1:], len(rows))
        found = np.flatnonzero(lowest < highest)
        spans = zip(starts[found].tolist(), ends[found].tolist(), strict=True)
        return tuple(sorted(tuple(rows[a:b].tolist()) for a, b in spans))


def _sources(
    dataset: Dataset, crosswalk: Crosswalk, source: str | None
) -> Column | None:
    """Return the source of each row of a child table.

    Raises:
        InvalidInputError: What is said to be one is neither a column nor a source.
    """
    if source is None:
        return None
    known = () if crosswalk.sources is None else crosswalk.sources.values
    if source in dataset.columns and known:
        return dataset.encode(source)
    if source in known:
        return Column((source,), np.zeros(len(dataset), dtype=np.int32))
    message = (
        f"source={source!r} is neither a column of the table, which are "
        f"{list(dataset.columns)}, nor a source of the records"
        if known
        else f"source={source!r} does not fit: the records are of no named sources; "
        "leave it out"
    )
    raise InvalidInputError(message)


def made_like(
    kinds: set[type], texts: Sequence[str | None], own: Sequence[object]
) -> Sequence[object] | None:
    """Return texts as cells of the type of others, or `None` where one cannot be.

    Args:
        kinds: The types of the others.
        texts: The texts; `None` is missing.
        own: What is returned where the others are of several types, or of one that a
            text does not make.
    """
    kind: Any = next(iter(kinds)) if len(kinds) == 1 else None
    if kind is None or not issubclass(kind, _MADE_OF_TEXT):
        return own
    try:
        made = [None if text is None else kind(text) for text in texts]
    except (ValueError, ArithmeticError):
        return None
    return made if list(map(as_text, made)) == list(texts) else None


def _counted(column: Column) -> Column:
    """Return what counts for uniqueness: all values, but of flags only the set ones."""
    texts = [value.casefold() for value in column.values]
    if not any(flags.issuperset(texts) for flags in _FLAGS):
        return column
    return column.replace([None if text in _OFF else "set" for text in texts])
