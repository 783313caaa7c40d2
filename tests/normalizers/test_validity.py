from __future__ import annotations

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings, strategies as st
from tests.strategies import present_texts

from custmerge.kinds import Kind
from custmerge.normalizers.phones import is_assigned
from custmerge.normalizers.validity import PROBLEMS, problems

SYNTAX, CHECK = "syntax", "check_digit"
PLACEHOLDER, IMPOSSIBLE = "placeholder", "impossible_date"
NO_PHONE = "not_possible_in_region"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.EMAIL, "ann@mail.com", None),
        (Kind.EMAIL, " Ann Lee <ANN@Mail.com>", None),
        (Kind.EMAIL, "王小明@例子.中国", None),
        (Kind.EMAIL, "ａｎｎ＠mail.com", None),
        (Kind.EMAIL, "ann@mail", SYNTAX),
        (Kind.EMAIL, "ann@mail..com", SYNTAX),
        (Kind.EMAIL, "ann.mail.com", SYNTAX),
        (Kind.EMAIL, "ann@office.local", SYNTAX),
        (Kind.EMAIL, "test@test.com", PLACEHOLDER),
        (Kind.EMAIL, "无", PLACEHOLDER),
        (Kind.PHONE, "(415) 555-2671 x12", None),
        (Kind.PHONE, "+86 138 1234 5678", None),
        (Kind.PHONE, "555-2671", NO_PHONE),
        (Kind.PHONE, "123", SYNTAX),
        (Kind.PHONE, "000-000-0000", PLACEHOLDER),
        (Kind.PHONE, "n/a", PLACEHOLDER),
        (Kind.IDENTIFIER, "11010519491231002X", None),
        (Kind.IDENTIFIER, "110105194912310021", CHECK),
        (Kind.IDENTIFIER, "911100006000373411", CHECK),
        (Kind.IDENTIFIER, "AB-1234", None),
        (Kind.IDENTIFIER, "000-00-0000", PLACEHOLDER),
        (Kind.BIRTH_DATE, "1990-05-03", None),
        (Kind.BIRTH_DATE, "13/5/1990", None),
        (Kind.BIRTH_DATE, "1990年5月", None),
        (Kind.BIRTH_DATE, "31/02/1990", IMPOSSIBLE),
        (Kind.BIRTH_DATE, "0190-05-03", IMPOSSIBLE),
        (Kind.BIRTH_DATE, "1900-01-01", PLACEHOLDER),
        (Kind.BIRTH_DATE, "soon", SYNTAX),
        (Kind.DATE, "0190-05-03", None),
        (Kind.POSTCODE, "SW1A 1AA", None),
        (Kind.POSTCODE, "Leeds", SYNTAX),
        (Kind.POSTCODE, "00000", PLACEHOLDER),
        (Kind.URL, "https://www.example.com/shop", None),
        (Kind.URL, "example", SYNTAX),
        (Kind.NUMBER, "￥1,200", None),
        (Kind.NUMBER, "many", SYNTAX),
        (Kind.FAMILY_NAME, "Szymborska", None),
        (Kind.FAMILY_NAME, "匿名", PLACEHOLDER),
        (Kind.TEXT, "n/a", PLACEHOLDER),
    ],
)
def test_problem_of_a_value_goes_by_its_kind(
    kind: Kind, value: str, expected: str | None
) -> None:
    assert problems(kind, [value]) == [expected]


def test_national_phone_number_is_judged_by_its_region() -> None:
    values = ["020 7946 0018", "139 1234 5678"]
    assert problems(Kind.PHONE, values, region="GB") == [None, NO_PHONE]
    assert problems(Kind.PHONE, values, region="CN") == [None, None]


def test_cell_of_several_values_has_the_first_problem_of_any() -> None:
    values = [
        "ann@mail.com; a@lee.org",
        "ann@mail.com；n/a",
        "ann@mail.com, a@lee",
        ";",
    ]
    expected = [None, PLACEHOLDER, SYNTAX, PLACEHOLDER]
    assert problems(Kind.EMAIL, values) == expected
    phones = ["020 7946 0018 / 0113 496 0002", "n/a; 7946 0018"]
    assert problems(Kind.PHONE, phones, region="GB") == [None, PLACEHOLDER]


@pytest.mark.parametrize("kind", list(Kind))
@given(values=st.lists(present_texts(), max_size=5))
@settings(max_examples=20, deadline=None)
def test_each_value_is_judged_as_if_alone_and_by_known_reasons(
    kind: Kind, values: list[str]
) -> None:
    found = problems(kind, values)
    assert found == [problems(kind, [value])[0] for value in values]
    assert set(found) <= {None, *PROBLEMS}


