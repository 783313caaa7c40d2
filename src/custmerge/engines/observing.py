"""What blocking and linking show of a result's quality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.diagnostics import BlockingField, Observations
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
    fields, shared = _caught(blocking, linkage)
    return Observations(
        _compared_share(fields, shared),
        linkage.n_candidates,
        budget,
        sum(report.n_capped for report in blocking.reports),
        np.sort(order[linkage.unpaired]),
        linkage.correlations,
        _by_field(fields, shared),
    )


def _caught(
    blocking: Blocking, linkage: Linkage
) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Return the fields with keys, and which find which of the matches.

    The pairs inside the entities are taken for the matches.

    A pair counts by its first record, and of many pairs those of one record in so many
    count: in the canonical order, which is that of a hash, a sample that is as likely
    to hold any pair as any other.
    """
    pairs, labels = linkage.pairs, linkage.labels
    inside = pairs.take(labels[pairs.left] == labels[pairs.right])
    one_in = len(inside) // _MOST_PAIRS + 1
    return blocking.caught_by(inside.take(inside.left % one_in == 0))


def _by_field(
    fields: tuple[str, ...], shared: NDArray[np.bool_]
) -> tuple[BlockingField, ...]:
    """Return what each field finds, and what no other one does."""
    if not len(shared):
        return ()
    alone = shared & (shared.sum(axis=1) == 1)[:, None]
    rows = zip(
        fields, shared.mean(axis=0).tolist(), alone.mean(axis=0).tolist(), strict=True
    )
    return tuple(BlockingField(*row) for row in rows)


def _compared_share(fields: tuple[str, ...], shared: NDArray[np.bool_]) -> float | None:
    """Return the estimated share of all matches that were compared.

    Those that share no key, and were compared since other records linked them, are
    among those that the keys missed. Keys of one field alone say nothing about what
    they miss.
    """
    if len(fields) < 2:
        return None
    caught = shared.any(axis=1)
    n_caught = int(caught.sum())
    if not n_caught:
        return None
    recall = estimate_recall(shared[caught], np.ones(n_caught))
    return min(1.0, recall * len(shared) / n_caught)
