"""Learning a Fellegi-Sunter model by expectation maximisation, with labels or without.

The likelihood is that of *all* pairs of records, not of the candidates: pairs outside
the candidates are unrelated but for a negligible share, so that they enter only by
their number and by how often each level occurs by chance. Hence the prior is over all
pairs, and what chance gives (u) is known rather than learnt: exact agreement from the
frequencies of values, weaker levels from random pairs, less what the matches
themselves contribute.

Labelled pairs keep their class: they count as what they are, each once. However they
were chosen by what they look like, that biases neither the rates of the classes nor
how often their levels occur, since all other pairs are there too (missing at random:
Little and Rubin 2002, section 6.2).

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

__all__ = ["PRIOR_CONDITIONAL", "FieldPrior", "train"]

Table = NDArray[np.float64]

_MAX_ITERATIONS = 200
_TOLERANCE = 1e-4
"""Largest change of any probability between iterations that counts as settled."""
_PRIOR_PAIRS = 20.0
"""How many matching pairs the prior of m weighs as much as."""
PRIOR_CONDITIONAL = 2.0
"""How many pairs what a level is worth by itself weighs as much as, where few strangers
show what it is worth beside the field it depends on."""
_UNLIKE_OFTEN, _UNLIKE_TIMES = 0.1, 3.0
"""Matches may be unlike in a field this much, and this many times as often as expected
of the field's kind: names in a third of the pairs, addresses in most."""
_SLIP_TIMES = 3.0
"""Matches may be unlike in a lasting field this many times as often as hardly alike, on
the lower half of the levels. A round figure of our own: wrong dates of birth taken at
random, and given names that stand for others, are unlike once to three times as often.
"""
_SHARED = 0.25
"""Relatives share a field that more than this many of them are expected to agree on."""
_AGREE_TIMES = 1.5
"""Relatives may agree this many times as often as expected of the field's kind."""
_LEAST_CHANCE = 0.05
"""Least share of the agreement seen on a level that stays attributed to chance."""
_LARGEST_CLASS = 0.3
"""Largest share of all pairs in one class, so that some are left to be unrelated."""
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
        overall: Probability of each level among random pairs, whatever the parents.
        related: For each class of relatives, the prior probability of each level;
            `None` where they agree no more than strangers.
        parents: The positions of the fields that it depends on.
        mean_frequency: See `FieldWeights`.
        row_shares: For each row of the tables, the share of all pairs that fall in it
            with no side missing; empty where that is not known.
        sampled: Whether `chance` was measured on random pairs, and not on them all.
        lasting: Whether nobody's value ever changes, so that matches unlike in it come
            with others that are hardly alike.
    """

    name: str
    thresholds: tuple[float, ...]
    match: tuple[float, ...]
    chance: Table
    usual: tuple[float, ...]
    overall: tuple[float, ...] = ()
    related: tuple[tuple[float, ...] | None, ...] = ()
    parents: tuple[int, ...] = ()
    mean_frequency: float = 0.0
    row_shares: tuple[float, ...] = ()
    sampled: bool = True
    lasting: bool = False


@dataclass(slots=True)
class _State:
    """The parameters while they are learnt: for each field a table as in `chance`.

    Attributes:
        match: The tables of matches.
        unrelated: The tables of unrelated pairs.
        related: The tables of each class of relatives.
        n_match: The expected number of matches.
        n_related: The same of each class of relatives.
    """

    match: list[Table]
    unrelated: list[Table]
    related: list[list[Table]]
    n_match: float
    n_related: list[float]


@dataclass(frozen=True, slots=True)
class _Data:
    """What the parameters are learnt from.

    Attributes:
        priors: The fields.
        cells: For each field, the cell of its table that each pattern falls in.
        counts: The number of pairs of each pattern.
        differing: Of these, the share that are of records that differ at all.
        labels: For each pattern 1 where its pairs are known to match, -1 where not to.
        n_all: The number of all pairs of records.
        n_differing: The number of all pairs of records that differ.
    """

    priors: Sequence[FieldPrior]
    cells: Sequence[NDArray[np.int64]]
    counts: Table
    differing: Table
    labels: NDArray[np.int8]
    n_all: int
    n_differing: int


def train(
    priors: Sequence[FieldPrior], patterns: Patterns, n_all: int, n_differing: int
) -> FellegiSunter:
    """Return the model that explains the candidates' patterns best.

    Args:
        priors: One for each field, in the order of the patterns' columns.
        patterns: The candidate pairs' patterns.
        n_all: The number of all pairs of records, candidates or not.
        n_differing: The number of those whose records are not copies of one another.
    """
    data = _Data(
        priors,
        [_cells(prior, patterns, i) for i, prior in enumerate(priors)],
        patterns.counts,
        1 - patterns.n_copies / patterns.counts,
        patterns.labels,
        n_all,
        n_differing,
    )
    state = _start(priors, n_all)
    change, iteration = np.inf, 0
    while change > _TOLERANCE and iteration < _MAX_ITERATIONS:
        iteration += 1
        change = _maximise(state, data, *_expect(state, data))
    converged = bool(change <= _TOLERANCE)
    reason = (
        f"parameters settled to {_TOLERANCE}"
        if converged
        else f"still changing by {change:.2g} after {iteration} iterations"
    )
    training = Training(converged, iteration, int(patterns.counts.sum()), reason)
    matches, _ = _expect(state, data)
    support = [
        _sums(item, matches, table.shape).sum(axis=0)
        for item, table in zip(data.cells, state.match, strict=True)
    ]
    return _model(priors, state, support, n_all, training)


def _start(priors: Sequence[FieldPrior], n_all: int) -> _State:
    unrelated = [_likely_chance(prior) for prior in priors]
    match = [
        np.tile(np.asarray(prior.match), (len(chance), 1))
        for prior, chance in zip(priors, unrelated, strict=True)
    ]
    usual = min(_usual_pairs(n_all), _LARGEST_CLASS * n_all)
    related, n_related = [], []
    for kins in zip(*(prior.related for prior in priors), strict=True):
        tables = [
            chance if kin is None else np.tile(kin, (len(chance), 1))
            for kin, chance in zip(kins, unrelated, strict=True)
        ]
        related.append(tables)
        # Relatives need something they share and something they do not.
        share = {kin is not None and kin[-1] > _SHARED for kin in kins}
        n_related.append(usual if len(share) == 2 else 0.0)
    return _State(match, unrelated, related, usual, n_related)


def _likely_chance(prior: FieldPrior) -> Table:
    """Return what chance gives to start from: no more than is usual for the kind.

    Where few customers make up a table, most of what agrees in it is theirs.
    """
    likely: Table = np.minimum(prior.chance, np.asarray(prior.usual))
    likely[:, 0] = 1 - likely[:, 1:].sum(axis=1)
    return np.asarray(np.maximum(likely, _FLOOR))


def _cells(prior: FieldPrior, patterns: Patterns, i: int) -> NDArray[np.int64]:
    """Return, for each pattern, the cell of field `i`'s table that it falls in.

    Tables have one more column, and -1 falls in it: a missing side.
    """
    levels = patterns.levels[:, i].astype(np.int64)
    n_columns = len(prior.match) + 1
    rows = np.zeros(len(levels), dtype=np.int64)
    if prior.parents:
        reached = patterns.levels[:, list(prior.parents)].min(axis=1)
        rows = reached.astype(np.int64) + 1
    return rows * n_columns + np.where(levels < 0, n_columns - 1, levels)


def _expect(state: _State, data: _Data) -> tuple[Table, list[Table]]:
    """Return each pattern's expected number of matches, and of each class's kin."""
    rates = np.asarray([state.n_match, *state.n_related]) / data.n_all
    classes = [state.unrelated, state.match, *state.related]
    shares = [max(1 - rates.sum(), _FLOOR), *rates]
    logs: list[Table] = []
    for tables, share in zip(classes, shares, strict=True):
        log = np.full(len(data.counts), np.log(share) if share else -np.inf)
        for cell, table in zip(data.cells, tables, strict=True):
            log += _logs(table)[cell]
        is_match = len(logs) == 1
        log[data.labels == (-1 if is_match else 1)] = -np.inf
        logs.append(log)
    total = np.logaddexp.reduce(logs)
    _, matches, *related = [np.exp(log - total) * data.counts for log in logs]
    return matches, related


def _logs(table: Table) -> Table:
    """Return the table's logarithms by cell; a missing side says nothing."""
    n_rows, n_levels = table.shape
    logs = np.zeros((n_rows, n_levels + 1))
    np.log(table, out=logs[:, :-1])
    return logs.reshape(-1)


