"""The shapes that values have: an e-mail address's, a date's, a person's name's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import NamedTuple

from custmerge.inference.vocabulary import (
    ABOUT,
    COMPANIES,
    GENDERS,
    HAN_ADDRESS,
    ORGANISATION,
    ORGANISATIONS,
    OTHER_GIVEN_NAMES,
    PERSONS,
    SALUTATIONS,
    STATUSES,
    STREET,
    SURNAMES,
)
from custmerge.names import english_names
from custmerge.normalizers.lists import PHONES

__all__ = ["Date", "Found", "shapes_found", "shapes_of"]

Places = dict[str, list[int]]
"""For each shape the places of the texts that have it."""

_TIME = r"(?:[ tT]\d{1,2}:\d{2}.*)?"
_MONTH = (
    r"(?:jan|ene|feb|fév|fev|mar|mär|mrz|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|"
    r"ago|aoû|aou|sep|oct|okt|out|nov|dec|dez|déc|dic)[^\W\d_]*\.?"
)
_ISO_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)" + _TIME)
_COMPACT_DATE = re.compile(r"((?:18|19|20)\d\d)([01]\d)([0-3]\d)")
_DAY_MONTH_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_WORD_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?[ -]?(?:de )?{_MONTH}|{_MONTH} \d{{1,2}})"
    rf"(?: de|,)?[ -]*(\d{{4}})"
)
_RESIDENT_ID = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]"
)
_CREDIT_CODE = re.compile(
    r"(?=.*[a-z])[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}"
)
_CARD_LIKE = re.compile(r"\d{3}-\d{2}-\d{4}|\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{3,4}")
_PHONE = re.compile(r"\+?[\d(][\d\s().\-/]{5,}\d(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?")
_BARE_PHONE = re.compile(r"1[3-9]\d{9}|0\d{8,10}|[2-9]\d\d[2-9]\d{6}")
_EXTENSION = re.compile("x|ext|#")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(
        r"(?:mailto:)?[^@\s;,]+@[^@\s;,]+(?:[;,]\s*[^@\s;,]+@[^@\s;,]+)*"
    ),
    "url": re.compile(r"(?:https?://|www\.)\S+|(?:[a-z\d-]++\.)+[a-z]{2,}(?:/\S*)?"),
    "uuid": re.compile(
        r"\{?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?|[\da-f]{24,64}"
    ),
    "serial": re.compile(r"(?=.*\d)[a-z\d]{1,12}[-_#]?\d{2,}"),
    "code": re.compile(r"(?=.*\d)[a-z\d]+(?:[-_./ ][a-z\d]+)*"),
    "integer": re.compile(r"[-+]?\d+"),
    "number": re.compile(
        r"[-+]?[$€£¥]?\s?(?:\d+|\d{1,3}(?:[,']\d{3})+)(?:[.,]\d+)?\s?%?"
    ),
    "decimal": re.compile(r"[-+]?\d+[.,]\d+"),
    "year": re.compile(r"(?:18|19|20)\d\d"),
    "month": re.compile(rf"0?[1-9]|1[0-2]|{_MONTH}"),
    "day": re.compile(r"0?[1-9]|[12]\d|3[01]"),
    "zip": re.compile(r"\d{4,6}|\d{5}-\d{4}|[a-z]{1,2}-?\d{4,5}"),
    "postcode": re.compile(
        r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|"
        r"\d{4} ?[a-z]{2}|\d{5}-\d{4}|\d{3}-\d{4}"
    ),
    "initial": re.compile(r"[^\W\d_]\.?"),
    "words": re.compile(r"[^\W\d_][^\d@_]*"),
}


def shapes_of(text: str) -> frozenset[str]:
    """Return every shape that a value has; one value may have several.

    Examples:
        >>> sorted(shapes_of("1990-12-31"))
        ['code', 'date', 'digits']
        >>> "organisation" in shapes_of("acme ltd")
        True
    """
    found = shapes_found([text]).places
    return frozenset(shape for shape, places in found.items() if places)


class Found(NamedTuple):
    """What shapes texts have: for each the places of the texts, and dates by place."""

    places: Places
    dates: Mapping[int, Date]


def shapes_found(texts: Sequence[str]) -> Found:
    """Return for each shape the places of the texts that have it, and their dates.

    All texts are asked about one shape after the other, which takes half the time.
    """
    found: Places = defaultdict(list)
    together = "\n".join(texts)

    def look_for(shapes: Iterable[str], places: Iterable[int]) -> None:
        places = sorted(places)
        some = [texts[i] for i in places]
        for shape in shapes:
            if shape not in _HELD or any(char in together for char in _HELD[shape]):
                found[shape] += compress(places, map(_SHAPES[shape], some))

    every = set(range(len(texts)))
    look_for(["digits"], every)
    look_for(_WITH_DIGIT, found["digits"])
    look_for(_WITHOUT_DIGIT, every.difference(found["digits"]))
    read = ((i, _read_date(texts[i])) for i in found["digits"])
    dates = {i: date for i, date in read if date is not None}
    found["date"] = [*dates]
    # Eight digits with separators look like a telephone number.
    look_for(_WITH_DIGIT_BUT_NO_DATE, set(found["digits"]) - dates.keys())
    for wider, narrower in _NARROWER:
        look_for(narrower, found[wider])
    strict = {*dates}.union(found["email"], found["phone"], found["url"])
    look_for(_LOOSE, every - strict)
    if not _TELLING.isdisjoint(_words(together)):
        for i, text in enumerate(texts):
            for label in _labels(text):
                found[label].append(i)
    return Found(found, dates)


class Date(NamedTuple):
    """A date's year, and day and month where they may be exchanged."""

    year: int
    first: int | None = None
    second: int | None = None


