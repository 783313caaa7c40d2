"""How an entity was built: the links that hold it, and what was kept out of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import probability
from custmerge.decisions import Located
from custmerge.explaining.entities import (
    DecidedPair,
    EntityExplanation,
    HeldOff,
    Relative,
    TreeLink,
)
from custmerge.explaining.grounds import Grounds
from custmerge.explaining.naming import keys_of
from custmerge.explaining.outcomes import hindrance
from custmerge.explaining.trees import spanning_tree
from custmerge.explaining.verdicts import verdicts_of
from custmerge.merging import EntityLineage
from custmerge.pairs import Pairs
from custmerge.partitioning import Weighed
from custmerge.protocols import Rows
from custmerge.relations import Relations

__all__ = ["explain_entity"]

_MOST_HELD_OFF = 5
"""Other entities that are listed as held off."""
_HARDLY = -10.0
"""Bits below which a pair comes nowhere near: 1 in 1,000."""


def explain_entity(
    grounds: Grounds,
    entity: int,
    related: tuple[Pairs, Relations],
    lineage: EntityLineage,
) -> EntityExplanation:
    """Return how an entity was built.

    Args:
        grounds: The result.
        entity: An entity that there is.
        related: The result's relations, and the pairs that these go by.
        lineage: Where the entity's golden values come from.
    """
    standing = grounds.standing
    rows = np.flatnonzero(standing.labels == entity)
    located = standing.basis.located(standing.decisions)
    return EntityExplanation(
        entity,
        keys_of(grounds.names, rows),
        tuple(_tree(grounds, located, rows)),
        tuple(_held_off(grounds, located, entity)),
        tuple(_decided(grounds, located, rows)),
        tuple(_relatives(grounds, related, entity)),
        lineage,
    )


def _tree(grounds: Grounds, located: Located, rows: Rows) -> Iterator[TreeLink]:
    """Yield the strongest links that hold an entity together, the strongest first."""
    standing = grounds.standing
    basis, labels = standing.basis, standing.labels
    entity = labels[rows[0]]
    inside = _where(standing.weighed, labels == entity, both=True)
    told = basis.constraints(located.constraints())
    must = told.must.take(labels[told.must.left] == entity)
    must = must.take(~must.among(inside.pairs))
    settled = located.settled(inside.pairs, inside.verdicts)
    settled[inside.pairs.among(told.must)] = 1
    strengths = np.where(settled > 0, np.inf, inside.weights)
    left = np.concatenate([inside.pairs.left, must.left]).astype(np.int64)
    right = np.concatenate([inside.pairs.right, must.right]).astype(np.int64)
    order = _strongest(
        np.concatenate([strengths, np.full(len(must), np.inf)]),
        np.stack([left, right]),
        basis.places,
    )
    place = np.zeros(len(labels), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    ends = zip(place[left[order]].tolist(), place[right[order]].tolist(), strict=True)
    edges = spanning_tree(len(rows), list(ends))
    names = keys_of(grounds.names, rows)
    for edge in edges:
        at = int(order[edge.place])
        one, other = int(left[at]), int(right[at])
        is_compared = at < len(inside.pairs)
        weight = float(inside.weights[at]) if is_compared else None
        is_told = not is_compared or settled[at] > 0
        yield TreeLink(
            names[place[one]],
            names[place[other]],
            weight,
            None if weight is None else float(probability(np.asarray(weight))),
            _said(grounds, one, other) if is_told else "evidence",
            edge.parts,
        )


def _where(weighed: Weighed, is_in: NDArray[np.bool_], *, both: bool) -> Weighed:
    """Return the pairs with both records among some, or with one of them alone."""
    pairs = weighed.pairs
    left, right = is_in[pairs.left], is_in[pairs.right]
    return weighed.take(np.flatnonzero(left & right if both else left != right))


def _strongest(
    strengths: NDArray[np.float64], ends: NDArray[np.int64], places: Rows
) -> NDArray[np.int64]:
    """Return the order of pairs by strength; ties by what the records hold."""
    low, high = np.sort(places[ends], axis=0)
    found: NDArray[np.int64] = np.lexsort((high, low, -strengths))
    return found


def _said(grounds: Grounds, left: int, right: int) -> str:
    """Return in words what settles a pair."""
    found = grounds.compared(left, right)
    vector = None if found is None else found.vectors
    said = verdicts_of(grounds.standing, vector, left, right)
    return said[0].label if said else "evidence"


def _held_off(grounds: Grounds, located: Located, entity: int) -> Iterator[HeldOff]:
    """Yield the entities that come nearest, by their strongest pairs."""
    standing = grounds.standing
    labels = standing.labels
    near = _where(standing.weighed, labels == entity, both=False)
    settled = located.settled(near.pairs, near.verdicts)
    told = standing.basis.constraints(located.constraints())
    settled[told.forbids(near.pairs)] = -1
    kept = np.flatnonzero((settled > 0) | (near.weights > _HARDLY))
    near, settled = near.take(kept), settled[kept]
    turned = labels[near.pairs.left] != entity
    ours = np.where(turned, near.pairs.right, near.pairs.left).astype(np.int64)
    theirs = np.where(turned, near.pairs.left, near.pairs.right).astype(np.int64)
    order = _strongest(near.weights, np.stack([ours, theirs]), standing.basis.places)
    _, first = np.unique(labels[theirs[order]], return_index=True)
    best = order[np.sort(first)[:_MOST_HELD_OFF]]
    names = keys_of(grounds.names, np.concatenate([ours[best], theirs[best]]))
    for i, at in enumerate(best.tolist()):
        other, weight = int(labels[theirs[at]]), float(near.weights[at])
        is_link = settled[at] > 0 or weight > grounds.config.link_bits
        if settled[at] < 0:
            label = _said(grounds, int(ours[at]), int(theirs[at]))
        elif is_link:
            label = f"a link, but cut: {hindrance(grounds, entity, other)}"
        else:
            label = "below the threshold"
        yield HeldOff(
            names[i],
            names[i + len(best)],
            other,
            weight,
            float(probability(near.weights[at])),
            label,
            bool(is_link and settled[at] >= 0),
        )


def _decided(grounds: Grounds, located: Located, rows: Rows) -> Iterator[DecidedPair]:
    """Yield what people decided about some records."""
    left, right = located.linked
    there = (left >= 0) & (right >= 0)
    asked = np.flatnonzero(there & (np.isin(left, rows) | np.isin(right, rows)))
    ones, others = (keys_of(grounds.names, side[asked]) for side in (left, right))
    for at, one, other in zip(asked.tolist(), ones, others, strict=True):
        yield DecidedPair(one, other, located.decisions.links[at].same)


def _relatives(
    grounds: Grounds, related: tuple[Pairs, Relations], entity: int
) -> Iterator[Relative]:
    """Yield the entities that are related to an entity."""
    labels, (pairs, found) = grounds.standing.labels, related
    chosen = np.flatnonzero((found.left == entity) | (found.right == entity))
    best = pairs.take(found.pairs[chosen])
    turned = labels[best.left] != entity
    ours = np.where(turned, best.right, best.left).astype(np.int64)
    theirs = np.where(turned, best.left, best.right).astype(np.int64)
    names = zip(*(keys_of(grounds.names, x) for x in (ours, theirs)), strict=True)
    for at, other, (near, far) in zip(
        chosen.tolist(), labels[theirs].tolist(), names, strict=True
    ):
        yield Relative(
            other,
            found.kinds[at],
            float(found.probabilities[at]),
            near,
            far,
            "; ".join(found.shared[at]),
        )
