from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROWS: list[dict[str, Any]] = [
    {
        "tool": "custmerge",
        "records": 100,
        "seconds": 0.5,
        "cpu": 0.25,
        "floor": 0.25,
        "stages": [{"name": "read", "seconds": 0.1}, {"name": "block", "seconds": 0.4}],
    },
    {"tool": "splink", "records": 100, "seconds": 2.0, "cpu": 3.0},
    {
        "tool": "custmerge",
        "records": 1000,
        "seconds": 10.0,
        "cpu": 5.0,
        "floor": 1.0,
        "stages": [{"name": "read", "seconds": 10.0}],
    },
    {"tool": "splink", "records": 1000, "error": "MemoryError: no"},
]


@pytest.fixture(scope="module")
def table(speed: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speed") / "records.parquet"
    speed.write(speed.parts(60), path)
    return path


def test_ratios_are_of_rows_of_one_run(speed: ModuleType) -> None:
    small, peer, large, failed = speed._compared(ROWS)
    assert small["per_second"] == 200
    assert small["to_floor"] == 2
    assert "growth" not in small
    assert peer["ratio"] == 4
    assert peer["cpu_ratio"] == 12
    assert large["growth"] == 2
    assert "ratio" not in failed


def test_stages_stand_down_and_sizes_across(speed: ModuleType) -> None:
    lines = [line.split() for line in speed.by_stage(ROWS).splitlines()]
    assert lines == [
        ["stage", "100", "1,000"],
        ["read", "0.100", "10.000"],
        ["block", "0.400", "-"],
    ]


def test_a_small_table_is_measured_in_a_warm_process(
    speed: ModuleType, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "REPEATS", 1)
    row = speed.alone(table)
    assert row["records"] == 60
    assert row["seconds"] > 0
    assert row["floor"] > 0
    assert 0 < row["f1"] <= 1
    assert row["stages"][0]["name"] == "read"


def test_a_large_table_is_read_by_the_tool_itself_without_its_truth(
    speed: ModuleType, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    resolve = speed.cm.resolve

    def noted(records: object) -> object:
        given.append(records)
        return resolve(records)

    monkeypatch.setattr(speed.cm, "resolve", noted)
    monkeypatch.setattr(speed, "WARM", 10)
    monkeypatch.setattr(speed, "LARGE", 50)
    row = speed.alone(table)
    assert (row["records"], row["floor"]) == (60, None)
    (path,) = given
    assert speed.TRUTH not in speed.parquet.read_schema(path).names


def test_the_floor_compares_distinct_values_of_compared_pairs_once(
    speed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["ann", "anne", "ann", "anne", None]
    frame = speed.pd.DataFrame({"name": names})
    differing = [(a, b, False) for b in range(5) for a in range(b) if a % 2 != b % 2]
    with pytest.warns(speed.cm.CustmergeWarning, match="no two records share"):
        result = speed.cm.resolve(
            frame,
            config=speed.cm.Config((speed.cm.Field("name"),), blockers=[]),
            model=speed.cm.WeightedScore({"name": 1}),
            labels=differing,
        )
    compared: list[tuple[list[str], list[str]]] = []
    monkeypatch.setattr(
        speed.process,
        "cpdist",
        lambda left, right, **_: compared.append((list(left), list(right))),
    )
    speed._floor(frame, result)
    assert compared == [(["ann"], ["anne"])]


def test_what_a_peer_fails_with_takes_the_place_of_its_figures(
    speed: ModuleType, tmp_path: Path
) -> None:
    row = speed._peer("splink", tmp_path, Path("nowhere"), 10)
    assert set(row) == {"tool", "records", "error"}


def test_growth_is_drawn_for_each_tool(speed: ModuleType, tmp_path: Path) -> None:
    plots = pytest.importorskip("plots", reason="needs matplotlib")
    plots.plot_growth(ROWS, tmp_path / "growth.svg")
    assert "<svg" in (tmp_path / "growth.svg").read_text("utf-8")


def test_peak_memory_starts_again_before_a_run(speed: ModuleType) -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux can forget a peak")
    held = np.ones(10_000_000)
    before = speed.peak_memory()
    del held
    speed._forget_peak()
    assert speed.peak_memory() < before - 50_000_000


def test_costs_are_found_again_from_what_they_make(speed: ModuleType) -> None:
    works = [speed.Work(1_000, 9_000), speed.Work(20_000, 500_000)]
    works += [speed.Work(10**5, 10**6), speed.Work(10**6, 10**7)]
    rows = [
        {
            "records": work.records,
            "pairs": work.pairs,
            "above_mb": (7 * work.sample + 5 * work.pairs + 3 * work.compared) / 2**20,
            "stages": [
                {"name": name, "seconds": cost.of(work)}
                for name, cost in speed.STAGES.items()
            ],
        }
        for work in works
    ]
    lines = [line.split() for line in speed.costs(rows).splitlines()]
    found = {line[0]: [float(cell) for cell in line[1:]] for line in lines[1:]}
    for name, cost in speed.STAGES.items():
        assert found[name] == pytest.approx(list(cost), rel=0.01, abs=1e-9)
    assert found["memory"] == pytest.approx([0, 5, 3, 7], rel=0.01, abs=1e-6)
