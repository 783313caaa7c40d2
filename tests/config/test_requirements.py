from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import custmerge as cm
from custmerge.config import as_check
from custmerge.exceptions import InvalidConfigError, PluginError


def is_long(value: str) -> bool:
    return len(value) > 3


def config(*checks: Any) -> cm.Config:
    fields = [
        cm.Field("name", kind="full_name"),
        cm.Field("age", kind="number"),
        cm.Field("born", kind="birth_date"),
        cm.Field("phone", kind="phone", columns=("mobile", "fax"), combine="any"),
        cm.Field("when", kind="date", columns=("day", "month", "year")),
    ]
    return cm.Config(tuple(fields), id="customer", checks=checks)


def issues(record: dict[str, object], *checks: cm.Check) -> list[tuple[str, str]]:
    return [(i.field, i.issue) for i in cm.check(record, config(*checks)).issues]


def test_all_that_is_wrong_with_a_check_is_in_one_message() -> None:
    with pytest.raises(InvalidConfigError) as error:
        cm.Check("age", pattern="(", minimum="old", severity="bad")  # type: ignore[arg-type]
    message = str(error.value)
    assert message.startswith("check 'age': ")
    for part in ("pattern must be", "minimum must be", "severity must be"):
        assert part in message


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"minimum": 3, "maximum": 2},
        {"minimum": 3, "maximum": date(2020, 1, 1)},
        {"test": "custmerge:no_such_function"},
        {"required": 1},
        {"field": "", "required": True},
    ],
)
def test_what_makes_no_sense_is_no_check(parts: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfigError):
        cm.Check(**{"field": "age", **parts})


def test_unknown_entries_are_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidConfigError, match=r"\['least'\].*'minimum'"):
        as_check({"field": "age", "least": 1})
    with pytest.raises(InvalidConfigError, match="field"):
        as_check({"required": True})


def test_all_checks_of_a_config_are_judged_in_one_message() -> None:
    with pytest.raises(InvalidConfigError) as error:
        config({"field": "age"}, cm.Check("city", required=True), "age")
    assert "requires nothing" in str(error.value)
    assert "'city'" in str(error.value)
    assert "must be a Check" in str(error.value)
    with pytest.raises(InvalidConfigError, match="a list of checks"):
        cm.Config((cm.Field("age"),), checks="age")  # type: ignore[arg-type]


def test_a_config_with_checks_is_read_back_from_toml() -> None:
    written = config(
        cm.Check("name", required=True, severity="warning"),
        cm.Check("age", minimum=0, maximum=130.5),
        cm.Check("born", minimum=date(1900, 1, 1)),
        cm.Check("mobile", pattern=r"\+\d+", test="builtins:str.isprintable"),
    )
    assert cm.Config.from_toml(written.to_toml()) == written


def test_a_function_without_a_name_cannot_be_written() -> None:
    with pytest.raises(InvalidConfigError, match="module level"):
        config(cm.Check("name", test=lambda _: True)).to_toml()


def test_required_is_broken_by_missing_values_and_placeholders_alone() -> None:
    check = cm.Check("name", required=True)
    assert issues({"name": "Ann Lee"}, check) == []
    assert issues({"name": None}, check) == [("name", "required")]
    assert issues({}, check) == [("name", "required")]
    assert issues({"name": "n/a"}, check) == [
        ("name", "placeholder"),
        ("name", "required"),
    ]


def test_any_column_of_a_field_fulfils_what_the_field_requires() -> None:
    check = cm.Check("phone", required=True)
    assert issues({"fax": "+44 20 7946 0018"}, check) == []
    assert issues({"name": "Ann Lee"}, check) == [("mobile", "required")]
    of_column = cm.Check("mobile", required=True)
    assert issues({"fax": "+44 20 7946 0018"}, of_column) == [("mobile", "required")]


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (cm.Check("name", pattern="[A-Z].*"), " Ann ", "ann"),
        (cm.Check("name", pattern="A|Ann"), "Ann", "Anna"),
        (cm.Check("age", minimum=18), "18", "17.9"),
        (cm.Check("age", maximum=0), 0, "1"),
        (cm.Check("born", minimum=date(1990, 5, 3)), "May 3rd, 1990", "2 May 1990"),
        (cm.Check("born", maximum=date(1990, 5, 3)), "1990-05-03", "1990-05"),
        (cm.Check("name", test=is_long), "Anna", "Ann"),
        (cm.Check("customer", pattern="[0-9]+"), "17", "A17"),
        (cm.Check("year", minimum=1900), "1900", "190"),
    ],
)
def test_values_that_break_a_check_are_found(
    check: cm.Check, right: object, wrong: object
) -> None:
    def of_check(value: object) -> list[tuple[str, str]]:
        found = issues({check.field: value}, check)
        return [row for row in found if row[1] in {"pattern", *BOUNDS, "is_long"}]

    assert of_check(right) == []
    assert len(of_check(wrong)) == 1
    assert of_check(None) == []
    assert of_check("n/a") == []


BOUNDS = ("minimum", "maximum")


def test_what_is_no_number_is_within_no_bounds() -> None:
    check = cm.Check("age", minimum=0, maximum=130)
    assert issues({"age": "old"}, check) == [
        ("age", "syntax"),
        ("age", "minimum"),
        ("age", "maximum"),
    ]


def test_a_check_says_how_severe_its_issue_is() -> None:
    check = cm.Check("age", maximum=130, severity="warning")
    [issue] = cm.check({"age": 131}, config(check)).issues
    assert issue.severity == "warning"


def test_a_function_that_fails_is_named_and_no_value_is() -> None:
    def broken(value: str) -> bool:
        raise KeyError(value)

    def wordy(value: str) -> bool:
        return value  # type: ignore[return-value]

    for function in (broken, wordy):
        with pytest.raises(PluginError, match=function.__name__) as error:
            issues({"name": "Ann Lee"}, cm.Check("name", test=function))
        assert "Ann" not in str(error.value)
