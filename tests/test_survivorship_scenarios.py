"""Who wins when customers are merged: what CRMs do wrong, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

import custmerge as cm

LEE: list[dict[str, Any]] = [
    {
        "id": "C1",
        "source": "crm",
        "name": "Ann Lee",
        "email": "ann@lee.org",
        "phone": "020 7946 0001",
        "stage": "customer",
        "spent": "1,200.00",
        "verified": True,
        "created_at": "2019-03-01",
        "updated_at": "2024-02-01",
    },
    {
        "id": "W7",
        "source": "web",
        "name": "Ann Lee",
        "email": "ann@lee..org",
        "phone": "020 7946 0001",
        "stage": "lead",
        "spent": "80",
        "verified": False,
        "created_at": "2023-11-05",
        "updated_at": "2025-06-30",
    },
    {
        "id": "S2",
        "source": "shop",
        "name": "Ann Lee",
        "email": "ann.lee@mail.com",
        "phone": "020 7946 0001",
        "stage": "opportunity",
        "spent": "€ 950,50",
        "verified": None,
        "created_at": "2021-01-20",
        "updated_at": "2023-12-31",
    },
]
BO = {
    **LEE[0],
    "id": "C2",
    "name": "Bo Chan",
    "email": "bo@chan.org",
    "phone": "0113 496 0002",
}
PAIRS = [("C1", "W7"), ("C1", "S2")]


def golden(**survivorship: Any) -> dict[str, Any]:
    result = cm.resolve(
        [*LEE, BO], id="id", must_link=PAIRS, survivorship=survivorship or None
    )
    found: dict[str, Any] = result.entities[0]
    return found


def test_newest_value_does_not_win_where_another_was_chosen() -> None:
    # HubSpot's "latest updated value wins whatever you picked" does not happen here.
    assert golden(email=cm.source_priority(["shop", "crm"]))["email"] == (
        "ann.lee@mail.com"
    )
    assert golden(email=cm.prefer({"verified": True}))["email"] == "ann@lee.org"


def test_invalid_newest_email_does_not_beat_a_valid_older_one() -> None:
    rule = cm.valid_first().then(cm.most_recent("updated_at"))
    assert golden(email=rule)["email"] == "ann@lee.org"


def test_earliest_creation_date_is_kept() -> None:
    assert golden()["created_at"] == "2019-03-01"
    assert golden(created_at=cm.largest())["created_at"] == "2023-11-05"


def test_furthest_lifecycle_stage_is_kept() -> None:
    furthest = cm.prefer({"stage": "customer"}).then(
        cm.prefer({"stage": "opportunity"})
    )
    assert golden(stage=furthest)["stage"] == "customer"
    stage = cm.when({"stage": ["customer", "opportunity"]}, cm.first(), cm.longest())
    assert golden(stage=stage)["stage"] == "customer"


def test_largest_amount_is_kept_whatever_its_notation() -> None:
    assert golden(spent=cm.largest())["spent"] == "1,200.00"
    assert golden(spent=cm.smallest())["spent"] == "80"


def test_trusted_source_wins_until_its_value_is_old() -> None:
    trusted = {"crm": 90, "web": 60, "shop": 40}
    assert golden(stage=cm.source_trust(trusted))["stage"] == "customer"
    # The CRM's value is 515 days old when the web's is new: 90 · (1 - 515/730) = 26.5.
    fading = cm.source_trust(trusted, period=730)
    assert golden(stage=fading)["stage"] == "lead"


def test_invalid_value_of_a_trusted_source_is_downgraded() -> None:
    trusted = {"web": 90, "crm": 60}
    assert golden(email=cm.source_trust(trusted))["email"] == "ann@lee..org"
    rule = cm.source_trust(trusted, invalid_downgrade=0.5)
    assert golden(email=rule)["email"] == "ann@lee.org"


def test_column_of_a_role_has_a_rule_too() -> None:
    assert golden(source=cm.most_recent())["source"] == "web"
    assert golden(source=cm.longest())["source"] == "shop"
    assert golden(updated_at=cm.smallest())["updated_at"] == "2023-12-31"


def test_rule_of_a_call_goes_before_the_configs() -> None:
    config = cm.infer_config(LEE, id="id", survivorship={"stage": "longest"})
    result = cm.resolve(LEE, config=config, must_link=PAIRS)
    assert result.entities[0]["stage"] == "opportunity"
    again = cm.resolve(
        LEE, config=config, must_link=PAIRS, survivorship={"stage": "shortest"}
    )
    assert again.entities[0]["stage"] == "lead"
    assert again.config.fields != config.fields


def test_names_that_do_not_exist_are_listed_with_those_that_do() -> None:
    with pytest.raises(cm.ColumnNotFoundError) as caught:
        golden(emial="longest", fone="first", stage=cm.most_recent("changed"))
    message = str(caught.value)
    assert "['changed', 'emial', 'fone']" in message
    assert "'updated_at'" in message


@pytest.mark.parametrize("given", [["longest"], "longest", 3])
def test_what_is_no_mapping_is_refused(given: Any) -> None:
    with pytest.raises(cm.InvalidConfigError, match="survivorship must map"):
        cm.resolve(LEE, survivorship=given)


def test_chinese_customers_survive_by_the_same_rules() -> None:
    records = [
        {
            "姓名": "王小明",
            "手机": "138 1234 567",
            "身份证号": "110105194912310021",
            "会员": "否",
            "更新时间": "2025年6月30日",
        },
        {
            "姓名": "王小明",
            "手机": "13812345678",
            "身份证号": "11010519491231002X",
            "会员": "是",
            "更新时间": "2023年1月5日",
        },
    ]
    config = cm.infer_config(
        records,
        fields={
            "姓名": "full_name",
            "手机": cm.Field(
                "手机", "phone", normalize={"name": "phone", "region": "CN"}
            ),
            "身份证号": "identifier",
            "更新时间": "updated_at",
        },
        survivorship={
            "手机": cm.valid_first().then(cm.most_recent()),
            "身份证号": ["valid_first", "most_recent"],
            "会员": cm.prefer({"会员": "是"}),
        },
    )
    entity = cm.resolve(records, config=config, must_link=[(0, 1)]).entities[0]
    assert (entity["手机"], entity["身份证号"], entity["会员"]) == (
        "13812345678",
        "11010519491231002X",
        "是",
    )
