"""What two records hold in each compared field: as they came, and as compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from custmerge.config import Config, Field
from custmerge.contacts import ContactUse, ContactValues
from custmerge.io import Dataset, Taken, read_table
from custmerge.normalizing import normalize
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable

__all__ = ["Held", "held_values"]


@dataclass(frozen=True, slots=True)
class Held:
    """What one record holds in a field.

    Attributes:
        stored: As it came; of several columns what they hold, joined.
        compared: The normalized values that were compared.
    """

    stored: str | None
    compared: tuple[str, ...]


def held_values(
    dataset: Dataset,
    config: Config,
    contacts: Mapping[str, ContactValues],
    rows: Rows,
) -> dict[str, tuple[Held, ...]]:
    """Return for each compared field what some records hold, in order.

    Args:
        dataset: The records.
        config: Says how values are normalized: each by itself, so that these few are
            what they were among all.
        contacts: What stands for a missing value, which is not compared.
        rows: The records.
    """
    names = dict.fromkeys(
        name for field in config.compared for name in (*field.columns, *field.derived)
    )
    taken = read_table(dataset.build({name: Taken(name, rows) for name in names}))
    raw = RecordTable.from_columns(
        {name: taken.cells(name) for name in names}, len(rows)
    )
    normalized = normalize(raw, config.compared)
    found = {}
    for field in config.compared:
        nobodys = _placeholders(contacts.get(field.name))
        column = normalized[field.name]
        found[field.name] = tuple(
            Held(
                _stored(raw, field, place),
                tuple(x for x in _values(column, place) if x not in nobodys),
            )
            for place in range(len(rows))
        )
    return found


def _values(column: Column, row: int) -> tuple[str, ...]:
    """Return the distinct values of a row."""
    codes = column.slots[row]
    return tuple(dict.fromkeys(column.values[code] for code in codes if code >= 0))


def _stored(raw: RecordTable, field: Field, row: int) -> str | None:
    texts = [value for name in field.columns for value in _values(raw[name], row)]
    joiner = field.separator if field.combine == "join" else "; "
    return joiner.join(texts) or None


def _placeholders(contacts: ContactValues | None) -> frozenset[str]:
    if contacts is None:
        return frozenset()
    places = np.flatnonzero(contacts.are(ContactUse.PLACEHOLDER)).tolist()
    return frozenset(contacts.values[place] for place in places)
