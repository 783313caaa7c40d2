"""What the tables of the lineage say, and the lineage of one entity."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custmerge as cm

Rows = list[dict[str, Any]]

RECORDS: Rows = [
    {
        "id": "c1",
        "name": "Ann Lee",
        "email": "ann@lee.org",
        "street": "12 Oak Street",
        "city": "Leeds",
        "postcode": None,
        "spend": 5,
        "system": "crm",
    },
    {
        "id": "w7",
        "name": "Anne Lee",
        "email": "ann@lee.org",
        "street": "12 oak street",
        "city": "Leeds",
        "postcode": "LS1 4AB",
        "spend": 7,
        "system": "web",
    },
    {
        "id": "w8",
        "name": "Bo <b>Chan</b>",
        "email": "bo@chan.org",
        "street": "9 Elm Road",
        "city": "York",
        "postcode": "YO1 7AA",
        "spend": None,
        "system": "web",
    },
]


def config(**more: Any) -> cm.Config:
    return cm.Config(
        (
            cm.Field("name", "full_name"),
            cm.Field("email", "email"),
            cm.Field("street", "address", survive="first"),
            cm.Field("city", "city"),
            cm.Field("postcode", "postcode"),
            cm.Field("spend", "number", compare=None, survive=cm.total()),
        ),
        id="id",
        source="system",
        **more,
    )


@pytest.fixture(scope="module")
def result() -> cm.Resolution:
    return cm.resolve(RECORDS, config=config())


def of_field(table: Rows, field: str) -> Rows:
    return [row for row in table if (row["entity_id"], row["field"]) == (0, field)]


def test_lineage_tells_value_rule_and_origin(result: cm.Resolution) -> None:
    assert of_field(result.lineage, "name") == [
        {
            "entity_id": 0,
            "field": "name",
            "record_id": "w7",
            "source": "web",
            "value": "Anne Lee",
            "rule": "longest",
            "tie": False,
            "origin": "record",
        }
    ]
    spend, postcode = (of_field(result.lineage, n)[0] for n in ("spend", "postcode"))
    assert (spend["value"], spend["origin"]) == ("12", "computed")
    assert (postcode["record_id"], postcode["rule"]) == ("w7", "gap_filled")


def test_lineage_holds_the_golden_values(result: cm.Resolution) -> None:
    golden = {
        (entity["entity_id"], field): value
        for entity in result.entities
        for field, value in entity.items()
    }
    assert len(result.lineage) == result.n_entities * len(RECORDS[0])
    for row in result.lineage:
        value = golden[row["entity_id"], row["field"]]
        assert row["value"] == (None if value is None else str(value))
        assert (row["origin"] == "missing") == (value is None)


def test_missing_values_are_missing_in_the_lineage(result: cm.Resolution) -> None:
    row = next(
        row
        for row in result.lineage
        if (row["entity_id"], row["field"]) == (1, "spend")
    )
    assert (row["value"], row["rule"], row["origin"]) == (None, "missing", "missing")


def test_losers_are_listed_with_what_they_lost_to(result: cm.Resolution) -> None:
    assert [
        (row["field"], row["record_id"], row["value"], row["lost_to"])
        for row in result.losers
    ] == [
        ("id", "c1", "c1", "master"),
        ("name", "c1", "Ann Lee", "longest"),
        ("street", "w7", "12 oak street", "first"),
        ("system", "c1", "crm", "master"),
    ]
    assert {(row["source"], row["survivor_id"]) for row in result.losers} == {
        *{("crm", "w7"), ("web", "c1")}
    }


def test_tie_is_told_where_the_smallest_text_survived() -> None:
    records = [
        {"email": "ann@lee.org", "name": "Ann Lee", "note": "b"},
        {"email": "ann@lee.org", "name": "Ann Lee", "note": "a"},
    ]
    fields = (
        *(cm.Field("email", "email"), cm.Field("name", "full_name")),
        cm.Field("note", compare=None),
    )
    lineage = cm.resolve(records, config=cm.Config(fields)).lineage
    assert [row["tie"] for row in lineage] == [False, False, True]


def test_lineage_and_losers_do_not_depend_on_the_order_of_the_records() -> None:
    rows: Rows = [
        {"id": "c9", "name": "王小明", "phone": "13912345678", "city": "上海"},
        {"id": "c10", "name": "王小明", "phone": "139 1234 5678", "city": "北京"},
        {"id": "c8", "name": "王小明", "phone": "13912345678", "city": "北京"},
        {"id": "c7", "name": "王晓明", "phone": None, "city": "上海"},
    ]
    told = []
    for order in permutations(rows):
        merged = cm.resolve(
            list(order),
            must_link=[("c9", other) for other in ("c10", "c8", "c7")],
            survivorship={"tags": cm.collect(of="city")},
        )
        told.append((merged.lineage, sorted(map(str, merged.losers))))
    assert all(one == told[0] for one in told)
    named = {row["field"]: row["record_id"] for row in told[0][0]}
    # c8 survives, for its id is the smallest of the complete ones.
    assert (named["id"], named["name"]) == ("c8", "c8")


def test_lineage_of_one_entity_reads_as_a_table(result: cm.Resolution) -> None:
    found = result.lineage_of(0)
    assert str(found).splitlines()[2:6] == [
        "name      Anne Lee       web w7  longest     Ann Lee (crm c1: longest)",
        "email     ann@lee.org    web w7  only_value",
        "street    12 Oak Street  crm c1  first       12 oak street (web w7: first)",
        "city      Leeds          crm c1  first",
    ]
    assert [one.field for one in found.fields] == list(RECORDS[0])


def test_representation_of_lineage_shows_no_value(result: cm.Resolution) -> None:
    lineage = result.lineage_of(0)
    fields = [one for one in lineage.fields if one.field not in ("id", "system")]
    held = {repr(one.value) for one in fields if one.value is not None}
    held |= {repr(loser.value) for one in fields for loser in one.losers}
    assert held
    assert not any(text in repr(lineage) for text in held)


def test_lineage_of_one_entity_agrees_with_the_tables(result: cm.Resolution) -> None:
    for entity in range(result.n_entities):
        for one in result.lineage_of(entity).fields:
            row = next(
                row
                for row in result.lineage
                if (row["entity_id"], row["field"]) == (entity, one.field)
            )
            assert row == {
                "entity_id": entity,
                **{name: getattr(one, name) for name in row if name != "entity_id"},
            }
            assert [
                (lost.record_id, lost.source, lost.value, lost.lost_to)
                for lost in one.losers
            ] == [
                (row["record_id"], row["source"], row["value"], row["lost_to"])
                for row in result.losers
                if (row["entity_id"], row["field"]) == (entity, one.field)
            ]


def test_lineage_of_one_entity_is_plain_data_and_cannot_leak_markup(
    result: cm.Resolution,
) -> None:
    found = result.lineage_of(1)
    assert json.loads(json.dumps(found.to_dict()))["fields"][1] == {
        "field": "name",
        "value": "Bo <b>Chan</b>",
        "record_id": "w8",
        "source": "web",
        "rule": "only_value",
        "tie": False,
        "origin": "record",
        "losers": [],
    }
    html = found._repr_html_()
    assert "<b>" not in html
    assert "Bo &lt;b&gt;Chan&lt;/b&gt;" in html


@pytest.mark.parametrize("entity", [-1, 2])
def test_lineage_of_no_entity_is_an_error(result: cm.Resolution, entity: int) -> None:
    with pytest.raises(cm.InvalidInputError, match=f"no entity {entity}"):
        result.lineage_of(entity)


FORMS = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "pyarrow": pa.Table.from_pylist,
}


@pytest.mark.parametrize("form", FORMS)
def test_tables_come_in_the_form_of_the_records(form: str) -> None:
    data = FORMS[form](RECORDS)
    found = cm.resolve(data, config=config())
    for table in (found.entities, found.lineage, found.losers):
        assert type(table) is type(data)
    plain = cm.resolve(RECORDS, config=config())
    assert _plain(found.losers) == plain.losers
    assert _plain(found.lineage) == plain.lineage
    assert str(found.lineage_of(0)) == str(plain.lineage_of(0))


def _plain(table: Any) -> Rows:
    if isinstance(table, pd.DataFrame):
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]
    rows = table.to_dicts() if isinstance(table, pl.DataFrame) else table.to_pylist()
    return list(rows)


@pytest.mark.parametrize("form", FORMS)
def test_collected_values_are_lists_in_frames(form: str) -> None:
    fields = (
        cm.Field("email", "email"),
        cm.Field("name", "full_name", survive=cm.collect()),
        cm.Field("spend", compare=None, survive=cm.total()),
    )
    names = ("email", "name", "spend")
    data = FORMS[form]([{name: row[name] for name in names} for row in RECORDS])
    golden = _plain(cm.resolve(data, config=cm.Config(fields)).entities)
    assert [list(row["name"]) for row in golden] == [
        ["Anne Lee", "Ann Lee"],
        ["Bo <b>Chan</b>"],
    ]
    assert [row["spend"] for row in golden] == [12, None]


def test_columns_without_values_of_their_own_keep_their_type() -> None:
    frame = pd.DataFrame(RECORDS).astype({"system": "category"})
    frame["since"] = pd.to_datetime(["2024-01-01", "2023-01-01", "2022-01-01"])
    golden = cm.resolve(frame, config=config()).entities
    assert str(golden["system"].dtype) == "category"
    assert golden["since"].dtype == frame["since"].dtype
    assert str(golden["spend"].dtype) == "Int64"


def test_no_records_have_no_lineage() -> None:
    found = cm.resolve(RECORDS[:0])
    assert (found.lineage, found.losers) == ([], [])


def test_labels_are_not_changed_by_asking(result: cm.Resolution) -> None:
    before = result.survivors.rows["name"].copy()
    _ = result.losers
    np.testing.assert_array_equal(result.survivors.rows["name"], before)
