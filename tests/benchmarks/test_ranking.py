from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, strategies as st

RECORDS = """id,name
a,Ann Lee
b,Lee Ann
c,Bo Chan
d,ann lee
e,n/a
"""
PAIRS = "id_l,id_r,label\na,b,1\na,c,0\na,d,partial\na,e,0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "records.csv").write_text(RECORDS, "utf-8")
    (tmp_path / "pairs.csv").write_text(PAIRS, "utf-8")
    return tmp_path


def test_each_comparator_has_a_row_of_both_precisions(
    ranking: ModuleType, folder: Path
) -> None:
    rows = ranking.rank(folder, "name")
    assert [row["comparator"] for row in rows[1:]] == list(ranking.PLAIN)
    assert rows[0]["comparator"].startswith("custmerge ")
    assert all(row["pairs"] == 4 for row in rows)
    token_sort = rows[-1]
    # Both other spellings score alike, above the two strangers.
    assert token_sort["same"] == 0.5
    assert token_sort["same_or_partial"] == 1.0


def test_normalized_values_are_compared_and_missing_ones_score_nothing(
    ranking: ModuleType,
) -> None:
    field = ranking.cm.Field("name", kind="full_name")
    texts = ["Ann Lee", "ann  LEE", "n/a"]
    sides = np.asarray([0, 0, 2]), np.asarray([1, 2, 2])
    assert ranking.compare(texts, field, *sides).tolist() == [1, 0, 0]


@pytest.mark.parametrize("comparator", ["exact", "jaro_winkler"])
def test_any_comparator_can_rank(ranking: ModuleType, comparator: str) -> None:
    field = ranking.cm.Field("city", kind="city", compare=comparator)
    sides = np.asarray([0, 0]), np.asarray([1, 2])
    found = ranking.compare(["Bern", "BERN", "Ulm"], field, *sides)
    assert found.tolist() == [1, 0]


def test_average_precision_is_that_of_a_hand_worked_ranking(
    ranking: ModuleType,
) -> None:
    scores, truth = [0.9, 0.8, 0.7, 0.6], [True, False, True, False]
    assert ranking.average_precision(scores, truth) == pytest.approx((1 + 2 / 3) / 2)


@given(
    pairs=st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1).filter(
        lambda pairs: any(truth for _, truth in pairs)
    )
)
def test_average_precision_agrees_with_scikit_learn(
    ranking: ModuleType, pairs: list[tuple[int, bool]]
) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    scores, truth = map(list, zip(*pairs, strict=True))
    expected = metrics.average_precision_score(truth, scores)
    assert ranking.average_precision(scores, truth) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ours", "plain", "verdict"),
    [(0.95, 0.9, "pass"), (0.89, 0.5, "FAIL: same"), (0.95, 0.96, "FAIL: same")],
)
def test_ranks_are_to_reach_the_floor_and_to_beat_the_plain_comparators(
    quality: ModuleType, ours: float, plain: float, verdict: str
) -> None:
    name = "opensanctions_name_bench"
    rows = [
        {"set": name, "comparator": "custmerge full_name", "same": ours},
        {"set": name, "comparator": "jaro_winkler", "same": plain},
    ]
    assert quality.verdict_of_ranks(rows[0], rows)["verdict"] == verdict
    assert "verdict" not in quality.verdict_of_ranks(rows[1], rows)


def test_sets_of_pairs_are_ranked_and_not_resolved(
    quality: ModuleType,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path_factory.mktemp("data")
    folder.rename(root / "opensanctions_name_bench")
    monkeypatch.setenv("CUSTMERGE_DATA", str(root))
    options = quality.argparse.Namespace(sets="opensanctions_name_bench", generated=0)
    assert quality.folders(options, root) == []
    assert {row["pairs"] for row in quality.ranked(options)} == {4}
