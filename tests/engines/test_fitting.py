from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, pairs_of, tables

import custmerge as cm
from custmerge.classifier import FellegiSunter
from custmerge.engines import fitting
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import random_pairs
from custmerge.pairs import Pairs, SimilarityVectors
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


def _fit(evidence: Evidence, vectors: SimilarityVectors) -> FellegiSunter:
    rows = np.arange(evidence.table.n_rows)
    return fitting.fit(
        evidence, fitting.Candidates(NOBODY, vectors, np.zeros(len(vectors))), rows, 0
    )


@pytest.mark.parametrize("n_rows", [0, 1, 2, 7])
def test_few_records_are_sampled_whole(n_rows: int) -> None:
    assert len(random_pairs(n_rows, 0)) == n_rows * (n_rows - 1) // 2


def test_sample_repeats_for_a_seed_and_differs_between_seeds() -> None:
    one, again, other = (random_pairs(2_000, seed) for seed in (1, 1, 2))
    assert (one.keys(2_000) == again.keys(2_000)).all()
    assert len(one) != len(other) or (one.left != other.left).any()


def test_sample_of_many_records_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_SAMPLE_PAIRS", 50)
    pairs = random_pairs(1_000, 0)
    assert 40 <= len(pairs) <= 50
    assert (pairs.left < pairs.right).all()


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
        found.append(
            fitting.fit(
                evidence,
                fitting.Candidates(pairs, vectors, np.ones(len(pairs))),
                rows,
                0,
            )
        )
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
