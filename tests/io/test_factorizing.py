from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custmerge.io import read
from custmerge.records import Column

TEXTS = ["b", None, " ", "a", "", "b"]
NUMBERS = [2.5, None, float("nan"), -0.0, 0.0, 2.5]
TIMES = [dt.datetime(2020, 1, day, 5, tzinfo=dt.UTC) for day in (2, 1, 2, 3, 3, 1)]
DAYS = [time.date() for time in TIMES]
MIXED: list[object] = [1, True, 1.0, "1", None, "a"]
NANOSECONDS = np.array([1, 2, 1, 10**9, 2, 0], dtype="datetime64[ns]")
ZONE = "Asia/Shanghai"

PANDAS = pd.DataFrame(
    {
        "text": pd.array(TEXTS, dtype="str"),
        "object": pd.Series(TEXTS, dtype=object),
        "arrow": pd.array(TEXTS, dtype="string[pyarrow]"),
        "category": pd.Categorical(TEXTS, categories=["c", "a", "b", "", " "]),
        "mixed": pd.Series(MIXED, dtype=object),
        "mixed_category": pd.Categorical(["1", None, "a", "1", "a", "a"]),
        "float": pd.array(NUMBERS, dtype="float64"),
        "half": np.array([1, 2, 1, 3, 0, 0], dtype=np.float16),
        "nullable": pd.array([2, None, 2, 1, 1, 3], dtype="Int64"),
        "bool": [True, False, True, True, False, True],
        "zoned": pd.to_datetime(TIMES).tz_convert(ZONE),
        "fine": NANOSECONDS,
        "period": pd.period_range("2020-01", periods=6, freq="M"),
        "day": pd.Series(DAYS, dtype=object),
        "list": pd.Series([[1], [2], [1], None, [], [1]]),
    }
)
POLARS = pl.DataFrame(
    {
        "text": TEXTS,
        "category": pl.Series(TEXTS, dtype=pl.Categorical),
        "enum": pl.Series(TEXTS, dtype=pl.Enum(["c", "", "a", "b", " "])),
        "mixed": pl.Series(MIXED, dtype=pl.Object),
        "float": NUMBERS,
        "small": pl.Series([2, None, 2, 1, 1, 3], dtype=pl.UInt8),
        "bool": [True, False, None, True, False, True],
        "zoned": pl.Series(TIMES).dt.convert_time_zone(ZONE),
        "day": DAYS,
        "fine": NANOSECONDS,
        "decimal": [Decimal("1.50"), None, Decimal("1.5"), None, None, None],
        "list": [["a"], None, [], ["a"], ["b"], None],
        "empty": pl.Series([None] * 6, dtype=pl.Null),
    }
)
ARROW = pa.table(
    {
        "text": pa.chunked_array([TEXTS[:4], TEXTS[4:]]),
        "large": pa.array(TEXTS, pa.large_string()),
        "dictionary": pa.chunked_array(
            [
                pa.array(TEXTS[:4]).dictionary_encode(),
                pa.DictionaryArray.from_arrays(
                    pa.array([1, None], pa.int32()), ["a", "b", "c"]
                ),
            ]
        ),
        "float": pa.array(NUMBERS, from_pandas=False),
        "integer": pa.array([2, None, 2, 1, 1, 3]),
        "zoned": pa.array(TIMES, pa.timestamp("us", tz=ZONE)),
        "fine": pa.array(NANOSECONDS),
        "day": pa.array(DAYS),
        "decimal": pa.array([Decimal("1.50"), None, Decimal("1.5"), None, None, None]),
        "list": pa.array([["a"], None, [], ["a"], ["b"], None]),
        "nothing": pa.nulls(6),
    }
)


@pytest.mark.parametrize(
    ("frame", "column"),
    [(PANDAS, name) for name in PANDAS]
    + [(POLARS, name) for name in POLARS.columns]
    + [(ARROW, name) for name in ARROW.column_names],
)
@pytest.mark.parametrize("n_rows", [6, 0])
def test_encoding_by_the_library_is_that_of_the_cells(
    frame: object, column: str, n_rows: int
) -> None:
    dataset = read(frame[:n_rows])  # type: ignore[index]
    encoded, expected = dataset.encode(column), Column.encode(dataset.cells(column))
    assert encoded.values == expected.values
    assert encoded.codes.tolist() == expected.codes.tolist()
    assert encoded.codes.dtype == np.int32
