"""Dates as ISO 8601, whole or partial."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from custmerge.normalizers.lines import lines_unlike, normalize_lines
from custmerge.normalizers.text import fold, meaningful

__all__ = ["Date"]

# What systems write where a date is not known: the first days of SQL, Excel, Unix and
# the calendar itself, the last one, and what is quick to type.
_PLACEHOLDERS = frozenset(
    {"0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"}
    | {"1111-11-11", "9999-12-31", "9999-09-09", "9999-01-01", "9999"}
)
# Two digits up to 29 are of this century, as spreadsheets have it; no clock, so that a
# value means the same tomorrow.
_LAST_YEAR_OF_CENTURY = 29
# Eight digits are a year first only if that gives a year people write.
_USUAL_YEARS = range(1800, 2200)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
    *("januar", "februar", "märz", "april", "mai", "juni", "juli"),
    *("august", "september", "oktober", "november", "dezember"),
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
    *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
"""English first, then German, French and Spanish."""
_FILLERS = frozenset(
    {"st", "nd", "rd", "th", "er", "of", "the", "de", "del", "den", "der"}
    | {"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"}
    | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)
_LONGEST = 60

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"(?:(?<=[0-9])t ?|\b)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?: ?(?:am|pm|z|utc|gmt))?(?: ?[+-][0-9]{2}:?[0-9]{2})?(?![0-9])"
)
_COMPACT_TIME = re.compile(r"(?<=[0-9]{8})t?[0-9]{6}(?:\.[0-9]+)?z?$")
_CHINESE_DATE = re.compile(
    r"([0-9]{4}|[0-9]{2}) ?年(?: ?([0-9]{1,2}) ?月(?: ?([0-9]{1,2}) ?[日号號]?)?)?"
)
_NUMERIC = re.compile(r"[0-9]{1,4}(?:[-/. ] ?[0-9]{1,4}){0,2}")
_NUMBER = re.compile(r"[0-9]+")
_SHORT_YEAR = re.compile(r"^\s*([0-9]{2})(?=\W|$)")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")

_UNUSUAL = lines_unlike(
    r"(?!0000)[0-9]{4}(?:-[0-9]{2}-[0-9]{2}(?:[ T]00:00:00)?|"
    r"[-/. ][0-9]{1,2}[-/. ][0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日?)|"
    r"(?:18|19|20|21)[0-9]{6}|"
    r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?!0000)[0-9]{4}"
)

_Parts = tuple[int, int, int]
"""Year, month and day; a month or a day of 0 is not known."""


@dataclass(frozen=True, slots=True)
class Date:
    """Normalizes a date to ISO 8601: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.

    A date that does not exist becomes its digits, so that a typing error can still be
    compared; dates that stand for none are `None`.

    Attributes:
        day_first: Whether 3/5/1990 is the third of May. `None` is as `False`, for
            callers who have yet to find out. What is possible in one way only is
            read that way.
        year_first: Whether the year comes first even if it has two digits, as where
            a date is joined from its parts.

    Examples:
        >>> Date().normalize(["3/5/1990", "31/5/90", "May 3rd, 1990", "1990年5月3日"])
        ['1990-03-05', '1990-05-31', '1990-05-03', '1990-05-03']
        >>> Date(day_first=True).normalize(["3/5/1990", "1990-05", "1900-01-01"])
        ['1990-05-03', '1990-05', None]
        >>> Date().normalize(["31/02/1990", "soon"])
        ['31021990', None]
        >>> Date(year_first=True).normalize(["62-5-3", "1962-mai-3"])
        ['1962-05-03', '1962-05-03']
    """

    day_first: bool | None = None
    year_first: bool = False
    name: str = "date"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each date."""
        if self.year_first:
            values = [_SHORT_YEAR.sub(_whole_year, value) for value in values]
        day_first = bool(self.day_first)
        return normalize_lines(
            values,
            _UNUSUAL,
            lambda text: [_usual_date(line, day_first) for line in text.split("\n")],
            lambda value: _date(value, day_first),
        )


def _usual_date(line: str, day_first: bool) -> str | None:  # noqa: FBT001  an ordering
    """Return the date with the year first or last, read as others like it."""
    year_first = line[:4].isdigit()
    year, rest = (line[:4], line[4:]) if year_first else (line[-4:], line[:-4])
    after = _after_year(rest, year_first, day_first)
    iso = f"{year}{after}"
    return iso if after and iso not in _PLACEHOLDERS else _date(line, day_first)


@lru_cache(maxsize=1 << 12)
def _after_year(rest: str, year_first: bool, day_first: bool) -> str:  # noqa: FBT001
    """Return month and day as ISO has them, empty if they hang on the year."""
    found = []
    for year in ("2000", "2001"):  # one with and one without a 29th of February
        written = f"{year}{rest}" if year_first else f"{rest}{year}"
        iso = _date(written, day_first) or ""
        found.append(iso[4:] if _ISO.fullmatch(iso) and iso[:4] == year else "")
    return found[0] if found[0] == found[1] else ""


