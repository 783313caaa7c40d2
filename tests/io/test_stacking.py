from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.io import Dataset, Taken, combine, read, read_each
from custmerge.records import as_text

Constructor = Callable[[dict[str, list[object]]], object]


def built(dataset: Dataset) -> pd.DataFrame:
    rows = np.arange(len(dataset))
    return dataset.build({name: Taken(name, rows) for name in dataset.columns})


def texts(dataset: Dataset) -> dict[str, list[str | None]]:
    return {
        name: [as_text(cell) for cell in dataset.cells(name)]
        for name in dataset.columns
    }


def test_sources_of_any_form_are_one_table(constructor: Constructor) -> None:
    crm = constructor({"name": ["Ann", "Bo"], "city": ["Ulm", None]})
    dataset = read({"crm": crm, "web": [{"mail": "c@d.de", "name": "Cy"}]})
    assert texts(dataset) == {
        "name": ["Ann", "Bo", "Cy"],
        "city": ["Ulm", None, None],
        "mail": [None, None, "c@d.de"],
    }


def test_each_row_knows_its_source() -> None:
    dataset = read({"crm": [{"a": 1}, {"a": 2}], "shop": [], "web": {"a": [3]}})
    assert dataset.sources == ("crm", "shop", "web")
    assert dataset.source_codes is not None
    assert dataset.source_codes.dtype == np.int32
    assert dataset.source_codes.tolist() == [0, 0, 2]


def test_one_named_source_keeps_its_name() -> None:
    dataset = read({"crm": pd.DataFrame({"a": [1]})})
    assert dataset.sources == ("crm",)


def test_forms_of_different_libraries_build_dicts() -> None:
    dataset = read({"crm": pd.DataFrame({"a": [1]}), "web": pl.DataFrame({"a": [2]})})
    assert built(dataset) == [{"a": 1}, {"a": 2}]


def test_pandas_gaps_are_none_among_dicts() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None],
            "number": [1.5, None],
            "time": pd.to_datetime(["2020-01-01", None]),
            "nullable": pd.array([1, None], dtype="Int64"),
        }
    )
    dataset = read({"crm": frame, "web": [{"text": "b"}]})
    assert [dataset.cells(name)[1] for name in frame] == [None] * 4


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, pa.table])
def test_frames_of_one_library_stay_in_it(library: Callable[..., object]) -> None:
    crm, web = library({"name": ["Ann"]}), library({"name": ["Bo"], "age": [3]})
    dataset = read({"crm": crm, "web": web})
    assert isinstance(built(dataset), type(crm))
    assert texts(dataset) == {"name": ["Ann", "Bo"], "age": [None, "3"]}


def test_parquet_files_stay_arrow_tables(tmp_path: Path) -> None:
    for name in ("crm", "web"):
        pl.DataFrame({"name": [name]}).write_parquet(tmp_path / f"{name}.parquet")
    dataset = read({name: tmp_path / f"{name}.parquet" for name in ("crm", "web")})
    assert built(dataset)["name"].to_pylist() == ["crm", "web"]


def test_columns_are_renamed_by_source() -> None:
    datasets = read_each({"crm": [{"mobile": "1"}], "web": [{"phone": "2", "b": 3}]})
    dataset = combine(datasets, {"crm": {"mobile": "phone"}})
    assert dataset.columns == ("phone", "b")
    assert dataset.cells("phone") == ["1", "2"]


def test_columns_of_frames_are_renamed_by_source(frame_of: Constructor) -> None:
    crm, web = frame_of({"mobile": ["1"]}), frame_of({"phone": ["2"]})
    datasets = read_each({"crm": crm, "web": web})
    dataset = combine(datasets, {"crm": {"mobile": "phone"}})
    assert texts(dataset) == {"phone": ["1", "2"]}


def test_names_of_a_source_may_be_exchanged(frame_of: Constructor) -> None:
    datasets = read_each({"crm": frame_of({"a": ["1"], "b": ["2"]})})
    dataset = combine(datasets, {"crm": {"a": "b", "b": "a"}})
    assert texts(dataset) == {"b": ["1"], "a": ["2"]}


def test_renaming_onto_another_column_is_refused() -> None:
    datasets = read_each({"crm": [{"mobile": "1", "phone": "2"}]})
    with pytest.raises(InvalidInputError, match=r"of source 'crm'.*\['phone'\]"):
        combine(datasets, {"crm": {"mobile": "phone"}})


