"""The same set otherwise: a capability switched off, records shuffled, fewer customers.

What a capability gains is what is lost without it (ablation). Most are switched off
through the public config. A few have no switch, since nobody would want one; for
these a part of the pipeline is replaced while it runs, as `PATCHES` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

import custmerge as cm
from custmerge.clustering import components
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from datasets import Dataset

Records = list[dict[str, str | None]]

FIELD_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "relations": {"shared": {}},
    "tf": {"frequency": False},
    "dependence": {"depends_on": ()},
    "swaps": {"swaps_with": None},
    "fuzzy": {"compare": "exact", "levels": (1.0,)},
}
"""What is said of each compared field: no class of relatives, no rarity of values, no
field follows from another, none are exchanged, all compared for equality alone."""


def _components(
    n_rows: int,
    pairs: Pairs,
    weights: NDArray[np.float64],
    *,
    threshold: float,
    **_others: object,
) -> Rows:
    return components(n_rows, pairs.take(weights > threshold))


PATCHES: Mapping[str, Mapping[str, Any]] = {
    "dependence": {"custmerge.engines.learning.depending": lambda fields, _: fields},
    "contacts": {"custmerge.pipeline.judge": lambda *_: {}},
    "refinement": {"custmerge.engines.blocking.crossed": lambda *_: []},
    "clustering": {"custmerge.partitioning.cluster": _components},
    "priors": {
        "custmerge.classifier.training._PRIOR_PAIRS": 0.1,
        "custmerge.engines.fitting._PRIOR_PAIRS": 0.1,
        "custmerge.engines.fitting._PRIOR_AGREEMENTS": 0.1,
    },
}
"""Nobody asks whose contact values are; over-large blocks are left out; entities are
all that links connect; what is usual for a kind weighs as much as a tenth of a pair."""

ABLATIONS = tuple(dict.fromkeys([*FIELD_CHANGES, "keys", "sources", *PATCHES]))
"""`keys` leaves only those of exact values; without `sources` each of them may hold a
customer several times."""


def resolve_without(without: Sequence[str]) -> Callable[[Records], cm.Resolution]:
    """Return a `resolve` with some capabilities switched off."""
    unknown = sorted(set(without) - set(ABLATIONS))
    if unknown:
        message = f"unknown capabilities {unknown}; known are {list(ABLATIONS)}"
        raise SystemExit(message)

    def resolve(records: Records) -> cm.Resolution:
        if not without:
            return cm.resolve(records)
        with ExitStack() as patched:
            for name in without:
                for target, value in PATCHES.get(name, {}).items():
                    patched.enter_context(mock.patch(target, value))
            return cm.resolve(records, config=_config(records, without))

    return resolve


def _config(records: Records, without: Iterable[str]) -> cm.Config:
    config = cm.infer_config(records)
    for name in without:
        changes = FIELD_CHANGES.get(name)
        if changes is not None:
            fields = [
                field if field.comparator is None else replace(field, **changes)
                for field in config.fields
            ]
            config = replace(config, fields=tuple(fields))
        if name == "sources":
            config = replace(config, one_per_source=False)
        if name == "keys":
            exact = [key for key in config.plugins if key.name == "exact"]
            config = replace(config, blockers=tuple(exact) or config.blockers)
    return config


def shuffled(dataset: Dataset, seed: int = 0) -> tuple[Dataset, list[int]]:
    """Return the records in another order, and which place each came from."""
    order = np.random.default_rng(seed).permutation(len(dataset.truth)).tolist()
    return _taken(dataset, order), order


def subsample(dataset: Dataset, share: float, seed: int = 0) -> Dataset:
    """Return about a share of the records: all those of customers drawn at random.

    Customers are kept whole, so that a small table has as many duplicates for each as
    the large one. The same seed draws the same customers, and those of a small share
    are among those of a larger one.
    """
    customers = list(dict.fromkeys(dataset.truth))
    order = np.random.default_rng(seed).permutation(len(customers)).tolist()
    rank = {customers[place]: turn for turn, place in enumerate(order)}
    turns = np.asarray([rank[customer] for customer in dataset.truth])
    wanted = max(round(share * len(turns)), 1)
    last = np.sort(turns)[wanted - 1]
    return _taken(dataset, np.flatnonzero(turns <= last).tolist())


def _taken(dataset: Dataset, rows: Sequence[int]) -> Dataset:
    source = dataset.source
    return replace(
        dataset,
        records=[dataset.records[row] for row in rows],
        truth=[dataset.truth[row] for row in rows],
        source=None if source is None else [source[row] for row in rows],
    )
