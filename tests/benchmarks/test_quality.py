from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import ModuleType

import pytest

RECORDS = """id,source,name,cluster_id
r1,a,Ann,c1
r2,b,Ann,c1
r3,a,Bo,c2
r4,b,,c2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "people"
    home.mkdir()
    (home / "records.csv").write_text(RECORDS, "utf-8")
    return home


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


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"set": "febrl3", "f1": 0.999, "ece": 0.05, "order": "free"}, "pass"),
        ({"set": "febrl3", "f1": 0.99, "ece": 0.01}, "FAIL: f1"),
        ({"set": "febrl3", "f1": 0.999, "ece": 0.06}, "FAIL: ece"),
        ({"set": "febrl3", "f1": 0.9, "order": "MATTERS"}, "FAIL: f1, order"),
        ({"set": "febrl3", "error": "…"}, "FAIL: f1"),
        ({"set": "febrl3", "f1": 0.999, "largest": "9/2"}, "pass"),
        ({"set": "generated_en_100000", "f1": 0.97, "largest": "12/6"}, "pass"),
        (
            {"set": "generated_zh_100000", "f1": 0.97, "largest": "13/6"},
            "FAIL: largest",
        ),
    ],
)
def test_the_verdict_names_the_goals_that_are_missed(
    quality: ModuleType, row: dict[str, object], verdict: str
) -> None:
    assert quality.judged(row)["verdict"] == verdict


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
        quality.run_script([sys.executable, "-c", script])


def test_a_set_that_is_not_there_is_named(
    quality: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTMERGE_DATA", str(tmp_path))
    options = argparse.Namespace(sets="nowhere", generated=0)
    with pytest.raises(SystemExit, match="nowhere"):
        quality.folders(options, tmp_path)


def test_generated_sets_are_written_in_each_language(
    quality: ModuleType, tmp_path: Path
) -> None:
    options = argparse.Namespace(sets="none", generated=30)
    found = [quality.load(folder) for folder in quality.folders(options, tmp_path)]
    assert [len(dataset.records) for dataset in found] == [30, 30, 30]


def test_the_file_for_peers_holds_no_truth(
    quality: ModuleType, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "blind.csv"
    quality.write_blind(quality.load(folder), path)
    expected = [line.rpartition(",")[0] for line in RECORDS.splitlines()]
    assert path.read_text("utf-8").splitlines() == expected


def _options(**given: object) -> argparse.Namespace:
    off = {"without": "", "ablate": False, "subsamples": False, "shuffled": False}
    return argparse.Namespace(**(off | given))


def test_variants_are_the_whole_capabilities_off_and_parts(quality: ModuleType) -> None:
    assert quality.variants(_options()) == {"all": []}
    found = quality.variants(_options(ablate=True, subsamples=True, shuffled=True))
    assert found["all"] == ["--shuffled"]
    assert found["-tf"] == ["--without", "tf"]
    assert found["10%"] == ["--share", "0.1"]
    assert len(found) == 1 + len(quality.ABLATIONS) + len(quality.SHARES)


def test_what_is_switched_off_is_off_in_parts_too(quality: ModuleType) -> None:
    found = quality.variants(_options(without="tf,keys", subsamples=True))
    assert found["1%"] == ["--without", "tf,keys", "--share", "0.01"]


def test_crossed_table_has_sets_down_and_variants_across(quality: ModuleType) -> None:
    rows = [
        {"set": name, "variant": variant, "f1": f1}
        for name, variant, f1 in [("a", "all", 0.9), ("a", "-tf", 0.8), ("b", "all", 1)]
    ]
    assert quality.crossed(rows, "variant").split() == [
        *("set", "all", "-tf"),
        *("a", "0.900", "0.800"),
        *("b", "1.000", "-"),
    ]


def test_reliability_is_drawn_for_each_set(quality: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    table = [{"low": 0.0, "high": 0.5, "n_pairs": 3, "expected": 0.1, "observed": 0.2}]
    rows = [{"set": "people", "reliability": table, "ece": 0.1}, {"set": "failed"}]
    quality.plot(rows, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["people.svg"]
    assert "<svg" in (tmp_path / "new" / "people.svg").read_text("utf-8")
