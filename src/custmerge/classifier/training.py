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
_UNLIKE_OFTEN, _UNLIKE_TIMES = 0.1, 3.0
"""Matches may be unlike in a field this much, and this many times as often as expected
of the field's kind: names in a third of the pairs, addresses in most."""
_LEAST_CHANCE = 0.05
"""Least share of the agreement seen on a level that stays attributed to chance."""
_FLOOR = 1e-7
"""Least probability of any level in any class."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldPrior:
    """What is known of a field before the candidates are looked at.

    Attributes:
        name: The field.
        thresholds: Ascending similarities that divide its levels.
        match: Prior probability of each level among matches.
        chance: Probability of each level among random pairs, a row for each level of
            the parent; shape `(n_rows, n_levels)`. See `FieldWeights`.
        usual: Prior probability of each level among random pairs.
        related: Prior probability of each level among relatives; `None` where they
            agree no more than strangers.
        parent: The position of the field that it depends on.
        mean_frequency: See `FieldWeights`.
    """

    name: str
    thresholds: tuple[float, ...]
    match: tuple[float, ...]
    chance: Table
    usual: tuple[float, ...]
    related: tuple[float, ...] | None = None
    parent: int | None = None
    mean_frequency: float = 0.0


@dataclass(slots=True)
class _State:
    """The parameters while they are learnt: for each field a table as in `chance`."""

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
    cells = [_cells(prior, patterns, i) for i, prior in enumerate(priors)]
    change, iteration = np.inf, 0
    while change > _TOLERANCE and iteration < _MAX_ITERATIONS:
        iteration += 1
        expected = _expect(state, cells, patterns.counts, n_all)
        change = _maximise(state, cells, expected, priors, n_all)
    converged = bool(change <= _TOLERANCE)
    reason = (
        f"parameters settled to {_TOLERANCE}"
        if converged
        else f"still changing by {change:.2g} after {iteration} iterations"
    )
    n_pairs = int(patterns.counts.sum())
    training = Training(converged, iteration, n_pairs, reason)
    matches, _ = _expect(state, cells, patterns.counts, n_all)
    support = [
        _sums(item, matches, table.shape).sum(axis=0)
        for item, table in zip(cells, state.match, strict=True)
    ]
    return _model(priors, state, support, n_all, training)


def _start(priors: Sequence[FieldPrior], n_all: int) -> _State:
    unrelated = [_likely_chance(prior) for prior in priors]
    match, related = [], []
    for prior, chance in zip(priors, unrelated, strict=True):
        match.append(np.tile(np.asarray(prior.match), (len(chance), 1)))
        kin = prior.related
        related.append(chance if kin is None else np.tile(kin, (len(chance), 1)))
    usual = min(_usual_pairs(n_all), 0.45 * n_all)
    n_related = usual if _can_tell_relatives(priors) else 0.0
    return _State(match, unrelated, related, usual, n_related)


def _likely_chance(prior: FieldPrior) -> Table:
    """Return what chance gives to start from: no more than is usual for the kind.

    Where few customers make up a table, most of what agrees in it is theirs.
    """
    likely: Table = np.minimum(prior.chance, np.asarray(prior.usual))
    likely[:, 0] = 1 - likely[:, 1:].sum(axis=1)
    return np.asarray(np.maximum(likely, _FLOOR))


def _can_tell_relatives(priors: Sequence[FieldPrior]) -> bool:
    """Relatives need something they share and something they do not."""
    return len({prior.related is None for prior in priors}) == 2


def _cells(prior: FieldPrior, patterns: Patterns, i: int) -> NDArray[np.int64]:
    """Return, for each pattern, the cell of field `i`'s table that it falls in.

    Tables have one more column, and -1 falls in it: a missing side.
    """
    levels = patterns.levels[:, i].astype(np.int64)
    n_columns = len(prior.match) + 1
    if prior.parent is None:
        rows = np.zeros(len(levels), dtype=np.int64)
    else:
        rows = patterns.levels[:, prior.parent].astype(np.int64) + 1
    return rows * n_columns + np.where(levels < 0, n_columns - 1, levels)


def _expect(
    state: _State, cells: Sequence[NDArray[np.int64]], counts: Table, n_all: int
) -> tuple[Table, Table]:
    """Return each pattern's expected number of matches, and of related pairs."""
    rates = np.asarray([state.n_match, max(state.n_related, _FLOOR)]) / n_all
    log_match = np.full(len(counts), np.log(rates[0]))
    log_related = np.full(len(counts), np.log(rates[1]))
    log_unrelated = np.full(len(counts), np.log(max(1 - rates.sum(), _FLOOR)))
    for i, cell in enumerate(cells):
        log_match += _logs(state.match[i])[cell]
        log_related += _logs(state.related[i])[cell]
        log_unrelated += _logs(state.unrelated[i])[cell]
    total = np.logaddexp(log_match, log_unrelated)
    related = np.zeros(len(counts))
    if state.n_related:
        total = np.logaddexp(total, log_related)
        related = np.exp(log_related - total) * counts
    return np.exp(log_match - total) * counts, related


