from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from custmerge.io import write

Constructor = Callable[[dict[str, list[object]]], object]


def rows_of(columns: dict[str, list[object]]) -> list[dict[str, object]]:
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


@pytest.fixture(
    params=[
        "list",
        "generator",
        "columns",
        "pandas",
        "pandas_nullable",
        "pandas_index",
        "polars",
        "pyarrow",
        "csv",
        "tsv",
        "parquet",
    ]
)
def constructor(request: pytest.FixtureRequest, tmp_path: Path) -> Constructor:
    """Builds the same columns in one of the accepted forms."""

    def in_csv(columns: dict[str, list[object]], ending: str = "csv") -> Path:
        path = tmp_path / f"records.{ending}"
        write(columns, path)
        return path

    def in_parquet(columns: dict[str, list[object]]) -> str:
        path = tmp_path / "records.parquet"
        parquet.write_table(pa.table(columns), path)
        return str(path)

    def with_index(columns: dict[str, list[object]]) -> pd.DataFrame:
        frame = pd.DataFrame(columns)
        frame.index = pd.Index([7] * len(frame))
        return frame

    constructors: dict[str, Constructor] = {
        "list": rows_of,
        "generator": lambda columns: iter(rows_of(columns)),
        "columns": dict,
        "pandas": pd.DataFrame,
        "pandas_nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
        "pandas_index": with_index,
        "polars": pl.DataFrame,
        "pyarrow": pa.table,
        "csv": in_csv,
        "tsv": lambda columns: in_csv(columns, "tsv"),
        "parquet": in_parquet,
    }
    return constructors[request.param]


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def frame_of(request: pytest.FixtureRequest) -> Constructor:
    """Builds columns as a dataframe of one library."""
    constructors: dict[str, Constructor] = {
        "pandas": pd.DataFrame,
        "polars": pl.DataFrame,
        "pyarrow": pa.table,
    }
    return constructors[request.param]
