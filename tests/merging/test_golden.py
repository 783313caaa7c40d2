from __future__ import annotations

import numpy as np

import custmerge as cm
from custmerge.merging import merge
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
    return {n: TABLE[n].decode()[rows[0]] for n, rows in survivors.rows.items()}


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