def test_unknown_column_of_sources_is_refused() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'b'"):
        read({"crm": [{"a": 1}], "web": [{"a": 1}]}).cells("b")


DIFFERING: list[tuple[list[object], list[object]]] = [
    ([1, 2], ["a", "b"]),
    ([1, 2], [2.5, None]),
    ([2**60 + 1, 2], [2.5, 3.5]),
    ([True, False], ["x", None]),
    ([True, False], [1, 2]),
    ([dt.date(2020, 1, 1), None], ["x", "y"]),
    ([["a"], ["b", "c"]], ["x", None]),
    ([None, None], [1, 2]),
    ([None, None], [["a"], None]),
    ([None, None], [None, None]),
    ([], ["a", None]),
    ([], [1, 2]),
]


@pytest.mark.parametrize(("left", "right"), DIFFERING, ids=repr)
def test_differing_types_lose_no_value(
    frame_of: Constructor, left: list[object], right: list[object]
) -> None:
    dataset = read({"a": frame_of({"x": left}), "b": frame_of({"x": right})})
    expected = [as_text(cell) for cell in (*left, *right)]
    assert texts(dataset) == {"x": expected}
    assert texts(read(built(dataset))) == {"x": expected}


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("int64", "Int64"),
        ("uint8", "UInt8"),
        ("bool", "boolean"),
        ("Int32", "Int32"),
        ("float32", "float32"),
        ("category", "category"),
        ("datetime64[us]", "datetime64[us]"),
        ("string[pyarrow]", "string[pyarrow]"),
    ],
)
def test_pandas_column_absent_in_a_source_keeps_its_kind(
    dtype: str, expected: str
) -> None:
    crm = pd.DataFrame({"x": pd.Series([1, 0]).astype(dtype)})
    web = pd.DataFrame({"y": ["a", "b", "c"]}, index=[9, 9, 9])
    frame = built(read({"crm": crm, "web": web}))
    assert frame["x"].dtype == expected
    assert frame["x"].isna().tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(
    "dtype",
    [pl.Int8, pl.List(pl.String), pl.Categorical, pl.Enum(["a"]), pl.Date],
    ids=str,
)
def test_polars_column_absent_in_a_source_keeps_its_type(dtype: pl.DataType) -> None:
    crm = pl.DataFrame({"x": pl.Series([None], dtype=dtype)})
    frame = built(read({"crm": crm, "web": pl.DataFrame({"y": [1, 2]})}))
    assert frame["x"].dtype == dtype
    assert len(frame) == 3


def test_arrow_strings_of_two_sizes_are_text() -> None:
    crm = pa.table({"x": pa.array(["a", ""], pa.string())})
    web = pa.table({"x": pa.array([" "], pa.large_string())})
    assert built(read({"crm": crm, "web": web}))["x"].to_pylist() == ["a", "", " "]


def test_arrow_dictionaries_of_different_words_stay_dictionaries() -> None:
    crm = pa.table({"x": pa.array(["a", "b"]).dictionary_encode()})
    web = pa.table({"x": pa.array(["c", "a"]).dictionary_encode()})
    table = built(read({"crm": crm, "web": web}))
    assert table["x"].to_pylist() == ["a", "b", "c", "a"]
    assert table["x"].type == crm["x"].type


def test_integers_of_different_widths_stay_integers() -> None:
    crm = pl.DataFrame({"x": pl.Series([1], dtype=pl.Int8)})
    web = pl.DataFrame({"x": pl.Series([2], dtype=pl.UInt32)})
    assert built(read({"crm": crm, "web": web}))["x"].dtype == pl.Int64


def test_source_without_columns_keeps_its_rows() -> None:
    crm = pd.DataFrame({"x": [1]})
    dataset = read({"crm": crm, "web": pd.DataFrame(index=range(2))})
    assert len(dataset) == len(built(dataset)) == 3


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(-5, 5), st.text("ab", min_size=1))),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=40, deadline=None)
def test_rows_are_the_sources_rows_one_after_the_other(
    cells: list[list[int | str | None]],
) -> None:
    sources = {f"s{i}": [{"x": cell} for cell in part] for i, part in enumerate(cells)}
    dataset = combine(read_each(sources))
    flat = [cell for part in cells for cell in part]
    assert len(dataset) == len(flat)
    assert not flat or dataset.cells("x") == flat
