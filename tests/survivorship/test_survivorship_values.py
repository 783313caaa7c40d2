"""Rules that judge the value itself, with expectations worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import present_texts

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.normalizers.validity import problems
from custmerge.protocols import SurvivorshipRule
from custmerge.records import RecordTable
from custmerge.survivorship import (
    Largest,
    Smallest,
    bind,
    largest,
    longest,
    most_recent,
    smallest,
    survive,
    valid_first,
)


def survivor(rule: SurvivorshipRule, *texts: str | None) -> str | None:
    table = RecordTable.from_columns({"value": texts}, len(texts))
    labels = np.zeros(len(texts), np.int64)
    return survive(table, labels, {"value": rule}).golden(table)["value"].decode()[0]


def test_numbers_are_compared_as_numbers_however_they_are_written() -> None:
    spent = ["980", "1.234,50 €", "$1,199.99", "￥１，２００"]
    assert survivor(largest(), *spent) == "1.234,50 €"
    assert survivor(smallest(), *spent) == "980"


def test_negative_numbers_are_below_zero() -> None:
    assert survivor(smallest(), "0", "-7", "(12)") == "(12)"


def test_dates_are_compared_where_values_are_no_numbers() -> None:
    dates = ["2021年3月1日", "2019-12-31", "5 Jan 2023"]
    assert survivor(largest(), *dates) == "5 Jan 2023"
    assert survivor(smallest(), *dates) == "2019-12-31"


@pytest.mark.parametrize("rule", [largest(), smallest()])
def test_what_cannot_be_read_ranks_below_what_can(rule: SurvivorshipRule) -> None:
    assert survivor(rule, "zero", "12", "12 or so", "12", None, "12.0") != "zero"
    assert survivor(rule, "about 5", "2020-02-02", "2021") != "about 5"


@pytest.mark.parametrize("rule", [largest(), smallest()])
def test_where_nothing_can_be_read_the_next_rule_decides(
    rule: Largest | Smallest,
) -> None:
    assert survivor(rule.then(longest()), "some", "a great many") == "a great many"


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_largest_and_smallest_are_the_maximum_and_minimum(numbers: list[int]) -> None:
    texts = [f"{number:,}" for number in numbers]
    assert survivor(largest(), *texts) == f"{max(numbers):,}"
    assert survivor(smallest(), *texts) == f"{min(numbers):,}"


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("email", "z.lee@mail..com", "a.lee@mail.com"),
        ("phone", "555-2671", "(415) 555-2671"),
        ("identifier", "110105194912310021", "11010519491231002X"),
        ("birth_date", "31/02/1990", "28/02/1990"),
        ("postcode", "Leeds", "LS1 4AP"),
        ("family_name", "unknown", "Li"),
    ],
)
def test_value_that_validates_beats_a_newer_one_that_does_not(
    kind: str, wrong: str, right: str
) -> None:
    table = RecordTable.from_mappings(
        [
            {"value": wrong, "at": "2025-01-01"},
            {"value": right, "at": "2020-01-01"},
            {"value": wrong, "at": "2024-01-01"},
        ]
    )
    rule = valid_first(kind).then(most_recent("at"))
    survivors = survive(table, np.zeros(3, np.int64), {"value": rule})
    assert survivors.golden(table)["value"].decode() == [right]
    assert survivors.lineage(0, "value") == (1, "valid_first")


def test_among_valid_values_the_next_rule_decides() -> None:
    rule = valid_first("email").then(longest())
    assert survivor(rule, "a@b.org", "ann@b.org", "annabel@b") == "ann@b.org"


def test_kind_and_region_are_those_of_the_field() -> None:
    bound = bind(valid_first().then(longest()), {}, Kind.PHONE, "CN")
    assert survivor(bound, "138 1234 5678", "+86 138 1234 567") == "138 1234 5678"
    assert survivor(valid_first("phone"), "138 1234 5678", "1", "2") == "1"


def test_kind_that_was_given_stays() -> None:
    assert bind(valid_first("email"), {}, Kind.TEXT, None) == valid_first("email")
    assert bind(valid_first(region="GB"), {}, Kind.PHONE, "CN") == valid_first(
        "phone", region="GB"
    )


def test_unbound_it_leaves_the_decision_to_the_next_rule() -> None:
    assert survivor(valid_first().then(longest()), "a@b", "n/a of it") == "n/a of it"


@pytest.mark.parametrize("given", [{"kind": "e-mail"}, {"region": "XX"}])
def test_unknown_kind_and_region_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidConfigError, match=next(iter(given.values()))):
        valid_first(**given)


@given(
    kind=st.sampled_from([Kind.EMAIL, Kind.PHONE, Kind.BIRTH_DATE, Kind.TEXT]),
    texts=st.lists(present_texts(), min_size=1, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_survivor_is_valid_if_any_value_is(kind: Kind, texts: list[str]) -> None:
    found = survivor(valid_first(kind), *texts)
    assert found is not None
    any_valid = None in problems(kind, texts)
    assert (problems(kind, [found])[0] is None) is any_valid


def test_unreadable_number_has_no_rank() -> None:
    table = RecordTable.from_columns({"value": ["1", "2", "x", None]}, 4)
    ranks = largest().rank(table, "value", np.arange(4))
    assert ranks[:2].tolist() == [1.0, 2.0]
    assert all(map(math.isnan, ranks[2:].tolist()))


def test_whole_numbers_come_before_masked_ones_and_these_before_wrong_ones() -> None:
    cells = ["138****8888", "13812348888", "1381234888", "无"]
    table = RecordTable.from_columns({"手机": cells}, 4)
    ranks = valid_first("phone", region="CN").rank(table, "手机", np.arange(4))
    assert np.argsort(-ranks).tolist() == [1, 0, 2, 3]
