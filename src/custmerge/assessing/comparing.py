"""What changed between two results: entities, records and golden values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field as attribute
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering import components
from custmerge.display import html_table, text_table
from custmerge.exceptions import InvalidInputError
from custmerge.finding import RecordFinder, check_type
from custmerge.io import OutputColumn
from custmerge.merging.crosswalk import Names
from custmerge.naming import RecordNames
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import Column
from custmerge.resolution import Resolution

__all__ = ["CHANGES", "Change", "Comparison", "compare"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""

CHANGES = ("merged", "split", "overlapping", "added", "removed", "unchanged")
"""What can become of entities: several into one, one into several, several into several
others; all records new, or all gone; the same records, as far as both results have
them."""
_MERGED, _SPLIT, _OVERLAPPING, _ADDED, _REMOVED, _UNCHANGED = range(len(CHANGES))


@dataclass(frozen=True, slots=True)
class Change:
    """How many entities something became of.

    Attributes:
        kind: What became of them, of `CHANGES`.
        n_before: How many of the first result.
        n_after: How many of the second.
    """

    kind: str
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True, eq=False)
class _Overlaps:
    """The entities of two results that share records; added and removed ones too.

    Attributes:
        before: An entity of the first result, -1 of an added one.
        after: An entity of the second, -1 of a removed one.
        n_shared: How many records both hold.
        kinds: What became of them, as positions in `CHANGES`.
    """

    before: Rows
    after: Rows
    n_shared: Rows
    kinds: NDArray[np.int32]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What changed from one result to another, by the ids of the records.

    Tables come in the form that the records of the second result came in.

    Attributes:
        n_shared: How many records both results have.
        changes: What became of how many entities, in the order of `CHANGES`. Only
            records that both results have count, but for those added and removed.
        only_before: The ids of the records that only the first result has; with several
            sources pairs of source and id.
        only_after: The same of the second.

    Examples:
        >>> import custmerge as cm
        >>> names = ["Ann Lee", "Ann Lee", "Bo Chan"]
        >>> before = cm.resolve({"no": ["K7", "K8", "K9"], "name": names}, id="no")
        >>> changed = cm.compare(before, before.split(0, [["K8"]]))
        >>> print(changed)
        entities     before  after
        merged       0       0
        split        1       2
        overlapping  0       0
        added        0       0
        removed      0       0
        unchanged    1       1
        <BLANKLINE>
        records in both   3
        only before       0
        only after        0
        values that differ
          no              1
    """

    n_shared: int
    changes: tuple[Change, ...]
    only_before: tuple[object, ...]
    only_after: tuple[object, ...]
    _before: Resolution = attribute(repr=False)
    _after: Resolution = attribute(repr=False)
    _overlaps: _Overlaps = attribute(repr=False)

    @cached_property
    def entities(self) -> Table:
        """One row for each two entities that share records, the changed ones first.

        Columns: `change`, of `CHANGES`; `entity_before` and `entity_after`, one of them
        missing where an entity was added or removed; `n_before` and `n_after`, how many
        records each holds, and `n_shared`, how many both do.
        """
        found = self._overlaps
        order = np.lexsort((found.after, found.before, found.kinds))
        before, after = found.before[order], found.after[order]
        columns: dict[str, OutputColumn] = {
            "change": Column(CHANGES, found.kinds[order]),
            "entity_before": _numbers(before),
            "entity_after": _numbers(after),
            "n_before": _sizes(self._before, before),
            "n_after": _sizes(self._after, after),
            "n_shared": found.n_shared[order],
        }
        return self._after.dataset.build(columns)

    @cached_property
    def fields(self) -> Table:
        """One row for each golden value that differs, by field and entity.

        Each entity of the second result stands beside the one of the first that shares
        most records with it. Columns: `entity_before`, `entity_after`, `change` (of
        `CHANGES`), `field` (of the golden columns that both results have), and the
        values `old` and `new` as text, missing where there is none.
        """
        parts = list(self._changed)
        places = _joined([place for _, place, _, _ in parts], np.int64)
        found = self._matched
        codes = [
            np.full(len(part[1]), number, dtype=np.int32)
            for number, part in enumerate(parts)
        ]
        columns: dict[str, OutputColumn] = {
            "entity_before": found.before[places],
            "entity_after": found.after[places],
            "change": Column(CHANGES, found.kinds[places]),
            "field": Column(tuple(part[0] for part in parts), _joined(codes, np.int32)),
            "old": [text for part in parts for text in part[2].decode()],
            "new": [text for part in parts for text in part[3].decode()],
        }
        return self._after.dataset.build(columns)

    @cached_property
    def n_changed(self) -> dict[str, int]:
        """How many golden values differ, by field; see `fields`."""
        return {name: len(places) for name, places, _, _ in self._changed}

    @cached_property
    def _changed(self) -> tuple[tuple[str, Rows, Column, Column], ...]:
        """For each field with changes the places in `_matched`, and both values."""
        return tuple(_changed_values(self._before, self._after, self._matched))

    @cached_property
    def _matched(self) -> _Overlaps:
        """Each entity of the second result, with the first's that shares most."""
        found = self._overlaps
        shared = np.flatnonzero((found.before >= 0) & (found.after >= 0))
        order = np.lexsort(
            (
                found.before[shared],
                -found.n_shared[shared],
                found.after[shared],
            )
        )
        shared = shared[order]
        first = shared[np.diff(found.after[shared], prepend=-1) != 0]
        return _Overlaps(
            found.before[first],
            found.after[first],
            found.n_shared[first],
            found.kinds[first],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and the ids as plain dicts and lists."""
        return {
            "n_shared": self.n_shared,
            "changes": [asdict(change) for change in self.changes],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
            "n_changed": dict(self.n_changed),
        }

    def __repr__(self) -> str:
        told = (
            f"{one.kind} {one.n_before:,} to {one.n_after:,}" for one in self.changes
        )
        return f"Comparison({', '.join(told)})"

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (one.kind, f"{one.n_before:,}", f"{one.n_after:,}") for one in self.changes
        ]

    def _notes(self) -> list[tuple[str, str]]:
        differ = [(f"  {name}", f"{n:,}") for name, n in self.n_changed.items()]
        return [
            ("records in both", f"{self.n_shared:,}"),
            ("only before", f"{len(self.only_before):,}"),
            ("only after", f"{len(self.only_after):,}"),
            ("values that differ", "" if differ else "0"),
            *differ,
        ]

    def __str__(self) -> str:
        """Return what became of the entities, and how many golden values differ."""
        lines = text_table([_HEADER, *self._rows()])
        return "\n".join([*lines, "", *text_table(self._notes())])

    def _repr_html_(self) -> str:
        counts = html_table(_HEADER, self._rows())
        return counts + html_table(("", ""), self._notes())


_HEADER = ("entities", "before", "after")


def compare(before: Resolution, after: Resolution) -> Comparison:
    """Return what changed from one result to another.

    Records are told by their ids, so the two may be of different files, in any order;
    with several sources by source and id. Without an id column they go by their row
    numbers, and must then be the same records in the same order.

    Args:
        before: A result.
        after: Another one, of some of the same records.

    Raises:
        InvalidInputError: One of them has ids and the other has not, or an id stands
            for several records.

    Examples:
        >>> import custmerge as cm
        >>> rows = [{"id": "k1", "姓名": "王小明"}, {"id": "k2", "姓名": "王小明"}]
        >>> before, after = (
        ...     cm.resolve(rows),
        ...     cm.resolve([*rows, {"id": "k3", "姓名": "李娜"}]),
        ... )
        >>> cm.compare(before, after).only_after
        ('k3',)
    """
    for name, given in (("before", before), ("after", after)):
        is_result = isinstance(given, Resolution)
        check_type(name, given, is_result, "a Resolution, as cm.resolve returns")
    rows = _same_records(before.basis.finder, after.basis.finder)
    is_gone = rows < 0
    is_new = np.ones(len(after.labels), dtype=np.bool_)
    is_new[rows[~is_gone]] = False
    found = _overlaps(before, after, rows)
    gone, new = (
        RecordNames.of(one.dataset, one.config).listed(np.flatnonzero(only))
        for one, only in ((before, is_gone), (after, is_new))
    )
    counts = (
        Change(
            kind,
            *(
                len(np.unique(ids[(found.kinds == code) & (ids >= 0)]))
                for ids in (found.before, found.after)
            ),
        )
        for code, kind in enumerate(CHANGES)
    )
    return Comparison(
        int((~is_gone).sum()), tuple(counts), gone, new, before, after, found
    )


def _same_records(before: RecordFinder, after: RecordFinder) -> Rows:
    """Return the row in the second result of each record of the first, -1 of none.

    Raises:
        InvalidInputError: One has ids and the other not, or an id is of several.
    """
    if before.ids is None and after.ids is None:
        rows = np.arange(before.n_rows)
        return np.where(rows < after.n_rows, rows, -1)
    if before.ids is None or after.ids is None:
        message = (
            "compare needs the ids of the records in both results, and one has no id "
            "column; name it with id="
        )
        raise InvalidInputError(message)
    named = None not in (before.sources, after.sources)
    names = Names(after.ids, after.sources if named else None, np.arange(after.n_rows))
    rows = names.find(before.ids, before.sources if named else None)
    n_several = int((rows < -1).sum())
    found = rows[rows >= 0]
    n_several += len(found) - len(np.unique(found))
    if n_several:
        message = (
            f"{n_several} ids are of more than one record in one of the results; "
            "compare results that name the sources of their records alike"
        )
        raise InvalidInputError(message)
    return rows


def _overlaps(before: Resolution, after: Resolution, rows: Rows) -> _Overlaps:
    """Return which entities share records, and what became of them."""
    shared = np.flatnonzero(rows >= 0)
    old, new = before.labels[shared], after.labels[rows[shared]]
    width = max(after.n_entities, 1)
    cells, counts = np.unique(old * width + new, return_counts=True)
    old, new = cells // width, cells % width
    n_old, n_nodes = before.n_entities, before.n_entities + after.n_entities
    group = components(n_nodes, Pairs.of(old, n_old + new))
    held = [np.zeros(n_nodes, dtype=np.int64) for _ in range(2)]
    for sizes, nodes in zip(
        held, (np.unique(old), n_old + np.unique(new)), strict=True
    ):
        np.add.at(sizes, group[nodes], 1)
    n_before, n_after = (sizes[group[old]] for sizes in held)
    kinds = np.select(
        [(n_before == 1) & (n_after == 1), n_after == 1, n_before == 1],
        [_UNCHANGED, _MERGED, _SPLIT],
        _OVERLAPPING,
    )
    gone = np.setdiff1d(np.arange(before.n_entities), old)
    fresh = np.setdiff1d(np.arange(after.n_entities), new)
    nothing = np.full(len(gone), -1), np.full(len(fresh), -1)
    more = np.repeat([_REMOVED, _ADDED], [len(gone), len(fresh)])
    return _Overlaps(
        np.concatenate([old, gone, nothing[1]]),
        np.concatenate([new, nothing[0], fresh]),
        np.concatenate([counts, np.zeros(len(more), dtype=np.int64)]),
        np.concatenate([kinds, more]).astype(np.int32),
    )


def _changed_values(
    before: Resolution, after: Resolution, found: _Overlaps
) -> Iterator[tuple[str, Rows, Column, Column]]:
    """Yield each golden column that differs, where it does, and both values."""
    tables = before.basis.table, after.basis.table
    for name in after.survivors.rows:
        if name not in before.survivors.rows:
            continue
        old = before.survivors.golden_column(tables[0], name).take(found.before)
        new = after.survivors.golden_column(tables[1], name).take(found.after)
        index = {value: code for code, value in enumerate(new.values)}
        known = [index.get(value, -2) for value in old.values]
        codes = np.asarray([*known, -1], dtype=np.int64)[old.first]
        places = np.flatnonzero(codes != new.first)
        if len(places):
            yield name, places, old.take(places), new.take(places)


def _numbers(entities: Rows) -> OutputColumn:
    if (entities >= 0).all():
        return entities
    return [None if entity < 0 else entity for entity in entities.tolist()]


def _sizes(result: Resolution, entities: Rows) -> NDArray[np.int64]:
    """Return how many records entities hold, 0 where there is none."""
    return np.append(result.sizes, 0)[entities]


def _joined(arrays: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)
