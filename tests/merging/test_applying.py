from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW

import custmerge as cm
from custmerge.io import combine, read, read_each, read_table
from custmerge.merging import Crosswalk, plan_children, plan_merge

UTC = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def planned(
    records: Any,
    labels: list[int],
    survivors: list[int],
    golden: dict[str, list[Any]],
    children: dict[str, Any] | None = None,
    **said: Any,
) -> cm.MergePlan:
    """Return the plan of records merged as said, without finding out who is who."""
    dataset = read(records)
    config = cm.Config((cm.Field("id"),), id="id")
    walk = Crosswalk.of(dataset, config, np.array(survivors, dtype=np.int64))
    given = {"on": "customer_id", "source": None, "keys": {}} | said
    tables = plan_children(children or {}, **given)
    return plan_merge(walk, np.array(labels, dtype=np.int64), golden, tables)


CUSTOMERS: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4],
    "name": ["王小明", "Bo", "王晓明", "Bob"],
    "spend": [10.5, None, 4.5, 7.0],
}
GOLDEN: dict[str, list[Any]] = {
    "id": [3, 2],
    "name": ["王小明", "Bob"],
    "spend": [15.0, None],
}
ORDERS = {"order": ["a", "b", "c", "d"], "customer_id": [1, 3, 4, None]}
PLAN = planned(CUSTOMERS, [0, 1, 0, 1], [2, 1, 2, 1], GOLDEN, {"orders": ORDERS})


def test_plan_is_carried_out() -> None:
    records, children = cm.apply_plan(PLAN, CUSTOMERS, {"orders": ORDERS})
    assert records == {"id": [2, 3], "name": ["Bob", "王小明"], "spend": [None, 15.0]}
    assert children == {"orders": {**ORDERS, "customer_id": [3, 3, 2, None]}}


def test_and_undone() -> None:
    records, children = cm.apply_plan(PLAN, CUSTOMERS, {"orders": ORDERS})
    assert cm.undo_plan(PLAN, records, children) == (CUSTOMERS, {"orders": ORDERS})


def test_what_was_given_is_not_changed() -> None:
    records, orders = pd.DataFrame(CUSTOMERS), pd.DataFrame(ORDERS)
    before = records.copy(), orders.copy()
    merged, children = cm.apply_plan(PLAN, records, {"orders": orders})
    cm.undo_plan(PLAN, merged, children)
    pd.testing.assert_frame_equal(records, before[0])
    pd.testing.assert_frame_equal(orders, before[1])


def test_undo_keeps_what_has_come_since() -> None:
    records, children = cm.apply_plan(PLAN, CUSTOMERS, {"orders": ORDERS})
    records = {
        "id": [9, *records["id"]],
        "name": ["Ann", *records["name"]],
        "spend": [1.0, *records["spend"]],
    }
    undone, _ = cm.undo_plan(PLAN, records, children)
    assert sorted(undone["id"]) == [1, 2, 3, 4, 9]
    rows = {id_: undone["name"][row] for row, id_ in enumerate(undone["id"])}
    assert rows == {1: "王小明", 2: "Bo", 3: "王晓明", 4: "Bob", 9: "Ann"}


def test_columns_without_golden_values_stay_as_survivors_have_them() -> None:
    plan = planned(CUSTOMERS, [0, 1, 0, 1], [2, 1, 2, 1], {"name": ["王小明", "Bo"]})
    merged, _ = cm.apply_plan(plan, CUSTOMERS)
    assert merged == {"id": [2, 3], "name": ["Bo", "王小明"], "spend": [None, 4.5]}


def test_losers_whose_place_is_gone_come_last() -> None:
    few = planned(CUSTOMERS, [0, 1, 2, 0], [0, 1, 2, 0], CUSTOMERS)
    merged = {"id": [1], "name": ["王小明"], "spend": [10.5]}
    assert cm.undo_plan(few, merged)[0]["id"] == [1, 4]


