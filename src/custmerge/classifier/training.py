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
from custmerge.classifier.priors import FieldPrior, Priors
from custmerge.classifier.shares import FLOOR, Table, bounded, monotone, shrunk

__all__ = ["PRIOR_CONDITIONAL", "train"]

Chances = NDArray[np.float64]

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


@dataclass(frozen=True, slots=True)
class _State:
    """The parameters while they are learnt.

    Attributes:
        tables: The tables of unrelated pairs, of matches and of each class of
            relatives.
        n_pairs: The expected number of matches, and of each class of relatives.
    """

    tables: Table
    n_pairs: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Data:
    """What the parameters are learnt from.

    Attributes:
        priors: The fields.
        chance: What chance gives, no level impossible; a table as in `priors`.
        cells: For each field and pattern the cell of the tables that it falls in, a
            last level standing for a missing side; shape `(n_fields, n_patterns)`.
        counts: The number of pairs of each pattern.
        differing: Of these, the share that are of records that differ at all.
        labels: For each pattern 1 where its pairs are known to match, -1 where not to.
        n_all: The number of all pairs of records.
        n_differing: The number of all pairs of records that differ.
    """

    priors: Priors
    chance: Table
    cells: NDArray[np.int64]
    counts: Chances
    differing: Chances
    labels: NDArray[np.int8]
    n_all: int
    n_differing: int


