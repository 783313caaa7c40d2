"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

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
    "EntityLineage",
    "FieldLineage",
    "Loser",
    "entity_lineage",
    "explain",
    "golden_cells",
    "lineage_columns",
    "loser_columns",
    "merge",
]
