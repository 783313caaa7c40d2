from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.engines import crossing
from custmerge.engines.blocks import Blocks

N_ROWS = 40
FIELDS = (("given",), ("given", "family"), ("city",), ("email",))
BLOCKS = st.lists(
    st.lists(st.integers(0, N_ROWS - 1), min_size=2, max_size=9, unique=True),
    max_size=12,
)


def _blocks(members: list[list[int]], fields: tuple[str, ...]) -> Blocks:
    rows = [row for block in members for row in sorted(block)]
    sizes = [len(block) for block in members]
    return Blocks(
        "+".join(fields),
        fields,
        np.asarray(rows, np.int32),
        np.asarray(sizes, np.int32),
    )


def _members(blocks: Blocks) -> list[list[int]]:
    parts = np.split(blocks.rows, np.cumsum(blocks.sizes)[:-1])
    return sorted(part.tolist() for part in parts if len(part))


@settings(max_examples=60)
@given(st.tuples(BLOCKS, BLOCKS, BLOCKS, BLOCKS), st.integers(1, 60))
def test_crossed_blocks_are_the_rows_that_share_a_block_of_each_of_two_fields(
    groups: tuple[list[list[int]], ...], at_once: int
) -> None:
    large = [
        _blocks(members, fields) for members, fields in zip(groups, FIELDS, strict=True)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossing, "_ROWS_AT_ONCE", at_once)
        found = crossing.crossed(large, N_ROWS)
    # Given name and both names are no two fields.
    chosen = [both for both in combinations(range(4), 2) if both != (0, 1)]
    assert [blocks.fields for blocks in found] == [
        FIELDS[one] + FIELDS[two] for one, two in chosen
    ]
    for blocks, (one, two) in zip(found, chosen, strict=True):
        shared = (sorted(set(a) & set(b)) for a in groups[one] for b in groups[two])
        assert _members(blocks) == sorted(rows for rows in shared if len(rows) > 1)


def test_rows_and_keys_of_more_than_32_bits_are_refined_alike() -> None:
    n_pairs = 70_000
    everyone = np.arange(2 * n_pairs, dtype=np.int32)
    couples = np.stack([everyone[:n_pairs], everyone[n_pairs:]], axis=1).reshape(-1)
    large = [
        Blocks("a", ("a",), everyone, np.asarray([2 * n_pairs], np.int32)),
        Blocks("b", ("b",), couples, np.full(n_pairs, 2, np.int32)),
    ]
    (found,) = crossing.crossed(large, 2 * n_pairs)
    assert found.sizes.tolist() == [2] * n_pairs
    assert found.rows.tolist() == couples.tolist()
