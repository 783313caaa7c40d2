from __future__ import annotations

import json
from typing import Any

import pytest

import custmerge as cm

CONFIG = cm.Config(
    (cm.Field("name", kind="full_name"), cm.Field("email", kind="email")),
    checks=(cm.Check("email", required=True),),
)


def test_a_good_record_is_ok() -> None:
    report = cm.check({"name": "Ann Lee", "email": "ann.lee@mail.com", "age": 31})
    assert report.ok
    assert report.issues == ()
    assert report.score == 1.0


def test_kinds_are_inferred_from_chinese_headers() -> None:
    report = cm.check({"姓名": "测试", "手机号": "13800138000", "邮箱": "无"})
    assert [(i.field, i.issue) for i in report.issues] == [
        ("姓名", "test"),
        ("手机号", "placeholder"),
        ("邮箱", "placeholder"),
    ]
    assert report.reasons == ("all_placeholder", "test_record")
    assert report.is_ghost
    assert report.score == 0.0


def test_a_header_is_believed_whatever_the_one_value_is() -> None:
    report = cm.check({"name": "Ann Lee", "email": "ann@", "phone": "1"})
    assert [(issue.field, issue.issue) for issue in report.issues] == [
        ("email", "syntax"),
        ("phone", "syntax"),
    ]


def test_a_ghost_without_any_issue_is_not_ok() -> None:
    report = cm.check({"name": None, "email": None, "city": "York"})
    assert report.issues == ()
    assert not report.ok


def test_columns_of_the_config_that_a_record_lacks_are_missing() -> None:
    assert cm.check({}, CONFIG).issues == (("email", "required", "error"),)
    assert cm.check({"name": "Ann Lee", "more": 1}, CONFIG).issues == (
        ("email", "required", "error"),
    )


def test_a_report_is_plain_data_and_holds_no_value() -> None:
    record = {"name": "Ann Lee", "email": "ann.lee@mail..com"}
    report = cm.check(record, CONFIG)
    written = json.dumps(report.to_dict())
    assert json.loads(written)["issues"] == [
        {"field": "email", "issue": "syntax", "severity": "error"}
    ]
    for shown in (repr(report), written):
        assert "Ann" not in shown
        assert "ann" not in shown
    assert repr(report) == "RecordReport(email: syntax, score 0.25)"
    assert repr(cm.check({}, CONFIG)).startswith("RecordReport(ghost: empty, email:")
    ghost = cm.check({"name": None, "email": None})
    assert repr(ghost) == "RecordReport(ghost: empty, score 0.00)"


def test_cells_of_any_type_are_read() -> None:
    record: Any = {"name": "Ann Lee", "phone": 2125551234.0, 3: True}
    assert cm.check(record).ok


@pytest.mark.parametrize("record", [{}, [], [{"name": "Ann"}], "Ann", None])
def test_what_is_no_record_is_an_error(record: Any) -> None:
    with pytest.raises(cm.InvalidInputError, match="one record"):
        cm.check(record)


def test_the_check_of_one_record_is_that_of_a_table() -> None:
    records: list[dict[str, object]] = [
        {"name": "Ann Lee", "email": "ann@mail.com"},
        {"name": "Ann Lee", "email": "ann@mail.com"},
        {"name": "asdf", "email": "a@@b"},
        {"name": "Bo Chan", "email": None},
        {"name": "Zack Test", "email": "z@mailinator.com"},
    ]
    quality = cm.resolve(records, config=CONFIG).quality
    for i, record in enumerate(records):
        report = cm.check(record, CONFIG)
        assert quality.records[i]["score"] == report.score
        assert quality.records[i]["is_ghost"] == report.is_ghost
        assert [issue.issue for issue in report.issues] == [
            row["issue"] for row in quality.issues if row["record_id"] == i
        ]