def _read_date(text: str) -> Date | None:
    """Return the date; with both numbers where day and month may be exchanged."""
    # How many digits it begins with tells most others before a pattern is tried.
    start = _LEADING_DIGITS.match(text)
    n_digits = start.end() if start else 0
    if n_digits > 2:
        return _year_first(text) if n_digits in {4, 8} else None
    match = _DAY_MONTH_DATE.fullmatch(text) if n_digits else None
    if match is not None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 0 if year > 99 else 1900 if year > 30 else 2000
        return Date(year, first, second) if _is_day_and_month(first, second) else None
    match = _WORD_DATE.fullmatch(text)
    return Date(int(match[1])) if match is not None else None


def _year_first(text: str) -> Date | None:
    match = _ISO_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups(1)
    return Date(int(year)) if _is_day_and_month(int(month), int(day)) else None


_LEADING_DIGITS = re.compile(r"\d*")


def _is_day_and_month(first: int, second: int) -> bool:
    return 0 < first <= 31 and 0 < second <= 31 and (first <= 12 or second <= 12)


def _is_phone_like(text: str) -> bool:
    """Whether the text can be a telephone number, perhaps local or bare digits.

    Or several numbers, of which the first is looked at, and masked ones.
    """
    text = _first_number(text)
    if not _PHONE.fullmatch(text):
        return False
    n_digits = sum(map(str.isdigit, _EXTENSION.split(text, 1)[0]))
    return 6 <= n_digits <= 15 and not _PATTERNS["decimal"].fullmatch(text)


def _is_phone(text: str) -> bool:
    """Whether what can be a telephone number is written as hardly anything else is."""
    text = _first_number(text)
    if _CARD_LIKE.fullmatch(text):
        return False
    if text.isdigit():
        # Chinese mobiles; North American and trunk-prefixed numbers without separators.
        return bool(_BARE_PHONE.fullmatch(text))
    return sum(map(str.isdigit, text)) >= 9 or text[0] in "+("


_PHONES, _HIDDEN = re.compile(PHONES), re.compile("[*•●×]")


def _first_number(text: str) -> str:
    """Return the first of several numbers, with a digit for each that is hidden."""
    parts = filter(None, map(str.strip, _PHONES.split(text)))
    return _HIDDEN.sub("0", next(parts, text))


_DIGIT = re.compile(r"\d")
_LONG_WORD = re.compile(r"[^\W\d_]{3}")
_RUN = re.compile(r"\w+")
_NUMBER_FIRST = re.compile(r"\d+[a-z]?,? .*[^\W\d_]{3}")


