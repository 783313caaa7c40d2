"""Rules one after another, and what a rule may add to the protocol.

`SurvivorshipRule.rank` judges each row by itself, for the rows of many entities at
once. A rule may offer more, and the engine then uses it:

- `rank_within` (`EntityRule`): ranks that depend on the entity's other rows.
- `whole_record = True`: ranks that do not depend on the field, asked for once rather
  than for each field; such a rule must be hashable.
- `bind(roles)` (`RoleRule`): fills in columns that were left open by their role.
- `of_kind(kind, region)` (`KindRule`): tells what the field's values are.
- `reads`: names of the columns it looks at besides its own field.
- `make`: values that are no cell of one row; see `making`.
- `parts`: the rules that it is made of, where it is made of rules.
- `lacks`: sentences that say what must still be filled in before it can rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.protocols import Named, Ranks, Rows, SurvivorshipRule
from custmerge.records import RecordTable

__all__ = [
    "Chain",
    "EntityRule",
    "KindRule",
    "RoleRule",
    "bind",
    "chained",
    "columns_read",
    "lacking",
    "leaves",
    "places_of",
    "ranked",
    "steps_of",
]


@runtime_checkable
class EntityRule(Named, Protocol):
    """A survivorship rule whose ranks depend on the entity's other rows."""

    def rank_within(
        self, table: RecordTable, field: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        """Return a rank for each of `rows`; `entities` says, row by row, whose it is.

        All rows of an entity in which the field is present are given together, also
        those that an earlier rule of a chain has ruled out.
        """
        ...


@runtime_checkable
class RoleRule(Named, Protocol):
    """A survivorship rule that can take its columns from their roles."""

    def bind(self, roles: Mapping[Role, str], /) -> SurvivorshipRule:
        """Return the rule with the columns it left open filled in."""
        ...


@runtime_checkable
class KindRule(Named, Protocol):
    """A survivorship rule that judges values by what they are."""

    def of_kind(self, kind: Kind, region: str | None, /) -> SurvivorshipRule:
        """Return the rule for a kind of values.

        Args:
            kind: What the field's values are.
            region: The country of its phone numbers, where that is known.
        """
        ...


def chained(rule: SurvivorshipRule, following: SurvivorshipRule) -> Chain:
    """Return a rule that asks `following` where `rule` ranks different values equal.

    It is the method `then` of every rule.

    Examples:
        >>> from custmerge.survivorship import longest, most_recent
        >>> most_recent("updated_at").then(longest()).name
        'most_recent, then longest'
    """
    return Chain((rule, following))


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order: each decides what those before it left tied.

    Attributes:
        rules: The rules; chains among them are taken apart.

    Examples:
        >>> from custmerge.survivorship import first, longest, most_frequent
        >>> Chain((most_frequent().then(longest()), first())).name
        'most_frequent, then longest, then first'
    """

    rules: tuple[SurvivorshipRule, ...]

    def __post_init__(self) -> None:
        flat: list[SurvivorshipRule] = []
        for rule in self.rules:
            flat.extend(rule.rules if isinstance(rule, Chain) else [rule])
        # To ask the protocol takes 40 µs in Python 3.11, and chains are made often.
        if not flat or not all(callable(getattr(rule, "rank", None)) for rule in flat):
            message = (
                "a chain of survivorship rules needs at least one rule, and rules "
                "only, such as most_recent().then(longest())"
            )
            raise InvalidConfigError(message)
        late = [rule.name for rule in flat[1:] if hasattr(rule, "make")]
        if late:
            message = (
                f"{late} make values and must come first in a chain; the rules after "
                "say in which order they get the records: collect().then(longest())"
            )
            raise InvalidConfigError(message)
        object.__setattr__(self, "rules", tuple(flat))

    @property
    def parts(self) -> tuple[SurvivorshipRule, ...]:
        """The rules."""
        return self.rules

    @property
    def name(self) -> str:
        """The names of the rules."""
        return ", then ".join(rule.name for rule in self.rules)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the rules look at besides their field."""
        return tuple(column for rule in self.rules for column in columns_read(rule))

    @property
    def of(self) -> str | None:
        """The column that the first rule makes values of, where it is named."""
        column: str | None = getattr(self.rules[0], "of", None)
        return column

    @property
    def whole_record(self) -> bool:
        """Whether the ranks are the same for all fields."""
        return all(getattr(rule, "whole_record", False) for rule in self.rules)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return ranks by the first rule, then the second, and so on.

        The rows count as one entity here; `survive` asks the rules one by one.
        """
        return self.rank_within(table, field, rows, np.zeros(len(rows), np.int64))

    def rank_within(
        self, table: RecordTable, field: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        """Return ranks by the first rule, then the second, and so on."""
        places = np.zeros(len(rows), np.int64)
        for rule in self.rules:
            finer = places_of(ranked(rule, table, field, rows, entities))
            places = places_of(places * (len(rows) + 1) + finer)
        return places.astype(np.float64)

    def bind(self, roles: Mapping[Role, str], /) -> Chain:
        """Return the chain with the columns that its rules left open filled in."""
        return Chain(tuple(bind(rule, roles) for rule in self.rules))

    def of_kind(self, kind: Kind, region: str | None, /) -> Chain:
        """Return the chain with each rule told what the values are."""
        return Chain(tuple(bind(rule, {}, kind, region) for rule in self.rules))

    then = chained


def steps_of(rule: SurvivorshipRule) -> tuple[SurvivorshipRule, ...]:
    """Return the rules that decide one after the other.

    Examples:
        >>> from custmerge.survivorship import longest, most_recent
        >>> [step.name for step in steps_of(most_recent().then(longest()))]
        ['most_recent', 'longest']
        >>> [step.name for step in steps_of(longest())]
        ['longest']
    """
    return rule.rules if isinstance(rule, Chain) else (rule,)


def ranked(
    rule: SurvivorshipRule, table: RecordTable, field: str, rows: Rows, entities: Rows
) -> Ranks:
    """Return a rule's rank of each row, by the entity's other rows if it looks at them.

    Examples:
        >>> from custmerge.survivorship import most_frequent
        >>> table = RecordTable.from_columns({"city": ["Ulm", "Bonn", "Ulm"]}, 3)
        >>> ranked(
        ...     most_frequent(), table, "city", np.arange(3), np.array([0, 0, 1])
        ... ).tolist()
        [1.0, 1.0, 1.0]
    """
    if isinstance(rule, EntityRule):
        return rule.rank_within(table, field, rows, entities)
    return rule.rank(table, field, rows)


def places_of(ranks: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position of each rank among the distinct ones, from 1; NaN is 0.

    Examples:
        >>> places_of(np.array([7.5, np.nan, -1.0, 7.5])).tolist()
        [2, 0, 1, 2]
    """
    places = np.unique(ranks, return_inverse=True)[1].reshape(-1).astype(np.int64) + 1
    places[np.isnan(ranks)] = 0
    return places


def bind(
    rule: SurvivorshipRule,
    roles: Mapping[Role, str],
    kind: Kind | None = None,
    region: str | None = None,
) -> SurvivorshipRule:
    """Return the rule with what it left open filled in.

    Args:
        rule: Any rule; one with nothing open is returned as it is.
        roles: The table's column of each role that is known.
        kind: What the field's values are.
        region: The country of its phone numbers.

    Examples:
        >>> from custmerge.survivorship import most_recent, valid_first
        >>> bind(most_recent(), {Role.UPDATED_AT: "modified"}).by
        'modified'
        >>> bind(valid_first(), {}, Kind.PHONE, "CN").region
        'CN'
    """
    bound = rule.bind(roles) if hasattr(rule, "bind") else rule
    if kind is None or not hasattr(bound, "of_kind"):
        return bound
    told: SurvivorshipRule = bound.of_kind(kind, region)
    return told


def columns_read(rule: SurvivorshipRule) -> tuple[str, ...]:
    """Return the columns that a rule looks at besides its own field.

    Examples:
        >>> from custmerge.survivorship import longest, most_recent
        >>> columns_read(most_recent("updated_at").then(longest()))
        ('updated_at',)
    """
    return tuple(getattr(rule, "reads", ()))


def leaves(rule: SurvivorshipRule) -> Iterator[SurvivorshipRule]:
    """Yield the rules that a rule is made of, itself where it is made of none.

    Examples:
        >>> from custmerge.survivorship import first, longest, most_recent, when
        >>> rule = when({"tier": "gold"}, most_recent().then(longest()), first())
        >>> [leaf.name for leaf in leaves(rule)]
        ['most_recent', 'longest', 'first']
    """
    parts = getattr(rule, "parts", None)
    if parts is None:
        yield rule
        return
    for part in parts:
        yield from leaves(part)


def lacking(rule: SurvivorshipRule) -> tuple[str, ...]:
    """Return what must still be filled in before a rule can rank, in sentences.

    Examples:
        >>> from custmerge.survivorship import longest, source_priority
        >>> len(lacking(source_priority(["crm"]).then(longest())))
        1
        >>> lacking(source_priority(["crm"], "system"))
        ()
    """
    return tuple(text for leaf in leaves(rule) for text in getattr(leaf, "lacks", ()))
