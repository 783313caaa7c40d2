"""Candidate pairs to entities: evidence, model, weights, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Correlation, FellegiSunter, probability
from custmerge.clustering import cluster, confidence, uncompared
from custmerge.config import Config
from custmerge.engines.dependences import dependences
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import fit, random_pairs
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Linkage", "link"]


_MANY_COPIES = 20
"""Copies of one record beyond which they are clustered as one."""


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
        correlations: The fields whose agreement goes together.
    """

    model: FellegiSunter
    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    labels: Rows
    confidence: NDArray[np.float64]
    correlations: tuple[Correlation, ...]

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
            self.correlations,
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
        table: The normalized records, in canonical order.
        config: Fields and thresholds.
        pairs: The candidate pairs.
        model: The weights; learnt from the candidates where `None`.
    """
    originals = _originals(table)
    is_copy = originals != np.arange(table.n_rows)
    copies, rows = np.flatnonzero(is_copy), np.flatnonzero(~is_copy)
    pairs |= Pairs.of(originals[copies], copies)
    evidence = Evidence.of(table, config.compared, rows)
    vectors = evidence.similarity(pairs)
    if model is None:
        stands_for = _copies_stood_for(originals, pairs)
        model = fit(evidence, vectors, stands_for, rows, config.seed)
    weights = model.weights(vectors)
    threshold = float(np.log2(config.threshold / (1 - config.threshold)))
    units = _units(originals, pairs, weights > threshold)
    more = uncompared(*_between(units, pairs, weights), threshold)
    if len(more):
        extra = evidence.similarity(more)
        pairs, order = pairs.merged(more)
        vectors = vectors.joined(extra).take(order)
        weights = np.concatenate([weights, model.weights(extra)])[order]
    labels = cluster(
        *_between(units, pairs, weights), threshold=threshold, unknown=model.prior
    )[units]
    sure = confidence(labels, pairs, probability(weights))
    found = dependences(
        model,
        evidence.among(rows),
        (vectors, weights),
        random_pairs(len(rows), config.seed),
    )
    return Linkage(model, pairs, vectors, weights, labels, sure, found)


def _originals(table: RecordTable) -> Rows:
    """Return for each row the first row that is the same in every field.

    Equal rows follow each other in the canonical order, but for what a hash confuses.
    Rows without any value are nobody's copies: nothing says so.
    """
    same = np.ones(max(table.n_rows - 1, 0), dtype=bool)
    holds_any = np.zeros(table.n_rows, dtype=bool)
    for column in table.columns.values():
        same &= (column.slots[1:] == column.slots[:-1]).all(axis=1)
        holds_any |= column.present
    same &= holds_any[1:]
    starts = np.flatnonzero(np.append(True, ~same)[: table.n_rows])
    lengths = np.diff(np.append(starts, table.n_rows))
    originals: Rows = np.repeat(starts, lengths).astype(np.int64)
    return originals


def _copies_stood_for(originals: Rows, pairs: Pairs) -> NDArray[np.float64]:
    """Return how many pairs of copies each pair stands for, 0 where records differ.

    Of a record's copies not all pairs may have been compared; those that were stand
    for all, since all are alike.
    """
    stands_for = np.zeros(len(pairs))
    inside = originals[pairs.left] == originals[pairs.right]
    groups = originals[pairs.left[inside]]
    sizes = np.bincount(originals, minlength=1)[groups].astype(np.float64)
    compared = np.bincount(groups, minlength=1)[groups]
    stands_for[inside] = sizes * (sizes - 1) / 2 / compared
    return stands_for


def _units(originals: Rows, pairs: Pairs, linked: NDArray[np.bool_]) -> Rows:
    """Return for each row the copy that stands for it, where many copies link.

    Thousands of copies of one record thus cluster as one, at no cost. A few count as
    what they are, several records that say the same.
    """
    units = np.arange(len(originals), dtype=np.int64)
    many = np.bincount(originals, minlength=1)[originals] > _MANY_COPIES
    is_copy = linked & (originals[pairs.right] == pairs.left) & many[pairs.right]
    units[pairs.right[is_copy]] = pairs.left[is_copy]
    return units


def _between(
    units: Rows, pairs: Pairs, weights: NDArray[np.float64]
) -> tuple[int, Pairs, NDArray[np.float64]]:
    """Return the number of rows, and the pairs of distinct units with a weight each."""
    n_rows = len(units)
    left, right = units[pairs.left], units[pairs.right]
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys, first = np.unique(low * n_rows + high, return_index=True)
    apart = low[first] != high[first]
    return n_rows, Pairs.from_keys(keys[apart], max(n_rows, 1)), weights[first[apart]]
