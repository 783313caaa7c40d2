from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, people

import custmerge as cm
from custmerge.exceptions import InvalidInputError
from custmerge.io import read, read_table, write
from custmerge.merging import Crosswalk
from custmerge.merging.relinking import relink_all

CUSTOMERS = [
    {"customer_id": 1, "name": "Ann Lee", "email": "ann.lee@mail.com"},
    {"customer_id": 2, "name": "王小明", "email": "wang@mail.cn"},
    {"customer_id": 3, "name": "Ann Lee", "email": "ann.lee@mail.com"},
    {"customer_id": 4, "name": "王小明", "email": "wang@mail.cn"},
]
RESULT = cm.resolve(CUSTOMERS)
"""Customer 1 survives 3, and 2 survives 4."""
ADDRESSES = {
    "customer_id": [1, 3, 1, 3, 2],
    "type": ["home", "home", "work", None, "home"],
    "is_primary": [True, True, False, False, True],
}


def crosswalk(
    ids: list[Any], survivors: list[int], sources: list[Any] | None = None
) -> Crosswalk:
    """Return the crosswalk of records with these ids."""
    source = None if sources is None else "source"
    columns = {"id": ids} if sources is None else {"id": ids, "source": sources}
    config = cm.Config((cm.Field("id"),), id="id", source=source)
    return Crosswalk.of(read_table(columns), config, np.array(survivors, dtype=int))


def relinked(table: object, walk: Crosswalk, **said: Any) -> Any:
    return relink_all(table, walk, **({"on": "customer_id"} | said))[0]


def test_orders_point_to_the_survivors() -> None:
    orders = {"order": ["a", "b", "c", "d"], "customer_id": [3, 1, 4, 3]}
    assert RESULT.relink(orders) == {**orders, "customer_id": [1, 1, 2, 1]}


def test_every_key_is_that_of_a_golden_record() -> None:
    twice = [*people(40), *people(25)]
    records = pd.DataFrame(twice).assign(customer_id=range(100, 165))
    result = cm.resolve(records, id="customer_id")
    orders = pd.DataFrame({"n": range(130), "customer_id": [*range(100, 165)] * 2})
    linked = result.relink(orders)
    assert len(result) == 40
    assert set(linked["customer_id"]) == set(result.entities["customer_id"])
    assert linked["n"].tolist() == orders["n"].tolist()


@pytest.mark.parametrize(
    "dtype", ["int64", "Int64", "float64", "str", "string", "object", "category"]
)
def test_pandas_column_of_ids_keeps_its_type(dtype: str) -> None:
    ids = pd.Series([3, 2, 4]).astype("str" if dtype == "category" else dtype)
    orders = pd.DataFrame({"customer_id": ids.astype(dtype), "n": [7.5, 8, 9]})
    orders.index = pd.Index(["x", "y", "x"])
    linked = RESULT.relink(orders)
    assert linked["customer_id"].dtype.name == dtype
    assert linked["customer_id"].astype("int64").tolist() == [1, 2, 2]
    pd.testing.assert_frame_equal(
        linked.drop(columns="customer_id"), orders.drop(columns="customer_id")
    )


@pytest.mark.parametrize("dtype", [pl.UInt8, pl.Float32, pl.String, pl.Categorical])
def test_polars_column_of_ids_keeps_its_type(dtype: Any) -> None:
    texts = pl.Series("customer_id", ["3", None, "4"])
    orders = pl.DataFrame({"n": [1, 2, 3], "customer_id": texts.cast(dtype)})
    linked = RESULT.relink(orders)
    assert linked.schema == orders.schema
    assert linked["customer_id"].cast(pl.String).cast(pl.Float64).to_list() == [
        1,
        None,
        2,
    ]


