from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

import custmerge as cm
from custmerge.blockers import OrganisationCode
from custmerge.comparators import IdentifierCharacters
from custmerge.normalizers import is_valid_identifier
from custmerge.records import RecordTable
from custmerge.registrations import is_registration_number, organisation_codes

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BODIES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)
PLACES = st.text("0123456789", min_size=6, max_size=6)


def organisation_code(body: str) -> str:
    """Return the code with its check digit, as GB 11714 defines it."""
    total = sum(int(c, 36) * weight for c, weight in zip(body, WEIGHTS, strict=True))
    return body + "0123456789X"[(11 - total % 11) % 11]


def credit_code(place: str, body: str) -> str:
    start = f"91{place}{organisation_code(body)}"
    return start + str(uscc.calc_check_digit(start))


@given(PLACES, BODIES)
@settings(max_examples=60)
def test_old_numbers_are_within_the_new_one(place: str, body: str) -> None:
    code = organisation_code(body)
    numbers = [credit_code(place, body), place + code, code, "AB12"]
    assert organisation_codes(numbers).tolist() == [code.encode()] * 3 + [b""]


@pytest.mark.parametrize(
    "number",
    [
        "600037342",  # another check digit
        "60003734",
        "110000600037342",
        "X10000600037341",
        "9111X000600037341L",
        "110105196000373410",  # a person's, born in 1960
        "600037341*",
        "六00037341",
        "",
    ],
)
def test_other_numbers_hold_no_organisation_code(number: str) -> None:
    found = organisation_codes([number, "91110000600037341L", "600037341"])
    assert found.tolist() == [b"", b"600037341", b"600037341"]


def test_numbers_of_one_length_are_not_within_each_other() -> None:
    assert set(organisation_codes(["600037341", "802100433"]).tolist()) == {b""}


def test_numbers_of_one_organisation_agree_and_share_a_key() -> None:
    numbers = ["91110000600037341L", "110000600037341", "600037341", "802100433"]
    scores = IdentifierCharacters().compare([numbers[0]] * 3, numbers[1:])
    assert scores.tolist()[:2] == [1.0, 1.0]
    assert scores[2] < 0.7
    table = RecordTable.from_columns({"tax": numbers}, 4)
    rows, keys = OrganisationCode("tax").keys(table)
    assert rows.tolist() == [0, 1, 2, 3]
    assert len(set(keys[:3].tolist())) == 1
    assert keys[3] != keys[0]


def test_organisation_is_found_by_its_old_number() -> None:
    bodies = [f"{i:04d}{i * 7:04d}" for i in range(1, 31)]
    rows = [
        {"company": f"{chr(0x4E00 + 37 * i)}{chr(0x5200 + 53 * i)}贸易有限公司",
         "统一社会信用代码": credit_code("110108", body)}
        for i, body in enumerate(bodies)
    ]  # fmt: skip
    old = [
        row | {"统一社会信用代码": organisation_code(body)}
        for row, body in zip(rows[:10], bodies, strict=False)
    ]
    labels = cm.resolve(rows + old).labels
    assert np.array_equal(labels[30:], labels[:10])
    assert len(set(labels.tolist())) == 30


@given(st.text("0123456789", min_size=15, max_size=15))
@settings(max_examples=60)
def test_registration_number_has_the_check_digit_of_iso_7064(digits: str) -> None:
    assert is_registration_number(digits) == mod_11_10.is_valid(digits)
    right = digits[:14] + str(mod_11_10.calc_check_digit(digits[:14]))
    assert is_registration_number(right)


@pytest.mark.parametrize("code", ["11010800000001", "11010800000001A", "", "１" * 15])
def test_other_codes_are_no_registration_numbers(code: str) -> None:
    assert not is_registration_number(code)


def test_wrong_registration_number_may_be_another_number() -> None:
    assert is_valid_identifier("440301103333335") is not False
    assert is_valid_identifier("110108000000016") is True
    assert is_valid_identifier("110108000000017") is None
