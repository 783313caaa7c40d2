"""How good records are: what is wrong with their values, and who are no customers.

Every finding is made once for each distinct value; nothing is computed before it is
asked for.
"""

from __future__ import annotations

from custmerge.quality.inspecting import ISSUES, Inspection, inspect
from custmerge.quality.reports import Quality, nobodys
from custmerge.quality.scoring import GHOSTS, Verdict, judge
from custmerge.quality.units import Unit, units_of

__all__ = [
    "GHOSTS",
    "ISSUES",
    "Inspection",
    "Quality",
    "Unit",
    "Verdict",
    "inspect",
    "judge",
    "nobodys",
    "units_of",
]
