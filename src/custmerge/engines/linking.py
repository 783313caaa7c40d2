"""Candidate pairs to entities: evidence, model, weights, clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import FellegiSunter, probability
from custmerge.clustering import (
    Constraints,
    cluster,
    components,
    confidence,
    free_of_duplicates,
    uncompared,
)
from custmerge.config import AUTO, Config
from custmerge.contacts import ContactValues
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import fit
from custmerge.engines.record_types import bridging, type_codes, within_types
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Known", "Linkage", "link"]


_MANY_COPIES = 20
"""Copies of one record beyond which they are clustered as one."""
_SURE = 0.99
"""Match probability from which a pair shows whether a source repeats customers."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the records beside their fields.

    Attributes:
        told: What must be one entity, and what cannot.
        sources: For each row the code of its source, -1 where it has none; `None`
            where all are of one.
        contacts: Whose the values of contact fields are.
    """

    told: Constraints = field(default_factory=Constraints)
    sources: Rows | None = None
    contacts: Mapping[str, ContactValues] = field(default_factory=dict)


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
        one_per_source: Whether no entity may hold two records of one source.
    """

    model: FellegiSunter
    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    labels: Rows
    confidence: NDArray[np.float64]
    one_per_source: bool = False

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
            self.one_per_source,
        )


def _numbered(labels: Rows) -> Rows:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    numbered: Rows = numbers[inverse.reshape(-1)]
    return numbered


def link(
    table: RecordTable,
    config: Config,
    pairs: Pairs,
    model: FellegiSunter | None = None,
    known: Known | None = None,
) -> Linkage:
    """Return the entities that the evidence about candidate pairs makes.

    Args:
        table: The normalized records, in canonical order.
        config: Fields and thresholds.
        pairs: The candidate pairs.
        model: The weights; learnt from the candidates where `None`.
        known: What is known of the records beside their fields.

    Raises:
        InvalidConfigError: The constraints contradict each other.
    """
    known = known or Known()
    told, sources = known.told, known.sources
    if config.one_per_source is True:
        told = replace(told, sources=sources)
    told.groups(table.n_rows)  # contradictions show before the long work
    originals = _originals(table)
    is_copy = originals != np.arange(table.n_rows)
    copies, rows = np.flatnonzero(is_copy), np.flatnonzero(~is_copy)
    pairs |= Pairs.of(originals[copies], copies) | told.must
    evidence = Evidence.of(table, config.compared, rows, sources, known.contacts)
    vectors = evidence.similarity(pairs)
    if model is None:
        stands_for = _copies_stood_for(originals, pairs)
        model = fit(evidence, vectors, stands_for, rows, config.seed)
    weighed = _Weighed(pairs, vectors, model.weights(vectors))
    if sources is not None and config.one_per_source == AUTO:
        is_sure = probability(weighed.weights) > _SURE
        if free_of_duplicates(sources, pairs, is_sure):
            told = replace(told, sources=sources)
    threshold = float(np.log2(config.threshold / (1 - config.threshold)))
    links = weighed.links(threshold, told)
    units = _units(originals, links, told)
    groups = components(table.n_rows, links.renamed(units))
    types = type_codes(table)
    more = within_types(uncompared(groups, pairs.renamed(units)), types)
    weighed = weighed.joined(more.take(~told.forbids(more)), evidence, model)
    bound = weighed.without_bridges(types, threshold)
    labels = _entities(bound, model, threshold, told, units)
    sure = confidence(labels, weighed.pairs, weighed.chances(told))
    return Linkage(
        model,
        weighed.pairs,
        weighed.vectors,
        weighed.weights,
        labels,
        sure,
        told.sources is not None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """Pairs, their similarities, and their match weights in bits."""

    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]

    def links(self, threshold: float, told: Constraints) -> Pairs:
        """Return the pairs that speak for one entity, or must be of one."""
        linked = (self.weights > threshold) & ~told.forbids(self.pairs)
        return self.pairs.take(linked) | told.must

    def joined(self, more: Pairs, evidence: Evidence, model: FellegiSunter) -> _Weighed:
        """Return these pairs and others, none of them among these."""
        if not len(more):
            return self
        extra = evidence.similarity(more)
        pairs, order = self.pairs.merged(more)
        weights = np.concatenate([self.weights, model.weights(extra)])
        return _Weighed(pairs, self.vectors.joined(extra).take(order), weights[order])

    def without_bridges(self, types: NDArray[np.int32], threshold: float) -> _Weighed:
        """Return the same with no link that would join records of different types."""
        weights = self.weights.copy()
        weights[bridging(self.pairs, weights, types, threshold)] = threshold
        return replace(self, weights=weights)

    def chances(self, told: Constraints) -> NDArray[np.float64]:
        """Return match probabilities, 0 or 1 where the constraints settle it."""
        chances = probability(self.weights)
        chances[self.pairs.among(told.must)] = 1
        chances[told.forbids(self.pairs)] = 0
        return chances


def _entities(
    weighed: _Weighed,
    model: FellegiSunter,
    threshold: float,
    told: Constraints,
    units: Rows,
) -> Rows:
    """Return for each row a row that stands for its entity."""
    links = weighed.links(threshold, told).renamed(units)
    groups = components(len(units), links)[units]
    inside = np.flatnonzero(groups[weighed.pairs.left] == groups[weighed.pairs.right])
    pairs, vectors = weighed.pairs.take(inside), weighed.vectors.take(inside)
    standing = _standing(model, vectors, weighed.weights[inside], threshold)
    labels = cluster(
        *_between(units, pairs, standing),
        threshold=threshold,
        unknown=model.prior,
        constraints=replace(told, must=told.must.renamed(units)),
    )
    return labels[units]


def _standing(
    model: FellegiSunter,
    vectors: SimilarityVectors,
    weights: NDArray[np.float64],
    threshold: float,
) -> NDArray[np.float64]:
    """Return what pairs say once others link their records.

    A link says its weight. Of what is none, only the fields that disagree say
    anything: the prior is that of two records taken at random, which these are not.
    """
    standing = weights.copy()
    unlinked = np.flatnonzero(weights <= threshold)
    standing[unlinked] = threshold
    for name, part in model.contributions(vectors.take(unlinked)).items():
        if name != "(prior)":
            standing[unlinked] += np.minimum(part, 0)
    return standing


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


def _units(originals: Rows, links: Pairs, told: Constraints) -> Rows:
    """Return for each row the copy that stands for it, where many copies link.

    Thousands of copies of one record thus cluster as one, at no cost. A few count as
    what they are, several records that say the same; so does what must be apart.
    """
    units = np.arange(len(originals), dtype=np.int64)
    if told.sources is not None:
        return units
    many = np.bincount(originals, minlength=1)[originals] > _MANY_COPIES
    is_copy = (originals[links.right] == links.left) & many[links.right]
    units[links.right[is_copy]] = links.left[is_copy]
    for apart in (told.cannot.left, told.cannot.right):
        units[apart] = apart
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
