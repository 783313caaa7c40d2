from __future__ import annotations

from typing import Any

import pytest

import custmerge as cm
from custmerge.merging import source_name
from custmerge.protocols import SurvivorshipRule

CRM = [
    {"name": "Ann Lee", "email": "ann@lee.org", "city": "Ulm"},
    {"name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
]
WEB = [{"name": "Ann Lee", "email": "ann@lee.org", "city": "Bonn"}]
TABLES = {"crm": CRM, "web": WEB}


def of_web(value: str, record: dict[str, str | None]) -> float:
    return float(record["source"] == "web")


RULES: list[Any] = [
    cm.source_priority(["web", "crm"]),
    cm.source_trust({"web": 90, "crm": 60}),
    cm.prefer({"source": "web"}),
    cm.when({"source": "web"}, cm.longest(), cm.first()),
    of_web,
]


@pytest.mark.parametrize("rule", RULES)
def test_rules_look_at_the_names_of_the_tables(rule: Any) -> None:
    result = cm.resolve(TABLES, survivorship={"city": rule})
    assert [row["city"] for row in result.entities] == ["Bonn", "York"]
    assert "source" not in result.entities[0]
    (lost,) = result.losers
    assert (lost["field"], lost["value"], lost["survivor_id"]) == ("city", "Ulm", 2)
    assert "Ulm (crm 0: " in str(result.lineage_of(0))


@pytest.mark.parametrize("rule", RULES)
def test_rules_look_at_them_in_corrected_entities_too(rule: Any) -> None:
    result = cm.resolve(TABLES, survivorship={"city": rule}).split(0, [[("crm", 0)]])
    assert [row["city"] for row in result.entities] == ["Ulm", "York", "Bonn"]
    assert result.merge([1, 2]).entities[1]["city"] == "Bonn"


def test_the_surviving_record_is_chosen_by_them() -> None:
    result = cm.resolve(TABLES, master=cm.source_priority(["web", "crm"]))
    assert [row["survivor_id"] for row in result.crosswalk] == [2, 1, 2]


def test_the_source_is_none_of_the_records_where_they_have_such_a_column() -> None:
    tables = {
        "crm": [{**row, "source": "fair"} for row in CRM],
        "web": [{**row, "source": "advert"} for row in WEB],
    }
    config = cm.infer_config(TABLES)
    rule = cm.source_priority(["web", "crm"])
    result = cm.resolve(tables, config=config, survivorship={"city": rule})
    assert result.entities[0]["city"] == "Bonn"
    preferred = cm.prefer({"source": "fair"})
    result = cm.resolve(tables, config=config, survivorship={"city": preferred})
    assert result.entities[0]["city"] == "Ulm"
    name = source_name(["source", "source of record"])
    assert name not in ("source", "source of record")


@pytest.mark.parametrize(
    "rules",
    [
        {"source": cm.first()},
        {"first_source": cm.earliest(of="source")},
        {"city": cm.earliest(of="source")},
    ],
)
def test_no_golden_column_is_made_of_the_names(rules: Any) -> None:
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['source'\]"):
        cm.resolve(TABLES, survivorship=rules)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (cm.source_priority(["web"]), "which column names the source"),
        (cm.longest().then(cm.source_trust({"web": 9})), "column names the source"),
        (
            cm.when({"city": "Ulm"}, cm.source_priority(["web"]), cm.first()),
            "which column names the source",
        ),
        (
            cm.source_trust({"web": {"max": 9, "period": 30}}, column="city"),
            "how old a record is",
        ),
    ],
)
def test_what_a_rule_lacks_is_said_before_any_entity_differs(
    rule: Any, message: str
) -> None:
    with pytest.raises(cm.InvalidConfigError, match=message):
        cm.infer_config(CRM, survivorship={"city": rule})
    with pytest.raises(cm.InvalidConfigError, match=message):
        cm.resolve(CRM, survivorship={"city": rule})


@pytest.mark.parametrize(
    "rule",
    [
        cm.source_priority(["web", "CRM", "fax"]),
        cm.longest().then(cm.source_trust({"web": 90, "CRM": 60, "fax": 1})),
        cm.when({"source": "web"}, cm.first(), cm.source_priority(["CRM", "fax"])),
    ],
)
def test_sources_that_no_record_has_are_a_warning(rule: SurvivorshipRule) -> None:
    rules: dict[str, SurvivorshipRule] = {"city": rule, "email": rule}
    with pytest.warns(cm.CustmergeWarning, match=r"\['CRM', 'fax'\]") as caught:
        result = cm.resolve(TABLES, survivorship=rules)
    assert len(caught) == 1
    assert result.warnings == (str(caught[0].message),)


def test_a_source_without_records_is_known() -> None:
    tables: dict[str, Any] = {**TABLES, "fax": []}
    rule = cm.source_priority(["fax", "web", "crm"])
    assert cm.resolve(tables, survivorship={"city": rule}).warnings == ()


def test_sources_of_a_column_are_looked_up_there() -> None:
    records = [{**row, "from": "crm"} for row in CRM]
    rule = cm.source_priority(["CRM"], "from")
    with pytest.warns(cm.CustmergeWarning, match="in the column 'from'"):
        cm.resolve([*records, records[0]], master=rule)


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_no_source_is_missed_among_no_records() -> None:
    rules: dict[str, Any] = {"city": cm.source_priority(["fax"], "city")}
    config = cm.infer_config(CRM, survivorship=rules)
    none: list[Any] = [[], {"name": [], "email": [], "city": []}]
    for records in none:
        warnings = cm.resolve(records, config=config).warnings
        assert not any("no record has" in text for text in warnings)
    assert "'fax'" in str(cm.resolve(CRM, config=config).warnings)


def test_rules_by_time_without_a_column_of_times_are_a_warning() -> None:
    records = [
        {"id": i, "name": "王小明", "phone": "13912345678", "city": city}
        for i, city in enumerate(("上海", "北京"))
    ]
    rules: dict[str, SurvivorshipRule] = {
        "city": cm.valid_first().then(cm.most_recent()),
        "phone": cm.longest(),
    }
    with pytest.warns(
        cm.CustmergeWarning, match=r"rules of \['city', 'master'\] go by"
    ):
        cm.resolve(records, survivorship=rules, master=cm.oldest())
    rules["city"] = cm.most_recent("id")
    assert cm.resolve(records, survivorship=rules).warnings == ()