def train(
    fields: Sequence[FieldPrior], patterns: Patterns, n_all: int, n_differing: int
) -> FellegiSunter:
    """Return the model that explains the candidates' patterns best.

    Args:
        fields: What is known of each, in the order of the patterns' columns.
        patterns: The candidate pairs' patterns.
        n_all: The number of all pairs of records, candidates or not.
        n_differing: The number of those whose records are not copies of one another.
    """
    priors = Priors.of(fields)
    data = _Data(
        priors,
        np.maximum(priors.chance, priors.floor),
        _cells(priors, patterns),
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
        before, state = state, _maximised(state, data, _expected(state, data))
        changes = np.abs(state.tables[:, 1:2] - before.tables[:, 1:2])
        change = float(changes.max(initial=0.0))
    converged = bool(change <= _TOLERANCE)
    reason = (
        f"parameters settled to {_TOLERANCE}"
        if converged
        else f"still changing by {change:.2g} after {iteration} iterations"
    )
    training = Training(converged, iteration, int(patterns.counts.sum()), reason)
    support = priors.by_field(_sums(data, _expected(state, data)[1:2]))[:, 0]
    return _model(priors, state, support, n_all, training)


def _start(priors: Priors, n_all: int) -> _State:
    unrelated = _likely_chance(priors)
    usual = min(_usual_pairs(n_all), _LARGEST_CLASS * n_all)
    # Relatives need something they share and something they do not.
    shared = [
        {kin is not None and kin[-1] > _SHARED for kin in kins}
        for kins in zip(*(field.related for field in priors.fields), strict=True)
    ]
    n_related = [usual if len(share) == 2 else 0.0 for share in shared]
    tables = np.repeat(unrelated, len(n_related) + 2, axis=1)
    tables[:, 1:2] = priors.classes[:, :1]
    tables[:, 2:] = np.where(priors.is_kin, priors.classes[:, 1:], unrelated)
    return _State(tables, [usual, *n_related])


def _likely_chance(priors: Priors) -> Table:
    """Return what chance gives to start from: no more than is usual for the kind.

    Where few customers make up a table, most of what agrees in it is theirs.
    """
    likely: Table = np.minimum(priors.chance, priors.usual)
    likely[0] = 1 - likely[1:].sum(axis=0)
    return np.asarray(np.maximum(likely, priors.floor))


def _cells(priors: Priors, patterns: Patterns) -> NDArray[np.int64]:
    """Return for each field and pattern the cell that it falls in."""
    n_levels, _, n_rows = priors.chance.shape
    levels = patterns.levels.T.astype(np.int64)
    cells = np.where(levels < 0, n_levels, levels) * n_rows
    cells += priors.starts[:, np.newaxis]
    for i, field in enumerate(priors.fields):
        if field.parents:
            cells[i] += levels[list(field.parents)].min(axis=0) + 1
    return np.asarray(cells)


def _expected(state: _State, data: _Data) -> Chances:
    """Return each pattern's expected number of pairs of each class.

    Shape `(n_classes, n_patterns)`, strangers first.
    """
    rates = np.asarray(state.n_pairs) / data.n_all
    shares = np.asarray([max(1 - rates.sum(), FLOOR), *rates])
    prior = np.log(shares, out=np.full(len(shares), -np.inf), where=shares > 0)
    found = np.tile(prior, (len(data.counts), 1))
    logs = _logs(state.tables, data.priors)
    for cells in data.cells:
        found += logs.take(cells, axis=0, mode="clip")
    by_class = np.ascontiguousarray(found.T)
    by_class[1, data.labels < 0] = -np.inf
    for i in (0, *range(2, len(shares))):
        by_class[i, data.labels > 0] = -np.inf
    chances = np.exp(by_class - by_class.max(axis=0))
    expected: Chances = chances * (data.counts / chances.sum(axis=0))
    return expected


def _logs(tables: Table, priors: Priors) -> Chances:
    """Return the tables' logarithms by cell and class; a missing side says nothing."""
    n_levels, n_classes, n_rows = tables.shape
    logs = np.zeros((n_levels + 1, n_rows, n_classes))
    np.log(tables, out=logs[:-1].transpose(0, 2, 1), where=priors.levels)
    return logs.reshape((n_levels + 1) * n_rows, n_classes)


def _sums(data: _Data, expected: Chances) -> Table:
    """Return the expected numbers of pairs in each cell, for each of several counts."""
    n_levels, _, n_rows = data.chance.shape
    shape = (len(expected), n_levels + 1, n_rows)
    # Field by field, one pattern after the other, the processor need not wait for
    # the cell that it has just added to.
    cells = data.cells.T.reshape(-1)
    patterns = np.repeat(np.arange(len(data.counts)), len(data.cells))
    sums = np.zeros(shape)
    for sums_of_class, weights in zip(
        sums.reshape(shape[0], -1), expected, strict=True
    ):
        added = weights.take(patterns, mode="clip")  # unchecked
        sums_of_class[:] = np.bincount(cells, added, minlength=shape[1] * n_rows)
    return np.ascontiguousarray(sums.transpose(1, 0, 2)[:-1])


def _maximised(state: _State, data: _Data, expected: Chances) -> _State:
    """Return the parameters that follow from what is expected of the pairs."""
    priors = data.priors
    differing = expected[:2] * data.differing
    sums = _sums(data, np.concatenate([expected, differing]))
    chance = _chance(data, sums[:, :1], sums[:, -2:-1], sums[:, -1:])
    classes = _learnt(sums[:, 1:-2], priors, chance)
    related = np.where(priors.is_kin, _plausible(classes[:, 1:], priors), chance)
    return _State(
        np.concatenate([chance, classes[:, :1], related], axis=1),
        [
            _pairs_of_class(float(found.sum()), data.n_all) if n_before else 0.0
            for found, n_before in zip(expected[1:], state.n_pairs, strict=True)
        ],
    )


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


def _chance(data: _Data, strangers: Table, seen: Table, matches: Table) -> Table:
    """Return what chance gives.

    Args:
        data: What is known.
        strangers: The expected number of strangers in each cell.
        seen: The same of those that differ.
        matches: The same of matches that differ.
    """
    priors = data.priors
    left = _without(matches, data)
    chance = np.where(priors.depends & priors.sampled, data.chance, left)
    chance = _at_least(chance, seen, data)
    # Candidates hold nearly all pairs whose parents agree exactly, of which random
    # pairs show too few.
    return np.where(
        priors.last_rows, shrunk(strangers, priors.overall, _PRIOR_PAIRS), chance
    )


def _without(matches: Table, data: _Data) -> Table:
    """Take the matches' own agreement off what random pairs show.

    Where few pairs are left, they are drawn to what is usual. Of a field that depends
    on others that holds where all pairs are looked at: of some, those of a row are so
    few that it is chance whether a match is among them.
    """
    priors = data.priors
    shown = data.chance * (data.n_differing * priors.row_weights)
    left = np.maximum(shown - matches, _LEAST_CHANCE * shown)
    overall = shrunk(priors.by_field(left), priors.usual, _PRIOR_PAIRS)
    by_row = shrunk(left, overall, PRIOR_CONDITIONAL)
    shares: Table = np.where(priors.depends, by_row, overall)
    return np.asarray(np.maximum(shares, priors.floor))


def _at_least(chance: Table, seen: Table, data: _Data) -> Table:
    """Return what chance gives, no less of partial agreement than strangers show.

    Exact agreement is known from the frequencies of values.
    """
    priors = data.priors
    n_pairs = np.maximum(data.n_differing * priors.row_shares, seen.sum(axis=0))
    shown = seen / np.maximum(n_pairs, 1.0)
    least = np.where(priors.partly, np.maximum(chance, shown), chance)
    least[0] = np.maximum(1 - least[1:].sum(axis=0), FLOOR)
    return np.where(priors.sampled & priors.shown, least / least.sum(axis=0), chance)


def _learnt(sums: Table, priors: Priors, chance: Table) -> Table:
    """Return the level probabilities of matches and of each class of relatives.

    A row with few pairs is drawn to what all rows say together, and that to the prior.
    """
    shares = shrunk(priors.by_field(sums), priors.classes, _PRIOR_PAIRS)
    overall = bounded(shares, _most_unlike(shares, priors))
    by_row = np.where(priors.depends, shrunk(sums, overall, _PRIOR_PAIRS), overall)
    return monotone(by_row, chance, priors.levels)


def _most_unlike(shares: Table, priors: Priors) -> Table:
    """Return the largest share of each class that may be unlike in a field.

    Without a bound the class of matches could drift to pairs of strangers that have
    something else in common, and still explain the candidates well. A lasting value
    that is unlike was written wrong, which at other times goes less far: where nobody
    is hardly alike, those unlike are twins, or a parent and a child of one name.
    """
    bounds: Table = np.ones(shares.shape[1:])
    most = _UNLIKE_OFTEN + _UNLIKE_TIMES * priors.classes[0, :1]
    hardly_alike = shares[:, :1].sum(axis=0, where=priors.hardly)
    slips = np.minimum(most, _SLIP_TIMES * hardly_alike)
    bounds[:1] = np.where(priors.lasting, slips, most)
    return bounds


def _plausible(related: Table, priors: Priors) -> Table:
    """Return the probabilities of relatives, who agree no more than is plausible.

    Without a bound the class of relatives could drift to matches of poor quality.
    """
    expected = priors.classes[:, 1:].sum(axis=0, where=priors.alike)
    alike = np.maximum(related.sum(axis=0, where=priors.alike), FLOOR)
    kept = np.minimum(alike, np.minimum(_AGREE_TIMES * expected, 1.0))
    unlike = np.maximum(1 - alike, FLOOR)
    factors = np.where(priors.alike, kept / alike, (1 - kept) / unlike)
    floored = np.maximum(related * factors, priors.floor)
    shares: Table = floored / floored.sum(axis=0)
    return shares


def _model(
    priors: Priors, state: _State, support: Table, n_all: int, training: Training
) -> FellegiSunter:
    tables = []
    for i, field in enumerate(priors.fields):
        rows, n_levels = priors.rows(i), len(field.match)
        held = state.tables[:n_levels, :, rows]
        unrelated, match, *related = (
            tuple(map(tuple, table)) for table in held.transpose(1, 2, 0).tolist()
        )
        tables.append(
            FieldWeights(
                field.name,
                field.thresholds,
                match,
                unrelated,
                tuple(related),
                tuple(priors.fields[parent].name for parent in field.parents),
                field.mean_frequency,
                tuple(support[:n_levels, rows.start].round(3).tolist()),
            )
        )
    match_rate, *rates = (n_pairs / n_all for n_pairs in state.n_pairs)
    return FellegiSunter(tuple(tables), match_rate, tuple(rates), training=training)
