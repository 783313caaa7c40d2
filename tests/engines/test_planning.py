from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.engines import planning
from custmerge.engines.planning import _Key, _union

few = settings(max_examples=60)
N_ROWS = 8
held = st.lists(st.tuples(st.integers(0, N_ROWS - 1), st.integers(-3, 3)), max_size=30)
"""Rows and the keys that they hold, with repeats."""


def _key(given: Sequence[tuple[int, int]]) -> _Key:
    rows = np.asarray([row for row, _ in given], dtype=np.int64)
    keys = np.asarray([key for _, key in given], dtype=np.int64)
    return _Key.of("key", rows, keys)


def _sharing(given: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Count the values that each pair of rows shares, pair by pair."""
    of_row = {row: {key for r, key in given if r == row} for row in range(N_ROWS)}
    counts = {
        (a, b): len(of_row[a] & of_row[b]) for a, b in combinations(range(N_ROWS), 2)
    }
    return {pair: count for pair, count in counts.items() if count}


@few
@given(held)
def test_pairs_are_counted_for_each_value_that_they_share(
    given: list[tuple[int, int]],
) -> None:
    assert int(_key(given).n_pairs.sum()) == sum(_sharing(given).values())


@few
@given(held, held)
def test_pairs_know_how_many_values_of_a_key_they_share(
    drawn: list[tuple[int, int]], given: list[tuple[int, int]]
) -> None:
    key = _key(drawn)
    if not len(key.sizes):
        return
    left, right = key.draw(np.random.default_rng(0))
    assert (left != right).all()
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    for other in (drawn, given):
        known = _sharing(other)
        expected = [known.get((min(pair), max(pair)), 0) for pair in pairs]
        assert _key(other).shares(left, right).tolist() == expected


@few
@given(st.lists(held, max_size=3))
def test_pairs_of_several_keys_count_about_once(
    given: list[list[tuple[int, int]]],
) -> None:
    exact = len({pair for one in given for pair in _sharing(one)})
    assert _union([_key(one) for one in given], seed=0) == pytest.approx(exact, rel=0.1)


@pytest.fixture(scope="module")
def records() -> list[dict[str, str]]:
    rng = np.random.default_rng(0)
    return [
        {
            "surname": f"Name{rng.integers(40)}",
            "email": f"p{rng.integers(150)}@mail.com",
        }
        for _ in range(300)
    ]


def test_the_plan_expects_the_pairs_that_blocking_makes(
    records: list[dict[str, str]],
) -> None:
    config = cm.Config(
        (cm.Field("surname", kind="family_name"), cm.Field("email", kind="email")),
        blockers=(
            {"name": "exact", "field": "surname"},
            {"name": "exact", "field": "email"},
        ),
    )
    plan = cm.plan(records, config)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records, config=config)
    blocked = {report.key: report.n_pairs for report in result.blocking}
    assert {item.key: item.n_pairs for item in plan.keys} == blocked
    n_candidates = result.observations.n_candidates
    assert plan.n_pairs == pytest.approx(n_candidates, rel=0.05)
    assert plan.budget == result.observations.budget


def test_the_budget_bounds_the_pairs_of_a_plan(
    records: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custmerge.pipeline._LEAST_BUDGET", 1)
    config = cm.Config((cm.Field("surname", kind="family_name"),), pairs_per_record=1)
    plan = cm.plan(records, config)
    assert plan.n_sharing > plan.n_pairs == plan.budget == len(records)


def test_the_order_of_the_records_does_not_matter(
    records: list[dict[str, str]],
) -> None:
    assert cm.plan(records, memory=None) == cm.plan(records[::-1], memory=None)


def test_no_records_need_nothing() -> None:
    plan = cm.plan([])
    assert (plan.n_records, plan.n_pairs, plan.memory) == (0, 0, 0)


def test_what_takes_too_much_memory_is_refused_with_advice(
    records: list[dict[str, str]],
) -> None:
    with pytest.raises(cm.MemoryLimitError) as refused:
        cm.resolve(records, memory="1kB")
    message = str(refused.value)
    assert "300 records" in message
    assert "memory=None" in message
    assert "resolve fewer records at a time" in message
    assert not cm.plan(records, memory="1kB").fits


def test_fewer_pairs_are_advised_where_that_helps(
    records: list[dict[str, str]],
) -> None:
    without_pairs = cm.plan([{**row, "email": None} for row in records]).memory
    limit = (without_pairs + cm.plan(records).memory) // 2
    with pytest.raises(cm.MemoryLimitError, match=r"set Config\.pairs_per_record to"):
        cm.resolve(records, memory=limit)


@pytest.mark.parametrize("memory", [None, "1TiB", "auto"])
def test_what_fits_or_is_not_limited_is_done(
    memory: str | None, records: list[dict[str, str]]
) -> None:
    assert len(cm.resolve(records[:20], memory=memory).labels) == 20


def test_by_default_the_machine_is_the_limit(
    records: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "available_memory", lambda: 1000)
    assert cm.plan(records).limit == 1000
    with pytest.raises(cm.MemoryLimitError):
        cm.resolve(records)
    monkeypatch.setattr(planning, "available_memory", lambda: None)
    assert cm.plan(records).fits


def test_a_wrong_size_is_an_error(records: list[dict[str, str]]) -> None:
    for call in (cm.resolve, cm.plan):
        with pytest.raises(cm.InvalidConfigError, match="no size of memory"):
            call(records, memory="plenty")
