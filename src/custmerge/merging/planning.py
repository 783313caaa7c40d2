"""The merge plan of a result: for each customer of several records, what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from custmerge.exceptions import InvalidConfigError, InvalidInputError
from custmerge.finding import check_type
from custmerge.io import Dataset, own_names, plain_cells, read_table
from custmerge.io.dataset import require_column
from custmerge.merging.cells import is_same, plain
from custmerge.merging.crosswalk import Crosswalk
from custmerge.merging.documents import sealed
from custmerge.merging.plans import MergePlan
from custmerge.merging.pointing import Links, Pointed
from custmerge.merging.relinking import links_of
from custmerge.merging.steps import (
    Alternative,
    ChildTable,
    ChildWrite,
    FieldWrite,
    Layout,
    Loser,
    MergeStep,
    RecordName,
)
from custmerge.pairs import distinct
from custmerge.protocols import Rows
from custmerge.records import as_text

__all__ = ["Child", "plan_children", "plan_merge"]


@dataclass(frozen=True, slots=True, eq=False)
class Child:
    """A child table: its rows, what links them, and the column that names them."""

    dataset: Dataset
    links: Links
    key: str | None = None


def plan_children(
    tables: Mapping[str, object],
    on: str | Mapping[str, str],
    source: str | Mapping[str, str] | None,
    keys: Mapping[str, str],
) -> dict[str, Child]:
    """Return child tables by name, with what is said of them.

    Raises:
        ColumnNotFoundError: A column does not exist.
        InvalidConfigError: What is said is of other tables, or says no column of one.
        InvalidInputError: The tables are not given by name; one cannot be read; or a
            key is missing or repeated.
    """
    wanted = "a mapping by the names of the child tables, as {'orders': ...}"
    check_type("children", tables, isinstance(tables, Mapping), wanted)
    check_type("keys", keys, isinstance(keys, Mapping), wanted)
    links = links_of(tables, on, source)
    strays = sorted(set(keys).difference(tables))
    if strays:
        message = f"keys= names the tables {strays}, but they are {list(tables)}"
        raise InvalidConfigError(message)
    children = {
        name: Child(read_table(table), links[name], keys.get(name))
        for name, table in tables.items()
    }
    for name, child in children.items():
        if child.key is None or not child.dataset.columns:
            continue
        require_column(child.dataset.columns, child.key)
        codes = child.dataset.encode(child.key).codes
        n_wrong = len(codes) - len(distinct(codes[codes >= 0]))
        if n_wrong:
            message = (
                f"the key column {child.key!r} of the table {name!r} is missing or "
                f"repeated in {n_wrong:,} rows; a key must name one row"
            )
            raise InvalidInputError(message)
    return children


def plan_merge(
    crosswalk: Crosswalk,
    labels: Rows,
    golden: Mapping[str, Sequence[object]],
    children: Mapping[str, Child],
    conflicts: Dataset | None = None,
) -> MergePlan:
    """Return the plan that makes of each customer's records its golden record.

    Args:
        crosswalk: Who survives whom.
        labels: The entity of each record.
        golden: For columns of the records, the golden cell of each entity; others stay
            as the survivors have them.
        children: The child tables to re-point.
        conflicts: A table with a column `entity_id`, whose rows go to the steps.

    Raises:
        InvalidConfigError: The records have no id column.
        InvalidInputError: A cell has no form in JSON; or as `Pointed` says.
    """
    if crosswalk.id is None and len(labels):
        message = (
            "a merge plan names records by their ids, and these have none; say which "
            "column holds them with id="
        )
        raise InvalidConfigError(message)
    records = _Records.of(crosswalk)
    layout = records.layout(children)
    moved: dict[int, list[ChildWrite]] = defaultdict(list)
    for name, child in children.items():
        for entity, write in _child_writes(name, child, crosswalk, labels):
            moved[entity].append(write)
    noted = _by_entity(conflicts)
    steps = []
    for rows in _merged(labels):
        entity, survivor = int(labels[rows[0]]), int(crosswalk.survivors[rows[0]])
        losers = [records.loser(row) for row in rows if row != survivor]
        step = MergeStep(
            records.name(survivor),
            tuple(sorted(losers, key=lambda loser: _order(loser.record))),
            tuple(records.writes(rows, survivor, _of(golden, entity))),
            tuple(moved[entity]),
            tuple(noted[entity]),
        )
        steps.append(sealed(layout, step))
    steps.sort(key=lambda step: _order(step.survivor))
    return MergePlan(layout, tuple(steps), crosswalk.dataset.build)


@dataclass(frozen=True, slots=True, eq=False)
class _Records:
    """The records, as their own tables name and hold them.

    `tables` says of which table a record is, by position; `names` for each table its
    own name of each column, and `first` its first row.
    """

    walk: Crosswalk
    cells: Mapping[str, Sequence[object]]
    tables: Sequence[int]
    names: Sequence[Mapping[str, str]]
    first: Sequence[int]

    @classmethod
    def of(cls, walk: Crosswalk) -> _Records:
        dataset, codes = walk.dataset, walk.dataset.source_codes
        cells = {name: plain_cells(dataset, name) for name in dataset.columns}
        if codes is None:
            return cls(walk, cells, [0] * len(dataset), [{n: n for n in cells}], [0])
        names = own_names(dataset)
        first = np.searchsorted(codes, range(len(names)))
        return cls(walk, cells, codes.tolist(), names, first.tolist())

    def layout(self, children: Mapping[str, Child]) -> Layout:
        """Return how records and child rows are found."""
        walk, sources = self.walk, self.walk.dataset.sources or ("",)
        ids = {
            source: names[walk.id]
            for source, names in zip(sources, self.names, strict=True)
            if walk.id is not None and walk.id in names
        }
        repeat = len(walk.ids.values) < len(walk.ids)
        return Layout(
            ids,
            walk.source if repeat and walk.dataset.source_codes is None else None,
            {
                name: ChildTable(child.links.on, child.links.source, child.key)
                for name, child in children.items()
            },
        )

    def name(self, row: int) -> RecordName:
        """Return a record's name."""
        id_ = None if self.walk.id is None else self.cells[self.walk.id][row]
        source: object = None
        if self.walk.dataset.source_codes is not None:
            source = self.walk.dataset.sources[self.tables[row]]
        elif self.walk.source is not None:
            source = self.cells[self.walk.source][row]
        return RecordName(plain(id_), plain(source))

    def loser(self, row: int) -> Loser:
        """Return a record whole, and where it stands in its table."""
        table = self.tables[row]
        own = self.names[table].items()
        values = {mine: plain(self.cells[name][row]) for name, mine in own}
        return Loser(self.name(row), values, row - self.first[table])

    def writes(
        self, rows: Sequence[int], survivor: int, golden: Mapping[str, object]
    ) -> Iterator[FieldWrite]:
        """Yield the fields of a survivor that differ from the golden record's."""
        kept = (self.walk.id, self.walk.source)
        for name, mine in self.names[self.tables[survivor]].items():
            if name in kept or name not in golden:
                continue
            old, new = self.cells[name][survivor], golden[name]
            if is_same(old, new):
                continue
            others = tuple(self._alternatives(name, rows, as_text(new)))
            yield FieldWrite(mine, plain(old), plain(new), others)

    def _alternatives(
        self, name: str, rows: Sequence[int], chosen: str | None
    ) -> Iterator[Alternative]:
        """Yield the other values of a column in some rows, in the order of texts."""
        others: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            text = as_text(self.cells[name][row])
            if text is not None and text != chosen:
                others[text].append(row)
        for _, held in sorted(others.items()):
            records = sorted(map(self.name, held), key=_order)
            yield Alternative(plain(self.cells[name][held[0]]), tuple(records))


