"""Trust with decay, with numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.records import RecordTable
from custmerge.survivorship import (
    SourceTrust,
    Survivors,
    as_survivorship_rule,
    bind,
    columns_read,
    most_recent,
    source_trust,
    survive,
    survivorship_spec,
)
from custmerge.survivorship.trust import Decay

# 2024-12-31 is the latest timestamp; 2024-01-01 lies 365 days before, 2024-07-01 183.
TABLE = RecordTable.from_mappings(
    [
        {"email": "a@x", "from": "crm", "at": "2024-01-01"},
        {"email": "b@x.org", "from": "web", "at": "2024-12-31"},
        {"email": "c@x.org", "from": "crm", "at": "2024-07-01"},
        {"email": "d@x.org", "from": "fax", "at": "2024-12-31"},
        {"email": "e@x.org", "from": None, "at": "2024-12-31"},
        {"email": "f@x.org", "from": "crm", "at": None},
    ]
)
TRUSTED = {"crm": 90, "web": 60}
COLUMNS: dict[str, Any] = {"by": "at", "column": "from"}


def trust(rule: SourceTrust, table: RecordTable = TABLE) -> list[float]:
    found: list[float] = rule.rank(table, "email", np.arange(table.n_rows)).tolist()
    return found


def one(rule: SourceTrust, age: int, **roles: str) -> float:
    """Return the trust of a source `a` at an age in days, one `b` being new."""
    at = date(2025, 1, 1) - timedelta(days=age)
    table = RecordTable.from_columns(
        {"email": "xy", "from": "ab", "at": [at.isoformat(), "2025-01-01"]}, 2
    )
    return trust(bind(rule, {Role.SOURCE: "from", Role.UPDATED_AT: "at"}), table)[0]  # type: ignore[arg-type]


def test_without_a_period_trust_is_what_each_source_was_given() -> None:
    found = trust(source_trust(TRUSTED, column="from"))
    assert found[:3] == [90.0, 60.0, 90.0]
    assert found[5] == 90.0


def test_sources_that_are_not_listed_have_no_rank() -> None:
    assert np.isnan(trust(source_trust(TRUSTED, column="from"))[3:5]).all()


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        # At a quarter, half, three quarters and all of the period, from 80 to 20.
        ("linear", [65.0, 50.0, 35.0, 20.0]),
        ("slow_then_fast", [76.25, 65.0, 46.25, 20.0]),
        ("fast_then_slow", [53.75, 35.0, 23.75, 20.0]),
    ],
)
def test_trust_falls_from_maximum_to_minimum_over_the_period(
    decay: Decay, expected: list[float]
) -> None:
    rule = source_trust({"a": 80}, decay=decay, min=20, period=100)
    assert [one(rule, age) for age in (25, 50, 75, 100)] == pytest.approx(expected)


def test_trust_is_the_maximum_when_new_and_the_minimum_ever_after() -> None:
    rule = source_trust({"a": 80}, min=20, period=timedelta(weeks=2))
    assert [one(rule, age) for age in (-50, 0, 14, 5000)] == [80.0, 80.0, 20.0, 20.0]


def test_record_without_a_timestamp_is_as_old_as_can_be() -> None:
    rule = source_trust(TRUSTED, min=10, period=365, **COLUMNS)
    assert trust(rule)[5] == 10.0


def test_where_no_record_has_a_timestamp_all_have_the_minimum() -> None:
    table = RecordTable.from_columns({"email": "xy", "from": "ab", "at": [None] * 2}, 2)
    rule = source_trust({"a": 80, "b": 70}, min=5, period=9, **COLUMNS)
    assert trust(rule, table) == [5.0, 5.0]


def test_source_may_have_its_own_bounds_decay_and_period() -> None:
    rule = source_trust(
        {
            "crm": {"max": 90, "min": 50, "decay": "fast_then_slow"},
            "web": {"max": 60, "period": 10},
            "fax": {"max": 30},
        },
        period=732,
        **COLUMNS,
    )
    found = trust(rule)
    # 183 of 732 days are a quarter: (3/4)² of the way from 50 to 90 is left.
    assert found[1:4] == [60.0, 72.5, 30.0]


def test_source_without_a_period_keeps_its_trust_where_others_fade() -> None:
    rule = source_trust({"crm": 90, "web": {"period": 1}}, **COLUMNS)
    assert trust(rule)[:3] == [90.0, 100.0, 90.0]
    assert trust(rule)[5] == 90.0


def test_older_value_of_a_trusted_source_wins_until_its_trust_has_faded() -> None:
    def golden(period: int) -> str | None:
        rule = source_trust(TRUSTED, period=period, **COLUMNS)
        return survived(rule).golden(TABLE)["email"].decode()[0]

    # The CRM's newer record is 183 days old: 60 is left of its 90 at 549 days.
    assert golden(600) == "c@x.org"
    assert golden(500) == "b@x.org"


def survived(rule: SourceTrust) -> Survivors:
    return survive(TABLE, np.zeros(TABLE.n_rows, np.int64), {"email": rule})


def test_ages_can_be_taken_at_a_given_time() -> None:
    given = [date(2025, 12, 31), "2025-12-31", "31 Dec 2025"]
    rules = [
        source_trust(TRUSTED, period=730, as_of=time, **COLUMNS)  # type: ignore[arg-type]
        for time in given
    ]
    assert [trust(rule)[1] for rule in rules] == [30.0] * 3


def test_invalid_value_loses_a_share_of_its_trust() -> None:
    rule = source_trust({"crm": 90, "web": 60}, column="from", invalid_downgrade=0.5)
    bound = bind(rule, {}, Kind.EMAIL)
    assert bound.rank(TABLE, "email", np.arange(3)).tolist() == [45.0, 60.0, 90.0]


def test_validity_is_not_asked_where_the_kind_is_not_known() -> None:
    rule = source_trust({"crm": 90, "web": 60}, column="from", invalid_downgrade=0.5)
    assert trust(rule)[:3] == [90.0, 60.0, 90.0]


def test_ranks_are_the_records_unless_they_hang_on_the_value() -> None:
    assert source_trust(TRUSTED).whole_record
    assert not source_trust(TRUSTED, invalid_downgrade=0.1).whole_record


def test_equal_trust_falls_through_to_the_next_rule() -> None:
    rule = source_trust({"crm": 90, "web": 90}, column="from").then(most_recent("at"))
    found = survive(TABLE, np.zeros(TABLE.n_rows, np.int64), {"email": rule})
    assert found.lineage(0, "email") == (1, "most_recent")


def test_columns_are_those_of_the_roles_unless_given() -> None:
    roles = {Role.SOURCE: "from", Role.UPDATED_AT: "at"}
    assert bind(source_trust(TRUSTED), roles) == source_trust(TRUSTED, **COLUMNS)
    own = source_trust(TRUSTED, column="x", by="y")
    assert bind(own, roles) == own
    assert columns_read(own) == ("x", "y")


@pytest.mark.parametrize("missing", ["by", "column"])
def test_column_that_is_not_known_is_an_error(missing: str) -> None:
    rule = source_trust(TRUSTED, period=1, **{**COLUMNS, missing: None})
    with pytest.raises(InvalidConfigError, match=f"{missing}="):
        trust(rule)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"sources": {}}, "give each source its trust"),
        ({"sources": ["crm"]}, "give each source its trust"),
        ({"sources": {"crm": 101}}, "'crm' must have trust from 0 to 100"),
        ({"sources": {"crm": "high"}}, "'crm' must have trust from 0 to 100"),
        ({"sources": {"crm": {"most": 9}}}, r"\['most'\]; it may have \['max'"),
        ({"sources": {"crm": {"decay": "cubic"}}}, "must have a decay of"),
        ({"min": 95}, "a minimum trust above its maximum"),
        ({"decay": "cubic"}, "must have a decay of"),
        ({"period": "90 days"}, "a period in days"),
        ({"period": 0}, "more than 0 days"),
        ({"as_of": "soon"}, "as_of must be a date"),
        ({"invalid_downgrade": 30}, "a share from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidConfigError, match=complaint):
        source_trust(**{"sources": TRUSTED, **given})


def test_all_that_does_not_fit_is_in_one_message() -> None:
    with pytest.raises(InvalidConfigError) as caught:
        source_trust({"crm": 200, "web": -1}, period=0, invalid_downgrade=2)
    assert str(caught.value).count(";") == 4


def test_it_is_written_to_a_configuration_and_read_back() -> None:
    rule = source_trust(
        {"crm": 90, "web": {"max": 70, "period": timedelta(days=30)}},
        decay="slow_then_fast",
        as_of=date(2025, 1, 1),
        invalid_downgrade=0.3,
    )
    spec = survivorship_spec(rule)
    assert spec == {
        "name": "source_trust",
        "sources": {"crm": 90, "web": {"max": 70, "period": 30.0}},
        "decay": "slow_then_fast",
        "as_of": "2025-01-01",
        "invalid_downgrade": 0.3,
    }
    assert as_survivorship_rule(spec) == rule


@given(
    decay=st.sampled_from(["linear", "slow_then_fast", "fast_then_slow"]),
    bounds=st.lists(st.integers(0, 100), min_size=2, max_size=2).map(sorted),
    ages=st.lists(st.integers(0, 400), min_size=2, max_size=2).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_trust_never_rises_with_age_and_keeps_its_bounds(
    decay: Decay, bounds: list[int], ages: list[int]
) -> None:
    minimum, maximum = bounds
    rule = source_trust({"a": maximum}, decay=decay, min=minimum, period=300)
    younger, older = (one(rule, age) for age in ages)
    assert minimum <= older <= younger <= maximum
