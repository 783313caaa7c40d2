"""Rows of many entities competing at once, narrowed by ranks until one text is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Ranks, Rows
from custmerge.records import Column

__all__ = ["Contest"]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The rows of the entities that are undecided, in order of entity and row.

    Attributes:
        rows: All rows of these entities that hold the field.
        entities: For each of `rows`, its entity, counted from 0 in this contest.
        texts: For each of `rows`, an integer that stands for its text or texts.
        running: For each of `rows`, whether no rule has ruled it out.
    """

    rows: Rows
    entities: Rows
    texts: NDArray[np.int64]
    running: NDArray[np.bool_]

    @classmethod
    def of(cls, columns: Sequence[Column], rows: Rows, labels: Rows) -> Contest:
        """Open a contest of `rows` for columns that survive together.

        Args:
            columns: The columns.
            rows: The rows that compete, in order of entity and row.
            labels: For each of `rows`, its entity, ascending.
        """
        texts = _texts(columns, rows)
        return cls(rows, _counted(labels), texts, np.ones(len(rows), np.bool_))

    def settled(self) -> tuple[Rows, Contest]:
        """Return the winning row of each entity with one text left, and the others.

        The winner is the first row that is still in the running.
        """
        starts = self._starts()
        texts = self.texts[self.running]
        agreed = np.minimum.reduceat(texts, starts) == np.maximum.reduceat(
            texts, starts
        )
        winners = self.rows[self.running][starts[agreed]]
        left = ~agreed[self.entities]
        others = Contest(
            self.rows[left],
            _counted(self.entities[left]),
            self.texts[left],
            self.running[left],
        )
        return winners, others

    def narrowed(self, ranks: Ranks) -> Contest:
        """Return the contest with only the best-ranked rows of each entity running.

        Args:
            ranks: The rank of each running row. NaN is below every number; an entity
                whose ranks are all NaN keeps its rows.
        """
        best = np.fmax.reduceat(ranks, self._starts())[self.entities[self.running]]
        running = self.running.copy()
        running[self.running] = (ranks == best) | np.isnan(best)
        return replace(self, running=running)

    def smallest(self, columns: Sequence[Column]) -> Rows:
        """Return each entity's running row with the smallest text, then lowest row."""
        rows = self.rows[self.running]
        keys = [_text_order(column, rows) for column in columns]
        # The last key of lexsort is the first to count; it is stable, so row order
        # decides between equal texts.
        order = np.lexsort((*reversed(keys), self.entities[self.running]))
        return rows[order][self._starts()]

    def _starts(self) -> NDArray[np.int64]:
        """Return where each entity begins among the running rows."""
        running = self.entities[self.running]
        return np.flatnonzero(np.diff(running, prepend=-1))


def _counted(ascending: Rows) -> Rows:
    """Return ascending labels counted from 0 without gaps."""
    counted: Rows = np.cumsum(np.diff(ascending, prepend=ascending[:1]) != 0)
    return counted


def _texts(columns: Sequence[Column], rows: Rows) -> NDArray[np.int64]:
    """Return an integer for each row that is equal where all the texts are."""
    texts: NDArray[np.int64] = columns[0].slots[rows, 0].astype(np.int64)
    for column in columns[1:]:
        # A code lies in -1 … n-1, so this is one integer for each combination; made
        # dense again lest it overflow.
        combined = texts * (len(column.values) + 1) + column.slots[rows, 0]
        texts = np.unique(combined, return_inverse=True)[1].reshape(-1)
    return texts


def _text_order(column: Column, rows: Rows) -> NDArray[np.int64]:
    """Return where each row's text stands among the others; missing comes last."""
    codes = column.slots[rows, 0]
    ascending = sorted(
        np.unique(codes[codes >= 0]).tolist(), key=column.values.__getitem__
    )
    places = np.full(len(column.values) + 1, len(ascending), np.int64)
    places[ascending] = np.arange(len(ascending))
    order: NDArray[np.int64] = places[codes]  # the code -1 of a missing cell: the last
    return order
