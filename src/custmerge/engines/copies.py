"""Records that are the same in every field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["copies_of", "originals_of", "stood_for"]


def originals_of(table: RecordTable) -> Rows:
    """Return for each row the first row that is the same in every field.

    Equal rows follow each other in the canonical order, but for what a hash confuses.
    Rows without any value are nobody's copies: nothing says so.
    """
    same = np.ones(max(table.n_rows - 1, 0), dtype=bool)
    holds_any = np.zeros(table.n_rows, dtype=bool)
    for column in table.columns.values():
        same &= (column.slots[1:] == column.slots[:-1]).all(axis=1)
        holds_any |= column.present
    same &= holds_any[1:]
    starts = np.flatnonzero(np.append(True, ~same)[: table.n_rows])
    lengths = np.diff(np.append(starts, table.n_rows))
    originals: Rows = np.repeat(starts, lengths).astype(np.int64)
    return originals


def copies_of(originals: Rows) -> Pairs:
    """Return each copy of a record with the record that it is a copy of."""
    return Pairs.of(originals, np.arange(len(originals)))


def stood_for(originals: Rows, pairs: Pairs) -> NDArray[np.float64]:
    """Return how many pairs of copies each pair stands for, 0 where records differ.

    Of a record's copies not all pairs may have been compared; those that were stand
    for all, since all are alike.
    """
    stands_for = np.zeros(len(pairs))
    inside = originals[pairs.left] == originals[pairs.right]
    groups = originals[pairs.left[inside]]
    sizes = np.bincount(originals, minlength=1)[groups].astype(np.float64)
    compared = np.bincount(groups, minlength=1)[groups]
    stands_for[inside] = sizes * (sizes - 1) / 2 / compared
    return stands_for
