from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import custmerge as cm
from custmerge.merging import explain, merge
from custmerge.records import RecordTable

TABLE = RecordTable.from_mappings(
    [
        {
            "name": "Al",
            "street": "1 Oak",
            "town": None,
            "at": "2020-01-01",
            "from": "web",
        },
        {
            "name": "Albert",
            "street": "2 Elm",
            "town": "York",
            "at": "2024-01-01",
            "from": "crm",
        },
        {
            "name": "Alb",
            "street": None,
            "town": "Hull",
            "at": "2022-01-01",
            "from": "web",
        },
    ]
)
ONE = np.zeros(3, dtype=np.int64)


def _golden(*fields: cm.Field, **roles: str) -> dict[str, str | None]:
    survivors = merge(TABLE, ONE, cm.Config(fields, **roles))  # type: ignore[arg-type]
    return dict(survivors.golden(TABLE).record(0))


def test_field_survives_by_its_rule() -> None:
    assert _golden(cm.Field("name", survive="longest"))["name"] == "Albert"
    assert _golden(cm.Field("name", survive="shortest"))["name"] == "Al"


def test_rules_go_by_the_columns_of_the_configured_roles() -> None:
    field = cm.Field("name", survive="most_recent")
    assert _golden(field, updated_at="at")["name"] == "Albert"
    by_source = cm.Field("name", survive=cm.source_priority(["web", "crm"]))
    assert _golden(by_source, source="from")["name"] != "Albert"


def test_every_column_survives_also_those_of_no_field() -> None:
    assert set(_golden(cm.Field("name"))) == set(TABLE)


def test_fields_of_a_group_survive_from_one_record() -> None:
    golden = _golden(cm.Field("street", group="home"), cm.Field("town", group="home"))
    assert (golden["street"], golden["town"]) == ("2 Elm", "York")


def test_field_alone_in_its_group_survives_by_itself() -> None:
    golden = _golden(cm.Field("town", survive="first", group="home"))
    assert golden["town"] == "York"


def test_column_of_several_fields_follows_the_first() -> None:
    golden = _golden(
        cm.Field("name", survive="longest"),
        cm.Field("again", columns=("name",), survive="shortest"),
    )
    assert golden["name"] == "Albert"


def test_id_and_source_come_from_the_most_complete_record() -> None:
    golden = _golden(cm.Field("name", survive="shortest"), source="from")
    assert (golden["name"], golden["from"]) == ("Al", "crm")


