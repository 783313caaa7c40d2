"""Survivorship itself: from entities and ranks to the rows of the golden records.

For each field, the rows of an entity that hold a value compete. Where all of them
hold one value there is nothing to decide. Otherwise the first rule ranks them and
only the highest stay; where those hold one value, that rule decided; where not, the
next rule ranks them. What no rule decides goes to the smallest text in the order of
Unicode code points, so that a golden value never depends on the order of the records.
Of several rows that hold the winning value, the first in the table is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import (
    ColumnNotFoundError,
    CustmergeError,
    InvalidConfigError,
    InvalidInputError,
    PluginError,
)
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship.chain import Chain, columns_read
from custmerge.survivorship.contest import Contest, Winners
from custmerge.survivorship.defaults import default_rule
from custmerge.survivorship.rules import MostComplete

__all__ = ["MISSING", "ONLY_VALUE", "TIE_BREAK", "Survivors", "survive"]

MISSING = "missing"
"""No record of the entity holds the field, or not the one chosen for its group."""
ONLY_VALUE = "only_value"
"""All records of the entity that hold the field hold the same text."""
TIE_BREAK = "tie_break"
"""The rules left several texts equal; the smallest survived."""


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """For each column and entity, the row that the golden value comes from, and why.

    Attributes:
        rows: For each column, the winning row of each entity; shape `(n_entities,)`.
            Where the field is missing in all rows of an entity, its first row.
        decided: For each column, what decided it for each entity, as a position in
            `rule_names`; shape `(n_entities,)`.
        rule_names: `"missing"`, `"only_value"`, `"tie_break"`, and the rules' names.
    """

    rows: Mapping[str, Rows]
    decided: Mapping[str, NDArray[np.int16]]
    rule_names: tuple[str, ...]

    def lineage(self, entity: int, field: str) -> tuple[int, str]:
        """Return the row that an entity's golden value comes from, and what decided."""
        rule = self.rule_names[self.decided[field][entity]]
        return int(self.rows[field][entity]), rule

    def golden(self, table: RecordTable) -> RecordTable:
        """Return the golden records of the table that the survivors are rows of."""
        columns = {name: self.golden_column(table, name) for name in self.rows}
        return RecordTable(columns, max(map(len, self.rows.values()), default=0))

    def golden_column(self, table: RecordTable, name: str) -> Column:
        """Return one column of the golden records, as texts."""
        return table[name].take(self.rows[name])