@pytest.mark.parametrize(
    "dtype", [pa.int32(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
)
def test_arrow_column_of_ids_keeps_its_type(dtype: Any) -> None:
    is_number = pa.types.is_integer(dtype)
    ids = [3, None, 4] if is_number else ["3", None, "4"]
    orders = pa.table({"customer_id": pa.array(ids, type=dtype), "n": [1, 2, 3]})
    linked = RESULT.relink(orders)
    assert linked.schema == orders.schema
    assert list(map(str, linked["customer_id"].to_pylist())) == ["1", "None", "2"]


@pytest.mark.parametrize("kind", [str, int, float, Decimal, np.int64])
def test_plain_ids_keep_their_type(kind: Any) -> None:
    linked = RESULT.relink([{"customer_id": kind("3")}, {"note": "none"}])
    assert linked == [{"customer_id": kind("1")}, {"note": "none"}]
    assert type(linked[0]["customer_id"]) is kind


def test_ids_of_several_types_become_the_records_own() -> None:
    key = UUID("12345678123456781234567812345678")
    walk = crosswalk([7, "web-1", key, "web-2"], [0, 0, 2, 2])
    table = {"customer_id": ["web-1", "web-2", 7, None]}
    assert relinked(table, walk) == {"customer_id": [7, key, 7, None]}


def test_ids_that_do_not_fit_their_column_are_an_error_without_a_value() -> None:
    walk = crosswalk(["secret", "7"], [0, 0])
    with pytest.raises(cm.InvalidInputError, match="'customer_id' holds int") as error:
        relinked({"customer_id": [7]}, walk)
    assert "secret" not in str(error.value)
    # A zero in front is lost in a number: it would be another id.
    with pytest.raises(cm.InvalidInputError, match="convert the column to text"):
        relinked({"customer_id": [7]}, crosswalk(["007", "7"], [0, 0]))


def test_missing_ids_stay_and_unknown_ones_are_warned_of() -> None:
    orders = pd.DataFrame({"customer_id": pd.array([3, None, 99], dtype="Int64")})
    with pytest.warns(cm.CustmergeWarning, match="1 of 3 rows hold an id in 'cust"):
        linked = RESULT.relink(orders)
    assert linked["customer_id"].tolist() == [1, pd.NA, 99]
    report = RESULT.relink_report(orders)
    assert isinstance(report, cm.RelinkReport)
    assert (report.n_rows, report.moved.tolist()) == (3, [0])
    assert (report.missing.tolist(), report.unknown.tolist()) == ([1], [2])


def test_warnings_hold_no_value() -> None:
    orders = {"customer_id": ["Zebulon"], "type": ["home"]}
    with pytest.warns(cm.CustmergeWarning) as noted:
        RESULT.relink(orders, unique="type")
    assert noted[0].filename == __file__
    assert not any("Zebulon" in str(warning.message) for warning in noted)


def test_several_tables_come_back_by_name() -> None:
    orders, tickets = {"customer_id": [3]}, pd.DataFrame({"who": ["4", "2"]})
    on = {"orders": "customer_id", "tickets": "who"}
    linked = RESULT.relink({"orders": orders, "tickets": tickets}, on=on)
    assert list(linked) == ["orders", "tickets"]
    assert linked["orders"] == {"customer_id": [1]}
    assert linked["tickets"]["who"].tolist() == ["2", "2"]


def test_several_tables_may_share_the_name_of_the_column() -> None:
    tables = {"orders": [{"customer_id": 3}], "tickets": {"customer_id": [4, 9]}}
    reports = RESULT.relink_report(tables)
    assert isinstance(reports, dict)
    assert {name: len(report.moved) for name, report in reports.items()} == {
        "orders": 1,
        "tickets": 1,
    }
    with pytest.warns(cm.CustmergeWarning, match="table 'tickets': 1 of 2 rows"):
        RESULT.relink(tables)


def test_what_is_said_of_tables_must_fit_them() -> None:
    tables = {"orders": [{"customer_id": 3}], "tickets": [{"who": 4}]}
    with pytest.raises(cm.InvalidConfigError) as error:
        RESULT.relink(tables, on={"order": "customer_id"}, unique={"notes": ["x"]})
    for part in ("on= names", "'order'", "unique= names", "'notes'", "['orders', 't"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("on", ["customer_id", "other"]),
        ("on", {"orders": ["customer_id"]}),
        ("on", None),
        ("source", ["shop"]),
        ("unique", 5),
    ],
)
def test_names_of_columns_must_be_names(argument: str, said: Any) -> None:
    orders = {"orders": [{"customer_id": 3}]}
    with pytest.raises(InvalidInputError, match=f"{argument} must be the name of a"):
        RESULT.relink(orders, **({"on": "customer_id"} | {argument: said}))


def test_columns_must_exist() -> None:
    with pytest.raises(cm.ColumnNotFoundError, match="no column 'customer_id'"):
        RESULT.relink({"customer": [1]})
    with pytest.raises(cm.ColumnNotFoundError, match="no column 'kind'"):
        RESULT.relink({"customer_id": [1]}, unique="kind")
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['customer_id', 'kind'\]"):
        RESULT.relink({"customer": [1]}, unique="kind")


def test_all_that_is_wrong_with_several_tables_is_told_by_name() -> None:
    tables = {"orders": [{"who": 3}], "tickets": [{"whom": 4}]}
    says = "table 'orders': .*'customer_id'.*; table 'tickets': .*'customer_id'"
    with pytest.raises(cm.ColumnNotFoundError, match=says):
        RESULT.relink(tables)
    with pytest.raises(cm.InvalidInputError, match="table 'tickets': source='x'"):
        RESULT.relink({**tables, "tickets": [{"customer_id": 4}]}, source="x")


def test_all_columns_that_a_crosswalk_lacks_are_told() -> None:
    says = r"the crosswalk is none.*\['source', 'survivor_source'\]"
    with pytest.raises(cm.ColumnNotFoundError, match=says):
        cm.relink(ADDRESSES, [{"record_id": 1, "survivor_id": 1}])


def test_rows_that_get_a_twin_by_the_merge_collide() -> None:
    report = RESULT.relink_report(ADDRESSES, unique="type")
    assert isinstance(report, cm.RelinkReport)
    assert report.collisions == ((0, 1),)
    with pytest.warns(cm.CustmergeWarning, match="1 combinations of 'customer_id' and"):
        RESULT.relink(ADDRESSES, unique=["customer_id", "type"])


def test_of_flags_only_those_that_are_set_collide() -> None:
    for said in (["yes", "YES", "no", "no", "yes"], [1, 1, 0, 0, 1], "是是否否是"):
        table = {**ADDRESSES, "is_primary": list(said)}
        report = RESULT.relink_report(table, unique="is_primary")
        assert isinstance(report, cm.RelinkReport)
        assert report.collisions == ((0, 1),)


def test_combination_of_columns_must_be_unique_only_as_a_whole() -> None:
    table = {**ADDRESSES, "type": ["home", "work", "work", "home", "home"]}
    report = RESULT.relink_report(table, unique=["type", "is_primary"])
    assert isinstance(report, cm.RelinkReport)
    assert report.collisions == ()


def test_rows_that_were_alike_before_are_no_collision_of_the_merge() -> None:
    table = {"customer_id": [1, 1, 9, 9, 8], "type": ["home"] * 5}
    report = RESULT.relink_report(table, unique="type")
    assert isinstance(report, cm.RelinkReport)
    assert report.collisions == ()


def test_source_column_is_re_pointed_too() -> None:
    walk = crosswalk(["1", "1", "2"], [0, 0, 2], ["crm", "web", "web"])
    table = {"customer_id": ["1", "2"], "from": ["web", "web"]}
    expected = {"customer_id": ["1", "2"], "from": ["crm", "web"]}
    assert relinked(table, walk, source="from") == expected


def test_one_source_may_be_said_for_a_table() -> None:
    walk = crosswalk(["1", "1", "2"], [0, 1, 1], ["crm", "web", "web"])
    table = {"customer_id": ["1", "2"]}
    assert relinked(table, walk, source="crm") == table | {"customer_id": ["1", "2"]}
    report = relink_all(table, walk, "customer_id", "crm")[1]
    assert isinstance(report, cm.RelinkReport)
    assert report.unknown.tolist() == [1]


def test_ids_of_several_records_need_a_source() -> None:
    walk = crosswalk(["1", "1", "2"], [0, 1, 1], ["crm", "web", "web"])
    with pytest.raises(
        cm.InvalidInputError, match="1 rows hold an id in 'customer_id'"
    ):
        relinked({"customer_id": ["1", "2"]}, walk)
    # Record 2's survivor is web's 1, which crm's 1 could not be told from.
    with pytest.raises(cm.InvalidInputError, match="names the source of each id"):
        relinked({"customer_id": ["2"]}, walk, source="web")


def test_source_that_is_none_is_an_error() -> None:
    walk = crosswalk(["1"], [0], ["crm"])
    with pytest.raises(cm.InvalidInputError, match="neither a column of the table"):
        relinked({"customer_id": ["1"]}, walk, source="shop")
    with pytest.raises(cm.InvalidInputError, match="of no named sources"):
        relinked({"customer_id": ["1"]}, crosswalk(["1"], [0]), source="crm")


def test_tables_of_named_sources_are_re_pointed_by_source() -> None:
    crm = [{"id": 1, "name": "Ann Lee", "email": "ann.lee@mail.com"}]
    web = [
        {"id": 1, "name": "Bo Chan", "email": "bo@chan.org"},
        {"id": 2, "name": "Ann Lee", "email": "ann.lee@mail.com"},
    ]
    result = cm.resolve({"crm": crm, "web": web}, id="id")
    orders = [{"customer_id": 2, "shop": "web"}, {"customer_id": 1, "shop": "crm"}]
    linked = result.relink(orders, source="shop")
    assert len({tuple(row.items()) for row in linked}) == 1


def test_saved_crosswalk_re_points_as_its_result_does(tmp_path: Path) -> None:
    orders = pd.DataFrame({"customer_id": pd.array([3, 4, None, 2], dtype="Int64")})
    write(RESULT.crosswalk, tmp_path / "crosswalk.csv")
    for saved in (RESULT.crosswalk, tmp_path / "crosswalk.csv"):
        pd.testing.assert_frame_equal(cm.relink(orders, saved), RESULT.relink(orders))
    with pytest.warns(cm.CustmergeWarning, match="1 of 1 rows") as noted:
        cm.relink({"customer_id": [99]}, RESULT.crosswalk)
    assert noted[0].filename == __file__


def test_saved_crosswalk_tells_sources_apart() -> None:
    rows = [
        ("1", "crm", "1", "crm"),
        ("1", "web", "2", "web"),
        ("2", "web", "2", "web"),
    ]
    names = ("record_id", "source", "survivor_id", "survivor_source")
    saved = [dict(zip(names, row, strict=True)) for row in rows]
    table = {"customer_id": [1, 1], "of": ["web", "crm"]}
    linked = cm.relink(table, saved, source="of")
    assert linked == {"customer_id": [2, 1], "of": ["web", "crm"]}


def test_crosswalk_must_be_whole() -> None:
    with pytest.raises(cm.ColumnNotFoundError, match=r"no columns \['survivor_id', 's"):
        cm.relink({"customer_id": [1]}, [{"record_id": 1, "source": None}])
    with pytest.raises(cm.InvalidInputError, match="survivors of 2 rows"):
        cm.relink({"customer_id": [3]}, RESULT.crosswalk[2:])


@pytest.mark.parametrize("library", [dict, pd.DataFrame, pl.DataFrame, pa.table])
def test_empty_tables_stay_empty(library: Any) -> None:
    table = library({"customer_id": []})
    linked = RESULT.relink(table, unique=["customer_id"])
    assert len(read_table(linked)) == 0
    assert type(linked) is type(table)
    assert cm.resolve([]).relink({"customer_id": []}) == {"customer_id": []}


def test_list_without_rows_stays_empty_though_it_has_no_columns() -> None:
    linked = RESULT.relink(
        {"orders": [], "tickets": []},
        on=dict.fromkeys(("orders", "tickets"), "customer_id"),
    )
    assert linked == {"orders": [], "tickets": []}
    report = RESULT.relink_report([], unique="type", source=None)
    assert repr(report) == (
        "RelinkReport(rows 0, moved 0, missing 0, unknown 0, collisions 0)"
    )
    plan = RESULT.merge_plan({"orders": []}, keys={"orders": "order"})
    assert cm.apply_plan(plan, CUSTOMERS, {"orders": []})[1] == {"orders": []}


def test_without_records_every_id_is_unknown() -> None:
    with pytest.warns(cm.CustmergeWarning, match="1 of 1 rows"):
        assert cm.resolve([]).relink({"customer_id": [4]}) == {"customer_id": [4]}


def test_results_without_ids_are_linked_by_row_numbers_with_a_warning() -> None:
    result = cm.resolve([{"name": "Ann Lee", "email": "ann@lee.org"}] * 2)
    with pytest.warns(cm.CustmergeWarning, match="taken for row numbers"):
        assert result.relink({"customer_id": [1, 0]}) == {"customer_id": [0, 0]}


@st.composite
def merges(draw: st.DrawFn) -> tuple[list[int], list[int], list[int | None]]:
    """Records' ids, the row that survives each, and ids that orders hold."""
    ids = draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    labels = draw(st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids)))
    chosen = {label: draw(st.sampled_from(_members(labels, label))) for label in labels}
    orders = draw(st.lists(st.none() | st.integers(0, 30), max_size=20))
    return ids, [chosen[label] for label in labels], orders


