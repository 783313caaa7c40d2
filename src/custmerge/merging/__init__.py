"""What a merge makes of the entities, and what follows from it."""

from __future__ import annotations

from custmerge.merging.golden import merge

__all__ = ["merge"]