def survive(
    table: RecordTable,
    labels: NDArray[np.int64],
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]] = (),
) -> Survivors:
    """Return, for each field of each entity, the row whose value survives.

    The columns of a group survive from one row together, missing cells included. It
    is the row that the rule of the group's first column chooses among those that
    hold that column; where no row of the entity does, the group's next column leads.
    What the rule leaves tied goes to the row with the most cells of the group.

    Args:
        table: The records as they came.
        labels: For each row, the position of its entity, `0` to `n_entities - 1`.
        rules: The rule of each column; others get `default_rule(None)`.
        groups: Columns that survive together.

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
    _check_columns(table, rules, groups)
    run = _Run.of(table, labels, rules)
    grouped = set(chain.from_iterable(groups))
    units = [*map(tuple, groups), *((name,) for name in table if name not in grouped)]
    rows: dict[str, Rows] = {}
    decided: dict[str, NDArray[np.int16]] = {}
    for unit in units:
        winners, reasons = run.survivors(unit)
        for field in unit:
            rows[field] = winners
            held = table[field].slots[winners, 0] >= 0
            decided[field] = np.where(held, reasons, run.codes[MISSING]).astype(
                np.int16
            )
    return Survivors(
        {name: rows[name] for name in table},
        {name: decided[name] for name in table},
        tuple(run.codes),
    )


def _check_columns(
    table: RecordTable,
    rules: Mapping[str, SurvivorshipRule],
    groups: Sequence[Sequence[str]],
) -> None:
    members = list(chain.from_iterable(groups))
    named = [*rules, *members, *chain.from_iterable(map(columns_read, rules.values()))]
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


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What is the same for all fields.

    `first` is the lowest row of each entity; `shared` are the rows of entities that
    have several, by entity and row, and `entities` says whose they are; `codes` are the
    positions in `rule_names`; `record_ranks` remembers what rules that look at the
    whole record said.
    """

    table: RecordTable
    first: Rows
    shared: Rows
    entities: Rows
    rules: Mapping[str, tuple[SurvivorshipRule, ...]]
    codes: Mapping[str, int]
    record_ranks: dict[SurvivorshipRule, Ranks]

    @classmethod
    def of(
        cls,
        table: RecordTable,
        labels: Rows,
        rules: Mapping[str, SurvivorshipRule],
    ) -> _Run:
        order, sizes = _by_entity(table, labels)
        steps = {name: _steps(rules.get(name, default_rule(None))) for name in table}
        used = (
            rule.name for rules_of_field in steps.values() for rule in rules_of_field
        )
        # Groups ask for the most complete row, whatever the rules.
        names = dict.fromkeys(
            (MISSING, ONLY_VALUE, TIE_BREAK, *used, MostComplete().name)
        )
        entities = np.repeat(np.arange(len(sizes)), sizes)
        is_shared = (sizes > 1)[entities]
        return cls(
            table,
            order[np.cumsum(sizes) - sizes],
            order[is_shared],
            entities[is_shared],
            steps,
            {name: code for code, name in enumerate(names)},
            {},
        )

    def survivors(self, unit: tuple[str, ...]) -> tuple[Rows, NDArray[np.int16]]:
        """Return each entity's row for columns that survive together, and why."""
        winners = self.first.copy()
        reasons = np.full(len(winners), self.codes[ONLY_VALUE], np.int16)
        led = np.zeros(len(winners), np.bool_)
        for field in unit:
            holds = self.table[field].slots[self.shared, 0] >= 0
            held = np.flatnonzero(holds & ~led[self.entities])
            rows, entities = self.shared[held], self.entities[held]
            for won, reason in self._outcomes(unit, field, rows, entities):
                winners[won.entities] = won.rows
                reasons[won.entities] = self.codes[reason]
            led[entities] = True
        return winners, reasons

    def _outcomes(
        self, unit: tuple[str, ...], field: str, rows: Rows, entities: Rows
    ) -> Iterator[tuple[Winners, str]]:
        """Yield the winners of some entities, with what decided for them."""
        columns = [self.table[name] for name in unit]
        rules = self.rules[field]
        if len(unit) > 1:
            rules = (*rules, MostComplete(unit))
        agreed, contest = Contest.of(columns, rows, entities).settled()
        yield agreed, ONLY_VALUE
        for rule in rules:
            if not len(contest.rows):
                return
            ranks = self._ranks(rule, field, contest)
            agreed, contest = contest.narrowed(ranks).settled()
            yield agreed, rule.name
        yield contest.smallest(columns), TIE_BREAK

    def _ranks(self, rule: SurvivorshipRule, field: str, contest: Contest) -> Ranks:
        """Return the rule's rank of each row that is still in the running."""
        running = contest.rows[contest.running]
        if hasattr(rule, "rank_within"):
            everyone = (self.table, field, contest.rows, contest.entities)
            return _called(rule, rule.rank_within, *everyone)[contest.running]
        if not getattr(rule, "whole_record", False):
            return _called(rule, rule.rank, self.table, field, running)
        if rule not in self.record_ranks:
            ranks = np.full(self.table.n_rows, np.nan)
            ranks[self.shared] = _called(
                rule, rule.rank, self.table, field, self.shared
            )
            self.record_ranks[rule] = ranks
        return self.record_ranks[rule][running]


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


def _steps(rule: SurvivorshipRule) -> tuple[SurvivorshipRule, ...]:
    return rule.rules if isinstance(rule, Chain) else (rule,)


def _called(
    rule: SurvivorshipRule,
    rank: Callable[..., Ranks],
    table: RecordTable,
    field: str,
    *rows: Rows,
) -> Ranks:
    """Return the ranks that a rule's method gives, or what is wrong with it."""
    try:
        ranks = np.asarray(rank(table, field, *rows), np.float64)
    except CustmergeError:
        raise
    except Exception as error:
        message = (
            f"survivorship rule {rule.name!r} raised {type(error).__name__} on the "
            f"field {field!r}"
        )
        raise PluginError(message) from error
    if ranks.shape != rows[0].shape:
        message = (
            f"survivorship rule {rule.name!r} returned ranks of shape {ranks.shape} "
            f"for {len(rows[0])} rows of the field {field!r}; give one for each row"
        )
        raise PluginError(message)
    return ranks
