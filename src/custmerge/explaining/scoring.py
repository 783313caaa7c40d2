"""Why two records are one customer, or are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from rapidfuzz import fuzz

from custmerge.classifier import FellegiSunter, probability, to_levels
from custmerge.explaining.grounds import Grounds
from custmerge.explaining.naming import keys_of
from custmerge.explaining.outcomes import outcome_of
from custmerge.explaining.pairs import (
    Adjustment,
    ComparisonExplanation,
    PairExplanation,
)
from custmerge.explaining.values import Held, held_values
from custmerge.explaining.verdicts import verdicts_of
from custmerge.explaining.weights import FieldPart, PairParts, parts_of
from custmerge.pairs import SimilarityVectors
from custmerge.protocols import Rows

__all__ = ["explain_pair"]

_SAME = 1 - 1e-6
"""Similarity from which values are the same, but for rounding."""
_LABELS: Final = {
    "otherwise": "no rule holds",
    "nothing": "nothing to compare",
}
"""What parts of weights that are of no field are for."""


def explain_pair(grounds: Grounds, first: object, second: object) -> PairExplanation:
    """Return why two records are one customer, or are not.

    Args:
        grounds: The result.
        first: A record, as `Resolution.entity_of` takes it.
        second: Another.

    Raises:
        InvalidInputError: They are no two records.
    """
    left, right = grounds.rows_of(first, second)
    found = grounds.compared(left, right)
    weighed = grounds.probe.weigh(left, right) if found is None else found
    shared = grounds.shared_keys(left, right) if found is None else ()
    standing, config = grounds.standing, grounds.config
    ends = np.asarray([left, right])
    names = keys_of(grounds.names, ends)
    entities = standing.labels[ends].tolist()
    parts = parts_of(standing.model, weighed.vectors)
    weight = float(weighed.weights[0])
    explained = PairExplanation(
        names[0],
        names[1],
        weight,
        float(probability(weighed.weights)[0]),
        parts.prior,
        tuple(_comparisons(grounds, weighed.vectors, parts, ends)),
        tuple(_adjustments(parts)),
        parts.relatives,
        verdicts_of(standing, weighed.vectors, left, right),
        config.threshold,
        config.review,
        found is not None,
        shared,
        "" if found is not None else grounds.why_not_compared(left, right, shared),
        entities[0],
        entities[1],
        outcome="",
    )
    return outcome_of(grounds, explained)


def _comparisons(
    grounds: Grounds,
    vector: SimilarityVectors,
    parts: PairParts,
    rows: Rows,
) -> Iterator[ComparisonExplanation]:
    """Yield what each compared field says of a pair."""
    config, model = grounds.config, grounds.standing.model
    held = held_values(grounds.standing.basis.dataset, config, grounds.contacts, rows)
    trained = model.fields if isinstance(model, FellegiSunter) else ()
    parents = {item.name: item.parents for item in trained}
    thresholds = {field.name: field.levels for field in config.compared}
    thresholds |= {item.name: item.thresholds for item in trained}
    swaps = {field.name: field.swaps_with for field in config.compared}
    partners = {other: name for name, other in swaps.items() if other} | {
        name: other for name, other in swaps.items() if other
    }
    for name in config.compared_names:
        score = float(vector.scores[name][0])
        level = int(to_levels(vector.scores[name], thresholds[name])[0])
        frequency = vector.frequencies.get(name)
        part: FieldPart = parts.fields[name]
        left, right = held[name]
        is_missing = np.isnan(score)
        yield ComparisonExplanation(
            name,
            left.stored,
            right.stored,
            left.compared,
            right.compared,
            None if is_missing else score,
            None if is_missing else level,
            _exchanged(name, partners.get(name), vector, held)
            or (_lacking(left, right) if is_missing else None)
            or _label(score, level, thresholds[name]),
            part.weight,
            part.frequency,
            part.dependence,
            parents.get(name, ()),
            None
            if frequency is None or np.isnan(frequency[0])
            else float(frequency[0]),
            part.m,
            part.u,
        )


def _lacking(left: Held, right: Held) -> str:
    """Return in words why two values say nothing of each other."""
    if left.stored is None or right.stored is None:
        return "missing"
    if left.compared and right.compared:
        return "cannot be compared"
    return "no real value"


def _label(score: float, level: int, thresholds: Sequence[float]) -> str:
    """Return a level in words."""
    if score >= _SAME:
        return "agree"
    return "differ" if level == 0 else f"similar (at least {thresholds[level - 1]:g})"


def _exchanged(
    name: str,
    other: str | None,
    vector: SimilarityVectors,
    held: dict[str, tuple[Held, ...]],
) -> str | None:
    """Return that a field's values are rather those of another of the other record.

    Such fields were given one similarity, that of the exchange; see `Evidence`.
    """
    if other not in held or vector.scores[name] != vector.scores[other]:
        return None
    ours, theirs = (
        [" ".join(one.compared) for one in held[field]] for field in (name, other)
    )
    crosswise = fuzz.ratio(ours[0], theirs[1]) + fuzz.ratio(theirs[0], ours[1])
    straight = fuzz.ratio(*ours) + fuzz.ratio(*theirs)
    return f"exchanged with {other}" if crosswise > straight else None


def _adjustments(parts: PairParts) -> Iterator[Adjustment]:
    """Yield the parts of a weight that are of no field, where they count."""
    for name, weight in parts.others.items():
        if not weight:
            continue
        plain = name.strip("()")
        label = _LABELS.get(plain, plain)
        if plain == "related" and parts.relatives:
            kin = max(parts.relatives, key=lambda one: parts.relatives[one])
            label = f"a {kin.replace('_', ' ')} may share this"
        yield Adjustment(plain, weight, label)
