"""Results of which everything is doubtful."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import custmerge as cm


def doubtful(
    records: object,
    fields: Mapping[str, str],
    key: str,
    decisions: Any = None,
    **said: Any,
) -> cm.Resolution:
    """A result in which each two records are a doubtful pair."""
    known = tuple(cm.Field(name, kind=kind) for name, kind in fields.items())

    @cm.blocker(next(iter(fields)))
    def everyone(value: str) -> str:
        return "all"

    config = cm.Config(known, id=key, blockers=(everyone,))
    weights = dict.fromkeys(fields, 1.0)
    model = cm.WeightedScore(weights, threshold=0.5, scale=1)
    with warnings.catch_warnings():  # of a single field
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve(
            records, config=config, model=model, decisions=decisions, **said
        )
