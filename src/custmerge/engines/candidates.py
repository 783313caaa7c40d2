"""Candidate pairs: those of rows that share a block, made when they are asked for.

A table of millions has hundreds of millions of candidates. So they are made some rows
at a time, each pair once however many blocks give it, and looked at before the next
ones are made. Of a sample of the rows they are made beforehand, to count them, to
learn from them, and to see which blocks find any matches; see `Candidates.without`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.blocks import Blocks, joined
from custmerge.pairs import Pairs, distinct, ranges

__all__ = ["Candidates", "Parts", "Sample", "Traced"]

_CAPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024)
"""Block sizes tried as caps."""
_SAMPLE_ROWS = 10_000
"""Rows whose pairs are counted to choose a cap."""
_MOST_SHARED = 20
"""Keys that give one pair, at most, on average: beyond, there is no need to count."""
_ROWS_AT_ONCE = 8192
"""Rows whose pairs are made at a time: few enough for a processor's cache."""
Rows32 = NDArray[np.int32]

_CLASSES = 16
"""Classes of block sizes, each of twice the size of the one before: see `Traced`."""


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
        """Pair the heads in blocks up to `cap`, and above a size, with their tails.

        Beside the pairs, the size of the block of each.
        """
        chosen = (self.sizes <= cap) & (self.sizes > above)
        places, tails = self.places[chosen], self.tails[chosen]
        left = np.repeat(self.rows[places], tails)
        sizes = np.repeat(self.sizes[chosen], tails)
        return left, self.rows[ranges(places + 1, tails)], sizes


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
        keys = [(a.astype(np.int64) << self.bits) | b for a, b, _ in found]
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

    def n_pairs(self, cap: int, others: Sample, others_cap: int) -> int:
        """Return about how many pairs these and other blocks make up to two caps."""
        both = np.concatenate([self.pairs(0, cap), others.pairs(0, others_cap)])
        return len(distinct(both)) * self.one_in


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """Candidate pairs of a sample of the rows, and the blocks that each comes from.

    Blocks of one group and of about one size, between two powers of two, make a unit:
    the smaller the block, the more it says to share it.

    Attributes:
        pairs: The pairs, of rows in the sample with any other.
        one_in: How many of all pairs each stands for.
        found: Which of the pairs a unit gives, unit by unit.
        starts: Where each unit's begin, and where the last one's end.
    """

    pairs: Pairs
    one_in: int
    found: NDArray[np.int64]
    starts: NDArray[np.int64]

    def dispensable(
        self, worth: NDArray[np.float64], share: float
    ) -> NDArray[np.bool_]:
        """Return which units can be done without, at a loss of a share of all worth.

        Those go first that give least worth that no other gives, by the pair that
        they make: after the pruning of blocks and comparisons in meta-blocking
        (Papadakis et al. 2014, doi:10.1109/TKDE.2013.54), what a pair is worth being
        learnt rather than supposed.

        Args:
            worth: What each pair is worth, such as its match probability.
            share: How much of the sum may be lost.

        Returns:
            Shape `(n_units,)`.
        """
        sizes = np.diff(self.starts)
        n_units = len(sizes)
        n_givers = np.bincount(self.found, minlength=len(self.pairs))
        units = np.repeat(np.arange(n_units), sizes)
        # Of a pair that but one unit gives, the sum is that unit.
        givers = np.bincount(self.found, units, len(self.pairs)).astype(np.int64)
        alone = n_givers == 1
        own = np.bincount(givers[alone], worth[alone], n_units).astype(np.float64)
        gone: NDArray[np.bool_] = sizes == 0
        left = share * float(worth.sum())
        while not gone.all():
            density = np.where(gone, np.inf, own / np.maximum(sizes, 1))
            unit = int(density.argmin())
            left -= float(own[unit])
            if left < 0:
                break
            gone[unit] = True
            places = self.found[self.starts[unit] : self.starts[unit + 1]]
            n_givers[places] -= 1
            givers[places] -= unit
            alone = places[n_givers[places] == 1]
            own += np.bincount(givers[alone], worth[alone], n_units)
        return gone


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The pairs of rows that share a block.

    Attributes:
        groups: The blocks, none of them too large to be paired.
        n_rows: The number of rows.
        n_expected: About how many pairs they make, each counted once.

    Examples:
        >>> rows = np.asarray([0, 2, 3, 1, 2], dtype=np.int32)
        >>> blocks = Blocks("city", ("city",), rows, np.asarray([3, 2], dtype=np.int32))
        >>> pairs = Candidates([blocks], 4, 4).pairs
        >>> list(zip(pairs.left.tolist(), pairs.right.tolist()))
        [(0, 2), (0, 3), (1, 2), (2, 3)]
    """

    groups: list[Blocks]
    n_rows: int
    n_expected: int

    @classmethod
    def of(cls, pairs: Pairs, n_rows: int) -> Candidates:
        """Take given pairs for candidates."""
        rows = np.stack([pairs.left, pairs.right], axis=1).reshape(-1)
        sizes = np.full(len(pairs), 2, dtype=np.int32)
        blocks = Blocks("given", ("given",), rows.astype(np.int32), sizes)
        return cls([blocks], n_rows, len(pairs))

    @property
    def pairs(self) -> Pairs:
        """All the pairs."""
        parts = self.parts()
        return _in_order(parts.pairs(start, end) for start, end in parts.spans)

    def parts(self) -> Parts:
        """Return what makes the pairs, some rows at a time."""
        return Parts.of(self.groups, self.n_rows)

    @property
    def unpaired(self) -> NDArray[np.int64]:
        """The rows that are in no pair, ascending."""
        free = np.ones(self.n_rows, dtype=bool)
        for blocks in self.groups:
            free[blocks.rows] = False
        return np.flatnonzero(free)

    def traced(self, n_pairs: int) -> Traced:
        """Return the pairs of a sample of the rows, about so many.

        Rows in the canonical order, which is that of a hash, are a sample as good as
        any if one in so many is taken.
        """
        one_in = max(-(-self.n_expected // max(n_pairs, 1)), 1)
        bits, unit_bits = self.n_rows.bit_length(), self._n_units.bit_length()
        keys = [np.empty(0, dtype=np.int64)]
        for i, blocks in enumerate(self.groups):
            heads = _Heads.of(blocks, one_in)
            left, right, sizes = heads.pairs(0, int(blocks.sizes.max(initial=0)))
            key = (left.astype(np.int64) << bits) | right
            keys.append((key << unit_bits) | (i * _CLASSES + _classes(sizes)))
        held = distinct(np.concatenate(keys))
        units = held & ((1 << unit_bits) - 1)
        held >>= unit_bits
        fresh = np.ones(len(held), dtype=bool)
        fresh[1:] = held[1:] != held[:-1]
        each = held[fresh]
        order = np.argsort(units, kind="stable")
        starts = np.searchsorted(units[order], np.arange(self._n_units + 1))
        return Traced(
            Pairs(each >> bits, each & ((1 << bits) - 1)),
            one_in,
            (np.cumsum(fresh) - 1)[order],
            starts,
        )

    def without(self, units: NDArray[np.bool_]) -> Candidates:
        """Return the candidates that blocks of other units give; see `Traced`.

        These have no blocks left: of those of millions of rows two are too many.
        """
        groups: list[Blocks] = []
        while self.groups:
            blocks = self.groups.pop(0)
            gone = units[len(groups) * _CLASSES + _classes(blocks.sizes)]
            groups.append(blocks.take(~gone))
        return Candidates(groups, self.n_rows, self.n_expected)

    @property
    def _n_units(self) -> int:
        return len(self.groups) * _CLASSES


def _in_order(found: Iterable[tuple[Rows32, Rows32]]) -> Pairs:
    """Return the pairs of several spans of rows, from the first span to the last."""
    parts = [(_NO_ROWS, _NO_ROWS)]
    for left, right in found:
        order = np.argsort(left, kind="stable")
        parts.append((left[order], right[order]))
    left, right = (np.concatenate(side) for side in zip(*parts, strict=True))
    return Pairs(left, right)


_NO_ROWS = np.empty(0, dtype=np.int32)


def _classes(sizes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the class of each block's size: the power of two that it reaches."""
    return np.frexp(sizes.astype(np.float32))[1].astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The rows of all blocks, and where each row stands among them.

    Attributes:
        rows: The rows, block by block.
        tails: How many rows are after each in its block.
        places: Row and place, `row << bits | place`, ascending; but for the last rows
            of the blocks.
        bits: Bits of a place.
        n_rows: The number of rows of the table.
    """

    rows: NDArray[np.int32]
    tails: NDArray[np.int16]
    places: NDArray[np.int64]
    bits: int
    n_rows: int

    @classmethod
    def of(cls, groups: Sequence[Blocks], n_rows: int) -> Parts:
        """Gather the rows of all blocks."""
        none = Blocks("", (), _NO_ROWS, _NO_ROWS)
        once = joined([none, *groups])  # keys of several fields mostly make the same
        rows, sizes = once.rows, once.sizes
        ends = np.repeat(np.cumsum(sizes, dtype=np.int64), sizes)
        tails = (ends - np.arange(1, len(rows) + 1)).astype(np.int16)
        del ends
        bits = len(rows).bit_length()
        places = np.flatnonzero(tails)
        places |= rows[places].astype(np.int64) << bits
        places.sort()
        return cls(rows, tails, places, bits, n_rows)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The rows whose pairs are made at a time: from each first to before the last.

        Together they are all rows, in order.
        """
        cuts = [*range(0, self.n_rows, _ROWS_AT_ONCE), self.n_rows]
        return list(pairwise(cuts))

    def pairs(self, start: int, end: int) -> tuple[Rows32, Rows32]:
        """Return the pairs whose smaller row is in a span: smaller rows, larger rows.

        By the larger row and then the smaller one. The smaller ones are so near each
        other that what is looked up for them stays in a processor's cache, and what is
        looked up for the larger ones is met in order.
        """
        first, last = np.searchsorted(
            self.places, [start << self.bits, end << self.bits]
        )
        places = self.places[first:last] & ((1 << self.bits) - 1)
        tails = self.tails[places]
        bits = (end - start - 1).bit_length()
        keys = self.rows[ranges(places + 1, tails)].astype(np.int64) << bits
        keys |= np.repeat(self.rows[places] - np.int32(start), tails)
        keys = distinct(keys)
        left = (keys & ((1 << bits) - 1)).astype(np.int32)
        left += np.int32(start)
        return left, (keys >> bits).astype(np.int32)
