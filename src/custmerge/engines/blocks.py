"""Rows that share a key: blocks, of one key or of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import KeyReport, Pairs, ranges, repeated, sorting_order
from custmerge.protocols import Keys, Rows

__all__ = ["Blocks", "RowKeys", "joined"]

_AT_ONCE = 1 << 18
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
        rows, keys = keyed
        bits = n_rows.bit_length()
        # Row and key in one number sort many times as fast as two; in place, since of
        # all arrays these are the longest.
        packed = _small(keys, 63 - bits)
        packed <<= bits
        packed |= rows
        packed.sort()
        once = np.append(True, packed[1:] != packed[:-1])[: len(packed)]
        return cls(key, fields, *_gathered(packed[once], bits))

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

    def without(self, left_out: NDArray[np.bool_]) -> Blocks:
        """Return the blocks that lose rows and keep several, without these.

        Args:
            left_out: Which rows are left out; shape `(n_rows,)`.
        """
        kept = ~left_out[self.rows]
        sizes = np.bincount(self.keys[kept], minlength=len(self.sizes))
        changed = (sizes < self.sizes) & (sizes > 1)
        rows = self.rows[kept & np.repeat(changed, self.sizes)]
        label = f"{'+'.join(self.fields)} without copies"
        return Blocks(label, self.fields, rows, sizes[changed].astype(np.int32))

    def n_pairs(self, cap: int) -> int:
        """Return how many pairs the blocks up to `cap` make."""
        sizes = self.sizes[self.sizes <= cap].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    def report(self, cap: int, n_capped: int) -> KeyReport:
        """Describe the key, of whose blocks those up to `cap` were paired."""
        largest = int(self.sizes.max(initial=0))
        return KeyReport(
            self.key, len(self.sizes), self.n_pairs(cap), n_capped, largest, cap
        )

    def shared(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return whether the rows of each pair share a block; shape `(n_pairs,)`."""
        n_rows = int(max(pairs.right.max(initial=0), self.rows.max(initial=0))) + 1
        row_keys = RowKeys.of([self], n_rows)
        found = [row_keys.shared(chunk) for chunk in pairs.chunks(_AT_ONCE)]
        return np.concatenate(found) if found else np.empty(0, dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class RowKeys:
    """The blocks each row is in, row by row and, of a row, group by group.

    Attributes:
        keys: int32, the blocks of the first row, then those of the second, …;
            numbered through all groups.
        starts: Where those of each row and group begin, and where the last ones end.
        offsets: The number of the first block of each group, and of all blocks.
    """

    keys: NDArray[np.int32]
    starts: NDArray[np.signedinteger[Any]]
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, groups: Sequence[Blocks], n_rows: int) -> RowKeys:
        """Turn blocks of rows to rows' blocks."""
        offsets = np.cumsum([0, *(len(blocks.sizes) for blocks in groups)])
        ends = np.cumsum([0, *(len(blocks.rows) for blocks in groups)])
        bits = int(offsets[-1]).bit_length()
        width = len(groups)
        starts = np.zeros(n_rows * width + 1, dtype=_narrow(ends[-1]))
        packed = np.empty(ends[-1], dtype=np.int64)
        for i, blocks in enumerate(groups):
            starts[i + 1 :: width] = np.bincount(blocks.rows, minlength=n_rows)
            part = packed[ends[i] : ends[i + 1]]
            part[:] = blocks.rows
            part <<= bits
            part |= blocks.keys + np.int32(offsets[i])
        np.cumsum(starts, out=starts)
        packed.sort()
        packed &= (1 << bits) - 1
        return cls(packed.astype(np.int32), starts, tuple(offsets.tolist()))

    def of_rows(
        self, rows: NDArray[np.signedinteger[Any]], groups: range
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the blocks of each row begin, and how many they are.

        Args:
            rows: The rows.
            groups: The groups of which blocks count, one after the other.
        """
        at = rows.astype(np.int64) * (len(self.offsets) - 1)
        starts = self.starts[at + groups.start].astype(np.int64)
        return starts, self.starts[at + groups.stop] - starts

    def shared(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return whether the rows of each pair are in one block."""
        bits = self.offsets[-1].bit_length()
        held = []
        for rows in (pairs.left, pairs.right):
            starts, counts = self.of_rows(rows, range(len(self.offsets) - 1))
            keys = self.keys[ranges(starts, counts)]
            held.append(np.repeat(np.arange(len(pairs)) << bits, counts) | keys)
        both = np.sort(np.concatenate(held))
        shared = np.zeros(len(pairs), dtype=bool)
        shared[both[1:][both[1:] == both[:-1]] >> bits] = True
        return shared


def _narrow(most: int) -> type[np.signedinteger[Any]]:
    """Return the integers that hold numbers up to some."""
    return np.int32 if most < 2**31 else np.int64


def _small(keys: Keys, bits: int) -> Keys:
    """Return keys that fit into so many bits, the same where they were the same."""
    lowest = int(keys.min(initial=0))
    if not (int(keys.max(initial=0)) - lowest) >> bits:
        return keys - lowest
    order = sorting_order(keys.view(np.uint64))
    ordered = keys[order]
    small = np.empty_like(keys)
    small[order] = np.cumsum(np.append(False, ordered[1:] != ordered[:-1]))
    return small


def _gathered(
    packed: NDArray[np.int64], bits: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the rows of each key that several have, and how many these are.

    Args:
        packed: `key << bits | row`, ascending, each once.
        bits: Bits of a row.
    """
    keys = packed >> bits
    same = np.append(keys[1:] == keys[:-1], False)[: len(keys)]
    follows = np.append(False, same)[: len(keys)]
    several = same | follows
    firsts = np.flatnonzero(~follows[several])
    rows = (packed[several] & ((1 << bits) - 1)).astype(np.int32)
    return rows, np.diff(firsts, append=len(rows)).astype(np.int32)


def joined(groups: Sequence[Blocks]) -> Blocks:
    """Return the blocks of all keys of some fields, each distinct block once."""
    if len(groups) == 1:
        return groups[0]
    rows = np.concatenate([blocks.rows for blocks in groups])
    sizes = np.concatenate([blocks.sizes for blocks in groups])
    fields = groups[0].fields
    every = Blocks("+".join(fields), fields, rows, sizes)
    if not len(sizes):
        return every
    # Blocks are the same where the sums of their rows' hashes are.
    sums = np.add.reduceat(_hashed(rows), every.starts)
    order = repeated(sums)
    ordered = sums[order]
    once = np.ones(len(sizes), dtype=bool)
    once[order[1:][ordered[1:] == ordered[:-1]]] = False
    return every.take(once)


def _hashed(rows: NDArray[np.int32]) -> NDArray[np.uint64]:
    hashes = np.empty(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE]
        part[:] = rows[start : start + _AT_ONCE]
        part += np.uint64(1)
        part *= np.uint64(0x9E3779B97F4A7C15)
        part ^= part >> np.uint64(29)
        part *= np.uint64(0xBF58476D1CE4E5B9)
    return hashes
