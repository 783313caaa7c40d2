"""From blocking keys to candidate pairs, within a budget.

Every block of a key up to a cap is paired outright: agreeing on something rare is
reason enough to compare. Rows of larger blocks are paired where they agree on a second
key as well. Both caps are as large as the budget of pairs allows, in the spirit of
block purging (Papadakis et al. 2013, doi:10.1109/TKDE.2012.150): the smaller a block,
the more a shared key says. What stays too large even so is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.calling import call
from custmerge.exceptions import PluginError
from custmerge.pairs import KeyReport, Pairs, distinct
from custmerge.protocols import Blocker, Keys, Rows
from custmerge.records import RecordTable

__all__ = ["Blocking", "block"]

_CAPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024)
"""Block sizes tried as caps."""
_SAMPLE_ROWS = 10_000
"""Rows whose pairs are counted to choose a cap."""
_MOST_SHARED = 20
"""Keys that give one pair, at most, on average: beyond, there is no need to count."""
_SINGLE_SHARE = 0.4
"""Share of the budget for blocks of one key; the rest is for refined blocks."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """The candidate pairs and where they came from.

    Attributes:
        pairs: The candidate pairs.
        reports: One report for each key and refinement that gave pairs or was capped.
        unblocked: The rows that are in no candidate pair, ascending.
        blocks: The blocks of each key before any was capped; for `caught_by`.
    """

    pairs: Pairs
    reports: tuple[KeyReport, ...]
    unblocked: Rows
    blocks: tuple[_Blocks, ...] = ()

    def caught_by(self, pairs: Pairs) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
        """Return the fields with keys, and which of them each pair shares a key of.

        However large the block: whether the budget sufficed does not matter here.

        Args:
            pairs: Any pairs of rows, as the table that was blocked numbers them.

        Returns:
            The fields' names, and a table of shape `(n_pairs, n_fields)`.
        """
        fields = tuple(dict.fromkeys(blocks.field for blocks in self.blocks))
        shared = np.zeros((len(pairs), len(fields)), dtype=bool)
        for blocks in self.blocks:
            shared[:, fields.index(blocks.field)] |= blocks.shared(pairs)
        return fields, shared


class _Keyed(NamedTuple):
    """Rows of over-large blocks and, beside each, its block."""

    key: str
    field: str
    rows: Rows
    keys: Keys


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """One key's rows sorted by key: `rows[starts[i]:starts[i] + sizes[i]]` a block."""

    key: str
    field: str
    rows: Rows
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, key: str, field: str, rows: Rows, keys: Keys) -> _Blocks:
        order = np.lexsort((rows, keys))
        rows, keys = rows[order], keys[order]
        fresh = np.ones(len(rows), dtype=bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
        rows, keys = rows[fresh], keys[fresh]
        first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        sizes = np.diff(np.r_[first, len(keys)])
        return cls(key, field, rows, first.astype(np.int64), sizes.astype(np.int64))

    def n_pairs(self, cap: int) -> int:
        sizes = self.sizes[self.sizes <= cap]
        return int((sizes * (sizes - 1) // 2).sum())

    def pair(self, cap: int, one_in: int = 1) -> tuple[Rows, Rows]:
        """Pair the rows of each block up to `cap`: row by row with those after it.

        With `one_in`, only for one row in so many.
        """
        small = (self.sizes <= cap) & (self.sizes > 1)
        ends = np.repeat(self.starts[small] + self.sizes[small], self.sizes[small])
        positions = _ranges(self.starts[small], self.sizes[small])
        if one_in > 1:
            chosen = self.rows[positions] % one_in == 0
            positions, ends = positions[chosen], ends[chosen]
        left, right = [], []
        for step in range(1, int(self.sizes[small].max(initial=1))):
            inside = positions + step < ends
            positions, ends = positions[inside], ends[inside]
            left.append(self.rows[positions])
            right.append(self.rows[positions + step])
        if not left:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        return np.concatenate(left), np.concatenate(right)

    def shared(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return whether the rows of each pair share a block; shape `(n_pairs,)`."""
        n_rows = int(max(pairs.right.max(initial=0), self.rows.max(initial=0))) + 1
        keys = np.repeat(np.arange(len(self.sizes)), self.sizes)
        held = keys * n_rows + self.rows
        order = np.argsort(self.rows, kind="stable")
        counts = np.bincount(self.rows, minlength=n_rows)
        starts = np.cumsum(counts) - counts
        repeats = counts[pairs.left]
        theirs = keys[order][_ranges(starts[pairs.left], repeats)]
        wanted = theirs * n_rows + np.repeat(pairs.right, repeats)
        places = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
        found = np.repeat(np.arange(len(pairs)), repeats)[held[places] == wanted]
        shared = np.zeros(len(pairs), dtype=bool)
        shared[found] = True
        return shared

    def larger(self, cap: int) -> _Keyed:
        """Return the rows, and a key for each, of the blocks above `cap`."""
        large = np.flatnonzero(self.sizes > cap)
        rows = self.rows[_ranges(self.starts[large], self.sizes[large])]
        keys = np.repeat(np.arange(len(large)), self.sizes[large])
        return _Keyed(self.key, self.field, rows, keys)

    def report(self, cap: int, n_capped: int) -> KeyReport:
        """Describe the key, of whose blocks those up to `cap` were paired."""
        return KeyReport(
            self.key,
            int((self.sizes > 1).sum()),
            self.n_pairs(cap),
            n_capped,
            int(self.sizes.max(initial=0)),
        )


def _ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `start, start + 1, …` of each range, one after the other."""
    offsets = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) - np.repeat(offsets - starts, sizes)


def block(table: RecordTable, blockers: Sequence[Blocker], max_pairs: int) -> Blocking:
    """Return the pairs of rows that share a key, within about `max_pairs`.

    Args:
        table: The normalized records.
        blockers: The blockers; the order does not matter for the pairs.
        max_pairs: The budget, in distinct pairs.
    """
    singles = [_blocks_of(table, blocker) for blocker in blockers]
    single_cap = _cap(singles, table.n_rows, int(max_pairs * _SINGLE_SHARE))
    large = [blocks.larger(single_cap) for blocks in singles]
    refined = [
        _refine(first, second, table.n_rows)
        for first, second in combinations(large, 2)
        if first.field != second.field
    ]
    refined_cap = _cap(refined, table.n_rows, max_pairs, singles, single_cap)
    found = [blocks.pair(single_cap) for blocks in singles]
    found += [blocks.pair(refined_cap) for blocks in refined]
    pairs = _union(found, table.n_rows)
    keyed = _keyed_rows(singles, table.n_rows)
    reports = [
        blocks.report(single_cap, _n_unrefined(over, keyed))
        for blocks, over in zip(singles, large, strict=True)
    ]
    reports += [
        blocks.report(refined_cap, int((blocks.sizes > refined_cap).sum()))
        for blocks in refined
    ]
    paired = np.zeros(table.n_rows, dtype=bool)
    paired[pairs.left] = paired[pairs.right] = True
    kept = tuple(item for item in reports if item.n_pairs or item.n_capped)
    return Blocking(pairs, kept, np.flatnonzero(~paired), tuple(singles))


def _keyed_rows(
    singles: Sequence[_Blocks], n_rows: int
) -> dict[str, NDArray[np.bool_]]:
    """Return, for each field with keys, the rows that have one; shape `(n_rows,)`."""
    keyed: dict[str, NDArray[np.bool_]] = {}
    for blocks in singles:
        keyed.setdefault(blocks.field, np.zeros(n_rows, dtype=bool))[blocks.rows] = True
    return keyed


def _n_unrefined(over: _Keyed, keyed: Mapping[str, NDArray[np.bool_]]) -> int:
    """Return how many over-large blocks hold a row without a key of another field."""
    refinable = np.zeros(len(over.rows), dtype=bool)
    for field, has_key in keyed.items():
        if field != over.field:
            refinable |= has_key[over.rows]
    return len(distinct(over.keys[~refinable]))


def _blocks_of(table: RecordTable, blocker: Blocker) -> _Blocks:
    field = str(getattr(blocker, "field", blocker.name))
    label = blocker.name if field == blocker.name else f"{field}:{blocker.name}"
    found: object = call(f"blocker {label!r}", blocker.keys, table)
    if not isinstance(found, tuple) or len(found) != 2:
        message = f"blocker {label!r} must return a tuple of two arrays: rows and keys"
        raise PluginError(message)
    rows, keys = (
        call(f"blocker {label!r}", np.asarray, part, np.int64) for part in found
    )
    if rows.shape != keys.shape or rows.ndim != 1:
        message = (
            f"blocker {label!r} returned rows of shape {rows.shape} and keys of shape "
            f"{keys.shape}; it must return two 1-D arrays of one length"
        )
        raise PluginError(message)
    if rows.size and not 0 <= int(rows.min()) <= int(rows.max()) < table.n_rows:
        message = f"blocker {label!r} returned rows outside 0..{table.n_rows - 1}"
        raise PluginError(message)
    return _Blocks.of(label, field, rows, keys)


def _cap(
    keys: Sequence[_Blocks],
    n_rows: int,
    budget: int,
    others: Sequence[_Blocks] = (),
    others_cap: int = 0,
) -> int:
    """Return the largest cap at which the keys give no more pairs than the budget.

    A pair that several keys give counts once, so pairs have to be made to be counted:
    those of a sample of the rows.

    Args:
        keys: The keys to be capped.
        n_rows: The number of records.
        budget: The number of distinct pairs.
        others: Keys whose pairs count too, capped at `others_cap`.
        others_cap: The cap of the others.
    """
    one_in = max(n_rows // _SAMPLE_ROWS, 1)
    given = [blocks.pair(others_cap, one_in) for blocks in others]
    best = _CAPS[0]
    for cap in _CAPS:
        raw = sum(blocks.n_pairs(cap) for blocks in keys)
        if raw > _MOST_SHARED * budget:
            break
        made = [*given, *(blocks.pair(cap, one_in) for blocks in keys)]
        if len(_union(made, n_rows)) * one_in > budget:
            break
        best = cap
    return best


def _refine(first: _Keyed, second: _Keyed, n_rows: int) -> _Blocks:
    """Join two keys row by row: blocks of rows that share both."""
    order = np.argsort(second.rows, kind="stable")
    counts = np.bincount(second.rows, minlength=n_rows)
    starts = np.cumsum(counts) - counts
    repeats = counts[first.rows]
    matched = second.keys[order][_ranges(starts[first.rows], repeats)]
    width = int(second.keys.max(initial=0)) + 1
    keys = np.repeat(first.keys, repeats) * width + matched
    rows = np.repeat(first.rows, repeats)
    return _Blocks.of(f"{first.key} & {second.key}", first.field, rows, keys)


def _union(found: Sequence[tuple[Rows, Rows]], n_rows: int) -> Pairs:
    """Merge the pairs of all keys, each pair once, in order."""
    keys = [np.minimum(a, b) * n_rows + np.maximum(a, b) for a, b in found]
    merged = np.concatenate(keys) if keys else np.empty(0, dtype=np.int64)
    return Pairs.from_keys(distinct(merged), max(n_rows, 1))
