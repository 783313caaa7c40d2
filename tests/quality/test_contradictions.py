from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, strategies as st
from stdnum.cn import ric

import custmerge as cm
from custmerge.quality import inspect
from custmerge.records import RecordTable

TODAY = date(2026, 6, 1)
FIELDS = (
    cm.Field("born", kind="birth_date"),
    cm.Field("resident id", kind="identifier"),
)
days = st.dates(date(1900, 1, 2), date(2020, 12, 31))


def found(config: cm.Config, **cells: object) -> list[str]:
    table = RecordTable.from_mappings([cells])
    found = inspect(table, config, TODAY)
    return [found.names[issue] for issue in found.issues]


def resident_id(day: date) -> str:
    digits = f"110105{day:%Y%m%d}002"
    return digits + str(ric.calc_check_digit(f"{digits}0"))


@given(days, days)
@example(date(1949, 12, 31), date(1949, 12, 31))
@example(date(1949, 12, 31), date(1949, 12, 13))  # a slip in the day
@example(date(1949, 12, 31), date(1994, 12, 31))  # a slip in the year
@example(date(2000, 2, 28), date(1999, 2, 28))
@example(date(2000, 3, 1), date(1999, 2, 28))
def test_an_identity_number_denies_a_birth_date_of_another_year_and_day(
    born: date, named: date
) -> None:
    unlike_year = born.year != named.year
    unlike_day = (born.month, born.day) != (named.month, named.day)
    expected = ["not_born_as_identified"] if unlike_year and unlike_day else []
    config = cm.Config(FIELDS)
    cells = {"born": born, "resident id": resident_id(named)}
    if born != date(1970, 1, 1):  # which stands for none
        assert found(config, **cells) == expected


def test_a_number_with_a_wrong_check_digit_denies_nothing() -> None:
    number = resident_id(date(1949, 12, 31))
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    cells = {"born": "1985-03-02", "resident id": wrong}
    assert found(cm.Config(FIELDS), **cells) == ["check_digit"]


@given(st.integers(-400, 400), st.sampled_from(["created", "updated"]))
def test_nobody_is_born_after_the_record_was_made(n_days: int, column: str) -> None:
    made = date(2020, 6, 15)
    born = made + timedelta(n_days)
    config = cm.Config(
        FIELDS,
        created_at="created" if column == "created" else None,
        updated_at="updated",
    )
    written = f"{born:%d/%m/%Y}" if n_days % 2 else born.isoformat()
    cells = {"born": written, "resident id": "", "created": "", "updated": ""}
    expected = ["born_after_record"] if born > made else []
    if n_days % 2 == 0 or born.day > 12:  # else day and month may be read exchanged
        assert found(config, **{**cells, column: made.isoformat()}) == expected


@pytest.mark.parametrize(
    ("born", "issues"),
    [
        ("2026-06-01", []),
        ("2026-06-02", ["born_in_future"]),
        ("2099-01-01", ["born_in_future"]),
        ("2027", []),  # no whole date
        ("1/2/29", []),  # the century is anybody's guess
        ("2026-06", []),
        ("1900-01-01", ["default_date"]),
        ("9999-12-31", ["default_date"]),
    ],
)
def test_nobody_is_born_after_today(born: str, issues: list[str]) -> None:
    config = cm.Config(FIELDS)
    assert found(config, **{"born": born, "resident id": None}) == issues


def test_what_is_yet_to_come_is_told_once() -> None:
    config = cm.Config(FIELDS, created_at="created")
    cells = {"born": "2030-01-01", "resident id": None, "created": "2020-01-01"}
    assert found(config, **cells) == ["born_in_future"]


@pytest.mark.parametrize(
    ("gender", "number", "issues"),
    [
        ("女", "11010519491231002X", []),
        ("女士", "110105491231002", []),
        ("男", "11010519491231002X", ["not_gender_as_identified"]),
        ("M", "110105491231002", ["not_gender_as_identified"]),
        ("F", "360426199101010071", ["not_gender_as_identified"]),
        ("1", "11010519491231002X", []),  # male or female, as the system has it
        ("保密", "11010519491231002X", ["placeholder"]),
        ("男", "E12345678", []),
        ("男", "1101**********002X", ["masked"]),
        ("男", "110105194912310021", ["check_digit"]),
    ],
)
def test_an_identity_number_denies_another_gender(
    gender: str, number: str, issues: list[str]
) -> None:
    config = cm.Config((cm.Field("gender", kind="gender"), FIELDS[1]))
    cells = {"gender": gender, "resident id": number}
    assert found(config, **cells) == issues


def test_an_old_identity_number_denies_a_birth_date() -> None:
    cells = {"born": "1985-03-02", "resident id": "110105491231002"}
    assert found(cm.Config(FIELDS), **cells) == ["not_born_as_identified"]
