"""What links connect, and what is left to compare within it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import Pairs, ranges
from custmerge.protocols import Rows

__all__ = ["components", "members", "numbered_groups", "smallest_members", "uncompared"]

_MAX_COMPLETED = 1_000
"""Records of a component whose pairs are all compared. In larger ones, which are
mostly chance chained together, a pair that shares no key counts as unlike."""


def components(n_rows: int, links: Pairs) -> Rows:
    """Return for each row the smallest row that links connect it with.

    Each group takes the name of the smallest group it has a link with, and groups of
    one name become one, until no link is left between any. At least every other round
    halves the groups that have links (Shiloach and Vishkin 1982,
    doi:10.1016/0196-6774(82)90008-6).

    Examples:
        >>> components(4, Pairs.of([0, 1], [1, 3])).tolist()
        [0, 0, 2, 0]
    """
    smallest = np.arange(n_rows, dtype=np.int64)
    left, right = links.left, links.right
    while len(left):
        # The name of a group never grows, so it ends as the smallest row of it.
        np.minimum.at(smallest, np.maximum(left, right), np.minimum(left, right))
        further = smallest[smallest]
        while (further != smallest).any():
            smallest, further = further, further[further]
        left, right = smallest[left], smallest[right]
        apart = left != right
        left, right = left[apart], right[apart]
    return smallest


def smallest_members(labels: NDArray[np.int64]) -> Rows:
    """Return for each row the smallest row of the same label."""
    smallest = np.full(int(labels.max(initial=-1)) + 1, len(labels), dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(len(labels)))
    return smallest[labels]


def numbered_groups(labels: NDArray[np.int64]) -> Rows:
    """Return for each row the number of its label, in the order of their first rows.

    Examples:
        >>> numbered_groups(np.asarray([7, 2, 7, 9])).tolist()
        [0, 1, 0, 2]
    """
    first = smallest_members(labels)
    numbers = np.cumsum(first == np.arange(len(first))) - 1
    numbered: Rows = numbers[first]
    return numbered


def members(labels: Rows, least: int = 2) -> Iterator[Rows]:
    """Yield the rows of each group of at least `least` rows, ascending."""
    order = np.argsort(labels, kind="stable").astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0][: len(order)])
    sizes = np.diff(np.r_[starts, len(order)])
    large = sizes >= least
    for start, size in zip(starts[large].tolist(), sizes[large].tolist(), strict=True):
        yield order[start : start + size]


def uncompared(groups: Rows, pairs: Pairs) -> Pairs:
    """Return the pairs within groups of rows that were not compared.

    An entity is judged on all its pairs, so these want comparing too. Very large
    groups are left as they are.

    Examples:
        >>> more = uncompared(np.asarray([0, 0, 0, 3]), Pairs.of([0, 1], [1, 2]))
        >>> more.left.tolist(), more.right.tolist()
        ([0], [2])
    """
    sizes = np.bincount(groups, minlength=1)[groups]
    rows = np.flatnonzero((sizes > 2) & (sizes <= _MAX_COMPLETED))
    rows = rows[np.argsort(groups[rows], kind="stable")]
    ends = np.searchsorted(groups[rows], groups[rows], side="right")
    places = np.arange(len(rows))
    n_after = ends - places - 1
    inside = Pairs.of(np.repeat(rows, n_after), rows[ranges(places + 1, n_after)])
    return inside.take(~inside.among(pairs))
