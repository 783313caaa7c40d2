"""What identity numbers say by themselves: check digit, birth date, gender."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from custmerge.normalizers.identifiers import Identifier, code_of, with_check
from custmerge.normalizers.text import fold
from custmerge.registrations import is_registration_number

__all__ = ["BirthDateOfIdentifier", "GenderOfIdentifier", "is_valid_identifier"]

_WHOLE = re.compile("[0-9A-Z]{18}")
"""What may be a resident identity number or a unified social credit code."""
# A place, the day of birth, an order that is odd for men, and the check digit.
_RESIDENT = re.compile(
    "[1-9][0-9]{5}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{2}([0-9])[0-9X]"
)
_OLD_RESIDENT = re.compile("[0-9]{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
"""How one of fifteen digits begins; it has no check digit."""
_HONG_KONG = re.compile(r"([a-z]{1,2})([0-9]{6}) ?\(([0-9a])\)")
_TAIWAN = re.compile("[A-Z][1289][0-9]{8}")
_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""The letters of counties, in the order of their numbers from 10 on."""


@dataclass(frozen=True, slots=True)
class BirthDateOfIdentifier:
    """Takes the birth date out of a Chinese resident identity number.

    Out of one whose check digit is right, or of one of 15 digits, which has none; no
    other number tells anything.

    Examples:
        >>> BirthDateOfIdentifier().normalize(["11010519491231002X", "E12345678"])
        ['1949-12-31', None]
    """

    name: str = "birth_date_of_identifier"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the birth date in each number, `None` where it has none."""
        return [
            None if person is None else person[0].isoformat()
            for person in map(_person, Identifier().normalize(values))
        ]


@dataclass(frozen=True, slots=True)
class GenderOfIdentifier:
    """Takes the gender out of a Chinese resident identity number, as `m` or `f`.

    Examples:
        >>> GenderOfIdentifier().normalize(["11010519491231002X", "E12345678"])
        ['f', None]
    """

    name: str = "gender_of_identifier"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the gender in each number, `None` where it has none."""
        return [
            None if person is None else person[1]
            for person in map(_person, Identifier().normalize(values))
        ]


def _person(code: str | None) -> tuple[date, str] | None:
    """Return birth date and gender by a resident identity number of 18 characters."""
    found = code and _RESIDENT.fullmatch(code)
    if not code or not found or with_check(code[:17]) != code:
        return None
    year, month, day, order = map(int, found.groups())
    try:
        return date(year, month, day), "fm"[order % 2]
    except ValueError:
        return None


def is_valid_identifier(value: str) -> bool | None:
    """Return whether the check digit is right; `None` if the number has none we know.

    Known are the Chinese resident identity number (GB 11643), whose birth date must
    exist too, also as residence permits of people from Hong Kong, Macau and Taiwan have
    it; the unified social credit code (GB 32100), by python-stdnum; the identity card
    of Hong Kong, if the check digit stands in brackets, without which it may be another
    number; and that of Taiwan. Fifteen digits with the check digit of a business
    registration (GB/T 17710) are one; without, they may be another number. The place in
    an identity number is not looked up: it is where the card was issued, and so may be
    a county that the birth year did not know yet.

    Examples:
        >>> is_valid_identifier("11010519491231002X")
        True
        >>> is_valid_identifier("110105194912310021"), is_valid_identifier("AB-12")
        (False, None)
        >>> is_valid_identifier("A123456(3)"), is_valid_identifier("A123456789")
        (True, True)
        >>> is_valid_identifier("1101**********1234")
    """
    code = code_of(value)
    hong_kong = _HONG_KONG.fullmatch(fold(value))
    if code is None:
        return None
    if hong_kong is not None:
        return _is_of_hong_kong(*hong_kong.groups())
    if _TAIWAN.fullmatch(code):
        return _is_of_taiwan(code)
    if _WHOLE.fullmatch(code) is None:
        is_business = is_registration_number(code) and not _OLD_RESIDENT.match(code)
        return True if is_business else None
    if code[:17].isdecimal() and code[6:8] in {"18", "19", "20"}:
        return _person(code) is not None
    from stdnum.cn import uscc  # noqa: PLC0415  needed for no normalizing

    return bool(uscc.is_valid(code))


def _is_of_hong_kong(letters: str, digits: str, check: str) -> bool:
    """Return whether the check digit of a Hong Kong identity card is right.

    The characters, a missing first letter counting 36, others 10 for A and so on, by
    9 for the first down to 2, and the check digit add up to a multiple of 11.
    """
    values = [int(character, 36) for character in f"{letters}{digits}"]
    values = [*([36] if len(letters) == 1 else []), *values]
    total = sum(
        value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)
    )
    return (total + int(check, 11)) % 11 == 0


def _is_of_taiwan(code: str) -> bool:
    """Return whether the check digit of a Taiwanese identity number is right.

    The letter's two digits by 1 and 9, the others by 8 down to 1, and the check digit
    add up to a multiple of 10.
    """
    tens, units = divmod(_TAIWAN_LETTERS.index(code[0]) + 10, 10)
    total = tens + 9 * units + int(code[-1])
    total += sum(
        int(digit) * weight
        for digit, weight in zip(code[1:-1], range(8, 0, -1), strict=True)
    )
    return total % 10 == 0
