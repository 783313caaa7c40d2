from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

import custmerge as cm
from custmerge.engines.costs import STAGES, Work, expected_memory, expected_seconds

sizes = st.integers(0, 10**8)


def test_each_stage_of_a_run_has_a_cost() -> None:
    assert [stage.name for stage in cm.resolve([]).timings] == list(STAGES)


@given(sizes, sizes, sizes, sizes)
def test_more_work_never_takes_less(
    records: int, pairs: int, more_records: int, more_pairs: int
) -> None:
    work = Work(records, pairs)
    more = Work(records + more_records, pairs + more_pairs)
    one, other = expected_seconds(work), expected_seconds(more)
    assert all(one[name] <= other[name] for name in STAGES)
    assert 0 <= expected_memory(work) <= expected_memory(more)


@pytest.mark.parametrize(("records", "sample"), [(0, 0), (1, 0), (5, 10)])
def test_few_records_have_few_random_pairs(records: int, sample: int) -> None:
    assert Work(records, 0).sample == sample
    assert Work(10**6, 0).sample == Work(10**7, 0).sample
