"""Learning a Fellegi-Sunter model without labels, by expectation maximisation.

The likelihood is that of *all* pairs of records, not of the candidates: pairs outside
the candidates are unrelated but for a negligible share, so that they enter only by
their number and by how often each level occurs by chance. Hence the prior is over all
pairs, and what chance gives (u) is known rather than learnt: exact agreement from the
frequencies of values, weaker levels from random pairs, less what the matches
themselves contribute.

Dirichlet priors keep every level of every field above zero, and pooled adjacent
violators (Ayer et al. 1955) keep more alike from ever counting less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.levels import Patterns
from custmerge.classifier.model import FellegiSunter, FieldWeights, Training

__all__ = ["FieldPrior", "train"]

Table = NDArray[np.float64]

_MAX_ITERATIONS = 200
_TOLERANCE = 1e-4
"""Largest change of any probability between iterations that counts as settled."""
_PRIOR_PAIRS = 20.0
"""How many matching pairs the prior of m weighs as much as."""
_LEAST_CHANCE = 0.05
"""Least share of the agreement seen on a level that stays attributed to chance."""
_FLOOR = 1e-7
"""Least probability of any level in any class."""


@dataclass(frozen=True, slots=True)
class FieldPrior:
    """What is known of a field before the pairs are looked at.

    Attributes:
        name: The field.
        thresholds: Ascending similarities that divide its levels.
        match: Prior probability of each level among matches.
        chance: Probability of each level among random pairs.
        shared: Whether relatives have the field in common.
        mean_frequency: See `FieldWeights`.
    """

    name: str
    thresholds: tuple[float, ...]
    match: tuple[float, ...]
    chance: tuple[float, ...]
    shared: bool = False
    mean_frequency: float = 0.0


@dataclass(slots=True)
class _State:
    """The parameters while they are learnt: a table of levels for each field."""

    match: list[Table]
    unrelated: list[Table]
    related: list[Table]
    n_match: float
    n_related: float


def train(
    priors: Sequence[FieldPrior], patterns: Patterns, n_all: int
) -> FellegiSunter:
    """Return the model that explains the candidates' patterns best.

    Args:
        priors: One for each field, in the order of the patterns' columns.
        patterns: The candidate pairs' patterns.
        n_all: The number of all pairs of records, candidates or not.
    """
    state = _start(priors, n_all)
    change, iteration = np.inf, 0
    while change > _TOLERANCE and iteration < _MAX_ITERATIONS:
        iteration += 1
        posterior = _expect(state, patterns, n_all)
        change = _maximise(state, posterior, patterns, priors, n_all)
    converged = bool(change <= _TOLERANCE)
    reason = (
        f"parameters settled to {_TOLERANCE}"
        if converged
        else f"still changing by {change:.2g} after {iteration} iterations"
    )
    n_pairs = int(patterns.counts.sum())
    training = Training(converged, iteration, n_pairs, reason)
    support = [
        _level_sums(patterns, i, _expect(state, patterns, n_all)[0], len(prior.match))
        for i, prior in enumerate(priors)
    ]
    return _model(priors, state, support, n_all, training)


def _start(priors: Sequence[FieldPrior], n_all: int) -> _State:
    match = [np.asarray(prior.match, dtype=np.float64) for prior in priors]
    chance = [np.asarray(prior.chance, dtype=np.float64) for prior in priors]
    related = [
        m if prior.shared else u
        for m, u, prior in zip(match, chance, priors, strict=True)
    ]
    # One record in four has a match: about what deduplicated customer files show.
    n_match = max(0.5, 0.25 * np.sqrt(2 * n_all))
    household = _can_tell_relatives(priors)
    return _State(match, chance, related, n_match, n_match if household else 0.0)


def _can_tell_relatives(priors: Sequence[FieldPrior]) -> bool:
    """Relatives need something they share and something they do not."""
    return len({prior.shared for prior in priors}) == 2


def _expect(state: _State, patterns: Patterns, n_all: int) -> tuple[Table, Table]:
    """Return each pattern's expected number of matches, and of related pairs."""
    n_patterns = len(patterns.levels)
    log_match = np.full(n_patterns, np.log(state.n_match / n_all))
    log_related = np.full(n_patterns, np.log(max(state.n_related, _FLOOR) / n_all))
    rest = max(1 - (state.n_match + state.n_related) / n_all, _FLOOR)
    log_unrelated = np.full(n_patterns, np.log(rest))
    for i in range(patterns.levels.shape[1]):
        levels = patterns.levels[:, i]
        log_match += np.append(np.log(state.match[i]), 0)[levels]
        log_related += np.append(np.log(state.related[i]), 0)[levels]
        log_unrelated += np.append(np.log(state.unrelated[i]), 0)[levels]
    total = np.logaddexp(log_match, log_unrelated)
    if state.n_related:
        total = np.logaddexp(total, log_related)
        related = np.exp(log_related - total) * patterns.counts
    else:
        related = np.zeros(n_patterns)
    return np.exp(log_match - total) * patterns.counts, related


