"""How the texts of a timestamp column are read."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.records import RecordTable
from custmerge.survivorship import most_recent


def seconds(*texts: str | None, day_first: bool | None = None) -> list[float]:
    """Read texts by what they make of the most recent record."""
    table = RecordTable.from_columns({"at": texts}, len(texts))
    rule = most_recent("at", day_first=day_first)
    moments: list[float] = rule.rank(table, "at", np.arange(len(texts))).tolist()
    return moments


def utc(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-01-02", (2025, 1, 2)),
        ("2025-01-02 ", (2025, 1, 2)),
        ("2025-1-2", (2025, 1, 2)),
        ("2025/1/2 9:05", (2025, 1, 2, 9, 5)),
        ("2025.01.02", (2025, 1, 2)),
        ("2025年1月2日", (2025, 1, 2)),
        ("2025年1月", (2025, 1, 1)),
        ("2025-01", (2025, 1, 1)),
        ("2025-01-02T03:04:05", (2025, 1, 2, 3, 4, 5)),
        ("2025-01-02 03:04", (2025, 1, 2, 3, 4)),
        ("2025-01-02T03:04:05Z", (2025, 1, 2, 3, 4, 5)),
        ("2025-01-02 03:04:05 UTC", (2025, 1, 2, 3, 4, 5)),
        ("2025-01-02T03:04:05+08:00", (2025, 1, 1, 19, 4, 5)),
        ("2025/01/02 03:04:05 -0530", (2025, 1, 2, 8, 34, 5)),
        ("2025/01/02 03:04:05 +08:00", (2025, 1, 1, 19, 4, 5)),
        ("20250102", (2025, 1, 2)),
        ("202501020304", (2025, 1, 2, 3, 4)),
        ("20250102030405", (2025, 1, 2, 3, 4, 5)),
        ("1735787045", (2025, 1, 2, 3, 4, 5)),
        ("1735787045000", (2025, 1, 2, 3, 4, 5)),
        ("1735787045000000", (2025, 1, 2, 3, 4, 5)),
        ("1735787045000000000", (2025, 1, 2, 3, 4, 5)),
        ("31/01/2025", (2025, 1, 31)),
        ("1/31/2025", (2025, 1, 31)),
        ("31.1.2025 23:59", (2025, 1, 31, 23, 59)),
        ("1/31/25 12:30 AM", (2025, 1, 31, 0, 30)),
        ("1/31/25, 1:30:10 p.m.", (2025, 1, 31, 13, 30, 10)),
        ("31-01-99", (1999, 1, 31)),
        ("5-JAN-2025", (2025, 1, 5)),
        ("January 5, 2025", (2025, 1, 5)),
        ("9999-12-31", (9999, 12, 31)),
    ],
)
def test_common_forms_are_read(text: str, moment: tuple[int, ...]) -> None:
    assert seconds(text) == [utc(*moment)]


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2025-02-30",
        "2025-13-13",
        "12345",
        "20251332",
        "32/01/2025",
        "13/13/2025",
        "5 Foo 2025",
        "Jan Feb 2025",
        "2025-01-02 25:00",
        "1/31/2025 10:61",
        "2025-01-02 and later",
        "٢٠٢٥٠١٠٢",
    ],
)
def test_what_is_no_date_is_missing(text: str) -> None:
    assert math.isnan(seconds(text)[0])


@pytest.mark.parametrize(
    "text", ["1900-01-01", "0001-01-01 00:00:00", "1970-01-01", "1/1/1753"]
)
def test_null_dates_of_systems_are_missing(text: str) -> None:
    assert math.isnan(seconds(text)[0])


def test_missing_cells_are_missing() -> None:
    assert math.isnan(seconds(None, "2025-01-02")[0])


def test_fractions_of_a_second_count() -> None:
    texts = ("2025-01-02 00:00:00.25", "2025/01/02 00:00:00.25", "1735776000.25")
    assert seconds(*texts) == [utc(2025, 1, 2) + 0.25] * 3


def test_day_first_is_inferred_from_the_whole_column() -> None:
    assert seconds("03/04/2025", "31/01/2025")[0] == utc(2025, 4, 3)


def test_month_first_is_inferred_from_the_whole_column() -> None:
    assert seconds("03/04/2025", "01/31/2025")[0] == utc(2025, 3, 4)


def test_day_is_first_where_nothing_tells() -> None:
    assert seconds("03/04/2025") == [utc(2025, 4, 3)]


def test_order_of_day_and_month_can_be_given() -> None:
    assert seconds("03/04/2025", "31/01/2025", day_first=False) == [
        utc(2025, 3, 4),
        utc(2025, 1, 31),
    ]


def test_inference_also_sees_rows_that_are_not_asked_for() -> None:
    table = RecordTable.from_columns({"at": ["03/04/2025", "01/31/2025"]}, 2)
    assert most_recent("at").rank(table, "at", np.array([0])).tolist() == [
        utc(2025, 3, 4)
    ]


ZONES = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
MOMENTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001  hypothesis wants naive bounds
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=ZONES,
)


@settings(max_examples=60, deadline=None)
@given(moment=MOMENTS)
def test_every_form_of_a_moment_is_the_same_instant(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    in_utc = moment.astimezone(UTC)
    texts = [
        moment.isoformat(),
        moment.strftime("%Y/%m/%d %H:%M:%S %z"),
        moment.strftime("%d.%m.%Y %H:%M:%S%z"),
        moment.strftime("%m/%d/%Y %I:%M:%S ") + "AP"[moment.hour >= 12] + "M "
        + moment.strftime("%z"),
        in_utc.strftime("%Y%m%d%H%M%S"),
        in_utc.strftime("%Y-%m-%d %H:%M:%S"),
    ]  # fmt: skip
    day_first = [None, None, True, False, None, None]
    read = [
        seconds(text, day_first=order)[0]
        for text, order in zip(texts, day_first, strict=True)
    ]
    assert read == [moment.timestamp()] * len(texts)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(min_size=1).filter(str.strip)))
def test_no_text_makes_the_reading_fail(texts: list[str]) -> None:
    assert len(seconds(*texts)) == len(texts)
