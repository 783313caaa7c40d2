"""How good a clustering, its candidate pairs and its probabilities are, given a truth.

Every measure is a share, so it lies in [0, 1], and every measure is counted from the
sizes of clusters and of their overlaps: no pairs are listed, so a cluster of a million
records costs no more than a million clusters of one. Only `merge_distance` is a count.

A share of nothing is 1: who claims no pair claims nothing false, and where there is
nothing to find nothing is missed. So a clustering of singletons scores 1 throughout
against a truth of singletons, and recall and F1 of 0 against any other.
"""

from __future__ import annotations

from custmerge.evaluation.calibration import (
    ReliabilityBin,
    expected_calibration_error,
    reliability,
)
from custmerge.evaluation.candidates import (
    pair_completeness,
    pairs_score,
    reduction_ratio,
)
from custmerge.evaluation.clusterings import (
    MergeDistance,
    b_cubed,
    cluster_exact,
    merge_distance,
    pairwise,
)
from custmerge.evaluation.intervals import Measured, Tallies, measured, wilson
from custmerge.evaluation.scores import Score

__all__ = [
    "Measured",
    "MergeDistance",
    "ReliabilityBin",
    "Score",
    "Tallies",
    "b_cubed",
    "cluster_exact",
    "expected_calibration_error",
    "measured",
    "merge_distance",
    "pair_completeness",
    "pairs_score",
    "pairwise",
    "reduction_ratio",
    "reliability",
    "wilson",
]
