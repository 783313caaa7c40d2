from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from tests.strategies import link_lists

from custmerge import clustering
from custmerge.clustering import cluster, components, confidence, members, uncompared
from custmerge.pairs import Pairs

N_ROWS = 7


def _pairs(rows: list[tuple[int, int]]) -> Pairs:
    return Pairs.of([a for a, _ in rows], [b for _, b in rows])


def _union_find(n_rows: int, links: list[tuple[int, int]]) -> list[int]:
    """Return the smallest member of each row's component, the slow way."""
    parent = list(range(n_rows))

    def root(row: int) -> int:
        while parent[row] != row:
            row = parent[row]
        return row

    for a, b in links:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return [root(row) for row in range(n_rows)]


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


@given(link_lists(N_ROWS))
def test_components_are_the_closure_of_the_links(links: list[tuple[int, int]]) -> None:
    found = components(N_ROWS, _pairs(links)).tolist()
    assert found == _union_find(N_ROWS, links)


@given(link_lists(N_ROWS), st.integers(0, 20))
def test_fewer_links_refine_the_components(
    links: list[tuple[int, int]], n_kept: int
) -> None:
    fine = components(N_ROWS, _pairs(links[:n_kept]))
    coarse = components(N_ROWS, _pairs(links))
    assert _together(fine) <= _together(coarse)


def test_no_rows_have_no_components() -> None:
    assert components(0, _pairs([])).tolist() == []
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


@given(_complete())
def test_evidence_within_an_entity_speaks_for_it_on_balance(
    task: tuple[int, Pairs, NDArray[np.float64]],
) -> None:
    _, pairs, weights = task
    labels = cluster(*task)
    for label in set(labels.tolist()):
        inside = (labels[pairs.left] == label) & (labels[pairs.right] == label)
        assert weights[inside].sum() >= -1e-9


@given(_complete(), st.data())
def test_permuting_rows_permutes_entities(
    task: tuple[int, Pairs, NDArray[np.float64]], data: st.DataObject
) -> None:
    n_rows, pairs, weights = task
    new = np.asarray(data.draw(st.permutations(range(n_rows))), dtype=np.int64)
    left, right = new[pairs.left], new[pairs.right]
    moved = Pairs(np.minimum(left, right), np.maximum(left, right))
    order = np.argsort(moved.keys(n_rows))
    labels = cluster(n_rows, moved.take(order), weights[order])
    before = {tuple(sorted((new[a], new[b]))) for a, b in _together(cluster(*task))}
    assert _together(labels) == before


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
    assert cluster(3, chain, weights, unknown=-9.0).tolist() == [0, 0, 2]
    assert cluster(3, chain, weights, unknown=0.0).tolist() == [0, 0, 0]


def test_one_extreme_pair_does_not_outvote_several() -> None:
    pairs = _pairs(list(combinations(range(4), 2)))
    weights = np.asarray([9.0, 9.0, -500.0, 9.0, 9.0, 9.0])
    assert cluster(4, pairs, weights).tolist() == [0, 0, 0, 0]


def test_links_must_exceed_the_threshold() -> None:
    pairs = _pairs([(0, 1)])
    assert cluster(2, pairs, np.asarray([3.0]), threshold=3.0).tolist() == [0, 1]
    assert cluster(2, pairs, np.asarray([3.1]), threshold=3.0).tolist() == [0, 0]


def test_component_too_large_is_split_at_stronger_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clustering, "_MAX_COMPONENT", 3)
    pairs = _pairs([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)])
    weights = np.asarray([15.0, 15.0, 1.0, 15.0, 15.0])
    assert cluster(6, pairs, weights).tolist() == [0, 0, 0, 3, 3, 3]


def test_large_component_of_the_strongest_links_is_not_split_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clustering, "_MAX_COMPONENT", 2)
    pairs = _pairs([(0, 1), (1, 2), (0, 2)])
    assert cluster(3, pairs, np.full(3, 99.0)).tolist() == [0, 0, 0]


@given(st.lists(st.integers(0, 3), max_size=8), st.integers(1, 3))
def test_members_are_the_groups_of_enough_rows(labels: list[int], least: int) -> None:
    groups = [rows.tolist() for rows in members(np.asarray(labels, np.int64), least)]
    expected = [
        [row for row, label in enumerate(labels) if label == wanted]
        for wanted in sorted(set(labels))
        if labels.count(wanted) >= least
    ]
    assert groups == expected


@given(link_lists(N_ROWS), st.data())
def test_uncompared_pairs_complete_the_components(
    links: list[tuple[int, int]], data: st.DataObject
) -> None:
    pairs = _pairs(links)
    drawn = data.draw(
        st.lists(st.sampled_from([-5.0, 5.0]), min_size=len(pairs), max_size=len(pairs))
    )
    weights = np.asarray(drawn)
    more = uncompared(N_ROWS, pairs, weights, 0.0)
    compared = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    added = set(zip(more.left.tolist(), more.right.tolist(), strict=True))
    wanted = _together(components(N_ROWS, pairs.take(weights > 0)))
    assert not compared & added
    assert added == wanted - compared


def test_component_that_will_be_split_is_not_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clustering, "_MAX_COMPONENT", 2)
    assert len(uncompared(3, _pairs([(0, 1), (1, 2)]), np.ones(2), 0.0)) == 0


def test_confidence_is_the_best_match_in_company_and_what_it_leaves_alone() -> None:
    pairs = _pairs([(0, 1), (0, 2), (1, 2), (2, 3)])
    chances = np.asarray([0.9, 0.7, 0.95, 0.4])
    sure = confidence(np.asarray([0, 0, 0, 3]), pairs, chances)
    assert sure.tolist() == pytest.approx([0.9, 0.95, 0.95, 0.6])


def test_record_that_was_compared_with_none_is_surely_alone() -> None:
    sure = confidence(np.asarray([0, 1]), _pairs([]), np.empty(0))
    assert sure.tolist() == [1.0, 1.0]
