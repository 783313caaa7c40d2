"""From blocking keys to candidate pairs, within a budget.

Every block of a key up to a cap is paired outright: agreeing on something rare is
reason enough to compare. Rows of larger blocks are paired where they agree on a key of
another field as well, or where only copies of a record made the block large: these
belong together whatever the keys. Both caps are as large as the budget of pairs allows,
in the spirit of block purging (Papadakis et al. 2013, doi:10.1109/TKDE.2012.150): the
smaller a block, the more a shared key says. What stays too large even so is reported.

The blocks of all keys of a field are joined first, and equal ones taken once: keys that
allow for slips mostly make the same blocks, and two keys of one field say no more than
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import call
from custmerge.engines.blocks import Blocks, joined
from custmerge.engines.candidates import Candidates, Sample
from custmerge.engines.copies import originals_of
from custmerge.engines.crossing import crossed
from custmerge.exceptions import PluginError
from custmerge.pairs import KeyReport, Pairs
from custmerge.protocols import Blocker, Keys, Rows
from custmerge.records import RecordTable
from custmerge.threads import in_threads

__all__ = ["Blocking", "all_blocks", "block", "blocks_of", "key_of", "keys_of"]

_SINGLE_SHARE = 0.4
"""Share of the budget for blocks of one key; the rest is for refined blocks."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """The candidate pairs and where they came from.

    Attributes:
        candidates: The candidate pairs.
        reports: One report for each key and refinement that gives pairs or was capped.
        blocks: The blocks of each field's keys before any was capped.
    """

    candidates: Candidates
    reports: tuple[KeyReport, ...]
    blocks: tuple[Blocks, ...] = ()

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


def block(table: RecordTable, blockers: Sequence[Blocker], max_pairs: int) -> Blocking:
    """Return the pairs of rows that share a key, within about `max_pairs`.

    Args:
        table: The normalized records.
        blockers: The blockers; the order does not matter for the pairs.
        max_pairs: The budget, in distinct pairs.
    """
    n_rows = table.n_rows
    keys: list[Blocks] = []
    has_key: dict[tuple[str, ...], NDArray[np.bool_]] = {}
    for blocks, has_any in in_threads(
        lambda item: blocks_of(table, item), blockers, n_rows
    ):
        has_key[blocks.fields] = has_any | has_key.get(blocks.fields, False)
        keys.append(blocks)
    refinable = {fields: _refinable(fields, has_key, n_rows) for fields in has_key}
    is_copy = originals_of(table) != np.arange(n_rows)
    unrefined = [
        _unrefined(blocks, refinable[blocks.fields], is_copy) for blocks in keys
    ]
    sizes = [replace(blocks, rows=_NO_ROWS) for blocks in keys]  # enough for reports
    singles = _by_fields(keys)
    sample = Sample.of(singles, n_rows)
    cap = sample.largest_cap(int(max_pairs * _SINGLE_SHARE))
    large = [blocks.take(blocks.sizes > cap) for blocks in singles]
    crossings = crossed(large, n_rows) + _distinct(large, is_copy, cap)
    del large
    crossed_sample = Sample.of(crossings, n_rows)
    crossed_cap = crossed_sample.largest_cap(max_pairs, sample, cap)
    cap = max(cap, sample.largest_cap(max_pairs, crossed_sample, crossed_cap))
    reports = [
        blocks.report(cap, int((lasting > cap).sum()))
        for blocks, lasting in zip(sizes, unrefined, strict=True)
    ]
    reports += [
        blocks.report(crossed_cap, int((blocks.sizes > crossed_cap).sum()))
        for blocks in crossings
    ]
    kept = tuple(item for item in reports if item.n_pairs or item.n_capped)
    n_expected = sample.n_pairs(cap, crossed_sample, crossed_cap)
    paired = [blocks.take(blocks.sizes <= cap) for blocks in singles]
    del crossed_sample  # it holds the refined blocks, which are freed one by one
    for i, blocks in enumerate(crossings):
        crossings[i] = blocks.take(blocks.sizes <= crossed_cap)
    paired += crossings
    return Blocking(Candidates(paired, n_rows, n_expected), kept, tuple(singles))


def all_blocks(table: RecordTable, blockers: Iterable[Blocker]) -> tuple[Blocks, ...]:
    """Return the blocks of each field's keys, as `Blocking.blocks` has them."""
    return tuple(_by_fields([blocks_of(table, blocker)[0] for blocker in blockers]))