def _sums(cells: NDArray[np.int64], expected: Table, shape: tuple[int, ...]) -> Table:
    """Return the expected number of pairs in each cell of a table."""
    n_rows, n_levels = shape
    sums = np.bincount(cells, expected, minlength=n_rows * (n_levels + 1))
    table: Table = sums.reshape(n_rows, n_levels + 1)[:, :-1].astype(np.float64)
    return table


def _maximise(
    state: _State, data: _Data, matches: Table, related: Sequence[Table]
) -> float:
    """Set the parameters to what the classes say; return the largest change."""
    strangers = data.counts - matches - sum(related)
    differing_strangers = strangers * data.differing
    differing_matches = matches * data.differing
    change = 0.0
    for i, prior in enumerate(data.priors):
        shape = prior.chance.shape
        chance = np.maximum(prior.chance, _FLOOR)
        seen = _sums(data.cells[i], differing_strangers, shape)
        if not (prior.parents and prior.sampled):
            differing = _sums(data.cells[i], differing_matches, shape)
            chance = _without(chance, differing, prior, data.n_differing)
        chance = _at_least(chance, seen, prior, data.n_differing)
        if prior.parents:
            # Candidates hold nearly all pairs whose parents agree exactly, of which
            # random pairs show too few.
            exact = _sums(data.cells[i], strangers, shape)[-1]
            chance[-1] = _shrunk(exact, np.asarray(prior.overall))
        sums = _sums(data.cells[i], matches, shape)
        match = _learnt(sums, prior.match, chance, _most_unlike(prior, sums))
        change = max(change, float(np.abs(match - state.match[i]).max()))
        state.match[i], state.unrelated[i] = match, chance
        for tables, kin, found in zip(
            state.related, prior.related, related, strict=True
        ):
            kin_sums = _sums(data.cells[i], found, shape)
            tables[i] = chance if kin is None else _kin_learnt(kin_sums, kin, chance)
    state.n_match = _pairs_of_class(float(matches.sum()), data.n_all)
    state.n_related = [
        _pairs_of_class(float(found.sum()), data.n_all) if n_before else 0.0
        for found, n_before in zip(related, state.n_related, strict=True)
    ]
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
    return min(max(drawn, 0.5), _LARGEST_CLASS * n_all)


