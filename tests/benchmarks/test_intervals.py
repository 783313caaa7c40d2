from __future__ import annotations

import importlib
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture(scope="module")
def intervals(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("intervals")


def test_all_pairs_judged_give_the_truth(
    intervals: ModuleType, generator: ModuleType
) -> None:
    table = generator.generate(300, language="zh", seed=2)
    truth = table.pop("cluster_id")
    judge = intervals.judged(table, truth)
    found = judge.estimate(10**9, 0)
    assert found.precision == pytest.approx(judge.precision)
    assert found.recall == pytest.approx(judge.recall)
    cells = intervals.row(judge, 20, 3).split()
    assert cells[0] == "20"
    assert np.isclose(float(cells[1]), judge.precision, atol=1e-4)
