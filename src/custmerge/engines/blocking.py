"""From blocking keys to candidate pairs, within a budget.

Every block of a key up to a cap is paired outright: agreeing on something rare is
reason enough to compare. Rows of larger blocks are paired where they agree on a key of
another field as well. Both caps are as large as the budget of pairs allows, in the
spirit of block purging (Papadakis et al. 2013, doi:10.1109/TKDE.2012.150): the smaller
a block, the more a shared key says. What stays too large even so is reported.

The blocks of all keys of a field are joined first, and equal ones taken once: keys that
allow for slips mostly make the same blocks, and two keys of one field say no more than
one.
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
from custmerge.pairs import KeyReport, Pairs, distinct, ranges
from custmerge.protocols import Blocker, Keys, Rows
from custmerge.records import RecordTable

__all__ = ["Blocking", "block", "keys_of"]

_CAPS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024)
"""Block sizes tried as caps."""
_SAMPLE_ROWS = 10_000
"""Rows whose pairs are counted to choose a cap."""
_MOST_SHARED = 20
"""Keys that give one pair, at most, on average: beyond, there is no need to count."""
_LARGEST = 2**62
_SINGLE_SHARE = 0.4
"""Share of the budget for blocks of one key; the rest is for refined blocks."""


_NO_KEYS: Keys = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Blocking:
    """The candidate pairs and where they came from.

    Attributes:
        pairs: The candidate pairs.
        reports: One report for each key and refinement that gave pairs or was capped.
        unblocked: The rows that are in no candidate pair, ascending.
        blocks: The blocks of each field's keys before any was capped.
    """

    pairs: Pairs
    reports: tuple[KeyReport, ...]
    unblocked: Rows
    blocks: tuple[_Blocks, ...] = ()

    def caught_by(self, pairs: Pairs) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
        """Return the fields with keys, and which of them each pair shares a key of.

        However large the block: whether the budget sufficed does not matter here. Keys
        that several fields have together count where one of these has none alone.

        Args:
            pairs: Any pairs of rows, as the table that was blocked numbers them.

        Returns:
            The fields' names (`a+b` of keys of two fields), and a table of shape
            `(n_pairs, n_fields)`; for `estimate_recall`.
        """
        of_one = {blocks.fields[0] for blocks in self.blocks if len(blocks.fields) == 1}
        groups = [
            blocks
            for blocks in self.blocks
            if len(blocks.fields) == 1 or not of_one.issuperset(blocks.fields)
        ]
        shared = np.zeros((len(pairs), len(groups)), dtype=bool)
        for i, blocks in enumerate(groups):
            shared[:, i] = blocks.shared(pairs)
        return tuple("+".join(blocks.fields) for blocks in groups), shared


class _Keyed(NamedTuple):
    """Rows of over-large blocks and, beside each, its block."""

    key: str
    fields: tuple[str, ...]
    rows: Rows
    keys: Keys


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Keys' rows sorted by key: `rows[starts[i]:starts[i] + sizes[i]]` is a block."""

    key: str
    fields: tuple[str, ...]
    rows: Rows
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, keyed: _Keyed) -> _Blocks:
        """Gather the rows of each key; a row alone in its block pairs nothing."""
        rows, keys = _sorted(keyed.rows, keyed.keys)
        first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        sizes = np.diff(np.r_[first, len(keys)])
        several = np.repeat(sizes > 1, sizes)
        sizes = sizes[sizes > 1].astype(np.int64)
        starts = np.cumsum(sizes) - sizes
        return cls(keyed.key, keyed.fields, rows[several], starts, sizes)

    @property
    def keys(self) -> Keys:
        """The block of each of the rows."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def take(self, where: NDArray[np.bool_]) -> _Keyed:
        """Return the rows, and a key for each, of some of the blocks."""
        chosen = np.flatnonzero(where)
        rows = self.rows[ranges(self.starts[chosen], self.sizes[chosen])]
        keys = np.repeat(np.arange(len(chosen)), self.sizes[chosen])
        return _Keyed(self.key, self.fields, rows, keys)

    def n_pairs(self, cap: int) -> int:
        """Return how many pairs the blocks up to `cap` make."""
        sizes = self.sizes[self.sizes <= cap]
        return int((sizes * (sizes - 1) // 2).sum())

    def pair(self, cap: int, above: int = 0, one_in: int = 1) -> tuple[Rows, Rows]:
        """Pair the rows of each block up to `cap`: row by row with those after it.

        Only of blocks `above` a size, and only one row in so many as `one_in` says.
        """
        small = (self.sizes <= cap) & (self.sizes > above)
        ends = np.repeat(self.starts[small] + self.sizes[small], self.sizes[small])
        positions = ranges(self.starts[small], self.sizes[small])
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
        keys = self.keys
        held = keys * n_rows + self.rows
        order = np.argsort(self.rows, kind="stable")
        counts = np.bincount(self.rows, minlength=n_rows)
        starts = np.cumsum(counts) - counts
        repeats = counts[pairs.left]
        theirs = keys[order][ranges(starts[pairs.left], repeats)]
        wanted = theirs * n_rows + np.repeat(pairs.right, repeats)
        places = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
        found = np.repeat(np.arange(len(pairs)), repeats)[held[places] == wanted]
        shared = np.zeros(len(pairs), dtype=bool)
        shared[found] = True
        return shared

    def report(self, cap: int, n_capped: int) -> KeyReport:
        """Describe the key, of whose blocks those up to `cap` were paired."""
        return KeyReport(
            self.key,
            len(self.sizes),
            self.n_pairs(cap),
            n_capped,
            int(self.sizes.max(initial=0)),
        )


def _sorted(rows: Rows, keys: Keys) -> tuple[Rows, Keys]:
    """Return rows and keys in order of both, each combination once."""
    width = int(rows.max(initial=0)) + 1
    if -_LARGEST // width < keys.min(initial=0) and keys.max(initial=0) < (
        _LARGEST // width
    ):  # both fit into one number, which sorts four times as fast
        keys, rows = np.divmod(distinct(keys * width + rows), width)
        return rows, keys
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return rows[fresh], keys[fresh]


def block(table: RecordTable, blockers: Sequence[Blocker], max_pairs: int) -> Blocking:
    """Return the pairs of rows that share a key, within about `max_pairs`.

    Args:
        table: The normalized records.
        blockers: The blockers; the order does not matter for the pairs.
        max_pairs: The budget, in distinct pairs.
    """
    n_rows = table.n_rows
    given = [_keyed(table, blocker) for blocker in blockers]
    keys = [_Blocks.of(keyed) for keyed in given]
    singles = _by_fields(keys)
    cap = _cap(singles, n_rows, int(max_pairs * _SINGLE_SHARE))
    large = [blocks.take(blocks.sizes > cap) for blocks in singles]
    refined = [
        _refine(first, second, n_rows)
        for first, second in combinations(large, 2)
        if not set(first.fields) & set(second.fields)
    ]
    refined_cap = _cap(refined, n_rows, max_pairs, singles, cap)
    cap = max(cap, _cap(singles, n_rows, max_pairs, refined, refined_cap))
    found = [blocks.pair(cap) for blocks in singles]
    found += [blocks.pair(refined_cap) for blocks in refined]
    pairs = Pairs.from_keys(_pair_keys(found, n_rows), max(n_rows, 1))
    has_key = _keyed_rows(given, n_rows)
    reports = [
        blocks.report(cap, _n_unrefined(blocks, cap, has_key)) for blocks in keys
    ]
    reports += [
        blocks.report(refined_cap, int((blocks.sizes > refined_cap).sum()))
        for blocks in refined
    ]
    paired = np.zeros(n_rows, dtype=bool)
    paired[pairs.left] = paired[pairs.right] = True
    kept = tuple(item for item in reports if item.n_pairs or item.n_capped)
    return Blocking(pairs, kept, np.flatnonzero(~paired), tuple(singles))


def keys_of(table: RecordTable, blocker: Blocker) -> tuple[str, Rows, Keys]:
    """Return what a blocker is called, and rows and keys as it gives them."""
    keyed = _keyed(table, blocker)
    return keyed.key, keyed.rows, keyed.keys


def _by_fields(keys: Sequence[_Blocks]) -> list[_Blocks]:
    """Join the blocks of keys of the same fields, each distinct block once."""
    groups: dict[tuple[str, ...], list[_Blocks]] = {}
    for blocks in keys:
        groups.setdefault(blocks.fields, []).append(blocks)
    return [_joined(group) for group in groups.values()]


def _joined(group: Sequence[_Blocks]) -> _Blocks:
    if len(group) == 1:
        return group[0]
    rows = np.concatenate([blocks.rows for blocks in group])
    sizes = np.concatenate([blocks.sizes for blocks in group])
    starts = np.cumsum(sizes) - sizes
    # Blocks are the same where the sums of their rows' hashes are.
    hashes = (rows + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashes = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    sums = np.add.reduceat(hashes, starts) if len(starts) else hashes
    _, first = np.unique(sums, return_index=True)
    once = np.zeros(len(sizes), dtype=bool)
    once[first] = True
    fields = group[0].fields
    everything = _Blocks("+".join(fields), fields, rows, starts, sizes)
    return _Blocks.of(everything.take(once))


def _keyed_rows(
    given: Sequence[_Keyed], n_rows: int
) -> dict[tuple[str, ...], NDArray[np.bool_]]:
    """Return, for the fields with keys, the rows that have one; shape `(n_rows,)`."""
    has_key: dict[tuple[str, ...], NDArray[np.bool_]] = {}
    for keyed in given:
        rows = has_key.setdefault(keyed.fields, np.zeros(n_rows, dtype=bool))
        rows[keyed.rows] = True
    return has_key


def _n_unrefined(
    blocks: _Blocks, cap: int, has_key: Mapping[tuple[str, ...], NDArray[np.bool_]]
) -> int:
    """Return how many over-large blocks hold a row without a key of another field."""
    over = blocks.take(blocks.sizes > cap)
    refinable = np.zeros(len(over.rows), dtype=bool)
    for fields, rows in has_key.items():
        if not set(fields) & set(blocks.fields):
            refinable |= rows[over.rows]
    return len(distinct(over.keys[~refinable]))


def _keyed(table: RecordTable, blocker: Blocker) -> _Keyed:
    field = getattr(blocker, "field", None)
    other = getattr(blocker, "swaps_with", None)
    fields = tuple(str(name) for name in (field, other) if name is not None)
    fields = tuple(getattr(blocker, "fields", fields)) or (blocker.name,)
    label = blocker.name if field is None else f"{'+'.join(fields)}:{blocker.name}"
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
    return _Keyed(label, fields, rows, keys)


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
    made = [blocks.pair(others_cap, 0, one_in) for blocks in others]
    known = _pair_keys(made, n_rows)
    best, above = _CAPS[0], 0
    for cap in _CAPS:
        raw = sum(blocks.n_pairs(cap) for blocks in keys)
        if raw > _MOST_SHARED * budget:
            break
        made = [blocks.pair(cap, above, one_in) for blocks in keys]
        known = _pair_keys(made, n_rows, known)
        if len(known) * one_in > budget:
            break
        best = above = cap
    return best


def _refine(first: _Keyed, second: _Keyed, n_rows: int) -> _Blocks:
    """Join two keys row by row: blocks of rows that share both."""
    order = np.argsort(second.rows, kind="stable")
    counts = np.bincount(second.rows, minlength=n_rows)
    starts = np.cumsum(counts) - counts
    repeats = counts[first.rows]
    matched = second.keys[order][ranges(starts[first.rows], repeats)]
    width = int(second.keys.max(initial=0)) + 1
    keys = np.repeat(first.keys, repeats) * width + matched
    rows = np.repeat(first.rows, repeats)
    key = f"{'+'.join(first.fields)} & {'+'.join(second.fields)}"
    return _Blocks.of(_Keyed(key, first.fields + second.fields, rows, keys))


def _pair_keys(
    found: Sequence[tuple[Rows, Rows]], n_rows: int, known: Keys = _NO_KEYS
) -> Keys:
    """Return `left * n_rows + right` of each pair found or known, once, ascending."""
    keys = [np.minimum(a, b) * n_rows + np.maximum(a, b) for a, b in found]
    return distinct(np.concatenate([known, *keys]))
