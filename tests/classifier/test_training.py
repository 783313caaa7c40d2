from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW

from custmerge.classifier import FellegiSunter, FieldPrior, Patterns, train
from custmerge.classifier.levels import Levels

_N_LEVELS = (3, 2, 4)
_PARENTS = ((None, 1), (0, 4), (None, 1))
"""For each field the field it depends on, and the rows that its tables have so."""


def _shares(n_levels: int) -> st.SearchStrategy[tuple[float, ...]]:
    part = st.sampled_from([1e-4, 0.01, 0.3, 1.0])
    parts = st.lists(part, min_size=n_levels, max_size=n_levels)
    return parts.map(lambda drawn: tuple(one / sum(drawn) for one in drawn))


@st.composite
def _tasks(draw: st.DrawFn) -> tuple[list[FieldPrior], list[Levels], int, int]:
    """Any priors, any levels of candidates, any number of all pairs."""
    priors = [
        FieldPrior(
            f"field_{i}",
            tuple(np.linspace(0.5, 1.0, n_levels - 1).tolist()),
            draw(_shares(n_levels)),
            np.asarray([draw(_shares(n_levels)) for _ in range(n_rows)]),
            draw(_shares(n_levels)),
            draw(st.none() | _shares(n_levels)),
            parent,
        )
        for i, (n_levels, (parent, n_rows)) in enumerate(
            zip(_N_LEVELS, _PARENTS, strict=True)
        )
    ]
    n_pairs = draw(st.integers(0, 12))
    repeats = draw(st.sampled_from([1, 50]))
    columns = [
        np.asarray(
            draw(
                st.lists(
                    st.integers(-1, n_levels - 1), min_size=n_pairs, max_size=n_pairs
                )
            )
            * repeats,
            dtype=np.int8,
        )
        for n_levels in _N_LEVELS
    ]
    total = n_pairs * repeats
    n_all = draw(st.sampled_from([max(total, 1), total + 50, 10**6, 10**12]))
    return priors, columns, total, n_all


def _train(task: tuple[list[FieldPrior], list[Levels], int, int]) -> FellegiSunter:
    priors, columns, n_pairs, n_all = task
    return train(priors, Patterns.of(columns, n_pairs), n_all)


def _tables(model: FellegiSunter) -> list[tuple[float, ...]]:
    return [
        row
        for field in model.fields
        for table in (field.match, field.unrelated, field.related)
        for row in table
    ]


@given(_tasks())
@FEW
def test_no_level_degenerates_whatever_the_patterns(
    task: tuple[list[FieldPrior], list[Levels], int, int],
) -> None:
    for table in _tables(_train(task)):
        assert min(table) > 0
        assert sum(table) == pytest.approx(1, abs=1e-6)


@given(_tasks())
@FEW
def test_rates_stay_probabilities(
    task: tuple[list[FieldPrior], list[Levels], int, int],
) -> None:
    model = _train(task)
    assert 0 < model.match_rate < 1
    assert model.related_rate >= 0
    assert model.match_rate + model.related_rate < 1


@given(_tasks())
@FEW
def test_more_alike_never_counts_less(
    task: tuple[list[FieldPrior], list[Levels], int, int],
) -> None:
    for item in _train(task).fields:
        assert (np.diff(item.bits()[:, :-1], axis=1) >= -1e-3).all()


@given(_tasks())
@FEW
def test_order_of_the_candidates_does_not_matter(
    task: tuple[list[FieldPrior], list[Levels], int, int],
) -> None:
    priors, columns, n_pairs, n_all = task
    backwards = [column[::-1] for column in columns]
    assert _train((priors, backwards, n_pairs, n_all)) == _train(task)


def test_more_alike_never_counts_less_where_chance_is_tiny() -> None:
    chance = np.asarray([[1e-7, 1e-7, 1 - 3e-7, 1e-7]])
    prior = FieldPrior("name", (0.5, 0.75, 1.0), (0.25,) * 4, chance, (0.25,) * 4)
    model = train([prior], Patterns.of([np.empty(0, np.int8)], 0), 1)
    assert (np.diff(model.fields[0].bits()[0, :-1]) >= -1e-3).all()


