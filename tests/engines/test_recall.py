from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from custmerge.engines.recall import estimate_recall

Chances = list[float]
LIKE: list[Chances] = [[0.7] * 3, [0.6] * 4, [0.5] * 6, [0.5, 0.6, 0.7, 0.4]]


def _compared(
    chances: Chances, once: float, n_matches: int = 20_000
) -> tuple[NDArray[np.bool_], float]:
    """Fields that catch matches by chance: those compared, and their true share.

    Of the matches that one field catches, a share `once` is compared.
    """
    random = np.random.default_rng(7)
    shared = random.random((n_matches, len(chances))) < np.asarray(chances)
    n_caught = shared.sum(axis=1)
    compared = (n_caught > 1) | ((n_caught == 1) & (random.random(n_matches) < once))
    return shared[compared], float(compared.mean())


@pytest.mark.parametrize("chances", LIKE)
@pytest.mark.parametrize("once", [0.0, 0.5, 1.0])
def test_recall_of_independent_fields_is_estimated_well(
    chances: Chances, once: float
) -> None:
    shared, true = _compared(chances, once)
    estimate = estimate_recall(shared, np.ones(len(shared)))
    assert estimate == pytest.approx(true, abs=0.03)


def test_recall_on_two_fields_takes_single_catches_as_complete() -> None:
    shared, true = _compared([0.7, 0.7], once=1.0)
    estimate = estimate_recall(shared, np.ones(len(shared)))
    assert estimate == pytest.approx(true, abs=0.02)


def test_matches_that_every_field_catches_leave_none_missed() -> None:
    estimate = estimate_recall(np.ones((50, 3), dtype=bool), np.ones(50))
    assert estimate == 1.0


def test_pairs_that_are_no_matches_do_not_count() -> None:
    shared, _ = _compared([0.6] * 3, 1.0, 1_000)
    alone = np.tile([True, False, False], (500, 1))
    probabilities = np.r_[np.ones(len(shared)), np.zeros(500)]
    assert estimate_recall(np.r_[shared, alone], probabilities) == pytest.approx(
        estimate_recall(shared, np.ones(len(shared)))
    )


@given(
    st.lists(
        st.tuples(*[st.booleans()] * 4, st.floats(0.01, 1)), min_size=1, max_size=20
    ),
    st.integers(2, 4),
)
def test_estimate_is_a_share(
    pairs: list[tuple[bool, bool, bool, bool, float]], n_fields: int
) -> None:
    shared = np.array([pair[:n_fields] for pair in pairs], dtype=bool)
    estimate = estimate_recall(shared, np.array([pair[4] for pair in pairs]))
    assert 0 < estimate <= 1


def test_order_of_pairs_and_fields_does_not_matter() -> None:
    shared, _ = _compared([0.5, 0.6, 0.7], 0.5, 500)
    probabilities = np.linspace(0.1, 1, len(shared))
    turned = estimate_recall(shared[::-1, ::-1], probabilities[::-1])
    assert turned == pytest.approx(estimate_recall(shared, probabilities))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 1), (5, 0)])
def test_nothing_is_said_without_matches_or_a_second_field(
    shape: tuple[int, int],
) -> None:
    estimate = estimate_recall(np.ones(shape, dtype=bool), np.ones(shape[0]))
    assert math.isnan(estimate)
