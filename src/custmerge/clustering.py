"""Links to entities: components of links, cut where the evidence is against them.

Single links chain: a true pair, a shared mailbox, a true pair make one component of
four. So each component is clustered by average linkage (UPGMA, Sokal and Michener
1958) of the match weights of *all* its pairs and cut where the mean weight between two
parts turns negative: a greedy form of correlation clustering (Bansal et al. 2004,
doi:10.1023/B:MACH.0000033116.57574.95) in which negative evidence counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = ["cluster", "components", "confidence", "members", "uncompared"]

Weights = NDArray[np.float64]

_CLAMP = 10.0
"""Bits beyond which a pair's weight says no more: 1 in 1,000 is sure enough, and one
extreme pair must not outvote several."""
_DOUBT = 0.5
"""What a weight against a link counts of one for it. Among records that others link,
most of such a weight is the prior, where fields are missing, and no contradiction."""
_MAX_COMPONENT = 1_000
"""Records clustered together; larger components are first split at stronger links."""
_STRONGER = 4.0
"""Bits by which the link threshold rises at each such split."""


def components(n_rows: int, links: Pairs) -> Rows:
    """Return for each row the smallest row that links connect it with.

    Examples:
        >>> components(4, Pairs.of([0, 1], [1, 3])).tolist()
        [0, 0, 2, 0]
    """
    ones = np.ones(len(links), dtype=np.int8)
    graph = csr_array((ones, (links.left, links.right)), shape=(n_rows, n_rows))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    return _smallest_member(labels)


def _smallest_member(labels: Rows) -> Rows:
    if not len(labels):
        return labels
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    smallest: Rows = first.astype(np.int64)[inverse.reshape(-1)]
    return smallest


def members(labels: Rows, least: int = 2) -> Iterator[Rows]:
    """Yield the rows of each group of at least `least` rows, ascending."""
    order = np.argsort(labels, kind="stable").astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0][: len(order)])
    sizes = np.diff(np.r_[starts, len(order)])
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if size >= least:
            yield order[start : start + size]


def cluster(
    n_rows: int,
    pairs: Pairs,
    weights: Weights,
    *,
    threshold: float = 0.0,
    unknown: float = 0.0,
) -> Rows:
    """Return for each row the smallest row of its entity.

    Args:
        n_rows: The number of records.
        pairs: Pairs that were compared.
        weights: Their match weights in bits; shape `(n_pairs,)`.
        threshold: Least weight of a link, and least mean weight between the parts of
            an entity.
        unknown: Weight of a pair within a component that was not compared.

    Examples:
        >>> chain = Pairs.of([0, 1, 0], [1, 2, 2])
        >>> cluster(3, chain, np.asarray([5.0, -9.0, 1.0])).tolist()
        [0, 0, 2]
    """
    groups = _components_of_size(n_rows, pairs, weights, threshold)
    inside = groups[pairs.left] == groups[pairs.right]
    labels = groups.copy()
    by_group = _by_group(groups, pairs.take(inside), weights[inside])
    for rows, left, right, known in by_group:
        labels[rows] = rows[_cut(len(rows), (left, right), known - threshold, unknown)]
    return _smallest_member(labels)


def _components_of_size(
    n_rows: int, pairs: Pairs, weights: Weights, threshold: float
) -> Rows:
    """Return components of links, those too large split at ever stronger links."""
    is_link = weights > threshold
    groups = components(n_rows, pairs.take(is_link))
    strength = threshold
    while True:
        too_large = np.bincount(groups, minlength=n_rows) > _MAX_COMPONENT
        if not too_large.any() or strength > threshold + 2 * _CLAMP:
            return groups
        strength += _STRONGER
        is_link &= ~too_large[groups[pairs.left]] | (weights > strength)
        groups = components(n_rows, pairs.take(is_link))


def _by_group(
    groups: Rows, pairs: Pairs, weights: Weights
) -> Iterator[tuple[Rows, Rows, Rows, Weights]]:
    """Yield each group of three rows or more with its pairs, as positions in it."""
    order = np.argsort(groups[pairs.left], kind="stable")
    owner = groups[pairs.left][order]
    for rows in members(groups, least=3):
        first, last = np.searchsorted(owner, [rows[0], rows[0] + 1])
        chosen = order[first:last]
        left = np.searchsorted(rows, pairs.left[chosen])
        right = np.searchsorted(rows, pairs.right[chosen])
        yield rows, left, right, weights[chosen]


def _cut(size: int, pairs: tuple[Rows, Rows], weights: Weights, unknown: float) -> Rows:
    """Return for each position the first position of its part."""
    n_all = size * (size - 1) // 2
    if len(weights) == n_all and (weights > 0).all():
        return np.zeros(size, dtype=np.int64)
    left, right = pairs
    condensed = np.full(n_all, unknown)
    place = size * left - left * (left + 1) // 2 + right - left - 1
    condensed[place] = weights
    condensed[condensed < 0] *= _DOUBT
    distances = _CLAMP - np.clip(condensed, -_CLAMP, _CLAMP)
    parts = fcluster(linkage(distances, "average"), _CLAMP, criterion="distance")
    return _smallest_member(parts.astype(np.int64))


def uncompared(n_rows: int, pairs: Pairs, weights: Weights, threshold: float) -> Pairs:
    """Return the pairs within components of links that were not compared.

    An entity is judged on all its pairs, so these want comparing too. Components that
    are split up before they are clustered are left out.
    """
    groups = components(n_rows, pairs.take(weights > threshold))
    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for rows in members(groups, least=3):
        if len(rows) <= _MAX_COMPONENT:
            a, b = np.triu_indices(len(rows), k=1)
            left.append(rows[a])
            right.append(rows[b])
    inside = Pairs.of(np.concatenate(left), np.concatenate(right))
    known, wanted = np.append(pairs.keys(n_rows), -1), inside.keys(n_rows)
    return inside.take(known[np.searchsorted(known[:-1], wanted)] != wanted)


def confidence(
    labels: Rows, pairs: Pairs, probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how sure each row's place is, in [0, 1]; shape `(n_rows,)`.

    For a row in company, its highest match probability with a row of its entity; for
    one alone, what its likeliest match leaves.

    Examples:
        >>> pairs = Pairs.of([0, 1], [1, 2])
        >>> confidence(np.asarray([0, 0, 2]), pairs, np.asarray([0.9, 0.2])).tolist()
        [0.9, 0.9, 0.8]
    """
    together = labels[pairs.left] == labels[pairs.right]
    best = np.zeros((2, len(labels)))
    for side in (pairs.left, pairs.right):
        np.maximum.at(best, (together.astype(np.intp), side), probabilities)
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    sure: NDArray[np.float64] = np.where(alone, 1 - best[0], best[1])
    return sure
