"""Very many candidate pairs, narrowed to those that may matter.

Of a table of millions no one compares all candidates in full. A sample of them is
learnt from; it shows which blocks give pairs that are worth anything, and only those
are made, some rows at a time, and sieved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import FellegiSunter, IntoClassifier, Rule, probability
from custmerge.clustering import Constraints
from custmerge.config import Config
from custmerge.engines.candidates import Candidates, Traced
from custmerge.engines.evidence import Evidence
from custmerge.engines.record_types import type_codes, within_types
from custmerge.engines.sieving import Sieve
from custmerge.kinds import CONTACT_KINDS
from custmerge.memory import give_back
from custmerge.pairs import Pairs, SimilarityVectors

__all__ = ["MOST_COMPARED", "MOST_LEARNT", "Drawn", "Possible", "possible"]

MOST_COMPARED = 1_000_000
"""Candidate pairs up to which all are compared in full, and learnt from."""
MOST_LEARNT = 500_000
"""Candidate pairs that are learnt from where there are more, about."""
_LOST = 0.003
"""Share of what all matches and all relatives count together, each of the two as one
whole, that may be lost with blocks that hardly find any others."""
_RELATED = 0.5
"""Probability from which a pair is one of relatives."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The candidate pairs that are learnt from: some, where they are many.

    Attributes:
        candidates: All candidate pairs.
        certain: Pairs that are taken in any case.
        pairs: The pairs, these among them; where they are a sample, of some rows.
        counts: How many of all pairs each stands for; `None` where these are all.
        traced: The sample, and the blocks it comes from; `None` likewise.
    """

    candidates: Candidates
    certain: Pairs
    pairs: Pairs
    counts: NDArray[np.float64] | None = None
    traced: Traced | None = None

    @classmethod
    def of(
        cls, candidates: Candidates, certain: Pairs, types: NDArray[np.int32]
    ) -> Drawn:
        """Draw from the candidates.

        Args:
            candidates: The candidate pairs.
            certain: Pairs that are taken in any case.
            types: For each row the code of its type, -1 where it may be any.
        """
        if candidates.n_expected <= MOST_COMPARED:
            pairs = within_types(candidates.pairs, types) | certain
            return cls(candidates, certain, pairs)
        traced = candidates.traced(MOST_LEARNT)
        pairs = within_types(traced.pairs, types) | certain
        counts = np.full(len(pairs), float(traced.one_in))
        counts[pairs.among(certain)] = 1.0
        return cls(candidates, certain, pairs, counts, traced)


@dataclass(frozen=True, slots=True, eq=False)
class Possible:
    """The candidate pairs that may matter.

    Attributes:
        pairs: The pairs.
        vectors: Their similarities, where they were compared; those below a field's
            lowest level may be bounds.
        n_candidates: How many pairs were made to find them.
        unpaired: The rows that are in no candidate pair that was made, ascending.
    """

    pairs: Pairs
    vectors: SimilarityVectors | None
    n_candidates: int
    unpaired: NDArray[np.int64]


def possible(
    drawn: Drawn,
    model: IntoClassifier,
    evidence: Evidence,
    config: Config,
    vectors: SimilarityVectors,
    told: Constraints,
) -> Possible:
    """Return the pairs that may matter, all where they are few.

    Where a model that is not ours or a rule may make a match of anything, all may.

    Args:
        drawn: What was drawn from the candidates.
        model: What weighs pairs.
        evidence: The records.
        config: Its rules and fields.
        vectors: The similarities of the pairs that were drawn.
        told: What must be one entity, and what cannot.
    """
    traced = drawn.traced
    if traced is None:
        n_pairs = len(drawn.pairs)
        return Possible(drawn.pairs, vectors, n_pairs, drawn.candidates.unpaired)
    types = type_codes(evidence.table)
    if not isinstance(model, FellegiSunter) or _may_match(config.rules):
        pairs = within_types(drawn.candidates.pairs, types) | drawn.certain
        return Possible(pairs, None, len(pairs), drawn.candidates.unpaired)
    shown = {field.name for field in config.compared if field.kind in CONTACT_KINDS}
    candidates = _narrowed(drawn, traced, model, vectors, told)
    unpaired, parts = candidates.unpaired, candidates.parts()
    del candidates  # an eighth of what is held by now
    give_back()
    sieved = Sieve.of(model, evidence, shown)(parts, types)
    del parts
    give_back()
    if any(rule.at_least or rule.below for rule in config.rules):
        pairs = sieved.pairs | drawn.certain  # bounds will not do for what rules ask
        return Possible(pairs, None, sieved.n_pairs, unpaired)
    found = evidence.with_frequencies(sieved.scores, sieved.pairs, exact=False)
    others = drawn.certain.take(~drawn.certain.among(sieved.pairs))
    pairs, order = sieved.pairs.merged(others)
    compared = found.merged(evidence.similarity(others), order)
    return Possible(pairs, compared, sieved.n_pairs, unpaired)


def _may_match(rules: Sequence[Rule]) -> bool:
    """Return whether rules may say "match" of a pair, whatever it weighs."""
    return any(rule.says == "match" for rule in rules)


def _narrowed(
    drawn: Drawn,
    traced: Traced,
    model: FellegiSunter,
    vectors: SimilarityVectors,
    told: Constraints,
) -> Candidates:
    """Return the candidates of those blocks that find matches, or relatives.

    Args:
        drawn: What was drawn from the candidates.
        traced: The same with the blocks that it comes from.
        model: What weighs pairs.
        vectors: The similarities of those that were drawn.
        told: What must be one entity, and what cannot.
    """
    related = np.sum([np.zeros(len(vectors)), *model.kinship(vectors).values()], axis=0)
    related[related < _RELATED] = 0
    matches = probability(model.weights(vectors))
    matches[told.forbids(drawn.pairs)] = 0
    pairs = traced.pairs
    worth, held = np.zeros(len(pairs)), pairs.among(drawn.pairs)
    places = drawn.pairs.among(pairs)
    for chances in (matches[places], related[places]):
        worth[held] += chances / max(float(chances.sum()), 1.0)
    return drawn.candidates.without(traced.dispensable(worth, _LOST))
