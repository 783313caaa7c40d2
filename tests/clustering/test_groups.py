from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from tests.strategies import link_lists, pairs_of

from custmerge.clustering import components, members, uncompared
from custmerge.pairs import Pairs

N_ROWS = 7


def _pairs(rows: list[tuple[int, int]]) -> Pairs:
    return Pairs.of([a for a, _ in rows], [b for _, b in rows])


def _together(labels: NDArray[np.int64]) -> set[tuple[int, int]]:
    rows = range(len(labels))
    return {(a, b) for a, b in combinations(rows, 2) if labels[a] == labels[b]}


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


@given(st.lists(st.integers(0, 3), max_size=8), st.integers(1, 3))
def test_members_are_the_groups_of_enough_rows(labels: list[int], least: int) -> None:
    groups = [rows.tolist() for rows in members(np.asarray(labels, np.int64), least)]
    expected = [
        [row for row, label in enumerate(labels) if label == wanted]
        for wanted in sorted(set(labels))
        if labels.count(wanted) >= least
    ]
    assert groups == expected


@given(st.lists(st.integers(0, 3), min_size=N_ROWS, max_size=N_ROWS), pairs_of(N_ROWS))
def test_uncompared_pairs_complete_the_groups(labels: list[int], pairs: Pairs) -> None:
    groups = np.asarray(labels)
    more = uncompared(groups, pairs)
    compared = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    added = set(zip(more.left.tolist(), more.right.tolist(), strict=True))
    large = [label for label in labels if labels.count(label) > 2]
    wanted = {(a, b) for a, b in _together(groups) if labels[a] in large}
    assert added == wanted - compared


def test_very_large_group_is_not_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custmerge.clustering.groups._MAX_COMPLETED", 2)
    assert len(uncompared(np.zeros(3, dtype=np.int64), _pairs([(0, 1)]))) == 0