@pytest.mark.parametrize("ids", [(None, None), (1, 1)])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_source_tells_surviving_records_where_ids_do_not(
    ids: tuple[int | None, ...], order: tuple[int, ...]
) -> None:
    rows = [{"id": ids[0], "from": "web"}, {"id": ids[1], "from": "crm"}]
    table = RecordTable.from_mappings([{"name": "Al", **rows[i]} for i in order])
    id_ = None if ids[0] is None else "id"
    config = cm.Config((cm.Field("name"),), id=id_, source="from")
    survivors = merge(table, np.zeros(2, np.int64), config)
    assert survivors.golden(table)["from"].decode() == ["crm"]
    assert survivors.masters.tolist() == [order.index(1)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_surviving_record_does_not_depend_on_the_order_without_ids(
    order: tuple[int, ...],
) -> None:
    rows = [{"name": "Al", "city": "Ulm"}, {"name": "Al", "city": "Bonn"}]
    table = RecordTable.from_mappings([rows[i] for i in order])
    config = cm.Config((cm.Field("name"),), master="most_complete")
    golden = merge(table, np.zeros(2, np.int64), config).golden(table)
    assert golden["city"].decode() == ["Bonn"]


def test_surviving_record_of_a_config_gives_all_but_what_has_its_own_rule() -> None:
    fields = (
        cm.Field("name", "full_name"),
        cm.Field("street", survive="shortest"),
        cm.Field("town", "city"),
    )
    oldest = {"master": cm.oldest(), "created_at": "at"}
    golden = merge(TABLE, ONE, cm.Config(fields, **oldest)).golden(TABLE)  # type: ignore[arg-type]
    assert golden.record(0) == {
        "name": "Al",
        "street": "1 Oak",
        "town": "Hull",
        "at": "2020-01-01",
        "from": "web",
    }


HOMES = RecordTable.from_mappings(
    [
        {"street": "中山路 100 号", "town": "上海", "zip": None},
        {"street": "中山路１００号", "town": None, "zip": "200001"},
        {"street": "人民路1号", "town": None, "zip": "100000"},
    ]
)
PLACES = (
    cm.Field("street", "address", survive="first"),
    cm.Field("town", "city"),
    cm.Field("zip", "postcode"),
)


def test_address_is_completed_from_records_of_the_same_normalized_street() -> None:
    golden = merge(HOMES, ONE, cm.Config(PLACES)).golden(HOMES)
    assert golden.record(0) == {
        "street": "中山路 100 号",
        "town": "上海",
        "zip": "200001",
    }


def test_address_is_not_completed_where_the_config_says_so() -> None:
    golden = merge(HOMES, ONE, cm.Config(PLACES, group_fill={})).golden(HOMES)
    assert golden.record(0)["zip"] is None


def test_values_are_collected_in_the_order_of_their_kind_s_rule() -> None:
    table = RecordTable.from_mappings(
        [
            {"mail": "ann@old.org", "at": "2020-01-01"},
            {"mail": "ann@new.org; ANN@old.org", "at": "2024-01-01"},
        ]
    )
    config = cm.Config(
        (cm.Field("mail", "email", survive=cm.collect()),), updated_at="at"
    )
    survivors = merge(table, np.zeros(2, np.int64), config)
    assert survivors.values["mail"] == {0: ["ann@new.org", "ANN@old.org"]}


def test_numbers_are_added_up_however_they_are_written() -> None:
    spend = ["1,200.50", "￥1,200", "1.000,25 €", "many"]
    table = RecordTable.from_columns({"spend": spend}, 4)
    config = cm.Config((cm.Field("spend", survive=cm.total()),))
    survivors = merge(table, np.zeros(4, np.int64), config)
    assert survivors.values["spend"] == {0: 3400.75}


def test_no_records_have_no_golden_records() -> None:
    config = cm.Config((cm.Field("name", survive=cm.most_recent("at")),))
    assert len(merge(RecordTable({}, 0), np.zeros(0, np.int64), config).masters) == 0


def test_explanation_of_one_entity_names_what_its_cells_lost_to() -> None:
    config = cm.Config((cm.Field("name", survive="longest"),))
    survivors, losses = explain(TABLE, np.array([0, 0, 1]), config, entity=0)
    names = list(survivors.rows)
    found = zip(losses.fields, losses.rows, losses.rules, strict=True)
    assert {
        int(row): survivors.rule_names[rule]
        for field, row, rule in found
        if names[field] == "name"
    } == {0: "longest"}


def test_column_of_a_field_may_have_a_rule_of_its_own() -> None:
    field = cm.Field("name", columns=("name", "town"), survive="longest")
    config = cm.Config((field,), survivorship={"town": "shortest"})
    survivors = merge(TABLE, ONE, config)
    assert TABLE["name"].decode()[survivors.rows["name"][0]] == "Albert"
    assert survivors.lineage(0, "town")[1] == "tie_break"


def test_column_of_no_field_survives_by_the_rule_it_is_given() -> None:
    rule = cm.most_recent().then(cm.first())
    config = cm.Config(
        (cm.Field("name"),), updated_at="at", survivorship={"from": rule}
    )
    assert merge(TABLE, ONE, config).lineage(0, "from") == (1, "most_recent")


def test_rules_know_the_kind_and_the_region_of_their_field() -> None:
    table = RecordTable.from_columns(
        {"mobile": ["138 1234 5678", "138 1234 567"], "at": ["2024", "2025"]}, 2
    )
    field = cm.Field(
        "mobile",
        kind="phone",
        normalize={"name": "phone", "region": "CN"},
        survive=cm.valid_first().then(cm.most_recent("at")),
    )
    survivors = merge(table, np.zeros(2, np.int64), cm.Config((field,)))
    assert survivors.lineage(0, "mobile") == (0, "valid_first")


def test_owner_follows_its_own_rule_where_no_field_says_another() -> None:
    assert _golden(cm.Field("town"), owner="name", created_at="at")["name"] == "Al"
    assert _golden(cm.Field("town"), owner="name", updated_at="at")["name"] == "Albert"
    field = cm.Field("name", survive="longest")
    said = _golden(field, owner="name", created_at="at")
    assert said["name"] == "Albert"


EVERY_MAKING_RULE: dict[str, Any] = {
    "name": cm.collect(),
    "town": cm.unanimous(),
    "n": cm.count(of="name"),
    "low": cm.minimum(of="at"),
    "first": cm.earliest(of="at"),
    "m": cm.mean("at"),
    **cm.rfm(last_order="at", orders="at", spend="at"),
}


def test_rules_that_make_values_take_columns_without_rows() -> None:
    table = RecordTable.from_columns({name: [] for name in TABLE}, 0)
    config = cm.Config((cm.Field("name"),), survivorship=EVERY_MAKING_RULE)
    survivors = merge(table, np.zeros(0, np.int64), config)
    assert set(survivors.golden(table)) == {*TABLE, *EVERY_MAKING_RULE}


def test_rules_that_make_values_are_written_and_read_back() -> None:
    config = cm.Config((cm.Field("name"),), survivorship=EVERY_MAKING_RULE)
    again = cm.Config.from_toml(config.to_toml())
    assert again == config
    assert merge(TABLE, ONE, again).values == merge(TABLE, ONE, config).values


def test_member_of_a_group_with_another_rule_survives_by_itself() -> None:
    street = cm.Field("street", group="at", survive=cm.most_recent("at"))
    fields = (street, cm.Field("town", group="at"), cm.Field("name", group="at"))
    assert _golden(*fields)["town"] == "York"
    town = replace(fields[1], survive=cm.prefer({"from": "web"}))
    golden = _golden(street, town, fields[2])
    assert (golden["street"], golden["town"], golden["name"]) == (
        *("2 Elm", "Hull", "Albert"),
    )


def test_members_with_the_rule_of_the_first_stay_with_it() -> None:
    rule = cm.prefer({"from": "crm"}).then(cm.longest())
    fields = (
        cm.Field("street", group="at", survive=rule),
        cm.Field("name", group="at", survive=rule),
    )
    assert _golden(*fields)["name"] == "Albert"
    oldest = cm.oldest("at")
    golden = _golden(
        cm.Field("street", group="at", survive=oldest),
        cm.Field("town", group="at", survive=oldest),
    )
    assert (golden["street"], golden["town"]) == ("1 Oak", None)


def test_the_first_that_makes_no_value_rules_the_group() -> None:
    made = cm.Field("street", group="at", survive=cm.collect().then(cm.first()))
    town = cm.Field("town", group="at", survive=cm.smallest().then(cm.oldest("at")))
    golden = _golden(made, town, cm.Field("name", group="at"))
    assert (golden["town"], golden["name"]) == ("Hull", "Alb")
    assert golden["street"] is not None


def test_rule_of_a_column_takes_it_out_of_the_group() -> None:
    place = cm.Field("place", columns=("street", "town"), group="at", combine="any")
    rules: dict[str, Any] = {
        "street": cm.most_recent("at"),
        "town": cm.shortest().then(cm.oldest("at")),
    }
    config = cm.Config((place,), survivorship=rules)
    golden = merge(TABLE, ONE, config).golden(TABLE).record(0)
    assert (golden["street"], golden["town"]) == ("2 Elm", "Hull")
