from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.strategies import people

import custmerge as cm
from custmerge.assessing.estimates import Estimate, estimated
from custmerge.assessing.frames import Frame, allocated
from custmerge.assessing.recalibration import Judged, binned, simulated
from custmerge.classifier import probability
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
    assert found.compared_recall == pytest.approx(n_right / (n_right + missed))
    low, high = found.compared_recall_interval
    assert low == found.compared_recall == high
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


def test_nothing_judged_is_an_error() -> None:
    with pytest.raises(cm.InvalidInputError, match="no judged pair has an answer"):
        cm.estimate(RESULT, cm.audit_sample(RESULT, 40))


def test_strata_without_an_answer_are_named_as_such() -> None:
    sample = _judged(cm.audit_sample(RESULT, 40))
    first = sample[0]["stratum"]
    part = [row if row["stratum"] == first else {**row, "same": ""} for row in sample]
    assert "none was judged" in cm.estimate(RESULT, part).caveats[1]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".json", ".xlsx", ".parquet"])
def test_a_file_is_read_like_a_review(tmp_path: Path, ending: str) -> None:
    """Sorted, with empty rows below, answers in words, and ids like 007."""
    rows = [{**row, "no": f"00{i}"} for i, row in enumerate([*ROWS, *AGAIN])]
    for row in rows:
        row["customer_id"], row["no"] = row["no"], row["customer_id"]
    result = cm.resolve(rows, id="customer_id")
    words = (None, "否", "是", "Yes")
    sample = [
        {**row, "same": words[i % 4]}
        for i, row in enumerate(cm.audit_sample(result, 40, seed=2))
    ]
    found = cm.estimate(result, sample)
    assert (found.n_judged, found.n_open) == (30, 10)
    rows_back = [*sorted(sample, key=lambda row: row["right_id"]), {}, {}]
    frame = pl.DataFrame(rows_back, infer_schema_length=None)
    path = tmp_path / f"judged{ending}"
    if ending == ".json":
        path.write_text(json.dumps(rows_back), encoding="utf-8")
    elif ending == ".xlsx":
        frame.to_pandas().to_excel(path)
    elif ending == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, separator="\t" if ending == ".tsv" else ",")
    assert cm.estimate(result, path) == found
    assert cm.estimate(result, str(path)) == found


def test_a_file_that_is_no_sample_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    cm.Decisions().save(path)
    with pytest.raises(cm.InvalidInputError, match="audit_sample returned"):
        cm.estimate(RESULT, path)
    with pytest.raises(cm.InvalidInputError, match="does not exist"):
        cm.estimate(RESULT, tmp_path / "lost.csv")
    with pytest.raises(cm.InvalidInputError, match="unknown ending"):
        cm.estimate(RESULT, "judged.docx")


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
    assert (counts[frame.sizes > 0] > 0).all()
    assert counts.sum() == min(max(n, n_strata), frame.sizes.sum())


def test_half_of_a_sample_is_about_precision_and_half_about_recall() -> None:
    frame = Frame.of(RESULT)
    counts = allocated(frame, 40)
    assert counts[frame.inside].sum() == counts[~frame.inside].sum() == 20
    n_within = int(frame.sizes[frame.inside].sum())
    counts = allocated(frame, 4 * n_within)
    assert counts[frame.inside].sum() == n_within
    assert counts.sum() == 4 * n_within


def _strata(
    rng: np.random.Generator, slope: float, shift: float, lapses: float = 0.0
) -> tuple[Any, ...]:
    """Return strata of a model that is off in log odds, and their matches."""
    weights = np.concatenate([rng.normal(-16, 7, 9_000), rng.normal(10, 5, 900)])
    if lapses:
        weights = weights[weights > 0]
    edges = np.log2(100) * np.arange(-3, 4)
    strata = np.searchsorted(edges, weights)
    n_strata = len(edges) + 1
    chances = (1 - lapses) * probability(shift + slope * weights)
    matches = rng.random(len(weights)) < chances
    return (
        np.bincount(strata, minlength=n_strata),
        binned(strata, weights, n_strata),
        np.bincount(strata[matches], minlength=n_strata),
    )


