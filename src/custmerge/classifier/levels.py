"""Similarities as agreement levels, and pairs as patterns of levels.

Millions of pairs show only some thousands of patterns, so that training and scoring
run on patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import numbered
from custmerge.protocols import Scores

__all__ = ["MISSING", "Levels", "Patterns", "to_levels"]

Levels = NDArray[np.int8]
"""Agreement levels: 0 the least alike, rising; `MISSING` where a side is missing."""

MISSING = -1
_TOLERANCE = 1e-6  # float32 scores lie a hair below the thresholds they were set to
_MAX_KEY = 2**62


def to_levels(scores: Scores, thresholds: Sequence[float]) -> Levels:
    """Return each score's level: how many of the ascending thresholds it reaches.

    Examples:
        >>> scores = np.asarray([0.3, 0.9, 1.0, np.nan], dtype=np.float32)
        >>> to_levels(scores, (0.8, 1.0)).tolist()
        [0, 1, 2, -1]
    """
    levels = np.zeros(len(scores), dtype=np.int8)
    for edge in _edges(tuple(thresholds)):
        levels += scores >= edge
    levels -= np.isnan(scores)  # to `MISSING`
    return levels


@cache
def _edges(thresholds: tuple[float, ...]) -> tuple[np.float32, ...]:
    """Return the least float32 scores that reach each threshold."""
    edges = []
    for threshold in thresholds:
        edge = np.float32(threshold - _TOLERANCE)
        if float(edge) < threshold - _TOLERANCE:  # the next number that scores can be
            edge = np.nextafter(edge, np.float32(np.inf))
        edges.append(edge)
    return tuple(edges)


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The distinct rows of a table of levels, and how often each occurs.

    Attributes:
        levels: int8, shape `(n_patterns, n_fields)`.
        counts: float64, shape `(n_patterns,)`: how many pairs show each.
        n_copies: The same of pairs of copies, which say nothing about chance.
        of_pair: For each pair, its pattern; shape `(n_pairs,)`.
        labels: int8, shape `(n_patterns,)`: 1 for pairs labelled the same, -1 for
            different ones, 0 for all others. Pairs labelled unlike, or not at all, are
            of different patterns.
    """

    levels: Levels
    counts: NDArray[np.float64]
    n_copies: NDArray[np.float64]
    of_pair: NDArray[np.int64]
    labels: NDArray[np.int8]

    @classmethod
    def of(
        cls,
        columns: Sequence[Levels],
        copies: NDArray[np.float64],
        labels: NDArray[np.int8] | None = None,
        counts: NDArray[np.float64] | None = None,
    ) -> Patterns:
        """Aggregate the levels of pairs.

        Args:
            columns: The levels, one column a field.
            copies: How many pairs of copies of one record each pair stands for; 0
                where its records differ.
            labels: What is known of each pair, if anything; see the attribute.
            counts: How many pairs each stands for that are no copies, where they were
                drawn from more; one where not given.
        """
        if labels is None:
            labels = np.zeros(len(copies), dtype=np.int8)
        keys = np.zeros(len(copies), dtype=np.int64)
        n_keys = 1
        for column in (*columns, labels):
            n_levels = int(column.max(initial=0)) + 2
            if n_keys * n_levels > _MAX_KEY:
                keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
                n_keys = int(keys.max(initial=0)) + 1
            keys = keys * n_levels + (column.astype(np.int64) + 1)
            n_keys *= n_levels
        first, of_pair = numbered(keys, n_keys)
        empty = np.empty((len(first), 0), dtype=np.int8)
        levels = np.stack([c[first] for c in columns], axis=1) if columns else empty
        stands_for = np.maximum(copies, 1.0 if counts is None else counts)
        counts, n_copies = (
            np.bincount(of_pair, weights, minlength=len(first)).astype(np.float64)
            for weights in (stands_for, copies)
        )
        return cls(levels, counts, n_copies, of_pair, labels[first])
