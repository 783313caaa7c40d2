from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.engines import candidates as candidates_module
from custmerge.engines.blocks import Blocks
from custmerge.engines.candidates import Candidates, Sample
from custmerge.pairs import Pairs

N_ROWS = 40

BLOCKS = st.lists(
    st.lists(st.integers(0, N_ROWS - 1), min_size=2, max_size=9, unique=True),
    max_size=12,
)


def _blocks(members: list[list[int]], field: str = "name") -> Blocks:
    rows = [row for block in members for row in sorted(block)]
    return Blocks(
        field,
        (field,),
        np.asarray(rows, dtype=np.int32),
        np.asarray([len(block) for block in members], dtype=np.int32),
    )


def _slow(*groups: list[list[int]]) -> list[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for members in groups:
        for block in members:
            pairs |= set(combinations(sorted(block), 2))
    return sorted(pairs)


def _candidates(*groups: list[list[int]]) -> Candidates:
    fields = ("name", "city", "email")
    blocks = [_blocks(group, field) for group, field in zip(groups, fields)]  # noqa: B905
    return Candidates(blocks, N_ROWS, len(_slow(*groups)))


def _listed(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, st.integers(1, 8))
def test_candidates_are_the_pairs_of_all_blocks_in_order_and_once(
    one: list[list[int]], two: list[list[int]], rows_at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates_module, "_ROWS_AT_ONCE", rows_at_once)
        found = _candidates(one, two).pairs
    assert _listed(found) == _slow(one, two)


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, st.integers(1, 60))
def test_sample_is_all_pairs_of_some_rows_and_says_which_blocks_they_are_of(
    one: list[list[int]], two: list[list[int]], n_pairs: int
) -> None:
    found = _candidates(one, two).traced(n_pairs)
    everything = _slow(one, two)
    expected = [pair for pair in everything if pair[0] % found.one_in == 0]
    assert _listed(found.pairs) == expected
    givers: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for i, group in enumerate((one, two)):
        for block in group:
            for pair in combinations(sorted(block), 2):
                size = len(block).bit_length()
                givers.setdefault(pair, set()).add((i, size))
    units = np.repeat(np.arange(len(found.starts) - 1), np.diff(found.starts))
    held: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for place, unit in zip(found.found.tolist(), units.tolist(), strict=True):
        held.setdefault(expected[place], set()).add(divmod(unit, 16))
    assert held == {pair: givers[pair] for pair in expected}


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, BLOCKS, st.randoms(use_true_random=False))
def test_blocks_that_can_be_done_without_hold_little_that_no_others_do(
    one: list[list[int]], two: list[list[int]], three: list[list[int]], draw: Random
) -> None:
    candidates = _candidates(one, two, three)
    traced = candidates.traced(10_000)
    worth = np.asarray([draw.choice([0.0, 0.1, 1.0]) for _ in _listed(traced.pairs)])
    gone = traced.dispensable(worth, 0.1)
    kept = candidates.without(gone).pairs
    assert set(_listed(kept)) <= set(_listed(traced.pairs))
    lost = worth[~traced.pairs.among(kept)].sum()
    assert lost <= 0.1 * worth.sum() + 1e-9
    assert gone.all() == (not worth.any())


def test_blocks_go_first_that_find_least_by_the_pair() -> None:
    """The city gives many pairs of which one is worth something; the name few."""
    city = [list(range(i, i + 8)) for i in (0, 8, 16)]
    groups = ([[0, 1], [8, 9], [16, 17], [30, 31]], city)
    traced = _candidates(*groups).traced(10_000)
    telling = Pairs.of([0, 8, 16, 30, 2], [1, 9, 17, 31, 3])
    worth = traced.pairs.among(telling).astype(float)
    kept = _candidates(*groups).without(traced.dispensable(worth, 0.2))
    assert _listed(kept.pairs) == [(0, 1), (8, 9), (16, 17), (30, 31)]
    assert kept.unpaired.tolist() == sorted(
        set(range(N_ROWS)) - {0, 1, 8, 9, 16, 17, 30, 31}
    )
    candidates = _candidates(*groups)
    everything = candidates.without(traced.dispensable(worth, 0.19))
    assert _listed(everything.pairs) == _listed(traced.pairs)
    assert not candidates.groups


@pytest.mark.parametrize(
    ("budget", "cap"), [(0, 2), (33, 2), (34, 4), (123, 4), (124, 1024)]
)
def test_cap_is_the_largest_whose_pairs_fit_the_budget(budget: int, cap: int) -> None:
    """Ten blocks of two, eight of three, six of six; some pairs are in two blocks."""
    twos = [[2 * i, 2 * i + 1] for i in range(10)]
    threes = [[100 + 3 * i + j for j in range(3)] for i in range(8)]
    sixes = [[200 + 6 * i + j for j in range(6)] for i in range(6)]
    sample = Sample.of([_blocks(twos + threes + sixes), _blocks(twos + threes)], 300)
    assert sample.largest_cap(budget) == cap


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, BLOCKS, st.integers(20, 150))
def test_cap_leaves_room_for_the_pairs_of_other_keys(
    one: list[list[int]], two: list[list[int]], more: list[list[int]], budget: int
) -> None:
    others = Sample.of([_blocks(more)], N_ROWS)
    sample = Sample.of([_blocks(one), _blocks(two)], N_ROWS)
    known = _slow([block for block in more if len(block) <= 6])
    largest = 2
    for cap in (2, 3, 4, 6, 8, 1024):
        pairs = _slow([block for block in one + two if len(block) <= cap])
        if len({*known, *pairs}) > budget:
            break
        largest = cap
    assert sample.largest_cap(budget, others, 6) == largest
