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
