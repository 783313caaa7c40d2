"""Excel workbooks as records, truth and answers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

import custmerge as cm
from custmerge.cli import main
from custmerge.exceptions import (
    CustmergeWarning,
    InvalidInputError,
    MissingDependencyError,
)
from custmerge.io import read, read_table

openpyxl = pytest.importorskip("openpyxl")


def _saved(path: Path, *sheets: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _rows_of(path: str) -> list[list[str | None]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [[cell or None for cell in row] for row in csv.reader(file)]


def test_cells_keep_their_types(tmp_path: Path) -> None:
    born = datetime(1990, 12, 31)  # noqa: DTZ001  Excel knows no time zones
    path = _saved(
        tmp_path / "people.XLSX",
        [
            ("姓名", "手机", "生日", "vip", "note"),
            ("王小明", 13912345678, born, True, "007"),
            ("李娜", None, None, False, 1.5),
        ],
    )
    table = read(path)
    assert table.columns == ("姓名", "手机", "生日", "vip", "note")
    assert table.cells("手机") == [13912345678, None]
    assert table.cells("生日") == [born, None]
    assert table.cells("note") == ["007", 1.5]
    decoded = {name: table.encode(name).decode() for name in table.columns}
    assert decoded["手机"] == ["13912345678", None]
    assert decoded["生日"] == [date(1990, 12, 31).isoformat(), None]
    assert decoded["vip"] == ["true", "false"]


def test_titles_and_what_holds_nothing_are_skipped(tmp_path: Path) -> None:
    rows = [
        (None, "Customers 2026"),
        (),
        (None, "name", None, "city", "phone"),
        (None, "Ann Lee", None, "Leeds", 1),
        (None, None, None, None),
        (None, "Bo Chan", None, None, None),
    ]
    table = read(_saved(tmp_path / "book.xlsx", rows))
    assert {name: table.cells(name) for name in table.columns} == {
        "name": ["Ann Lee", "Bo Chan"],
        "city": ["Leeds", None],
        "phone": [1, None],
    }


def test_columns_without_a_name_have_a_number(tmp_path: Path) -> None:
    table = read(_saved(tmp_path / "book.xlsx", [("name", None), ("Ann", "x")]))
    assert table.columns == ("name", "column_2")


def test_a_workbook_gives_what_the_same_csv_gives(tmp_path: Path) -> None:
    for name in ("customers", "customers_zh"):
        file = f"examples/{name}.csv"
        book = _saved(tmp_path / f"{name}.xlsx", _rows_of(file))
        expected, found = cm.resolve(file), cm.resolve(book)
        assert found.labels.tolist() == expected.labels.tolist()
        assert found.config == expected.config


def test_truth_labels_and_sources_may_be_workbooks(tmp_path: Path) -> None:
    truth = "examples/customers_truth.csv"
    book = _saved(tmp_path / "truth.xlsx", _rows_of(truth))
    result = cm.resolve("examples/customers.csv")
    assert cm.evaluate(result, book).to_dict() == cm.evaluate(result, truth).to_dict()
    left, right = result.review[0]["left_id"], result.review[0]["right_id"]
    rows = [("left_id", "right_id", "same"), (left, right, "是")]
    labels = _saved(tmp_path / "labels.xlsx", rows)
    labelled = cm.resolve("examples/customers.csv", labels=labels)
    assert labelled.explain(left, right).verdict == "match"
    crm = _saved(tmp_path / "crm.xlsx", [("name", "email"), ("Ann Lee", "a@b.org")])
    both = cm.resolve({"crm": crm, "web": [{"name": "Ann Lee", "email": "a@b.org"}]})
    assert both.n_entities == 1


def test_other_sheets_are_not_read_without_a_word(tmp_path: Path) -> None:
    rows = [("name",), ("Ann",)]
    path = _saved(tmp_path / "book.xlsx", rows, [], rows)
    with pytest.warns(CustmergeWarning, match=r"3 sheets; only the first"):
        assert len(read_table(path)) == 1
    read_table(_saved(tmp_path / "one.xlsx", rows, [], []))


@pytest.mark.parametrize("command", ["resolve", "quality"])
def test_the_command_line_tells_of_other_sheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    rows = [("name",), ("Ann Lee",), ("Bo Chan",)]
    assert main([command, str(_saved(tmp_path / "book.xlsx", rows, rows))]) == 0
    shown = capsys.readouterr()
    [line] = shown.err.splitlines()
    assert line.startswith("custmerge: warning: ")
    assert line.endswith("2 sheets; only the first one is read")


@pytest.mark.parametrize(
    ("sheets", "problem"),
    [
        ([[]], "first sheet of .* is empty"),
        ([[], [("name",)]], "first sheet of .* is empty"),
        ([[("name", "name"), ("a", "b")]], "more than one is named"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_said(
    tmp_path: Path, sheets: list[list[tuple[str, ...]]], problem: str
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        read(_saved(tmp_path / "book.xlsx", *sheets))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for content in (b"", b"name,city\nAnn,Leeds\n", b"PK\x03\x04Secret"):
        path.write_bytes(content)
        with pytest.raises(InvalidInputError, match=r"book\.xlsx' is no Excel"):
            read(path)


def test_without_openpyxl_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _saved(tmp_path / "book.xlsx", [("name",), ("Ann",)])

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("custmerge.io.excel.import_module", missing)
    with pytest.raises(MissingDependencyError, match=r"custmerge\[excel\]"):
        read(path)
