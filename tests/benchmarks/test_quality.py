from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from custmerge.pairs import Pairs

RECORDS = """id,source,name,cluster_id
r1,a,Ann,c1
r2,b,Ann,c1
r3,a,Bo,c2
r4,b,,c2
"""


@dataclass(frozen=True)
class Answer:
    """As much of a resolution as the benchmark reads."""

    assignments: list[dict[str, Any]]
    compared: Pairs
    entities: list[dict[str, Any]]


def resolve_by_name(records: list[dict[str, str | None]]) -> Answer:
    assert all("cluster_id" not in record for record in records)
    names = [record["name"] or record["id"] for record in records]
    return Answer([{"entity_id": name} for name in names], Pairs.of([0, 0], [1, 2]), [])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "people"
    home.mkdir()
    (home / "records.csv").write_text(RECORDS, "utf-8")
    return home


def test_a_set_is_scored_against_its_truth(quality: ModuleType, folder: Path) -> None:
    row = quality.measure(quality.load(folder), resolve_by_name)
    assert (row["precision"], row["recall"]) == (1.0, 0.5)
    assert (row["set"], row["records"], row["largest"]) == ("people", 4, "2/2")


def test_candidates_and_the_recall_of_blocking_are_counted(
    quality: ModuleType, folder: Path
) -> None:
    row = quality.measure(quality.load(folder), resolve_by_name)
    assert (row["candidates"], row["blocked"]) == (2, 0.5)


def test_time_and_memory_are_measured(quality: ModuleType, folder: Path) -> None:
    row = quality.measure(quality.load(folder), resolve_by_name)
    assert row["seconds"] > 0
    assert row["peak_mb"] >= row["input_mb"] > 0


def test_empty_cells_are_missing(quality: ModuleType, folder: Path) -> None:
    assert quality.load(folder).records[3]["name"] is None


def test_matching_pairs_stand_for_clusters(quality: ModuleType, folder: Path) -> None:
    text = RECORDS.replace(",cluster_id", "").replace(",c1", "").replace(",c2", "")
    (folder / "records.csv").write_text(text, "utf-8")
    (folder / "pairs.csv").write_text("id_l,id_r\nr1,r2\nr2,r3\n", "utf-8")
    truth = quality.load(folder).truth
    assert truth[0] == truth[1] == truth[2] != truth[3]


def test_pairs_labelled_as_different_join_nothing(
    quality: ModuleType, folder: Path
) -> None:
    text = RECORDS.replace(",cluster_id", "").replace(",c1", "").replace(",c2", "")
    (folder / "records.csv").write_text(text, "utf-8")
    (folder / "pairs.csv").write_text("id_l,id_r,label\nr1,r2,0\nr1,r3,1\n", "utf-8")
    truth = quality.load(folder).truth
    assert truth[0] == truth[2] != truth[1]


def test_only_pairs_across_sources_count_in_linked_sets(
    quality: ModuleType, folder: Path
) -> None:
    linked = folder.rename(folder.with_name("febrl4"))
    dataset = quality.load(linked)
    all_in_one = quality.score([0, 0, 0, 0], dataset)
    assert all_in_one["precision"] == 0.5  # 2 of the 4 pairs across, not of all 6


def test_a_missed_floor_fails(quality: ModuleType) -> None:
    assert quality.judged({"set": "febrl3", "f1": 0.98})["verdict"] == "FAIL"


def test_a_reached_floor_passes(quality: ModuleType) -> None:
    assert quality.judged({"set": "febrl3", "f1": 0.99})["verdict"] == "pass"


def test_an_error_misses_the_floor(quality: ModuleType) -> None:
    assert quality.judged({"set": "febrl3", "error": "…"})["verdict"] == "FAIL"


def test_a_set_without_floor_has_no_verdict(quality: ModuleType) -> None:
    assert "verdict" not in quality.judged({"set": "generated_en_100", "f1": 0.1})


def test_the_table_shows_numbers_and_errors(quality: ModuleType) -> None:
    rows = [
        {"tool": "custmerge", "set": "febrl3", "f1": 0.5, "candidates": 12345},
        {"tool": "splink", "set": "febrl3", "error": "ValueError: no"},
    ]
    head, first, second = quality.render(rows).splitlines()
    assert head.split() == list(quality.COLUMNS)
    assert "0.500" in first
    assert "12,345" in first
    assert second.endswith("ValueError: no")


def test_a_failing_script_is_told_by_the_first_line_of_its_error(
    quality: ModuleType,
) -> None:
    script = "raise ValueError('first\\nsecond')"
    with pytest.raises(RuntimeError, match=r"^ValueError: first$"):
        quality._run([sys.executable, "-c", script])


def test_a_set_that_is_not_there_is_named(
    quality: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTMERGE_DATA", str(tmp_path))
    options = argparse.Namespace(sets="nowhere", generated=0)
    with pytest.raises(SystemExit, match="nowhere"):
        quality.folders(options, tmp_path)


def test_generated_sets_are_written_in_both_languages(
    quality: ModuleType, tmp_path: Path
) -> None:
    options = argparse.Namespace(sets="none", generated=30)
    found = [quality.load(folder) for folder in quality.folders(options, tmp_path)]
    assert [len(dataset.records) for dataset in found] == [30, 30]


def test_the_file_for_peers_holds_no_truth(
    quality: ModuleType, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "blind.csv"
    quality.write_blind(quality.load(folder), path)
    expected = [line.rpartition(",")[0] for line in RECORDS.splitlines()]
    assert path.read_text("utf-8").splitlines() == expected
