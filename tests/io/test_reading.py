from __future__ import annotations

import copy
import datetime as dt
import subprocess
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
from custmerge.io import Taken, is_sources, read, read_each
from custmerge.io.frames import Frame
from custmerge.records import Column, as_text

Constructor = Callable[[dict[str, list[object]]], object]
PEOPLE: dict[str, list[object]] = {
    "name": ["Ann", None, "Bo", "Ann"],
    "city": ["Ulm", "Bonn", None, "Köln"],
}


def test_every_form_has_the_same_columns_and_length(constructor: Constructor) -> None:
    dataset = read(constructor(PEOPLE))
    assert dataset.columns == ("name", "city")
    assert len(dataset) == 4


def test_every_form_has_the_same_cells_as_text(constructor: Constructor) -> None:
    dataset = read(constructor(PEOPLE))
    for column, cells in PEOPLE.items():
        assert [as_text(cell) for cell in dataset.cells(column)] == cells


def test_every_form_is_one_unnamed_source(constructor: Constructor) -> None:
    dataset = read(constructor(PEOPLE))
    assert dataset.sources == ()
    assert dataset.source_codes is None


def test_every_form_builds_taken_beside_computed_columns(
    constructor: Constructor,
) -> None:
    built = read(constructor(PEOPLE)).build(
        {
            "entity": np.array([10, 11, 12]),
            "label": ["x", None, "z"],
            "name": Taken("name", np.array([3, 1, 0])),
            "town": Taken("city", np.array([2, 2, 3])),
        }
    )
    again = read(built)
    texts = {
        column: [as_text(cell) for cell in again.cells(column)]
        for column in again.columns
    }
    assert texts == {
        "entity": ["10", "11", "12"],
        "label": ["x", None, "z"],
        "name": ["Ann", None, "Ann"],
        "town": [None, None, "Köln"],
    }


def test_every_form_builds_a_table_without_rows(constructor: Constructor) -> None:
    dataset = read(constructor(PEOPLE))
    nothing = np.array([], dtype=np.int64)
    built = dataset.build({"name": Taken("name", nothing), "label": []})
    assert len(read(built)) == 0


def test_every_form_refuses_an_unknown_column(constructor: Constructor) -> None:
    with pytest.raises(ColumnNotFoundError, match=r"no column 'nam'.*'name', 'city'"):
        read(constructor(PEOPLE)).cells("nam")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([{"name": "Ann"}], list),
        (iter([{"name": "Ann"}]), list),
        ({"name": ["Ann"]}, dict),
        (pd.DataFrame({"name": ["Ann"]}), pd.DataFrame),
        (pl.DataFrame({"name": ["Ann"]}), pl.DataFrame),
        (pa.table({"name": ["Ann"]}), pa.Table),
    ],
)
def test_output_has_the_form_of_the_input(records: object, expected: type) -> None:
    built = read(records).build({"name": Taken("name", np.array([0, 0]))})
    assert isinstance(built, expected)


