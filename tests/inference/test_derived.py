"""What columns tell of fields that stand elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

import custmerge as cm
from custmerge.normalizing import normalize
from custmerge.records import RecordTable

Rows = list[dict[str, Any]]
IDS = ["11010519491231002X", "360426199101010071", "130503670401001"]


def compared(rows: Rows, name: str) -> list[str | None]:
    config = cm.infer_config(rows)
    table = normalize(RecordTable.from_mappings(rows), config.compared)
    return table[name].decode()


@pytest.mark.parametrize(
    ("number", "born", "gender"),
    [("身份证", "出生日期", "性别"), ("national_id", "date_of_birth", "sex")],
)
def test_identity_number_tells_what_its_own_columns_do_not(
    number: str, born: str, gender: str
) -> None:
    rows: Rows = [
        {number: IDS[0], born: None, gender: None},
        {number: None, born: "1949-12-31", gender: "F"},
        {number: IDS[1], born: "1999-09-19", gender: "女"},
        {number: IDS[2], born: None, gender: "男"},
    ]
    births = ["1949-12-31", "1949-12-31", "1999-09-19", "1967-04-01"]
    assert compared(rows, born) == births
    assert compared(rows, gender) == ["f", "f", "f", "m"]


def test_genders_in_code_are_not_mixed_with_those_of_numbers() -> None:
    rows: Rows = [{"id_card": IDS[0], "sex": None}, {"id_card": IDS[1], "sex": "1"}]
    assert compared(rows, "sex") == [None, "1"]


def test_other_numbers_tell_no_birth_date() -> None:
    codes = [f"31010{i}012345678" for i in range(8)]
    rows: Rows = [{"注册号": code, "生日": "1990-05-03"} for code in codes]
    rows += [{"注册号": "310108900503002", "生日": None}]
    assert compared(rows, "生日") == [*["1990-05-03"] * 8, None]


def test_records_are_linked_by_what_one_has_and_the_other_tells() -> None:
    rows: Rows = [
        {"姓名": "王小明", "身份证": IDS[0], "生日": None, "城市": "北京"},
        {"姓名": "王小明", "身份证": None, "生日": "1949-12-31", "城市": "北京"},
        {"姓名": "李雷", "身份证": IDS[1], "生日": None, "城市": "上海"},
        {"姓名": "韩梅梅", "身份证": None, "生日": "1967-04-01", "城市": "广州"},
        {"姓名": "赵敏", "身份证": IDS[2], "生日": None, "城市": "广州"},
    ]
    result = cm.resolve(rows)
    assert [row["n_records"] for row in result.entities] == [2, 1, 1, 1]
    assert [row["生日"] for row in result.entities][1] is None  # told, never stored


def test_address_at_qq_is_the_number_of_another_record() -> None:
    rows: Rows = [
        {"QQ号": "QQ: 12345678", "邮箱": "li@163.com"},
        {"QQ号": None, "邮箱": "12345678@qq.com"},
        {"QQ号": None, "邮箱": "han@qq.com"},
    ]
    assert compared(rows, "QQ号") == ["12345678", "12345678", None]


def test_name_in_wechat_is_another_phone_number_where_it_is_one() -> None:
    rows: Rows = [
        {"手机": "138 1234 5678", "微信号": "139-1234-5678"},
        {"手机": None, "微信号": "13812345678"},
        {"手机": None, "微信号": "wxid_9f8e7d"},
    ]
    config = cm.infer_config(rows)
    table = normalize(RecordTable.from_mappings(rows), config.compared)
    phones = table["手机"]
    held = [{phones.values[i] for i in row if i >= 0} for row in phones.slots.tolist()]
    both = {"+8613812345678", "+8613912345678"}
    assert held == [both, {"+8613812345678"}, set()]


def test_field_of_the_callers_own_stays_as_it_is() -> None:
    rows: Rows = [{"id_card": IDS[0], "born": None}, {"id_card": None, "born": "1990"}]
    own = cm.Field("born", kind="birth_date")
    [field] = [
        field
        for field in cm.infer_config(rows, fields={"born": own}).fields
        if field.name == "born"
    ]
    assert field.derived == {}


def test_what_is_derived_is_read_back_from_toml() -> None:
    told = {"id_card": "birth_date_of_identifier"}
    field = cm.Field("born", kind="birth_date", derived=told)
    config = cm.Config((field, cm.Field("id_card", kind="identifier")))
    assert cm.Config.from_toml(config.to_toml()) == config
    with pytest.raises(cm.InvalidConfigError, match="derived: "):
        cm.Field("born", derived={"id_card": "stars"})
    with pytest.raises(cm.InvalidConfigError, match="columns of other fields"):
        cm.Field("born", derived={"born": "date"})
    with pytest.raises(cm.ColumnNotFoundError, match="id_card"):
        cm.resolve([{"born": "1990-05-03"}], config=cm.Config((field,)))
