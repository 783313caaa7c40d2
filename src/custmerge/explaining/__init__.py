"""Why two records are one customer or not, and how an entity came about.

```
weights → scoring      the parts of a pair's weight
values → scoring       what its records hold
verdicts → scoring     what people, rules and sources say of it
pairs                  an explained pair, as data and as people read it
trees, outcomes        the links of an entity; what came of a pair
scoring → building     explained pairs, explained entities
entities               an explained entity, as data and as people read it
hiding                 either, masked
```
"""

from __future__ import annotations

from custmerge.explaining.building import explain_entity
from custmerge.explaining.entities import (
    DecidedPair,
    EntityExplanation,
    HeldOff,
    Relative,
    TreeLink,
)
from custmerge.explaining.grounds import Grounds, Probe
from custmerge.explaining.hiding import hide
from custmerge.explaining.naming import RecordKey
from custmerge.explaining.pairs import (
    Adjustment,
    ComparisonExplanation,
    PairExplanation,
    SharedKey,
    Verdict,
)
from custmerge.explaining.scoring import explain_pair
from custmerge.explaining.showing import bits, chance

__all__ = [
    "Adjustment",
    "ComparisonExplanation",
    "DecidedPair",
    "EntityExplanation",
    "Grounds",
    "HeldOff",
    "PairExplanation",
    "Probe",
    "RecordKey",
    "Relative",
    "SharedKey",
    "TreeLink",
    "Verdict",
    "bits",
    "chance",
    "explain_entity",
    "explain_pair",
    "hide",
]
