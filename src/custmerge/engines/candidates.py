"""The pairs of rows that share a block: those of a sample, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.blocks import Blocks
from custmerge.pairs import Pairs, distinct, ranges

__all__ = ["Candidates", "Sample"]

_CAPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024)
"""Block sizes tried as caps."""
_SAMPLE_ROWS = 10_000
"""Rows whose pairs are counted to choose a cap."""
_MOST_SHARED = 20
"""Keys that give one pair, at most, on average: beyond, there is no need to count."""
_ROWS_AT_ONCE = 8192
"""Rows whose pairs are sorted at a time: few enough for a processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class _Heads:
    """Some rows of blocks and, for each, the rows after it in its block.

    Attributes:
        rows: All rows of the blocks.
        places: Where among them the heads are.
        sizes: The size of each head's block.
        tails: How many rows are after it.
    """

    rows: NDArray[np.int32]
    places: NDArray[np.int64]
    sizes: NDArray[np.int32]
    tails: NDArray[np.int64]

    @classmethod
    def of(cls, blocks: Blocks, one_in: int) -> _Heads:
        """Take one row in so many for heads."""
        # By division, of which numpy does several at a time, and not by remainder.
        whole = blocks.rows // np.int32(one_in)
        places = np.flatnonzero(whole * np.int32(one_in) == blocks.rows)
        ends = blocks.starts + blocks.sizes
        own = np.searchsorted(ends, places, side="right")
        return cls(blocks.rows, places, blocks.sizes[own], ends[own] - places - 1)

    def pairs(self, above: int, cap: int) -> tuple[NDArray[np.int32], ...]:
        """Pair the heads in blocks up to `cap`, and above a size, with their tails."""
        chosen = (self.sizes <= cap) & (self.sizes > above)
        places, tails = self.places[chosen], self.tails[chosen]
        left = np.repeat(self.rows[places], tails)
        return left, self.rows[ranges(places + 1, tails)]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The pairs of a sample of the rows, to be counted before all are made.

    A pair that several keys give counts once, so pairs have to be made to be counted.

    Attributes:
        heads: The rows of the sample in each key's blocks.
        made: How many pairs all blocks up to each cap make, those of each key counted.
        one_in: How many rows each of the sample stands for.
        bits: Bits of a row's number.
    """

    heads: tuple[_Heads, ...]
    made: dict[int, int]
    one_in: int
    bits: int

    @classmethod
    def of(cls, groups: Sequence[Blocks], n_rows: int) -> Sample:
        """Sample the rows: the same ones whatever the blocks."""
        one_in = max(n_rows // _SAMPLE_ROWS, 1)
        counts = np.zeros(_CAPS[-1] + 2, dtype=np.int64)
        for blocks in groups:
            sizes = np.minimum(blocks.sizes, _CAPS[-1] + 1)
            counts += np.bincount(sizes, minlength=len(counts))
        sizes = np.arange(len(counts))
        n_pairs = np.cumsum(counts * (sizes * (sizes - 1) // 2)).tolist()
        return cls(
            tuple(_Heads.of(blocks, one_in) for blocks in groups),
            {cap: n_pairs[cap] for cap in _CAPS},
            one_in,
            n_rows.bit_length(),
        )

    def pairs(self, above: int, cap: int) -> NDArray[np.int64]:
        """Return an integer for each pair of blocks up to `cap`, above a size."""
        found = [heads.pairs(above, cap) for heads in self.heads]
        keys = [(a.astype(np.int64) << self.bits) | b for a, b in found]
        return np.concatenate([np.empty(0, dtype=np.int64), *keys])

    def largest_cap(
        self, budget: int, others: Sample | None = None, others_cap: int = 0
    ) -> int:
        """Return the largest cap at which there are no more pairs than the budget.

        Args:
            budget: The number of distinct pairs.
            others: Keys whose pairs count too, capped at `others_cap`.
            others_cap: The cap of the others.
        """
        n_others = 0 if others is None else others.made[others_cap]
        # No need to count pairs that are few enough even if no two were the same.
        fitting = [cap for cap in _CAPS if n_others + self.made[cap] <= budget]
        best = fitting[-1] if fitting else _CAPS[0]
        if best == _CAPS[-1]:
            return best
        above = best if fitting else 0
        known = self.pairs(0, above)
        if others is not None:
            known = np.concatenate([known, others.pairs(0, others_cap)])
        for cap in _CAPS[len(fitting) :]:
            if self.made[cap] > _MOST_SHARED * budget:
                break
            known = distinct(np.concatenate([known, self.pairs(above, cap)]))
            if len(known) * self.one_in > budget:
                break
            best = above = cap
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of rows, by the smaller row of each.

    Attributes:
        right: int32, the larger rows of the first row's pairs, then of the second's, …
        starts: Where each row's begin, and where the last one's end.

    Examples:
        >>> rows = np.asarray([0, 2, 3, 1, 2], dtype=np.int32)
        >>> blocks = Blocks("city", ("city",), rows, np.asarray([3, 2], dtype=np.int32))
        >>> candidates = Candidates.of([blocks], 4)
        >>> for pairs in candidates.chunks(3):
        ...     print(pairs.left.tolist(), pairs.right.tolist())
        [0, 0, 1] [2, 3, 2]
        [2] [3]
    """

    right: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Sequence[Blocks], n_rows: int) -> Candidates:
        """Pair the rows of each block, each pair once."""
        every = _Members.of(groups)
        # Pairs of few rows fit into 32 bits, which sort twice as fast as 64.
        bits = max(n_rows - 1, 1).bit_length()
        width = min(_ROWS_AT_ONCE, 1 << (32 - bits))
        counts = np.zeros(n_rows + width, dtype=np.int64)
        found = [np.empty(0, dtype=np.int32)]
        for start in range(0, n_rows, width):
            keys = distinct(every.pair_keys(start, start + width, bits))
            rows = (keys >> np.uint32(bits)).astype(np.int64)
            counts[start : start + width] = np.bincount(rows, minlength=width)
            found.append((keys & np.uint32((1 << bits) - 1)).astype(np.int32))
        starts = np.concatenate([[0], np.cumsum(counts[:n_rows])])
        return cls(np.concatenate(found), starts)

    def __len__(self) -> int:
        return len(self.right)

    @property
    def pairs(self) -> Pairs:
        """All the pairs."""
        return self._between(0, len(self.starts) - 1)

    def chunks(self, size: int) -> Iterator[Pairs]:
        """Yield the pairs in order: as many rows' as have no more than `size`.

        Of one row at least, whose pairs may be more.
        """
        row, n_rows = 0, len(self.starts) - 1
        while row < n_rows:
            fitting = np.searchsorted(self.starts, self.starts[row] + size, "right")
            end = max(int(fitting) - 1, row + 1)
            if self.starts[end] > self.starts[row]:
                yield self._between(row, end)
            row = end

    def _between(self, start: int, end: int) -> Pairs:
        counts = np.diff(self.starts[start : end + 1])
        left = np.repeat(np.arange(start, end, dtype=np.int32), counts)
        return Pairs(left, self.right[self.starts[start] : self.starts[end]])


