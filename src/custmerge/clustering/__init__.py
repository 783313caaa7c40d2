"""Links to entities: the best partition of what links connect.

Single links chain: a true pair, a shared mailbox, a true pair make one component of
four. So within each component of links the partition is chosen that the evidence of
*all* its pairs favours most, under what must and must not be one entity.
"""

from __future__ import annotations

from custmerge.clustering.bridges import bridging
from custmerge.clustering.constraints import (
    Constraints,
    free_of_duplicates,
    hardly_repeating,
)
from custmerge.clustering.entities import cluster, confidence
from custmerge.clustering.groups import (
    components,
    members,
    numbered_groups,
    smallest_members,
    uncompared,
)

__all__ = [
    "Constraints",
    "bridging",
    "cluster",
    "components",
    "confidence",
    "free_of_duplicates",
    "hardly_repeating",
    "members",
    "numbered_groups",
    "smallest_members",
    "uncompared",
]
