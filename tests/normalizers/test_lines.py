from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings, strategies as st

from custmerge.normalizers import Phone, as_normalizer
from custmerge.normalizers.phones import _phone

_WORDS = st.sampled_from(
    [
        *("unit", "UNIT", "Apt", "#5", "#", "12", "St.", "strasse", "Hauptstrasse"),
        *("J.", "P.", "J.P.", "O'Neil", "unknown", "n/a", "na", "xxx", "xn--a", "None"),
        *(
            "世紀大道",
            "3幢",
            "100",
            "號",
            "陳",
            "李先生",
            "欧阳小明",
            "未知",
            "same",
            "as",
        ),
        *("Dr", "Mr.", "Jr", "III", "van", "de", "Smith", "Ann", "ph", "d", "MBA"),
        *("test@test.com", "a.b@Mail.com", "na@na.de", "noreply@x.org", "A@xn--a.de"),
        *("1990-02-29", "2000-02-29", "29/02/2000", "3/5/1990", "31-12-0000", "1-1-01"),
        *("1900-01-01", "0001-01-01", "9999-12-31", "13/13/1990", "1970 1 1"),
    ]
)
_USUAL = st.text("aAzZxX019 .-'#&,/@路號幢陳先生", max_size=10)
_VALUES = st.lists(
    st.one_of(
        _USUAL,
        st.lists(_WORDS, max_size=4).map(" ".join),
        st.lists(_WORDS, max_size=3).map("".join),
        st.sampled_from(["Main  St\n5", "a\n\nb", "\n", "ＡＢＣ", "é", "  Ann "]),
    ),
    max_size=8,
)
_NAMES = (
    "given_of_full_name",
    "family_of_full_name",
    "address",
    "email",
    "date",
    "person_name",
    "given_name",
    "full_name",
    "identifier",
)


@pytest.mark.parametrize("name", _NAMES)
@given(_VALUES)
@example(["na", "N/A", "a", "AAA", "1-1 1", "12", "ab-1", "x.xx", "1a", "None"])
@example(["unit unit 5", "apt #5 unit", "x'xx", "a\nb", "St.J. 5", "xxxx", "J.  P. 1"])
@example(
    ["王小总经理", "总经理", "欧阳", "欧阳总", "王先生", "客户先生", "顧客", "明小王"]
)
@settings(max_examples=60, deadline=None)
def test_usual_values_are_normalized_as_all_others(
    name: str, values: list[str]
) -> None:
    normalizer = as_normalizer(name)
    # Dropped from any text, it makes the value an unusual one.
    unusual = [f"{value}\u200b" for value in values]
    assert normalizer.normalize(values) == normalizer.normalize(unusual)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@pytest.mark.parametrize("name", _NAMES)
@given(_VALUES)
@example(["a" + "." * 40 + "@b.de", "1-2-1990\n", "世紀大道 1-2", "Ann"])
@settings(max_examples=60, deadline=None)
def test_width_makes_no_difference(name: str, values: list[str]) -> None:
    normalizer = as_normalizer(name)
    wide = [value.translate(_WIDE) for value in values]
    unusual = [f"{value}\u200b" for value in wide]
    assert normalizer.normalize(wide) == normalizer.normalize(unusual)


@given(st.text("0123456789+-() x.#", max_size=16))
@example("(415) 555-2671")
@settings(max_examples=60, deadline=None)
def test_width_makes_no_difference_to_phones(value: str) -> None:
    wide = value.translate(_WIDE)
    assert Phone().normalize([wide]) == [_phone(wide, "US")]


_DATES = re.compile(
    r"([0-3]?[0-9][-/. ]){2}[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-3][0-9]([T ]00:00:00)?|"
    r"[0-9]{4}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]|(18|19|20|21)[0-9]{2}[0-3][0-9]{3}|"
    r"[0-9]{4}年[01]?[0-9]月[0-3]?[0-9]日?",
    re.ASCII,
)


@pytest.mark.parametrize("day_first", [True, False])
@given(st.lists(st.from_regex(_DATES, fullmatch=True)))
@example(["2000-02-29", "1900.2.29", "29/02/1900", "20000229", "19002902", "0004-2-29"])
@settings(max_examples=60, deadline=None)
def test_usual_dates_are_read_as_all_others(day_first: bool, values: list[str]) -> None:
    normalizer = as_normalizer({"name": "date", "day_first": day_first})
    unusual = [f"{value}\u200b" for value in values]
    assert normalizer.normalize(values) == normalizer.normalize(unusual)
