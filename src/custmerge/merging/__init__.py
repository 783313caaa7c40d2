"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.crosswalk import Crosswalk, masters_of
from custmerge.merging.golden import merge
from custmerge.merging.relinking import RelinkReport, Said, relink_all, warn_of

__all__ = [
    "Crosswalk",
    "RelinkReport",
    "Said",
    "masters_of",
    "merge",
    "relink_all",
    "warn_of",
]
