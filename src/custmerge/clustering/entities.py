"""Weighed pairs to entities, and how sure each record's place is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering.constraints import Constraints
from custmerge.clustering.graph import Graph, Weights
from custmerge.clustering.groups import smallest_members
from custmerge.clustering.partition import best_partition
from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = ["cluster", "confidence"]

_NO_PAIRS = Pairs.of([], [])


def cluster(
    n_rows: int,
    pairs: Pairs,
    weights: Weights,
    *,
    threshold: float = 0.0,
    unknown: float = 0.0,
    constraints: Constraints | None = None,
) -> Rows:
    """Return for each row the smallest row of its entity.

    Args:
        n_rows: The number of records.
        pairs: Pairs that were compared.
        weights: What speaks for each pair, or against it, in bits; shape
            `(n_pairs,)`.
        threshold: The weight that speaks neither for nor against.
        unknown: The weight of a pair among linked records that was not compared.
        constraints: What must be one entity, and what cannot.

    Raises:
        InvalidConfigError: The constraints contradict each other.

    Examples:
        >>> chain = Pairs.of([0, 1, 0], [1, 2, 2])
        >>> cluster(3, chain, np.asarray([5.0, -9.0, 1.0])).tolist()
        [0, 0, 2]
        >>> apart = Constraints(cannot=Pairs.of([0], [1]))
        >>> cluster(3, chain, np.asarray([5.0, -9.0, 1.0]), constraints=apart).tolist()
        [0, 1, 1]
    """
    told = constraints or Constraints()
    nodes = told.groups(n_rows)
    graph = Graph.of(pairs, weights - threshold, unknown - threshold, told, n_rows)
    labels = best_partition(graph.joined(nodes))
    return smallest_members(labels[nodes])


def confidence(
    labels: Rows,
    pairs: Pairs,
    probabilities: NDArray[np.float64],
    must: Pairs = _NO_PAIRS,
) -> NDArray[np.float64]:
    """Return how sure each row's place is, in [0, 1]; shape `(n_rows,)`.

    For a row in company, its highest match probability with a row of its entity, 1
    where it `must` be with one; for a row alone, what its likeliest match leaves.

    Examples:
        >>> pairs = Pairs.of([0, 1], [1, 2])
        >>> confidence(np.asarray([0, 0, 2]), pairs, np.asarray([0.9, 0.2])).tolist()
        [0.9, 0.9, 0.8]
    """
    together = labels[pairs.left] == labels[pairs.right]
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    best = np.zeros(len(labels))
    for rows in (pairs.left, pairs.right):
        counts = together | alone[rows]
        np.maximum.at(best, rows[counts], probabilities[counts])
    best[must.left] = best[must.right] = 1
    sure: NDArray[np.float64] = np.where(alone, 1 - best, best)
    return sure
