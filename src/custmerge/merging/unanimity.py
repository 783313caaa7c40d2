"""What the rule `unanimous` left missing, and the values for which it did."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np

from custmerge.config import Config, Field
from custmerge.protocols import Rows
from custmerge.records import RecordTable
from custmerge.survivorship import Survivors

__all__ = ["UNANIMOUS", "disunited", "emptied_columns"]

UNANIMOUS: Final = "unanimous"
"""The name of the survivorship rule."""


def emptied_columns(config: Config, survivors: Survivors) -> list[tuple[str, Field]]:
    """Return a field of each golden column that is missing somewhere, with its kind.

    It is named as the field of that one column, or else as the column.
    """
    fields = {name: field for field in config.fields for name in field.columns}
    found = []
    for column in survivors.rows:
        if _emptied(column, survivors):
            field = fields.get(column, Field(column, compare=None))
            name = field.name if len(field.columns) == 1 else column
            plain = Field(name, columns=(column,), compare=None)
            found.append((str(field.kind), plain))
    return found


def disunited(
    column: str, labels: Rows, table: RecordTable, survivors: Survivors
) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Yield entity, text and rows of what kept golden values out, by entity and text.

    Args:
        column: The golden column.
        labels: For each row of the table its entity.
        table: The records.
        survivors: What survived of them.
    """
    entities = np.asarray(_emptied(column, survivors), np.int64)
    rows = np.flatnonzero(np.isin(labels, entities) & table[column].present)
    texts = map(str, table[column].take(rows).decode())
    held = sorted(zip(labels[rows].tolist(), texts, rows.tolist(), strict=True))
    for (entity, text), cells in groupby(held, key=lambda cell: cell[:2]):
        yield entity, text, tuple(row for *_, row in cells)


def _emptied(column: str, survivors: Survivors) -> list[int]:
    """Return the entities of which the rule left a golden column missing."""
    reasons = survivors.decided[column]
    return [
        entity
        for entity, value in survivors.values.get(column, {}).items()
        if value is None and survivors.rule_names[reasons[entity]] == UNANIMOUS
    ]
