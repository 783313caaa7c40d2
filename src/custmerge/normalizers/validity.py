"""What is wrong with a value, by what its field is about.

A value is judged in its standard form, so that capitals, spaces, full width or a
display name around an e-mail address are no fault. Nothing is looked up outside, and
no clock is asked, so that a value is the same tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from custmerge.kinds import Kind
from custmerge.normalizers.coercion import NORMALIZERS
from custmerge.normalizers.dates import Date
from custmerge.normalizers.documents import is_valid_identifier
from custmerge.normalizers.emails import SUSPECT
from custmerge.normalizers.lines import lines_unlike, places_unlike
from custmerge.normalizers.lists import EMAILS, PHONES
from custmerge.normalizers.names import PersonName
from custmerge.normalizers.phones import (
    Phone,
    dialled,
    is_assigned,
    plain_numbers,
)
from custmerge.normalizers.text import fold, meaningful
from custmerge.protocols import Normalizer

__all__ = ["PROBLEMS", "problems", "standard_forms"]

PROBLEMS: Final[Mapping[str, str]] = {
    "placeholder": "it stands for no value",
    "syntax": "it is not written as values of its kind are",
    "not_possible_in_region": "it is a number of no telephone",
    "check_digit": "its check digit, or the birth date in it, is wrong",
    "impossible_date": "there is no such day",
    "masked": "some of it is hidden, so that nothing can be told of it",
}
"""What may be wrong with a value, and what that means."""

# What is plainly right as it stands, nearly all there is; the rest gets a closer look,
# which a test compares. Of these addresses email-validator says the same.
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_USUAL = "[a-z0-9_%+-]"
_EMAIL = (
    r"(?=[^@\n]{1,64}@.{1,180}$)(?!.*--)(?!.*\.(?:arpa|invalid|local|onion|test)$)"
    rf"(?!(?:{'|'.join(map(re.escape, sorted(SUSPECT)))})@)"
    rf"[a-z0-9]{_USUAL}*(?:\.{_USUAL}+)*@(?:{_LABEL}\.)+[a-z]{{2,63}}"
)
_ATEXT = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ASCII_EMAIL = re.compile(
    rf"{_ATEXT}(?:\.{_ATEXT})*@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE
)
"""What else is of ASCII is wrong by email-validator too."""
_DAY, _MONTH = "(?:0?[1-9]|1[0-9]|2[0-8])", "(?:0?[1-9]|1[0-2])"
_YEAR = "(?:1[89]|20)[0-9]{2}"
_DATE = (
    r"(?!(?:1900|1970)\D?0?1\D?0?1\D?$)(?!0?1\D0?1\D(?:1900|1970)$)"
    rf"(?:{_YEAR}(?:[-/.]{_MONTH}[-/.]{_DAY}|年{_MONTH}月{_DAY}日?)"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
    rf"|(?:{_DAY}[-/.]{_MONTH}|{_MONTH}[-/.]{_DAY})[-/.]{_YEAR})"
)
_IDENTIFIER = (
    "(?=.{3,17}$)(?=.*[0-9])(?![Ll]ast|[Ee]nding|.*[xX]{3})"
    r"(?!([0-9A-Za-z])(?:\1|[ -])*$)"
    "(?:[0-9A-Za-z][ -]?){3,}"
)
"""Shorter than the Chinese identity number and credit code, the only ones we know."""
_LONG = 18
_CODE = "(?=.*[1-9])[0-9A-Za-z][0-9A-Za-z -]{1,8}"
_MIXED = r"(?=.*[0-9])(?=.*[A-Za-z\u4e00-\u9fff]).{3,}"
"""Nothing with a letter and a digit stands for no value."""

_ISO_DATE = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}")
_BIRTH = re.compile("(?:1[89]|2[01])[0-9]{2}(?:-[0-9]{2}){0,2}")
"""Nobody who is alive, or a customer in living memory, was born before 1800."""
# UPU S42: nowhere more than ten letters and digits, and all but Bermuda's boxes have a
# digit, without which it is rather a city in the wrong column.
_POSTCODE = re.compile("(?=.*[0-9])[0-9A-Z]{2,10}")
_HOST = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W\d_][\w-]+(?:[:/?#].*)?")
_NEVER = re.compile("(?!)")
_PARTING = {Kind.EMAIL: re.compile(EMAILS), Kind.PHONE: re.compile(PHONES)}
"""What stands between several values in one cell."""
_MASKED = (Kind.PHONE, Kind.IDENTIFIER)
_MASK = "*"
"""What hides a character of a number in its standard form."""

_NORMALIZERS: Final[Mapping[str, type]] = {
    **NORMALIZERS,
    Kind.BIRTH_DATE: Date,
    Kind.FAMILY_NAME: PersonName,
}


def problems(
    kind: Kind, values: Sequence[str], *, region: str = "US"
) -> list[str | None]:
    """Return what is wrong with each value, as one of `PROBLEMS`; `None`: nothing.

    | Kind | A value is wrong that |
    | --- | --- |
    | e-mail | email-validator takes for no deliverable address, without asking DNS |
    | phone | cannot be a number of its country, or without a country code of `region` |
    | identifier | is a Chinese identity or credit code whose check digit is wrong |
    | birth date | is no day of the calendar, or lies outside 1800 to 2199 |
    | date | is no day of the calendar |
    | postcode | has no digit, or more than ten letters and digits |
    | URL | has no host with a dot |
    | number | is no number |
    | phone, identifier | is masked, such as `138****8888` |
    | any | stands for no value, such as `n/a`, `test@test.com` or `1900-01-01` |

    A cell with several e-mail addresses or phones has the first problem of any.

    Args:
        kind: What the values are.
        values: Present values, each once.
        region: The country of phone numbers without a country code, as ISO 3166
            alpha-2.

    Raises:
        InvalidConfigError: The region is unknown.

    Examples:
        >>> problems(Kind.EMAIL, ["Ann <ann@mail.com>", "ann@mail..com", "n/a"])
        [None, 'syntax', 'placeholder']
        >>> phones = ["138 1234 5678", "138 1234 567", "138****5678"]
        >>> problems(Kind.PHONE, phones, region="CN")
        [None, 'not_possible_in_region', 'masked']
        >>> problems(Kind.IDENTIFIER, ["11010519491231002X", "110105194912310021"])
        [None, 'check_digit']
        >>> problems(Kind.BIRTH_DATE, ["1990年5月3日", "31/02/1990"])
        [None, 'impossible_date']
    """
    found = _problems_of_single(kind, values, region)
    parting = _PARTING.get(kind)
    if parting is not None:
        wrong = [place for place, problem in enumerate(found) if problem is not None]
        for place in wrong:
            parts = [part for part in parting.split(values[place]) if part.strip()]
            if len(parts) > 1 or (parts and parts[0] != values[place]):
                of_parts = _problems_of_single(kind, parts, region)
                found[place] = next(filter(None, of_parts), None)
    return found


def _problems_of_single(
    kind: Kind, values: Sequence[str], region: str
) -> list[str | None]:
    check = _phone_check(region) if kind is Kind.PHONE else _CHECKS.get(kind, _ANYTHING)
    places = [*places_unlike(check.plain, values, check.written)]
    some = [values[place] for place in places]
    found: list[str | None] = [None] * len(values)
    forms = standard_forms(kind, some, region=region)
    for place, value, form in zip(places, some, forms, strict=True):
        if form is None:
            found[place] = _without_form(value, check)
        elif kind in _MASKED and _MASK in form:
            found[place] = "masked"
        elif not check.is_right(form):
            found[place] = check.problem
    return found


def standard_forms(
    kind: Kind, values: Sequence[str], *, region: str = "US"
) -> Sequence[str | None]:
    """Return the standard form of each value; `None`: it stands for none, or has none.

    Args:
        kind: What the values are.
        values: Present values, each once.
        region: The country of phone numbers without a country code.

    Raises:
        InvalidConfigError: The region is unknown.

    Examples:
        >>> standard_forms(Kind.PHONE, ["(415) 555-2671", "+1 415 555 2671", "n/a"])
        ['+14155552671', '+14155552671', None]
    """
    if kind is Kind.PHONE:
        return Phone(region).normalize(values)
    normalizer: Normalizer = _NORMALIZERS[kind]()
    return normalizer.normalize(values)


class _Check(NamedTuple):
    """How a kind's values are judged.

    `plain` finds the lines that are not plainly right, once `written` has brought them
    to a simple form; of those `is_right` takes the standard form, and `problem` is what
    is wrong with one that is not. `mark` is found in values that are written as the
    kind's, also where they stand for none.
    """

    problem: str
    plain: re.Pattern[str]
    is_right: Callable[[str], object]
    mark: re.Pattern[str]
    written: Callable[[str], str] = str


def _without_form(value: str, check: _Check) -> str:
    """Return what is wrong with a value that has no standard form."""
    text = meaningful(fold(value))
    return "syntax" if text and not check.mark.search(text) else "placeholder"


def _is_email(text: str) -> bool:
    if text.isascii() and not _ASCII_EMAIL.fullmatch(text):
        return False
    from email_validator import (  # noqa: PLC0415  70 ms that most files can save
        EmailNotValidError,
        validate_email,
    )

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _is_identifier(text: str) -> bool:
    # What is as long as Taiwan's is too often another number.
    return len(text) < _LONG or is_valid_identifier(text) is not False


_ANY, _DIGIT = re.compile(""), re.compile("[0-9]")
_MAILBOX = re.compile(r"[^@\s]@[^@\s]+\.[^@\s]")
_ANYTHING = _Check("placeholder", lines_unlike(_MIXED), bool, _ANY)
_CHECKS: Final[Mapping[Kind, _Check]] = {
    Kind.EMAIL: _Check("syntax", lines_unlike(_EMAIL), _is_email, _MAILBOX, str.lower),
    Kind.IDENTIFIER: _Check(
        "check_digit", lines_unlike(_IDENTIFIER), _is_identifier, _ANY
    ),
    Kind.BIRTH_DATE: _Check(
        "impossible_date", lines_unlike(_DATE), _BIRTH.fullmatch, _DIGIT
    ),
    Kind.DATE: _Check(
        "impossible_date", lines_unlike(_DATE), _ISO_DATE.fullmatch, _DIGIT
    ),
    Kind.POSTCODE: _Check("syntax", lines_unlike(_CODE), _POSTCODE.fullmatch, _ANY),
    Kind.URL: _Check("syntax", lines_unlike(_NEVER.pattern), _HOST.fullmatch, _NEVER),
    Kind.NUMBER: _Check("syntax", lines_unlike(r"[0-9]+(?:\.[0-9]+)?"), bool, _NEVER),
}


@cache
def _phone_check(region: str) -> _Check:
    return _Check(
        "not_possible_in_region",
        lines_unlike(plain_numbers(region)),
        is_assigned,
        re.compile("(?:[0-9][^0-9]*){5}"),
        dialled,
    )
