from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from custmerge.classifier import probability, reasons, worth_asking
from custmerge.pairs import Pairs, SimilarityVectors

BOUNDS = (0.1, 0.9)


def _vectors(*columns: object) -> SimilarityVectors:
    arrays = [np.asarray(column, dtype=np.float32) for column in columns]
    return SimilarityVectors({f"f{i}": array for i, array in enumerate(arrays)}, {})


def _apart(n_pairs: int) -> Pairs:
    """Return pairs that have no record in common."""
    rows = np.arange(n_pairs, dtype=np.int64)
    return Pairs(2 * rows, 2 * rows + 1)


PLACES = np.arange(5_000)
WEIGHTS = st.sampled_from([-9.0, -2.5, -0.5, 0.0, 0.5, 2.5, 9.0])


@given(st.lists(st.tuples(WEIGHTS, st.sampled_from([0.2, 1.0, np.nan])), max_size=30))
def test_all_doubtful_pairs_are_asked_once_and_else_only_links(
    rows: list[tuple[float, float]],
) -> None:
    weights = np.asarray([weight for weight, _ in rows], dtype=np.float64)
    vectors = _vectors([score for _, score in rows])
    order = worth_asking(_apart(len(rows)), vectors, weights, BOUNDS, PLACES)
    assert len(set(order.tolist())) == len(order)
    doubtful = set(np.flatnonzero(np.abs(weights) < 3).tolist())
    asked = set(order.tolist())
    assert doubtful <= asked
    assert all(weights[i] == 9 for i in asked - doubtful)
    if not doubtful:
        assert not asked


def _many(n_pairs: int) -> tuple[SimilarityVectors, NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    scores = rng.choice([0.2, 1.0], (2, n_pairs), p=[0.3, 0.7])
    return _vectors(*scores), rng.normal(0, 3, n_pairs)


@pytest.mark.parametrize("n_asked", [20, 40, 100])
def test_first_questions_are_of_all_kinds_in_their_shares(n_asked: int) -> None:
    vectors, weights = _many(2_000)
    order = worth_asking(_apart(2_000), vectors, weights, BOUNDS, PLACES)[:n_asked]
    chances = probability(weights)
    doubtful = (chances > 0.1) & (chances < 0.9)
    checks = (~doubtful[order]).mean()
    assert 0.15 <= checks <= 0.35
    unlike = (vectors.scores["f0"] < 0.9)[order].mean()
    assert 0.2 <= unlike <= 0.4
    # More doubtful pairs are asked about more often than their number gives.
    middle = np.abs(chances - 0.5) < 0.2
    assert middle[order][doubtful[order]].mean() > middle[doubtful].mean()


def test_new_records_come_before_those_asked_about() -> None:
    left = np.zeros(30, dtype=np.int64)
    right = np.arange(1, 31)
    star = Pairs(np.append(left, 40), np.append(right, 41))
    weights = np.append(np.zeros(30), 2.0)
    order = worth_asking(star, _vectors([1.0] * 31), weights, BOUNDS, PLACES)
    assert 30 in order[:2].tolist()


def test_reason_names_what_is_unlike() -> None:
    vectors = _vectors([1.0, 0.2, 0.2], [0.95, np.nan, 0.5])
    told = reasons(vectors, np.asarray([5.0, 0.0, 1.0]), BOUNDS)
    assert told == [
        "spot check: similar in all that both hold",
        "doubtful: unlike in f0",
        "doubtful: unlike in f0, f1",
    ]


def test_reasons_keep_apart_pairs_of_more_fields_than_a_number_holds() -> None:
    vectors = _vectors(*np.where(np.eye(90), 0.2, 1.0))
    told = reasons(vectors, np.zeros(90), BOUNDS)
    assert told == [f"doubtful: unlike in f{i}" for i in range(90)]


def test_the_queue_is_the_same_whatever_the_order_of_the_pairs() -> None:
    vectors, weights = _many(2_000)
    weights = np.round(weights)  # so that many are as telling as others
    pairs, shuffled = _apart(2_000), np.random.default_rng(1).permutation(2_000)
    order = worth_asking(pairs, vectors, weights, BOUNDS, PLACES)
    again = worth_asking(
        pairs.take(shuffled), vectors.take(shuffled), weights[shuffled], BOUNDS, PLACES
    )
    assert shuffled[again].tolist() == order.tolist()
