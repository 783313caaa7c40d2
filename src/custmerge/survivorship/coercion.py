"""The built-in survivorship rules by name, and what a configuration may say for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from custmerge._adapters import Spec, coerce, spec_of
from custmerge.protocols import SurvivorshipRule
from custmerge.records import Record
from custmerge.survivorship.aggregates import (
    Count,
    Mean,
    Recency,
    Total,
    count,
    mean,
    total,
)
from custmerge.survivorship.casing import MixedCase, mixed_case
from custmerge.survivorship.chain import Chain
from custmerge.survivorship.collecting import Collect, Unanimous, collect, unanimous
from custmerge.survivorship.conditions import Condition, Prefer, When, prefer, when
from custmerge.survivorship.extremes import (
    Earliest,
    Latest,
    Maximum,
    Minimum,
    earliest,
    latest,
    maximum,
    minimum,
)
from custmerge.survivorship.functions import FunctionRule, survivorship_rule
from custmerge.survivorship.lengths import Longest, Shortest, longest, shortest
from custmerge.survivorship.owners import Assigned, assigned
from custmerge.survivorship.rules import (
    First,
    MostComplete,
    MostRecent,
    Oldest,
    first,
    most_complete,
    most_recent,
    oldest,
)
from custmerge.survivorship.sources import SourcePriority, source_priority
from custmerge.survivorship.trust import SourceTrust, source_trust
from custmerge.survivorship.values import (
    Largest,
    MostFrequent,
    Smallest,
    ValidFirst,
    largest,
    most_frequent,
    smallest,
    valid_first,
)

__all__ = [
    "SURVIVORSHIP_RULES",
    "IntoSurvivorshipRule",
    "as_survivorship_rule",
    "survivorship_spec",
]

SURVIVORSHIP_RULES: Final[dict[str, type]] = {
    "assigned": Assigned,
    "collect": Collect,
    "count": Count,
    "earliest": Earliest,
    "first": First,
    "largest": Largest,
    "latest": Latest,
    "longest": Longest,
    "maximum": Maximum,
    "mean": Mean,
    "minimum": Minimum,
    "mixed_case": MixedCase,
    "most_complete": MostComplete,
    "most_frequent": MostFrequent,
    "most_recent": MostRecent,
    "oldest": Oldest,
    "prefer": Prefer,
    "recency": Recency,
    "shortest": Shortest,
    "smallest": Smallest,
    "source_priority": SourcePriority,
    "source_trust": SourceTrust,
    "total": Total,
    "unanimous": Unanimous,
    "valid_first": ValidFirst,
    "when": When,
}
"""The built-in rules by the name that a configuration gives them."""

_CONSTRUCTORS: Final[tuple[object, ...]] = (
    mixed_case,
    *(assigned, first, largest, longest, most_complete, most_frequent, most_recent),
    *(collect, count, earliest, latest, maximum, mean, minimum, total, unanimous),
    oldest,
    *(prefer, shortest, smallest, source_priority, source_trust, valid_first, when),
)
_STAGE = "survivorship rule"
_INNER = ("rule", "otherwise")
"""The parameters that are rules themselves."""

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


def _lift(function: Callable[[str, Record], float]) -> SurvivorshipRule:
    # `longest` without its parentheses is a rule forgotten to be built.
    if any(function is constructor for constructor in _CONSTRUCTORS):
        return as_survivorship_rule(function.__name__)
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
    if isinstance(into, Mapping):
        inner = {key: as_survivorship_rule(into[key]) for key in _INNER if key in into}
        into = {**into, **inner}
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
        return [_spec(item) for item in rule.rules]
    return _spec(rule)


def _spec(rule: SurvivorshipRule) -> Spec:
    spec = spec_of(rule, SURVIVORSHIP_RULES)
    if not isinstance(rule, (Prefer, When)) or isinstance(spec, str):
        return spec
    inner = {key: survivorship_spec(spec[key]) for key in _INNER if key in spec}
    return {**spec, "condition": _condition_spec(rule.condition), **inner}


def _condition_spec(condition: Condition) -> Spec:
    if isinstance(condition, FunctionRule):
        return spec_of(condition, {})
    return {
        column: wanted[0] if len(wanted) == 1 else list(wanted)
        for column, wanted in condition.items()
    }
