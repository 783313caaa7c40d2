"""Measures of parts of a result: by sources of records, by sizes of entities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.evaluation import Score
from custmerge.evaluation.groups import Groups, meet, sizes_of
from custmerge.evaluation.scores import share
from custmerge.records import Column

__all__ = ["SizeScore", "SourceScore", "by_size", "by_source", "pooled"]

Counts = dict[tuple[int, int], int]
"""How many pairs there are of two sources, by their codes."""


@dataclass(frozen=True, slots=True)
class SourceScore:
    """How good a result is in the pairs of records of two sources, or of one.

    Attributes:
        left: A source; `None` of records without one.
        right: The other, or the same.
        n_found: Pairs that are in one entity.
        n_true: Pairs that are of one customer.
        n_correct: Pairs that are both.
        precision: The share of the pairs found that is true.
        recall: The share of the true pairs that was found.
        f1: The harmonic mean of the two.
    """

    left: str | None
    right: str | None
    n_found: int
    n_true: int
    n_correct: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class SizeScore:
    """How good a result is in entities, and in true clusters, of one size.

    Attributes:
        low: The smallest size, in records.
        high: The largest size.
        n_found: How many entities are of such a size.
        n_true: How many true clusters are.
        precision: The share of the pairs in these entities that is true.
        recall: The share of the pairs in these true clusters that was found.
        exact: The share of these true clusters that are an entity, no record more or
            less.
    """

    low: int
    high: int
    n_found: int
    n_true: int
    precision: float
    recall: float
    exact: float


def by_source(
    found: Groups, true: Groups, known: NDArray[np.bool_], sources: Column | None
) -> tuple[SourceScore, ...]:
    """Return the scores of each two sources that share pairs, in order of the sources.

    Args:
        found: The entity of each record.
        true: Its true cluster.
        known: Whether that is known; pairs of which neither is do not count.
        sources: Its source; `None` where there are none.
    """
    if sources is None:
        return ()
    codes = sources.first.astype(np.int64)
    codes[codes < 0] = len(sources.values)
    names = (*sources.values, None)
    n_found, n_true, n_correct = (
        _counts(groups, codes) for groups in (found, true, meet(found, true))
    )
    strangers = _counts(found[~known], codes[~known])
    rows = []
    for pair in sorted(n_found.keys() | n_true.keys()):
        claimed = n_found.get(pair, 0) - strangers.get(pair, 0)
        actual, right = n_true.get(pair, 0), n_correct.get(pair, 0)
        if not claimed and not actual:
            continue
        score = Score.of(share(right, claimed), share(right, actual))
        left, other = (names[code] for code in pair)
        rows.append(
            SourceScore(
                *(left, other, claimed, actual, right),
                *(score.precision, score.recall, score.f1),
            )
        )
    return tuple(rows)


def _counts(groups: Groups, codes: NDArray[np.int64]) -> Counts:
    """Return how many pairs of one group there are of each two sources."""
    from scipy.sparse import csr_array  # noqa: PLC0415  slow to load

    if not groups.size:
        return {}
    ones = np.ones(len(groups), dtype=np.int64)
    held = csr_array((ones, (groups, codes)))
    both = (held.T @ held).tocoo()
    of_one = np.bincount(codes, minlength=both.shape[0])
    found: Counts = {}
    for left, right, n in zip(
        both.row.tolist(), both.col.tolist(), both.data.tolist(), strict=True
    ):
        if left < right:
            found[left, right] = n
        elif left == right:  # a record is no pair with itself
            found[left, left] = (n - int(of_one[left])) // 2
    return {pair: n for pair, n in found.items() if n}


def pooled(rows: Iterable[SourceScore], *, within: bool) -> Score | None:
    """Return the score of all pairs within sources, or of all between two.

    Args:
        rows: As `by_source` gives them; of none there is no score.
        within: Whether it is of the pairs within sources.
    """
    listed = list(rows)
    if not listed:
        return None
    counted = [row for row in listed if (row.left == row.right) == within]
    right = sum(row.n_correct for row in counted)
    return Score.of(
        share(right, sum(row.n_found for row in counted)),
        share(right, sum(row.n_true for row in counted)),
    )


def by_size(found: Groups, true: Groups) -> tuple[SizeScore, ...]:
    """Return the scores by size: 1, 2, 3 to 4, 5 to 8, and so on.

    Args:
        found: The entity of each record.
        true: Its true cluster.

    Examples:
        >>> for row in by_size(np.asarray([0, 0, 0, 1]), np.asarray([0, 0, 1, 2])):
        ...     print(row.low, row.high, row.n_found, row.n_true, row.exact)
        1 1 1 2 0.5
        2 2 0 1 0.0
        3 4 1 0 1.0
    """
    if not len(found):
        return ()
    sizes = [sizes_of(groups) for groups in (found, true, meet(found, true))]
    classes = [np.ceil(np.log2(size)).astype(np.int64) for size in sizes[:2]]
    exact = (sizes[2] == sizes[0]) & (sizes[2] == sizes[1])
    n_classes = 1 + max(int(numbers.max()) for numbers in classes)
    # Each record of a group of n adds 1/n of a group, and (n - 1)/2 pairs.
    groups, pairs, right = (
        [
            np.bincount(number, weights, minlength=n_classes).tolist()
            for number, weights in zip(classes, listed, strict=True)
        ]
        for listed in (
            [1 / size for size in sizes[:2]],
            [(size - 1) / 2 for size in sizes[:2]],
            [(sizes[2] - 1) / 2] * 2,
        )
    )
    whole = np.bincount(classes[1], exact / sizes[1], minlength=n_classes)
    return tuple(
        SizeScore(
            2**i // 2 + 1,
            2**i,
            round(groups[0][i]),
            round(groups[1][i]),
            share(right[0][i], pairs[0][i]),
            share(right[1][i], pairs[1][i]),
            share(float(whole[i]), round(groups[1][i])),
        )
        for i in range(n_classes)
        if groups[0][i] or groups[1][i]
    )
