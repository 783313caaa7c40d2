"""The entities of a report: their records, which values won, and why the others lost.

They are lists of numbers and texts, without names, since there are thousands of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows
from custmerge.reporting.links import Link
from custmerge.reporting.material import Material
from custmerge.reporting.sampling import MOST_RECORDS

__all__ = ["Shown", "entity_rows", "golden_texts"]

Entry = list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The records of a report, each once.

    Attributes:
        places: For each row that is shown, its place among these; the rows ascend.
        members: For each entity that is shown, those of its rows that are.
    """

    places: dict[int, int]
    members: dict[int, list[int]]

    @property
    def rows(self) -> Rows:
        """The rows that are shown, ascending."""
        return np.fromiter(self.places, np.int64, len(self.places))

    @classmethod
    def of(
        cls,
        material: Material,
        entities: Rows,
        beside: Rows,
        links: Mapping[int, Sequence[Link]],
    ) -> Shown:
        """Return the records of some entities.

        Args:
            material: What the report is made of.
            entities: The entities.
            beside: Rows that are shown as well.
            links: The links of each entity, the weakest last.
        """
        result = material.result
        order = np.argsort(result.labels, kind="stable")
        ends = np.cumsum(result.sizes)
        members = {
            entity: _shown_members(
                material, entity, order[end - size : end], links.get(entity, [])[-1:]
            )
            for entity, end, size in zip(
                entities.tolist(),
                ends[entities].tolist(),
                result.sizes[entities].tolist(),
                strict=True,
            )
        }
        listed = [row for rows in members.values() for row in rows]
        rows = np.concatenate([np.asarray(listed, np.int64), beside])
        every = np.unique(rows).tolist()
        return cls({row: place for place, row in enumerate(every)}, members)

    def records(self, material: Material) -> list[Entry]:
        """Return each record: its name, then its cells."""
        rows = self.rows
        names, columns = material.names(rows), material.texts(rows, material.columns)
        return [list(record) for record in zip(names, *columns, strict=True)]


def _shown_members(
    material: Material, entity: int, rows: Rows, weakest: Sequence[Link]
) -> list[int]:
    """Return the rows of an entity; of very many, first those that anything is from.

    And those of its weakest link.
    """
    if len(rows) <= MOST_RECORDS:
        return [int(row) for row in rows]
    survivors = material.result.survivors
    winners = [int(won[entity]) for won in survivors.rows.values()]
    ends = [row for link in weakest for row in (link.left, link.right)]
    needed = dict.fromkeys([int(survivors.masters[entity]), *winners, *ends])
    first = dict.fromkeys([*needed, *rows.tolist()])
    return sorted([*first][: max(MOST_RECORDS, len(needed))])


def entity_rows(
    material: Material, shown: Shown, links: Mapping[int, Sequence[Link]]
) -> list[Entry]:
    """Return each entity that is shown.

    One of one record is `[id, confidence, [record]]`. Of several records there are
    more: how many these are; for each golden column the position of the winning
    record, or -1, and what decided; the values that lost, as a flat list of column,
    position and reason; by column the values that are no record's; and the links
    between the records that are shown, the weakest last: two positions, the weight in
    bits, what makes the link, how many records are on the first one's side of it, and
    the fields that speak loudest.

    Args:
        material: What the report is made of.
        shown: The records.
        links: The links of each entity, the weakest last.
    """
    lost = _lost(material, shown)
    made = _made(material, shown)
    sure = _least_confidence(material)
    survivors = material.result.survivors
    chosen = np.fromiter(shown.members, np.int64, len(shown.members))
    won = _by_entity(survivors.rows, chosen)
    decided = _by_entity(survivors.decided, chosen)
    entries = []
    for place, (entity, members) in enumerate(shown.members.items()):
        size = int(material.result.sizes[entity])
        places = [shown.places[row] for row in members]
        entry: Entry = [entity, round(float(sure[entity]), 4), places]
        if size > 1 or entity in made:
            position = {row: i for i, row in enumerate(members)}
            winners = [position.get(row, -1) for row in won[place]]
            losers = [
                part
                for field, row, rule in lost.get(entity, ())
                if row in position
                for part in (field, position[row], rule)
            ]
            entry += [size, winners, decided[place], losers]
            entry += [made.get(entity, {}), _told(links.get(entity, ()), position)]
        entries.append(entry)
    return entries


def _told(links: Sequence[Link], position: Mapping[int, int]) -> list[Entry]:
    """Return the links between records that are shown, as lists."""
    ends = [
        (position.get(link.left, -1), position.get(link.right, -1)) for link in links
    ]
    return [
        [*places, link.weight, link.said, link.n_left, link.fields]
        for places, link in zip(ends, links, strict=True)
        if min(places) >= 0
    ]


def _by_entity(columns: Mapping[str, NDArray[Any]], entities: Rows) -> list[list[int]]:
    """Return by entity what columns say of some entities."""
    parts = [column[entities] for column in columns.values()]
    table = np.stack(parts, axis=1) if parts else np.empty((len(entities), 0), int)
    rows: list[list[int]] = table.tolist()
    return rows


def _lost(material: Material, shown: Shown) -> dict[int, list[tuple[int, int, int]]]:
    """Return by entity the values that lost: golden column, row, and rule."""
    losses = material.losses
    is_shown = np.zeros(len(material.result.sizes), np.bool_)
    is_shown[list(shown.members)] = True
    which = np.flatnonzero(is_shown[losses.entities])
    found: dict[int, list[tuple[int, int, int]]] = {}
    for entity, *told in zip(
        losses.entities[which].tolist(),
        losses.fields[which].tolist(),
        losses.rows[which].tolist(),
        losses.rules[which].tolist(),
        strict=True,
    ):
        found.setdefault(entity, []).append((told[0], told[1], told[2]))
    return found


def _made(material: Material, shown: Shown) -> dict[int, dict[int, str | None]]:
    """Return by entity the golden values that are no record's, by golden column."""
    found: dict[int, dict[int, str | None]] = {}
    for place, name in enumerate(material.result.survivors.rows):
        for entity, text in material.made(name, shown.members).items():
            found.setdefault(entity, {})[place] = text
    return found


def _least_confidence(material: Material) -> NDArray[np.float64]:
    result = material.result
    least = np.ones(len(result.sizes))
    np.minimum.at(least, result.labels, result.confidence)
    return least


def golden_texts(
    material: Material, entities: Sequence[int], names: Sequence[str]
) -> list[list[str | None]]:
    """Return the golden values of some entities, by entity, then by golden column."""
    survivors = material.result.survivors
    chosen = np.asarray(entities, np.int64)
    columns = []
    for name in names:
        source = survivors.columns[name]
        [texts] = material.texts(survivors.rows[name][chosen], [source])
        made = material.made(name, entities)
        cells = zip(entities, texts, strict=True)
        columns.append([made.get(entity, text) for entity, text in cells])
    return [list(cells) for cells in zip(*columns, strict=True)]