def test_rows_may_be_in_any_order_and_columns_too() -> None:
    turned = pd.DataFrame(CUSTOMERS).iloc[::-1, ::-1]
    merged, _ = cm.apply_plan(PLAN, turned, {"orders": ORDERS})
    assert merged.columns.tolist() == ["spend", "name", "id"]
    assert merged["id"].tolist() == [3, 2]
    undone, _ = cm.undo_plan(
        PLAN, merged, {"orders": {**ORDERS, "customer_id": [*(3, 3, 2, None)]}}
    )
    expected = turned.sort_values("id").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        undone.sort_values("id").reset_index(drop=True), expected
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"name": ["王小明", "Zeb", "王晓明", "Bob"]},
            "1 cells of the column 'name' of",
        ),
        ({"spend": [10.5, None, 4.5, 8.0]}, "'spend' of losers among the records"),
        ({"id": [9, 2, 3, 4]}, "1 losers among the records are not there"),
        ({"id": [1, 2, 9, 4]}, "1 survivors among the records are not there"),
    ],
)
def test_records_that_have_changed_are_refused(
    change: dict[str, list[Any]], said: str
) -> None:
    with pytest.raises(cm.PlanError, match=said) as error:
        cm.apply_plan(PLAN, CUSTOMERS | change, {"orders": ORDERS})
    assert "Zeb" not in str(error.value)


def test_fields_that_are_not_written_may_have_changed() -> None:
    records = {**CUSTOMERS, "spend": [10.5, 99.0, 4.5, 7.0]}
    merged, _ = cm.apply_plan(PLAN, records, {"orders": ORDERS})
    assert merged["spend"] == [99.0, 15.0]


def test_child_rows_that_have_changed_are_refused() -> None:
    for ids, said in (
        ([1, 3, 2, None], "1 cells of the column 'customer_id' of the table 'orders'"),
        ([1, 3], "1 cells of the table 'orders' are in rows that are not there"),
        ([1, 4, 4, 1], "2 rows of the table 'orders' point to losers and are not"),
    ):
        orders = {"order": list("abcd")[: len(ids)], "customer_id": ids}
        with pytest.raises(cm.PlanError, match=said):
            cm.apply_plan(PLAN, CUSTOMERS, {"orders": orders})


def test_all_problems_are_told_at_once() -> None:
    orders = {"order": ["a"], "customer_id": [1]}
    with pytest.raises(cm.PlanError) as error:
        cm.apply_plan(PLAN, CUSTOMERS | {"name": ["", "", "", ""]}, {"orders": orders})
    assert str(error.value).count(";") >= 3


def test_a_merge_that_was_changed_is_not_undone() -> None:
    records, children = cm.apply_plan(PLAN, CUSTOMERS, {"orders": ORDERS})
    with pytest.raises(
        cm.PlanError, match=r"cannot undo.* 1 cells of the column 'name'"
    ):
        cm.undo_plan(PLAN, records | {"name": ["Zeb", "王小明"]}, children)
    with pytest.raises(cm.PlanError, match="2 records to bring back are among"):
        cm.undo_plan(PLAN, CUSTOMERS, children)
    with pytest.raises(cm.PlanError, match="1 survivors among the records are not"):
        cm.undo_plan(PLAN, records | {"id": [9, 3]}, children)
    without = {name: cells for name, cells in records.items() if name != "spend"}
    with pytest.raises(cm.CustmergeError, match="spend"):
        cm.undo_plan(PLAN, without, children)


def test_plan_is_not_applied_twice() -> None:
    records, children = cm.apply_plan(PLAN, CUSTOMERS, {"orders": ORDERS})
    with pytest.raises(cm.PlanError, match="cannot apply"):
        cm.apply_plan(PLAN, records, children)


def test_tables_must_be_those_of_the_plan() -> None:
    with pytest.raises(cm.InvalidInputError, match=r"\['orders'\], but they are \[\]"):
        cm.apply_plan(PLAN, CUSTOMERS)


def test_changed_plan_is_refused() -> None:
    (one, two) = PLAN.steps
    changed = replace(PLAN, steps=(one, replace(two, children=())))
    for carry_out in (cm.apply_plan, cm.undo_plan):
        with pytest.raises(cm.PlanError, match="1 steps are not what was planned"):
            carry_out(changed, CUSTOMERS, {"orders": ORDERS})


