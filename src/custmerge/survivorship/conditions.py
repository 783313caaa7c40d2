"""Rules that look at the record: what is preferred, and which rule goes for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field as attribute, replace

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import import_plugin
from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.normalizers.text import fold
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Record, RecordTable, as_text
from custmerge.survivorship.chain import (
    Chain,
    bind,
    chained,
    columns_read,
    leaves,
    places_of,
    ranked,
)
from custmerge.survivorship.functions import FunctionRule, survivorship_rule
from custmerge.survivorship.making import is_making
from custmerge.survivorship.ranks import ranks_of_rows

__all__ = ["Condition", "IntoCondition", "Prefer", "When", "prefer", "when"]

IntoCondition = Mapping[str, object] | Callable[[str, Record], bool] | str
"""What is asked of a record: cells by column, all of which it must hold, each one
value or a list of which any will do (`None` or `""`: a missing one); or a function of
a value and its record, also as `"package.module:attribute"`."""

Condition = Mapping[str, tuple[str, ...]] | FunctionRule
"""The same, settled: folded texts by column, or a function."""


def _settled(into: object, name: str) -> Condition:
    """Return the condition that a caller or a configuration file means."""
    if isinstance(into, str) and ":" in into:
        into = import_plugin(into)
    if isinstance(into, FunctionRule):
        return into
    if isinstance(into, Mapping) and into and all(isinstance(n, str) for n in into):
        return {column: _texts(wanted) for column, wanted in into.items()}
    if callable(into) and not isinstance(into, type):
        return survivorship_rule(into)
    message = (
        f"the condition of {name} must be cells by column, such as "
        "{'verified': 'true'}, or a function of a value and its record"
    )
    raise InvalidConfigError(message)


def _texts(wanted: object) -> tuple[str, ...]:
    cells = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
    return tuple(sorted({fold(as_text(cell) or "") for cell in cells}))


def _holds(
    condition: Condition, table: RecordTable, field: str, rows: Rows
) -> NDArray[np.bool_]:
    """Return for each row whether its record meets a condition."""
    if isinstance(condition, FunctionRule):
        return condition.rank(table, field, rows) > 0
    holds = np.ones(len(rows), np.bool_)
    for column, wanted in condition.items():

        def is_wanted(
            texts: Sequence[str], wanted: tuple[str, ...] = wanted
        ) -> list[bool]:
            return [fold(text) in wanted for text in texts]

        found = ranks_of_rows(table[column], is_wanted, rows)
        holds &= np.where(np.isnan(found), "" in wanted, found > 0)
    return holds


def _columns(condition: Condition) -> tuple[str, ...]:
    return () if isinstance(condition, FunctionRule) else tuple(condition)


@dataclass(frozen=True, slots=True)
class Prefer:
    """The row whose record meets a condition; `prefer` builds it.

    Attributes:
        condition: What is asked of the record; see `IntoCondition`.
    """

    condition: Condition = attribute(hash=False)
    name: str = "prefer"

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", _settled(self.condition, self.name))

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the condition names."""
        return _columns(self.condition)

    @property
    def whole_record(self) -> bool:
        """Whether the ranks are the same for all fields."""
        return not isinstance(self.condition, FunctionRule)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return 1 where the row's record meets the condition, else 0."""
        return _holds(self.condition, table, field, rows).astype(np.float64)

    then = chained


