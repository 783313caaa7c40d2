"""Results looked at from outside: against a truth, by people, beside each other."""

from __future__ import annotations

from custmerge.assessing.auditing import audit_sample, estimate
from custmerge.assessing.comparing import CHANGES, Change, Comparison, compare
from custmerge.assessing.errors import ERRORS
from custmerge.assessing.estimates import Estimate, Stratum
from custmerge.assessing.evaluating import evaluate
from custmerge.assessing.evaluations import Evaluation
from custmerge.assessing.parts import SizeScore, SourceScore
from custmerge.assessing.sweeping import Sweep, SweepPoint, sweep

__all__ = [
    "CHANGES",
    "ERRORS",
    "Change",
    "Comparison",
    "Estimate",
    "Evaluation",
    "SizeScore",
    "SourceScore",
    "Stratum",
    "Sweep",
    "SweepPoint",
    "audit_sample",
    "compare",
    "estimate",
    "evaluate",
    "sweep",
]
