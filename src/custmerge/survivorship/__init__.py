"""Survivorship: which record each value of a golden record comes from, and why."""

from __future__ import annotations

from custmerge.survivorship.chain import (
    Chain,
    EntityRule,
    RoleRule,
    bind,
    columns_read,
)
from custmerge.survivorship.defaults import DEFAULT_RULES, default_rule
from custmerge.survivorship.engine import (
    MISSING,
    ONLY_VALUE,
    TIE_BREAK,
    Survivors,
    survive,
)
from custmerge.survivorship.functions import (
    SURVIVORSHIP_RULES,
    FunctionRule,
    IntoSurvivorshipRule,
    as_survivorship_rule,
    survivorship_rule,
    survivorship_spec,
)
from custmerge.survivorship.overrides import Override
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
    "DEFAULT_RULES",
    "MISSING",
    "ONLY_VALUE",
    "SURVIVORSHIP_RULES",
    "TIE_BREAK",
    "Chain",
    "EntityRule",
    "First",
    "FunctionRule",
    "IntoSurvivorshipRule",
    "Longest",
    "MostComplete",
    "MostFrequent",
    "MostRecent",
    "Oldest",
    "Override",
    "RoleRule",
    "Shortest",
    "SourcePriority",
    "Survivors",
    "as_survivorship_rule",
    "bind",
    "columns_read",
    "default_rule",
    "first",
    "longest",
    "most_complete",
    "most_frequent",
    "most_recent",
    "oldest",
    "shortest",
    "source_priority",
    "survive",
    "survivorship_rule",
    "survivorship_spec",
]
