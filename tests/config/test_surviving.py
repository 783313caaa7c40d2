from __future__ import annotations

import pytest

import custmerge as cm

FIELDS = (
    cm.Field("email", "email"),
    cm.Field("phone", "phone", columns=("mobile", "landline"), combine="any"),
)


def config(**survivorship: object) -> cm.Config:
    return cm.Config(FIELDS, source="from", survivorship=survivorship)  # type: ignore[arg-type]


def test_rule_by_a_fields_name_is_the_fields() -> None:
    found = config(phone="longest")
    assert [field.rule.name for field in found.fields if field.name == "phone"] == [
        "longest"
    ]
    assert found.column_rules == {}


def test_rule_by_a_columns_name_is_that_columns_alone() -> None:
    found = config(mobile="longest", **{"from": cm.first()})
    assert found.fields == config().fields
    assert found.column_rules == {"mobile": cm.longest(), "from": cm.first()}


def test_rules_are_written_to_toml_and_read_back() -> None:
    trust = cm.source_trust({"crm": 90, "web": {"max": 70, "period": 30}})
    found = config(
        email=cm.valid_first().then(trust),
        landline=cm.when(
            {"verified": True, "from": ["crm", "erp"]},
            cm.most_recent().then(cm.longest()),
            cm.prefer({"from": "web"}),
        ),
        **{"from": "most_frequent"},
    )
    assert cm.Config.from_toml(found.to_toml()) == found
    assert cm.Config.from_toml(config().to_toml()) == config()
    assert "survivorship" not in config().to_toml()


def test_toml_says_rules_within_rules_as_people_would() -> None:
    text = """
        [survivorship.email]
        name = "when"
        condition = {verified = true}
        rule = ["most_recent", "longest"]
        otherwise = "valid_first"

        [[fields]]
        name = "email"
        kind = "email"
    """
    expected = cm.when(
        {"verified": "true"}, cm.most_recent().then(cm.longest()), cm.valid_first()
    )
    assert cm.Config.from_toml(text).fields[0].rule == expected


def test_all_that_is_wrong_is_in_one_message() -> None:
    with pytest.raises(cm.InvalidConfigError) as caught:
        config(email="newest", mobile="shortish", phone={"name": "source_trust"})
    message = str(caught.value)
    assert all(
        part in message
        for part in ("'email': 'newest'", "'mobile': 'shortish'", "'phone': ")
    )


def test_survivorship_must_be_a_mapping() -> None:
    with pytest.raises(cm.InvalidConfigError, match="map fields or columns"):
        cm.Config(FIELDS, survivorship=["longest"])  # type: ignore[arg-type]
