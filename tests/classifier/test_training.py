from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from tests.strategies import FEW

from custmerge.classifier import FellegiSunter, FieldPrior, Patterns, train
from custmerge.classifier.levels import Levels
from custmerge.classifier.priors import Priors
from custmerge.classifier.training import (
    _cells,
    _Data,
    _maximised,
    _start,
)

_N_LEVELS = (3, 2, 3, 4)
_PARENTS: tuple[tuple[int, ...], ...] = ((), (0,), (), (0, 2))
_N_CLASSES = 2
"""Of relatives."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What `train` is given, the patterns as levels still."""

    priors: list[FieldPrior]
    columns: list[Levels]
    copies: NDArray[np.float64]
    n_all: int
    n_differing: int


def _shares(n_levels: int) -> st.SearchStrategy[tuple[float, ...]]:
    part = st.sampled_from([1e-4, 0.01, 0.3, 1.0])
    parts = st.lists(part, min_size=n_levels, max_size=n_levels)
    return parts.map(lambda drawn: tuple(one / sum(drawn) for one in drawn))


@st.composite
def _tasks(draw: st.DrawFn) -> _Task:
    """Any priors, any levels of candidates, any copies, any number of all pairs."""
    priors = [
        FieldPrior(
            f"field_{i}",
            tuple(np.linspace(0.5, 1.0, n_levels - 1).tolist()),
            draw(_shares(n_levels)),
            np.asarray([draw(_shares(n_levels)) for _ in range(4 if parents else 1)]),
            draw(_shares(n_levels)),
            draw(_shares(n_levels)),
            tuple(draw(st.none() | _shares(n_levels)) for _ in range(_N_CLASSES)),
            parents,
            row_shares=draw(_shares(4 if parents else 1)),
            sampled=draw(st.booleans()),
        )
        for i, (n_levels, parents) in enumerate(zip(_N_LEVELS, _PARENTS, strict=True))
    ]
    n_pairs = draw(st.integers(0, 12))
    repeats = draw(st.sampled_from([1, 50]))

    def column(values: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(values, min_size=n_pairs, max_size=n_pairs)) * repeats

    columns = [
        np.asarray(column(st.integers(-1, n_levels - 1)), dtype=np.int8)
        for n_levels in _N_LEVELS
    ]
    copies = np.asarray(column(st.sampled_from([0.0, 1.0, 3.5])), dtype=np.float64)
    total = int(np.ceil(np.maximum(copies, 1).sum()))
    n_all = draw(st.sampled_from([max(total, 1), total + 50, 10**6, 10**12]))
    n_differing = max(n_all - int(copies.sum()), 1)
    return _Task(priors, columns, copies, n_all, n_differing)


def _train(task: _Task) -> FellegiSunter:
    patterns = Patterns.of(task.columns, task.copies)
    return train(task.priors, patterns, task.n_all, task.n_differing)


def _of(columns: list[Levels]) -> Patterns:
    """Take all pairs for pairs of records that differ."""
    return Patterns.of(columns, np.zeros(len(columns[0])))


def _tables(model: FellegiSunter) -> list[tuple[float, ...]]:
    return [
        row
        for field in model.fields
        for table in (field.match, field.unrelated, *field.related)
        for row in table
    ]


@given(_tasks())
@FEW
def test_no_level_degenerates_whatever_the_patterns(task: _Task) -> None:
    for table in _tables(_train(task)):
        assert min(table) > 0
        assert sum(table) == pytest.approx(1, abs=1e-6)


@given(_tasks())
@FEW
def test_rates_stay_probabilities(task: _Task) -> None:
    model = _train(task)
    assert 0 < model.match_rate < 1
    assert len(model.related_rates) == _N_CLASSES
    assert min(model.related_rates) >= 0
    assert model.match_rate + sum(model.related_rates) < 1


@given(_tasks())
@FEW
def test_more_alike_never_counts_less(task: _Task) -> None:
    for item in _train(task).fields:
        assert (np.diff(item.bits()[:, :-1], axis=1) >= -1e-9).all()


@given(_tasks())
@FEW
def test_order_of_the_candidates_does_not_matter(task: _Task) -> None:
    columns = [column[::-1] for column in task.columns]
    backwards = replace(task, columns=columns, copies=task.copies[::-1])
    assert _train(backwards) == _train(task)


def test_more_alike_never_counts_less_where_chance_is_tiny() -> None:
    chance = np.asarray([[1e-7, 1e-7, 1 - 3e-7, 1e-7]])
    prior = FieldPrior("name", (0.5, 0.75, 1.0), (0.25,) * 4, chance, (0.25,) * 4)
    model = train([prior], _of([np.empty(0, np.int8)]), 1, 1)
    assert (np.diff(model.fields[0].bits()[0, :-1]) >= -1e-3).all()


