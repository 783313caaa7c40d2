"""The links that hold the entities of a report together, the strongest that do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import as_classifier
from custmerge.clustering import components
from custmerge.explaining.trees import spanning_tree
from custmerge.protocols import Rows
from custmerge.reporting.material import Material

__all__ = ["SAID", "Link", "tree_links"]

SAID: Final = ("evidence", "rule", "told", "decision")
"""What makes a link: the evidence, or who said so whatever that is."""
_RULE, _TOLD, _DECISION = 1, 2, 3
_MOST_FOR, _MOST_AGAINST = 3, 2
"""Fields that a link names on either side; an answer lists them all."""
_TELLING: Final = 1.0
"""Bits from which a field is worth naming: twice as likely, or half."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two records of an entity that hold together.

    Attributes:
        left: The row of one.
        right: That of the other.
        weight: Their match weight in bits; `None` where they were not compared.
        said: What makes the link, as a position in `SAID`.
        n_left: How many records stay with the first one without the link.
        fields: What speaks loudest for it, then against it: the positions of compared
            fields, from 1 on, and below zero where they speak against.
    """

    left: int
    right: int
    weight: float | None
    said: int
    n_left: int
    fields: list[int]


def tree_links(material: Material, entities: Rows) -> dict[int, list[Link]]:
    """Return by entity the tree of its strongest links, the strongest first.

    They are those that `EntityExplanation.tree` tells of, for many entities at once.

    Args:
        material: What the report is made of.
        entities: The entities.
    """
    left, right, places, said = _links(material, entities)
    order = _strongest(material, left, right, places, said)
    # Rows by number among those that any link is of, so that no other is looked at.
    rows, ends = np.unique(np.stack([left[order], right[order]]), return_inverse=True)
    one, other = ends.reshape(2, -1).tolist()
    tree = spanning_tree(len(rows), list(zip(one, other, strict=True)))
    chosen = order[np.fromiter((edge.place for edge in tree), np.int64, len(tree))]
    fields = _telling(material, places[chosen])
    found: dict[int, list[Link]] = {}
    for edge, at, named in zip(tree, chosen.tolist(), fields, strict=True):
        place = int(places[at])
        weight = round(float(material.result.weights[place]), 1) if place >= 0 else None
        ends_at = int(left[at]), int(right[at])
        link = Link(*ends_at, weight, int(said[at]), edge.parts[0], named)
        found.setdefault(int(material.result.labels[ends_at[0]]), []).append(link)
    return found


def _links(
    material: Material, entities: Rows
) -> tuple[Rows, Rows, NDArray[np.int64], NDArray[np.int64]]:
    """Return what may link records of one entity.

    Returns:
        The rows of either side; the places in the compared pairs, -1 where people say
        so of records that were not compared; and what makes each a link.
    """
    result = material.result
    basis, labels, pairs = result.basis, result.labels, result.compared
    is_chosen = np.zeros(len(result.sizes), np.bool_)
    is_chosen[entities] = True
    located = basis.located(result.decisions)
    decided = located.constraints()
    must = basis.constraints(decided).must
    inside = np.flatnonzero(
        (labels[pairs.left] == labels[pairs.right]) & is_chosen[labels[pairs.left]]
    )
    compared = pairs.take(inside)
    settled = located.settled(compared, basis.verdicts[inside]) > 0
    settled |= compared.among(must)
    more = must.take(is_chosen[labels[must.left]] & ~must.among(compared))
    left = np.concatenate([compared.left, more.left]).astype(np.int64)
    right = np.concatenate([compared.right, more.right]).astype(np.int64)
    places = np.concatenate([inside, np.full(len(more), -1)])
    said = np.where(np.concatenate([settled, np.ones(len(more), np.bool_)]), _RULE, 0)
    for by, one in ((_TOLD, must), (_DECISION, decided.must)):
        groups = components(len(labels), one)
        said[(said > 0) & (groups[left] == groups[right])] = by
    return left, right, places, said


def _strongest(
    material: Material,
    left: Rows,
    right: Rows,
    places: NDArray[np.int64],
    said: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the order of links by strength; ties by what the records hold."""
    ends = material.result.basis.places[np.stack([left, right])]
    low, high = np.sort(ends, axis=0)
    weights = np.append(material.result.weights, np.inf)[places]
    strengths = np.where(said > 0, np.inf, weights)
    order: NDArray[np.int64] = np.lexsort((high, low, -strengths))
    return order


def _telling(material: Material, places: NDArray[np.int64]) -> list[list[int]]:
    """Return by link the fields that speak loudest for and against it."""
    result = material.result
    names = result.config.compared_names
    found: list[list[int]] = [[] for _ in places]
    compared = np.flatnonzero(places >= 0)
    parts = as_classifier(result.model, names).contributions(
        result.vectors.take(places[compared])
    )
    bits = np.zeros((len(compared), len(names)))
    for field, name in enumerate(names):
        bits[:, field] = parts.get(name, 0.0)
    order = np.argsort(-bits, axis=1, kind="stable")
    for at, row, ranked in zip(
        compared.tolist(), bits.tolist(), order.tolist(), strict=True
    ):
        support = [field for field in ranked if row[field] >= _TELLING]
        against = [field for field in reversed(ranked) if row[field] <= -_TELLING]
        found[at] = [field + 1 for field in support[:_MOST_FOR]]
        found[at] += [-field - 1 for field in against[:_MOST_AGAINST]]
    return found
