"""Candidate pairs to entities: evidence, model, weights, verdicts, clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    Correlation,
    FellegiSunter,
    IntoClassifier,
    Rules,
    Verdicts,
    fitted,
    is_estimator,
    is_fitted,
)
from custmerge.clustering import (
    Constraints,
    components,
    confidence,
    numbered_groups,
    uncompared,
)
from custmerge.config import Config
from custmerge.contacts import ContactValues
from custmerge.engines.candidates import Candidates
from custmerge.engines.copies import copies_of, originals_of, stood_for
from custmerge.engines.dependences import among_strangers, dependences
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import Random, TrainingPairs
from custmerge.engines.labelling import Labels
from custmerge.engines.learning import Learnt, learn, sure, with_sources
from custmerge.engines.narrowing import Drawn, possible
from custmerge.engines.record_types import type_codes, within_types
from custmerge.engines.ruling import Ruling
from custmerge.engines.weighing import Weigher
from custmerge.pairs import Pairs, SimilarityVectors, distinct, sorting_order
from custmerge.partitioning import Linking, Weighed
from custmerge.protocols import Rows
from custmerge.records import RecordTable
from custmerge.timings import Clock

__all__ = ["Known", "Linkage", "link"]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the records beside their fields.

    Attributes:
        told: What must be one entity, and what cannot.
        sources: For each row the code of its source, -1 where it has none; `None`
            where all are of one.
        contacts: Whose the values of contact fields are.
        labels: Pairs of which is known whether they are the same.
    """

    told: Constraints = field(default_factory=Constraints)
    sources: Rows | None = None
    contacts: Mapping[str, ContactValues] = field(default_factory=dict)
    labels: Labels = field(default_factory=Labels)

    def constraints(self, n_rows: int, *, one_per_source: bool) -> Constraints:
        """Return what must be one entity, and what cannot, by people's word.

        Raises:
            InvalidConfigError: They contradict each other.
        """
        said = replace(
            self.told | self.labels.constraints,
            sources=self.sources if one_per_source else None,
        )
        said.groups(n_rows)  # raises, before the long work
        return said


@dataclass(frozen=True, slots=True, eq=False)
class Linkage:
    """The compared pairs, what they are worth, and the entities they make.

    Attributes:
        model: What weighed them: the model that was given, or was learnt.
        pairs: The pairs that were compared; of very many candidates, those that may be
            matches or relatives at all.
        vectors: Their similarities.
        weights: Their match weights in bits; shape `(n_pairs,)`.
        verdicts: What rules and labels settle of them; shape `(n_pairs,)`.
        labels: For each row a row that stands for its entity; shape `(n_rows,)`.
        confidence: How sure each row's entity is, in [0, 1]; shape `(n_rows,)`.
        one_per_source: Whether no entity may hold two records of one source.
        correlations: The fields whose agreement goes together.
        n_candidates: The number of candidate pairs that were made; where they are all
            compared, with copies and what people told.
        unpaired: The rows that are in none of them for a key, ascending.
    """

    model: IntoClassifier
    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    verdicts: Verdicts
    labels: Rows
    confidence: NDArray[np.float64]
    one_per_source: bool = False
    correlations: tuple[Correlation, ...] = ()
    n_candidates: int = 0
    unpaired: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def renamed(self, rows: Rows) -> Linkage:
        """Return the same with row `i` called `rows[i]`, a permutation.

        The vectors are taken from this linkage; see `SimilarityVectors.rearranged`.
        Entities become `0` to `n_entities - 1` in the order of their first rows.
        """
        left, right = rows[self.pairs.left], rows[self.pairs.right]
        low, high = np.minimum(left, right), np.maximum(left, right)
        keys = (low * len(rows) + high).astype(np.uint64)
        n_bits = max(len(rows) ** 2 - 1, 1).bit_length()
        order = sorting_order(keys << np.uint64(max(64 - n_bits, 0)))
        labels = np.empty_like(self.labels)
        labels[rows] = self.labels
        sure = np.empty_like(self.confidence)
        sure[rows] = self.confidence
        return Linkage(
            self.model,
            Pairs(low[order], high[order]),
            self.vectors.rearranged(order),
            self.weights[order],
            self.verdicts[order],
            numbered_groups(labels),
            sure,
            self.one_per_source,
            self.correlations,
            self.n_candidates,
            np.sort(rows[self.unpaired]),
        )


