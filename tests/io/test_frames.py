from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custmerge.exceptions import InvalidInputError
from custmerge.io import Taken, read
from custmerge.records import as_text

Constructor = Callable[[dict[str, list[object]]], object]
ROWS = np.array([2, 0, 2])
UTC_TIMES = [dt.datetime(2020, 1, day, 5, tzinfo=dt.UTC) for day in (1, 2, 3)]


def test_pandas_columns_keep_their_types() -> None:
    frame = pd.DataFrame(
        {
            "category": pd.Categorical(["a", None, "b"], categories=["b", "a"]),
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "zoned": pd.to_datetime(UTC_TIMES).tz_convert("Asia/Shanghai"),
            "small": np.array([1, 2, 3], dtype=np.int8),
            "objects": [Decimal(1), [1], {"a": 1}],
            "arrow": pd.array(["x", None, "z"], dtype="string[pyarrow]"),
            "period": pd.period_range("2020-01", periods=3, freq="M"),
        },
        index=pd.MultiIndex.from_tuples([(1, 1), (1, 1), (2, 1)]),
    )
    for name, cells in (("texts", ["x", None, "z"]), ("times", UTC_TIMES)):
        frame[name] = pd.Series(cells, index=frame.index, dtype=object)
    built = read(frame).build({name: Taken(name, ROWS) for name in frame})
    expected = frame.iloc[ROWS].reset_index(drop=True)
    pd.testing.assert_frame_equal(built, expected)


def test_polars_columns_keep_their_types() -> None:
    frame = pl.DataFrame(
        {
            "category": pl.Series(["a", None, "b"], dtype=pl.Categorical),
            "enum": pl.Series(["a", None, "b"], dtype=pl.Enum(["b", "a"])),
            "list": [["a"], None, []],
            "struct": [{"a": 1}, None, {"a": 2}],
            "decimal": [Decimal("1.50"), None, Decimal("2.25")],
            "zoned": pl.Series(UTC_TIMES).dt.convert_time_zone("Asia/Shanghai"),
            "date": [dt.date(2020, 1, 1), None, None],
            "small": pl.Series([1, None, 3], dtype=pl.UInt8),
        }
    )
    built = read(frame).build({name: Taken(name, ROWS) for name in frame.columns})
    assert built.equals(frame[ROWS])
    assert built.schema == frame.schema


def test_arrow_columns_keep_their_types() -> None:
    table = pa.table(
        {
            "dictionary": pa.array(["a", None, "b"]).dictionary_encode(),
            "large": pa.array(["a", None, "b"], pa.large_string()),
            "list": pa.array([["a"], None, []]),
            "struct": pa.array([{"a": 1}, None, {"a": 2}]),
            "zoned": pa.array(UTC_TIMES, pa.timestamp("ns", "Asia/Shanghai")),
            "small": pa.array([1, None, 3], pa.int8()),
        }
    )
    built = read(table).build({name: Taken(name, ROWS) for name in table.column_names})
    assert built.schema == table.schema
    assert built.equals(table.take(ROWS))


def test_cells_are_python_values(frame_of: Constructor) -> None:
    columns: dict[str, list[object]] = {
        "text": ["a", "b"],
        "whole": [1, 2],
        "flag": [True, False],
        "time": [dt.datetime(2020, 1, 1, 5), dt.datetime(2021, 1, 1)],  # noqa: DTZ001
        "tags": [["a"], ["b", "c"]],
    }
    dataset = read(frame_of(columns))
    assert {name: dataset.cells(name) for name in columns} == columns


def test_gaps_of_every_library_are_missing(frame_of: Constructor) -> None:
    moment = dt.datetime(2020, 1, 1, 5, tzinfo=ZoneInfo("UTC"))
    columns: dict[str, list[object]] = {
        "text": ["a", None],
        "whole": [1, None],
        "time": [moment, None],
        "tags": [["a"], None],
    }
    dataset = read(frame_of(columns))
    assert [as_text(dataset.cells(name)[1]) for name in columns] == [None] * 4


