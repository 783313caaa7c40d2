from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import people

import custmerge as cm
from custmerge.clustering import numbered_groups
from custmerge.evaluation import b_cubed, cluster_exact, merge_distance, pairwise

MARY = {"name": "Mary Jones", "email": "mary@jones.org", "phone": "020 7946 0001"}
WANG = {"name": "王小明", "email": "wang@qq.com", "phone": "139 1234 5678"}
ROWS: list[dict[str, Any]] = [
    {"id": "m1", **MARY},
    {"id": "m2", **MARY},
    {"id": "m3", "name": "Zoe Poe", "email": "zp@poe.net", "phone": None},
    {"id": "w1", **WANG},
    {"id": "w2", **WANG},
    {"id": "x1", "name": "李娜", "email": "li@163.com", "phone": None},
]
TRUTH = ["m", "m", "m", "w", "x", "x"]
"""m3 is missed, w2 a false link, and with it x1 missed."""
RESULT = cm.resolve(ROWS, id="id")
IDS = [str(row["id"]) for row in ROWS]


def test_the_hand_worked_result_is_measured() -> None:
    assert RESULT.labels.tolist() == [0, 0, 1, 2, 2, 3]
    found = cm.evaluate(RESULT, TRUTH)
    assert (found.n_records, found.n_pairs) == (6, 4)
    assert (found.pairwise.precision, found.pairwise.recall) == (0.5, 0.25)
    assert found.pairwise.f1 == pytest.approx(1 / 3)
    assert found.n_errors["false_links"] == 1
    assert sum(found.n_errors.values()) == 1 + 3
    assert found.false_links == (("w1", "w2"),)
    missed = found.missed_by_blocking + found.missed_by_score
    assert set(missed) == {("m1", "m3"), ("m2", "m3"), ("w2", "x1")}
    assert found.merge_distance is not None
    assert found.merge_distance.distance == 3
    assert found.within_sources is None
    assert found.by_source == ()