def _prior(
    name: str, match: float, chance: float, shared: float | None = None
) -> FieldPrior:
    """A field of two levels, by how often pairs agree on it."""
    by_chance = (1 - chance, chance)
    kin = None if shared is None else (1 - shared, shared)
    return FieldPrior(
        name,
        (1.0,),
        (1 - match, match),
        np.asarray([by_chance]),
        by_chance,
        by_chance,
        (kin,),
    )


# Chance is what all pairs show, the few matches among them included.
NAME = FieldPrior(
    "name",
    (0.8, 1.0),
    (0.1, 0.2, 0.7),
    np.asarray([[0.9482, 0.0404, 0.0114]]),
    (0.95, 0.04, 0.01),
    (0.9482, 0.0404, 0.0114),
    (None,),
)
EMAIL = _prior("email", 0.7, 0.0017)
CITY = _prior("city", 0.8, 0.2, shared=0.8)
BIRTH = _prior("birth", 0.8, 0.0019)
FOUR = [NAME, EMAIL, BIRTH, CITY]
N_ALL = 10**6


@cache
def _drawn() -> tuple[list[Levels], int]:
    """Levels of the pairs that agree on something rare, and the number of matches.

    Among all pairs 2,000 are matches and 3,000 related.
    """
    rng = np.random.default_rng(1)
    sizes = (2_000, 3_000, N_ALL - 5_000)
    chances = {
        "name": ([0.05, 0.25, 0.7], [0.95, 0.04, 0.01], [0.95, 0.04, 0.01]),
        "email": ([0.4, 0.6], [0.9995, 0.0005], [0.9995, 0.0005]),
        "birth": ([0.1, 0.9], [0.9999, 0.0001], [0.9999, 0.0001]),
        "city": ([0.1, 0.9], [0.03, 0.97], [0.8, 0.2]),
    }
    drawn = [
        np.concatenate(
            [
                rng.choice(len(p), size, p=p).astype(np.int8)
                for p, size in zip(classes, sizes, strict=True)
            ]
        )
        for classes in chances.values()
    ]
    candidate = (drawn[0] == 2) | (drawn[1] == 1) | (drawn[2] == 1)
    columns = [column[candidate] for column in drawn]
    return columns, int(candidate[: sizes[0]].sum())


def test_training_finds_the_matches_the_pairs_were_drawn_from() -> None:
    columns, n_matches = _drawn()
    model = train(FOUR, _of(columns), N_ALL, N_ALL)
    name, email, birth, city = model.fields
    assert model.training.converged
    assert model.match_rate * N_ALL == pytest.approx(n_matches, rel=0.05)
    assert name.match[0] == pytest.approx([0.05, 0.25, 0.7], abs=0.03)
    assert email.match[0] == pytest.approx([0.4, 0.6], abs=0.03)
    assert birth.match[0] == pytest.approx([0.1, 0.9], abs=0.03)
    assert city.match[0] == pytest.approx([0.1, 0.9], abs=0.03)


def test_relatives_differ_from_the_unrelated_only_in_what_they_share() -> None:
    columns, _ = _drawn()
    model = train(FOUR, _of(columns), N_ALL, N_ALL)
    name, email, birth, city = model.fields
    assert name.related == (name.unrelated,)
    assert email.related == (email.unrelated,)
    assert birth.related == (birth.unrelated,)
    assert city.related[0][0][1] > city.unrelated[0][1]


@pytest.mark.parametrize("priors", [[NAME, EMAIL], [CITY], []])
def test_without_shared_and_own_fields_there_are_no_relatives(
    priors: list[FieldPrior],
) -> None:
    columns = [np.zeros(5, dtype=np.int8) for _ in priors]
    model = train(priors, Patterns.of(columns, np.zeros(5)), 10, 10)
    assert not any(model.related_rates)


def test_field_that_its_parent_decides_adds_nothing() -> None:
    """A city that follows from the postcode: where that agrees, so does the city."""
    columns, _ = _drawn()
    chance = np.asarray([[0.8, 0.2], [0.9, 0.1], [0.001, 0.999]])
    again = replace(
        _prior("region", 0.8, 0.2), chance=chance, related=(None,), parents=(3,)
    )
    copied = [*columns, columns[3]]
    region = train([*FOUR, again], _of(copied), N_ALL, N_ALL).fields[4]
    assert region.parents == ("city",)
    assert region.bits()[2, 1] == pytest.approx(0, abs=0.05)


