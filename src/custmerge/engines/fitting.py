"""What chance gives, and the model that fits the candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    PRIOR_CONDITIONAL,
    FellegiSunter,
    FieldPrior,
    Patterns,
    Verdicts,
    calibrated,
    to_levels,
    train,
)
from custmerge.config import Field, prior_chance, prior_match
from custmerge.engines.evidence import Evidence
from custmerge.engines.record_types import may_match, n_pairs_within, type_codes
from custmerge.pairs import Pairs, SimilarityVectors, distinct
from custmerge.protocols import Rows, Scores
from custmerge.records import Column

__all__ = ["Random", "TrainingPairs", "fit", "random_pairs"]

Levels = Mapping[str, NDArray[np.int8]]
Seen = Mapping[str, NDArray[np.float64]]

_LEAST_SAMPLED, _SAMPLED_PER_ROW, _SAMPLE_PAIRS = 50_000, 50, 400_000
"""Random pairs that chance agreement is measured on: at least, for each record, and at
most. What chance gives once in 500 pairs is known to a tenth by the least."""
_PRIOR_PAIRS = 200.0
"""How many random pairs a kind's expected chance agreement weighs as much as, at most:
those of some twenty records."""
_PRIOR_AGREEMENTS = 0.4
"""How many agreeing pairs that expectation weighs as much as, at most. What agrees
often by chance, such as a city, shows how often within few records."""
_FEW_SEEN = 30
"""Random pairs on a level below which chance is too uncertain to go by them."""
_PRIOR_COUNT = 0.5
"""What is added to a count of pairs, so that none is impossible (Jeffreys 1946)."""
_PARTLY_ALIKE = 1e-3
"""Least share of random pairs that are alike in part where values can be: of names and
dates some hundredths are, of Chinese given names a few in 1,000, of initials none."""
_INCIDENTAL = 0.1
"""How far a field that mostly says nothing starts from what chance gives."""


def random_pairs(n_rows: int, seed: int) -> Pairs:
    """Return random pairs of rows, or all pairs where they are few."""
    if not _is_sampled(n_rows):
        left, right = np.triu_indices(n_rows, k=1)
        return Pairs(left.astype(np.int64), right.astype(np.int64))
    rng = np.random.default_rng(seed)
    shape = (2, _n_sampled(n_rows))
    drawn = rng.integers(0, n_rows, size=shape, dtype=np.int64)
    return Pairs.of(drawn[0], drawn[1])


def _n_sampled(n_rows: int) -> int:
    return min(max(_LEAST_SAMPLED, _SAMPLED_PER_ROW * n_rows), _SAMPLE_PAIRS)


def _is_sampled(n_rows: int) -> bool:
    return n_rows * (n_rows - 1) // 2 > _n_sampled(n_rows)


@dataclass(frozen=True, slots=True, eq=False)
class Random:
    """Random pairs of distinct records, which show what chance gives.

    Compared pairs do not: they were chosen because they agree.

    Attributes:
        pairs: The pairs, of the distinct records by their numbers among these.
        patterns: Their patterns of levels, a column for each compared field.
        alike: A pair for each pattern, its similarities those that levels begin at.
    """

    pairs: Pairs
    patterns: Patterns
    alike: SimilarityVectors

    @classmethod
    def of(
        cls, evidence: Evidence, thresholds: Mapping[str, Sequence[float]], seed: int
    ) -> Random:
        """Draw and compare the pairs.

        Args:
            evidence: The distinct records.
            thresholds: For each field the similarities that divide its levels.
            seed: Chooses the pairs.
        """
        pairs = random_pairs(evidence.table.n_rows, seed)
        scores = evidence.scores(evidence.names, pairs, exact=False)
        levels = [to_levels(scores[name], thresholds[name]) for name in evidence.names]
        patterns = Patterns.of(levels, np.zeros(len(pairs)))
        alike = {
            name: np.asarray([0, *thresholds[name], np.nan], dtype=np.float32)[found]
            for name, found in zip(evidence.names, patterns.levels.T, strict=True)
        }
        return cls(pairs, patterns, SimilarityVectors(alike, {}))

    @property
    def counts(self) -> NDArray[np.float64]:
        """How many pairs are like each of `alike`."""
        return self.patterns.counts


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """What random pairs of rows of one group show.

    Attributes:
        levels: For each field the levels of each pattern.
        counts: How many pairs show the pattern.
    """

    levels: Levels
    counts: NDArray[np.float64]

    def seen(self, field: Field) -> NDArray[np.float64]:
        """Return how many pairs show each level of a field."""
        return _counts(self.levels[field.name], self.counts, field)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingPairs:
    """Pairs that a model is learnt from.

    Attributes:
        pairs: The pairs.
        vectors: Their similarities.
        copies: How many pairs of copies of one record each stands for; 0 where its
            records differ. Shape `(n_pairs,)`.
        answers: What labels say of each: 1 a match, -1 none, 0 nothing; `None` where
            there are no labels.
        drawn: How many pairs each stands for, where they were drawn from more; `None`
            where each stands for itself.
    """

    pairs: Pairs
    vectors: SimilarityVectors
    copies: NDArray[np.float64]
    answers: Verdicts | None = None
    drawn: NDArray[np.float64] | None = None

    @property
    def counts(self) -> NDArray[np.float64]:
        """How many pairs each stands for, copies counted once."""
        return np.ones(len(self.vectors)) if self.drawn is None else self.drawn

    def take(self, where: NDArray[np.int64]) -> TrainingPairs:
        """Return some of the pairs; `where` must keep their order."""
        return TrainingPairs(
            self.pairs.take(where),
            self.vectors.take(where),
            self.copies[where],
            None if self.answers is None else self.answers[where],
            None if self.drawn is None else self.drawn[where],
        )


def fit(
    evidence: Evidence,
    candidates: TrainingPairs,
    rows: Rows,
    random: Random,
    inside: TrainingPairs | None = None,
) -> FellegiSunter:
    """Return the model learnt from the candidates' similarity vectors.

    Args:
        evidence: The records.
        candidates: The candidate pairs.
        rows: The distinct records, which chance is measured on: a record that was
            entered a thousand times does not make its values common.
        random: Random pairs of the distinct records.
        inside: Pairs that share a key and are of one source, where such pairs are known
            to be no matches and the candidates are all of two sources: then pairs of
            one source show chance without any match.
    """
    among = evidence.among(rows)
    types = type_codes(among.table)
    apart = None if inside is None else _apart(among)
    keyed = {} if inside is None else _seen(among.fields, inside)
    shown = may_match(random.pairs, types)
    if apart is not None:
        shown &= apart[random.pairs.left] == apart[random.pairs.right]
    n_patterns = len(random.counts)
    counts = np.bincount(random.patterns.of_pair[shown], minlength=n_patterns)
    of_fields = zip(among.names, random.patterns.levels.T, strict=True)
    sample = _Sample(dict(of_fields), counts.astype(np.float64))
    groups = types if apart is None else apart
    priors = [_prior(field, among, (sample, keyed), groups) for field in among.fields]
    found = list(_levels(evidence.fields, candidates.vectors.scores).values())
    patterns = Patterns.of(
        found, candidates.copies, candidates.answers, candidates.drawn
    )
    n_all, n_differing = (
        max(n_pairs_within(codes), 1) for codes in (type_codes(evidence.table), types)
    )
    if apart is not None:
        # Pairs of two sources are not among those that chance was measured on.
        patterns = replace(patterns, n_copies=patterns.counts)
        n_all = max(n_all - _n_pairs_of_one(_apart(evidence)), 1)
    trained = train(priors, patterns, n_all, n_differing)
    model = replace(trained, relatives=evidence.relatives)
    if candidates.answers is None:
        return model
    told = np.flatnonzero(candidates.answers)
    vectors = candidates.vectors.take(told)
    return calibrated(model, vectors, candidates.answers[told] > 0)


def _apart(evidence: Evidence) -> NDArray[np.int64]:
    """Return a code for each row that only rows of its source and type share."""
    types = type_codes(evidence.table).astype(np.int64)
    sources = types if evidence.sources is None else evidence.sources
    return (sources + 1) * (int(types.max(initial=-1)) + 2) + types + 1


def _n_pairs_of_one(groups: NDArray[np.int64]) -> int:
    sizes = np.bincount(groups)
    return int((sizes * (sizes - 1) // 2).sum())


def _levels(fields: Sequence[Field], scores: Mapping[str, Scores]) -> Levels:
    return {f.name: to_levels(scores[f.name], f.levels) for f in fields}


def _seen(fields: Sequence[Field], pairs: TrainingPairs) -> Seen:
    """Return for each field how many pairs show each level."""
    levels, counts = _levels(fields, pairs.vectors.scores), pairs.counts
    return {field.name: _counts(levels[field.name], counts, field) for field in fields}


def _counts(
    levels: NDArray[np.int8], counts: NDArray[np.float64], field: Field
) -> NDArray[np.float64]:
    """Return how many pairs show each level, those with a missing side left out."""
    seen = np.bincount(levels + 1, counts, minlength=len(field.levels) + 2)
    return seen[1:].astype(np.float64)


def _prior(
    field: Field,
    evidence: Evidence,
    seen: tuple[_Sample, Seen],
    groups: NDArray[np.integer],
) -> FieldPrior:
    """Return what is known of a field from its kind and from random pairs.

    Args:
        field: The field.
        evidence: The distinct records.
        seen: Random pairs of rows of one group, and how many show each level of all
            such pairs that share a key, where these hold no match.
        groups: For each row the code of its group.
    """
    n_levels = len(field.levels) + 1
    sample, keyed = seen
    column = evidence.table[field.name]
    equal, shown = _equal_pairs(column, groups), sample.seen(field)
    overall = _chance(column, field, shown, equal)
    if field.name in keyed and field.defaults.keys:
        overall = _counted(overall, shown, keyed[field.name], equal[1])
    parents = tuple(evidence.names.index(name) for name in field.depends_on)
    given = shown.sum(keepdims=True)[np.newaxis]
    chance = overall[np.newaxis]
    if parents:
        n_rows = len(evidence.fields[parents[0]].levels) + 2
        given = _given(sample, field, n_rows)
        drawn = given + PRIOR_CONDITIONAL * overall
        chance = drawn / drawn.sum(axis=1, keepdims=True)
    return FieldPrior(
        field.name,
        field.levels,
        _expected_match(field, overall),
        chance,
        prior_chance(field.expected["chance"], n_levels),
        tuple(overall.tolist()),
        tuple(_kin(field, relatives, overall) for relatives in evidence.relatives),
        parents,
        evidence.frequencies[field.name].mean if field.frequency else 0.0,
        tuple((given.sum(axis=1) / max(sample.counts.sum(), 1.0)).tolist()),
        # Of few records all pairs are looked at, matches among them.
        _is_sampled(evidence.table.n_rows),
        _is_lasting(field, overall),
    )


def _is_lasting(field: Field, chance: NDArray[np.float64]) -> bool:
    """Return whether matches that are unlike come with others that are hardly alike.

    Where even strangers are never alike in part, as in initials, nobody can be.
    """
    defaults = field.defaults
    graded = field.levels == defaults.levels and chance[1:-1].sum() > _PARTLY_ALIKE
    return defaults.lasting and bool(graded)


def _expected_match(field: Field, chance: NDArray[np.float64]) -> tuple[float, ...]:
    """Return how often matches are expected to show each level, before training."""
    usual = (field.expected["agree"], field.expected["differ"])
    expected = np.asarray(prior_match(usual, len(chance)))
    if field.defaults.incidental:
        expected = _INCIDENTAL * expected + (1 - _INCIDENTAL) * chance
    return tuple(expected.tolist())


def _kin(
    field: Field, relatives: str, chance: NDArray[np.float64]
) -> tuple[float, ...] | None:
    """Return how often relatives of a class are expected to show each level."""
    shared = field.shares.get(relatives, 0.0)
    if not shared:
        return None
    # Who does not share the value is as likely to be like it as a stranger.
    same = np.asarray(prior_match((0.8, 0.0), len(chance)))
    return tuple((shared * same + (1 - shared) * chance).tolist())


def _chance(
    column: Column,
    field: Field,
    seen: NDArray[np.float64],
    equal: tuple[float, int],
) -> NDArray[np.float64]:
    """Return how likely each level is among random pairs."""
    expected = np.asarray(prior_chance(field.expected["chance"], len(seen)))
    weight = min(_PRIOR_PAIRS, _PRIOR_AGREEMENTS / expected[-1])
    chance = (seen + weight * expected) / (seen.sum() + weight)
    if column.width == 1 and field.levels[-1] == 1:
        # Equality is counted over all pairs: a sample would see next to none.
        n_equal, n_pairs = equal
        exact = (n_equal + weight * expected[-1]) / (n_pairs + weight)
        chance = np.append(chance[:-1] / chance[:-1].sum() * (1 - exact), exact)
    return np.asarray(chance, dtype=np.float64)


def _counted(
    chance: NDArray[np.float64],
    seen: NDArray[np.float64],
    keyed: NDArray[np.float64],
    n_pairs: int,
) -> NDArray[np.float64]:
    """Return the chance of each level, the rare upper ones counted, not sampled.

    Nearly all pairs that are alike in a field with keys of its own share one.
    """
    rare = seen < _FEW_SEEN
    # Equality is counted over all pairs anyhow.
    rare[: len(chance) // 2] = rare[-1] = False
    chance = np.where(rare, (keyed + _PRIOR_COUNT) / max(n_pairs, 1), chance)
    chance[0] = 1 - chance[1:].sum()
    return chance


def _given(sample: _Sample, field: Field, n_rows: int) -> NDArray[np.float64]:
    """Return how many pairs show each level, by the one that all parents reach.

    Those where a parent's side is missing come first.
    """
    reached = np.minimum.reduce([sample.levels[name] for name in field.depends_on])
    levels, n_levels = sample.levels[field.name], len(field.levels) + 1
    # Missing sides of the field itself come first in each row, and are left.
    cells = (reached.astype(np.int64) + 1) * (n_levels + 1) + (levels + 1)
    seen = np.bincount(cells, sample.counts, minlength=n_rows * (n_levels + 1))
    return seen.reshape(n_rows, -1)[:, 1:].astype(np.float64)


def _equal_pairs(column: Column, types: NDArray[np.integer]) -> tuple[float, int]:
    """Return how many pairs of rows hold the same value, of how many that hold any.

    Both of rows of one type, those without a type being taken for one more.
    """
    n_equal, n_pairs = 0.0, 0
    for kind in distinct(types[column.present]):
        counts = column.take(np.flatnonzero(types == kind)).counts().astype(np.float64)
        n_held = int(counts.sum())
        n_equal += float((counts * (counts - 1)).sum()) / 2
        n_pairs += n_held * (n_held - 1) // 2
    return n_equal, n_pairs