@given(
    st.one_of(
        st.emails(),
        st.builds(
            "{}@{}".format,
            st.text("ab.+-_'", min_size=1, max_size=70),
            st.text("ab.-0", min_size=1, max_size=70).map(lambda text: f"{text}.com"),
        ),
    )
)
@example("a@b--c.com")
@example("j.hall475@comcast.net")
@example("x@qq.com")
@example("a@mail.test")
@example(f"{'a' * 64}@b.com")
@example(f"{'a' * 65}@b.com")
@example(f"a@{'b' * 63}.com")
@example(f"a@{'b' * 64}.com")
@example(f"a@{'b.' * 120}com")
@settings(max_examples=60, deadline=None)
def test_address_is_as_valid_as_email_validator_has_it(value: str) -> None:
    try:
        validate_email(value.lower(), check_deliverability=False)
    except EmailNotValidError:
        expected = False
    else:
        expected = True
    # Marks around an address are repaired, so that it may be better than it looks.
    (problem,) = problems(Kind.EMAIL, [value])
    repaired = not value[:1].isalnum() or not value[-1:].isalnum()
    assert (problem is None) is expected or repaired or problem == PLACEHOLDER


@pytest.mark.parametrize("region", ["US", "CN", "GB", "DE", "IT", "AR", "RU", "GG"])
@given(st.text("0123456789", min_size=4, max_size=12))
@settings(max_examples=30, deadline=None)
def test_number_is_as_assigned_as_phonenumbers_has_it(region: str, digits: str) -> None:
    code = phonenumbers.country_code_for_region(region)
    number = phonenumbers.parse(f"+{code}{digits}")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert is_assigned(written) is phonenumbers.is_valid_number(number)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_example_numbers_are_assigned(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert is_assigned(written) is phonenumbers.is_valid_number(number)


def look_closer(kind: Kind, value: str, region: str) -> str | None:
    """Return the problem of a value that is not plainly right: none has this zero."""
    return problems(kind, [f"{value}\u200b"], region=region)[0]


@pytest.mark.parametrize("region", ["US", "CN", "GB", "DE", "IT", "AR", "RU", "SG"])
@given(
    prefix=st.sampled_from(["", "0", "1", "+1", "+86", "+44", "8", "+7", "+49"]),
    digits=st.text("0123456789", min_size=6, max_size=12),
)
@example(prefix="", digits="13800138000")
@example(prefix="+1", digits="2222222222")
@settings(max_examples=60, deadline=None)
def test_plain_number_is_judged_as_by_a_closer_look(
    region: str, prefix: str, digits: str
) -> None:
    value = f"{prefix}{digits[:3]} {digits[3:]}"
    found = problems(Kind.PHONE, [value], region=region)[0]
    assert found == look_closer(Kind.PHONE, value, region)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_plain_example_number_is_judged_as_by_a_closer_look(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    written = phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.NATIONAL
    )
    found = problems(Kind.PHONE, [written], region=region)[0]
    # Four digits, as islands have, are taken for a number as they stand alone.
    short = len(written) == 4
    assert found == (None if short else look_closer(Kind.PHONE, written, region))


@pytest.mark.parametrize("kind", list(Kind))
@given(
    st.one_of(
        st.from_regex(r"[0-9]{1,4}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,4}", fullmatch=True),
        st.from_regex(r"(19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日", fullmatch=True),
        st.from_regex(r"[a-c01x.+-]{1,5}@[a-c.-]{1,5}\.[a-z]{1,3}", fullmatch=True),
        st.from_regex(r"[0-2xX -]{1,20}", fullmatch=True),
        st.sampled_from(["1970/1/1", "19700101", "01.01.1900", "Test@Test.com"]),
        st.sampled_from(["111-11-1111", "x1x", "1 - -", "0000", "AB1 2CD", "a1"]),
    )
)
@settings(max_examples=60, deadline=None)
def test_plain_value_is_judged_as_by_a_closer_look(kind: Kind, value: str) -> None:
    assert problems(kind, [value])[0] == look_closer(kind, value, "US")


def test_masked_numbers_are_neither_right_nor_wrong() -> None:
    assert problems(Kind.PHONE, ["138****8888", "13812348888"], region="CN") == [
        "masked",
        None,
    ]
    assert problems(Kind.IDENTIFIER, ["1101**********1234"]) == ["masked"]
