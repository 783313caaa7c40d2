"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.golden import explain, golden_cells, merge

__all__ = ["explain", "golden_cells", "merge"]
