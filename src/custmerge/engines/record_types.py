"""Records of different types, such as persons and companies, are never one entity.

A record whose type is missing may match any; but it does not make one entity of two
records of different types, however well it fits both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering import components, members
from custmerge.normalizers.text import Category
from custmerge.pairs import Pairs, distinct
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable

__all__ = [
    "RECORD_TYPE",
    "bridging",
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


def bridging(
    pairs: Pairs,
    weights: NDArray[np.float64],
    types: NDArray[np.int32],
    threshold: float,
) -> NDArray[np.bool_]:
    """Return which links would join records of different types through others.

    Links are taken from the strongest on, as in Kruskal's algorithm (1956), and those
    left out that would put two types into one component; shape `(n_pairs,)`.
    """
    found = np.zeros(len(pairs), dtype=bool)
    if not (types >= 0).any():
        return found
    links = np.flatnonzero(weights > threshold)
    groups = components(len(types), pairs.take(links))
    links = links[_are_mixed(groups, types)[pairs.left[links]]]
    ends = groups[pairs.left[links]]
    for places in members(ends, least=1):
        inside = links[places]
        order = inside[np.argsort(-weights[inside], kind="stable")]
        found[order] = _joins_types(pairs.take(order), types)
    return found


def _are_mixed(groups: Rows, types: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return for each row whether its group holds records of different types."""
    typed = np.flatnonzero(types >= 0)
    any_type = np.full(len(groups), -1, dtype=np.int32)
    any_type[groups[typed]] = types[typed]
    is_mixed = np.zeros(len(groups), dtype=bool)
    is_mixed[groups[typed[types[typed] != any_type[groups[typed]]]]] = True
    mixed: NDArray[np.bool_] = is_mixed[groups]
    return mixed


def _joins_types(pairs: Pairs, types: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which of some links, taken one after the other, would join two types."""
    rows = distinct(np.concatenate([pairs.left, pairs.right]))
    above = dict(zip(rows.tolist(), rows.tolist(), strict=True))
    kinds = dict(zip(rows.tolist(), types[rows].tolist(), strict=True))
    joins = []
    for ends in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        one, other = (_top(row, above) for row in ends)
        known = {kinds[one], kinds[other]} - {-1}
        joins.append(len(known) > 1)
        if len(known) < 2:
            above[other] = one
            kinds[one] = max(kinds[one], kinds[other])
    return np.asarray(joins, dtype=bool)


def _top(row: int, above: dict[int, int]) -> int:
    """Return the row that stands for a row's part, and shorten the way there."""
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row
