"""Similarity vectors of pairs: each distinct pair of values is compared once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators import AnyComparator
from custmerge.exceptions import PluginError
from custmerge.pairs import Pairs
from custmerge.protocols import Codes, Scores, VocabularyComparator
from custmerge.records import Column

__all__ = ["agreed_codes", "compare_column", "compare_crossed"]


def compare_column(column: Column, comparator: AnyComparator, pairs: Pairs) -> Scores:
    """Return the similarity of the pairs' values; NaN where a side is missing.

    Where rows hold several values, the best-agreeing two count.
    """
    slots = column.slots
    left = [slots[pairs.left, i] for i in range(column.width)]
    right = [slots[pairs.right, i] for i in range(column.width)]
    combinations = [(a, b) for a in left for b in right]
    return _best(column, comparator, combinations, len(pairs))


def compare_crossed(
    first: Column, second: Column, comparator: AnyComparator, pairs: Pairs
) -> Scores:
    """Return how alike two fields are when exchanged between the records.

    The lesser of the similarities of the left record's first field with the right
    one's second, and the reverse; NaN where any of the four values is missing.
    """
    both = Column.stack([first, second])
    one, two = both.slots[:, 0], both.slots[:, first.width]
    forth = _best(both, comparator, [(one[pairs.left], two[pairs.right])], len(pairs))
    back = _best(both, comparator, [(two[pairs.left], one[pairs.right])], len(pairs))
    return np.minimum(forth, back)


def _best(
    column: Column,
    comparator: AnyComparator,
    combinations: list[tuple[NDArray[np.int32], NDArray[np.int32]]],
    n_pairs: int,
) -> Scores:
    """Compare all combinations' distinct pairs at once, and keep each pair's best."""
    n_values = max(len(column.values), 1)
    compared = [_distinct_keys(a, b, n_values) for a, b in combinations]
    distinct = np.unique(np.concatenate(compared))
    left, right = np.divmod(distinct, n_values)
    similarity = _call(comparator, column.values, left, right)
    best = np.full(n_pairs, np.nan, dtype=np.float32)
    for a, b in combinations:
        present = (a >= 0) & (b >= 0)
        low = np.minimum(a, b).astype(np.int64)
        keys = low * n_values + np.maximum(a, b)
        scores = np.full(n_pairs, np.nan, dtype=np.float32)
        scores[present & (a == b)] = 1.0
        differ = np.flatnonzero(present & (a != b))
        scores[differ] = similarity[np.searchsorted(distinct, keys[differ])]
        best = np.fmax(best, scores)
    return best


def _distinct_keys(
    a: NDArray[np.int32], b: NDArray[np.int32], n_values: int
) -> NDArray[np.int64]:
    """Return one integer for each distinct unordered pair of unequal values."""
    differ = (a >= 0) & (b >= 0) & (a != b)
    low = np.minimum(a, b)[differ].astype(np.int64)
    return np.unique(low * n_values + np.maximum(a, b)[differ])


def _call(
    comparator: AnyComparator, values: tuple[str, ...], left: Codes, right: Codes
) -> Scores:
    if not len(left):
        return np.empty(0, dtype=np.float32)
    scores = np.asarray(_scorer(comparator, values)(left, right), dtype=np.float32)
    if scores.shape != left.shape or not ((scores >= 0) & (scores <= 1)).all():
        message = (
            f"comparator {comparator.name!r} must return one score in [0, 1] for each "
            f"of {len(left)} pairs; it returned shape {scores.shape}"
            + (", with scores outside [0, 1]" if scores.shape == left.shape else "")
        )
        raise PluginError(message)
    return scores


def _scorer(
    comparator: AnyComparator, values: tuple[str, ...]
) -> Callable[[Codes, Codes], Scores]:
    if isinstance(comparator, VocabularyComparator):
        return lambda left, right: comparator.compare_codes(values, left, right)
    return lambda left, right: comparator.compare(
        [values[code] for code in left.tolist()],
        [values[code] for code in right.tolist()],
    )


def agreed_codes(column: Column, pairs: Pairs) -> NDArray[np.int32]:
    """Return, for each pair, the code of a value both rows hold; -1 where none is.

    Where they hold several in common, the rarest counts.
    """
    slots = column.slots
    counts = np.append(column.counts(), np.iinfo(np.int64).max)
    agreed = np.full(len(pairs), -1, dtype=np.int32)
    for i in range(column.width):
        for j in range(column.width):
            a, b = slots[pairs.left, i], slots[pairs.right, j]
            rarer = (a == b) & (a >= 0) & (counts[a] < counts[agreed])
            agreed[rarer] = a[rarer]
    return agreed
