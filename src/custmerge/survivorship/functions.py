"""Users' own survivorship rules, and what a configuration may write for a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final

import numpy as np

from custmerge._adapters import Spec, call_each, coerce, qualified_name, spec_of
from custmerge.exceptions import PluginError
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Column, Record, RecordTable
from custmerge.survivorship import aggregates, collecting
from custmerge.survivorship.chain import Chain, chained
from custmerge.survivorship.rules import (
    First,
    Longest,
    MostComplete,
    MostFrequent,
    MostRecent,
    Oldest,
    Shortest,
    SourcePriority,
    first,
    longest,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    shortest,
    source_priority,
)

__all__ = [
    "SURVIVORSHIP_RULES",
    "FunctionRule",
    "IntoSurvivorshipRule",
    "as_survivorship_rule",
    "survivorship_rule",
    "survivorship_spec",
]

SURVIVORSHIP_RULES: Final[dict[str, type]] = {
    "collect": collecting.Collect,
    "count": aggregates.Count,
    "earliest": aggregates.Earliest,
    "first": First,
    "latest": aggregates.Latest,
    "longest": Longest,
    "maximum": aggregates.Maximum,
    "mean": aggregates.Mean,
    "minimum": aggregates.Minimum,
    "most_complete": MostComplete,
    "most_frequent": MostFrequent,
    "most_recent": MostRecent,
    "oldest": Oldest,
    "recency": aggregates.Recency,
    "shortest": Shortest,
    "source_priority": SourcePriority,
    "total": aggregates.Total,
    "unanimous": collecting.Unanimous,
}
"""The built-in rules by the name that a configuration gives them."""

_CONSTRUCTORS: Final[tuple[object, ...]] = (
    first,
    longest,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    shortest,
    source_priority,
    aggregates.count,
    aggregates.earliest,
    aggregates.latest,
    aggregates.maximum,
    aggregates.mean,
    aggregates.minimum,
    aggregates.total,
    collecting.collect,
    collecting.unanimous,
)
_STAGE = "survivorship rule"
_CHUNK = 8192
"""Records decoded at a time for users' functions: a few megabytes of texts."""

IntoSurvivorshipRule = (
    SurvivorshipRule
    | Callable[[str, Record], float]
    | str
    | Mapping[str, Any]
    | Sequence["IntoSurvivorshipRule"]
)
"""What a configuration takes for a rule: a rule, a plain function of a value and its
record, a built-in's name or `"package.module:attribute"`, a mapping of a name and
parameters, or a list of those, each deciding what the ones before left tied."""


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """A user's function as a rule; `survivorship_rule` builds it.

    Attributes:
        function: The function; the rule is called like it.
        name: The function's name.
        reference: `"package.module:attribute"`, by which the rule pickles; `None`
            for a callable without a name, which must pickle by itself.
    """

    function: Callable[[str, Record], float]
    name: str
    reference: str | None = None

    def __call__(self, value: str, record: Record) -> float:
        """Return what the function returns."""
        return self.function(value, record)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        if self.reference is None:
            return FunctionRule, (self.function, self.name)
        return as_survivorship_rule, (self.reference,)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return what the function gives for each row's value and record."""
        arguments = ((record[field], record) for record in _records(table, rows))
        try:
            ranks = call_each(self.function, arguments, _STAGE, _problem)
        except PluginError as error:
            error.add_note(f"It was ranking the values of the field {field!r}.")
            raise
        return np.array(ranks, np.float64)

    then = chained


def _records(table: RecordTable, rows: Rows) -> Iterator[Record]:
    names = list(table)
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cells = [_cells(table[name], chunk) for name in names]
        for texts in zip(*cells, strict=True):
            yield dict(zip(names, texts, strict=True))


def _cells(column: Column, rows: Rows) -> list[str | None]:
    # Not `column.take(rows).decode()`, which copies all distinct values each time.
    codes = column.slots[rows, 0].tolist()
    return [column.values[code] if code >= 0 else None for code in codes]


def _problem(rank: object) -> str | None:
    if isinstance(rank, Real | np.bool_):
        return None
    return f"returned a {type(rank).__name__}; a rank must be a number"


def survivorship_rule(function: Callable[[str, Record], float]) -> FunctionRule:
    """Return a function of a value and its record as a rule: it ranks, highest wins.

    The function is called once for each row (two rows with one value are two
    records), and only for entities whose rows hold different values that the rules
    before it did not decide; a missing value never arrives. NaN ranks below every
    number. Use it as a decorator of a function at module level, so that it pickles.

    Args:
        function: Called with a value of the field and the whole record as text by
            column name, as they were in the input.

    Examples:
        >>> @survivorship_rule
        ... def prefer_crm(value: str, record: Record) -> float:
        ...     return float(record["source"] == "crm")
        >>> prefer_crm.name, prefer_crm("Ann", {"source": "crm"})
        ('prefer_crm', 1.0)
        >>> table = RecordTable.from_mappings([{"source": "web"}, {"source": "crm"}])
        >>> prefer_crm.rank(table, "source", np.arange(2)).tolist()
        [0.0, 1.0]
    """
    name = getattr(function, "__name__", type(function).__name__)
    named = hasattr(function, "__qualname__")
    return FunctionRule(function, name, qualified_name(function) if named else None)


def _lift(function: Callable[[str, Record], float]) -> SurvivorshipRule:
    # `longest` without its parentheses is a rule forgotten to be built.
    if any(function is constructor for constructor in _CONSTRUCTORS):
        built: SurvivorshipRule = SURVIVORSHIP_RULES[function.__name__]()
        return built
    return survivorship_rule(function)


def as_survivorship_rule(into: IntoSurvivorshipRule) -> SurvivorshipRule:
    """Return the rule that a configuration's entry stands for.

    Args:
        into: See `IntoSurvivorshipRule`.

    Raises:
        InvalidConfigError: It is none of those; the message lists the built-ins.

    Examples:
        >>> as_survivorship_rule({"name": "most_recent", "by": "updated_at"}).by
        'updated_at'
        >>> as_survivorship_rule(["most_frequent", "longest"]).name
        'most_frequent, then longest'
    """
    if isinstance(into, Chain):
        return into
    if isinstance(into, Sequence) and not isinstance(into, str):
        return Chain(tuple(as_survivorship_rule(item) for item in into))
    rule: SurvivorshipRule = coerce(
        into, _STAGE, SurvivorshipRule, SURVIVORSHIP_RULES, _lift
    )
    return rule


def survivorship_spec(rule: SurvivorshipRule) -> Spec | list[Spec]:
    """Return how a configuration file writes a rule; the inverse of the coercion.

    Examples:
        >>> survivorship_spec(as_survivorship_rule(["most_frequent", "longest"]))
        ['most_frequent', 'longest']
        >>> survivorship_spec(most_recent("updated_at"))
        {'name': 'most_recent', 'by': 'updated_at'}
    """
    if isinstance(rule, Chain):
        return [spec_of(item, SURVIVORSHIP_RULES) for item in rule.rules]
    return spec_of(rule, SURVIVORSHIP_RULES)