# Chance is what all pairs show, the few matches among them included.
NAME = FieldPrior(
    "name",
    (0.8, 1.0),
    (0.1, 0.2, 0.7),
    np.asarray([[0.9482, 0.0404, 0.0114]]),
    (0.95, 0.04, 0.01),
)
EMAIL = FieldPrior(
    "email", (1.0,), (0.3, 0.7), np.asarray([[0.9983, 0.0017]]), (0.999, 0.001)
)
CITY = FieldPrior(
    "city", (1.0,), (0.2, 0.8), np.asarray([[0.8, 0.2]]), (0.8, 0.2), (0.2, 0.8)
)
BIRTH = FieldPrior(
    "birth", (1.0,), (0.2, 0.8), np.asarray([[0.9981, 0.0019]]), (0.999, 0.001)
)
FOUR = [NAME, EMAIL, BIRTH, CITY]
N_ALL = 10**6


@cache
def _drawn() -> tuple[list[Levels], int, int]:
    """Levels of the pairs that agree on something rare, their number, and matches'.

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
    return columns, int(candidate.sum()), int(candidate[: sizes[0]].sum())


def test_training_finds_the_matches_the_pairs_were_drawn_from() -> None:
    columns, n_pairs, n_matches = _drawn()
    model = train(FOUR, Patterns.of(columns, n_pairs), N_ALL)
    name, email, birth, city = model.fields
    assert model.training.converged
    assert model.match_rate * N_ALL == pytest.approx(n_matches, rel=0.05)
    assert name.match[0] == pytest.approx([0.05, 0.25, 0.7], abs=0.03)
    assert email.match[0] == pytest.approx([0.4, 0.6], abs=0.03)
    assert birth.match[0] == pytest.approx([0.1, 0.9], abs=0.03)
    assert city.match[0] == pytest.approx([0.1, 0.9], abs=0.03)


def test_relatives_differ_from_the_unrelated_only_in_what_they_share() -> None:
    columns, n_pairs, _ = _drawn()
    model = train(FOUR, Patterns.of(columns, n_pairs), N_ALL)
    name, email, birth, city = model.fields
    assert name.related == name.unrelated
    assert email.related == email.unrelated
    assert birth.related == birth.unrelated
    assert city.related[0][1] > city.unrelated[0][1]


@pytest.mark.parametrize("priors", [[NAME, EMAIL], [CITY], []])
def test_without_shared_and_own_fields_there_are_no_relatives(
    priors: list[FieldPrior],
) -> None:
    columns = [np.zeros(5, dtype=np.int8) for _ in priors]
    model = train(priors, Patterns.of(columns, 5), 10)
    assert model.related_rate == 0


def test_field_that_its_parent_decides_adds_nothing() -> None:
    """A city that follows from the postcode: where that agrees, so does the city."""
    columns, n_pairs, _ = _drawn()
    chance = np.asarray([[0.8, 0.2], [0.9, 0.1], [0.001, 0.999]])
    again = FieldPrior("region", (1.0,), (0.2, 0.8), chance, (0.8, 0.2), None, 3)
    copied = [*columns, columns[3]]
    priors = [*FOUR, again]
    region = train(priors, Patterns.of(copied, n_pairs), N_ALL).fields[4]
    assert region.parent == "city"
    assert region.bits()[2, 1] == pytest.approx(0, abs=0.05)


def test_model_of_no_candidates_is_its_prior() -> None:
    columns = [np.empty(0, dtype=np.int8)] * 2
    model = train([NAME, EMAIL], Patterns.of(columns, 0), 1_000)
    assert model.fields[0].match[0] == pytest.approx(NAME.match)
    assert model.training.n_pairs == 0


def test_support_says_how_many_matches_showed_each_level() -> None:
    columns, n_pairs, _ = _drawn()
    model = train(FOUR, Patterns.of(columns, n_pairs), N_ALL)
    expected = model.match_rate * N_ALL
    for item in model.fields:
        assert sum(item.support) == pytest.approx(expected, rel=0.01)


def test_training_that_runs_out_of_iterations_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custmerge.classifier.training._MAX_ITERATIONS", 1)
    columns, n_pairs, _ = _drawn()
    model = train(FOUR, Patterns.of(columns, n_pairs), N_ALL)
    assert not model.training.converged
    assert "still changing" in model.training.reason