def _members(labels: list[int], label: int) -> list[int]:
    return [row for row, own in enumerate(labels) if own == label]


@FEW
@given(merges(), st.sampled_from(["list", "pandas", "polars"]))
def test_relinked_keys_are_those_of_a_lookup_in_a_dict(
    merge: tuple[list[int], list[int], list[int | None]], form: str
) -> None:
    ids, survivors, orders = merge
    table: Any = {"n": list(range(len(orders))), "customer_id": orders}
    if form == "pandas":
        table = pd.DataFrame(table).astype({"customer_id": "Int64"})
    elif form == "polars":
        table = pl.DataFrame(table, schema={"n": pl.Int64, "customer_id": pl.Int64})
    linked = relinked(table, crosswalk(ids, survivors))
    slow = {key: ids[row] for key, row in zip(ids, survivors, strict=True)}
    expected = [slow.get(key, key) if key is not None else None for key in orders]
    cells = read(linked).cells("customer_id")
    assert [None if cell is pd.NA else cell for cell in cells] == expected
    assert list(read(linked).cells("n")) == list(range(len(orders)))
    resolved = {key for key in expected if key in slow}
    assert resolved <= {ids[row] for row in survivors}


@FEW
@given(merges(), st.lists(st.sampled_from(["a", "b", None]), min_size=20, max_size=20))
def test_collisions_are_those_of_comparing_all_rows(
    merge: tuple[list[int], list[int], list[int | None]], kinds: list[str | None]
) -> None:
    ids, survivors, orders = merge
    table = {"customer_id": orders, "kind": kinds[: len(orders)]}
    _, report = relink_all(
        table, crosswalk(ids, survivors), "customer_id", None, "kind"
    )
    assert isinstance(report, cm.RelinkReport)
    slow = {key: ids[row] for key, row in zip(ids, survivors, strict=True)}
    groups: dict[object, list[int]] = {}
    for row, (key, kind) in enumerate(zip(orders, kinds, strict=False)):
        if key is not None and kind is not None:
            groups.setdefault((slow.get(key, key), kind), []).append(row)
    expected = [
        tuple(rows) for rows in groups.values() if len({orders[r] for r in rows}) > 1
    ]
    assert report.collisions == tuple(sorted(expected))


def test_ids_of_a_column_that_is_not_the_records_id_are_refused() -> None:
    records = [
        {"customer_id": id_, "name": name, "email": email}
        for id_, name, email in (
            *((1, "Ann Lee", "ann@lee.org"), (2, "Bo Chan", "bo@chan.org")),
            *((3, "Bo Chan", "bo@chan.org"), (None, "Cy Diaz", "cy@diaz.org")),
            *((4, "Di Evans", "di@evans.org"), (5, "王小明", "xm@wang.cn")),
        )
    ]
    with pytest.warns(cm.CustmergeWarning, match="'customer_id' is named as the rec"):
        result = cm.resolve(records)
    with pytest.raises(cm.InvalidInputError, match=r"'customer_id'.*not their id"):
        result.relink([{"order": 9, "customer_id": 2}])