FORMS: Mapping[str, object] = {
    "list": TRUTH,
    "tuple": tuple(TRUTH),
    "array": np.asarray(TRUTH),
    "series": pd.Series(TRUTH),
    "series of other rows": pd.Series(TRUTH, index=range(10, 16)),
    "series by id": pd.Series(TRUTH[::-1], index=IDS[::-1]),
    "polars": pl.Series(TRUTH),
    "mapping": dict(zip(IDS, TRUTH, strict=True)),
    "columns": {"id": IDS[::-1], "cluster_id": TRUTH[::-1]},
    "rows": [
        {"record_id": i, "who": label} for i, label in zip(IDS, TRUTH, strict=True)
    ],
    "pandas": pd.DataFrame({"id": IDS, "entity_id": TRUTH, "note": ""}),
    "one column": pd.DataFrame({"label": TRUTH}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_truth_is_the_same_in_every_form(form: str) -> None:
    assert cm.evaluate(RESULT, FORMS[form]).to_dict() == (
        cm.evaluate(RESULT, TRUTH).to_dict()
    )


def test_a_series_by_id_may_tell_of_some_records() -> None:
    of_some = dict(list(zip(IDS, TRUTH, strict=True))[1:5])
    found = cm.evaluate(RESULT, pd.Series(of_some).sample(frac=1, random_state=1))
    assert found.to_dict() == cm.evaluate(RESULT, of_some).to_dict()


def test_a_truth_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    pl.DataFrame({"id": IDS, "cluster_id": TRUTH}).write_csv(path)
    assert cm.evaluate(RESULT, path).n_pairs == 4


def test_labelled_pairs_are_measured_pair_by_pair() -> None:
    found = cm.evaluate(
        RESULT, [("m1", "m2", True), ("m1", "m3", True), ("w1", "w2", False)]
    )
    assert (found.pairwise.precision, found.pairwise.recall) == (0.5, 0.5)
    assert found.b_cubed is None
    assert found.cluster is None
    assert found.merge_distance is None
    assert found.to_dict()["b_cubed"] is None
    assert found.false_links == (("w1", "w2"),)
    ids = {"left_id": ["m1", "m1"], "right_id": ["m2", "m3"]}
    table = pd.DataFrame({**ids, "same": [None, True]})
    assert cm.evaluate(RESULT, table).n_pairs == 1


def test_records_without_a_label_do_not_count() -> None:
    found = cm.evaluate(RESULT, {"m1": 1, "m2": 1, "w1": 2})
    assert found.n_records == 3
    assert (found.pairwise.precision, found.pairwise.recall) == (1.0, 1.0)
    assert cm.evaluate(RESULT, ["m", "m", None, "w", None, float("nan")]).n_records == 3


def test_records_beside_complete_clusters_are_strangers_to_them() -> None:
    found = cm.evaluate(RESULT, {"m1": 1, "m2": 1, "w1": 2}, complete=True)
    # One pair is right; of the false link half counts, the other end's is elsewhere.
    assert found.pairwise.precision == pytest.approx(1 / 1.5)
    assert found.n_errors["false_links"] == 1
    assert found.false_links == (("w1", "w2"),)
    assert found.cluster is not None
    assert found.cluster.recall == 0.5


def test_errors_are_split_by_what_went_wrong() -> None:
    rows = [*ROWS, {"id": "m4", "name": "Mary Jones", "email": None, "phone": None}]
    apart = cm.resolve(rows, id="id", cannot_link=[("m1", "m2")])
    found = cm.evaluate(apart, [*TRUTH, "m"])
    assert ("m1", "m2") in found.cut_by_clustering
    for name, listed in (
        ("missed_by_blocking", found.missed_by_blocking),
        ("missed_by_score", found.missed_by_score),
        ("cut_by_clustering", found.cut_by_clustering),
        ("false_links", found.false_links),
    ):
        assert len(listed) == found.n_errors[name]
    assert [row["error"] for row in found.errors].count("cut_by_clustering") == len(
        found.cut_by_clustering
    )


def test_false_links_that_were_never_compared_are_found() -> None:
    merged = RESULT.merge([0, 2, 3])
    found = cm.evaluate(merged, TRUTH)
    assert found.n_errors["false_links"] == len(found.false_links) == 8
    assert ("m1", "x1") in found.false_links
    weights = [row["weight"] for row in found.errors if row["error"] == "false_links"]
    assert np.isnan(weights[-1])


def test_every_cluster_has_an_example_before_any_has_two() -> None:
    truth = ["a", "a", "a", "b", "c", "c"]
    found = cm.evaluate(RESULT, truth, n_examples=2)
    missed = found.missed_by_blocking or found.missed_by_score
    assert [left for left, _ in missed] == ["m1", "w2"]


def test_scores_by_source_add_up() -> None:
    crm, web = [ROWS[i] for i in (0, 2, 3)], [ROWS[i] for i in (1, 4, 5)]
    result = cm.resolve({"crm": crm, "web": web}, id="id")
    truth = [TRUTH[i] for i in (0, 2, 3, 1, 4, 5)]
    found = cm.evaluate(result, truth)
    named = {(row.left, row.right): row for row in found.by_source}
    assert named["crm", "crm"].n_true == 1
    assert named["crm", "web"].n_true == 2
    assert named["web", "web"].n_true == 1
    assert sum(row.n_true for row in found.by_source) == found.n_pairs
    assert found.between_sources is not None
    assert found.between_sources.recall == named["crm", "web"].recall
    assert found.false_links == ((("crm", "w1"), ("web", "w2")),)


@st.composite
def clusterings(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    one = st.lists(st.integers(0, 3), min_size=9, max_size=9)
    return draw(one), draw(one)


@settings(max_examples=40, deadline=None)
@given(clusterings())
def test_values_are_those_of_the_measures(drawn: tuple[list[int], list[int]]) -> None:
    labels, truth = drawn
    result = _labelled(labels)
    found = cm.evaluate(result, truth)
    for ours, theirs in (
        (found.pairwise, pairwise(labels, truth)),
        (found.b_cubed, b_cubed(labels, truth)),
        (found.cluster, cluster_exact(labels, truth)),
    ):
        assert ours is not None
        assert ours.precision == pytest.approx(theirs.precision)
        assert ours.recall == pytest.approx(theirs.recall)
        assert ours.f1 == pytest.approx(theirs.f1)
        low, high = ours.f1_interval
        assert 0 <= low <= high <= 1
    assert found.merge_distance == merge_distance(labels, truth)
    wrong = _wrong(labels, truth)
    assert sum(found.n_errors.values()) == len(wrong)
    named = (
        found.false_links
        + found.cut_by_clustering
        + found.missed_by_blocking
        + found.missed_by_score
    )
    assert set(named) <= wrong
    assert sum(row.n_found for row in found.by_size) == len(set(labels))
    assert sum(row.n_true for row in found.by_size) == len(set(truth))
    assert {type(row.precision) for row in found.by_size} == {float}


def _labelled(labels: Sequence[int]) -> cm.Resolution:
    """Return a result of nine records with these entities."""
    groups = numbered_groups(np.asarray(labels, dtype=np.int64))
    return replace(NINE, labels=groups)


NINE = cm.resolve(people(7) + people(2))


def _wrong(labels: Sequence[int], truth: Sequence[int]) -> set[tuple[int, int]]:
    pairs = combinations(range(len(labels)), 2)
    return {
        (i, j) for i, j in pairs if (labels[i] == labels[j]) != (truth[i] == truth[j])
    }


def test_an_evaluation_is_shown_and_is_plain_data() -> None:
    found = cm.evaluate(RESULT, TRUTH)
    assert repr(found).startswith("Evaluation(pairwise precision 0.500")
    assert "false links" in str(found)
    assert "<table>" in found._repr_html_()
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["pairwise"]["f1"] == found.pairwise.f1
    assert plain["cluster"]["recall_interval"][1] <= 1
    assert plain["merge_distance"]["distance"] == 3


@pytest.mark.parametrize(
    ("truth", "told"),
    [
        ([1, 2], "2 labels"),
        (7, "not a int"),
        ({"nobody": 1}, "none of its records .* by the ids of result.assignments"),
        ({"id": ["m1", "m1"], "label": [1, 2]}, "several labels"),
        ({"who": ["m1"], "a": [1], "b": [2]}, "column of ids"),
        ([("m1", "m1", True)], "one record twice"),
        ([("m1", "m2", True), ("m2", "m1", False)], "both"),
        ([("m1", "nobody", True)], "no single record"),
        ([None] * 6, "says nothing"),
        ({"m1": None}, "says nothing"),
        ([("m1", "m2", None)], "says nothing"),
        ({"id": ["m1"], "label": [None]}, "says nothing"),
    ],
)
def test_what_is_no_truth_is_an_error(truth: object, told: str) -> None:
    with pytest.raises(cm.InvalidInputError, match=told):
        cm.evaluate(RESULT, truth)


def test_records_that_are_not_there_are_a_warning() -> None:
    with pytest.warns(cm.CustmergeWarning, match="names 1 records"):
        assert cm.evaluate(RESULT, {"m1": 1, "nobody": 1}).n_records == 1


def test_records_that_are_not_there_are_warned_of_where_the_caller_stands() -> None:
    with pytest.warns(cm.CustmergeWarning) as caught:
        cm.evaluate(RESULT, {"m1": 1, "nobody": 1})
    assert [warning.filename for warning in caught] == [__file__]


def test_scores_are_plain_numbers() -> None:
    found = cm.evaluate(RESULT, TRUTH)
    assert "np." not in repr((found.by_size, found.by_source, found.to_dict()))


@pytest.mark.parametrize("n", [-1, 1.5, "many", None])
def test_what_is_no_number_of_examples_is_an_error(n: Any) -> None:
    assert cm.evaluate(RESULT, TRUTH, n_examples=0).false_links == ()
    with pytest.raises(cm.InvalidInputError, match="n_examples must be a whole"):
        cm.evaluate(RESULT, TRUTH, n_examples=n)


def test_what_is_no_result_is_an_error() -> None:
    with pytest.raises(cm.InvalidInputError, match="must be a Resolution"):
        cm.evaluate([1, 2], [1, 2])  # type: ignore[arg-type]
