from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from custmerge.diagnostics import Diagnostics
from custmerge.pairs import Pairs

ESTIMATES = Diagnostics(0.9, 0.8, 0.85, 0.95, 2, 10, 0, (), ())


@dataclass(frozen=True)
class Answer:
    """As much of a resolution as the benchmark reads."""

    assignments: list[dict[str, Any]]
    compared: Pairs = field(default_factory=lambda: Pairs.of([0, 0], [1, 2]))
    weights: NDArray[np.float64] = field(default_factory=lambda: np.array([60.0, -1]))
    diagnostics: Diagnostics = ESTIMATES
    entities: tuple[object, ...] = ()


def resolve_by_name(records: list[dict[str, str | None]]) -> Answer:
    assert all("cluster_id" not in record for record in records)
    names = [record["name"] or record["id"] for record in records]
    return Answer([{"entity_id": name} for name in names])


def resolve_by_place(records: list[dict[str, str | None]]) -> Answer:
    return Answer([{"entity_id": row // 2} for row in range(len(records))])


@pytest.fixture
def dataset(datasets: ModuleType) -> Any:
    names = ["Ann", "Ann", "Bo", None]
    records = [{"id": f"r{i}", "name": name} for i, name in enumerate(names)]
    return datasets.Dataset("people", records, ["c1", "c1", "c2", "c2"], None)


def test_a_set_is_scored_against_its_truth(measures: ModuleType, dataset: Any) -> None:
    row = measures.measure(dataset, resolve_by_name)
    assert (row["precision"], row["recall"]) == (1.0, 0.5)
    assert (row["set"], row["records"], row["largest"]) == ("people", 4, "2/2")


def test_candidates_and_the_recall_of_blocking_are_counted(
    measures: ModuleType, dataset: Any
) -> None:
    row = measures.measure(dataset, resolve_by_name)
    assert (row["candidates"], row["blocked"]) == (2, 0.5)


def test_time_and_memory_are_measured(measures: ModuleType, dataset: Any) -> None:
    row = measures.measure(dataset, resolve_by_name)
    assert row["seconds"] > 0
    assert row["peak_mb"] >= row["input_mb"] > 0


def test_estimates_stand_beside_what_is_true(
    measures: ModuleType, dataset: Any
) -> None:
    row = measures.measure(dataset, resolve_by_name)
    names = ("precision", "recall", "f1", "blocked")
    assert [row[f"est_{name}"] for name in names] == [0.9, 0.8, 0.85, 0.95]


def test_calibration_is_measured_over_the_compared_pairs(
    measures: ModuleType, dataset: Any
) -> None:
    row = measures.measure(dataset, resolve_by_name)
    assert row["ece"] == pytest.approx(1 / 3 / 2)
    assert [item["observed"] for item in row["reliability"]] == [0.0, 1.0]


def test_pairs_within_a_source_do_not_count_in_linked_sets(
    measures: ModuleType, datasets: ModuleType, dataset: Any
) -> None:
    linked = datasets.Dataset(
        "people", dataset.records, dataset.truth, ["a", "b", "a", "b"]
    )
    row = measures.measure(linked, resolve_by_name)
    assert sum(item["n_pairs"] for item in row["reliability"]) == 1
    all_in_one = measures.score([0, 0, 0, 0], linked)
    assert all_in_one["precision"] == 0.5  # 2 of the 4 pairs across, not of all 6


def test_order_is_checked_when_asked_for(measures: ModuleType, dataset: Any) -> None:
    assert "order" not in measures.measure(dataset, resolve_by_name)
    kept = measures.measure(dataset, resolve_by_name, shuffle=True)
    moved = measures.measure(dataset, resolve_by_place, shuffle=True)
    assert (kept["order"], moved["order"]) == ("free", "MATTERS")