def test_partial_agreement_is_no_rarer_than_strangers_show_it() -> None:
    """Mails made of names are alike where names nearly are, as no random pair shows."""
    columns, _ = _drawn()
    names, births = columns[0], columns[2]
    mails = 2 * columns[1]
    mails[np.flatnonzero((names == 1) & (births == 0))[::2]] = 1
    n_alike = int(((names == 1) & (mails == 1)).sum())
    by_chance = (0.99949, 0.00001, 0.0005)
    mail = FieldPrior(
        "mail",
        (0.9, 1.0),
        (0.2, 0.1, 0.7),
        np.asarray([by_chance] * 4),
        by_chance,
        by_chance,
        (None,),
        (0,),
        row_shares=(0.0, 0.95, 0.04, 0.01),
    )
    priors = [NAME, mail, BIRTH, CITY]
    model = train(priors, _of([names, mails, *columns[2:]]), N_ALL, N_ALL)
    shown = n_alike / (0.04 * N_ALL)
    assert shown > 10 * by_chance[1]
    assert model.fields[1].unrelated[2][1] == pytest.approx(shown, rel=0.2)


@pytest.mark.parametrize(("sampled", "shown"), [(False, 0.0005), (True, 0.0079)])
def test_matches_are_taken_off_what_all_pairs_show_beside_another_field(
    sampled: bool, shown: float
) -> None:
    columns, _ = _drawn()
    # Of 2,000 matches 60 % have one mail, of other pairs 0.05 %, whatever the name.
    chance = [(0.998, 0.002), (0.99944, 0.00056), (0.9921, 0.0079), (0.926, 0.074)]
    mail = replace(
        EMAIL,
        chance=np.asarray(chance),
        parents=(0,),
        row_shares=(0.0, 0.9482, 0.0404, 0.0114),
        sampled=sampled,
    )
    model = train([NAME, mail, BIRTH, CITY], _of(columns), N_ALL, N_ALL)
    assert model.fields[1].unrelated[2][1] == pytest.approx(shown, rel=0.4)


def test_field_of_two_parents_adds_nothing_where_both_decide_it() -> None:
    """It agrees exactly where both do, so that the lesser of their levels tells it."""
    columns, _ = _drawn()
    street = np.arange(len(columns[3])) % 2
    chance = np.asarray([[0.9, 0.1], [0.999, 0.001], [0.001, 0.999]])
    both = replace(_prior("area", 0.4, 0.1), chance=chance, parents=(3, 4))
    levels = [*columns, street.astype(np.int8), np.minimum(columns[3], street)]
    priors = [*FOUR, _prior("street", 0.5, 0.5), both]
    area = train(priors, _of(levels), N_ALL, N_ALL).fields[5]
    assert area.parents == ("city", "street")
    assert area.bits()[2, 1] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("n_copies", [1, 2_000])
def test_copies_do_not_change_what_chance_gives(n_copies: int) -> None:
    priors = [NAME, EMAIL]
    none = [np.empty(0, dtype=np.int8)] * 2
    alike = [np.full(n_copies, top, dtype=np.int8) for top in (2, 1)]
    plain = train(priors, _of(none), N_ALL, N_ALL)
    copied, apart = (
        train(priors, Patterns.of(alike, np.full(n_copies, copies)), N_ALL, N_ALL)
        for copies in (1.0, 0.0)
    )
    for i in range(len(priors)):
        assert copied.fields[i].unrelated == plain.fields[i].unrelated
        assert apart.fields[i].unrelated != plain.fields[i].unrelated


def test_class_of_matches_keeps_to_pairs_alike_in_a_field_matches_agree_on() -> None:
    """Thousands of pairs share an e-mail and a birthday, under names all unlike."""
    columns = [np.full(5_000, level, dtype=np.int8) for level in (0, 1, 1)]
    model = train([NAME, EMAIL, BIRTH], _of(columns), N_ALL, N_ALL)
    # Unlike names are expected of a tenth of the matches.
    assert 0.2 < model.fields[0].match[0][0] < 0.1 + 3 * 0.1 + 1e-9


@pytest.mark.parametrize("n_hardly", [0, 400])
def test_lasting_field_is_unlike_where_slips_are_seen(n_hardly: int) -> None:
    n_alike, n_unlike = 3_000, 600
    levels = np.repeat([0, 1, 2], [n_unlike, n_hardly, n_alike]).astype(np.int8)
    agree = np.ones_like(levels)
    lasting = replace(NAME, lasting=True)
    columns = [levels, agree, agree]
    shares = train([lasting, EMAIL, BIRTH], _of(columns), N_ALL, N_ALL).fields[0]
    match = shares.match[0]
    if n_hardly:
        assert match[0] == pytest.approx(n_unlike / len(levels), abs=0.01)
    else:
        # The prior alone is left: as much as twenty records, a fifth hardly alike.
        assert match[0] < 3 * 0.2 * 20 / n_alike