def test_csv_file_builds_a_list_of_dicts(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,city\nAnn,\n", encoding="utf-8")
    dataset = read(path)
    rows = np.array([0])
    built = dataset.build({"name": Taken("name", rows), "city": Taken("city", rows)})
    assert built == [{"name": "Ann", "city": None}]


def test_parquet_file_builds_an_arrow_table(tmp_path: Path) -> None:
    pl.DataFrame({"name": ["Ann"]}).write_parquet(tmp_path / "a.parquet")
    built = read(tmp_path / "a.parquet").build({"name": Taken("name", np.array([0]))})
    assert isinstance(built, pa.Table)
    assert built.to_pydict() == {"name": ["Ann"]}


def test_mappings_give_back_the_very_same_objects() -> None:
    objects = [Decimal("1.50"), dt.date(2020, 1, 2), [1, 2], {"a": 1}, True, object()]
    dataset = read([{"value": value} for value in objects])
    built = dataset.build({"value": Taken("value", np.arange(len(objects)))})
    assert all(row["value"] is value for row, value in zip(built, objects, strict=True))


def test_missing_keys_of_ragged_mappings_are_none() -> None:
    dataset = read([{"name": "Ann"}, {"city": "Ulm"}])
    assert dataset.columns == ("name", "city")
    assert dataset.cells("city") == [None, "Ulm"]


def test_keys_that_are_no_text_become_text() -> None:
    dataset = read([{1: "Ann", None: 2}])
    assert dataset.columns == ("1", "None")
    assert dataset.cells("1") == ["Ann"]


def test_input_is_not_mutated() -> None:
    records = [{1: "Ann", "tags": ["a"]}, {2: None}]
    columns: dict[object, list[object]] = {1: ["Ann"], "tags": [["a"]]}
    frame = pd.DataFrame({1: ["Ann"], "tags": [["a"]]}, index=[5])
    before = copy.deepcopy((records, columns)), frame.copy()
    for given in (records, columns, frame):
        dataset = read(given)
        dataset.build({"1": Taken("1", np.array([0, 0])), "x": [1, 2]})
    assert (records, columns) == before[0]
    pd.testing.assert_frame_equal(frame, before[1])


def test_built_lists_are_not_the_callers() -> None:
    columns = {"name": ["Ann", "Bo"]}
    built = read(columns).build({"name": Taken("name", np.array([0, 1]))})
    built["name"].append("Cy")
    assert columns == {"name": ["Ann", "Bo"]}


@pytest.mark.parametrize(
    "cells",
    [
        ("Ann", "Bo"),
        np.array(["Ann", "Bo"]),
        np.array(["Ann", "Bo"], dtype=object),
        pd.Series(["Ann", "Bo"], index=[4, 4]),
        pl.Series(["Ann", "Bo"]),
        pa.array(["Ann", "Bo"]),
        pa.chunked_array([["Ann"], ["Bo"]]),
    ],
    ids=lambda cells: type(cells).__name__,
)
def test_columns_may_be_any_sequence(cells: object) -> None:
    dataset = read({"name": cells, "age": range(2)})
    assert dataset.cells("name") == ["Ann", "Bo"]
    assert dataset.cells("age") == [0, 1]


def test_nanoseconds_of_numpy_stay_times() -> None:
    times = np.array(["2020-01-02", "NaT"], dtype="datetime64[ns]")
    cells = read({"seen": times}).cells("seen")
    assert [as_text(cell) for cell in cells] == ["2020-01-02", None]


def test_no_records_are_a_dataset_without_columns() -> None:
    dataset = read([])
    assert (dataset.columns, len(dataset), dataset.build({})) == ((), 0, [])


def test_columns_without_cells_are_a_dataset_without_rows() -> None:
    dataset = read({"name": [], "city": []})
    assert (dataset.columns, len(dataset)) == (("name", "city"), 0)
    built = dataset.build({"name": Taken("name", np.array([], dtype=np.int64))})
    assert built == {"name": []}


# --- what is wrong with the input ---


def test_item_that_is_no_mapping_is_named_by_position_and_type() -> None:
    with pytest.raises(InvalidInputError, match=r"mapping.*position 1 is a tuple"):
        read([{"name": "Ann"}, ("Smith", 3)])


def test_keys_equal_as_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"keys of the records.*\['1'\]"):
        read([{1: "a"}, {"1": "b"}])


def test_columns_of_differing_lengths_are_named() -> None:
    with pytest.raises(InvalidInputError, match=r"'name': 2, 'city': 1"):
        read({"name": ["Ann", "Bo"], "city": ["Ulm"]})


@pytest.mark.parametrize("cell", ["Ann", 3, None, dt.date(2020, 1, 1), {"a": 1}, {1}])
def test_single_record_must_be_wrapped_in_a_list(cell: object) -> None:
    with pytest.raises(InvalidInputError, match=r"'name' holds a .*\[record\]"):
        read({"name": cell, "tags": ["a"]})


def test_zero_dimensional_array_is_no_column() -> None:
    with pytest.raises(InvalidInputError, match="'name' holds a ndarray"):
        read({"name": np.array(3)})


@pytest.mark.parametrize("records", [None, 3, 2.5, b"name\nAnn", object()])
def test_other_objects_are_refused_with_the_accepted_forms(records: object) -> None:
    with pytest.raises(InvalidInputError, match=r"iterable of mappings.*\.parquet"):
        read(records)


def test_missing_file_is_named() -> None:
    with pytest.raises(InvalidInputError, match=r"'no/such\.csv' does not exist"):
        read("no/such.csv")


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="is not a file"):
        read(tmp_path)


def test_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "people.xls"
    path.touch()
    with pytest.raises(
        InvalidInputError, match=r"\.csv, \.tsv, \.parquet, \.xlsx can be read"
    ):
        read(path)


