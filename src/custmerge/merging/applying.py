"""Merge plans carried out on tables in memory, and undone.

Both check everything before they change anything, and change copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from custmerge.exceptions import InvalidInputError, PlanError
from custmerge.finding import check_type
from custmerge.io import Dataset, edited, read_each, read_table, regathered
from custmerge.io.dataset import Native, require_column
from custmerge.io.mappings import Mappings
from custmerge.merging.cells import is_same
from custmerge.merging.crosswalk import UNKNOWN, Names
from custmerge.merging.plans import MergePlan
from custmerge.merging.pointing import made_like
from custmerge.merging.steps import ChildWrite, Loser, RecordName
from custmerge.protocols import Rows
from custmerge.records import Column, as_text

__all__ = ["apply_plan", "undo_plan"]

_NO_CHILDREN: Mapping[str, object] = {}


def apply_plan(
    plan: MergePlan,
    records: object,
    children: Mapping[str, object] = _NO_CHILDREN,
) -> tuple[Native, dict[str, Native]]:
    """Return records, and child tables, in which a plan is carried out.

    Survivors get their fields, losers are left out, and child rows are re-pointed.
    Tables keep their form and the types of their columns; a pandas index is new.

    Args:
        plan: The plan.
        records: The table that it was made of, or the tables by source, as they are
            now, with rows and columns in any order.
        children: All child tables that it was made with, by name.

    Raises:
        PlanError: The tables are not as the plan saw them: a survivor's field that it
            writes, or a loser's, has another value now, a record or child row is not
            there, or child rows that the plan does not know point to a loser; or the
            plan was changed.
        ColumnNotFoundError: A column that the plan names does not exist.
        InvalidInputError: A table cannot be read, or a column's type has no room for
            what is to be written.

    Examples:
        >>> import custmerge as cm
        >>> customers = [
        ...     {"id": 1, "name": "Ann Lee", "email": "ann@lee.org", "city": None},
        ...     {"id": 2, "name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
        ...     {"id": 3, "name": "Ann Lee", "email": None, "city": "Leeds"},
        ... ]
        >>> orders = [{"order": 7, "customer_id": 3}]
        >>> result = cm.resolve(customers, must_link=[(1, 3)])
        >>> plan = result.merge_plan({"orders": orders})
        >>> merged, children = cm.apply_plan(plan, customers, {"orders": orders})
        >>> [(row["id"], row["city"]) for row in merged], children["orders"]
        ([(1, 'Leeds'), (2, 'York')], [{'order': 7, 'customer_id': 1}])
    """
    _require_plan(plan)
    tables = _records(plan, records, undo=False)
    linked = _children(plan, children, undo=False)
    problems = [text for table in tables for text in table.problems()]
    problems += [text for child in linked for text in child.problems()]
    for child in linked:
        problems += _dangling(plan, child)
    _tell("apply", problems)
    merged = {table.name: _without_losers(table) for table in tables}
    return _as_given(merged), {child.name: child.written() for child in linked}


def undo_plan(
    plan: MergePlan,
    records: object,
    children: Mapping[str, object] = _NO_CHILDREN,
) -> tuple[Native, dict[str, Native]]:
    """Return records, and child tables, in which a plan that was applied is undone.

    What `apply_plan` made of tables becomes what they were, the order of their rows
    included where it was that of the plan. Other rows and fields stay as they are now.

    Args:
        plan: The plan.
        records: The table, or the tables by source, as they are now.
        children: All child tables that the plan was made with, by name.

    Raises:
        PlanError: What the plan wrote has another value now, a survivor or a child row
            is not there, or a loser is; or the plan was changed.
        ColumnNotFoundError: A column that the plan names does not exist.
        InvalidInputError: A table cannot be read, or a column's type has no room for
            what was there before.

    Examples:
        >>> import custmerge as cm
        >>> customers = [
        ...     {"id": 1, "name": "王小明", "phone": "13912345678", "city": None},
        ...     {"id": 2, "name": "王小明", "phone": "139 1234 5678", "city": "上海"},
        ... ]
        >>> plan = cm.resolve(customers).merge_plan()
        >>> merged, _ = cm.apply_plan(plan, customers)
        >>> len(merged), cm.undo_plan(plan, merged)[0] == customers
        (1, True)
    """
    _require_plan(plan)
    tables = _records(plan, records, undo=True)
    linked = _children(plan, children, undo=True)
    problems = [text for table in tables for text in table.problems()]
    problems += [text for child in linked for text in child.problems()]
    _tell("undo", problems)
    split = {table.name: _with_losers(table) for table in tables}
    return _as_given(split), {child.name: child.written() for child in linked}


def _require_plan(plan: MergePlan) -> None:
    """Check that a plan is one, and as it was made.

    Raises:
        InvalidInputError: It is none.
        PlanError: It was changed.
    """
    wanted = "a MergePlan, as result.merge_plan or MergePlan.load returns"
    check_type("plan", plan, isinstance(plan, MergePlan), wanted)
    plan.verify()


@dataclass(frozen=True, slots=True)
class _Write:
    """A cell to write: its row, negative where that is not there, and its column."""

    row: int
    field: str
    expected: Any
    cell: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """A table to write.

    `losers` are the records to take out of it or to bring back, `rows` where they are
    now, or negative, and `wrong` says what is wrong with it besides the writes.
    """

    name: str
    label: str
    dataset: Dataset
    writes: Sequence[_Write]
    losers: Sequence[Loser] = ()
    rows: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    wrong: Sequence[str] = ()

    def problems(self) -> Iterator[str]:
        """Yield what the table has otherwise than the plan takes it to."""
        yield from self.wrong
        yield from _stale(self.label, self.dataset, self.writes)

    def written(self) -> Native:
        """Return the table with the cells written."""
        columns: dict[str, list[_Write]] = defaultdict(list)
        for write in self.writes:
            columns[write.field].append(write)
        return edited(
            self.dataset,
            {
                name: (
                    np.array([write.row for write in writes]),
                    _fitted(self.dataset, name, [write.cell for write in writes]),
                )
                for name, writes in columns.items()
            },
        )


def _stale(label: str, dataset: Dataset, writes: Iterable[_Write]) -> Iterator[str]:
    """Yield what keeps cells from being written: rows and values that are others."""
    there: dict[str, list[_Write]] = defaultdict(list)
    absent = 0
    for write in writes:
        if write.row < 0:
            absent += 1
        else:
            there[write.field].append(write)
    if absent:
        yield f"{absent:,} cells of {label} are in rows that are not there"
    for name, found in there.items():
        require_column(dataset.columns, name)
        cells = dataset.cells(name)
        changed = sum(not is_same(cells[w.row], w.expected) for w in found)
        if changed:
            yield f"{changed:,} cells of the column {name!r} of {label} have changed"


def _tell(what: str, problems: Sequence[str]) -> None:
    """Say all problems at once.

    Raises:
        PlanError: There are any.
    """
    if problems:
        message = (
            f"cannot {what} the plan, for the tables are not as it takes them to be: "
            f"{'; '.join(problems)}; make a new plan of what they are now"
        )
        raise PlanError(message)


def _records(plan: MergePlan, records: object, *, undo: bool) -> list[_Target]:
    """Return the tables of records, and what to do with each.

    Raises:
        InvalidInputError: They cannot be read, or are not those of the plan.
    """
    ids = plan.layout.ids
    if set(ids) <= {""}:
        tables = {"": read_table(records)}
    elif isinstance(records, Mapping) and set(map(str, records)) == set(ids):
        tables = read_each(records)
    else:
        message = (
            f"the records must be tables by the names of their sources: {list(ids)}"
        )
        raise InvalidInputError(message)
    return [
        _record_table(plan, name, table, undo=undo) for name, table in tables.items()
    ]


def _record_table(
    plan: MergePlan, name: str, dataset: Dataset, *, undo: bool
) -> _Target:
    label = f"the records of {name!r}" if name else "the records"

    def is_here(record: RecordName) -> bool:
        return not name or record.source == name

    steps = [step for step in plan.steps if is_here(step.survivor)]
    losers = [x for step in plan.steps for x in step.losers if is_here(x.record)]
    survivors = [step.survivor for step in steps]
    found = _rows_of(plan, name, dataset, [*survivors, *(x.record for x in losers)])
    writes = [
        _Write(row, w.field, *((w.new, w.old) if undo else (w.old, w.new)))
        for step, row in zip(steps, found[: len(steps)].tolist(), strict=True)
        for w in step.writes
        if row >= 0
    ]
    rows = found[len(steps) :]
    n_absent = int((found[: len(steps)] < 0).sum())
    wrong = [f"{n_absent:,} survivors among {label} are not there"] * bool(n_absent)
    if undo:
        n_back = int((rows != UNKNOWN).sum())
        if n_back:
            wrong.append(f"{n_back:,} records to bring back are among {label} already")
        lacking = {name for loser in losers for name in loser.values}
        lacking.difference_update(dataset.columns)
        # A list of dicts has the columns that its records have.
        if lacking and not isinstance(dataset, Mappings):
            wrong.append(f"{label} have no columns {sorted(lacking)} any more")
    else:
        wrong += _changed(label, dataset, losers, rows)
    return _Target(name, label, dataset, writes, losers, rows, wrong)


def _changed(
    label: str, dataset: Dataset, losers: Sequence[Loser], rows: Rows
) -> Iterator[str]:
    """Yield what of losers is not there or has another value."""
    there = list(zip(losers, rows.tolist(), strict=True))
    absent = int((rows < 0).sum())
    if absent:
        yield f"{absent:,} losers among {label} are not there"
        there = [(loser, row) for loser, row in there if row >= 0]
    for name in {name: None for loser, _ in there for name in loser.values}:
        require_column(dataset.columns, name)
        cells = dataset.cells(name)
        changed = sum(not is_same(cells[row], x.values.get(name)) for x, row in there)
        if changed:
            yield (
                f"{changed:,} cells of the column {name!r} of losers among {label} "
                "have changed"
            )


def _rows_of(
    plan: MergePlan, name: str, dataset: Dataset, records: Sequence[RecordName]
) -> Rows:
    """Return the row of each record, negative where it is not there."""
    # A list of dicts has no columns once all of its records are merged away.
    if not records or not dataset.columns:
        return np.full(len(records), UNKNOWN, np.int64)
    column, source = plan.layout.ids[name], plan.layout.source
    for needed in (column, source):
        if needed is not None:
            require_column(dataset.columns, needed)
    sources = None if source is None else dataset.encode(source)
    names = Names(dataset.encode(column), sources, np.arange(len(dataset)))
    return names.find(
        Column.encode([record.id for record in records]),
        Column.encode([record.source for record in records]),
    )


def _children(
    plan: MergePlan, children: Mapping[str, object], *, undo: bool
) -> list[_Target]:
    """Return the child tables, and what to write in each.

    Raises:
        InvalidInputError: They cannot be read, or are not those of the plan.
    """
    known = plan.layout.children
    is_named = isinstance(children, Mapping)
    check_type("children", children, is_named, f"the tables by name: {list(known)}")
    if set(children) != set(known):
        message = (
            f"the child tables must be those of the plan, {list(known)}, but they are "
            f"{list(children)}"
        )
        raise InvalidInputError(message)
    planned: dict[str, list[ChildWrite]] = defaultdict(list)
    for step in plan.steps:
        for write in step.children:
            planned[write.table].append(write)
    targets = []
    for name, table in children.items():
        dataset = read_table(table)
        rows = _child_rows(dataset, known[name].key, planned[name])
        writes = [
            _Write(row, w.field, *((w.new, w.old) if undo else (w.old, w.new)))
            for row, w in zip(rows, planned[name], strict=True)
        ]
        targets.append(_Target(name, f"the table {name!r}", dataset, writes))
    return targets


def _child_rows(
    dataset: Dataset, key: str | None, writes: Sequence[ChildWrite]
) -> list[int]:
    """Return the row of each child, negative where it is not there."""
    if key is None:
        return [w.child if w.child < len(dataset) else UNKNOWN for w in writes]
    if not writes:
        return []
    require_column(dataset.columns, key)
    names = Names(dataset.encode(key), None, np.arange(len(dataset)))
    found: list[int] = names.find(Column.encode([w.child for w in writes])).tolist()
    return found


def _dangling(plan: MergePlan, child: _Target) -> Iterator[str]:
    """Yield how many rows would point to records that are no more."""
    said, dataset = plan.layout.children[child.name], child.dataset
    losers = [loser.record for step in plan.steps for loser in step.losers]
    if not losers or not len(dataset):
        return
    require_column(dataset.columns, said.on)
    sources = None
    if said.source is not None and said.source in dataset.columns:
        sources = dataset.encode(said.source)
    elif said.source is not None:
        sources = Column((said.source,), np.zeros(len(dataset), np.int32))
    names = Names(
        Column.encode([record.id for record in losers]),
        Column.encode([record.source for record in losers]),
        np.arange(len(losers)),
    )
    points = names.find(dataset.encode(said.on), sources) != UNKNOWN
    points[[write.row for write in child.writes if write.row >= 0]] = False
    count = int(points.sum())
    if count:
        yield f"{count:,} rows of {child.label} point to losers and are not in the plan"


def _without_losers(table: _Target) -> Native:
    kept = np.ones(len(table.dataset), dtype=bool)
    kept[table.rows] = False
    return regathered(read_table(table.written()), np.flatnonzero(kept), {})


def _with_losers(table: _Target) -> Native:
    """Return a table with its losers back, each where it stood if the rest fits."""
    dataset, losers = read_table(table.written()), table.losers
    n_rows, n_all = len(dataset), len(dataset) + len(losers)
    columns = dict.fromkeys([*dataset.columns, *(n for x in losers for n in x.values)])
    more = {
        name: _fitted(dataset, name, [loser.values.get(name) for loser in losers])
        for name in columns
    }
    rows = np.full(n_all, -1)
    fits = [i for i, loser in enumerate(losers) if loser.row < n_all]
    rows[[losers[i].row for i in fits]] = n_rows + np.array(fits, dtype=np.int64)
    rest = [n_rows + i for i, loser in enumerate(losers) if loser.row >= n_all]
    rows[rows < 0] = [*range(n_rows), *rest]
    return regathered(dataset, rows, more)


def _fitted(dataset: Dataset, column: str, cells: list[object]) -> list[object]:
    """Return cells in the type of their column's own, if they can be.

    Of several sources, a column may have been read in a type that holds all of them.
    """
    if column not in dataset.columns:
        return cells
    held = dataset.cells(column)
    if {type(cell) for cell in cells if cell is not None} <= set(map(type, held)):
        return cells
    kinds = {type(cell) for cell in held if as_text(cell) is not None}
    made = made_like(kinds, list(map(as_text, cells)), cells)
    return cells if made is None else list(made)


def _as_given(tables: Mapping[str, Native]) -> Native:
    return tables[""] if "" in tables else dict(tables)
