"""Review sheets: what people see in them, and what comes back."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from tests.reviewing.doubtful import doubtful
from tests.strategies import people

import custmerge as cm
from custmerge.reviewing.showing import SideBySide

CHINESE = [
    {"编号": "007", "姓名": "王晓明", "手机": "13812345678", "城市": "上海"},
    {"编号": "008", "姓名": "王小明", "手机": "13987650000", "城市": "上海市"},
    {"编号": "009", "姓名": "王晓明", "手机": None, "城市": "上海"},
    {"编号": "010", "姓名": "李芳", "手机": "13987654321", "城市": "北京"},
]
PEOPLE = {"first_name": "given_name", "email": "email"}
ENDINGS = ("csv", "xlsx", "json")


def _people() -> list[dict[str, object]]:
    return [{"no": f"{i:03}", **row} for i, row in enumerate(people(5))]


@cache
def _result() -> cm.Resolution:
    return doubtful(_people(), PEOPLE, "no")


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a sheet in any form, cells as text."""
    if path.suffix == ".json":
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return found
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _filled(path: Path, said: Mapping[int, object]) -> Path:
    """The sheet with answers in some rows, saved as spreadsheets save it."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for row, answer in said.items():
            book.active.cell(row + 2, 1, answer)
        book.save(path)
        return path
    rows = [{**row, "same": said.get(i)} for i, row in enumerate(_rows(path))]
    if path.suffix == ".json":
        path.write_text(json.dumps(rows), encoding="utf-8")
        return path
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _asked(result: cm.Resolution, row: int) -> tuple[object, object]:
    pair = result.review[row]
    return pair["left_id"], pair["right_id"]


# -- What people see ------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_sheets_hold_both_records_of_each_pair_in_the_order_of_the_review(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"queue.{ending}"
    cm.write_review(_result(), path)
    rows, review = _rows(path), _result().review
    stored = {row["no"]: row for row in _people()}
    assert len(rows) == len(review)
    for row, pair in zip(rows, review, strict=True):
        assert row["same"] in (None, "")
        assert (row["left_id"], row["right_id"]) == (pair["left_id"], pair["right_id"])
        assert float(row["weight"]) == pytest.approx(pair["weight"], abs=0.01)
        assert row["reason"] == pair["reason"]
        for side in ("left", "right"):
            held = stored[row[f"{side}_id"]]["first_name"]
            assert row[f"{side}_first_name"] == held
    header = list(rows[0])
    assert header[:3] == ["same", "left_id", "right_id"]
    assert header.index("right_email") == header.index("left_email") + 1


def test_as_many_pairs_are_written_as_are_asked_for(tmp_path: Path) -> None:
    cm.write_review(_result(), tmp_path / "queue.json", n=2)
    assert len(_rows(tmp_path / "queue.json")) == 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_result_without_doubt_gives_a_sheet_without_rows(
    tmp_path: Path, ending: str
) -> None:
    result = doubtful([{"no": 1, "name": "Ann Lee"}], {"name": "full_name"}, "no")
    path = tmp_path / f"queue.{ending}"
    cm.write_review(result, path)
    assert _rows(path) == []
    assert len(cm.read_review(path)) == 0


def test_csv_has_a_mark_by_which_excel_knows_chinese(tmp_path: Path) -> None:
    path = tmp_path / "queue.csv"
    cm.write_review(doubtful(CHINESE, {"姓名": "full_name"}, "编号"), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfsame,")
    names = {row["left_姓名"] for row in _rows(path)}
    assert names <= {"王晓明", "王小明", "李芳"}
    assert names


def test_csv_holds_no_cell_that_spreadsheets_run(tmp_path: Path) -> None:
    bad = ["=1+1", "+44 20", "-7", "@SUM(A1)", "\t=1", "ok"]
    rows = [{"no": f"={i}", "name": "Ann Lee", "note": x} for i, x in enumerate(bad)]
    path = tmp_path / "queue.csv"
    result = doubtful(rows, {"name": "full_name"}, "no")
    cm.write_review(result, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.DictReader(file) for cell in row.items()]
    named = [cell for name, cell in cells if name not in ("weight", "probability")]
    assert [cell for cell in named if cell.startswith(tuple("=+-@\t\r"))] == []
    assert "'=1+1" in named
    decided = cm.read_review(_filled(path, {0: "yes"}))
    left, right = _asked(result, 0)
    assert decided == cm.Decisions.from_json(
        result.decide([(left, right, True)]).decisions.to_json()
    )


def test_excel_has_text_only_marks_what_differs_and_offers_answers(
    tmp_path: Path,
) -> None:
    rows = [
        {"no": "007", "name": "Ann Lee", "city": "=1+1"},
        {"no": "008", "name": "Anne Leigh", "city": "LEEDS"},
        {"no": "009", "name": "Ann Lee", "city": "Leeds\x0c\ud83d"},
    ]
    path = tmp_path / "queue.xlsx"
    cm.write_review(doubtful(rows, {"name": "full_name"}, "no"), path)
    page = openpyxl.load_workbook(path).active
    header = {cell.value: cell.column for cell in page[1]}
    assert page.freeze_panes == "B2"
    (offered,) = page.data_validations.dataValidation
    assert offered.formula1 == '"yes,no"'
    assert str(offered.sqref) == f"A2:A{page.max_row}"
    marked = {}
    for row in range(2, page.max_row + 1):
        cells = {name: page.cell(row, place) for name, place in header.items()}
        ids = cells["left_id"].value, cells["right_id"].value
        assert {cells[name].data_type for name in ("left_id", "left_city")} == {"s"}
        marked[ids] = [
            name for name, cell in cells.items() if cell.fill.fgColor.rgb == "00FFF2CC"
        ]
    assert marked["007", "008"] == [
        *("left_name", "right_name", "left_city", "right_city"),
    ]
    assert "left_name" not in marked["007", "009"]


def test_only_pieces_that_the_other_lacks_are_marked() -> None:
    cells = SideBySide("姓名", "王晓明", "王小明", differ=True)
    left, right = cells.parts()
    assert left == (("王", False), ("晓", True), ("明", False))
    assert right == (("王", False), ("小", True), ("明", False))


@given(st.text(max_size=9), st.text(max_size=9), st.booleans())
@settings(max_examples=60)
def test_pieces_together_are_the_texts(left: str, right: str, differ: bool) -> None:
    ones, others = SideBySide("x", left, right, differ=differ).parts()
    assert "".join(text for text, _ in ones) == left
    assert "".join(text for text, _ in others) == right


def test_one_value_written_in_two_ways_is_not_marked(tmp_path: Path) -> None:
    rows = [
        {"no": 1, "name": "Ann Lee", "phone": "+86 138 1234 5678", "city": "Leeds"},
        {"no": 2, "name": "Anne Leigh", "phone": "+8613812345678", "city": "York"},
    ]
    fields = {"name": "full_name", "phone": "phone"}
    result = doubtful(rows, fields, "no")
    cm.write_review(result, tmp_path / "queue.xlsx")
    page = openpyxl.load_workbook(tmp_path / "queue.xlsx").active
    marked = [
        page.cell(1, cell.column).value
        for cell in page[2]
        if cell.fill.fgColor.rgb == "00FFF2CC"
    ]
    assert "left_phone" not in marked
    assert "left_city" in marked


# -- What comes back ------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_answers_come_back_as_decisions_and_hold_in_other_runs(
    tmp_path: Path, ending: str
) -> None:
    result, path = _result(), tmp_path / f"queue.{ending}"
    cm.write_review(result, path)
    decided = cm.read_review(_filled(path, {0: "yes", 2: "否"}))
    asked = [(*_asked(result, 0), True), (*_asked(result, 2), False)]
    assert {frozenset(link) for link in decided.links} == set(map(frozenset, asked))
    again = doubtful(_people()[::-1], PEOPLE, "no", decided)
    for told in (result.decide(decided), again):
        assert [told.entity_of(x) == told.entity_of(y) for x, y, _ in asked] == [
            True,
            False,
        ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_ids_come_back_with_their_source_and_type(tmp_path: Path, ending: str) -> None:
    tables = {
        "crm": [{"id": 7, "name": "Ann Lee"}, {"id": 8, "name": "Anne Lee"}],
        "网店": [{"id": 7, "name": "Ann Leigh"}],
    }
    result, path = (
        doubtful(tables, {"name": "full_name"}, "id"),
        tmp_path / f"queue.{ending}",
    )
    cm.write_review(result, path)
    n_rows = len(_rows(path))
    decided = cm.read_review(_filled(path, dict.fromkeys(range(n_rows), "n")))
    assert {link[:2] for link in decided.links} == {
        (("crm", 7), ("crm", 8)),
        (("crm", 7), ("网店", 7)),
        (("crm", 8), ("网店", 7)),
    }


def test_ids_that_spreadsheets_rewrite_do_not_matter(tmp_path: Path) -> None:
    result, path = (
        doubtful(CHINESE, {"姓名": "full_name"}, "编号"),
        tmp_path / "queue.csv",
    )
    cm.write_review(result, path)
    _filled(path, {0: "是"})
    text = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [line.replace(",00", ",", 2) for line in text]  # 007 became 7
    path.write_text("\n".join([rows[0], *rows[:0:-1]]), encoding="gb18030")
    (link,) = cm.read_review(path).links
    assert {link.left, link.right} == set(_asked(result, 0))


def test_a_table_of_ids_and_answers_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "left_source,left_id,right_source,right_id,same\n"
        "crm,'=7,web,9,Y\ncrm,8,web,9,\n",
        encoding="utf-8",
    )
    assert cm.read_review(path).links == ((("crm", "=7"), ("web", "9"), True),)


def test_saved_decisions_are_read_as_well(tmp_path: Path) -> None:
    decided = _result().decide([("000", "001", True)]).decisions
    decided.save(tmp_path / "decisions.json")
    assert cm.read_review(tmp_path / "decisions.json") == decided


def test_all_rows_that_do_not_fit_are_named_and_no_value_is_shown(
    tmp_path: Path,
) -> None:
    path = tmp_path / "queue.csv"
    path.write_text(
        "same,left_id,right_id,left_name\n"
        "maybe,K1,K2,Zebulon\n"
        "yes,K3,,Zebulon\n"
        "yes,K4,K4,Zebulon\n"
        "yes,K5,K6,Zebulon\n"
        "no,K6,K5,Zebulon\n"
        "perhaps,K7,K8,Zebulon\n",
        encoding="utf-8",
    )
    with pytest.raises(cm.InvalidInputError) as raised:
        cm.read_review(path)
    message = str(raised.value)
    assert "or empty (rows 2, 7)" in message
    assert "must name two records (rows 3)" in message
    assert "the same one (rows 4)" in message
    assert "of one pair (rows 5, 6)" in message
    assert "Zebulon" not in message
    assert "maybe" not in message


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("a.txt", "", "unknown ending"),
        ("a.csv", "left_id,right_id\na,b\n", "lacks the column 'same'"),
        ("a.csv", "same,left\nyes,b\n", "lacks the column 'pair'"),
        ("a.csv", "same,pair\nyes,{\n", r"name two records \(rows 2\)"),
        ("a.json", "{", "is no JSON"),
        ("a.json", "[1]", "list of objects"),
        ("a.json", "{}", "holds no decisions"),
        ("a.xlsx", "same", "no Excel workbook"),
    ],
)
def test_files_that_are_no_review_are_one_clear_error(
    tmp_path: Path, name: str, text: str, match: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(cm.InvalidInputError, match=match):
        cm.read_review(path)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(cm.InvalidInputError, match="does not exist"):
        cm.read_review(tmp_path / "a.csv")


def test_what_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(cm.InvalidInputError, match="unknown ending"):
        cm.write_review(_result(), tmp_path / "queue.doc")
    with pytest.raises(cm.InvalidInputError, match="n must be"):
        cm.write_review(_result(), tmp_path / "queue.csv", n=0)
    with pytest.raises(cm.InvalidInputError, match="result must be a Resolution"):
        cm.write_review([], tmp_path / "queue.csv")  # type: ignore[arg-type]


def test_excel_without_openpyxl_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(cm.MissingDependencyError, match=r"custmerge\[excel\]"):
        cm.write_review(_result(), tmp_path / "queue.xlsx")


def test_frames_give_the_same_sheet_as_dicts(tmp_path: Path) -> None:
    paths = [tmp_path / "dicts.csv", tmp_path / "frame.csv"]
    for path, rows in zip(paths, (_people(), pd.DataFrame(_people())), strict=True):
        cm.write_review(doubtful(rows, PEOPLE, "no"), path)
    assert paths[0].read_text() == paths[1].read_text()
