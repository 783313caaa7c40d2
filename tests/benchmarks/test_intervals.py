from __future__ import annotations

import importlib
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def intervals(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("intervals")


def test_all_pairs_judged_give_the_truth(
    intervals: ModuleType, generator: ModuleType
) -> None:
    table = generator.generate(300, language="zh", seed=2)
    truth = table.pop("cluster_id")
    (judge,) = intervals.judged(table, truth)
    (found,) = judge.estimates(10**9, 1)
    assert found.precision == pytest.approx(judge.actual["precision"])
    assert found.compared_recall == pytest.approx(judge.actual["compared_recall"])
    held, widths = intervals.coverage(judge, 20, 3)
    assert len(held) == len(widths) == len(intervals.MEASURES)
    assert all(0 <= share <= 1 for share in held)
    assert min(widths) > 0
