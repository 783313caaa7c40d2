from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, pairs_of, tables

import custmerge as cm
from custmerge.classifier import FellegiSunter, to_levels
from custmerge.engines import fitting
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import Random, random_pairs
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.records import RecordTable

FIELDS = (
    cm.Field("name", "full_name", depends_on=(), shared={"branch": 0.3}),
    cm.Field(
        "city",
        "city",
        depends_on=("name",),
        shared={"household": 0.9, "branch": 0.5},
    ),
    cm.Field("code", "identifier", depends_on=(), shared={}),
)


def _of(table: RecordTable, fields: tuple[cm.Field, ...]) -> Evidence:
    """Take all rows for records that differ."""
    return Evidence.of(table, fields, np.arange(len(table)))


NOBODY = Pairs.of([], [])
"""Which pairs they are is of no concern to the fit."""


def _random(evidence: Evidence, rows: Rows) -> Random:
    thresholds = {field.name: field.levels for field in evidence.fields}
    return Random.of(evidence.among(rows), thresholds, 0)


def _fit(evidence: Evidence, vectors: SimilarityVectors) -> FellegiSunter:
    rows = np.arange(evidence.table.n_rows)
    candidates = fitting.TrainingPairs(NOBODY, vectors, np.zeros(len(vectors)))
    return fitting.fit(evidence, candidates, rows, _random(evidence, rows))


@pytest.mark.parametrize("n_rows", [0, 1, 2, 7])
def test_few_records_are_sampled_whole(n_rows: int) -> None:
    assert len(random_pairs(n_rows, 0)) == n_rows * (n_rows - 1) // 2


def test_sample_repeats_for_a_seed_and_differs_between_seeds() -> None:
    one, again, other = (random_pairs(2_000, seed) for seed in (1, 1, 2))
    assert (one.keys(2_000) == again.keys(2_000)).all()
    assert len(one) != len(other) or (one.left != other.left).any()


@pytest.mark.parametrize(
    ("n_rows", "n_pairs"), [(500, 50_000), (2_000, 100_000), (9_000, 400_000)]
)
def test_sample_grows_with_the_records_and_is_bounded(
    n_rows: int, n_pairs: int
) -> None:
    pairs = random_pairs(n_rows, 0)
    assert (pairs.left < pairs.right).all()
    n_all = n_rows * (n_rows - 1) / 2
    # Of pairs drawn more than once, each counts once.
    expected = n_all * -np.expm1(-n_pairs * (1 - 1 / n_rows) / n_all)
    assert len(pairs) == pytest.approx(expected, rel=0.01)


def test_random_pairs_alike_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_LEAST_SAMPLED", 60)
    monkeypatch.setattr(fitting, "_SAMPLED_PER_ROW", 3)
    columns = {
        "code": [f"c{i % 5}" if i % 7 else None for i in range(40)],
        "name": [f"ann lee{'x' * (i % 3)}" if i % 9 else None for i in range(40)],
    }
    evidence = _of(RecordTable.from_columns(columns, 40), (FIELDS[2], FIELDS[0]))
    random = _random(evidence, np.arange(40))
    assert random.counts.sum() == len(random.pairs)
    scores = evidence.scores(evidence.names, random.pairs)
    levels = [to_levels(scores[field.name], field.levels) for field in evidence.fields]
    seen = zip(*(column.tolist() for column in levels), strict=True)
    alike = zip(
        *(
            to_levels(random.alike.scores[field.name], field.levels).tolist()
            for field in evidence.fields
        ),
        strict=True,
    )
    assert Counter(seen) == dict(zip(alike, random.counts.tolist(), strict=True))


@given(tables(("name", "city", "code")), pairs_of(8))
@FEW
def test_any_candidates_fit_a_model_without_impossible_levels(
    table: RecordTable, pairs: Pairs
) -> None:
    pairs = pairs.take(pairs.right < len(table))
    evidence = _of(table, FIELDS)
    vectors = evidence.similarity(pairs)
    model = _fit(evidence, vectors)
    for field in model.fields:
        for rows in (field.match, field.unrelated, *field.related):
            assert min(map(min, rows)) > 0
            assert [sum(row) for row in rows] == pytest.approx([1.0] * len(rows))
    assert np.isfinite(model.weights(vectors)).all()


def test_chance_of_equality_is_counted_over_all_pairs() -> None:
    n_rows = 400
    values = [f"c{i % 20}" for i in range(n_rows)]
    table = RecordTable.from_columns({"code": values}, n_rows)
    evidence = _of(table, (FIELDS[2],))
    model = _fit(evidence, evidence.similarity(Pairs.of([], [])))
    assert model.fields[0].unrelated[0][-1] == pytest.approx(1 / 20, rel=0.1)
    assert model.fields[0].mean_frequency == pytest.approx(1 / 20)