def link(
    table: RecordTable,
    config: Config,
    candidates: Candidates,
    model: IntoClassifier | None = None,
    known: Known | None = None,
    clock: Clock | None = None,
) -> Linkage:
    """Return the entities that the evidence about candidate pairs makes.

    Args:
        table: The normalized records, in canonical order.
        config: Fields, rules and thresholds.
        candidates: The candidate pairs.
        model: The weights; learnt from the candidates where `None`.
        known: What is known of the records beside their fields.
        clock: Notes when each stage ends.

    Raises:
        InvalidConfigError: The constraints contradict each other.
    """
    known, clock = known or Known(), clock or Clock()
    told = known.constraints(table.n_rows, one_per_source=config.one_per_source is True)
    originals = originals_of(table)
    rows = distinct(originals)
    certain = copies_of(originals) | told.must | known.labels.pairs
    evidence = Evidence.of(table, config.compared, rows, known.sources, known.contacts)
    ruling = _ruling(evidence, config, known.labels, model)
    random = _random(evidence.among(rows), model, config.seed)
    drawn = Drawn.of(candidates, certain, type_codes(table))
    seen = _seen(ruling, originals, drawn)
    clock.lap("compare", pairs=len(seen.pairs), value_pairs=evidence.n_value_pairs)
    if model is None:
        learnt = learn(evidence, seen, rows, config, told, random)
    else:
        learnt = Learnt(_fitted(model, ruling), told)
    model, told = learnt.model, learnt.told
    clock.lap("learn", pairs=len(seen.pairs))
    linking = Linking.of(
        *(model, evidence.names, config.link_bits),
        *(originals, type_codes(table)),
    )
    weigh = Weigher(linking.classifier, ruling)
    found = possible(drawn, model, evidence, config, seen.vectors, told)
    weighed = weigh(
        found.pairs,
        found.vectors,
        learnt.weights if found.vectors is seen.vectors else None,
    )
    told = with_sources(told, config, known.sources, sure(found.pairs, weighed.weights))
    weighed, units = _completed(linking, told, weighed, weigh)
    n_candidates, unpaired = found.n_candidates, found.unpaired
    del evidence, ruling, drawn, seen, weigh, found  # half of what is held by now
    clock.lap("weigh", pairs=n_candidates)
    told = weighed.vetoed(told, table.n_rows)
    labels = linking.entities(weighed, told, units)
    clock.lap("cluster", pairs=len(weighed.pairs))
    return Linkage(
        model,
        weighed.pairs,
        weighed.vectors,
        weighed.weights,
        weighed.verdicts,
        labels,
        confidence(
            labels, weighed.pairs, weighed.chances(told, table.n_rows), told.must
        ),
        told.sources is not None,
        _correlations(learnt, weighed, random),
        n_candidates,
        unpaired,
    )


def _ruling(
    evidence: Evidence, config: Config, labels: Labels, model: IntoClassifier | None
) -> Ruling:
    asked = model.rules if isinstance(model, Rules) else ()
    return Ruling.of(evidence, config.rules, labels, asked)


def _random(evidence: Evidence, model: IntoClassifier | None, seed: int) -> Random:
    """Return random pairs of the distinct records, on levels as the model has them."""
    thresholds = {field.name: field.levels for field in evidence.fields}
    if isinstance(model, FellegiSunter):
        thresholds |= {item.name: item.thresholds for item in model.fields}
    return Random.of(evidence, thresholds, seed)


def _fitted(model: IntoClassifier, ruling: Ruling) -> IntoClassifier:
    """Return the model, an estimator not fitted yet fitted to the labelled pairs."""
    if not is_estimator(model) or is_fitted(model):
        return model
    labels = ruling.labels
    return fitted(model, ruling.vectors(labels.pairs), labels.same)


def _seen(ruling: Ruling, originals: Rows, drawn: Drawn) -> TrainingPairs:
    """Return what to learn from.

    Args:
        ruling: Compares pairs, and knows the labels.
        originals: For each row the first row that is the same in every field.
        drawn: The candidate pairs, or some of them where they are many.
    """
    pairs, counts = drawn.pairs, drawn.counts
    copies = stood_for(originals, pairs)
    answers = ruling.labels.of(pairs) if len(ruling.labels) else None
    if counts is None:
        return TrainingPairs(pairs, ruling.vectors(pairs), copies, answers)
    counts = np.where(copies > 0, 1.0, counts)  # copies stand for others already
    vectors = ruling.evidence.similarity(pairs, exact=False)
    return TrainingPairs(pairs, vectors, copies, answers, counts)


def _completed(
    linking: Linking, told: Constraints, weighed: Weighed, weigh: Weigher
) -> tuple[Weighed, Rows]:
    """Return all pairs of records that links connect, and what stands for each row.

    An entity is judged on all its pairs, so those that no key found want comparing.
    """
    n_rows = len(linking.originals)
    told = weighed.vetoed(told, n_rows)
    units = linking.units(weighed, told)
    links = weighed.links(linking.threshold, told)
    groups = components(n_rows, links.renamed(units))
    more = uncompared(groups, weighed.pairs.renamed(units))
    more = within_types(more.take(~told.forbids(more)), linking.types)
    return (weighed | weigh(more) if len(more) else weighed), units


def _correlations(
    learnt: Learnt, weighed: Weighed, random: Random
) -> tuple[Correlation, ...]:
    """Return the fields whose agreement goes together; none without a model of ours."""
    model, unrelated = learnt.model, learnt.unrelated
    if not isinstance(model, FellegiSunter):
        return ()
    if unrelated is None:
        unrelated = among_strangers(model, random)
    compared = (weighed.vectors, weighed.weights, np.ones(len(weighed.pairs)))
    return dependences(model, compared, unrelated)
