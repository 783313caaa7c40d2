"""How close a clustering is to the true one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from custmerge.evaluation.groups import Labels, aligned, count_pairs, meet, sizes_of
from custmerge.evaluation.scores import Score, share

__all__ = [
    "MergeDistance",
    "b_cubed",
    "cluster_exact",
    "merge_distance",
    "pairwise",
]


def pairwise(labels: Labels, truth: Labels, *, source: Labels | None = None) -> Score:
    """Return precision and recall over pairs of records in one cluster.

    With P the pairs of records that share a label and T those that share a true
    label, precision is |P & T| / |P| and recall |P & T| / |T|. A cluster of n records
    has n(n - 1)/2 pairs, so large clusters count most.

    Source: Christen, "Data Matching" (2012), section 7.2.

    Args:
        labels: The cluster of each record, as any hashable names.
        truth: The true cluster of each record.
        source: The source of each record. If given, only pairs of records from
            different sources count, as is right for linking clean tables.

    Examples:
        >>> from custmerge.evaluation import pairwise
        >>> pairwise([1, 1, 1, 2], ["a", "a", "b", "b"])
        Score(precision=0.3333333333333333, recall=0.5, f1=0.4)
        >>> pairwise([1, 1, 2, 2], [1, 1, 1, 2], source=["crm", "web", "web", "crm"])
        Score(precision=0.5, recall=0.5, f1=0.5)
    """
    found, true = aligned(labels=labels, truth=truth)
    both = meet(found, true)
    if source is None:
        correct, predicted, actual = map(count_pairs, (both, found, true))
    else:
        _, origin = aligned(labels=found.tolist(), source=source)
        correct, predicted, actual = (
            count_pairs(groups) - count_pairs(meet(groups, origin))
            for groups in (both, found, true)
        )
    return Score.of(share(correct, predicted), share(correct, actual))


def b_cubed(labels: Labels, truth: Labels) -> Score:
    """Return precision and recall averaged over records.

    With C(r) the cluster of record r and T(r) its true cluster, precision is the mean
    over all r of |C(r) & T(r)| / |C(r)| and recall that of |C(r) & T(r)| / |T(r)|.
    Every record counts the same, whatever the size of its cluster.

    Source: Bagga and Baldwin, "Entity-Based Cross-Document Coreferencing Using the
    Vector Space Model" (COLING-ACL 1998), with equal weights.

    Examples:
        >>> from custmerge.evaluation import b_cubed
        >>> b_cubed([1, 1, 1, 2], ["a", "a", "b", "b"])
        Score(precision=0.6666666666666666, recall=0.75, f1=0.7058823529411765)
    """
    found, true = aligned(labels=labels, truth=truth)
    if not found.size:
        return Score.of(1.0, 1.0)
    overlaps = sizes_of(meet(found, true))
    precision = float(np.mean(overlaps / sizes_of(found)))
    recall = float(np.mean(overlaps / sizes_of(true)))
    return Score.of(precision, recall)


def cluster_exact(labels: Labels, truth: Labels) -> Score:
    """Return precision and recall over whole clusters, singletons among them.

    A cluster is right if a true cluster holds exactly the same records. Precision is
    the share of clusters that are right, recall the share of true clusters found. The
    strictest measure: one record too many spoils two clusters.

    Source: Menestrina, Whang and Garcia-Molina, "Evaluating Entity Resolution Results"
    (VLDB 2010), where it is called cluster F1.

    Examples:
        >>> from custmerge.evaluation import cluster_exact
        >>> cluster_exact([1, 1, 2, 3], ["a", "a", "b", "b"])
        Score(precision=0.3333333333333333, recall=0.5, f1=0.4)
    """
    found, true = aligned(labels=labels, truth=truth)
    both = meet(found, true)
    overlaps = sizes_of(both)
    right = (overlaps == sizes_of(found)) & (overlaps == sizes_of(true))
    correct, predicted, actual = (
        np.unique(groups).size for groups in (both[right], found, true)
    )
    return Score.of(share(correct, predicted), share(correct, actual))


@dataclass(frozen=True, slots=True)
class MergeDistance:
    """How many steps lead from a clustering to the true one.

    Attributes:
        splits: Cuts of a cluster in two.
        merges: Joins of two clusters.
    """

    splits: int
    merges: int

    @property
    def distance(self) -> int:
        """All steps together: 0 where the clustering is the true one."""
        return self.splits + self.merges


def merge_distance(labels: Labels, truth: Labels) -> MergeDistance:
    """Return the fewest splits and merges of clusters that lead to the truth.

    It is what a person would have to do to put the result right. Clusters are cut into
    the parts that they share with true clusters, and these parts joined: with M the
    parts, |M| - |found| splits and |M| - |true| merges.

    Source: Menestrina, Whang and Garcia-Molina, "Evaluating Entity Resolution Results"
    (VLDB 2010), generalised merge distance, where every split and every merge costs 1.

    Examples:
        >>> from custmerge.evaluation import merge_distance
        >>> merge_distance([1, 1, 1, 2], ["a", "a", "b", "b"])
        MergeDistance(splits=1, merges=1)
    """
    found, true = aligned(labels=labels, truth=truth)
    n_parts, n_found, n_true = (
        np.unique(groups).size for groups in (meet(found, true), found, true)
    )
    return MergeDistance(n_parts - n_found, n_parts - n_true)
