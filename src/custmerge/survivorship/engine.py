"""Survivorship itself: from entities and ranks to the rows of the golden records.

For each field, the rows of an entity that hold a value compete. Where all of them
hold one value there is nothing to decide. Otherwise the first rule ranks them and
only the highest stay; where those hold one value, that rule decided; where not, the
next rule ranks them. What no rule decides goes to the smallest text in the order of
Unicode code points, so that a golden value never depends on the order of the records;
of texts that differ in case alone, those in mixed case go first (see `mixed_case`).
Of several rows that hold the winning value, the surviving record is named, else the
one with the smallest id; without ids, the first in the table.

Rules that make values (see `making`), the surviving record, the gaps of groups and
what persons say are in `Terms`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import (
    ColumnNotFoundError,
    InvalidConfigError,
    InvalidInputError,
)
from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable, as_text
from custmerge.survivorship.chain import columns_read
from custmerge.survivorship.contending import Contending, Outcome
from custmerge.survivorship.making import is_making, source_of
from custmerge.survivorship.survivors import (
    PINNED,
    Losses,
    Override,
    Survivors,
    Terms,
)
from custmerge.survivorship.units import reasons_lost, survivors_of
from custmerge.threads import in_threads

__all__ = ["survive", "trace"]

_TERMS = Terms()


def survive(
    table: RecordTable,
    labels: NDArray[np.int64],
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]] = (),
    terms: Terms = _TERMS,
) -> Survivors:
    """Return, for each field of each entity, the row whose value survives.

    The columns of a group survive from one row together, missing cells included. It
    is the row that the rule of the group's first column chooses among those that
    hold that column; where no row of the entity does, the group's next column leads.
    What the rule leaves tied goes to the row with the most cells of the group.

    Args:
        table: The records as they came.
        labels: For each row, the position of its entity, `0` to `n_entities - 1`.
        rules: The rule of each column; others get `default_rule(None)`. A name that is
            no column is a new golden column, if its rule says what column it is `of`.
        groups: Columns that survive together; those with a rule that makes values
            survive by themselves.
        terms: What holds for all fields together.

    Raises:
        ColumnNotFoundError: A rule or a group names a column that does not exist.
        InvalidConfigError: A column is in two groups.
        PluginError: A rule raised, or returned no rank for each row.

    Examples:
        >>> from custmerge.survivorship import most_recent
        >>> table = RecordTable.from_mappings(
        ...     [
        ...         {"name": "Ann Li", "city": "Ulm", "at": "2023-01-31"},
        ...         {"name": "Ann Li", "city": "Bonn", "at": "2024-05-01"},
        ...         {"name": "Bo Berg", "city": None, "at": "2022-02-02"},
        ...     ]
        ... )
        >>> survivors = survive(table, np.array([0, 0, 1]), {"city": most_recent("at")})
        >>> survivors.golden(table)["city"].decode()
        ['Bonn', None]
        >>> [survivors.lineage(0, field) for field in ("name", "city")]
        [(0, 'only_value'), (1, 'most_recent')]
    """
    contending = _contending(table, _by_entity(table, labels), rules, groups, terms)
    found = in_threads(
        partial(survivors_of, contending), _units(contending, groups), table.n_rows
    )
    outcomes = {name: outcome for part in found for name, outcome in part.items()}
    return _survivors(contending, outcomes)


def trace(
    table: RecordTable,
    labels: NDArray[np.int64],
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]] = (),
    terms: Terms = _TERMS,
    entity: int | None = None,
) -> tuple[Survivors, Losses]:
    """Return what `survive` does, and what ruled each losing cell out.

    A cell has lost where it is present and its text is not the golden value's. Cells
    that a computed value is made of have not, but those that could not be read.

    Args:
        table: As for `survive`; the next four too.
        labels: For each row, its entity.
        rules: The rule of each column.
        groups: Columns that survive together.
        terms: What holds for all fields together.
        entity: The one entity to look at, in the result the entity 0; by default all.

    Raises:
        CustmergeError: As `survive` does, and where there is no such entity.

    Examples:
        >>> from custmerge.survivorship import most_recent
        >>> table = RecordTable.from_columns(
        ...     {"city": ["Ulm", "Bonn", "Ulm"], "at": ["2023", "2024-05-01", None]}, 3
        ... )
        >>> rules = {"city": most_recent("at")}
        >>> survivors, losses = trace(table, np.zeros(3, int), rules)
        >>> rules_of_city = losses.rules[losses.fields == 0]
        >>> [survivors.rule_names[code] for code in rules_of_city]
        ['most_recent', 'most_recent']
    """
    by_entity = _by_entity(table, labels)
    if entity is not None:
        rows = np.flatnonzero(labels == entity)
        if not len(rows):
            message = f"there is no entity {entity}; they go from 0 on without a gap"
            raise InvalidInputError(message)
        by_entity = rows, np.array([len(rows)])
    contending = _contending(table, by_entity, rules, groups, terms).traced()
    outcomes: dict[str, Outcome] = {}
    codes: dict[str, NDArray[np.int16]] = {}
    for unit in _units(contending, groups):
        found = survivors_of(contending, unit)
        codes |= {
            name: reasons_lost(contending, unit, name, found[name]) for name in unit
        }
        outcomes |= found
    survivors = _survivors(contending, outcomes)
    return survivors, _losses(contending, survivors, codes)


def _units(
    contending: Contending, groups: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """Return the golden columns that survive together, and those by themselves."""
    making = {name for name, rules in contending.rules.items() if is_making(rules[0])}
    together = [tuple(name for name in group if name not in making) for group in groups]
    grouped = set(chain.from_iterable(together))
    alone = [(name,) for name in contending.rules if name not in grouped]
    return [unit for unit in together if unit] + alone


def _contending(
    table: RecordTable,
    by_entity: tuple[Rows, NDArray[np.int64]],
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]],
    terms: Terms,
) -> Contending:
    _check_columns(table, rules, groups, terms)
    order, sizes = by_entity
    owners = np.full(table.n_rows, -1)
    owners[order] = np.repeat(np.arange(len(sizes)), sizes)
    # What is said of other entities than the one that is traced says nothing here.
    overrides = [told for told in terms.overrides if owners[told.row] >= 0]
    terms = replace(terms, overrides=overrides)
    barred: dict[str, list[Override]] = defaultdict(list)
    for told in overrides:
        if told.never:
            barred[told.field].append(told)
    excluded = {
        name: _holding(table[_source(rules, name)], owners, those)
        for name, those in barred.items()
    }
    return Contending.of(table, (order, sizes, owners), rules, terms, excluded)


def _holding(
    column: Column, owners: Rows, told: Sequence[Override]
) -> NDArray[np.bool_]:
    """Return which rows hold a value that was told of their entity."""
    codes = {text: code for code, text in enumerate(column.values)}
    held = column.first.astype(np.int64)
    keys = [
        int(owners[one.row]) * len(codes) + codes[text]
        for one in told
        if (text := as_text(one.value)) in codes
    ]
    found = np.isin(owners * len(codes) + held, keys)
    return (owners >= 0) & (held >= 0) & found


def _source(rules: Mapping[str, SurvivorshipRule], name: str) -> str:
    """Return the input column of a golden column."""
    return source_of(rules[name], name) if name in rules else name


def _survivors(contending: Contending, outcomes: Mapping[str, Outcome]) -> Survivors:
    """Return what survives, and what persons pinned in its place."""
    rules, terms = contending.rules, contending.terms
    pins = [told for told in terms.overrides if not told.never]
    rows = {name: outcomes[name].rows for name in rules}
    decided = {name: outcomes[name].reasons for name in rules}
    values = {name: dict(outcomes[name].values) for name in rules}
    for name in {told.field for told in pins}:
        # Columns of a group have one array.
        rows[name], decided[name] = rows[name].copy(), decided[name].copy()
    for told in pins:
        entity = int(contending.owners[told.row])
        rows[told.field][entity] = told.row
        decided[told.field][entity] = contending.codes[PINNED]
        values[told.field][entity] = told.value
    return Survivors(
        rows,
        decided,
        tuple(contending.codes),
        contending.masters,
        {name: source_of(rules[name][0], name) for name in rules},
        {name: changed for name, changed in values.items() if changed},
        frozenset(name for name in rules if outcomes[name].is_computed),
        tuple(terms.overrides),
        {name: rules[name][0].name for name in rules if outcomes[name].is_unread},
    )


def _losses(
    contending: Contending,
    survivors: Survivors,
    codes: Mapping[str, NDArray[np.int16]],
) -> Losses:
    """Return the cells that lost, by golden column, entity and row.

    Args:
        contending: What contended.
        survivors: What survived.
        codes: For each golden column and each row that contended, what ruled it out.
    """
    table, order = contending.table, contending.order
    entities = contending.owners[order]
    nothing = np.empty(0, np.int64)
    found = [(nothing, nothing, nothing, nothing)]  # there may be no columns
    for place, name in enumerate(survivors.rows):
        held = table[survivors.columns[name]].slots[order, 0]
        golden = survivors.golden_column(table, name).codes[entities]
        pinned = survivors.decided[name][entities] == contending.codes[PINNED]
        lost = (held >= 0) & (held != golden)
        if name in survivors.computed:
            lost &= pinned | (codes[name] >= 0)
        reasons = np.where(pinned, contending.codes[PINNED], codes[name])
        at = np.flatnonzero(lost)
        found.append((np.full(len(at), place), order[at], entities[at], reasons[at]))
    fields, rows, owners, reasons = map(np.concatenate, zip(*found, strict=True))
    return Losses(fields.astype(np.int32), rows, owners, reasons.astype(np.int16))


def _check_columns(
    table: RecordTable,
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]],
    terms: Terms,
) -> None:
    members = list(chain.from_iterable(groups))
    fields = {name for name in rules if _source(rules, name) == name}
    told = {told.field for told in terms.overrides} - set(rules)
    named = [*fields, *members, *told, *terms.mastered, *columns_read(terms.master)]
    named += chain.from_iterable(map(columns_read, rules.values()))
    unknown = sorted({name for name in named if name not in table})
    if unknown:
        message = (
            f"the survivorship rules and groups name the columns {unknown}, which do "
            f"not exist; the columns are {list(table)}"
        )
        raise ColumnNotFoundError(message)
    twice = sorted({a for a, b in pairwise(sorted(members)) if a == b})
    if twice:
        message = (
            f"the columns {twice} are named more than once in the survivorship groups; "
            "a column can survive with one group only"
        )
        raise InvalidConfigError(message)


def _by_entity(table: RecordTable, labels: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Return the rows by entity and row, and the number of rows of each entity."""
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, np.int64)
    if len(labels) != table.n_rows or not sizes.all():
        message = (
            f"{len(labels)} entity labels for {table.n_rows} rows: each row needs one, "
            "and the labels must be 0, 1, 2 and so on without a gap"
        )
        raise InvalidInputError(message)
    # Sorting numbers is several times as fast as ordering by them.
    rows = np.arange(len(labels))
    order: Rows = np.sort(labels * len(labels) + rows) % max(len(labels), 1)
    return order, sizes
