"""Headers of East Asian systems, alone and above the values that stand under them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import custmerge as cm
from custmerge.inference.columns import guess_columns
from custmerge.inference.headers import read_header
from custmerge.records import RecordTable

with (Path(__file__).parent.parent / "cases" / "headers.csv").open(
    encoding="utf-8", newline=""
) as file:
    CASES = [(row["header"], row["meaning"]) for row in csv.DictReader(file)]

VALUES = {
    "full_name": "张伟 王芳 李娜 刘洋 陈静 杨帆 赵磊 黄丽",
    "given_name": "伟 芳 娜 洋 静 帆 磊 丽",
    "family_name": "张 王 李 刘 陈 杨 赵 黄",
    "organisation": "华为技术有限公司 海天味业股份有限公司 小米科技有限公司 "
    "东方贸易有限公司 远光软件公司 宏达商贸有限公司 新华书店 同仁医院",
    "phone": "13812345678 13912345678 13712345678 13612345678 18612345678 "
    "18812345678 13512345678 010-62345678",
    "email": "zhang@example.com wang@example.com li@example.com liu@example.com "
    "chen@example.com yang@example.com zhao@example.com huang@example.com",
    "region": "广东省 北京市 江苏省 浙江省 四川省 湖北省 湖南省 福建省",
    "city": "深圳市 北京市 南京市 杭州市 成都市 武汉市 长沙市 福州市",
    "address": "科技路1号 建国路88号 中山路5号 文三路9号 天府大道3号 东湖路7号 "
    "五一路8号 八一路6号",
    "postcode": "518000 100020 210000 310000 610000 430000 410000 350001",
    "country": "中国 美国 日本 韩国 德国 法国 英国 泰国",
    "birth_date": "1990-01-05 1985-11-23 1978-06-30 1992-03-14 1969-12-25 "
    "1981-08-08 1995-04-17 1974-10-02",
    "gender": "男 女 女 男 女 男 男 女",
    "identifier": "A1001 A1002 A1003 A1004 A1004 A1005 A1006 A1007",
    "id": "K01 K02 K03 K04 K05 K06 K07 K08",
    "category": "甲类 乙类 丙类 甲类 乙类 丁类 甲类 戊类",
    "number": "35 41 28 33 56 44 29 50",
    "text": "老客户介绍 喜欢打折 已寄样品 无意向 需要发票 周末联系 电话未接 已回访",
    "url": "www.a.com www.b.com www.c.com www.d.com www.e.com www.f.cn www.g.cn "
    "www.h.cn",
    "source": "门店 官网 门店 官网 门店 官网 门店 官网",
    "updated_at": "2024-01-05 2024-02-06 2024-03-07 2024-04-08 2024-05-09 "
    "2024-06-10 2024-07-11 2024-08-12",
    "created_at": "2023-01-05 2023-02-06 2023-03-07 2023-04-08 2023-05-09 "
    "2023-06-10 2023-07-11 2023-08-12",
    "owner": "孙经理 周经理 孙经理 周经理 孙经理 周经理 孙经理 周经理",
    "ignore": "1 2 2 3 1 5 2 1",
    "record_type": "个人 企业 个人 企业 个人 企业 个人 企业",
}
PARTS = {"address.street_number": "88号 5号 7号 9号 3号 12号 6号 1号"}
BESIDE = ["周涛", "吴敏", "郑爽", "冯刚", "褚健", "卫平", "蒋华", "沈波"]


def described(header: str) -> str:
    meaning = read_header(header)
    if meaning is None:
        return "-"
    part = f".{meaning.part}" if meaning.part else ""
    return f"{meaning.kind or meaning.role}{part}{'?' if meaning.open else ''}"


def guessed(header: str, cells: str) -> str:
    """Return the kind or role that a column under the header gets."""
    rows = [
        {header: cell, "x": name}
        for cell, name in zip(cells.split(), BESIDE, strict=True)
    ]
    guess = guess_columns(RecordTable.from_mappings(rows))[0]
    return str(guess.role or guess.kind)


@pytest.mark.parametrize(("header", "expected"), CASES)
def test_header_has_its_meaning_alone_and_above_its_values(
    header: str, expected: str
) -> None:
    kind = expected.rstrip("?").partition(".")[0]
    assert described(header) == expected
    assert guessed(header, PARTS.get(expected, VALUES[kind])) == kind


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("负责人电话", VALUES["owner"].replace("经理", "12345678"), "owner"),
        ("紧急联系人电话", VALUES["phone"], "text"),
        ("介绍人手机", VALUES["phone"], "text"),
        ("电话备注", VALUES["text"], "text"),
        ("客户等级", VALUES["category"], "category"),
        ("证件类型", "身份证 护照 身份证 军官证 身份证 护照 身份证 护照", "category"),
        ("客户名称", VALUES["organisation"], "organisation"),
        ("客户名称", VALUES["full_name"], "full_name"),
        ("联系方式", VALUES["email"], "email"),
        ("联系方式", VALUES["phone"], "phone"),
    ],
)
def test_tempting_headers_are_told_by_what_they_say_or_hold(
    header: str, cells: str, expected: str
) -> None:
    assert guessed(header, cells) == expected


def test_telephone_of_many_people_in_charge_is_a_customers_own() -> None:
    rows = [
        {"公司": f"第{i}公司", "负责人电话": f"138{i:08d}"}
        for i in range(10**7, 10**7 + 40)
    ]
    [guess] = [
        g
        for g in guess_columns(RecordTable.from_mappings(rows))
        if g.column == "负责人电话"
    ]
    assert guess.kind == "phone"


@pytest.mark.parametrize(
    ("records", "region"),
    [
        ({"手机": "13812345678"}, "CN"),
        ({"mobile": "13812345678", "name": "王伟"}, "CN"),
        ({"手機": "0912345678"}, "TW"),
        ({"電話": "91234567"}, "HK"),
        ({"電話": "13812345678"}, "CN"),
        ({"電話番号": "03-1234-5678"}, "JP"),
        ({"전화번호": "010-1234-5678"}, "KR"),
        ({"phone": "020 7946 0018"}, "GB"),
        ({"phone": "212 555 1234"}, "US"),
    ],
)
def test_single_number_is_dialled_where_its_table_is_written(
    records: dict[str, str], region: str
) -> None:
    [field] = [f for f in cm.infer_config([records]).fields if f.kind == "phone"]
    assert f"region='{region}'" in repr(field.normalize)


def test_how_a_name_is_read_counts_where_the_name_is_missing() -> None:
    rows = [
        {"氏名": "山田 太郎", "フリガナ": "ヤマダ タロウ", "電話番号": "090-1234-5678"}
    ]
    both = cm.infer_config(rows)
    alone = cm.infer_config([{k: v for k, v in rows[0].items() if k != "氏名"}])
    compared = [
        {c for f in config.fields if f.compare is not None for c in f.columns}
        for config in (both, alone)
    ]
    assert "フリガナ" not in compared[0]
    assert "フリガナ" in compared[1]


EXPORTS = {
    "a CRM": {
        "客户名称": ("华为技术有限公司", "organisation"),
        "统一社会信用代码": ("91440300708461136T", "identifier"),
        "客户级别": ("重点", "category"),
        "联系人": ("张伟", "full_name"),
        "手机": ("13812345678", "phone"),
        "省": ("广东省", "region"),
        "市": ("深圳市", "city"),
        "详细地址": ("科技路1号", "address"),
        "负责人": ("孙经理", "owner"),
        "最后跟进时间": ("2024-01-05 10:00", "updated_at"),
        "创建时间": ("2023-01-05 10:00", "created_at"),
        "备注": ("需要发票", "text"),
    },
    "a shop": {
        "订单编号": ("K1", "id"),
        "买家会员名": ("tb_1", "identifier"),
        "收货人姓名": ("张伟", "full_name"),
        "收货地址": ("广东省 深圳市 南山区 科技路1号", "address"),
        "联系手机": ("'13812345678", "phone"),
        "买家实际支付金额": ("88.00", "ignore"),
        "买家留言": ("请尽快发货", "text"),
        "宝贝标题": ("纯棉袜子", "text"),
    },
    "Taiwan": {
        "客戶編號": ("C1", "id"),
        "公司名稱": ("台積電股份有限公司", "organisation"),
        "統一編號": ("22099131", "identifier"),
        "聯絡人": ("陳大文", "full_name"),
        "行動電話": ("0912345678", "phone"),
        "電子信箱": ("a@example.com.tw", "email"),
        "郵遞區號": ("106", "postcode"),
        "縣市": ("台北市", "city"),
        "地址": ("忠孝東路四段1號", "address"),
        "業務人員": ("林小姐", "owner"),
    },
    "Japan": {
        "顧客番号": ("J1", "id"),
        "氏名": ("山田 太郎", "full_name"),
        "生年月日": ("1990-01-05", "birth_date"),
        "性別": ("男", "gender"),
        "電話番号": ("090-1234-5678", "phone"),
        "郵便番号": ("106-0032", "postcode"),
        "都道府県": ("東京都", "region"),
        "住所": ("港区六本木1-2-3", "address"),
    },
}


@pytest.mark.parametrize("system", EXPORTS)
def test_columns_of_an_export_are_known_by_a_single_record(system: str) -> None:
    columns = EXPORTS[system]
    row = {header: cell for header, (cell, _) in columns.items()}
    guesses = guess_columns(RecordTable.from_mappings([row]))
    found = {guess.column: str(guess.role or guess.kind) for guess in guesses}
    assert found == {header: kind for header, (_, kind) in columns.items()}