@dataclass(frozen=True, slots=True)
class When:
    """One rule for records that meet a condition, another for the others.

    `when` builds it.

    Attributes:
        condition: What is asked of the record; see `IntoCondition`.
        rule: Ranks the records that meet it, all of them above the others.
        otherwise: Ranks the others.
    """

    condition: Condition = attribute(hash=False)
    rule: SurvivorshipRule
    otherwise: SurvivorshipRule
    name: str = "when"

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", _settled(self.condition, self.name))
        if not all(callable(getattr(rule, "rank", None)) for rule in self.parts):
            message = (
                f"{self.name} needs two rules, such as when({{'tier': 'gold'}}, "
                "most_recent(), longest())"
            )
            raise InvalidConfigError(message)
        making = [leaf.name for leaf in leaves(self) if is_making(leaf)]
        if making:
            message = (
                f"{making} in {self.name} make values of all of an entity's records; "
                f"{self.name} takes rules that rank records, such as longest()"
            )
            raise InvalidConfigError(message)

    @property
    def parts(self) -> tuple[SurvivorshipRule, SurvivorshipRule]:
        """The two rules."""
        return self.rule, self.otherwise

    @property
    def whole_record(self) -> bool:
        """Whether the ranks are the same for all fields."""
        by_value = isinstance(self.condition, FunctionRule)
        return not by_value and Chain(self.parts).whole_record

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the condition names and the rules look at."""
        of_rules = (name for rule in self.parts for name in columns_read(rule))
        return (*_columns(self.condition), *of_rules)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return ranks within `rows`, taken as one entity."""
        return self.rank_within(table, field, rows, np.zeros(len(rows), np.int64))

    def rank_within(
        self, table: RecordTable, field: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        """Return ranks by the rule that goes for each row's record."""
        meets = _holds(self.condition, table, field, rows)
        ranks = np.empty(len(rows))
        for rule, wanted in zip(self.parts, (True, False), strict=True):
            some = np.flatnonzero(meets == wanted)
            found = ranked(rule, table, field, rows[some], entities[some])
            ranks[some] = places_of(found)
        ranks[meets] += len(rows) + 1
        return ranks

    def bind(self, roles: Mapping[Role, str], /) -> When:
        """Return the rule with the columns that its rules left open filled in."""
        rule, otherwise = (bind(rule, roles) for rule in self.parts)
        return replace(self, rule=rule, otherwise=otherwise)

    def of_kind(self, kind: Kind, region: str | None, /) -> When:
        """Return the rule with its rules told what the values are."""
        rule, otherwise = (bind(rule, {}, kind, region) for rule in self.parts)
        return replace(self, rule=rule, otherwise=otherwise)

    then = chained


def prefer(condition: IntoCondition) -> Prefer:
    """Return the rule by which the value of a record survives that meets a condition.

    Records that meet it rank equal, and so do the others.

    Args:
        condition: Cells by column that the record must hold, all of them:
            `{"verified": True, "source": ["crm", "erp"]}`, where any of a list will do
            and `None` is a missing cell. Cells are compared as text, without regard to
            case, width and spaces. Or a function of a value and its whole record, as
            in `survivorship_rule`.

    Raises:
        InvalidConfigError: It is neither.

    Examples:
        >>> table = RecordTable.from_mappings(
        ...     [
        ...         {"phone": "138 1234 5678", "已验证": "否"},
        ...         {"phone": "139 1234 5678", "已验证": "是"},
        ...     ]
        ... )
        >>> prefer({"已验证": "是"}).rank(table, "phone", np.arange(2)).tolist()
        [0.0, 1.0]
        >>> starts = prefer(lambda value, record: value.startswith("138"))
        >>> starts.rank(table, "phone", np.arange(2)).tolist()
        [1.0, 0.0]
    """
    return Prefer(condition)  # type: ignore[arg-type]  # settled when built


def when(
    condition: IntoCondition, rule: SurvivorshipRule, otherwise: SurvivorshipRule
) -> When:
    """Return the rule that has one rule for records of a kind, another for the rest.

    Among the records of an entity that meet the condition, `rule` decides; only where
    none of them does, `otherwise` decides. So records that meet it always win against
    those that do not. A rule that counts, such as `most_frequent`, counts the records
    on its own side alone. What the rule leaves tied goes to the next of a chain.

    Args:
        condition: What is asked of the record; see `prefer`.
        rule: The rule of the records that meet it. It ranks records, as the other.
        otherwise: The rule of the others.

    Raises:
        InvalidConfigError: The condition or one of the rules is none, or a rule makes
            values (`total`, `collect`, `unanimous`).

    Examples:
        >>> from custmerge.survivorship import most_frequent, most_recent
        >>> table = RecordTable.from_mappings(
        ...     [
        ...         {"city": "Ulm", "from": "crm", "at": "2023-01-01"},
        ...         {"city": "Bonn", "from": "crm", "at": "2024-01-01"},
        ...         {"city": "Kiel", "from": "web", "at": "2025-01-01"},
        ...     ]
        ... )
        >>> rule = when({"from": "crm"}, most_recent("at"), most_frequent())
        >>> int(rule.rank(table, "city", np.arange(3)).argmax())
        1
    """
    return When(condition, rule, otherwise)  # type: ignore[arg-type]  # settled when built