def test_field_whose_values_follow_from_another_adds_little() -> None:
    n_rows = 300
    codes = [f"code {i % 30}" for i in range(n_rows)]
    fields = (
        cm.Field("zip", "postcode", depends_on=(), shared={}),
        cm.Field("city", "city", depends_on=("zip",), shared={}),
    )
    columns = {"zip": codes, "city": [f"town {code}" for code in codes]}
    evidence = _of(RecordTable.from_columns(columns, n_rows), fields)
    pairs = random_pairs(n_rows, 0)
    model = _fit(evidence, evidence.similarity(pairs))
    both = evidence.similarity(Pairs.of([0], [30]))
    parts = model.contributions(both)
    assert parts["city"][0] < 0.5 < parts["zip"][0]


def test_few_records_show_chance_without_what_their_matches_add() -> None:
    """Each person twice, the name mistyped: who is nearly called the same matches."""
    syllables = ["bal", "dor", "fen", "gim", "hus", "kav", "lop"]
    names = [a + b for a in syllables for b in syllables if a < b]
    fields = (
        cm.Field("name", "family_name", depends_on=(), shared={}),
        cm.Field("mail", "email", depends_on=("name",), shared={}),
        cm.Field("code", "identifier", depends_on=(), shared={}),
    )
    columns = {
        "name": names + [f"{name}z" for name in names],
        "mail": [f"{name}@mail.com" for name in names] * 2,
        "code": [f"{name}{i:03}" for i, name in enumerate(names)] * 2,
    }
    table = RecordTable.from_columns(columns, 2 * len(names))
    evidence = _of(table, fields)
    pairs = random_pairs(len(table), 0)
    model = _fit(evidence, evidence.similarity(pairs))
    nearly = len(fields[0].levels)
    assert model.fields[1].unrelated[nearly][-1] < 0.3


def test_fields_know_their_parents_and_their_classes_of_relatives() -> None:
    columns = {name: ["x", "y"] for name in ("name", "city", "code")}
    evidence = _of(RecordTable.from_columns(columns, 2), FIELDS)
    model = _fit(evidence, evidence.similarity(Pairs.of([0], [1])))
    name, city, code = model.fields
    assert [field.parents for field in model.fields] == [(), ("name",), ()]
    assert evidence.relatives == ("branch", "household")
    assert [table == name.unrelated for table in name.related] == [False, True]
    assert [table == city.unrelated for table in city.related] == [False, False]
    assert [table == code.unrelated for table in code.related] == [True, True]


def test_copies_do_not_change_what_chance_gives() -> None:
    once = [f"c{i % 98}" for i in range(100)]
    often = once + once[:1] * 200
    rows = np.arange(100)
    found = []
    for values in (once, often):
        table = RecordTable.from_columns({"code": values}, len(values))
        evidence = Evidence.of(table, (FIELDS[2],), rows)
        copies = np.arange(100, len(values))
        pairs = Pairs.of(np.zeros(len(copies), dtype=np.int64), copies)
        vectors = evidence.similarity(pairs)
        candidates = fitting.TrainingPairs(pairs, vectors, np.ones(len(pairs)))
        random = _random(evidence, rows)
        found.append(fitting.fit(evidence, candidates, rows, random))
    plain, copied = (model.fields[0] for model in found)
    assert copied.unrelated == plain.unrelated
    assert copied.mean_frequency == plain.mean_frequency
    assert found[1].match_rate * 299 > found[0].match_rate * 99


@given(st.integers(0, 3))
@FEW
def test_tables_of_hardly_any_records_fit(n_rows: int) -> None:
    table = RecordTable.from_columns({"code": ["x"] * n_rows}, n_rows)
    evidence = _of(table, (FIELDS[2],))
    pairs = random_pairs(n_rows, 0)
    assert 0 < _fit(evidence, evidence.similarity(pairs)).match_rate < 1


NAMES = (0.96, 0.02, 0.01, 0.005, 0.005)
INITIALS = (0.95, 1e-6, 1e-6, 1e-6, 0.05)


@pytest.mark.parametrize(
    ("field", "chance", "lasting"),
    [
        (cm.Field("name", "given_name"), NAMES, True),
        (cm.Field("name", "given_name"), INITIALS, False),
        (cm.Field("name", "given_name", levels=(0.7, 0.8, 0.9, 1.0)), NAMES, False),
        (cm.Field("name", "family_name"), NAMES, False),
    ],
)
def test_slips_are_expected_of_graded_values_that_last(
    field: cm.Field,
    chance: tuple[float, ...],
    lasting: bool,
) -> None:
    assert fitting._is_lasting(field, np.asarray(chance)) is lasting
