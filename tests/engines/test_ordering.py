from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st
from tests.strategies import columns, dirty_texts, names, tables

from custmerge.engines.ordering import canonical_order, in_order
from custmerge.records import Column, RecordTable


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
