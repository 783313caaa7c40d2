"""Tables of evidence: pairs, related entities, contacts of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import probability
from custmerge.contacts import ContactUse, ContactValues
from custmerge.io import OutputColumn
from custmerge.naming import RecordNames
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.relations import Relations

__all__ = ["beside", "contact_columns", "pair_columns", "relation_columns"]

_PAIR_COLUMNS = (
    *("left_id", "right_id", "weight", "probability"),
    *("left_source", "right_source", "reason"),
)


def beside(names: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """Return a column name for each name: none of `taken`, and no two the same.

    Examples:
        >>> beside(["name", "weight"], ["weight"])
        {'name': 'name', 'weight': 'weight_input'}
    """
    used = {*taken, *names}
    renamed = {}
    for name in names:
        free = name
        while free in taken or (free != name and free in used):
            free = f"{free}_input"
        used.add(free)
        renamed[name] = free
    return renamed


def pair_columns(
    named: RecordNames,
    pairs: Pairs,
    vectors: SimilarityVectors,
    weights: NDArray[np.float64],
) -> dict[str, OutputColumn]:
    """Return the columns of `Resolution.pairs`, for some pairs.

    Args:
        named: The names of the records.
        pairs: The pairs of rows.
        vectors: Their similarities.
        weights: Their match weights.
    """
    sides = named.columns(left=pairs.left, right=pairs.right)
    columns: dict[str, OutputColumn] = {
        "left_id": sides.pop("left_id"),
        "right_id": sides.pop("right_id"),
        "weight": weights,
        "probability": probability(weights),
    }
    names = beside(list(vectors.scores), _PAIR_COLUMNS)
    for name, scores in vectors.scores.items():
        columns[names[name]] = scores.astype(np.float64)
    return {**columns, **sides}


def relation_columns(
    named: RecordNames, labels: Rows, pairs: Pairs, found: Relations
) -> dict[str, OutputColumn]:
    """Return the columns of `Resolution.relations`.

    Args:
        named: The names of the records.
        labels: The entity of each row.
        pairs: The pairs that `found` goes by.
        found: The entities that are related.
    """
    left, right = pairs.left[found.pairs], pairs.right[found.pairs]
    # The rows of a pair stand in input order, those of a relation by entity.
    turned = labels[left] != found.left
    left, right = np.where(turned, right, left), np.where(turned, left, right)
    sides = named.columns(left=left, right=right)
    return {
        "left_entity": found.left,
        "right_entity": found.right,
        "kind": list(found.kinds),
        "probability": found.probabilities,
        "left_id": sides.pop("left_id"),
        "right_id": sides.pop("right_id"),
        "shared": ["; ".join(names) for names in found.shared],
        **sides,
    }


def contact_columns(
    contacts: Mapping[str, ContactValues],
) -> dict[str, OutputColumn]:
    """Return the columns of `Resolution.contacts`.

    Args:
        contacts: For each contact field, whose its values are.
    """
    rows = [
        (name, found.values[i], str(use), *found.counts_of(i))
        for name, found in contacts.items()
        for i, use in enumerate(found.uses)
        if use is not ContactUse.PERSONAL
    ]
    rows.sort(key=lambda row: (-row[4], -row[3], row[0], row[1]))
    names = ("field", "value", "use", "n_records", "n_people")
    columns = list(map(list, zip(*rows, strict=True))) or [[] for _ in names]
    return dict(zip(names, columns, strict=True))
