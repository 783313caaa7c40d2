"""What blocking and linking show of a result's quality."""

from __future__ import annotations

import numpy as np

from custmerge.diagnostics import Observations
from custmerge.engines.blocking import Blocking
from custmerge.engines.linking import Linkage
from custmerge.engines.recall import estimate_recall
from custmerge.protocols import Rows

__all__ = ["observe"]

_MOST_PAIRS = 200_000
"""Pairs whose keys are looked up, about; of more, those of a sample of the records."""


def observe(
    blocking: Blocking, linkage: Linkage, budget: int, order: Rows
) -> Observations:
    """Return what the stages noted, for `result.diagnostics`.

    Args:
        blocking: The candidate pairs and the keys they come from.
        linkage: The entities, of rows as blocking numbers them.
        budget: How many candidate pairs were allowed.
        order: The input's row of each of these rows.
    """
    return Observations(
        _compared_share(blocking, linkage),
        linkage.n_candidates,
        budget,
        sum(report.n_capped for report in blocking.reports),
        np.sort(order[linkage.unpaired]),
        linkage.correlations,
    )


def _compared_share(blocking: Blocking, linkage: Linkage) -> float | None:
    """Return the estimated share of all matches that were compared.

    The pairs inside the entities are taken for the matches. Those that share no key,
    and were compared since other records linked them, are among those that the keys
    missed. Keys of one field alone say nothing about what they miss.

    A pair counts by its first record, and of many pairs those of one record in so many
    count: in the canonical order, which is that of a hash, a sample that is as likely
    to hold any pair as any other.
    """
    pairs, labels = linkage.pairs, linkage.labels
    inside = pairs.take(labels[pairs.left] == labels[pairs.right])
    one_in = len(inside) // _MOST_PAIRS + 1
    inside = inside.take(inside.left % one_in == 0)
    fields, shared = blocking.caught_by(inside)
    if len(fields) < 2:
        return None
    caught = shared.any(axis=1)
    n_caught = int(caught.sum())
    if not n_caught:
        return None
    recall = estimate_recall(shared[caught], np.ones(n_caught))
    return min(1.0, recall * len(inside) / n_caught)