def _maximise(
    state: _State,
    posterior: tuple[Table, Table],
    patterns: Patterns,
    priors: Sequence[FieldPrior],
    n_all: int,
) -> float:
    """Set the parameters to what the classes say; return the largest change."""
    matches, related = posterior
    change = 0.0
    for i, prior in enumerate(priors):
        n_levels = len(prior.match)
        match_sums = _level_sums(patterns, i, matches, n_levels)
        chance = np.asarray(prior.chance)
        unrelated = _without(chance, match_sums, n_all)
        smoothed = match_sums + _PRIOR_PAIRS * np.asarray(prior.match)
        match = _monotone(smoothed / smoothed.sum(), unrelated)
        change = max(change, float(np.abs(match - state.match[i]).max()))
        state.match[i], state.unrelated[i] = match, unrelated
        state.related[i] = unrelated
        if prior.shared:
            kin_sums = _level_sums(patterns, i, related, n_levels)
            kin_sums = kin_sums + _PRIOR_PAIRS * np.asarray(prior.match)
            state.related[i] = _monotone(kin_sums / kin_sums.sum(), unrelated)
    state.n_match = min(max(float(matches.sum()), 0.5), 0.5 * n_all)
    if state.n_related:
        state.n_related = min(max(float(related.sum()), 0.5), 0.4 * n_all)
    return change


def _level_sums(patterns: Patterns, i: int, expected: Table, n_levels: int) -> Table:
    levels = patterns.levels[:, i]
    held = levels >= 0
    sums: Table = np.bincount(levels[held], expected[held], minlength=n_levels).astype(
        np.float64
    )
    return sums


def _without(chance: Table, match_sums: Table, n_all: int) -> Table:
    """Take the matches' own agreement off what random pairs show."""
    left = np.maximum(chance * n_all - match_sums, _LEAST_CHANCE * chance * n_all)
    shares: Table = np.maximum(left / left.sum(), _FLOOR)
    return shares


def _monotone(above: Table, below: Table) -> Table:
    """Return the nearest distribution whose ratio to `below` never falls with level."""
    blocks: list[tuple[float, float, int]] = []
    for a, b in zip(above.tolist(), below.tolist(), strict=True):
        blocks.append((a, b, 1))
        while (
            len(blocks) > 1
            and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]
        ):
            (a1, b1, n1), (a2, b2, n2) = blocks[-2:]
            blocks[-2:] = [(a1 + a2, b1 + b2, n1 + n2)]
    ratio = np.concatenate([np.full(n, a / b) for a, b, n in blocks])
    pooled = np.maximum(ratio * below, _FLOOR)
    settled: Table = pooled / pooled.sum()
    return settled


def _model(
    priors: Sequence[FieldPrior],
    state: _State,
    support: Sequence[Table],
    n_all: int,
    training: Training,
) -> FellegiSunter:
    tables = tuple(
        FieldWeights(
            prior.name,
            prior.thresholds,
            tuple(state.match[i].tolist()),
            tuple(state.unrelated[i].tolist()),
            tuple(state.related[i].tolist()),
            prior.mean_frequency,
            tuple(support[i].round(3).tolist()),
        )
        for i, prior in enumerate(priors)
    )
    return FellegiSunter(
        tables, state.n_match / n_all, state.n_related / n_all, training
    )