def _logs(table: Table) -> Table:
    """Return the table's logarithms by cell; a missing side says nothing."""
    return np.pad(np.log(table), ((0, 0), (0, 1))).reshape(-1)


def _sums(cells: NDArray[np.int64], expected: Table, shape: tuple[int, ...]) -> Table:
    """Return the expected number of pairs in each cell of a table."""
    n_rows, n_levels = shape
    sums = np.bincount(cells, expected, minlength=n_rows * (n_levels + 1))
    table: Table = sums.reshape(n_rows, n_levels + 1)[:, :-1].astype(np.float64)
    return table


def _maximise(
    state: _State,
    cells: Sequence[NDArray[np.int64]],
    expected: tuple[Table, Table],
    priors: Sequence[FieldPrior],
    n_all: int,
) -> float:
    """Set the parameters to what the classes say; return the largest change."""
    matches, related = expected
    change = 0.0
    for i, prior in enumerate(priors):
        sums = _sums(cells[i], matches, prior.chance.shape)
        chance = np.maximum(prior.chance, _FLOOR)
        if prior.parent is None:
            chance = _without(chance, sums, np.asarray(prior.usual), n_all)
        match = _learnt(sums, prior.match, chance, _most_unlike(prior))
        change = max(change, float(np.abs(match - state.match[i]).max()))
        state.match[i], state.unrelated[i], state.related[i] = match, chance, chance
        if prior.related is not None:
            kin = _sums(cells[i], related, prior.chance.shape)
            state.related[i] = _learnt(kin, prior.related, chance)
    state.n_match = _pairs_of_class(float(matches.sum()), n_all)
    if state.n_related:
        state.n_related = _pairs_of_class(float(related.sum()), n_all)
    return change


def _usual_pairs(n_all: int) -> float:
    """Return how many pairs match where nothing is known.

    One record in four has a match: about what deduplicated customer files show.
    """
    return max(0.5, 0.25 * float(np.sqrt(2 * n_all)))


def _pairs_of_class(expected: float, n_all: int) -> float:
    """Return the size of a class, drawn to the usual one where all pairs are few."""
    rate = _usual_pairs(n_all) / n_all
    drawn = (expected + _PRIOR_PAIRS * rate) / (n_all + _PRIOR_PAIRS) * n_all
    return min(max(drawn, 0.5), 0.45 * n_all)


def _most_unlike(prior: FieldPrior) -> float:
    """Return the largest share of matches that may be unlike in a field.

    Without a bound the class of matches could drift to pairs of strangers that have
    something else in common, and still explain the candidates well.
    """
    return _UNLIKE_OFTEN + _UNLIKE_TIMES * prior.match[0]


def _learnt(
    sums: Table, prior: Sequence[float], chance: Table, most_unlike: float = 1.0
) -> Table:
    """Return a class's level probabilities, a row for each level of the parent.

    A row with few pairs is drawn to what all rows say together, and that to the prior.
    """
    overall = _bounded(_shrunk(sums.sum(axis=0), np.asarray(prior)), most_unlike)
    if len(sums) == 1:
        return _monotone(overall, chance[0])[np.newaxis]
    rows = [_shrunk(row, overall) for row in sums]
    return np.stack([_monotone(a, b) for a, b in zip(rows, chance, strict=True)])


def _bounded(shares: Table, most_unlike: float) -> Table:
    """Return the shares with that of the lowest level no larger than the bound."""
    unlike = min(float(shares[0]), most_unlike)
    alike = shares[1:] * (1 - unlike) / shares[1:].sum()
    return np.concatenate([[unlike], alike])


def _shrunk(sums: Table, prior: Table) -> Table:
    smoothed = sums + _PRIOR_PAIRS * prior
    shares: Table = smoothed / smoothed.sum()
    return shares


def _without(chance: Table, match_sums: Table, usual: Table, n_all: int) -> Table:
    """Take the matches' own agreement off what random pairs show.

    Where few pairs are left, they are drawn to what is usual.
    """
    left = np.maximum(chance * n_all - match_sums, _LEAST_CHANCE * chance * n_all)
    shares: Table = np.maximum(_shrunk(left, usual), _FLOOR)
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
            _rows(state.match[i]),
            _rows(state.unrelated[i]),
            _rows(state.related[i]),
            None if prior.parent is None else priors[prior.parent].name,
            prior.mean_frequency,
            tuple(support[i].round(3).tolist()),
        )
        for i, prior in enumerate(priors)
    )
    return FellegiSunter(
        tables, state.n_match / n_all, state.n_related / n_all, training
    )


def _rows(table: Table) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