def test_nanoseconds_of_arrow_are_read_as_microseconds() -> None:
    table = pa.table({"time": pa.array([1_500], pa.timestamp("ns"))})
    assert [as_text(cell) for cell in read(table).cells("time")] == [
        "1970-01-01T00:00:00.000001"
    ]


def test_pandas_names_become_text() -> None:
    frame = pd.DataFrame([["a", "b"]], columns=[0, 1])
    dataset = read(frame)
    assert dataset.columns == ("0", "1")
    assert dataset.cells("0") == ["a"]


def test_pandas_names_of_several_levels_become_text() -> None:
    names = pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])
    dataset = read(pd.DataFrame([[1, 2]], columns=names))
    assert dataset.columns == ("('a', 'b')", "('a', 'c')")


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]),
        pa.table([[1], [2]], names=["a", "a"]),
    ],
)
def test_repeated_names_are_refused(table: object) -> None:
    with pytest.raises(InvalidInputError, match=r"distinct names.*\['a'\]"):
        read(table)


def test_pandas_names_equal_as_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"distinct names.*\['1'\]"):
        read(pd.DataFrame([[1, 2]], columns=[1, "1"]))


def test_lazy_frame_must_be_collected() -> None:
    with pytest.raises(InvalidInputError, match=r"LazyFrame.*\.collect\(\)"):
        read(pl.LazyFrame({"a": [1]}))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", None], pl.String),
        ([None, None], pl.String),
        ([1, None], pl.Int64),
        ([1, 2.5], pl.Float64),
        ([["a"], ["b"]], pl.List(pl.String)),
        (np.array([1, 2], dtype=np.int32), pl.Int32),
        (np.array(["a", "b"]), pl.String),
        (np.array(["a", None], dtype=object), pl.String),
        ([1, "a"], pl.String),
        ([["a"], "b"], pl.String),
        ([10**400, 1.5], pl.String),
    ],
)
def test_computed_polars_column_has_the_type_of_its_cells(
    cells: object, expected: pl.DataType
) -> None:
    built = read(pl.DataFrame({"x": [1]})).build({"new": cells})  # type: ignore[dict-item]
    assert built["new"].dtype == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", None], pa.string()),
        ([None, None], pa.string()),
        ([1, None], pa.int64()),
        ([1, 2.5], pa.float64()),
        ([["a"], ["b"]], pa.list_(pa.string())),
        (np.array([True, False]), pa.bool_()),
        ([1, "a"], pa.string()),
    ],
)
def test_computed_arrow_column_has_the_type_of_its_cells(
    cells: object, expected: pa.DataType
) -> None:
    built = read(pa.table({"x": [1]})).build({"new": cells})  # type: ignore[dict-item]
    assert built.schema.field("new").type == expected


def test_computed_pandas_integers_with_gaps_stay_integers() -> None:
    built = read(pd.DataFrame({"x": [1]})).build({"new": [2**60 + 1, None]})
    assert built["new"].dtype == "Int64"
    assert built["new"][0] == 2**60 + 1


def test_computed_pandas_text_is_text() -> None:
    built = read(pd.DataFrame({"x": [1]})).build(
        {"new": ["a", None], "none": [None, None]}
    )
    assert built["new"].dtype == pd.Series(["a"]).dtype
    assert built["none"].dtype == pd.Series(["a"]).dtype


def test_mixed_computed_cells_keep_their_text() -> None:
    built = read(pl.DataFrame({"x": [1]})).build({"new": [1, " a ", None, 2.5]})
    assert built["new"].to_list() == ["1", " a ", None, "2.5"]


def test_frame_without_rows_works(frame_of: Constructor) -> None:
    dataset = read(frame_of({"name": [], "city": []}))
    assert (dataset.columns, len(dataset)) == (("name", "city"), 0)
    assert dataset.cells("name") == []
