from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from stdnum.cn import ric

from custmerge.normalizers import (
    BirthDateOfIdentifier,
    GenderOfIdentifier,
    Identifier,
    is_valid_identifier,
)

DIGITS = st.integers(0, 999)
DAYS = st.dates(date(1900, 1, 1), date(1999, 12, 31))
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def resident_id(born: date, order: int) -> str:
    digits = f"110105{born:%Y%m%d}{order:03d}"
    return digits + str(ric.calc_check_digit(f"{digits}0"))


def old_id(born: date, order: int) -> str:
    return f"110105{born:%y%m%d}{order:03d}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("身份证：１１０１０５１９４９１２３１００２Ｘ", True),
        ("110105194912310021", False),
        # Born 1953 in a district whose code python-stdnum knows from 1984 on.
        ("230103195308126196", True),
        ("110105194902310025", False),
        # The permits of residents from Hong Kong, Macau and Taiwan.
        ("830000199201300022", True),
        ("830000199201300023", False),
        ("110105491231002", None),
        ("91110000600037341L", True),
        ("911100006000373411", False),
        ("A123456(3)", True),
        ("A123456（３）", True),
        ("A123456(4)", False),
        ("AB987654(3)", True),
        ("C668668(E)", None),
        ("A1234563", None),  # without brackets it may be any other number
        ("A123456789", True),
        ("a123456789", True),
        ("A123456788", False),
        ("A800000014", True),
        ("AB-12", None),
        ("1101**********002X", None),
        ("尾号1234", None),
        ("unknown", None),
        ("一" * 9 + "二" * 9, None),
    ],
)
def test_check_digit_of_known_numbers_is_verified(
    value: str, expected: bool | None
) -> None:
    assert is_valid_identifier(value) is expected


@given(DAYS, DIGITS)
def test_old_number_is_the_new_one_without_century_and_check_digit(
    born: date, order: int
) -> None:
    new = resident_id(born, order)
    assert new[:6] + new[8:17] == old_id(born, order)
    assert Identifier().normalize([old_id(born, order)]) == [new]


@given(DAYS, DIGITS, st.booleans())
def test_number_tells_when_somebody_was_born_and_their_gender(
    born: date, order: int, is_old: bool
) -> None:
    number = old_id(born, order) if is_old else resident_id(born, order)
    assert BirthDateOfIdentifier().normalize([number]) == [born.isoformat()]
    assert GenderOfIdentifier().normalize([number]) == ["m" if order % 2 else "f"]


@given(DAYS, DIGITS, st.integers(0, 17), st.integers(1, 9))
def test_number_with_one_wrong_digit_tells_nothing(
    born: date, order: int, place: int, by: int
) -> None:
    number = resident_id(born, order)
    digit = (10 if number[place] == "X" else int(number[place])) + by
    wrong = number[:place] + str(digit % 10) + number[place + 1 :]
    if wrong != number:
        assert BirthDateOfIdentifier().normalize([wrong]) == [None]
        assert is_valid_identifier(wrong) is not True


@given(
    st.sampled_from(["", "身份证：", "证件号码 ", "护照", "尾号", "**"]),
    st.text("0123456789*xX -", max_size=20),
)
def test_standard_form_is_final_and_the_same_in_full_width(
    label: str, number: str
) -> None:
    value = f"{label}{number}"
    found = Identifier().normalize([value])
    assert Identifier().normalize([value.translate(WIDE)]) == found
    if found[0] is not None:
        assert Identifier().normalize([found[0]]) == found