def test_two_classes_of_relatives_are_told_apart() -> None:
    """Some share the city, others the e-mail."""
    columns, _ = _drawn()
    city = replace(CITY, related=(*CITY.related, None))
    email = replace(EMAIL, related=(None, (0.5, 0.5)))
    name, birth = (replace(prior, related=(None, None)) for prior in (NAME, BIRTH))
    model = train([name, email, birth, city], _of(columns), N_ALL, N_ALL)
    _, found_email, _, found_city = model.fields
    assert min(model.related_rates) > 0
    assert found_email.related[0] == found_email.unrelated
    assert found_email.related[1] != found_email.unrelated
    assert found_city.related[0] != found_city.unrelated
    assert found_city.related[1] == found_city.unrelated


def test_model_of_no_candidates_is_its_prior() -> None:
    columns = [np.empty(0, dtype=np.int8)] * 2
    model = train([NAME, EMAIL], _of(columns), 1_000, 1_000)
    assert model.fields[0].match[0] == pytest.approx(NAME.match)
    assert model.training.n_pairs == 0


def test_support_says_how_many_matches_showed_each_level() -> None:
    columns, _ = _drawn()
    model = train(FOUR, _of(columns), N_ALL, N_ALL)
    expected = model.match_rate * N_ALL
    for item in model.fields:
        assert sum(item.support) == pytest.approx(expected, rel=0.01)


def test_training_that_runs_out_of_iterations_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custmerge.classifier.training._MAX_ITERATIONS", 1)
    columns, _ = _drawn()
    model = train(FOUR, _of(columns), N_ALL, N_ALL)
    assert not model.training.converged
    assert "still changing" in model.training.reason


def _labelled(columns: list[Levels], labels: NDArray[np.int8]) -> FellegiSunter:
    patterns = Patterns.of(columns, np.zeros(len(labels)), labels)
    return train(FOUR, patterns, N_ALL, N_ALL)


def test_labelled_pairs_count_as_what_they_are() -> None:
    columns, _ = _drawn()
    none = np.zeros(len(columns[0]), dtype=np.int8)
    plain = _labelled(columns, none)
    assert plain == train(FOUR, _of(columns), N_ALL, N_ALL)
    unlike = np.flatnonzero(columns[0] == 0)[:200]
    same, different = none.copy(), none.copy()
    same[unlike], different[unlike] = 1, -1
    more, fewer = _labelled(columns, same), _labelled(columns, different)
    assert more.fields[0].match[0][0] > plain.fields[0].match[0][0]
    assert more.match_rate > plain.match_rate > 0.9 * fewer.match_rate


def test_rate_of_matches_does_not_follow_which_pairs_were_labelled() -> None:
    columns, n_matches = _drawn()
    truth = np.arange(len(columns[0])) < n_matches
    plain = _labelled(columns, np.zeros(len(truth), dtype=np.int8))
    for chosen in (truth, ~truth):
        labels = np.zeros(len(truth), dtype=np.int8)
        told = np.flatnonzero(chosen)[:40]
        labels[told] = np.where(truth[told], 1, -1)
        rate = _labelled(columns, labels).match_rate
        assert rate == pytest.approx(plain.match_rate, rel=0.05)


def _data(task: _Task, chosen: list[int]) -> _Data:
    """What some of the fields are learnt from."""
    patterns = Patterns.of(task.columns, task.copies)
    whole = Priors.of(task.priors)
    some = Priors.of([task.priors[i] for i in chosen])
    n_levels, _, n_rows = some.chance.shape
    level, row = np.divmod(_cells(whole, patterns), whole.chance.shape[2])
    row += (some.starts - whole.starts[chosen])[0] if len(chosen) == 1 else 0
    cells = (np.minimum(level, n_levels) * n_rows + row)[chosen]
    return _Data(
        some,
        np.maximum(some.chance, some.floor),
        cells,
        patterns.counts,
        1 - patterns.n_copies / patterns.counts,
        patterns.labels,
        task.n_all,
        task.n_differing,
    )


@FEW
@given(_tasks(), st.integers(0, 10))
def test_field_is_learnt_beside_others_as_by_itself(task: _Task, seed: int) -> None:
    together = _data(task, list(range(len(task.priors))))
    start = _start(together.priors, task.n_all)
    shares = np.random.default_rng(seed).random((2 + _N_CLASSES, len(together.counts)))
    expected = shares / shares.sum(axis=0) * together.counts
    learnt = _maximised(start, together, expected)
    for i, prior in enumerate(task.priors):
        alone = _maximised(start, _data(task, [i]), expected)
        beside = learnt.tables[: len(prior.match), :, together.priors.rows(i)]
        np.testing.assert_allclose(alone.tables, beside, rtol=1e-9)
        assert alone.n_pairs == learnt.n_pairs
