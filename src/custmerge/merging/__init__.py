"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.conflicts import (
    Conflict,
    conflict_columns,
    find_conflicts,
    owner_columns,
)
from custmerge.merging.golden import explain, golden_cells, merge
from custmerge.merging.lineage import (
    EntityLineage,
    FieldLineage,
    Loser,
    entity_lineage,
    lineage_columns,
    loser_columns,
)

__all__ = [
    "Conflict",
    "EntityLineage",
    "FieldLineage",
    "Loser",
    "conflict_columns",
    "entity_lineage",
    "explain",
    "find_conflicts",
    "golden_cells",
    "lineage_columns",
    "loser_columns",
    "merge",
    "owner_columns",
]