def test_ids_that_repeat_between_sources_are_told_apart() -> None:
    records = [
        {"id": 1, "shop": "a", "name": "Ann", "city": None},
        {"id": 1, "shop": "b", "name": "Ann", "city": "Ulm"},
        {"id": 2, "shop": "b", "name": "Bo", "city": None},
    ]
    config = cm.Config((cm.Field("id"),), id="id", source="shop")
    walk = Crosswalk.of(read_table(records), config, np.array([0, 0, 2]))
    golden: dict[str, list[Any]] = {
        "id": [1, 2],
        "shop": ["b", "b"],
        "name": ["Ann", "Bo"],
        "city": ["Ulm", None],
    }
    orders = [{"customer_id": 1, "of": "b"}, {"customer_id": 1, "of": "a"}]
    tables = plan_children({"orders": orders}, "customer_id", "of", {})
    plan = plan_merge(walk, np.array([0, 0, 1]), golden, tables)
    merged, children = cm.apply_plan(plan, records, {"orders": orders})
    assert merged == [{**records[0], "city": "Ulm"}, records[2]]
    assert children["orders"] == [orders[1], orders[1]]
    assert cm.undo_plan(plan, merged, children) == (records, {"orders": orders})


@pytest.mark.parametrize("library", [list, pd.DataFrame, pl.DataFrame])
def test_tables_of_named_sources_are_written_each_in_its_own_columns(
    library: Any,
) -> None:
    crm = library(
        [
            {"id": 1, "name": "Ann Lee", "email": "ann@lee.org", "city": None},
            {"id": 2, "name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
        ]
    )
    web = library(
        [
            {"id": 1, "full name": "Bo Chan", "mail": "bo@chan.org", "city": None},
            {"id": 2, "full name": "Ann Lee", "mail": "ann@lee.org", "city": "Leeds"},
            {"id": 3, "full name": "Ann Lee", "mail": "ann@lee.org", "city": "Leeds"},
        ]
    )
    tables = {"crm": crm, "web": web}
    plan = cm.resolve(tables, id="id").merge_plan()
    merged, _ = cm.apply_plan(plan, tables)
    assert sum(len(table) for table in merged.values()) == 2
    assert set(read(merged["web"]).columns) <= {"id", "full name", "mail", "city"}
    undone, _ = cm.undo_plan(plan, merged)
    for name, table in tables.items():
        assert type(undone[name]) is type(table)
        assert read(undone[name]).columns == read(table).columns
        assert list(map(str, read(undone[name]).cells("city"))) == list(
            map(str, read(table).cells("city"))
        )
    with pytest.raises(cm.InvalidInputError, match="tables by the names"):
        cm.apply_plan(plan, crm)


@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_number_that_a_column_of_decimals_writes_longer_is_no_change(
    library: Any,
) -> None:
    customers = library(
        {"id": ["a", "b"], "spend": [Decimal("1.50"), Decimal("20.00")]}
    )
    plan = planned(customers, [0, 0], [0, 0], {"spend": [21.5]})
    merged, _ = cm.apply_plan(plan, customers)
    assert merged["spend"][0] in (Decimal("21.50"), pa.scalar(Decimal("21.50")))
    assert cm.undo_plan(plan, merged)[0].equals(customers)


@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_number_of_more_digits_than_its_column_has_is_refused_not_rounded(
    library: Any,
) -> None:
    customers = library({"id": ["a", "b"], "spend": [Decimal("1.55"), Decimal("2.00")]})
    plan = planned(customers, [0, 0], [0, 0], {"spend": [1.775]})
    with pytest.raises(
        cm.InvalidInputError, match=r"'spend' is of the type .* no room"
    ):
        cm.apply_plan(plan, customers)


def test_source_whose_records_are_all_merged_away_comes_back() -> None:
    row = {"name": "Ann Lee", "email": "ann@lee.org"}
    tables = {"web": [{**row, "id": 2}], "crm": [{**row, "id": 1}]}
    plan = cm.resolve(tables, id="id").merge_plan()
    merged, _ = cm.apply_plan(plan, tables)
    assert merged == {"web": [], "crm": tables["crm"]}
    assert cm.undo_plan(plan, merged)[0] == tables


def test_column_of_another_type_in_each_source_keeps_them() -> None:
    crm = pl.DataFrame({"id": [1, 2], "name": ["Ann Lee", "Bo"], "code": [7, 8]})
    web = pl.DataFrame({"id": [1], "name": ["Ann Lee"], "code": ["x9"]})
    dataset = combine(read_each({"crm": crm, "web": web}))
    config = cm.Config((cm.Field("id"),), id="id")
    golden: dict[str, list[Any]] = {
        "id": [1, 2],
        "name": ["Ann Lee", "Bo"],
        "code": ["7", "8"],
    }
    for survivors, codes in (([2, 1, 2], [[8], ["7"]]), ([0, 1, 0], [[7, 8], []])):
        walk = Crosswalk.of(dataset, config, np.array(survivors))
        plan = plan_merge(walk, np.array([0, 1, 0]), golden, {})
        merged, _ = cm.apply_plan(plan, {"crm": crm, "web": web})
        assert [merged[name]["code"].to_list() for name in ("crm", "web")] == codes
        undone, _ = cm.undo_plan(plan, merged)
        assert undone["crm"].equals(crm)
        assert undone["web"].equals(web)


@st.composite
def merges(draw: st.DrawFn) -> tuple[dict[str, list[Any]], list[int], list[int]]:
    """Typed columns of records, their entities, and the row that survives each."""
    n_rows = draw(st.integers(1, 8))

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(cells, min_size=n_rows, max_size=n_rows))

    texts = st.sampled_from(["a", "b", "王小明", " ", "\ud800", "7"])
    times = st.sampled_from([UTC, UTC.replace(microsecond=7)])
    columns = {
        "id": draw(st.permutations(range(n_rows))),
        "whole": column(st.integers(0, 2)),
        "gaps": column(st.none() | st.sampled_from([0.5, 7.0])),
        "text": column(st.none() | texts),
        "flag": column(st.none() | st.booleans()),
        "at": column(st.none() | times),
        "cost": column(st.none() | st.sampled_from([Decimal("1.50"), Decimal("2.00")])),
    }
    labels = column(st.integers(0, 3))
    labels = [sorted(set(labels)).index(label) for label in labels]
    survivors = {
        label: draw(st.sampled_from([r for r in range(n_rows) if labels[r] == label]))
        for label in labels
    }
    return columns, labels, [survivors[label] for label in labels]


