"""The evidence of a report: the model, and what the weight of a pair is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    FellegiSunter,
    IntoClassifier,
    Rule,
    Rules,
    WeightedScore,
    as_classifier,
    probability,
)
from custmerge.pairs import SimilarityVectors
from custmerge.reporting.entities import Shown
from custmerge.reporting.material import Material

__all__ = ["asked", "model_facts", "pair_rows"]

_MOST_PAIRS: Final = 1_000
"""Doubtful pairs in a report; after as many answers another run asks better ones."""
Positions = NDArray[np.int64]
Weights = NDArray[np.float64]

_REST = "(rest)"
_WIDEST: Final = 24
"""Bits to which weights are told apart: 1 in 17 million."""
_SLACK = 0.005
"""Bits that nobody sees."""


def asked(material: Material, costs: NDArray[np.int64], room: float) -> Positions:
    """Return the compared pairs to ask about, the most telling first.

    Args:
        material: What the report is made of.
        costs: What each record takes.
        room: What all may take together.
    """
    first = material.reviewed[:_MOST_PAIRS]
    pairs = material.result.compared
    ends = np.cumsum(costs[pairs.left[first]] + costs[pairs.right[first]])
    return first[: int(np.searchsorted(ends, room, side="right"))]


def pair_rows(material: Material, chosen: Positions, shown: Shown) -> dict[str, Any]:
    """Return the pairs to ask about, and their evidence.

    A dict with `parts`, what a weight is made of (the compared fields and, in brackets,
    what else counts), and `rows`, for each pair two records, the weight in bits, its
    probability, the bits of each part, of these those for rarity, and by compared field
    the similarity.
    """
    result = material.result
    pairs, vectors = result.compared.take(chosen), result.vectors.take(chosen)
    weights = result.weights[chosen]
    classifier = as_classifier(result.model, result.config.compared_names)
    parts = dict(classifier.contributions(vectors))
    # What labels and dependences changed, so that the parts add up to the weight.
    rest = weights - np.sum([*parts.values(), np.zeros(len(chosen))], axis=0)
    if (np.abs(rest) > _SLACK).any():
        parts[_REST] = rest
    bits = np.stack(list(parts.values()), axis=1) if parts else np.empty((0, 0))
    rarity = _rarity(result.model, vectors, parts)
    rows = zip(
        map(shown.places.__getitem__, pairs.left.tolist()),
        map(shown.places.__getitem__, pairs.right.tolist()),
        weights.round(2).tolist(),
        probability(weights).round(4).tolist(),
        bits.round(2).tolist(),
        rarity.round(1).tolist(),
        _similarities(vectors),
        strict=True,
    )
    return {"parts": list(parts), "rows": [[*row] for row in rows]}


def _similarities(vectors: SimilarityVectors) -> list[list[float | None]]:
    """Return by pair the similarity in each field; `None` where a side is missing."""
    return [
        [None if score != score else round(score, 3) for score in row]  # noqa: PLR0124
        for row in vectors.to_matrix().tolist()
    ]


def _rarity(
    model: IntoClassifier, vectors: SimilarityVectors, parts: Mapping[str, Weights]
) -> Weights:
    """Return the bits of each part that rare values add, and common ones take."""
    if not isinstance(model, FellegiSunter):
        return np.empty((len(vectors), 0))
    plain = model.contributions(replace(vectors, frequencies={}))
    gains = [bits - plain[name] for name, bits in parts.items() if name in plain]
    return np.stack(gains, axis=1)


def model_facts(material: Material) -> dict[str, Any]:
    """Return what there is to say of the model and the rules beside it."""
    model: Any = material.result.model
    facts: dict[str, Any] = {"kind": type(model).__name__, **_fallen(material)}
    if isinstance(model, FellegiSunter):
        facts |= _weights(model)
    elif isinstance(model, Rules):
        facts |= {"says": _told(model.rules), "otherwise": model.otherwise}
    elif isinstance(model, WeightedScore):
        facts |= {"shares": dict(model.fields), "threshold": model.threshold}
    return {**facts, "rules": _told(material.result.config.rules)}


def _fallen(material: Material) -> dict[str, Any]:
    """Return how the compared pairs fell.

    A dict with `bins`, how many weigh so many bits, from `-_WIDEST` to `_WIDEST`, the
    last on either side with all beyond; and `fallen`, how many are below, in and above
    the review band, and settled whatever their weight.
    """
    result = material.result
    settled = result.verdicts != 0
    weights = result.weights[~settled]
    whole = np.clip(np.floor(weights), -_WIDEST, _WIDEST - 1).astype(np.int64)
    low, high = result.config.review
    chances = probability(weights)
    fallen = [(chances <= low).sum(), (chances >= high).sum(), settled.sum()]
    below, above, said = map(int, fallen)
    return {
        "bins": np.bincount(whole + _WIDEST, minlength=2 * _WIDEST).tolist(),
        "fallen": [below, len(weights) - below - above, above, said],
    }


def _weights(model: FellegiSunter) -> dict[str, Any]:
    """Return the prior, and the bits of each level of each field by itself."""
    fields = [
        {
            "name": item.name,
            "thresholds": list(item.thresholds),
            # The first row is for where the fields that it depends on say nothing.
            "bits": item.bits()[0, :-1].round(2).tolist(),
            "depends": list(item.parents),
        }
        for item in model.fields
    ]
    training = model.training
    return {
        "prior": round(model.prior, 2),
        "fields": fields,
        "trained": [training.n_pairs, training.n_iterations, training.converged],
        "corrected": bool(model.shift or model.factors),
    }


def _told(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return rules in parts that can be put into words.

    The parameters of predicates are left out: they may be customers' values.
    """
    return [
        {
            "name": rule.name,
            "says": rule.says,
            "at_least": dict(rule.at_least),
            "below": dict(rule.below),
            "where": {asked.field: asked.predicate.name for asked in rule.questions},
        }
        for rule in rules
    ]
