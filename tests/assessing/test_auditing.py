from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.strategies import people

import custmerge as cm
from custmerge.assessing.estimates import Judgements
from custmerge.assessing.frames import Frame, allocated
from custmerge.pairs import Pairs

ROWS: list[dict[str, Any]] = [
    {"customer_id": f"C{i:03}", **row} for i, row in enumerate(people(60))
]
AGAIN = [
    {**row, "customer_id": f"D{i:03}", "email": None, "phone": None}
    for i, row in enumerate(ROWS[:25])
]
CHINESE = [
    {
        "customer_id": f"Z{i}",
        "first_name": "小明",
        "last_name": "王",
        "phone": "1391234",
    }
    for i in range(3)
]
RESULT = cm.resolve([*ROWS, *AGAIN, *CHINESE], id="customer_id")


def _is_same(row: dict[str, Any]) -> bool:
    one, other = row["left_id"], row["right_id"]
    return bool(one[1:] == other[1:] or one[0] == other[0] == "Z")


def _judged(sample: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "same": _is_same(row)} for row in sample]


def test_a_sample_holds_pairs_to_judge_side_by_side() -> None:
    sample = cm.audit_sample(RESULT, 40)
    assert len(sample) == 40
    keys = {(row["left_id"], row["right_id"]) for row in sample}
    assert len(keys) == 40
    by_id = {row["customer_id"]: row for row in [*ROWS, *AGAIN, *CHINESE]}
    for row in sample:
        assert row["same"] is None
        assert row["left_city"] == by_id[row["left_id"]].get("city")
        assert row["right_first_name"] == by_id[row["right_id"]]["first_name"]
    assert "probability" not in sample[0]


def test_a_sample_stands_for_all_pairs_of_the_frame() -> None:
    sample = cm.audit_sample(RESULT, 40)
    frame = Frame.of(RESULT)
    assert sum(row["stands_for"] for row in sample) == pytest.approx(frame.sizes.sum())


def test_the_seed_alone_decides_who_is_drawn() -> None:
    one, same = (cm.audit_sample(RESULT, 30, seed=3) for _ in range(2))
    other = cm.audit_sample(RESULT, 30, seed=4)
    assert one == same
    assert one != other
    moved = cm.resolve([*ROWS[::-1], *CHINESE[::-1], *AGAIN], id="customer_id")
    sides = ("left_id", "right_id")
    again = cm.audit_sample(moved, 30, seed=3)
    assert {frozenset(row[side] for side in sides) for row in again} == {
        frozenset(row[side] for side in sides) for row in one
    }


def test_all_pairs_judged_leave_nothing_open() -> None:
    found = cm.estimate(RESULT, _judged(cm.audit_sample(RESULT, 10_000)))
    labels = [row["customer_id"][1:] for row in [*ROWS, *AGAIN]] + ["z"] * 3
    actual = cm.evaluate(RESULT, labels)
    assert found.precision == pytest.approx(actual.pairwise.precision)
    missed = len(actual.missed_by_score) + len(actual.cut_by_clustering)
    n_right = actual.n_pairs - sum(actual.n_errors.values())
    assert found.recall == pytest.approx(n_right / (n_right + missed))
    assert found.n_open == 0


def test_an_estimate_takes_a_sample_half_done_in_any_form(tmp_path: Path) -> None:
    sample = _judged(cm.audit_sample(RESULT, 60))
    half = [{**row, "same": None} if i % 3 else row for i, row in enumerate(sample)]
    found = cm.estimate(RESULT, half)
    assert (found.n_judged, found.n_open) == (20, 40)
    path = tmp_path / "judged.csv"
    pl.DataFrame(half, infer_schema_length=None).write_csv(path)
    assert cm.estimate(RESULT, str(path)) == found
    assert cm.estimate(RESULT, pd.DataFrame(half)) == found


def test_nothing_judged_leaves_the_model_and_says_so() -> None:
    found = cm.estimate(RESULT, cm.audit_sample(RESULT, 40))
    assert found.n_judged == 0
    assert "none was judged" in found.caveats[1]
    assert found.precision_interval[0] < 0.7


