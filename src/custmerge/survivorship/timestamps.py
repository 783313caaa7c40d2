"""When: the instants that the texts of a timestamp column stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import distinct
from custmerge.protocols import Rows
from custmerge.records import Column

__all__ = ["DAY", "instant", "instants", "last_instant"]

DAY: Final = 86_400
"""Seconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)
_NULL_DATES = [
    (datetime(*day, tzinfo=UTC) - _EPOCH).total_seconds()
    # The zero of .NET, SQL Server's datetime, OLE and Excel, SQL Server's and Excel's
    # smallest dates, Unix: what a system writes when it has no date.
    for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1900, 1, 1), (1970, 1, 1))
]
_LAST_EPOCH_SECOND = 1e10
"""The year 2286: a larger count is in milli-, micro- or nanoseconds."""
_CENTURY_PIVOT = 69
"""POSIX `strptime`: two-digit years 69 to 99 are 1969 to 1999, 00 to 68 are 20xx."""
_FIRST_COMPACT_YEAR = 1900
"""Digits with an earlier year in front are a count of seconds, not a date."""
_COMPACT_LENGTHS = frozenset({8, 12, 14})
"""YYYYMMDD, with HHMM, with SS."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
_MONTHS += ["jul", "aug", "sep", "oct", "nov", "dec"]
_NUMBER = re.compile(r"[0-9]{8,19}(?:\.[0-9]+)?")
_DAY_AND_MONTH = re.compile(
    r"\s*([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](?:[0-9]{4}|[0-9]{2})(?![0-9])"
)
_MOMENT = re.compile(
    r"""
    (?: (?P<year>[0-9]{4}) [-/.年] (?P<month>[0-9]{1,2})
        (?: [-/.月] (?P<day>[0-9]{1,2}) 日? | 月 )?
      | (?P<one>[0-9]{1,2}|[A-Za-z]{3,9}) [-/.\ ]
        (?P<two>[0-9]{1,2}|[A-Za-z]{3,9}) (?:,\ |[-/.\ ])
        (?P<late_year>[0-9]{4}|[0-9]{2})
    )
    (?: [T,\ ]+ (?P<hour>[0-9]{1,2}) : (?P<minute>[0-9]{2})
        (?: : (?P<second>[0-9]{2}) (?P<fraction>\.[0-9]+)? )?
        (?: \ ?(?P<half>[AaPp])\.?[Mm]\.? )?
        (?: \ ?(?: Z|UTC|GMT
                 | (?P<sign>[+-]) (?P<zone_hours>[0-9]{2}) :? (?P<zone_minutes>[0-9]{2})
               ) )?
    )?
    """,
    re.VERBOSE,
)


def instants(
    column: Column, rows: Rows, *, day_first: bool | None = None
) -> NDArray[np.float64]:
    """Return the seconds since 1970 of each of the rows; NaN where there is no date.

    Read are ISO 8601 dates and times; year, month and day with `-`, `/`, `.` or
    `年月日` between; day and month in either order before the year, also with an
    English month name; `YYYYMMDD`, with `HHMM` and `SS`; seconds, milli-, micro- and
    nanoseconds since 1970. A text without a zone is taken as UTC. The dates that
    systems write for "none", such as 1900-01-01, are no dates.

    Args:
        column: The column of timestamps.
        rows: The rows that are asked for.
        day_first: Whether `03/04/2025` is the third of April. `None` looks at the
            whole column: whichever order more of its distinct texts can only have,
            and day first where none tells. A text that has only one reading is read
            so in any case.

    Examples:
        >>> column = Column.encode(
        ...     ["2025-01-02", "1735776000", "1/2/2025", "1/31/2025"]
        ... )
        >>> (instants(column, np.arange(4)) / 86_400).tolist()
        [20090.0, 20090.0, 20090.0, 20119.0]
    """
    if day_first is None:
        day_first = _reads_day_first(column.values)
    codes = column.slots[rows, 0]
    seconds = np.full(len(column.values) + 1, np.nan)  # the last one for missing cells
    for code in distinct(codes[codes >= 0]).tolist():
        seconds[code] = _seconds(column.values[code], day_first=day_first)
    seconds[np.isin(seconds, _NULL_DATES)] = np.nan
    moments: NDArray[np.float64] = seconds[codes]
    return moments


def instant(moment: str | date) -> float:
    """Return one moment in seconds since 1970; NaN where it is no date.

    Examples:
        >>> instant("1970-01-03"), instant(date(1970, 1, 4)), instant("soon")
        (172800.0, 259200.0, nan)
    """
    return float(instants(Column.encode([moment]), np.zeros(1, np.int64))[0])


def last_instant(column: Column) -> float:
    """Return the latest moment of a column, in seconds since 1970.

    It goes by the distinct texts, so that of some of a table's rows it is that of all.
    Minus infinity where there is no date.

    Examples:
        >>> last_instant(
        ...     Column.encode(["1970-01-02", "1970-01-03"]).take(np.array([0]))
        ... )
        172800.0
    """
    codes = np.arange(len(column.values), dtype=np.int32)
    moments = instants(Column(column.values, codes), codes.astype(np.int64))
    return float(np.fmax.reduce(moments, initial=-np.inf))


def _reads_day_first(texts: Iterable[str]) -> bool:
    balance = 0
    for text in texts:
        # Most begin with a year, and need no closer look.
        if not text[:4].isdigit() and (found := _DAY_AND_MONTH.match(text)):
            balance += (int(found[1]) > 12) - (int(found[2]) > 12)
    return balance >= 0


def _seconds(text: str, *, day_first: bool) -> float:
    text = text.strip()
    try:
        if text[4:5] == "-":  # by far the most common, and parsed in C
            return _since_epoch(datetime.fromisoformat(text))
    except ValueError:
        pass  # not quite ISO: an unpadded month, a zone's name
    try:
        if _NUMBER.fullmatch(text):
            return _from_digits(text)
        found = _MOMENT.fullmatch(text)
        return _from_parts(found, day_first=day_first) if found else math.nan
    except (ValueError, OverflowError):  # the 31st of February
        return math.nan


def _since_epoch(moment: datetime) -> float:
    epoch = _NAIVE_EPOCH if moment.tzinfo is None else _EPOCH
    return (moment - epoch).total_seconds()


def _from_digits(text: str) -> float:
    if len(text) in _COMPACT_LENGTHS and int(text[:4]) >= _FIRST_COMPACT_YEAR:
        try:
            parts = [int(text[at : at + 2]) for at in range(4, len(text), 2)]
            return _since_epoch(datetime(int(text[:4]), *parts, tzinfo=UTC))  # type: ignore[arg-type,misc]
        except ValueError:
            pass
    if len(text) == 8:
        return math.nan
    seconds = float(text)
    while seconds >= _LAST_EPOCH_SECOND:
        seconds /= 1000
    return seconds


def _from_parts(found: re.Match[str], *, day_first: bool) -> float:
    year, month, day = (
        (int(found["year"]), int(found["month"]), int(found["day"] or 1))
        if found["year"]
        else _calendar_date(found, day_first=day_first)
    )
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] in "Pp")
    moment = datetime(
        year,
        month,
        day,
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
        tzinfo=UTC,
    )
    return _since_epoch(moment) + float(found["fraction"] or 0) - _zone_offset(found)


def _calendar_date(found: re.Match[str], *, day_first: bool) -> tuple[int, int, int]:
    year = int(found["late_year"])
    if len(found["late_year"]) == 2:
        year += 1900 if year >= _CENTURY_PIVOT else 2000
    one, two = found["one"], found["two"]
    if one.isalpha():
        return year, _month_of(one), int(two)
    if two.isalpha():
        return year, _month_of(two), int(one)
    day, month = (int(one), int(two)) if day_first else (int(two), int(one))
    return (year, day, month) if month > 12 else (year, month, day)


def _month_of(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _zone_offset(found: re.Match[str]) -> float:
    if not found["sign"]:
        return 0.0
    offset = timedelta(
        hours=int(found["zone_hours"]), minutes=int(found["zone_minutes"])
    ).total_seconds()
    return offset if found["sign"] == "+" else -offset
