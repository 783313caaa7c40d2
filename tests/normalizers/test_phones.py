from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.exceptions import InvalidConfigError
from custmerge.normalizers import Phone
from custmerge.normalizers.phones import is_number_of

REGIONS = ["US", "CA", "CN", "GB", "DE", "FR", "IT", "AU", "IN", "BR", "MX", "RU", "SG"]


def by_library(value: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164


def examples_of(region: str) -> list[str]:
    kinds = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
    )
    formats = (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.NATIONAL,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    )
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    return [
        phonenumbers.format_number(number, form)
        for number in numbers
        if number is not None
        for form in formats
    ]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_example_numbers_are_as_phonenumbers_has_them(region: str) -> None:
    # Some are counted up; those stand for no number.
    values = [v for v in examples_of(region) if "2345678" not in re.sub(r"\D", "", v)]
    assert Phone(region).normalize(values) == [by_library(v, region) for v in values]


@pytest.mark.parametrize("region", REGIONS)
@given(
    prefix=st.sampled_from(["", "0", "1", "+1", "+", "+86", "+44", "8", "86", "044"]),
    digits=st.text("0123456789", min_size=6, max_size=11),
    separator=st.sampled_from(["", " ", "-", "."]),
)
@settings(max_examples=40, deadline=None)
def test_any_digits_are_as_phonenumbers_has_them(
    region: str, prefix: str, digits: str, separator: str
) -> None:
    value = separator.join([prefix + digits[:3], digits[3:6], digits[6:]])
    expected = by_library(value, region)
    result = Phone(region).normalize([value])[0]
    if expected is None or by_library(expected, region) != expected:
        return  # then our own rules decide
    international = value.startswith("00")  # read as a plus, wherever that fits
    assert international or result in {expected, None}


def test_region_decides_what_a_national_number_is() -> None:
    results = [Phone(region).normalize(["0412 345 678"])[0] for region in ("AU", "GB")]
    assert results == ["+61412345678", "+44412345678"]


def test_number_with_country_code_is_the_same_in_every_region() -> None:
    value = "+44 20 7946 0018"
    results = {Phone(region).normalize([value])[0] for region in REGIONS}
    assert results == {"+442079460018"}


@pytest.mark.parametrize("region", ["", "us", "XX", "001"])
def test_unknown_region_is_an_error(region: str) -> None:
    with pytest.raises(InvalidConfigError, match="alpha-2"):
        Phone(region)


def is_valid_by_library(value: str, region: str) -> bool:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, region)


@pytest.mark.parametrize("region", REGIONS)
@given(
    prefix=st.sampled_from(["", "0", "00", "001", "011", "+", "1", "+1 (0)", "+44"]),
    digits=st.sampled_from(
        [
            re.sub(r"\D", "", example)
            for region in REGIONS
            for example in examples_of(region)
        ]
    ),
    end=st.text("0123456789", max_size=3),
    extension=st.sampled_from(["", "x12", "-1", "\udfff"]),
)
@settings(max_examples=60, deadline=None)
def test_number_is_one_of_a_region_where_phonenumbers_says_so(
    region: str, prefix: str, digits: str, end: str, extension: str
) -> None:
    value = f"{prefix}{digits[: len(digits) - len(end)]}{end} {extension}"
    assert is_number_of(value, region) == is_valid_by_library(value, region)
