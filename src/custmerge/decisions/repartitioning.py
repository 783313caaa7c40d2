"""Some of a run's records partitioned anew, by the evidence that the run left."""

from __future__ import annotations

import numpy as np

from custmerge.classifier import IntoClassifier
from custmerge.clustering import Constraints
from custmerge.decisions.basis import Basis
from custmerge.partitioning import Linking, Weighed
from custmerge.protocols import Rows

__all__ = ["repartitioned"]


def repartitioned(
    basis: Basis,
    model: IntoClassifier,
    weighed: Weighed,
    told: Constraints,
    among: tuple[Rows, float],
) -> Rows:
    """Return for each of some rows the place of the row that stands for its entity.

    Args:
        basis: What the run stands on.
        model: What weighed the pairs.
        weighed: The compared pairs.
        told: What must be one entity and what cannot.
        among: The rows, in the order of `basis.order`, and the match weight in bits
            from which two records are linked.
    """
    rows, threshold = among
    place = np.full(len(basis.order), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    _, first, which = np.unique(
        basis.originals[rows], return_index=True, return_inverse=True
    )
    linking = Linking.of(
        *(model, basis.config.compared_names, threshold),
        *(first[which], basis.types[rows]),
    )
    inside = (place[weighed.pairs.left] >= 0) & (place[weighed.pairs.right] >= 0)
    weighed = weighed.take(np.flatnonzero(inside)).renamed(place)
    told = weighed.vetoed(told.among(rows), len(rows))
    return linking.entities(weighed, told, linking.units(weighed, told))
