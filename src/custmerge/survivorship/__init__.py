"""Survivorship: which record each value of a golden record comes from, and why."""

from __future__ import annotations

from custmerge.survivorship.chain import (
    Chain,
    EntityRule,
    KindRule,
    RoleRule,
    bind,
    columns_read,
)
from custmerge.survivorship.coercion import (
    SURVIVORSHIP_RULES,
    IntoSurvivorshipRule,
    as_survivorship_rule,
    survivorship_spec,
)
from custmerge.survivorship.conditions import (
    IntoCondition,
    Prefer,
    When,
    prefer,
    when,
)
from custmerge.survivorship.defaults import DEFAULT_RULES, default_rule
from custmerge.survivorship.engine import (
    MISSING,
    ONLY_VALUE,
    TIE_BREAK,
    Survivors,
    survive,
)
from custmerge.survivorship.functions import FunctionRule, survivorship_rule
from custmerge.survivorship.owners import (
    NOBODY,
    Assigned,
    assigned,
    owner_rule,
)
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
from custmerge.survivorship.trust import Decay, SourceTrust, Trust, source_trust
from custmerge.survivorship.values import (
    Largest,
    Longest,
    MostFrequent,
    Shortest,
    Smallest,
    ValidFirst,
    largest,
    longest,
    most_frequent,
    shortest,
    smallest,
    valid_first,
)

__all__ = [
    "DEFAULT_RULES",
    "MISSING",
    "NOBODY",
    "ONLY_VALUE",
    "SURVIVORSHIP_RULES",
    "TIE_BREAK",
    "Assigned",
    "Chain",
    "Decay",
    "EntityRule",
    "First",
    "FunctionRule",
    "IntoCondition",
    "IntoSurvivorshipRule",
    "KindRule",
    "Largest",
    "Longest",
    "MostComplete",
    "MostFrequent",
    "MostRecent",
    "Oldest",
    "Prefer",
    "RoleRule",
    "Shortest",
    "Smallest",
    "SourcePriority",
    "SourceTrust",
    "Survivors",
    "Trust",
    "ValidFirst",
    "When",
    "as_survivorship_rule",
    "assigned",
    "bind",
    "columns_read",
    "default_rule",
    "first",
    "largest",
    "longest",
    "most_complete",
    "most_frequent",
    "most_recent",
    "oldest",
    "owner_rule",
    "prefer",
    "shortest",
    "smallest",
    "source_priority",
    "source_trust",
    "survive",
    "survivorship_rule",
    "survivorship_spec",
    "valid_first",
    "when",
]
