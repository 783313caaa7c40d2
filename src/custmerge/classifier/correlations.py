"""Which fields say the same: correlations of agreement within a class of pairs.

The model adds the evidence of fields up as if they agreed independently of each other
within a class. Where they do not (an e-mail address and a user name made of it), what
they have in common counts twice, unless one is made to depend on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.levels import Levels

__all__ = ["Correlation", "correlations"]

_AT_ONCE = 2**14
"""Rows looked at together, so that all about them is in the processor's cache."""
_PRIOR_PAIRS = 20.0
"""How many pairs, half alike and half not, each field's variance is drawn to: a few
pairs out of step with thousands that all agree are no correlation yet."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two fields whose agreement goes together.

    Attributes:
        fields: Their names.
        matches: The correlation of their agreement among matches, in [-1, 1]: 0 where
            they agree independently, 1 where they say the same.
        unrelated: The same among unrelated pairs, as random pairs show it.
        counted_once: Whether the model allows for it: one field depends on the other,
            or both on a third.
    """

    fields: tuple[str, str]
    matches: float
    unrelated: float
    counted_once: bool


def correlations(
    levels: Levels, n_levels: Sequence[int], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far any two fields agree together; shape `(n_fields, n_fields)`.

    It is Pearson's correlation of their agreement levels over the pairs that hold both
    fields, which for two levels is the phi coefficient (Yule 1912,
    doi:10.2307/2340126), drawn to 0 where few pairs vary. The diagonal is below 1 for
    that reason.

    Args:
        levels: The agreement levels of pairs, or of patterns of them; shape
            `(n, n_fields)`.
        n_levels: The number of levels of each field.
        weights: How many pairs of the class each row stands for: the probability that
            a pair belongs to it, times how often a pattern occurs; shape `(n,)`.

    Examples:
        >>> levels = np.asarray([[0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 1, 1]], np.int8)
        >>> found = correlations(levels, (2, 2, 2), np.full(4, 1000.0))
        >>> found[0, 1:].round(2).tolist()
        [1.0, 0.0]
    """
    steps = np.asarray(n_levels, dtype=np.float64) - 1
    moments = np.zeros((4, len(steps), len(steps)))
    for start in range(0, len(levels), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        moments += _moments(levels[some], steps, weights[some])
    n_pairs, sums, squares, products = moments
    n_pairs = np.maximum(n_pairs, 1e-9)
    together = products - sums * sums.T / n_pairs
    apart = np.maximum(squares - sums**2 / n_pairs, 0) + _PRIOR_PAIRS / 4
    found: NDArray[np.float64] = together / np.sqrt(apart * apart.T)
    return found


def _moments(
    levels: Levels, steps: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for any two fields, over the rows that hold both, four weighed sums.

    Of 1, of the first's agreement, of its square, and of both agreements' product;
    shape `(4, n_fields, n_fields)`.
    """
    held = (levels >= 0).astype(np.float64)
    scores = np.maximum(levels, 0) / steps
    counted = held * weights[:, np.newaxis]
    agreed = counted * scores
    sums = (counted.T @ held, agreed.T @ held, (agreed * scores).T @ held)
    return np.stack([*sums, agreed.T @ scores])
