"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.applying import apply_plan, undo_plan
from custmerge.merging.conflicts import (
    Conflict,
    conflict_columns,
    find_conflicts,
    owner_columns,
)
from custmerge.merging.crosswalk import Crosswalk
from custmerge.merging.golden import explain, golden_cells, merge
from custmerge.merging.lineage import (
    EntityLineage,
    FieldLineage,
    Loser,
    entity_lineage,
    lineage_columns,
    loser_columns,
)
from custmerge.merging.planning import plan_children, plan_merge
from custmerge.merging.plans import MergePlan
from custmerge.merging.relinking import RelinkReport, Said, relink, relink_all, warn_of
from custmerge.merging.remarks import remarks
from custmerge.merging.sources import roles_of, source_name, with_sources

__all__ = [
    "Conflict",
    "Crosswalk",
    "EntityLineage",
    "FieldLineage",
    "Loser",
    "MergePlan",
    "RelinkReport",
    "Said",
    "apply_plan",
    "conflict_columns",
    "entity_lineage",
    "explain",
    "find_conflicts",
    "golden_cells",
    "lineage_columns",
    "loser_columns",
    "merge",
    "owner_columns",
    "plan_children",
    "plan_merge",
    "relink",
    "relink_all",
    "remarks",
    "roles_of",
    "source_name",
    "undo_plan",
    "warn_of",
    "with_sources",
]
