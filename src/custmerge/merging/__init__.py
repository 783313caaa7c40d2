"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.applying import apply_plan, undo_plan
from custmerge.merging.crosswalk import Crosswalk, masters_of
from custmerge.merging.golden import merge
from custmerge.merging.planning import plan_children, plan_merge
from custmerge.merging.plans import MergePlan
from custmerge.merging.relinking import RelinkReport, Said, relink, relink_all, warn_of

__all__ = [
    "Crosswalk",
    "MergePlan",
    "RelinkReport",
    "Said",
    "apply_plan",
    "masters_of",
    "merge",
    "plan_children",
    "plan_merge",
    "relink",
    "relink_all",
    "undo_plan",
    "warn_of",
]
