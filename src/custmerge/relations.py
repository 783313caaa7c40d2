"""Relations between entities: customers who are not one, but have something in common.

What would have made false links is worth knowing in itself: who lives in one
household, which customers are branches of one company, who shares a mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = ["SHARED_CONTACT", "Relations", "relate_entities", "with_named_branches"]

Chances = NDArray[np.float64]

_BRANCH = "branch"
"""The relation of a company and its branches, and of these."""
SHARED_CONTACT = "shared_contact"
"""The relation of entities that hold one contact value and are otherwise strangers."""
_LIKELY = 0.5
"""From this probability a relation is listed: it is then likelier than all else."""


@dataclass(frozen=True, slots=True, eq=False)
class Relations:
    """Related entities, one row for each two.

    Attributes:
        left: The entity of lower number; shape `(n_relations,)`.
        right: The other.
        kinds: The kind of each relation.
        probabilities: How likely it is, in [0, 1].
        pairs: Where in the compared pairs the two records stand that show it best.
        shared: The names of the fields on which these agree.
    """

    left: Rows
    right: Rows
    kinds: tuple[str, ...]
    probabilities: Chances
    pairs: NDArray[np.int64]
    shared: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return f"Relations({len(self.kinds):,})"


def with_named_branches(
    kinship: Mapping[str, Chances], told: Iterable[NDArray[np.float32]]
) -> dict[str, Chances]:
    """Return how likely pairs are relatives, sure where names tell of branches.

    Args:
        kinship: For each class of relatives, how likely each pair is of it.
        told: For each field of names, 1 for the pairs of which they tell that.

    Examples:
        >>> by_name = np.asarray([1, 0], dtype=np.float32)
        >>> with_named_branches({"branch": np.asarray([0.2, 0.3])}, [by_name])
        {'branch': array([1. , 0.3])}
    """
    found = dict(kinship)
    for flags in told:
        sure = (flags == 1).astype(np.float64)
        found[_BRANCH] = np.maximum(found.get(_BRANCH, 0), sure)
    return found


def relate_entities(
    labels: Rows,
    pairs: Pairs,
    kinship: Mapping[str, Chances],
    differ: Chances,
    agreed: Mapping[str, NDArray[np.bool_]],
    contacts: Sequence[str],
) -> Relations:
    """Return how entities are related, by the pairs of records between them.

    Args:
        labels: The entity of each row.
        pairs: The compared pairs of rows.
        kinship: For each class of relatives, how likely each pair is of it.
        differ: How likely each pair is of two customers.
        agreed: For each field, the pairs that agree exactly on it.
        contacts: The fields whose values two customers share at times.

    Examples:
        >>> labels = np.asarray([0, 1])
        >>> home = {"household": np.asarray([0.9])}
        >>> same = {"phone": np.asarray([True]), "name": np.asarray([False])}
        >>> relate_entities(
        ...     labels, Pairs.of([0], [1]), home, np.asarray([1.0]), same, ["phone"]
        ... ).shared
        (('phone',),)
    """
    names = (*kinship, SHARED_CONTACT)
    meets = np.zeros(len(pairs), dtype=bool)
    for name in contacts:
        meets |= agreed[name]
    chances = np.stack([*kinship.values(), np.where(meets, differ, 0)], axis=1)
    kinds = np.where(
        (chances[:, :-1] > _LIKELY).any(axis=1),
        chances[:, :-1].argmax(axis=1) if len(names) > 1 else 0,
        len(names) - 1,
    )
    chance = chances[np.arange(len(pairs)), kinds]
    left, right = labels[pairs.left], labels[pairs.right]
    listed = np.flatnonzero((left != right) & (chance > _LIKELY))
    low, high = np.minimum(left, right)[listed], np.maximum(left, right)[listed]
    # Of all pairs between two entities the likeliest of the closest kind stands.
    order = np.lexsort((listed, -chance[listed], kinds[listed], high, low))
    first = np.ones(len(order), dtype=bool)
    ordered_low, ordered_high = low[order], high[order]
    first[1:] = (np.diff(ordered_low) != 0) | (np.diff(ordered_high) != 0)
    best = listed[order[first]]
    return Relations(
        ordered_low[first],
        ordered_high[first],
        tuple(names[kind] for kind in kinds[best].tolist()),
        chance[best],
        best,
        _shared(agreed, best),
    )


def _shared(
    agreed: Mapping[str, NDArray[np.bool_]], places: NDArray[np.int64]
) -> tuple[tuple[str, ...], ...]:
    """Return for each of some pairs the names of the fields it agrees on."""
    flags = np.zeros((len(places), len(agreed)), dtype=bool)
    for i, same in enumerate(agreed.values()):
        flags[:, i] = same[places]
    sets = [flag.tobytes() for flag in flags]
    # Hundreds of thousands of pairs have but a few sets of names.
    named = {
        one: tuple(name for name, same in zip(agreed, one, strict=True) if same)
        for one in set(sets)
    }
    return tuple(named[one] for one in sets)
