from __future__ import annotations

from typing import Any

import pytest

import custmerge as cm
from custmerge.protocols import SurvivorshipRule

RECORDS = [
    {"no": "12", "name": "Ann Lee", "email": "ann@lee.org", "fax": "1", "at": "2021"},
    {"no": "9", "name": "Ann Lee", "email": "ann@lee.org", "fax": None, "at": "2020"},
    {"no": "10", "name": "Ann Lee", "email": "ann@lee.org", "fax": "2", "at": "2022"},
]


def last_digit(value: str, record: dict[str, str | None]) -> float:
    assert value == record["no"]
    return float(value[-1])


@pytest.mark.parametrize(
    ("master", "survivor"),
    [
        (cm.smallest(), "9"),
        (cm.largest(), "12"),
        (cm.longest().then(cm.smallest()), "10"),
        (cm.most_frequent().then(cm.smallest()), "9"),
        (last_digit, "9"),
        (cm.when({"fax": None}, cm.first(), cm.largest()), "9"),
        (cm.when({"fax": "3"}, cm.first(), cm.largest()), "12"),
    ],
)
def test_rules_of_values_choose_the_survivor_by_its_id(
    master: Any, survivor: str
) -> None:
    result = cm.resolve(RECORDS, id="no", master=master)
    assert result.entities[0]["no"] == survivor
    assert {row["survivor_id"] for row in result.crosswalk} == {survivor}
    assert cm.resolve(RECORDS[::-1], id="no", master=master).entities[0]["no"] == (
        survivor
    )


def test_gaps_of_groups_are_filled_by_the_record_of_the_best_id() -> None:
    records = [
        {"no": "1", "street": "1 Oak", "town": "York", "email": "a@b.org"},
        {"no": "2", "street": "1 Oak", "town": None, "email": "a@b.org"},
        {"no": "3", "street": "1 Oak", "town": "Hull", "email": "a@b.org"},
    ]
    config = cm.Config(
        (
            cm.Field("street", "address", group="at"),
            cm.Field("town", "city", group="at"),
            cm.Field("email", "email"),
        ),
        id="no",
        master=cm.prefer({"no": "2"}).then(cm.largest()),
    )
    same = [("1", "2"), ("2", "3")]
    golden = cm.resolve(records, config=config, must_link=same).entities[0]
    assert (golden["no"], golden["town"]) == ("2", "Hull")


@pytest.mark.parametrize("rule", [cm.total(), cm.smallest().then(cm.longest())])
def test_what_cannot_choose_the_survivor_is_refused(rule: SurvivorshipRule) -> None:
    with pytest.raises(cm.InvalidConfigError, match="master: "):
        cm.Config((cm.Field("name"),), master=rule)


def test_what_makes_values_chooses_no_survivor() -> None:
    with pytest.raises(cm.InvalidConfigError, match="'total' makes a value"):
        cm.Config((cm.Field("name"),), id="no", master=cm.total())


def test_the_id_has_no_rule_of_its_own() -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"'no'.*master="):
        cm.resolve(RECORDS, id="no", survivorship={"no": cm.smallest()})
    field = cm.Field("no", survive=cm.smallest())
    with pytest.raises(cm.InvalidConfigError, match=r"'no'.*master="):
        cm.Config((field,), id="no")
    assert cm.Config((cm.Field("no"),), id="no").id == "no"
    ids = cm.resolve(RECORDS, id="no", survivorship={"ids": cm.collect(of="no")})
    assert sorted(ids.entities[0]["ids"]) == ["10", "12", "9"]


def test_the_id_is_not_pinned() -> None:
    result = cm.resolve(RECORDS, id="no")
    for said in (result.pin, result.never):
        with pytest.raises(cm.InvalidInputError, match=r"'no'.*master="):
            said(0, {"no": "12"})
    pinned = cm.resolve(RECORDS).pin(0, {"no": "12"})
    assert pinned.entities[0]["no"] == "12"
    pins = [cm.Decisions(pins=(pin,)) for pin in _pins_by_id("no")]
    with pytest.raises(cm.InvalidInputError, match=r"'no'.*master="):
        cm.resolve(RECORDS, id="no", decisions=pins[0])


def _pins_by_id(column: str) -> Any:
    other = cm.resolve(RECORDS, id="no").pin(0, {"fax": "7"}).decisions.pins
    return [type(pin)(pin.record, column, "12", pin.never) for pin in other]
