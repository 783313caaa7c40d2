from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import chain

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from tests.strategies import cells, columns, dirty_texts, names

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.records import Column, RecordTable, as_text

_MOMENT = dt.datetime(2024, 2, 29, 13, 5)  # noqa: DTZ001  as tables hold them


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "  ",
        "\t\n\u3000",
        float("nan"),
        np.float32("nan"),
        np.datetime64("NaT"),
        pd.NaT,
        pd.NA,
        Decimal("NaN"),
        [],
        [None, ""],
        np.array([]),
    ],
)
def test_missing_cells_have_no_text(cell: object) -> None:
    assert as_text(cell) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" Ann ", " Ann "),
        ("NaN", "NaN"),
        (7, "7"),
        (60601.0, "60601"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (float("inf"), "inf"),
        (np.int64(7), "7"),
        (np.float64(7.5), "7.5"),
        (np.bool_(True), "true"),
        (False, "false"),
        (Decimal("1.50"), "1.50"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (_MOMENT, "2024-02-29T13:05:00"),
        (_MOMENT.replace(hour=0, minute=0), "2024-02-29"),
        (pd.Timestamp("2024-02-29"), "2024-02-29"),
        (np.datetime64("2024-02-29T00:00:00", "ns"), "2024-02-29"),
        (["vip", None, 7], "vip; 7"),
        (("a", ["b", "c"]), "a; b; c"),
        ({"b", "a"}, "a; b"),
        (np.array(["x", "y"]), "x; y"),
    ],
)
def test_cells_read_as_text(cell: object, text: str) -> None:
    assert as_text(cell) == text


def test_array_without_dimensions_reads_as_its_item() -> None:
    assert as_text(np.array(5)) == "5"


def test_integer_of_any_length_reads_as_text() -> None:
    assert as_text(10**5_000)


@given(st.lists(cells()))
def test_decoding_gives_the_text_of_what_was_encoded(drawn: list[object]) -> None:
    assert Column.encode(drawn).decode() == [as_text(cell) for cell in drawn]


@given(st.lists(cells()))
def test_codes_are_dense_and_in_order_of_appearance(drawn: list[object]) -> None:
    column = Column.encode(drawn)
    held = column.codes[column.codes >= 0]
    assert list(dict.fromkeys(held.tolist())) == list(range(len(column.values)))


@given(st.lists(dirty_texts()))
def test_values_are_distinct(drawn: list[str]) -> None:
    values = Column.encode(drawn).values
    assert len(set(values)) == len(values)


@given(st.lists(st.none() | names()))
def test_counts_are_those_of_the_decoded_texts(drawn: list[str | None]) -> None:
    column = Column.encode(drawn)
    assert column.counts().tolist() == [drawn.count(value) for value in column.values]


@given(st.lists(st.none() | st.text("ab", max_size=2), max_size=12))
def test_replaced_values_are_held_once_as_they_first_appear(
    replacements: list[str | None],
) -> None:
    column = Column.encode(range(len(replacements)))
    replaced = column.replace(replacements)
    assert replaced.values == tuple(
        dict.fromkeys(v for v in replacements if v is not None)
    )
    assert replaced.decode() == replacements


@given(st.lists(st.none() | names()))
def test_replacing_values_replaces_them_row_by_row(drawn: list[str | None]) -> None:
    column = Column.encode(drawn)
    replaced = column.replace([value[:1] for value in column.values])
    assert replaced.decode() == [None if text is None else text[:1] for text in drawn]


def test_replacing_a_value_by_none_makes_its_rows_missing() -> None:
    column = Column.encode(["a", "b", "a", None])
    assert column.replace([None, "b"]).decode() == [None, "b", None, None]


@given(columns(names(), 4), columns(names(), 4))
def test_joined_column_holds_the_present_texts(one: Column, two: Column) -> None:
    rows = zip(one.decode(), two.decode(), strict=True)
    expected = ["-".join(text for text in row if text) or None for row in rows]
    assert Column.join([one, two], "-").decode() == expected


@pytest.mark.parametrize("combine", [Column.stack, lambda c: Column.join(c, " ")])
def test_one_column_combines_to_itself(
    combine: Callable[[list[Column]], Column],
) -> None:
    column = Column.encode(["a", None])
    assert combine([column]) is column


def test_columns_without_rows_join_and_stack() -> None:
    empty = Column.encode([])
    assert len(Column.join([empty, empty], " ")) == 0
    assert Column.stack([empty, empty]).slots.shape == (0, 2)


@given(columns(names(), 4), columns(names(), 4))
def test_stacked_column_holds_a_value_of_each(one: Column, two: Column) -> None:
    stacked = Column.stack([one, two])
    lookup = (*stacked.values, None)
    held = [[lookup[code] for code in row] for row in stacked.slots.tolist()]
    assert held == [list(r) for r in zip(one.decode(), two.decode(), strict=True)]


