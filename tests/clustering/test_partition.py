from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from custmerge.clustering import Constraints, cluster, partition
from custmerge.pairs import Pairs

Weights = NDArray[np.float64]
Labels = NDArray[np.int64]


def _problem(n_rows: int, seed: int, spread: float = 6.0) -> tuple[Pairs, Weights]:
    """Some pairs of rows that lie in groups, weighed with errors."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, max(n_rows // 4, 1), n_rows)
    left, right = np.triu_indices(n_rows, k=1)
    weights = np.where(group[left] == group[right], 4.0, -6.0)
    weights += rng.normal(0, spread, len(left))
    kept = rng.random(len(left)) < 0.9
    return Pairs.of(left[kept], right[kept]), weights[kept]


def _worth(
    labels: Sequence[int], pairs: Pairs, weights: Weights, unknown: float
) -> float:
    """Return what a partition is worth, pair by pair, as the documentation says."""
    value = {}
    links: dict[int, int] = dict.fromkeys(range(len(labels)), 0)
    for a, b, weight in zip(
        pairs.left.tolist(), pairs.right.tolist(), weights.tolist(), strict=True
    ):
        value[a, b] = weight
        links[a] += weight > 0
        links[b] += weight > 0
    total = 0.0
    for a, b in combinations(range(len(labels)), 2):
        if labels[a] == labels[b]:
            clamped = min(max(value.get((a, b), unknown), -10.0), 10.0)
            mass = (1 / max(links[a], 1) + 1 / max(links[b], 1)) / 2
            total += mass * (clamped if clamped > 0 else clamped / 3)
    return total


def _all_partitions(n_rows: int) -> Iterator[list[int]]:
    if not n_rows:
        yield []
        return
    for labels in _all_partitions(n_rows - 1):
        for label in range(max(labels, default=-1) + 2):
            yield [*labels, label]


@given(st.integers(1, 7), st.integers(0, 10**6), st.sampled_from([0.0, -3.0]))
def test_small_component_gets_the_best_of_all_partitions(
    n_rows: int, seed: int, unknown: float
) -> None:
    pairs, weights = _problem(n_rows, seed)
    labels = cluster(n_rows, pairs, weights, unknown=unknown).tolist()
    best = max(
        _worth(each, pairs, weights, unknown) for each in _all_partitions(n_rows)
    )
    assert _worth(labels, pairs, weights, unknown) == pytest.approx(best, abs=0.05)


@given(st.integers(9, 30), st.integers(0, 10**6))
def test_no_single_change_improves_a_large_component(n_rows: int, seed: int) -> None:
    pairs, weights = _problem(n_rows, seed)
    labels = cluster(n_rows, pairs, weights, unknown=-2.0).tolist()
    found = _worth(labels, pairs, weights, -2.0) + 0.05
    for row in range(n_rows):
        for target in {*labels, n_rows}:
            moved = [*labels[:row], target, *labels[row + 1 :]]
            assert _worth(moved, pairs, weights, -2.0) <= found
    for a, b in combinations(sorted(set(labels)), 2):
        joined = [a if label == b else label for label in labels]
        assert _worth(joined, pairs, weights, -2.0) <= found


@given(st.integers(3, 8), st.integers(0, 10**6))
def test_search_is_never_better_than_the_best_nor_much_worse(
    n_rows: int, seed: int
) -> None:
    pairs, weights = _problem(n_rows, seed)
    exact = cluster(n_rows, pairs, weights).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "_MAX_EXACT", 1)
        searched = cluster(n_rows, pairs, weights).tolist()
    best = _worth(exact, pairs, weights, 0.0)
    assert 0.7 * best - 0.05 <= _worth(searched, pairs, weights, 0.0) <= best + 0.05


@given(st.integers(9, 30), st.integers(0, 10**6))
def test_search_never_ends_below_its_start(n_rows: int, seed: int) -> None:
    pairs, weights = _problem(n_rows, seed)
    found = cluster(n_rows, pairs, weights).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "_MAX_SWEEPS", 0)
        start = cluster(n_rows, pairs, weights).tolist()
    worth = [_worth(labels, pairs, weights, 0.0) for labels in (start, found)]
    assert worth[0] <= worth[1] + 0.05


def test_search_moves_a_record_that_joined_the_wrong_company_first() -> None:
    # Row 0 is linked best with 1, but more with the three that come together later.
    worth = {(0, 1): 6.0, (0, 2): 5.0, (0, 3): 5.0, (0, 4): 5.0}
    worth |= {(2, 3): 4.0, (2, 4): 4.0, (3, 4): 4.0}
    worth |= {(1, 2): -10.0, (1, 3): -10.0, (1, 4): -10.0}
    pairs = Pairs.of([a for a, _ in sorted(worth)], [b for _, b in sorted(worth)])
    weights = np.asarray([worth[pair] for pair in sorted(worth)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "_MAX_EXACT", 1)
        assert cluster(5, pairs, weights).tolist() == [0, 1, 0, 0, 0]


@given(st.integers(1, 8), st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_small_entities(
    n_rows: int, seed: int, random: np.random.Generator
) -> None:
    pairs, weights = _problem(n_rows, seed)
    new = list(range(n_rows))
    random.shuffle(new)
    rows = np.asarray(new, dtype=np.int64)
    low, high = (side(rows[pairs.left], rows[pairs.right]) for side in _SIDES)
    order = np.lexsort((high, low))
    after = cluster(n_rows, Pairs(low[order], high[order]), weights[order])
    before = cluster(n_rows, pairs, weights)
    assert _groups(after[rows]) == _groups(before)


_SIDES = (np.minimum, np.maximum)


def _groups(labels: Labels) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label)) for label in set(labels)}


@given(st.integers(2, 24), st.integers(0, 10**6), st.booleans())
def test_constraints_always_hold(n_rows: int, seed: int, has_sources: bool) -> None:
    rng = np.random.default_rng(seed)
    pairs, weights = _problem(n_rows, seed, spread=9.0)
    first, second = np.arange(0, n_rows - 1, 5), np.arange(1, n_rows, 5)
    drawn = rng.integers(0, n_rows, (2, n_rows // 2))
    sources = np.arange(n_rows) % 3 - 1 if has_sources else None
    must = Pairs.of(first, second)
    cannot = Pairs.of(drawn[0], drawn[1])
    cannot = cannot.take(~cannot.among(must))
    told = Constraints(must, cannot, sources)
    labels = cluster(n_rows, pairs, weights, constraints=told)
    assert (labels[must.left] == labels[must.right]).all()
    assert (labels[cannot.left] != labels[cannot.right]).all()
    for code in (0, 1) if has_sources else ():
        held = labels[sources == code]
        assert len(set(held.tolist())) == len(held)


def test_best_partition_respects_a_veto_that_costs_much() -> None:
    pairs = Pairs.of(*zip(*combinations(range(4), 2), strict=True))
    told = Constraints(cannot=Pairs.of([0], [3]))
    labels = cluster(4, pairs, np.full(6, 10.0), constraints=told)
    assert labels[0] != labels[3]
    assert len(set(labels.tolist())) == 2


@pytest.mark.parametrize("n_rows", [9, 2_000])
def test_records_all_alike_are_one_entity(n_rows: int) -> None:
    rng = np.random.default_rng(0)
    pairs = Pairs.of(
        np.r_[np.arange(n_rows - 1), rng.integers(0, n_rows, 5 * n_rows)],
        np.r_[np.arange(1, n_rows), rng.integers(0, n_rows, 5 * n_rows)],
    )
    labels = cluster(n_rows, pairs, np.full(len(pairs), 12.0))
    assert labels.tolist() == [0] * n_rows


def test_chain_of_many_records_makes_no_giant_entity() -> None:
    n_rows = 50_000
    rng = np.random.default_rng(1)
    chain = Pairs.of(np.arange(n_rows - 1), np.arange(1, n_rows))
    weights = rng.uniform(1, 12, len(chain))
    sizes = np.bincount(cluster(n_rows, chain, weights, unknown=-12.0))
    assert sizes.max() <= 5
