from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.engines import blocks as blocks_module, candidates as candidates_module
from custmerge.engines.blocks import Blocks, RowKeys, refined
from custmerge.engines.candidates import Candidates, Sample

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


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, st.integers(1, 8))
def test_candidates_are_the_pairs_of_all_blocks_in_order_and_once(
    one: list[list[int]], two: list[list[int]], rows_at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates_module, "_ROWS_AT_ONCE", rows_at_once)
        found = Candidates.of([_blocks(one), _blocks(two)], N_ROWS)
    pairs = found.pairs
    held = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert held == _slow(one, two)
    assert len(found) == len(held)


@settings(max_examples=60)
@given(BLOCKS, st.integers(1, 30))
def test_chunks_are_the_candidates_one_after_the_other(
    members: list[list[int]], size: int
) -> None:
    found = Candidates.of([_blocks(members)], N_ROWS)
    chunks = list(found.chunks(size))
    rights = [right for chunk in chunks for right in chunk.right.tolist()]
    assert rights == found.pairs.right.tolist()
    lefts = [set(chunk.left.tolist()) for chunk in chunks]
    assert sum(map(len, lefts)) == len(set(found.pairs.left.tolist()))
    assert all(
        len(chunk) <= size or len(left) == 1
        for chunk, left in zip(chunks, lefts, strict=True)
    )


@settings(max_examples=60)
@given(BLOCKS, BLOCKS, st.integers(1, 9))
def test_refined_blocks_are_the_rows_that_share_a_block_of_each_key(
    one: list[list[int]], two: list[list[int]], at_once: int
) -> None:
    both = _blocks(one), _blocks(two, "city")
    keys = [RowKeys.of(blocks, N_ROWS) for blocks in both]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks_module, "_AT_ONCE", at_once)
        found = refined(*both, keys)
    ends = np.cumsum(found.sizes)[:-1]
    held = sorted(part.tolist() for part in np.split(found.rows, ends) if len(part))
    shared = (sorted(set(a) & set(b)) for a in one for b in two)
    assert held == sorted(rows for rows in shared if len(rows) > 1)
    assert found.fields == ("name", "city")


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
