"""Rows of many entities competing at once, narrowed by ranks until one text is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import distinct
from custmerge.protocols import Ranks, Rows
from custmerge.records import Column

__all__ = ["Contest", "Winners", "starts_of", "text_order"]


class Winners(NamedTuple):
    """The winning row of each of some entities."""

    rows: Rows
    entities: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The rows of the entities that are undecided, by entity.

    Attributes:
        rows: All rows of these entities that hold the field.
        entities: For each of `rows`, its entity, ascending.
        texts: For each column that is to survive, the code of each of `rows`.
        running: For each of `rows`, whether no rule has ruled it out.
    """

    rows: Rows
    entities: Rows
    texts: Sequence[NDArray[np.int32]]
    running: NDArray[np.bool_]

    @classmethod
    def of(cls, columns: Sequence[Column], rows: Rows, entities: Rows) -> Contest:
        """Open a contest of `rows` for columns that survive together.

        Args:
            columns: The columns.
            rows: The rows that compete, by entity; of equal ones the first wins.
            entities: For each of `rows`, its entity, ascending.
        """
        texts = [column.slots[:, 0][rows] for column in columns]
        return cls(rows, entities, texts, np.ones(len(rows), np.bool_))

    def settled(self) -> tuple[Winners, Contest]:
        """Return the winners of the entities with one text left, and the others.

        The winner is the first row that is still in the running.
        """
        # At first all run, and need no copy.
        run = slice(None) if self.running.all() else np.flatnonzero(self.running)
        entities = self.entities[run]
        is_first = _is_first(entities)
        # All texts of an entity are one where each is the one before it.
        changes = np.zeros(max(len(entities) - 1, 0), np.bool_)
        for texts in self.texts:
            changes |= texts[run][1:] != texts[run][:-1]
        changes &= ~is_first[1:]
        is_open = np.zeros(int(self.entities.max(initial=-1)) + 1, np.bool_)
        is_open[entities[1:][changes]] = True
        won = np.flatnonzero(is_first & ~is_open[entities])
        left = np.flatnonzero(is_open[self.entities])
        others = Contest(
            self.rows[left],
            self.entities[left],
            [texts[left] for texts in self.texts],
            self.running[left],
        )
        return Winners(self.rows[run][won], entities[won]), others

    def narrowed(self, ranks: Ranks) -> Contest:
        """Return the contest with only the best-ranked rows of each entity running.

        Args:
            ranks: The rank of each running row. NaN is below every number; an entity
                whose ranks are all NaN keeps its rows.
        """
        starts = starts_of(self.entities[self.running])
        sizes = np.diff(starts, append=len(ranks))
        best = np.repeat(np.fmax.reduceat(ranks, starts), sizes)
        running = self.running.copy()
        running[self.running] = (ranks == best) | np.isnan(best)
        return replace(self, running=running)

    def smallest(self, columns: Sequence[Column]) -> Winners:
        """Return each entity's running row with the smallest text; the first."""
        rows = self.rows[self.running]
        return self.lowest([text_order(column, rows) for column in columns])

    def lowest(self, keys: Sequence[NDArray[np.int64]]) -> Winners:
        """Return each entity's running row with the lowest keys; the first of these.

        Args:
            keys: Numbers for each running row, the first to count first.
        """
        rows, entities = self.rows[self.running], self.entities[self.running]
        # The last key of lexsort is the first to count; it is stable, so the first
        # of equal ones stays the first.
        order = np.lexsort((*reversed(keys), entities))
        starts = starts_of(entities)
        return Winners(rows[order][starts], entities[starts])


def starts_of(entities: Rows) -> NDArray[np.int64]:
    """Return where each entity begins among ascending ones.

    Examples:
        >>> starts_of(np.array([0, 0, 2])).tolist()
        [0, 2]
    """
    return np.flatnonzero(_is_first(entities))


def _is_first(entities: Rows) -> NDArray[np.bool_]:
    """Return for each of ascending entities whether it is another than before."""
    is_first = np.ones(len(entities), np.bool_)
    np.not_equal(entities[1:], entities[:-1], out=is_first[1:])
    return is_first


def text_order(column: Column, rows: Rows) -> NDArray[np.int64]:
    """Return where each row's text stands among the others; missing comes last.

    Examples:
        >>> text_order(Column.encode(["b", None, "a", "b"]), np.arange(4)).tolist()
        [1, 2, 0, 1]
    """
    codes = column.slots[:, 0][rows]
    ascending = sorted(
        distinct(codes[codes >= 0]).tolist(), key=column.values.__getitem__
    )
    places = np.full(len(column.values) + 1, len(ascending), np.int64)
    places[ascending] = np.arange(len(ascending))
    order: NDArray[np.int64] = places[codes]  # the code -1 of a missing cell: the last
    return order