def test_a_sample_comes_in_the_form_of_the_records() -> None:
    frame = pd.DataFrame(ROWS + AGAIN)
    sample = cm.audit_sample(cm.resolve(frame, id="customer_id"), 20)
    assert isinstance(sample, pd.DataFrame)
    assert sample["same"].isna().all()
    two = cm.resolve({"crm": ROWS, "web": AGAIN}, id="customer_id")
    named = cm.audit_sample(two, 20)
    assert {"left_source", "right_source"} <= set(named[0])
    judged = [{**row, "same": _is_same(row)} for row in named]
    assert cm.estimate(two, judged).n_judged == 20


def test_pairs_that_people_put_together_are_drawn_too() -> None:
    parts = [int(RESULT.labels[i]) for i in range(40)]
    result = RESULT.merge(sorted(set(parts)))
    frame = Frame.of(result)
    assert frame.sizes[-1] > 100
    drawn = frame.draw(200, 0)
    fresh = drawn.take(~drawn.among(result.compared))
    assert len(fresh) == allocated(frame, 200)[-1] > 0
    assert (result.labels[fresh.left] == result.labels[fresh.right]).all()
    assert (frame.strata_of(fresh) == len(frame.sizes) - 1).all()


@pytest.mark.parametrize("n", [1, 7, 50, 333, 10**6])
def test_as_many_are_allocated_as_were_asked_for(n: int) -> None:
    frame = Frame.of(RESULT)
    counts = allocated(frame, n)
    n_strata = int((frame.sizes > 0).sum())
    assert (counts <= frame.sizes).all()
    assert counts.sum() == min(max(n, n_strata), frame.sizes.sum())


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Pairs of a calibrated model, judged by a truth drawn once.

    benchmarks/intervals.py does so on records, for more samples.
    """
    rng = np.random.default_rng(5)
    edges = np.asarray([1e-4, 1e-2, 0.1, 0.5, 0.9, 0.99, 1.0])
    sizes = np.asarray([40_000, 4_000, 900, 300, 600, 5_000])
    rates = np.sqrt(edges[1:] * edges[:-1])
    true = rng.binomial(sizes, rates)
    inside = rates > 0.5
    counts = np.asarray([30, 60, 60, 50, 60, 150])
    precision = true[inside].sum() / sizes[inside].sum()
    recall = true[inside].sum() / true.sum()
    held = np.zeros(2)
    for _ in range(500):
        same = rng.hypergeometric(true, sizes - true, counts)
        found = Judgements(
            sizes.astype(float),
            rates,
            inside,
            counts.astype(float),
            same.astype(float),
        ).estimate(0, None)
        for i, (value, (low, high)) in enumerate(
            (
                (precision, found.precision_interval),
                (recall, found.recall_interval),
            )
        ):
            held[i] += low <= value <= high
    assert (held / 500 > 0.92).all()
    assert (held / 500 < 0.985).all()


def test_an_estimate_is_shown_and_is_plain_data() -> None:
    found = cm.estimate(RESULT, _judged(cm.audit_sample(RESULT, 60)))
    assert "95 % interval" in str(found)
    assert "never compared" in str(found)
    assert repr(found).startswith("Estimate(precision ")
    assert "<table>" in found._repr_html_()
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["recall_interval"] == list(found.recall_interval)
    assert found.overall_recall is not None
    assert found.overall_recall <= found.recall


def test_what_was_not_drawn_from_the_result_is_an_error() -> None:
    sample = _judged(cm.audit_sample(RESULT, 30))
    parted = RESULT.split(int(RESULT.labels[0]), [["C000"]])
    with pytest.raises(cm.InvalidInputError, match="not of the strata"):
        cm.estimate(parted, _judged(cm.audit_sample(RESULT, 10_000)))
    bare = [{k: row[k] for k in ("left_id", "right_id", "same")} for row in sample]
    for given in (bare, [("C000", "D000", True)]):
        with pytest.raises(cm.InvalidInputError, match="audit_sample returned"):
            cm.estimate(RESULT, given)
    with pytest.raises(cm.InvalidInputError, match="whole number"):
        cm.audit_sample(RESULT, 0)
    with pytest.raises(cm.InvalidInputError, match="Resolution"):
        cm.audit_sample(ROWS)  # type: ignore[arg-type]


def test_a_result_without_pairs_gives_an_empty_sample() -> None:
    result = cm.resolve(people(1))
    assert cm.audit_sample(result) == []
    assert Frame.of(result).strata_of(Pairs.of([], [])).tolist() == []
