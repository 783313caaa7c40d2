"""Links that would put records of different types, such as companies, into one group.

A record whose type is missing may match any; but it does not make one entity of two
records of different types, however well it fits both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering.groups import components, members
from custmerge.pairs import Pairs, distinct
from custmerge.protocols import Rows

__all__ = ["bridging"]


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
