"""Some of very many candidate pairs, to learn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import scrambled
from custmerge.pairs import Pairs

__all__ = ["draw"]

_AT_ONCE = 2**20
"""Pairs looked at together, which bounds the memory."""


def draw(
    pairs: Pairs, n_pairs: int, certain: Pairs
) -> tuple[Pairs, NDArray[np.float64]]:
    """Return about `n_pairs` of the pairs, and how many of all each stands for.

    Whether a pair is drawn depends on its two rows alone.

    Args:
        pairs: The pairs.
        n_pairs: How many are wanted.
        certain: Those of the pairs that are taken anyhow, and stand for themselves.

    Examples:
        >>> pairs = Pairs(*np.triu_indices(100, k=1))
        >>> some, counts = draw(pairs, 500, Pairs.of([0], [1]))
        >>> 400 < len(some) < 600, bool(some.among(Pairs.of([0], [1]))[0])
        (True, True)
        >>> float(counts.sum().round())
        4950.0
    """
    n_rows = int(pairs.right.max(initial=0)) + 1
    bound = np.uint64(min(n_pairs / max(len(pairs), 1), 1) * (2**64 - 2**12))
    parts = [
        scrambled(part.keys(n_rows).astype(np.uint64)) < bound
        for part in pairs.chunks(_AT_ONCE)
    ]
    drawn = np.concatenate([np.empty(0, dtype=bool), *parts])
    taken = np.searchsorted(pairs.keys(n_rows), certain.keys(n_rows))
    drawn[taken] = False
    n_drawn = max(int(np.count_nonzero(drawn)), 1)
    each = (len(pairs) - len(certain)) / n_drawn
    drawn[taken] = True
    chosen = np.flatnonzero(drawn)
    counts = np.full(len(chosen), each)
    counts[np.searchsorted(chosen, taken)] = 1.0
    return pairs.take(chosen), counts
