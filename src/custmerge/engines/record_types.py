"""Records of different types, such as persons and companies, are never one entity.

A record whose type is missing may match any; but it does not make one entity of two
records of different types, however well it fits both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.normalizers.text import Category
from custmerge.pairs import Pairs
from custmerge.records import Column, RecordTable

__all__ = [
    "RECORD_TYPE",
    "may_match",
    "n_pairs_within",
    "type_codes",
    "with_type",
    "within_types",
]

RECORD_TYPE = ""
"""The normalized column of the records' types; no field has this name."""


def with_type(table: RecordTable, column: Column) -> RecordTable:
    """Return the table with the records' types, as they came, as one more column."""
    normalized = Category().normalize(column.values)
    columns = {**table.columns, RECORD_TYPE: column.replace(normalized)}
    return RecordTable(columns, table.n_rows)


def type_codes(table: RecordTable) -> NDArray[np.int32]:
    """Return the type of each row as a code; -1 where it may be any."""
    if RECORD_TYPE not in table:
        return np.full(table.n_rows, -1, dtype=np.int32)
    return table[RECORD_TYPE].first


def may_match(pairs: Pairs, types: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which pairs of records may be one entity by their types."""
    left, right = types[pairs.left], types[pairs.right]
    may: NDArray[np.bool_] = (left == right) | (left < 0) | (right < 0)
    return may


def within_types(pairs: Pairs, types: NDArray[np.int32]) -> Pairs:
    """Return the pairs of records that may be one entity by their types."""
    return pairs.take(may_match(pairs, types))


def n_pairs_within(types: NDArray[np.int32]) -> int:
    """Return how many pairs of rows may be one entity by their types.

    Examples:
        >>> n_pairs_within(np.asarray([0, 0, 1, -1]))
        4
    """
    apart = [int(n) for n in np.bincount(types + 1)[1:]]
    n_apart = (sum(apart) ** 2 - sum(n * n for n in apart)) // 2
    return len(types) * (len(types) - 1) // 2 - n_apart
