from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.io import edited, read_table, regathered, write

ONE = np.array([1])
DAY = dt.date(2024, 5, 1)


def test_pandas_keeps_index_types_and_other_columns() -> None:
    frame = pd.DataFrame(
        {"id": pd.array([1, None, 3], dtype="Int64"), "name": ["a", "b", None]},
        index=["x", "x", "y"],
    )
    before = frame.copy()
    changed = edited(read_table(frame), {"id": (ONE, [7])})
    assert changed["id"].tolist() == [1, 7, 3]
    pd.testing.assert_frame_equal(changed.assign(id=frame["id"]), before)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("dtype", "old", "new"),
    [
        ("int8", [1, 2], 9),
        ("float64", [1.0, None], 9.5),
        ("str", ["a", None], "z"),
        ("string", ["a", None], "z"),
        ("object", ["a", 1], 2.5),
        ("datetime64[ns, UTC]", [None, None], dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        ("bool", [True, False], True),
    ],
)
def test_pandas_column_keeps_its_type(
    dtype: str, old: list[object], new: object
) -> None:
    frame = pd.DataFrame({"a": pd.Series(old, dtype=dtype)})
    changed = edited(read_table(frame), {"a": (ONE, [new])})
    expected = pd.DataFrame({"a": pd.Series([old[0], new], dtype=dtype)})
    pd.testing.assert_frame_equal(changed, expected)


def test_pandas_categories_are_extended() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["a", None], ["b", "a"], ordered=True)})
    changed = edited(read_table(frame), {"a": (ONE, ["z"])})["a"]
    assert changed.tolist() == ["a", "z"]
    assert (changed.cat.categories.tolist(), changed.cat.ordered) == (
        ["b", "a", "z"],
        True,
    )


@pytest.mark.parametrize(
    ("dtype", "old", "new"),
    [
        (pl.UInt8(), [1, None], 9),
        (pl.String(), ["a", None], "z"),
        (pl.Categorical(), ["a", None], "z"),
        (pl.Enum(["a", "z"]), ["a", None], "z"),
        (pl.Date(), [None, None], DAY),
        (pl.List(pl.String()), [["a"], None], ["z"]),
    ],
)
def test_polars_column_keeps_its_type(
    dtype: pl.DataType, old: list[object], new: object
) -> None:
    frame = pl.DataFrame({"a": pl.Series(old, dtype=dtype), "b": [1, 2]})
    changed = edited(read_table(frame), {"a": (ONE, [new])})
    assert changed.schema == frame.schema
    assert changed.rows() == [(old[0], 1), (new, 2)]


@pytest.mark.parametrize(
    ("type_", "old", "new"),
    [
        (pa.int16(), [1, None], 9),
        (pa.large_string(), ["a", None], "z"),
        (pa.dictionary(pa.int32(), pa.string()), ["a", None], "z"),
        (pa.date32(), [None, None], DAY),
    ],
)
def test_arrow_column_keeps_its_type(
    type_: object, old: list[object], new: object
) -> None:
    table = pa.table({"a": pa.array(old, type=type_), "b": [1, 2]})
    changed = edited(read_table(table), {"a": (ONE, [new])})
    assert changed.schema == table.schema
    assert changed.to_pydict() == {"a": [old[0], new], "b": [1, 2]}


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("cell", [1.5, "secret"])
def test_cell_that_does_not_fit_is_an_error_without_the_cell(
    library: Any, cell: object
) -> None:
    dataset = read_table(library({"a": [1, 2]}))
    with pytest.raises(InvalidInputError, match=r"'a' is of the type int64|Int64") as e:
        edited(dataset, {"a": (ONE, [cell])})
    assert str(cell) not in str(e.value)
    assert e.value.__cause__ is None


def test_plain_tables_are_changed_in_copies(tmp_path: Path) -> None:
    records: list[dict[object, object]] = [{"a": 1}, {"a": 2, 5: "x"}]
    columns = {"a": [1, 2]}
    edits = {"a": (ONE, [9])}
    assert edited(read_table(records), edits) == [{"a": 1}, {"a": 9, 5: "x"}]
    assert edited(read_table(columns), edits) == {"a": [1, 9]}
    assert (records[1]["a"], columns["a"]) == (2, [1, 2])
    write(columns, tmp_path / "a.csv")
    texts = edited(read_table(tmp_path / "a.csv"), edits)
    assert texts == [{"a": "1"}, {"a": 9}]


def test_column_must_exist() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'b'"):
        edited(read_table({"a": [1]}), {"b": (ONE, [9])})


@pytest.mark.parametrize("library", [dict, pd.DataFrame, pl.DataFrame, pa.table])
def test_rows_are_left_out_put_in_and_ordered(library: Any) -> None:
    table = library({"id": [1, 2, 3], "day": [DAY, None, None]})
    fewer = regathered(read_table(table), np.array([2, 0]), {})
    whole = regathered(
        read_table(fewer), np.array([1, 2, 0]), {"id": [2], "day": [None]}
    )
    if library is dict:
        assert (fewer["id"], whole) == ([3, 1], table)
    elif library is pd.DataFrame:
        pd.testing.assert_frame_equal(whole, table)
    else:
        assert whole.equals(table)


def test_records_are_put_in_under_their_own_keys() -> None:
    records: list[dict[object, object]] = [{5: "x"}, {5: "y"}]
    whole = regathered(read_table(records), np.array([2, 0]), {"5": ["z"]})
    assert whole == [{5: "z"}, {5: "x"}]
