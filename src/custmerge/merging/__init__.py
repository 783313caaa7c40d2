"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.conflicts import (
    Conflict,
    conflict_columns,
    find_conflicts,
    owner_columns,
)
from custmerge.merging.golden import merge

__all__ = [
    "Conflict",
    "conflict_columns",
    "find_conflicts",
    "merge",
    "owner_columns",
]