def test_row_is_present_when_any_of_its_values_is() -> None:
    stacked = Column.stack([Column.encode(["a", None]), Column.encode([None, None])])
    assert stacked.present.tolist() == [True, False]
    narrow = Column(("a",), np.array([[0], [-1]], dtype=np.int32))
    assert narrow.present.tolist() == [True, False]


def test_row_decodes_to_the_first_value_it_holds() -> None:
    stacked = Column.stack([Column.encode([None, "a"]), Column.encode(["b", "c"])])
    assert stacked.decode() == ["b", "a"]


@given(st.lists(st.none() | names(), min_size=1), st.data())
def test_taking_rows_takes_their_texts(
    drawn: list[str | None], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(drawn) - 1)))
    taken = Column.encode(drawn).take(np.asarray(rows, dtype=np.int64))
    assert taken.decode() == [drawn[row] for row in rows]


def test_absent_keys_are_missing_values() -> None:
    table = RecordTable.from_mappings([{"a": 1}, {"b": " "}, {"a": "x", "b": "y"}])
    assert table["a"].decode() == ["1", None, "x"]
    assert table["b"].decode() == [None, None, "y"]


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b"]), cells()), max_size=6))
def test_record_is_its_text_by_column(drawn: list[dict[str, object]]) -> None:
    table = RecordTable.from_mappings(drawn)
    assert len(table) == len(drawn)
    for row, record in enumerate(drawn):
        expected = {name: as_text(record.get(name)) for name in table}
        assert table.record(row) == expected


def test_unknown_column_error_lists_the_columns() -> None:
    table = RecordTable.from_mappings([{"name": "Ann", "city": "York"}])
    with pytest.raises(ColumnNotFoundError, match=r"'town'.*'name', 'city'"):
        table["town"]


def test_cell_that_has_no_text_is_named_by_its_column() -> None:
    class Secret:
        def __str__(self) -> str:
            message = "secret"
            raise RuntimeError(message)

    with pytest.raises(InvalidInputError, match=r"column 'a'.*RuntimeError") as error:
        RecordTable.from_mappings([{"a": Secret()}])
    assert "secret" not in str(error.value)


def test_table_knows_its_columns() -> None:
    table = RecordTable.from_mappings([{"name": "Ann"}])
    assert "name" in table
    assert "city" not in table


def _encoded_one_by_one(listed: list[object]) -> tuple[tuple[str, ...], list[int]]:
    index: dict[str, int] = {}
    codes = [
        -1 if (text := as_text(cell)) is None else index.setdefault(text, len(index))
        for cell in listed
    ]
    return tuple(index), codes


_EQUAL_CELLS = st.sampled_from(
    [
        *(None, "", " ", "1", "a", 1, 1.0, 0.0, -0.0, True, float("nan")),
        *(Decimal(1), np.int64(1), [1], dt.date(2024, 2, 29)),
        dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC),
        dt.datetime(2024, 2, 29, 13, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    ]
)


@given(st.lists(_EQUAL_CELLS | cells()) | st.lists(dirty_texts() | st.none()))
def test_encoding_at_once_is_encoding_one_by_one(listed: list[object]) -> None:
    column = Column.encode(iter(listed))
    assert (column.values, column.codes.tolist()) == _encoded_one_by_one(listed)


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(-1, 5), min_size=width, max_size=width)
        )
    )
)
def test_values_by_appearance_are_those_met_first(rows: list[list[int]]) -> None:
    width = len(rows[0]) if rows else 1
    codes = np.asarray(rows, dtype=np.int32).reshape(len(rows), width)
    column = Column(tuple("abcdef"), codes).by_appearance()
    met = [code for row in rows for code in row if code >= 0]
    assert column.values == tuple("abcdef"[code] for code in dict.fromkeys(met))
    lookup = {code: place for place, code in enumerate(dict.fromkeys(met))}
    assert column.codes.tolist() == [[lookup.get(c, -1) for c in row] for row in rows]


@given(
    st.lists(st.text("ab;/ \n", max_size=6) | st.none(), max_size=8),
    st.sampled_from(
        [r"[;\n]|\s/\s", r"[]|/]+|\|;|b", ";$", "^a", r"\b;", "(?<=a);", "a", "[^ab]"]
    ),
)
def test_parted_cells_hold_each_distinct_part(
    listed: list[str | None], pattern: str
) -> None:
    column = Column.encode(listed)
    parted = column.split(pattern)
    expected = []
    for value in column.values:
        parts = dict.fromkeys(part.strip() for part in re.split(pattern, value))
        expected.append([part for part in parts if part][:8] or [value])
    if not any(re.search(pattern, value) for value in column.values):
        expected = [[value] for value in column.values]
    held = [
        [parted.values[code] for code in codes if code >= 0]
        for codes in parted.slots.tolist()
    ]
    assert held == [[] if code < 0 else expected[code] for code in column.codes]
    assert list(parted.values) == list(dict.fromkeys(chain.from_iterable(expected)))