@pytest.mark.parametrize("text", ["name\nAnn Secret", "Ann Secret" * 1000])
def test_records_given_as_text_are_not_shown(text: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot be a path") as caught:
        read(text)
    assert "Secret" not in str(caught.value)


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["x", None, "y", "x", "z"]),
            "large": pa.array(["b", "a", None, "b", "c"], pa.large_string()),
            "coded": pa.array(["u", "v", "u", None, "w"]).dictionary_encode(),
            "number": [3, 1, None, 2, 5],
            "list": [["a"], None, [], ["b"], ["a"]],
        }
    )
    path = tmp_path / "people.parquet"
    parquet.write_table(table, path, row_group_size=2)
    dataset = read(path)
    for name in table.column_names:
        expected = Column.encode(table[name].to_pylist())
        assert dataset.encode(name).values == expected.values
        assert dataset.encode(name).codes.tolist() == expected.codes.tolist()
    rows = np.array([4, 0, 1])
    built = dataset.build({name: Taken(name, rows) for name in table.column_names})
    assert built.schema.types == table.schema.types
    assert built.to_pylist() == table.take(rows).to_pylist()
    both = read({"crm": path, "web": path})
    assert (
        both.build({"text": Taken("text", np.array([7]))})["text"].type == pa.string()
    )


def test_texts_of_a_parquet_file_have_one_dictionary(tmp_path: Path) -> None:
    cells = {"a": ["x", "y", None, "z"], "a.b": ["1", "2", "1", "3"]}
    path = tmp_path / "crm.parquet"
    parquet.write_table(pa.table(cells), path, row_group_size=1)
    dataset = read(path)
    assert isinstance(dataset, Frame)
    for name, texts in cells.items():
        assert dataset.cells(name) == texts
        assert dataset.encode(name).decode() == texts
        assert dataset.frame[name].to_native().num_chunks == 1


def test_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    path.write_bytes(b"name,city\n")
    with pytest.raises(InvalidInputError, match=r"people\.parquet' cannot be read"):
        read(path)


def test_unreadable_file_gives_the_systems_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.touch()

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InvalidInputError, match="cannot be read: Permission denied"):
        read(path)


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.parquet"
    path.touch()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r'"custmerge\[parquet\]"'):
        read(path)


def test_reading_plain_python_imports_no_dataframe_library() -> None:
    code = (
        "import sys\n"
        "from custmerge.io import read\n"
        "read([{'name': 'Ann'}]); read({'crm': [{'a': 1}], 'web': {'a': [2]}})\n"
        "print({'pandas', 'polars', 'pyarrow'} & set(sys.modules))\n"
    )
    result = subprocess.run(  # noqa: S603  our own text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


# --- named sources ---


@pytest.mark.parametrize(
    "records",
    [
        {"crm": [{"a": 1}], "web": [{"b": 1}]},
        {"crm": [{"a": 1}], "web": []},
        {"crm": {"a": [1]}},
        {"crm": pd.DataFrame({"a": [1]}), "web": "missing.csv"},
        {"crm": pl.LazyFrame({"a": [1]})},
        {"crm": Path("crm.csv"), "web": "web.TSV"},
        {"crm": iter([{"a": 1}])},
    ],
)
def test_mapping_of_tables_is_sources(records: object) -> None:
    assert is_sources(records)


@pytest.mark.parametrize(
    "records",
    [
        {"name": ["Ann"], "city": ["Ulm"]},
        {"name": ["Ann"], "address": [{"city": "Ulm"}]},
        {"name": [], "city": []},
        {"name": pd.Series(["Ann"])},
        {"name": np.array(["Ann"])},
        {"name": "Ann", "site": "ann.csv"},
        {"name": "Ann"},
        {"address": {"city": "Ulm"}},
        {"note": "a\nb.csv"},
        {"raw": b"ab"},
        {},
        [{"crm": [{"a": 1}]}],
        pd.DataFrame({"a": [1]}),
        None,
    ],
    ids=repr,
)
def test_anything_else_is_not_sources(records: object) -> None:
    assert not is_sources(records)


def test_error_of_a_source_names_it() -> None:
    with pytest.raises(InvalidInputError, match=r"source 'web': .*position 0 is a int"):
        read_each({"crm": [{"a": 1}], "web": iter([3])})


def test_sources_equal_as_text_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="the sources must have distinct names"):
        read({1: [{"a": 1}], "1": [{"a": 1}]})