def _has_digit(text: str) -> bool:
    # Other scripts have digits that are none to patterns.
    return bool(_DIGIT.search(text)) or (
        not text.isascii() and any(map(str.isdigit, text))
    )


def _is_address(text: str) -> bool:
    numbered = _DIGIT.search(text) and _LONG_WORD.search(text)
    latin = numbered and (STREET.search(text) or _NUMBER_FIRST.match(text))
    if latin or text.isascii() or len(text) < 6:
        return bool(latin)
    return len(HAN_ADDRESS.findall(text)) >= 2 and not text.endswith("公司")


def _is_organisation(text: str) -> bool:
    if not ORGANISATIONS.isdisjoint(_RUN.findall(text)):
        return True
    # Else only points and Chinese words tell.
    return ("." in text or not text.isascii()) and bool(ORGANISATION.search(text))


def _is_han_name(text: str) -> bool:
    return (
        2 <= len(text) <= 4
        and text[0] in SURNAMES
        and all("\u4e00" <= c <= "\u9fff" for c in text)
        and not _is_organisation(text)
        and not HAN_ADDRESS.search(text[-1])
    )


def _labels(text: str) -> set[str]:
    """Return what a label says: of a status, or whether of a person or a company."""
    words = frozenset(_words(text))
    found = {"status"} if STATUSES & words else set()
    named = words - ABOUT
    if named:
        found |= {"person_type"} if named <= PERSONS else set()
        found |= {"company_type"} if named <= COMPANIES else set()
    return found


def _words(text: str) -> list[str]:
    """Return the words of labels, of a Chinese one without "customer"."""
    return _WORD.findall(text if text.isascii() else _NOT_TOLD.sub(" ", text))


_WORD = re.compile(r"[^\W_]+")
_NOT_TOLD = re.compile("客[户戶]|[类類]型?$", re.MULTILINE)
_TELLING = STATUSES | PERSONS | COMPANIES


@cache
def _given_names() -> frozenset[str]:
    return OTHER_GIVEN_NAMES | english_names()


def _is_given_name(text: str) -> bool:
    return text in _given_names()


_BETWEEN_WORDS = re.compile(r"[\s,]+")


def _is_person(text: str) -> bool:
    """Whether the text has several words, and a known given name at either end."""
    words = _BETWEEN_WORDS.split(text)
    return (
        2 <= len(words) <= 5
        and not _DIGIT.search(text)
        and (
            words[0] in _given_names()
            or words[-1] in _given_names()
            or ("," in text and words[1] in _given_names())
        )
        and not _is_organisation(text)
    )


_SHAPES: Mapping[str, Callable[[str], object]] = {
    **{name: pattern.fullmatch for name, pattern in _PATTERNS.items()},
    "digits": _has_digit,
    "timed": lambda text: ":" in text,
    "phone": _is_phone,
    "phone_like": _is_phone_like,
    "identity_number": lambda text: (
        _RESIDENT_ID.fullmatch(text) or _CREDIT_CODE.fullmatch(text)
    ),
    "address": _is_address,
    "organisation": _is_organisation,
    "han_name": _is_han_name,
    "given_name": _is_given_name,
    "person": _is_person,
    "gender": lambda text: text in GENDERS,
    "salutation": lambda text: text.rstrip(".") in SALUTATIONS,
}
_HELD = {"email": "@", "url": ".:"}
"""Characters of which all values of a shape hold one."""
_WITH_DIGIT = ("email", "url", "uuid", "code", "number")
_WITH_DIGIT_BUT_NO_DATE = ("serial", "phone_like")
_WITHOUT_DIGIT = (
    *("email", "url", "uuid", "month", "initial", "words", "han_name"),
    *("given_name", "person", "gender", "salutation"),
)
_NARROWER = (
    ("number", ("integer", "decimal", "year", "month", "day")),
    ("code", ("zip", "postcode", "identity_number")),
    ("date", ("timed",)),
    ("phone_like", ("phone",)),
)
"""Shapes that only values of a wider one can have."""
_LOOSE = ("address", "organisation")
"""Shapes that are looked for where no stricter one is found."""
