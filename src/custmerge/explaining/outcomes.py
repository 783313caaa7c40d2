"""What came of a pair, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from custmerge.explaining.grounds import Grounds
from custmerge.explaining.pairs import PairExplanation

__all__ = ["hindrance", "outcome_of"]


def outcome_of(grounds: Grounds, pair: PairExplanation) -> PairExplanation:
    """Return an explained pair with what came of it."""
    return replace(pair, outcome=_outcome(grounds, pair))


def _outcome(grounds: Grounds, pair: PairExplanation) -> str:
    if pair.same_entity:
        where = f"one entity: {pair.left_entity}"
        if pair.linked:
            said = pair.verdicts[0].label if pair.verdict else "a link"
            return f"{said}, and {where}"
        return f"no link by itself, yet {where}, by way of other records"
    where = f"entities {pair.left_entity} and {pair.right_entity}"
    if pair.verdict == "differ":
        return f"kept apart ({pair.verdicts[0].label}): {where}"
    if pair.linked:
        why = hindrance(grounds, pair.left_entity, pair.right_entity)
        return f"a link, but cut, since {why}: {where}"
    if not pair.compared:
        return f"not compared: {where}"
    return f"no link, below the threshold: {where}"


def hindrance(grounds: Grounds, first: int, second: int) -> str:
    """Return why two entities are not one though a pair of their records links them."""
    standing = grounds.standing
    basis, labels = standing.basis, standing.labels
    told = basis.constraints(basis.located(standing.decisions).constraints())
    told = standing.weighed.vetoed(told, len(labels))
    ends = {first, second}
    cannot = told.cannot
    sides = np.stack([labels[cannot.left], labels[cannot.right]])
    if (np.isin(sides, [*ends]).all(axis=0) & (sides[0] != sides[1])).any():
        return "others of their records must not be one entity"
    if told.sources is not None:
        held = [told.sources[labels == entity] for entity in (first, second)]
        shared = np.intersect1d(*held)
        if (shared >= 0).any():
            return "both entities hold a record of one source"
    types = [basis.types[labels == entity].max() for entity in (first, second)]
    if min(types) >= 0 and types[0] != types[1]:
        return "their records are of different types"
    pairs = standing.weighed.pairs
    sides = np.stack([labels[pairs.left], labels[pairs.right]])
    between = np.flatnonzero(
        np.isin(sides, [*ends]).all(axis=0) & (sides[0] != sides[1])
    )
    n_links = int(
        (standing.weighed.strengths[between] > grounds.config.link_bits).sum()
    )
    n_pairs = int((labels == first).sum()) * int((labels == second).sum())
    return f"of {n_pairs} pairs between the two entities {n_links} speak for one"
