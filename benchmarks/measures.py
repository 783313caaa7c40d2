"""How good one run on one set is, and what it took."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

import custmerge as cm
from custmerge.classifier import probability
from custmerge.evaluation import (
    b_cubed,
    expected_calibration_error,
    pair_completeness,
    pairwise,
    reliability,
)
from custmerge.pairs import Pairs
from datasets import Dataset
from variants import shuffled

Row = dict[str, Any]
Resolve = Callable[[list[dict[str, str | None]]], cm.Resolution]


def measure(dataset: Dataset, resolve: Resolve, *, shuffle: bool = False) -> Row:
    """Return how well `resolve` does on a set, and what it took.

    With `shuffle`, also whether the order of the records matters.
    """
    input_mb = _peak_mb()
    start = time.perf_counter()
    result = resolve(dataset.records)
    labels = _entities(result)
    len(result.entities)  # golden records are made when first asked for
    seconds = time.perf_counter() - start
    peak_mb = _peak_mb()
    compared = result.compared
    checked = {}
    if shuffle:
        free = is_order_free(labels, dataset, resolve)
        checked["order"] = "free" if free else "MATTERS"
    return {
        **score(labels, dataset),
        "candidates": len(compared),
        "blocked": pair_completeness(compared, dataset.truth, source=dataset.source),
        **_estimates(result),
        **_calibration(compared, probability(result.weights), dataset),
        "seconds": seconds,
        "input_mb": input_mb,
        "peak_mb": peak_mb,
        **checked,
    }


def score(labels: Sequence[Hashable], dataset: Dataset) -> Row:
    """Return how close a clustering is to the truth of a set."""
    pairs = pairwise(labels, dataset.truth, source=dataset.source)
    return {
        "set": dataset.name,
        "records": len(labels),
        "precision": pairs.precision,
        "recall": pairs.recall,
        "f1": pairs.f1,
        "b_cubed": b_cubed(labels, dataset.truth).f1,
        "largest": f"{_largest(labels)}/{_largest(dataset.truth)}",
    }


def _largest(labels: Iterable[Hashable]) -> int:
    return max(Counter(labels).values())


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there


def _estimates(result: cm.Resolution) -> Row:
    found = result.diagnostics
    return {
        "est_precision": found.precision,
        "est_recall": found.recall,
        "est_f1": found.f1,
        "est_blocked": found.blocking_recall,
    }


def _calibration(
    pairs: Pairs, probabilities: NDArray[np.float64], dataset: Dataset
) -> Row:
    """Compare the compared pairs' probabilities with the truth.

    For linked sets only pairs across sources count, as everywhere.
    """
    same = _agree(dataset.truth, pairs)
    if dataset.source is not None:
        across = ~_agree(dataset.source, pairs)
        probabilities, same = probabilities[across], same[across]
    return {
        "ece": expected_calibration_error(probabilities, same),
        "reliability": [asdict(row) for row in reliability(probabilities, same)],
    }


def _agree(labels: Sequence[Hashable], pairs: Pairs) -> NDArray[np.bool_]:
    numbers: dict[Hashable, int] = {}
    codes = np.asarray([numbers.setdefault(label, len(numbers)) for label in labels])
    return np.asarray(codes[pairs.left] == codes[pairs.right])


def is_order_free(
    labels: Sequence[Hashable], dataset: Dataset, resolve: Resolve
) -> bool:
    """Return whether the records in another order make the same entities."""
    other, order = shuffled(dataset)
    moved: list[Hashable] = [None] * len(order)
    for place, label in zip(order, _entities(resolve(other.records)), strict=True):
        moved[place] = label
    return pairwise(labels, moved).f1 == 1.0


def _entities(result: cm.Resolution) -> list[Hashable]:
    return [row["entity_id"] for row in result.assignments]
