from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from custmerge.exceptions import (
    ColumnNotFoundError,
    InvalidInputError,
    MissingDependencyError,
)
from custmerge.io import read, write
from custmerge.records import as_text

Constructor = Callable[[dict[str, list[object]]], object]


def test_every_form_is_written_as_csv(constructor: Constructor, tmp_path: Path) -> None:
    write(
        constructor({"name": ["Ann", None], "city": [None, "Köln"]}), tmp_path / "o.csv"
    )
    written = (tmp_path / "o.csv").read_bytes().decode()
    assert written == "name,city\r\nAnn,\r\n,Köln\r\n"


def test_every_form_is_written_as_parquet(
    constructor: Constructor, tmp_path: Path
) -> None:
    columns: dict[str, list[object]] = {"name": ["Ann", None], "city": [None, "Köln"]}
    write(constructor(columns), tmp_path / "out.parquet")
    assert parquet.read_table(tmp_path / "out.parquet").to_pydict() == columns


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, '""'),
        (float("nan"), '""'),
        (pd.NaT, '""'),
        (pd.NA, '""'),
        (3.0, "3"),
        (True, "true"),
        (Decimal("1.50"), "1.50"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (np.int64(7), "7"),
        (["é", None, dt.date(2020, 1, 2)], '"[""é"", null, ""2020-01-02""]"'),
        (np.array(["a"]), '"[""a""]"'),
        pytest.param({"b", "a"}, '"[""a"", ""b""]"', id="set"),
        ({"a": 1}, '"{""a"": 1}"'),
        ([], "[]"),
        (" ", " "),
    ],
    ids=repr,
)
def test_cells_are_written_as_text(tmp_path: Path, cell: object, expected: str) -> None:
    write([{"x": cell}], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == f"x\n{expected}\n"


def test_types_survive_parquet(frame_of: Constructor, tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "whole": [1, 2],
        "flag": [True, False],
        "tags": [["a"], ["b", "c"]],
        "seen": [dt.datetime(2020, 1, 1, tzinfo=dt.UTC)] * 2,
    }
    write(frame_of(columns), tmp_path / "out.parquet")
    assert parquet.read_table(tmp_path / "out.parquet").to_pydict() == columns


def test_polars_types_survive_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame({"small": pl.Series([1, None], dtype=pl.Int8)})
    write(frame, tmp_path / "out.parquet")
    assert parquet.read_table(tmp_path / "out.parquet")["small"].type == pa.int8()


def test_cells_of_several_types_are_text_in_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1, "a", None, dt.date(2020, 1, 1)]})
    write(frame, tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table["x"].to_pylist() == ["1", "a", None, "2020-01-01"]


def test_columns_are_chosen_and_ordered(tmp_path: Path) -> None:
    write([{"a": 1, "b": 2, "c": 3}], tmp_path / "out.csv", ["c", "a"])
    assert list(read(tmp_path / "out.csv").columns) == ["c", "a"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_list_without_records_is_written_with_its_columns(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    write([], path, ["a", "b"])
    dataset = read(path)
    assert (dataset.columns, len(dataset)) == (("a", "b"), 0)


def test_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'b'"):
        write([{"a": 1}], tmp_path / "out.csv", ["b"])


@pytest.mark.parametrize("name", ["out", "out.xlsx"])
def test_unknown_ending_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match=r"\.csv, \.tsv, \.parquet can be wr"):
        write([{"a": 1}], tmp_path / name)


def test_lone_surrogate_is_named_by_column_and_row(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("as before", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"column 'b' .* row 1 has a lone surr"):
        write({"a": ["x", "y"], "b": [None, "Secret\ud800"]}, path)
    assert path.read_text(encoding="utf-8") == "as before"


def test_lone_surrogate_in_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="its name has a lone surrogate"):
        write({"a\ud800": ["x"]}, tmp_path / "out.csv")


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r'"custmerge\[parquet\]"'):
        write([{"a": 1}], tmp_path / "out.parquet")


def test_input_table_is_not_mutated(tmp_path: Path) -> None:
    table: dict[str, list[object]] = {"x": [{"b", "a"}, ["c"]]}
    write(table, tmp_path / "out.csv")
    assert table == {"x": [{"b", "a"}, ["c"]]}


def test_text_of_written_cells_is_the_text_that_is_matched(tmp_path: Path) -> None:
    cells: list[object] = [
        60601.0,
        2.5,
        True,
        dt.datetime(2020, 1, 1, 5, tzinfo=dt.UTC),
    ]
    write({"x": cells}, tmp_path / "out.csv")
    assert read(tmp_path / "out.csv").cells("x") == [as_text(cell) for cell in cells]
