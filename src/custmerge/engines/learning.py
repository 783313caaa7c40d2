"""Learning in two passes: what the first shows of the data, the second goes by.

A first model shows whether sources repeat customers, and which fields tell one fact.
Where they hardly do, or some fields tell one, the model is learnt again: on pairs of
two sources, chance being what pairs of one show, and with each fact counted once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import IntoClassifier, probability
from custmerge.clustering import Constraints, free_of_duplicates, hardly_repeating
from custmerge.config import AUTO, Config
from custmerge.engines.dependences import among_strangers, dependences, depending
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import Random, TrainingPairs, fit
from custmerge.exceptions import InvalidConfigError
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows

__all__ = ["Learnt", "learn", "sure", "with_sources"]

_SURE = 0.99
"""Match probability from which a pair shows whether a source repeats customers."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The model, and what was found with it on the way.

    Attributes:
        model: The model.
        told: The constraints with what was found of the sources.
        weights: What it weighs the pairs that it was learnt from; `None` where it was
            not asked.
        unrelated: What `among_strangers` finds of it; `None` likewise.
    """

    model: IntoClassifier
    told: Constraints
    weights: NDArray[np.float64] | None = None
    unrelated: NDArray[np.float64] | None = None


def learn(
    evidence: Evidence,
    candidates: TrainingPairs,
    rows: Rows,
    config: Config,
    told: Constraints,
    random: Random,
) -> Learnt:
    """Return the model, and what was found with it.

    Args:
        evidence: The records.
        candidates: The candidate pairs.
        rows: The distinct records.
        config: Says what is to be found out.
        told: What must be one entity, and what cannot.
        random: Random pairs of the distinct records.
    """
    model = fit(evidence, candidates, rows, random)
    weights = model.weights(candidates.vectors)
    sources, certain = evidence.sources, sure(candidates.pairs, weights)
    alike = _alike(candidates.pairs, candidates.vectors, config)
    for matches in (certain, alike):
        told = with_sources(told, config, sources, matches)
    apart = with_sources(told, config, sources, certain | alike, hardly_repeating)
    compared = (candidates.vectors, weights, candidates.counts)
    unrelated = among_strangers(model, random)
    found = dependences(model, compared, unrelated)
    fields = depending(evidence.fields, found)
    if fields == evidence.fields and apart.sources is None:
        return Learnt(model, told, weights, unrelated)
    inside = None
    if apart.sources is not None:
        is_inside = apart.forbids(candidates.pairs)
        inside = candidates.take(np.flatnonzero(is_inside))
        candidates = candidates.take(np.flatnonzero(~is_inside))
    evidence = replace(evidence, fields=fields)
    return Learnt(fit(evidence, candidates, rows, random, inside), told)


def with_sources(
    told: Constraints,
    config: Config,
    sources: Rows | None,
    matches: Pairs,
    seems_so: Callable[[Rows, Pairs], bool] = free_of_duplicates,
) -> Constraints:
    """Return the constraints, with the sources where each holds a customer once.

    Args:
        told: The constraints so far.
        config: Says whether that is to be found out.
        sources: For each row the code of its source; `None` where all are of one.
        matches: Pairs that surely match.
        seems_so: Whether each source holds a customer once, by these.
    """
    if told.sources is not None or sources is None or config.one_per_source != AUTO:
        return told
    if not seems_so(sources, matches):
        return told
    found = replace(told, sources=sources)
    try:
        found.groups(len(sources))
    except InvalidConfigError:  # people say that a source holds a customer twice
        return told
    return found


def sure(pairs: Pairs, weights: NDArray[np.float64]) -> Pairs:
    """Return the pairs that surely match."""
    return pairs.take(probability(weights) > _SURE)


def _alike(pairs: Pairs, vectors: SimilarityVectors, config: Config) -> Pairs:
    """Return the pairs that reach the two highest levels in every field both hold.

    Where each source writes a customer in its own way, as one short names and one
    registered ones, these show matches before a model can.
    """
    alike = np.ones(len(pairs), dtype=bool)
    for field_ in config.compared:
        scores = vectors.scores[field_.name]
        alike &= ~(scores < field_.levels[-2:][0])
    return pairs.take(alike)