def as_pandas(columns: dict[str, list[Any]]) -> pd.DataFrame:
    types = {"text": "object", "flag": "boolean", "at": "datetime64[us, UTC]"}
    frame = {
        name: pd.Series(cells, dtype=types.get(name)) for name, cells in columns.items()
    }
    return pd.DataFrame(frame).astype({"gaps": "float64", "cost": "object"})


def as_polars(columns: dict[str, list[Any]]) -> pl.DataFrame:
    schema: Any = {
        "id": pl.Int64,
        "whole": pl.UInt8,
        "gaps": pl.Float64,
        "text": pl.String,
        "flag": pl.Boolean,
        "at": pl.Datetime("us", "Asia/Shanghai"),
        "cost": pl.Decimal(10, 2),
    }
    encodable = {
        **columns,
        "text": [c if c != "\ud800" else "ß" for c in columns["text"]],
    }
    return pl.DataFrame(encodable).cast(schema)


def as_arrow(columns: dict[str, list[Any]]) -> pa.Table:
    return as_polars(columns).to_arrow()


def as_records(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def equal(left: Any, right: Any) -> bool:
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right)
        return True
    return bool(left.equals(right) if hasattr(left, "equals") else left == right)


@pytest.mark.parametrize(
    "form", [dict, as_records, as_pandas, as_polars, as_arrow], ids=lambda f: f.__name__
)
@FEW
@given(merges(), st.lists(st.none() | st.integers(0, 9), max_size=6), st.data())
def test_undo_restores_exactly_what_there_was(
    form: Any,
    merge: tuple[dict[str, list[Any]], list[int], list[int]],
    customers: list[int | None],
    data: st.DataObject,
) -> None:
    columns, labels, survivors = merge
    records = form(columns)
    orders = pl.DataFrame(
        {"n": range(len(customers)), "customer_id": customers},
        schema={"n": pl.Int64, "customer_id": pl.Int64},
    )
    tables = {"orders": orders}
    chosen = [
        [data.draw(st.sampled_from([r for r, x in enumerate(labels) if x == label]))]
        for label in range(max(labels) + 1)
    ]
    dataset = read(records)
    golden = {name: [dataset.cells(name)[row] for (row,) in chosen] for name in columns}
    plan = planned(records, labels, survivors, golden, tables)
    plan = cm.MergePlan.from_jsonl(plan.to_jsonl())
    merged, children = cm.apply_plan(plan, records, tables)
    assert len(read_table(merged)) == len(set(labels))
    gone = {columns["id"][r] for r in range(len(labels)) if survivors[r] != r}
    assert not gone & set(children["orders"]["customer_id"].to_list())
    undone, linked = cm.undo_plan(plan, merged, children)
    assert equal(undone, records)
    assert equal(linked["orders"], orders)