def blocks_of(table: RecordTable, blocker: Blocker) -> tuple[Blocks, NDArray[np.bool_]]:
    """Return the blocks of a blocker's keys, and which rows have any key."""
    label, fields = key_of(blocker)
    rows, keys = _keyed(table, blocker, label)
    has_any = np.zeros(table.n_rows, dtype=bool)
    has_any[rows] = True
    return Blocks.of(label, fields, (rows, keys), table.n_rows), has_any


def keys_of(table: RecordTable, blocker: Blocker) -> tuple[str, Rows, Keys]:
    """Return what a blocker is called, and rows and keys as it gives them."""
    label, _ = key_of(blocker)
    return (label, *_keyed(table, blocker, label))


def _by_fields(keys: list[Blocks]) -> list[Blocks]:
    """Join the blocks of keys of the same fields, each distinct block once.

    None are left in the list, so that not all is held twice.
    """
    groups: dict[tuple[str, ...], list[Blocks]] = {}
    while keys:
        blocks = keys.pop(0)
        groups.setdefault(blocks.fields, []).append(blocks)
    return [joined(groups.pop(fields)) for fields in [*groups]]


def _distinct(
    large: Sequence[Blocks], is_copy: NDArray[np.bool_], cap: int
) -> list[Blocks]:
    """Return the blocks that are not too large once copies are left out.

    Args:
        large: The blocks of each field's keys that are too large.
        is_copy: Which rows are the same in every field as an earlier one.
        cap: Rows of a block up to which it is not too large.
    """
    if not is_copy.any():
        return []
    fewer = [blocks.without(is_copy) for blocks in large]
    return [blocks.take(blocks.sizes <= cap) for blocks in fewer]


def _refinable(
    fields: tuple[str, ...],
    has_key: Mapping[tuple[str, ...], NDArray[np.bool_]],
    n_rows: int,
) -> NDArray[np.bool_]:
    """Return which rows have a key of another field; shape `(n_rows,)`."""
    refinable = np.zeros(n_rows, dtype=bool)
    for others, rows in has_key.items():
        if not set(fields) & set(others):
            refinable |= rows
    return refinable


def _unrefined(
    blocks: Blocks, refinable: NDArray[np.bool_], is_copy: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the sizes, copies left out, of the blocks that nothing else refines.

    Of the others another field has a key of each row.
    """
    if not len(blocks.sizes):
        return np.empty(0, dtype=np.int32)
    some = np.logical_or.reduceat(~refinable[blocks.rows], blocks.starts)
    n_distinct = np.add.reduceat(~is_copy[blocks.rows], blocks.starts, dtype=np.int32)
    return n_distinct[some]


_NO_ROWS = np.empty(0, dtype=np.int32)


def key_of(blocker: Blocker) -> tuple[str, tuple[str, ...]]:
    """Return what reports call a blocker's key, and the fields it is of."""
    field = getattr(blocker, "field", None)
    other = getattr(blocker, "swaps_with", None)
    fields = tuple(str(name) for name in (field, other) if name is not None)
    fields = tuple(getattr(blocker, "fields", fields)) or (blocker.name,)
    label = blocker.name if field is None else f"{'+'.join(fields)}:{blocker.name}"
    return label, fields


def _keyed(table: RecordTable, blocker: Blocker, label: str) -> tuple[Rows, Keys]:
    """Call the blocker, and see that it keeps its contract."""
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
    return rows, keys
