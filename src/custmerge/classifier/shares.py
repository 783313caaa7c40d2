"""Shares of levels, many rows at once: drawn to a prior, bounded, made to rise.

The levels lie along the first axis, the least alike first; each column is a row of
probabilities that sum to 1. Where there is no such level, all is 0.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["FLOOR", "Flags", "Table", "bounded", "monotone", "shrunk"]

Table = NDArray[np.float64]
"""Shares of levels, or sums: by level, by class of pairs, and by row."""
Flags = NDArray[np.bool_]

FLOOR = 1e-7
"""Least probability of any level in any class."""
_NOTHING = 1e-300
"""Next to 0, yet something to divide by."""


def shrunk(sums: Table, prior: Table, n_pairs: float) -> Table:
    """Return the shares of levels, in each row, drawn to the prior."""
    smoothed = sums + n_pairs * prior
    shares: Table = smoothed / smoothed.sum(axis=0)
    return shares


def bounded(shares: Table, most: Table) -> Table:
    """Return the shares with that of the lowest level at most so large."""
    unlike, alike = shares[:1], shares[1:]
    kept = np.minimum(unlike, most)
    return np.concatenate([kept, alike * (1 - kept) / alike.sum(axis=0)])


def monotone(above: Table, below: Table, levels: Flags) -> Table:
    """Return in each row the nearest shares whose ratio to `below` never falls.

    Args:
        above: The shares of each class.
        below: What they are held against.
        levels: Which levels there are.
    """
    # Beyond the last level nothing adds to what levels come to together.
    safe = np.where(levels, below, _NOTHING)
    ratio = above / safe
    falls = (above[:-1] * safe[1:] > above[1:] * safe[:-1]) & levels[1:]
    rows = falls.any(axis=0)
    if rows.any():
        _, places = np.nonzero(rows)
        ratio[:, rows] = _pooled(above[:, rows], safe[:, 0, places])
    # Levels raised to the floor take those above them along.
    raised = _risen(np.maximum(ratio, FLOOR / safe)) * below
    settled: Table = raised / raised.sum(axis=0)
    return settled


def _risen(ratio: Table) -> Table:
    """Return the largest up to each level, in the same array."""
    for i in range(1, len(ratio)):  # ten times as fast as to accumulate
        np.maximum(ratio[i - 1], ratio[i], out=ratio[i])
    return ratio


def _pooled(above: Table, below: Table) -> Table:
    """Return the ratio of each level, levels at which it would fall taken together.

    It is the largest of what the stretches of levels that begin at or below it come to,
    each going on to where that is least (the max-min formula of isotonic regression:
    Robertson, Wright and Dykstra 1988, section 1.4).

    Args:
        above: Shares of levels; shape `(n_levels, n)`.
        below: What they are held against.
    """
    n_levels = len(above)
    stretches = _stretches(n_levels)
    least = (stretches @ above) / (stretches @ below)
    least = least.reshape(n_levels, n_levels, -1)
    for end in range(n_levels - 1, 0, -1):
        np.minimum(least[:, end - 1], least[:, end], out=least[:, end - 1])
    least[np.tri(n_levels, k=-1, dtype=bool)] = 0.0  # begins above the level
    ratio: Table = least.max(axis=0)
    return ratio


@cache
def _stretches(n_levels: int) -> Table:
    """Return which levels each stretch holds, one from each level to each.

    Where the other is below the one, the stretch is of one level; none asks for it.
    """
    level = np.arange(n_levels)
    first, last = level[:, np.newaxis, np.newaxis], level[:, np.newaxis]
    inside = (first <= level) & (level <= np.maximum(first, last))
    return inside.reshape(-1, n_levels).astype(np.float64)
