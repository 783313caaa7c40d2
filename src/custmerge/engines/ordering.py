"""Records in an order that their content alone decides."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import sorting_order
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable

__all__ = ["canonical_order", "in_order"]


def canonical_order(table: RecordTable, ties: Sequence[Column] = ()) -> Rows:
    """Return the rows in an order that depends on their content alone.

    Everything after this sees the records so ordered. Sums, samples and ties then come
    out the same whatever order the records came in.

    Args:
        table: The normalized records.
        ties: What copies go by, one after the other, such as their sources.
    """
    if not table.columns:
        return np.arange(table.n_rows, dtype=np.int64)
    mixed = _mixed(table.columns.values())
    order = sorting_order(mixed)
    # Copies are few: what they go by is looked at for them alone.
    is_next_equal = mixed[order][1:] == mixed[order][:-1]
    places = np.flatnonzero(
        np.append(is_next_equal, False) | np.append(False, is_next_equal)
    )
    copies = order[places]
    keys = [_mixed([column.take(copies).by_appearance()]) for column in reversed(ties)]
    order[places] = copies[np.lexsort((*keys, mixed[copies]))]
    return order


def _mixed(columns: Iterable[Column]) -> NDArray[np.uint64]:
    """Return a number for each row that its texts decide."""
    mixed = np.zeros(1, dtype=np.uint64)
    for column in columns:
        hashes = _hashes(column)
        for slot in range(column.width):
            mixed = _mix(mixed, hashes[column.slots[:, slot]])
    return mixed


def _hashes(column: Column) -> NDArray[np.uint64]:
    """Return a number for each text, and 0 at the end for a missing one."""
    # All in C: no line of Python for each text.
    encoded = map(str.encode, column.values, repeat("utf-8"), repeat("surrogatepass"))
    hashes = np.fromiter(map(zlib.crc32, encoded), np.uint64, len(column.values))
    return np.append(hashes + np.uint64(1), np.uint64(0))


def _mix(state: NDArray[np.uint64], more: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Fold one more column in (the finalizer of MurmurHash3, A. Appleby)."""
    state = state * np.uint64(31) + more
    state = (state ^ (state >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    mixed: NDArray[np.uint64] = state ^ (state >> np.uint64(33))
    return mixed


def in_order(table: RecordTable, order: Rows) -> RecordTable:
    """Return the table's rows in the given order, codes in order of appearance."""
    columns = {
        name: column.take(order).by_appearance()
        for name, column in table.columns.items()
    }
    return RecordTable(columns, table.n_rows)