def _most_unlike(prior: FieldPrior, sums: Table) -> float:
    """Return the largest share of matches that may be unlike in a field.

    Without a bound the class of matches could drift to pairs of strangers that have
    something else in common, and still explain the candidates well. A lasting value
    that is unlike was written wrong, which at other times goes less far: where nobody
    is hardly alike, those unlike are twins, or a parent and a child of one name.
    """
    most = _UNLIKE_OFTEN + _UNLIKE_TIMES * prior.match[0]
    if not prior.lasting:
        return most
    shares = _shrunk(sums.sum(axis=0), np.asarray(prior.match))
    hardly_alike = shares[1 : len(shares) // 2 + 1].sum()
    return min(most, _SLIP_TIMES * float(hardly_alike))


def _learnt(
    sums: Table, prior: Sequence[float], chance: Table, most_unlike: float = 1.0
) -> Table:
    """Return a class's level probabilities, a row for each level of the parent.

    A row with few pairs is drawn to what all rows say together, and that to the prior.
    """
    overall = _bounded(_shrunk(sums.sum(axis=0), np.asarray(prior)), most_unlike)
    return _monotone(
        overall[np.newaxis] if len(sums) == 1 else _shrunk(sums, overall), chance
    )


def _kin_learnt(sums: Table, prior: Sequence[float], chance: Table) -> Table:
    """Return what `_learnt` does, relatives agreeing no more than is plausible.

    Without a bound the class of relatives could drift to matches of poor quality.
    """
    learnt = _learnt(sums, prior, chance)
    agree = learnt.shape[1] // 2 + 1
    most = min(_AGREE_TIMES * sum(prior[agree:]), 1.0)
    alike = np.maximum(learnt[:, agree:].sum(axis=1, keepdims=True), _FLOOR)
    kept = np.minimum(alike, most)
    learnt[:, agree:] *= kept / alike
    learnt[:, :agree] *= (1 - kept) / np.maximum(1 - alike, _FLOOR)
    bounded = np.maximum(learnt, _FLOOR)
    shares: Table = bounded / bounded.sum(axis=1, keepdims=True)
    return shares


def _bounded(shares: Table, most_unlike: float) -> Table:
    """Return the shares with that of the lowest level no larger than the bound."""
    unlike = min(float(shares[0]), most_unlike)
    alike = shares[1:] * (1 - unlike) / shares[1:].sum()
    return np.concatenate([[unlike], alike])


def _shrunk(sums: Table, prior: Table, n_pairs: float = _PRIOR_PAIRS) -> Table:
    """Return the shares of levels, in each row, drawn to the prior."""
    smoothed = sums + n_pairs * prior
    shares: Table = smoothed / smoothed.sum(axis=-1, keepdims=True)
    return shares


def _without(chance: Table, match_sums: Table, prior: FieldPrior, n_all: int) -> Table:
    """Take the matches' own agreement off what random pairs show.

    Where few pairs are left, they are drawn to what is usual. Of a field that depends
    on others that holds where all pairs are looked at: of some, those of a row are so
    few that it is chance whether a match is among them.
    """
    n_pairs = n_all * np.asarray(prior.row_shares if prior.parents else (1.0,))
    shown = chance * n_pairs[:, np.newaxis]
    left = np.maximum(shown - match_sums, _LEAST_CHANCE * shown)
    overall = _shrunk(left.sum(axis=0, keepdims=True), np.asarray(prior.usual))
    if prior.parents:
        overall = _shrunk(left, overall, PRIOR_CONDITIONAL)
    shares: Table = np.maximum(overall, _FLOOR)
    return shares


def _at_least(chance: Table, seen: Table, prior: FieldPrior, n_all: int) -> Table:
    """Return what chance gives, no less of partial agreement than strangers show.

    Exact agreement is known from the frequencies of values.
    """
    if not (prior.sampled and prior.row_shares):
        return chance
    n_pairs = np.maximum(n_all * np.asarray(prior.row_shares), seen.sum(axis=1))
    shown = seen / np.maximum(n_pairs, 1.0)[:, np.newaxis]
    least = chance.copy()
    least[:, 1:-1] = np.maximum(chance, shown)[:, 1:-1]
    least[:, 0] = np.maximum(1 - least[:, 1:].sum(axis=1), _FLOOR)
    shares: Table = least / least.sum(axis=1, keepdims=True)
    return shares


def _monotone(above: Table, below: Table) -> Table:
    """Return in each row the nearest shares whose ratio to `below` never falls."""
    ratio = above / below
    falls = above[:, :-1] * below[:, 1:] > above[:, 1:] * below[:, :-1]
    for row in np.flatnonzero(falls.any(axis=1)).tolist():
        ratio[row] = _pooled(above[row], below[row])
    # Levels raised to the floor take those above them along.
    raised = np.maximum.accumulate(np.maximum(ratio, _FLOOR / below), axis=1) * below
    settled: Table = raised / raised.sum(axis=1, keepdims=True)
    return settled


def _pooled(above: Table, below: Table) -> list[float]:
    """Return the ratio of each level, levels at which it would fall taken together."""
    blocks: list[tuple[float, float, int]] = []
    for a, b in zip(above.tolist(), below.tolist(), strict=True):
        blocks.append((a, b, 1))
        while (
            len(blocks) > 1
            and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]
        ):
            (a1, b1, n1), (a2, b2, n2) = blocks[-2:]
            blocks[-2:] = [(a1 + a2, b1 + b2, n1 + n2)]
    return [ratio for a, b, n in blocks for ratio in [a / b] * n]


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
            tuple(_rows(tables[i]) for tables in state.related),
            tuple(priors[parent].name for parent in prior.parents),
            prior.mean_frequency,
            tuple(support[i].round(3).tolist()),
        )
        for i, prior in enumerate(priors)
    )
    rates = tuple(n_related / n_all for n_related in state.n_related)
    return FellegiSunter(tables, state.n_match / n_all, rates, training=training)


def _rows(table: Table) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
