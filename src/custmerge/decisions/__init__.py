"""Decisions of people: kept by record id, honoured by runs, and results corrected."""

from __future__ import annotations

from custmerge.decisions.basis import Basis
from custmerge.decisions.correcting import (
    Corrected,
    Standing,
    adopted,
    linked,
    pinned,
    regrouped,
)
from custmerge.decisions.document import (
    Decisions,
    IntoDecisions,
    Link,
    Pin,
    load_decisions,
)
from custmerge.decisions.locating import (
    Located,
    check_pinned,
    golden_columns,
    left_out,
    locate,
)
from custmerge.decisions.reading import (
    Filled,
    as_decisions,
    read_filled,
    read_review,
)
from custmerge.decisions.repartitioning import repartitioned

__all__ = [
    "Basis",
    "Corrected",
    "Decisions",
    "Filled",
    "IntoDecisions",
    "Link",
    "Located",
    "Pin",
    "Standing",
    "adopted",
    "as_decisions",
    "check_pinned",
    "golden_columns",
    "left_out",
    "linked",
    "load_decisions",
    "locate",
    "pinned",
    "read_filled",
    "read_review",
    "regrouped",
    "repartitioned",
]
