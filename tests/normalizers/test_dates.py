from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.normalizers import Date

usual_dates = st.dates(date(1901, 1, 2), date(2029, 12, 31)).filter(
    lambda day: day != date(1970, 1, 1)
)
few = settings(max_examples=60, deadline=None)


@given(usual_dates)
@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%b %d, %Y", "%Y年%m月%d日"]
)
@pytest.mark.parametrize("day_first", [True, False, None])
@few
def test_unambiguous_form_is_read_back(
    form: str, day_first: bool | None, day: date
) -> None:
    assert Date(day_first).normalize([day.strftime(form)]) == [day.isoformat()]


@given(usual_dates)
@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"])
@few
def test_day_first_reads_day_month_year(form: str, day: date) -> None:
    text = day.strftime(form)
    assert Date(day_first=True).normalize([text]) == [day.isoformat()]


@given(usual_dates)
@pytest.mark.parametrize("form", ["%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m %d %Y"])
@pytest.mark.parametrize("day_first", [False, None])
@few
def test_month_first_reads_month_day_year(
    form: str, day_first: bool | None, day: date
) -> None:
    assert Date(day_first).normalize([day.strftime(form)]) == [day.isoformat()]


@pytest.mark.parametrize("day_first", [True, False, None])
def test_only_possible_reading_wins_over_the_order(day_first: bool | None) -> None:
    result = Date(day_first).normalize(["31/12/1990", "12/31/1990"])
    assert result == ["1990-12-31", "1990-12-31"]
