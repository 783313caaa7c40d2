from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from custmerge.clustering import cluster, components, confidence
from custmerge.pairs import Pairs


def _pairs(rows: list[tuple[int, int]]) -> Pairs:
    return Pairs.of([a for a, _ in rows], [b for _, b in rows])


@st.composite
def _complete(draw: st.DrawFn) -> tuple[int, Pairs, NDArray[np.float64]]:
    """All pairs of some rows, each of another weight."""
    n_rows = draw(st.integers(1, 6))
    every = list(combinations(range(n_rows), 2))
    weight = st.integers(-900, 900).map(lambda number: number / 100)
    weights = draw(
        st.lists(weight, min_size=len(every), max_size=len(every), unique=True)
    )
    return n_rows, _pairs(every), np.asarray(weights, dtype=np.float64)


def _together(labels: NDArray[np.int64]) -> set[tuple[int, int]]:
    rows = range(len(labels))
    return {(a, b) for a, b in combinations(rows, 2) if labels[a] == labels[b]}


def test_no_rows_have_no_entities() -> None:
    assert cluster(0, _pairs([]), np.empty(0)).tolist() == []


@given(_complete())
def test_label_is_the_smallest_member(
    task: tuple[int, Pairs, NDArray[np.float64]],
) -> None:
    labels = cluster(*task)
    for row, label in enumerate(labels.tolist()):
        assert label == min(np.flatnonzero(labels == labels[row]))


@given(_complete())
def test_entities_lie_within_components_of_links(
    task: tuple[int, Pairs, NDArray[np.float64]],
) -> None:
    n_rows, pairs, weights = task
    linked = components(n_rows, pairs.take(weights > 0))
    assert _together(cluster(*task)) <= _together(linked)


@given(_complete())
def test_component_without_negative_evidence_stays_whole(
    task: tuple[int, Pairs, NDArray[np.float64]],
) -> None:
    n_rows, pairs, weights = task
    labels = cluster(n_rows, pairs, np.abs(weights) + 0.1)
    assert labels.tolist() == [0] * n_rows


def test_chain_is_cut_where_the_evidence_is_against_it() -> None:
    chain = _pairs([(0, 1), (1, 2), (0, 2)])
    assert cluster(3, chain, np.asarray([5.0, -9.0, 1.0])).tolist() == [0, 0, 2]


def test_chain_with_nothing_against_it_stays_whole() -> None:
    chain = _pairs([(0, 1), (1, 2), (0, 2)])
    assert cluster(3, chain, np.asarray([5.0, -1.0, 4.0])).tolist() == [0, 0, 0]


def test_two_couples_that_share_a_mailbox_stay_two_customers() -> None:
    pairs = _pairs(list(combinations(range(4), 2)))
    weights = np.asarray([8.0, -6.0, -6.0, 1.0, -6.0, 8.0])  # 0-1, 2-3 true; 1-2 shared
    assert cluster(4, pairs, weights).tolist() == [0, 0, 2, 2]


def test_pair_that_was_not_compared_counts_as_unknown() -> None:
    chain = _pairs([(0, 1), (1, 2)])
    weights = np.asarray([5.0, 4.0])
    assert cluster(3, chain, weights, unknown=-10.0).tolist() == [0, 0, 2]
    assert cluster(3, chain, weights, unknown=0.0).tolist() == [0, 0, 0]


def test_one_extreme_pair_does_not_outvote_several() -> None:
    pairs = _pairs(list(combinations(range(4), 2)))
    weights = np.asarray([9.0, 9.0, -500.0, 9.0, 9.0, 9.0])
    assert cluster(4, pairs, weights).tolist() == [0, 0, 0, 0]


def test_links_must_exceed_the_threshold() -> None:
    pairs = _pairs([(0, 1)])
    assert cluster(2, pairs, np.asarray([3.0]), threshold=3.0).tolist() == [0, 1]
    assert cluster(2, pairs, np.asarray([3.1]), threshold=3.0).tolist() == [0, 0]


def test_confidence_is_the_best_match_in_company_and_what_it_leaves_alone() -> None:
    pairs = _pairs([(0, 1), (0, 2), (1, 2), (2, 3)])
    chances = np.asarray([0.9, 0.7, 0.95, 0.4])
    sure = confidence(np.asarray([0, 0, 0, 3]), pairs, chances)
    assert sure.tolist() == pytest.approx([0.9, 0.95, 0.95, 0.6])


def test_record_that_was_compared_with_none_is_surely_alone() -> None:
    sure = confidence(np.asarray([0, 1]), _pairs([]), np.empty(0))
    assert sure.tolist() == [1.0, 1.0]


def test_record_that_must_be_with_another_is_surely_there_also_uncompared() -> None:
    pairs, must = _pairs([(0, 1)]), _pairs([(1, 2)])
    sure = confidence(np.asarray([0, 0, 0]), pairs, np.asarray([0.9]), must)
    assert sure.tolist() == [0.9, 1.0, 1.0]