@dataclass(frozen=True, slots=True, eq=False)
class _Members:
    """The rows of all blocks, and where each row stands among them.

    Attributes:
        rows: The rows, block by block.
        tails: How many rows are after each in its block.
        places: Row and place, `row << bits | place`, ascending; but for the last rows
            of the blocks.
        bits: Bits of a place.
    """

    rows: NDArray[np.int32]
    tails: NDArray[np.int16]
    places: NDArray[np.int64]
    bits: int

    @classmethod
    def of(cls, groups: Sequence[Blocks]) -> _Members:
        none = np.empty(0, dtype=np.int32)
        rows = np.concatenate([none, *(blocks.rows for blocks in groups)])
        sizes = np.concatenate([none, *(blocks.sizes for blocks in groups)])
        ends = np.repeat(np.cumsum(sizes, dtype=np.int64), sizes)
        tails = (ends - np.arange(1, len(rows) + 1)).astype(np.int16)
        del ends
        bits = len(rows).bit_length()
        places = np.flatnonzero(tails)
        places |= rows[places].astype(np.int64) << bits
        places.sort()
        return cls(rows, tails, places, bits)

    def pair_keys(self, start: int, end: int, bits: int) -> NDArray[np.uint32]:
        """Return `(left - start) << bits | right` of pairs of some left rows."""
        first, last = np.searchsorted(
            self.places, [start << self.bits, end << self.bits]
        )
        places = self.places[first:last] & ((1 << self.bits) - 1)
        tails = self.tails[places]
        left = (self.rows[places] - np.int32(start)).astype(np.uint32) << np.uint32(
            bits
        )
        right = self.rows[ranges(places + 1, tails.astype(np.int64))]
        keys: NDArray[np.uint32] = np.repeat(left, tails)
        keys |= right.astype(np.uint32)
        return keys