def _held(repeats: int, seed: int, *, linked: bool) -> float:
    """Return how often the 95 % interval of a number of matches held it.

    Each time the model is off by another slope and shift, and of links another share is
    wrong besides, as the prior has it, and the shares of matches are as the
    recalibrated model has them.
    """
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(repeats):
        lapses = 0.1 * rng.random() ** 2 if linked else 0.0
        sizes, bits, matching = _strata(rng, rng.random(), rng.normal(0, 4), lapses)
        judged = np.minimum(sizes, 20)
        same = rng.hypergeometric(matching, sizes - matching, judged)
        drawn = simulated(
            Judged(sizes, bits, judged, same), rng, linked=linked, n_draws=500
        )
        low, high = np.quantile(drawn.sum(axis=1), [0.025, 0.975])
        held += low <= matching.sum() <= high
    return held / repeats


@pytest.mark.parametrize("linked", [False, True])
def test_intervals_hold_the_truth_as_often_as_they_say(linked: bool) -> None:
    """Of 200 intervals of 95 %, give or take 2.5 standard errors, of 1.5 % each.

    benchmarks/intervals.py does so on records, for many more samples.
    """
    assert 0.95 - 0.039 <= _held(200, seed=1, linked=linked) <= 0.95 + 0.039


def test_a_model_too_sure_of_differences_is_found_out_by_where_it_doubts() -> None:
    """Matches among the pairs that it gives less than one in a thousand are not drawn.

    By its own probabilities there would be next to none.
    """
    rng = np.random.default_rng(2)
    sizes, bits, matching = _strata(rng, 0.4, 0.0)
    far = np.arange(len(sizes)) < 2
    judged = np.where(far, 2, np.minimum(sizes, 20))
    same = rng.hypergeometric(matching, sizes - matching, judged)
    same[far] = 0
    drawn = simulated(Judged(sizes, bits, judged, same), rng, linked=False)
    assert matching[far].sum() > 20
    low, high = np.quantile(drawn.sum(axis=1), [0.025, 0.975])
    assert low <= matching.sum() <= high
    weights = np.arange(-50, 51)
    expected = sizes[far] @ (bits[far] @ probability(weights.astype(float)))
    assert expected < matching[far].sum() / 5


def test_a_hundred_right_answers_do_not_prove_how_sure_the_model_is() -> None:
    """It gives a millionth of the links no chance; one in a hundred may be wrong."""
    sizes, judged = np.asarray([5_000]), np.asarray([100])
    bits = binned(np.zeros(1, np.int64), np.asarray([20.0]), 1)
    rng = np.random.default_rng(0)
    drawn = simulated(Judged(sizes, bits, judged, judged), rng, linked=True)
    low, high = np.quantile(drawn / 5_000, [0.025, 0.975])
    assert 0.97 < low < 0.99
    assert high > 0.999


def _said(right: float, missed: float) -> Estimate:
    """Return what follows where such shares of the pairs, rounded up, match."""
    frame = Frame.of(RESULT)
    judged = np.minimum(frame.sizes, 2)
    shares = np.where(frame.inside, right, missed)
    same = np.ceil(shares * judged).astype(np.int64)
    return estimated(frame, Judged(frame.sizes, frame.bits, judged, same), 0)


def test_an_interval_reaches_the_end_that_no_answer_speaks_against() -> None:
    perfect = _said(right=1, missed=0)
    assert perfect.precision_interval[1] == perfect.recall_interval[1] == 1
    assert perfect.f1_interval[1] == perfect.compared_recall_interval[1] == 1
    assert perfect.precision_interval[0] > 0.5
    mixed = _said(right=0.1, missed=0.1)
    for measure in ("precision", "compared_recall", "recall", "f1"):
        low, high = getattr(mixed, f"{measure}_interval")
        assert 0 < low < high < 1
        assert getattr(_said(right=0, missed=1), f"{measure}_interval")[0] == 0