def _of(golden: Mapping[str, Sequence[object]], entity: int) -> dict[str, object]:
    return {name: cells[entity] for name, cells in golden.items()}


def _merged(labels: Rows) -> list[list[int]]:
    """Return the rows of each entity of several records."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels)
    ends = np.cumsum(sizes)
    several = np.flatnonzero(sizes > 1)
    spans = zip((ends - sizes)[several].tolist(), ends[several].tolist(), strict=True)
    return [order[start:end].tolist() for start, end in spans]


def _child_writes(
    name: str, child: Child, walk: Crosswalk, labels: Rows
) -> Iterator[tuple[int, ChildWrite]]:
    """Yield the cells of a child table that change, with the entity they follow."""
    dataset = child.dataset
    if not dataset.columns:  # no rows: a list of dicts has no columns without any
        return
    pointed = Pointed.of(dataset, walk, child.links)
    keys = range(len(dataset)) if child.key is None else dataset.cells(child.key)
    found = []
    for field, (rows, cells) in pointed.edits().items():
        held = dataset.cells(field)
        entities = labels[pointed.before[rows]].tolist()
        for row, cell, entity in zip(rows.tolist(), cells, entities, strict=True):
            moved = (plain(keys[row]), field, plain(held[row]), plain(cell))
            found.append((entity, ChildWrite(name, *moved)))
    found.sort(key=lambda item: (item[0], _order_of_id(item[1].child)))
    yield from found


def _by_entity(table: Dataset | None) -> dict[int, list[dict[str, Any]]]:
    """Return the rows of a table by their `entity_id`, as dicts without it."""
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if table is None or not len(table):
        return rows
    cells = {name: plain_cells(table, name) for name in table.columns}
    for place, entity in enumerate(cells.pop("entity_id")):
        rows[int(entity)].append({n: plain(held[place]) for n, held in cells.items()})  # type: ignore[call-overload]
    return rows


def _order(record: RecordName) -> tuple[object, ...]:
    return as_text(record.source) or "", *_order_of_id(record.id)


def _order_of_id(id_: object) -> tuple[object, ...]:
    """Return what orders numbers by size, before texts."""
    return (0, id_, "") if type(id_) is int else (1, 0, as_text(id_) or "")
