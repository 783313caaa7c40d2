"""The parts of a pair's match weight: own level, rarity, dependence on other fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from custmerge.classifier import (
    MISSING,
    FellegiSunter,
    FieldWeights,
    IntoClassifier,
    as_classifier,
    to_levels,
)
from custmerge.pairs import SimilarityVectors

__all__ = ["FieldPart", "PairParts", "parts_of"]


@dataclass(frozen=True, slots=True)
class FieldPart:
    """What one field adds to a pair's weight.

    Attributes:
        weight: Its bits, all told.
        frequency: Of these, what the rarity of the value adds or takes.
        dependence: Of these, what is taken off (or added) since the fields that it
            depends on said it already.
        m: Share of matches that show the level, given what those fields show.
        u: The same of unrelated pairs.
    """

    weight: float
    frequency: float = 0.0
    dependence: float = 0.0
    m: float | None = None
    u: float | None = None


@dataclass(frozen=True, slots=True)
class PairParts:
    """What a pair's weight is made of.

    Attributes:
        prior: The weight of a pair about which nothing is known.
        fields: What each field adds.
        others: What is of no field, by its name in the model.
        relatives: For each class of relatives how likely the pair is of it.
    """

    prior: float
    fields: Mapping[str, FieldPart]
    others: Mapping[str, float]
    relatives: Mapping[str, float]


def parts_of(model: IntoClassifier, vector: SimilarityVectors) -> PairParts:
    """Return what the weight of one pair is made of.

    A field that depends on others is weighed a second time as if it did not, and a
    third time as if its value were neither rare nor common; the differences are what
    dependence and rarity count.

    Args:
        model: What weighed the pair.
        vector: The evidence about that pair alone.
    """
    names = tuple(vector.scores)
    found = as_classifier(model, names).contributions(vector)
    parts = {name: float(part[0]) for name, part in found.items()}
    prior = parts.pop("(prior)", 0.0)
    fields = {name: FieldPart(parts.pop(name, 0.0)) for name in names}
    if not isinstance(model, FellegiSunter):
        return PairParts(prior, fields, parts, {})
    kinship = {name: float(part[0]) for name, part in model.kinship(vector).items()}
    return PairParts(prior, _detailed(model, vector, fields), parts, kinship)


def _detailed(
    model: FellegiSunter, vector: SimilarityVectors, fields: Mapping[str, FieldPart]
) -> dict[str, FieldPart]:
    """Return the parts of fields with what rarity and dependence count of them."""
    free = replace(model, fields=tuple(map(_independent, model.fields)))
    alone = free.contributions(vector)
    plain = free.contributions(replace(vector, frequencies={}))
    levels = {
        item.name: int(to_levels(vector.scores[item.name], item.thresholds)[0])
        for item in model.fields
    }
    detailed = dict(fields)
    for item in model.fields:
        name, weight = item.name, fields[item.name].weight
        level = levels[name]
        if level == MISSING:
            continue
        row = min((levels[parent] for parent in item.parents), default=-1) + 1
        detailed[name] = FieldPart(
            weight,
            float(alone[name][0] - plain[name][0]),
            weight - float(alone[name][0]),
            item.match[row][level],
            item.unrelated[row][level],
        )
    return detailed


def _independent(item: FieldWeights) -> FieldWeights:
    """Return a field's weights where nothing is known of those it depends on."""
    return replace(
        item,
        parents=(),
        match=item.match[:1],
        unrelated=item.unrelated[:1],
        related=tuple(rows[:1] for rows in item.related),
    )