def _whole_year(found: re.Match[str]) -> str:
    return str(_year(found[1]))


def _date(value: str, day_first: bool) -> str | None:  # noqa: FBT001  an ordering
    found = _ISO.fullmatch(value)
    if found is not None and _exists(parts := _ints(found.groups())):
        iso: str | None = _iso(parts)
    else:
        text = meaningful(fold(value))
        iso = (
            None
            if text is None
            else _parsed(text, day_first) or _leftover(text, day_first)
        )
    return None if iso in _PLACEHOLDERS else iso


def _leftover(text: str, day_first: bool) -> str | None:  # noqa: FBT001
    """Return the digits, or the date that they are when written together."""
    digits = "".join(_NUMBER.findall(text))
    if not digits.strip("0"):
        return None
    return _parsed(digits, day_first) or digits


def _parsed(text: str, day_first: bool) -> str | None:  # noqa: FBT001
    """Return the first reading of the text that is a date which exists."""
    if len(text) > _LONGEST:
        return None
    if not _NUMERIC.fullmatch(text):
        text = _COMPACT_TIME.sub("", _TIME.sub(" ", text)).strip(" ,.;")
    readings = _readings(text, day_first)
    return next((_iso(parts) for parts in readings if _exists(parts)), None)


def _readings(text: str, day_first: bool) -> Iterable[_Parts]:  # noqa: FBT001
    if _NUMERIC.fullmatch(text):
        return _numeric_readings(_NUMBER.findall(text), day_first)
    chinese = _CHINESE_DATE.fullmatch(text)
    if chinese is not None:
        year, month, day = chinese.groups(default="0")
        return [(_year(year), int(month), int(day))]
    if len(text) == 8 and _NUMBER.fullmatch(text):
        return _compact_readings(text, day_first)
    return _worded_readings(_TOKEN.findall(text))


def _compact_readings(text: str, day_first: bool) -> list[_Parts]:  # noqa: FBT001
    year_first = _numeric_readings([text[:4], text[4:6], text[6:]], day_first)
    year_last = _numeric_readings([text[:2], text[2:4], text[4:]], day_first)
    # Swapping month and day after the year is for typed dates, not for these.
    return [
        parts
        for parts in (*year_first[:1], *year_last)
        if parts[0] in _USUAL_YEARS or _iso(parts) in _PLACEHOLDERS
    ]


def _numeric_readings(numbers: list[str], day_first: bool) -> list[_Parts]:  # noqa: FBT001
    if len(numbers) == 1:
        return [(int(numbers[0]), 0, 0)] if len(numbers[0]) == 4 else []
    if len(numbers) == 2:
        return _year_and_month(numbers)
    first, second, third = numbers
    if len(second) > 2:
        return []
    if len(first) == 4 or (len(third) <= 2 and int(first) > 31):
        year, month, day = _year(first), int(second), int(third)
        return [(year, month, day), (year, day, month)] if len(third) <= 2 else []
    if len(first) > 2 or len(third) not in {2, 4}:
        return []
    year, a, b = _year(third), int(first), int(second)
    month_first = [(year, a, b), (year, b, a)]
    return month_first[::-1] if day_first else month_first


def _year_and_month(numbers: list[str]) -> list[_Parts]:
    year, month = sorted(numbers, key=len, reverse=True)
    return [(int(year), int(month), 0)] if len(year) == 4 and len(month) <= 2 else []


def _worded_readings(tokens: list[str]) -> list[_Parts]:
    """Read a date whose month is a word: any order, the year last or of four digits."""
    words = [token for token in tokens if not token.isdecimal()]
    numbers = [token for token in tokens if token.isdecimal() and token.isascii()]
    months = [month for word in words if (month := _month(word))]
    known = all(_month(word) or word in _FILLERS for word in words)
    if len(months) != 1 or not known or not 1 <= len(numbers) <= 2:
        return []
    if len(numbers[0]) == 4:
        numbers.reverse()
    day, year = numbers if len(numbers) == 2 else ["0", numbers[0]]
    if (
        len(day) > 2
        or len(year) not in {2, 4}
        or (len(numbers) == 1 and len(year) == 2)
    ):
        return []
    return [(_year(year), months[0], int(day))]


def _month(word: str) -> int:
    """Return the month that a word of at least three letters begins, or 0."""
    if len(word) >= 3:
        for i, month in enumerate(_MONTHS):
            if month.startswith(word):
                return i % 12 + 1
    return 0


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) != 2:
        return year
    return year + (2000 if year <= _LAST_YEAR_OF_CENTURY else 1900)


def _ints(texts: Iterable[str]) -> _Parts:
    year, month, day = map(int, texts)
    return year, month, day


def _exists(parts: _Parts) -> bool:
    """Return whether the calendar has this day, month or year."""
    year, month, day = parts
    if day and not month:
        return False
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


def _iso(parts: _Parts) -> str:
    year, month, day = parts
    if not month:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}"
