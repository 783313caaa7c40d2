"""How many matches blocking missed, estimated from how those it found were caught."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["estimate_recall"]


def estimate_recall(
    shared: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> float:
    """Return the share of all matches that is among the candidate pairs, in [0, 1].

    By capture and recapture: a group of keys is an occasion to catch a match. Where
    many matches were caught by one group alone, some will have been caught by none.
    Chao's lower bound of their number holds when matches differ in how catchable they
    are (Chao 1987, doi:10.2307/2531532); with the matches in place of the animals, it
    is `(n - 1) / n * f1 ** 2 / (2 * f2)`, of n groups, where one and where two groups
    caught f1 and f2 matches. So the recall is an upper bound, good where the groups
    fail independently of each other.

    Args:
        shared: For each pair and group of keys, whether its records share a key;
            shape `(n_pairs, n_groups)`.
        probabilities: The match probability of each pair; shape `(n_pairs,)`.

    Examples:
        Of 120 matches both groups caught 60, and each of them 30 more alone.

        >>> shared = np.repeat([[True, True], [True, False], [False, True]], 30, axis=0)
        >>> shared = np.concatenate([shared, shared[:30]])
        >>> round(estimate_recall(shared, np.ones(120)), 3)
        0.892
    """
    n_groups = shared.shape[1]
    caught = np.bincount(shared.sum(axis=1), probabilities, minlength=3)
    found = float(probabilities.sum())
    if not found:
        return 1.0
    once, twice = float(caught[1]), float(caught[2])
    # Chao's bias-corrected form, which needs no match to be caught twice.
    missed = (n_groups - 1) / n_groups * once * max(once - 1, 0) / (2 * (twice + 1))
    return float(found / (found + missed))
