from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from custmerge.engines.recall import estimate_recall


def _caught(chances: list[float], n_matches: int) -> tuple[NDArray[np.bool_], float]:
    """Matches each group catches by chance; those caught, and their true share."""
    drawn = np.random.default_rng(7).random((n_matches, len(chances)))
    shared = drawn < np.asarray(chances)
    found = shared.any(axis=1)
    return shared[found], float(found.mean())


@pytest.mark.parametrize("chances", [[0.7, 0.7], [0.6, 0.6, 0.6], [0.5, 0.6, 0.7, 0.4]])
def test_recall_of_independent_groups_is_estimated_well(chances: list[float]) -> None:
    shared, true = _caught(chances, 20_000)
    assert estimate_recall(shared, np.ones(len(shared))) == pytest.approx(
        true, abs=0.02
    )


def test_matches_that_every_group_catches_leave_none_missed() -> None:
    assert estimate_recall(np.ones((50, 3), dtype=bool), np.ones(50)) == 1.0


def test_pairs_that_are_no_matches_do_not_count() -> None:
    shared, _ = _caught([0.6, 0.6, 0.6], 1_000)
    alone = np.tile([True, False, False], (500, 1))
    probabilities = np.r_[np.ones(len(shared)), np.zeros(500)]
    assert estimate_recall(np.r_[shared, alone], probabilities) == pytest.approx(
        estimate_recall(shared, np.ones(len(shared)))
    )


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 1)), max_size=20),
)
def test_estimate_is_a_share(pairs: list[tuple[bool, bool, float]]) -> None:
    shared = np.array([pair[:2] for pair in pairs], dtype=bool).reshape(-1, 2)
    estimate = estimate_recall(shared, np.array([pair[2] for pair in pairs]))
    assert 0 <= estimate <= 1


def test_nothing_found_is_nothing_missed() -> None:
    assert estimate_recall(np.empty((0, 0), dtype=bool), np.empty(0)) == 1.0
