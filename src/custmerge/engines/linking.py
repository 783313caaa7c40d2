"""Candidate pairs to entities: evidence, model, weights, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import FellegiSunter, probability
from custmerge.clustering import cluster, confidence, uncompared
from custmerge.config import Config
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import fit
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Linkage", "link"]


@dataclass(frozen=True, slots=True, eq=False)
class Linkage:
    """The compared pairs, what they are worth, and the entities they make.

    Attributes:
        model: The weights of the fields.
        pairs: The pairs that were compared.
        vectors: Their similarities.
        weights: Their match weights in bits; shape `(n_pairs,)`.
        labels: For each row a row that stands for its entity; shape `(n_rows,)`.
        confidence: How sure each row's entity is, in [0, 1]; shape `(n_rows,)`.
    """

    model: FellegiSunter
    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    labels: Rows
    confidence: NDArray[np.float64]

    def renamed(self, rows: Rows) -> Linkage:
        """Return the same with row `i` called `rows[i]`, a permutation.

        Entities become `0` to `n_entities - 1` in the order of their first rows.
        """
        left, right = rows[self.pairs.left], rows[self.pairs.right]
        low, high = np.minimum(left, right), np.maximum(left, right)
        order = np.lexsort((high, low))
        labels = np.empty_like(self.labels)
        labels[rows] = self.labels
        sure = np.empty_like(self.confidence)
        sure[rows] = self.confidence
        return Linkage(
            self.model,
            Pairs(low[order], high[order]),
            self.vectors.take(order),
            self.weights[order],
            _numbered(labels),
            sure,
        )


def _numbered(labels: Rows) -> Rows:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    numbered: Rows = numbers[inverse.reshape(-1)]
    return numbered


def link(
    table: RecordTable, config: Config, pairs: Pairs, model: FellegiSunter | None
) -> Linkage:
    """Return the entities that the evidence about candidate pairs makes.

    Args:
        table: The normalized records.
        config: Fields and thresholds.
        pairs: The candidate pairs.
        model: The weights; learnt from the candidates where `None`.
    """
    evidence = Evidence.of(table, config.compared)
    vectors = evidence.similarity(pairs)
    if model is None:
        model = fit(evidence, vectors, config.seed)
    weights = model.weights(vectors)
    threshold = float(np.log2(config.threshold / (1 - config.threshold)))
    more = uncompared(table.n_rows, pairs, weights, threshold)
    if len(more):
        extra = evidence.similarity(more)
        pairs, order = pairs.merged(more)
        vectors = vectors.joined(extra).take(order)
        weights = np.concatenate([weights, model.weights(extra)])[order]
    labels = cluster(
        table.n_rows, pairs, weights, threshold=threshold, unknown=model.prior
    )
    sure = confidence(labels, pairs, probability(weights))
    return Linkage(model, pairs, vectors, weights, labels, sure)
