from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import columns, dirty_texts, names, tables

import custmerge as cm
from custmerge.engines.normalizing import canonical_order, in_order, normalize
from custmerge.records import Column, RecordTable


@dataclass(frozen=True)
class Returns:
    """A normalizer that returns what it is told to, right or wrong."""

    result: object
    name: str = "returns"

    def normalize(self, values: Sequence[str], /) -> Sequence[str | None]:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result  # type: ignore[return-value]


TABLE = RecordTable.from_mappings(
    [
        {"given": "Ann", "family": "LEE", "home": "1", "work": "2"},
        {"given": None, "family": "Lee", "home": None, "work": "1"},
        {"given": None, "family": None, "home": None, "work": None},
    ]
)


def test_columns_are_named_as_the_fields_and_normalized() -> None:
    table = normalize(TABLE, [cm.Field("surname", columns=("family",))])
    assert list(table) == ["surname"]
    assert table["surname"].decode() == ["lee", "lee", None]
    assert len(table["surname"].values) == 1


def test_joined_columns_are_one_text() -> None:
    field = cm.Field("name", columns=("given", "family"), separator=", ")
    shout = cm.normalizer(str.upper)
    joined = normalize(TABLE, [cm.Field("n", columns=field.columns, normalize=shout)])
    assert joined["n"].decode() == ["ANN LEE", "LEE", None]


def test_columns_of_which_any_counts_stay_values_of_their_own() -> None:
    field = cm.Field("phone", columns=("home", "work"), combine="any")
    column = normalize(TABLE, [field])["phone"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    assert held == [["1", "2"], ["1"], []]


def test_first_column_that_holds_a_value_counts_each_with_its_normalizer() -> None:
    table = RecordTable.from_columns(
        {"given": ["Mary Ann", None, None], "name": ["Bo Lee", "Bo Lee", None]}, 3
    )
    field = cm.Field(
        "given",
        "given_name",
        columns=("given", "name"),
        combine="first",
        by_column={"name": "given_of_full_name"},
    )
    assert normalize(table, [field])["given"].decode() == ["mary ann", "bo", None]


def test_lines_of_an_address_are_joined_and_addresses_are_not() -> None:
    field = cm.Field(
        "n", columns=("home", "work", "given"), combine="any", lines=(("home", "work"),)
    )
    column = normalize(TABLE, [field])["n"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    assert held == [["1 2", "ann"], ["1"], []]


def test_list_in_a_cell_is_several_values() -> None:
    cells = ["a@x.org; b@y.org", "b@y.org,c@z.org", "d@x.org", None]
    table = RecordTable.from_columns({"email": cells}, 4)
    column = normalize(table, [cm.Field("email", "email")])["email"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    both = [["a@x.org", "b@y.org"], ["b@y.org", "c@z.org"]]
    assert held == [*both, ["d@x.org"], []]
    plain = normalize(table, [cm.Field("email", "email", split="")])["email"]
    assert plain.width == 1


@given(tables(("name",), dirty_texts))
def test_each_distinct_value_is_normalized_once(table: RecordTable) -> None:
    seen: list[str] = []

    def note(value: str) -> str:
        seen.append(value)
        return value

    normalize(table, [cm.Field("name", normalize=note)])
    assert sorted(seen) == sorted(table["name"].values)


def test_blank_result_makes_the_cell_missing() -> None:
    field = cm.Field("given", normalize=Returns([""]))
    assert normalize(TABLE, [field])["given"].decode() == [None] * 3


@pytest.mark.parametrize(
    "result", [[], ["a", "b"], [7], [b"a"], None, 7, ValueError("secret")], ids=str
)
def test_normalizer_that_breaks_its_contract_is_named(result: object) -> None:
    field = cm.Field("given", normalize=Returns(result))
    with pytest.raises(cm.PluginError, match=r"'returns'.*'given'") as error:
        normalize(TABLE, [field])
    assert "secret" not in str(error.value)


@given(tables(("name", "city"), dirty_texts), st.data())
def test_records_come_in_one_order_whatever_order_they_came_in(
    table: RecordTable, data: st.DataObject
) -> None:
    shuffled = np.asarray(data.draw(st.permutations(range(len(table)))), np.int64)
    moved = RecordTable({n: table[n].take(shuffled) for n in table}, len(table))
    one = in_order(table, canonical_order(table))
    two = in_order(moved, canonical_order(moved))
    assert [one.record(row) for row in range(len(one))] == [
        two.record(row) for row in range(len(two))
    ]
    assert all(one[name].values == two[name].values for name in one)


@given(columns(names(), 6, 2), st.permutations(range(6)))
def test_ordered_table_holds_the_same_rows(column: Column, order: list[int]) -> None:
    rows = np.asarray(order, dtype=np.int64)
    moved = in_order(RecordTable({"a": column}, 6), rows)["a"]
    lookup, again = (*column.values, None), (*moved.values, None)
    before = [[lookup[c] for c in row] for row in column.slots[rows].tolist()]
    assert [[again[c] for c in row] for row in moved.slots.tolist()] == before


def test_table_without_columns_keeps_its_rows_in_order() -> None:
    assert canonical_order(RecordTable({}, 3)).tolist() == [0, 1, 2]


def test_copies_of_several_sources_come_in_one_order() -> None:
    table = RecordTable.from_columns({"name": ["a", "a", "b"]}, 3)
    forth = canonical_order(table, [Column.encode(["x", "y", "x"])])
    back = canonical_order(table, [Column.encode(["y", "x", "x"])])
    swapped = np.asarray([1, 0, 2])
    assert swapped[back].tolist() == forth.tolist()
