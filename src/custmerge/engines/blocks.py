"""Rows that share a key: blocks, of one key or of two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import KeyReport, Pairs, distinct, ranges, sorting_order
from custmerge.protocols import Keys, Rows

__all__ = ["Blocks", "RowKeys", "joined", "refined"]

_AT_ONCE = 1 << 19
"""Rows with a key, or pairs, that are held as 64-bit integers at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The rows of each key, one key after the other; those of one row are left out.

    Attributes:
        key: The blocker's field and name.
        fields: The fields the keys are of.
        rows: int32, ascending in each block.
        sizes: int32, the rows of each block; shape `(n_blocks,)`.
    """

    key: str
    fields: tuple[str, ...]
    rows: NDArray[np.int32]
    sizes: NDArray[np.int32]

    @classmethod
    def of(
        cls, key: str, fields: tuple[str, ...], keyed: tuple[Rows, Keys], n_rows: int
    ) -> Blocks:
        """Gather the rows of each key."""
        return cls(key, fields, *_gathered(*keyed, n_rows))

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each block starts among the rows."""
        return np.cumsum(self.sizes, dtype=np.int64) - self.sizes

    @property
    def keys(self) -> NDArray[np.int32]:
        """The block of each of the rows."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    def take(self, where: NDArray[np.bool_]) -> Blocks:
        """Return some of the blocks."""
        rows = self.rows[np.repeat(where, self.sizes)]
        return Blocks(self.key, self.fields, rows, self.sizes[where])

    def n_pairs(self, cap: int) -> int:
        """Return how many pairs the blocks up to `cap` make."""
        sizes = self.sizes[self.sizes <= cap].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    def report(self, cap: int, n_capped: int) -> KeyReport:
        """Describe the key, of whose blocks those up to `cap` were paired."""
        largest = int(self.sizes.max(initial=0))
        return KeyReport(
            self.key, len(self.sizes), self.n_pairs(cap), n_capped, largest
        )

    def shared(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return whether the rows of each pair share a block; shape `(n_pairs,)`."""
        n_rows = int(max(pairs.right.max(initial=0), self.rows.max(initial=0))) + 1
        row_keys = RowKeys.of(self, n_rows)
        found = [row_keys.shared(chunk) for chunk in pairs.chunks(_AT_ONCE)]
        return np.concatenate(found) if found else np.empty(0, dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class RowKeys:
    """The blocks each row is in, row by row.

    Attributes:
        keys: int32, the blocks of the first row, then those of the second, …
        starts: Where each row's begin, and where the last one's end.
        n_keys: The number of blocks.
    """

    keys: NDArray[np.int32]
    starts: NDArray[np.int64]
    n_keys: int

    @classmethod
    def of(cls, blocks: Blocks, n_rows: int) -> RowKeys:
        """Turn blocks of rows to rows' blocks."""
        bits = len(blocks.sizes).bit_length()
        packed = (blocks.rows.astype(np.int64) << bits) | blocks.keys
        packed.sort()
        counts = np.bincount(blocks.rows, minlength=n_rows)
        starts = np.concatenate([[0], np.cumsum(counts)])
        keys = (packed & ((1 << bits) - 1)).astype(np.int32)
        return cls(keys, starts, len(blocks.sizes))

    def of_rows(self, rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], Rows]:
        """Return the blocks of the given rows, and how many each row has."""
        starts = self.starts[rows]
        counts = self.starts[1:][rows] - starts
        return self.keys[ranges(starts, counts)], counts

    def shared(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return whether the rows of each pair are in one block."""
        bits = self.n_keys.bit_length()
        held = []
        for rows in (pairs.left, pairs.right):
            keys, counts = self.of_rows(rows)
            held.append(np.repeat(np.arange(len(pairs)) << bits, counts) | keys)
        both = np.sort(np.concatenate(held))
        shared = np.zeros(len(pairs), dtype=bool)
        shared[both[1:][both[1:] == both[:-1]] >> bits] = True
        return shared


def _gathered(
    rows: Rows, keys: Keys, n_rows: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the rows in order of their keys, and how many share each key.

    Each row once for a key, and not where it has a key alone.
    """
    bits = n_rows.bit_length()
    lowest = int(keys.min(initial=0))
    if (int(keys.max(initial=0)) - lowest) >> (63 - bits):
        order = sorting_order(keys.view(np.uint64))
        ordered = keys[order]
        ranks = np.cumsum(np.append(False, ordered[1:] != ordered[:-1]))
        rows, keys, lowest = rows[order], ranks, 0
    # Row and key in one number sort many times as fast as two, or as a sorting order.
    packed = distinct(((keys - lowest) << bits) | rows)
    ordered = packed >> bits
    same = np.append(ordered[1:] == ordered[:-1], False)[: len(packed)]
    follows = np.append(False, same)[: len(packed)]
    several = same | follows
    firsts = np.flatnonzero(~follows[several])
    shared = (packed[several] & ((1 << bits) - 1)).astype(np.int32)
    return shared, np.diff(firsts, append=len(shared)).astype(np.int32)


def joined(groups: Sequence[Blocks]) -> Blocks:
    """Return the blocks of all keys of some fields, each distinct block once."""
    if len(groups) == 1:
        return groups[0]
    rows = np.concatenate([blocks.rows for blocks in groups])
    sizes = np.concatenate([blocks.sizes for blocks in groups])
    fields = groups[0].fields
    every = Blocks("+".join(fields), fields, rows, sizes)
    # Blocks are the same where the sums of their rows' hashes are.
    hashes = (rows + 1).astype(np.uint64)
    hashes *= np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    sums = np.add.reduceat(hashes, every.starts) if len(sizes) else hashes
    order = sorting_order(sums)
    ordered = sums[order]
    once = np.ones(len(sizes), dtype=bool)
    once[order[1:][ordered[1:] == ordered[:-1]]] = False
    return every.take(once)


def refined(first: Blocks, second: Blocks, row_keys: RowKeys) -> Blocks:
    """Return the blocks of rows that share a key of each of two.

    Args:
        first: The blocks of one key.
        second: Those of the other.
        row_keys: The same as the rows' blocks.
    """
    found = [
        _gathered(*_both(part, row_keys), len(row_keys.starts))
        for part in _parts(first, row_keys)
    ]
    rows = np.concatenate([rows for rows, _ in found] or [first.rows[:0]])
    sizes = np.concatenate([sizes for _, sizes in found] or [first.sizes[:0]])
    key = f"{'+'.join(first.fields)} & {'+'.join(second.fields)}"
    return Blocks(key, first.fields + second.fields, rows, sizes)


def _parts(blocks: Blocks, row_keys: RowKeys) -> Iterator[Blocks]:
    """Yield the blocks in parts whose rows have about as many keys as fit at once."""
    ends = np.append(0, np.cumsum(blocks.sizes, dtype=np.int64))
    counts = np.diff(row_keys.starts)[blocks.rows]
    part_of = np.append(0, np.cumsum(counts))[ends[1:]] // _AT_ONCE
    cuts = np.flatnonzero(np.diff(part_of, prepend=-1, append=-1))
    for start, end in pairwise(cuts.tolist()):
        rows = blocks.rows[ends[start] : ends[end]]
        yield Blocks(blocks.key, blocks.fields, rows, blocks.sizes[start:end])


def _both(blocks: Blocks, row_keys: RowKeys) -> tuple[Rows, Keys]:
    """Return the rows, and a key for each key of one and of the other."""
    others, counts = row_keys.of_rows(blocks.rows)
    keys: Keys = np.repeat(blocks.keys * np.int64(row_keys.n_keys), counts)
    keys += others
    return np.repeat(blocks.rows, counts).astype(np.int64), keys
