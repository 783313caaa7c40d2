"""The dependences between fields in the data at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    Correlation,
    FellegiSunter,
    FieldWeights,
    correlations,
    probability,
    to_levels,
)
from custmerge.config import Field
from custmerge.engines.fitting import Random
from custmerge.pairs import SimilarityVectors

__all__ = ["SAME_FACT", "among_strangers", "dependences", "depending"]

SAME_FACT = 0.8
"""Correlation of agreement from which two fields tell one fact: two thirds of how the
one varies follows from the other."""
_LEAST = 0.3
"""Least correlation worth a mention."""
_HARDLY = 0.01
"""Match probability below which a pair says nothing about matches."""


def dependences(
    model: FellegiSunter,
    compared: tuple[SimilarityVectors, NDArray[np.float64], NDArray[np.float64]],
    unrelated: NDArray[np.float64],
) -> tuple[Correlation, ...]:
    """Return the fields whose agreement goes together in a class, strongest first.

    Args:
        model: Tells the classes apart.
        compared: The similarities and match weights of the compared pairs, which show
            the matches, and how many pairs each stands for.
        unrelated: What `among_strangers` finds of the model.
    """
    if len(model.fields) < 2:
        return ()
    vectors, weights, counts = compared
    chances = probability(weights)
    likely = np.flatnonzero(chances > _HARDLY)
    matches = _correlations(model, vectors.take(likely), (chances * counts)[likely])
    strength = np.maximum(abs(matches), abs(unrelated))
    first, second = np.triu_indices(len(model.fields), k=1)
    strong = np.flatnonzero(strength[first, second] >= _LEAST)
    falling = np.argsort(-strength[first, second][strong], kind="stable")
    roots = _roots(model.fields)
    return tuple(
        Correlation(
            (model.fields[i].name, model.fields[j].name),
            float(matches[i, j]),
            float(unrelated[i, j]),
            counted_once=bool(roots[i] & roots[j]),
        )
        for i, j in zip(
            first[strong][falling].tolist(),
            second[strong][falling].tolist(),
            strict=True,
        )
    )


def among_strangers(model: FellegiSunter, random: Random) -> NDArray[np.float64]:
    """Return how far any two fields agree together among unrelated pairs.

    Args:
        model: Tells the classes apart.
        random: Random pairs, which show the unrelated.
    """
    if len(model.fields) < 2:
        return np.zeros((len(model.fields), len(model.fields)))
    strangers = _unrelated(model, random.alike) * random.counts
    return _correlations(model, random.alike, strangers)


def depending(
    fields: Sequence[Field], found: Sequence[Correlation]
) -> tuple[Field, ...]:
    """Return the fields, those that tell one fact depending on each other.

    Of two such fields the one that depends on no other yet follows from the other one.

    Args:
        fields: The compared fields.
        found: The correlations, strongest first.
    """
    by_name = {field.name: field for field in fields}
    for item in found:
        if item.counted_once or max(item.matches, item.unrelated) < SAME_FACT:
            continue
        for parent, child in (item.fields, item.fields[::-1]):
            free = not by_name[child].depends_on
            if free and child not in _above(parent, by_name):
                by_name[child] = replace(by_name[child], depends_on=(parent,))
                break
    return tuple(by_name.values())


def _above(name: str, by_name: Mapping[str, Field]) -> set[str]:
    """Return a field's name and those of all that it depends on, however far."""
    parents = by_name[name].depends_on
    return {name}.union(*(_above(parent, by_name) for parent in parents))


def _correlations(
    model: FellegiSunter, vectors: SimilarityVectors, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    fields = model.fields
    columns = [to_levels(vectors.scores[item.name], item.thresholds) for item in fields]
    levels = np.stack(columns, axis=1)
    return correlations(levels, [len(item.thresholds) + 1 for item in fields], weights)


def _unrelated(model: FellegiSunter, vectors: SimilarityVectors) -> NDArray[np.float64]:
    """Return the probability that pairs are neither matches nor relatives."""
    parts = model.contributions(vectors)
    relatives = parts.pop("(related)")
    odds = np.sum(list(parts.values()), axis=0)
    # Odds against unrelated pairs: of a match, and of anything at all.
    chances: NDArray[np.float64] = np.exp2(-np.logaddexp2(odds, -relatives))
    return chances


def _roots(fields: Sequence[FieldWeights]) -> list[set[str]]:
    """Return for each field itself and all that it depends on, however far."""
    parents: Mapping[str, tuple[str, ...]] = {
        item.name: item.parents for item in fields
    }

    def above(name: str) -> set[str]:
        return {name}.union(*(above(parent) for parent in parents[name]))

    return [above(item.name) for item in fields]
