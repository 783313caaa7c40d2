"""Which entities a report shows in full, where there are too many for a file.

Those that somebody should look at come first; of the others, each has the same chance.
The draw goes by the names of records, so that it does not depend on their order and
shows the same customers next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable
from custmerge.reporting.material import LONGEST, Material

__all__ = ["KINDS", "MOST_RECORDS", "chosen", "costs_of", "kinds_of", "record_costs"]

Entities = NDArray[np.int64]

KINDS: Final = ("conflict", "doubtful", "merged", "lone")
"""Kinds of entities, in the order in which they are given room: with conflicting
values, in a doubtful pair, of several records, and of one."""
MOST_RECORDS = 40
"""Records of an entity that are shown; nobody reads more side by side."""
_SHARE = 0.5
"""Of the room left, what a kind takes at first: the others are to be seen too."""
_PER_CELL, _PER_RECORD, _PER_ENTITY = 4, 40, 24
"""Bytes that a cell, a record and an entity take beside their texts."""
_PER_LINEAGE = 5
"""Bytes for where the golden value of a column comes from, and as many for each value
that did not survive."""
_PER_LINK = 30
"""Bytes for what links two records."""


def kinds_of(
    material: Material, conflicting: Entities, doubtful: Entities
) -> list[Entities]:
    """Return the entities by kind, each of one kind, those first that come first.

    Args:
        material: What the report is made of.
        conflicting: The entities with conflicts, in order, perhaps repeated.
        doubtful: The entities in doubtful pairs, likewise.
    """
    sizes = material.result.sizes
    drawn = np.argsort(_draws(material), kind="stable")
    is_merged = sizes[drawn] > 1
    orders = [conflicting, doubtful, drawn[is_merged], drawn[~is_merged]]
    is_new = np.ones(len(sizes), np.bool_)
    kinds = []
    for order in orders:
        first = np.sort(np.unique(order, return_index=True)[1])
        kind = order[first][is_new[order[first]]]
        is_new[kind] = False
        kinds.append(kind)
    return kinds


def _draws(material: Material) -> NDArray[np.uint64]:
    """Return a number for each entity, as if drawn by chance: the least of a record."""
    labels, finder = material.result.labels, material.result.basis.finder
    ids = finder.ids or Column.encode(map(str, range(len(labels))))
    hashes = _hashed(ids, "id")
    if finder.sources is not None:
        hashes ^= _hashed(finder.sources, "source")
    draws = np.full(len(material.result.sizes), np.iinfo(np.uint64).max)
    np.minimum.at(draws, labels, hashes)
    return draws


def _hashed(column: Column, what: str) -> NDArray[np.uint64]:
    """Return a hash of each row's text."""
    person = what.encode()
    digests = (
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=person)
        for text in (*column.values, "")
    )
    numbers = b"".join(found.digest() for found in digests)
    hashes: NDArray[np.uint64] = np.frombuffer(numbers, "<u8")[column.first]
    return hashes


def costs_of(material: Material, records: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return roughly how many bytes each entity takes, with its records.

    Args:
        material: What the report is made of.
        records: What each record takes.
    """
    result = material.result
    n_entities = len(result.sizes)
    costs = np.bincount(result.labels, records, n_entities)
    lost = np.bincount(material.losses.entities, minlength=n_entities)
    shown = np.minimum(result.sizes, MOST_RECORDS) / result.sizes
    is_merged = result.sizes > 1
    lineage = _PER_LINEAGE * (len(result.survivors.rows) + lost) * is_merged
    linked = _PER_LINK * (result.sizes - 1)
    found: NDArray[np.int64] = ((costs + lineage + linked) * shown).astype(np.int64)
    return found + _PER_ENTITY


def record_costs(table: RecordTable) -> NDArray[np.int64]:
    """Return roughly how many bytes each record takes."""
    costs = np.full(table.n_rows, _PER_RECORD)
    for name in table:
        costs += _cell_costs(table[name])
    return costs


def _cell_costs(column: Column) -> NDArray[np.int64]:
    encoded = (value.encode("utf-8", "surrogatepass") for value in column.values)
    lengths = np.fromiter(map(len, encoded), np.int64, len(column.values))
    lengths = np.minimum(lengths, LONGEST)
    # Missing cells are the last.
    costs: NDArray[np.int64] = np.append(lengths, 1)[column.first] + _PER_CELL
    return costs


def chosen(kinds: Sequence[Rows], costs: NDArray[np.int64], room: float) -> list[Rows]:
    """Return which entities of each kind there is room for.

    Each kind takes at most half of the room that those before it left, from its first
    entity on; what is left in the end is given out once more, all of it.

    Args:
        kinds: The entities of each kind, in order.
        costs: What each entity takes.
        room: What all may take together.

    Examples:
        >>> costs = np.asarray([10, 10, 10, 10])
        >>> kinds = [np.array([3, 2, 1]), np.array([0])]
        >>> [some.tolist() for some in chosen(kinds, costs, 30)]
        [[3, 2], [0]]
    """
    counts = [0] * len(kinds)
    for share in (_SHARE, 1.0):
        for place, entities in enumerate(kinds):
            ends = np.cumsum(costs[entities[counts[place] :]])
            fitting = int(np.searchsorted(ends, room * share, side="right"))
            counts[place] += fitting
            room -= int(ends[fitting - 1]) if fitting else 0
    return [entities[:count] for entities, count in zip(kinds, counts, strict=True)]