def test_a_wrong_link_found_does_not_make_all_others_doubtful() -> None:
    """One stratum has it; of 2,000 surer links none was judged wrong."""
    frame = Frame.of(RESULT)
    inside = np.flatnonzero(frame.inside)
    first, last = inside[0], inside[-2]
    sizes, judged, same = (np.zeros_like(frame.sizes) for _ in range(3))
    sizes[[first, last]] = 10, 2_000
    judged[[first, last]] = 2, 98
    same[[first, last]] = 1, 98
    bits = binned(np.asarray([first, last]), np.asarray([1.0, 30.0]), len(sizes))
    drawn = replace(frame, sizes=sizes, bits=bits)
    found = estimated(drawn, Judged(sizes, bits, judged, same), 0)
    low, high = found.precision_interval
    assert low < 2_000 / 2_010 < 2_007 / 2_010 < high <= 2_009 / 2_010


def test_recall_allows_for_next_to_none_and_for_several_times_what_is_estimated() -> (
    None
):
    """Of matches never compared, that is; `lost` for each that was."""
    result = cm.resolve("examples/customers.csv")
    sample = cm.audit_sample(result, 10**6)
    found = cm.estimate(result, [{**x, "same": i % 2} for i, x in enumerate(sample)])
    assert found.blocking_recall is not None
    lost = 1 / found.blocking_recall - 1
    assert lost > 0.005
    among = found.compared_recall
    assert found.compared_recall_interval == (among, among)
    low, high = found.recall_interval
    assert among / (1 + 0.1 * lost) < high <= among
    assert among / (1 + 6 * lost) < low < among / (1 + 4 * lost)


@pytest.mark.parametrize("linked", [False, True])
def test_what_no_answer_has_found_may_be_absent(linked: bool) -> None:
    """In three draws of ten, and in those that chance brings there."""
    sizes, judged = np.asarray([4_000, 4_000]), np.asarray([40, 40])
    bits = binned(np.asarray([0, 1]), np.asarray([1.0, 1.0]) * (3 if linked else -3), 2)
    shares = []
    for n_odd in (0, 1):
        odd = np.asarray([0, n_odd])
        same = judged - odd if linked else odd
        said = Judged(sizes, bits, judged, same)
        drawn = simulated(said, np.random.default_rng(4), linked=linked)
        shares.append((drawn == (sizes if linked else 0)).mean(axis=0))
    nothing_odd, one_odd = shares
    assert (nothing_odd > 0.28).all()
    assert nothing_odd[0] > one_odd[0] > one_odd[1] == 0


def test_drawn_numbers_stay_between_what_is_known() -> None:
    """At least those judged to match, at most all but those judged not to."""
    rng = np.random.default_rng(3)
    sizes = np.asarray([7, 0, 1_000_000])
    bits = binned(np.asarray([0, 2]), np.asarray([-np.inf, np.inf]), 3)
    assert bits.sum(axis=1).tolist() == [1, 0, 1]
    judged, same = np.asarray([7, 0, 3]), np.asarray([5, 0, 1])
    drawn = simulated(Judged(sizes, bits, judged, same), rng, linked=False, n_draws=200)
    assert drawn.shape == (200, 3)
    assert drawn.sum(axis=1).min() >= 6
    assert drawn.sum(axis=1).max() <= 5 + 1_000_000 - 2
    known = Judged(sizes, bits, sizes, sizes)
    all_known = simulated(known, rng, linked=True)
    assert (all_known == sizes).all()


def test_an_estimate_is_shown_and_is_plain_data() -> None:
    found = cm.estimate(RESULT, _judged(cm.audit_sample(RESULT, 60)))
    assert "95 % interval" in str(found)
    assert "never compared" in str(found)
    assert repr(found).startswith("Estimate(precision ")
    assert "<table>" in found._repr_html_()
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["recall_interval"] == list(found.recall_interval)
    assert found.recall <= found.compared_recall


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
    for seed in ("x", -1, 1.5):
        with pytest.raises(cm.InvalidInputError, match=r"^seed must be a whole"):
            cm.audit_sample(RESULT, seed=seed)  # type: ignore[arg-type]
    with pytest.raises(cm.InvalidInputError, match=r"n must.*; seed must"):
        cm.audit_sample(RESULT, 0, seed=-1)
    with pytest.raises(cm.InvalidInputError, match="Resolution"):
        cm.audit_sample(ROWS)  # type: ignore[arg-type]


def test_a_result_without_pairs_gives_an_empty_sample() -> None:
    result = cm.resolve(people(1))
    assert cm.audit_sample(result) == []
    assert Frame.of(result).strata_of(Pairs.of([], [])).tolist() == []
