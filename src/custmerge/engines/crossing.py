"""Blocks that are too large, refined: the rows that share a key of each of two fields.

The rows of a field's blocks are taken some at a time, block by block, and their keys of
other fields are looked up for all these fields at once: to go to a row, wherever it is
in memory, costs as much as what is done with its keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations, groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.blocks import Blocks, RowKeys
from custmerge.pairs import ranges
from custmerge.threads import in_threads

__all__ = ["crossed"]

_ROWS_AT_ONCE = 1 << 13
"""Rows that are refined at a time, but for those of one block: few enough for their
keys to stay in a processor's cache."""

Found = tuple[NDArray[np.int32], NDArray[np.int32]]
"""The rows of blocks, one block after the other, and the sizes of the blocks."""


def crossed(large: Sequence[Blocks], n_rows: int) -> list[Blocks]:
    """Return the blocks of rows that share a block of each of two fields.

    Args:
        large: The blocks of each field's keys.
        n_rows: The rows of the table.

    Returns:
        The blocks of each two that have no field in common, in the order of
        `combinations`.
    """
    # The fewer rows are looked up among the keys of the other field.
    order = sorted(range(len(large)), key=lambda i: len(large[i].rows))
    keys = RowKeys.of([large[i] for i in order], n_rows)
    found: dict[frozenset[int], Found] = {}
    for rank, i in enumerate(order):
        others = [
            j
            for j in range(rank + 1, len(order))
            if not set(large[i].fields) & set(large[order[j]].fields)
        ]
        for run in _runs(others):
            refine = partial(_refined, large[i], keys, run)
            parts = list(
                zip(*in_threads(refine, _parts(large[i]), n_rows), strict=True)
            )
            for j in reversed(run):  # each freed as soon as it is joined
                several = parts.pop() if parts else ()
                found[frozenset((i, order[j]))] = _joined(several)
    return [
        Blocks(
            f"{'+'.join(large[i].fields)} & {'+'.join(large[j].fields)}",
            large[i].fields + large[j].fields,
            *found.pop(frozenset((i, j))),
        )
        for i, j in combinations(range(len(large)), 2)
        if frozenset((i, j)) in found
    ]


def _runs(numbers: Sequence[int]) -> Iterator[range]:
    """Yield the numbers as ranges, as few as there can be."""
    for _, run in groupby(
        enumerate(numbers), lambda numbered: numbered[1] - numbered[0]
    ):
        members = [number for _, number in run]
        yield range(members[0], members[-1] + 1)


def _parts(blocks: Blocks) -> Iterator[tuple[slice, slice]]:
    """Yield which blocks, and rows of theirs, are refined at a time."""
    ends = np.append(0, np.cumsum(blocks.sizes, dtype=np.int64))
    cuts = np.flatnonzero(np.diff(ends[1:] // _ROWS_AT_ONCE, prepend=-1, append=-1))
    for start, end in pairwise(cuts.tolist()):
        yield slice(start, end), slice(int(ends[start]), int(ends[end]))


def _refined(
    blocks: Blocks, others: RowKeys, run: range, part: tuple[slice, slice]
) -> list[Found]:
    """Return for each field of a run the rows that share two blocks."""
    sizes, rows = blocks.sizes[part[0]], blocks.rows[part[1]]
    starts, counts = others.of_rows(rows, run)
    lowest, *bounds = others.offsets[run.start : run.stop + 1]
    bits = len(rows).bit_length()
    # Half as wide, numbers are sorted twice as fast.
    is_short = bits + (bounds[-1] - lowest).bit_length() <= 32
    kind: type[np.unsignedinteger[Any]] = np.uint32 if is_short else np.uint64
    packed = (others.keys[ranges(starts, counts)] - lowest).astype(kind)
    packed <<= bits
    packed |= np.repeat(np.arange(len(rows), dtype=kind), counts)
    packed.sort()
    # By key, and of one key by block, since the rows' places are by block.
    places = (packed & ((1 << bits) - 1)).astype(np.int64)
    packed >>= bits
    block_of = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[places]
    same = (packed[1:] == packed[:-1]) & (block_of[1:] == block_of[:-1])
    follows = np.append(False, same)[: len(packed)]
    precedes = np.append(same, False)[: len(packed)]
    firsts = np.flatnonzero(precedes & ~follows)
    lengths = np.flatnonzero(follows & ~precedes) - firsts + 1
    several = rows[places[follows | precedes]]
    ends = np.append(0, np.cumsum(lengths))
    cuts = np.searchsorted(packed[firsts], np.asarray(bounds[:-1]) - lowest)
    return [
        (several[ends[i] : ends[j]].copy(), lengths[i:j].astype(np.int32))
        for i, j in pairwise([0, *cuts.tolist(), len(lengths)])
    ]


def _joined(parts: Sequence[Found]) -> Found:
    none = np.empty(0, dtype=np.int32)
    rows, sizes = zip((none, none), *parts, strict=True)
    return np.concatenate(rows), np.concatenate(sizes)
