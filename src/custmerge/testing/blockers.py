"""What the engine relies on in a blocker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from custmerge.blockers import IntoBlocker, as_blocker
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable
from custmerge.testing.awkward import awkward_table
from custmerge.testing.subjects import PICKLING, Subject

__all__ = ["check_blocker"]


def check_blocker(
    blocker: IntoBlocker,
    records: Sequence[Mapping[str, object]] = (),
    *,
    awkward: bool = True,
) -> None:
    """Check that a blocker keeps its contract; return nothing where it does.

    It must return rows and keys, integers of one length; give keys only to rows where
    its fields are present; give equal records equal keys; make the same blocks
    whatever the order of the records; take a table without rows; survive pickling.

    Args:
        blocker: The blocker, or what a configuration takes for one.
        records: Your own records, as the fields' normalizers leave them. They may be
            left out where the blocker says its `field` or `fields`.
        awkward: Whether to add records of `AWKWARD_TEXTS`.

    Raises:
        PluginError: A law is broken; the message says which, on what.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.testing import check_blocker
        >>> check_blocker({"name": "prefix", "field": "surname", "length": 3})
    """
    plugin = as_blocker(blocker)
    subject = Subject.of("blocker", plugin)
    named = getattr(plugin, "fields", None) or (getattr(plugin, "field", None),)
    needed = [name for name in named if isinstance(name, str)]
    other = getattr(plugin, "swaps_with", None)
    either = [*needed, other] if isinstance(other, str) else []
    table = awkward_table(records, either or needed, awkward=awkward)
    rows, keys = _keyed(subject, plugin.keys, table)
    # Without word of its fields, the blocker at least needs one of all there are.
    any_of = either or ([] if needed else list(table))
    present = (
        np.logical_or.reduce([table[name].present for name in any_of])
        if any_of
        else np.logical_and.reduce([table[name].present for name in needed])
    )
    stray = np.flatnonzero(~present[rows])
    subject.require(
        "gives keys to a row where a field it needs is missing", kept=not stray.size
    )
    order = np.arange(table.n_rows, dtype=np.int64)
    twice_rows, twice_keys = _keyed(subject, plugin.keys, _rows_of(table, [order] * 2))
    first, second = twice_rows < table.n_rows, twice_rows >= table.n_rows
    subject.require(
        "gives equal records different keys",
        kept=_pairs_of(twice_rows[first], twice_keys[first])
        == _pairs_of(twice_rows[second] - table.n_rows, twice_keys[second]),
    )
    other = np.roll(order[::-1], table.n_rows // 3)
    their_rows, their_keys = _keyed(subject, plugin.keys, _rows_of(table, [other]))
    blocks = _blocks(rows, keys)
    subject.require(
        "makes other blocks when the records come in another order",
        kept=_blocks(other[their_rows], their_keys) == blocks,
    )
    nothing, _ = _keyed(subject, plugin.keys, _rows_of(table, [order[:0]]))
    subject.require("gives keys to a table without rows", kept=not nothing.size)
    restored = _keyed(subject, subject.pickled(plugin).keys, table)
    subject.require(PICKLING, kept=_blocks(*restored) == blocks)


def _rows_of(table: RecordTable, parts: Sequence[Rows]) -> RecordTable:
    """Return rows of a table as a table of their own, encoded afresh."""
    rows = np.concatenate(parts)
    cells = {name: table[name].take(rows).decode() for name in table}
    return RecordTable.from_columns(cells, len(rows))


def _keyed(
    subject: Subject, keys_of: Callable[..., Any], table: RecordTable
) -> tuple[Rows, Keys]:
    found = subject.call(keys_of, table, on=f"a table of {table.n_rows} records")
    subject.require(
        "must return a tuple of two: rows and keys",
        kept=isinstance(found, tuple) and len(found) == 2,
    )
    rows, keys = (np.asarray(part) for part in found)
    subject.require(
        f"must return rows and keys of one length, 1-D; their shapes are {rows.shape} "
        f"and {keys.shape}",
        kept=rows.shape == keys.shape and rows.ndim == 1,
    )
    subject.require(
        f"must return integer rows and keys; they are {rows.dtype} and {keys.dtype}",
        kept=rows.dtype.kind in "iu" and keys.dtype.kind in "iu",
    )
    subject.require(
        "returned rows that the table does not have",
        kept=not rows.size or 0 <= int(rows.min()) <= int(rows.max()) < table.n_rows,
    )
    return rows.astype(np.int64), keys.astype(np.int64)


def _pairs_of(rows: Rows, keys: Keys) -> set[tuple[int, int]]:
    return set(zip(rows.tolist(), keys.tolist(), strict=True))


def _blocks(rows: Rows, keys: Keys) -> Counter[frozenset[int]]:
    """Return the blocks as sets of rows: what keys are called does not matter."""
    blocks: dict[int, set[int]] = {}
    for row, key in zip(rows.tolist(), keys.tolist(), strict=True):
        blocks.setdefault(key, set()).add(row)
    return Counter(map(frozenset, blocks.values()))
