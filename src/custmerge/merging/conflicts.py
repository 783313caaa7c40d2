"""Conflicts: an entity's records hold several values of what a customer has one of.

Of an identifier, a birth date, a gender, a type of record and an owner a customer has
one, and of every field that is to survive by the rule `unanimous`. Several phones,
e-mail addresses or homes are no conflict, nor are the values of a field that holds
several in one record. Nor are several names: those left in an entity are nicknames,
other scripts and exchanged parts, and the entity is as often right as any.

Values are compared in their standard form. Those that are invalid, or stand for none,
are left out, and these do not exclude each other:

- a part of a date and a date that has it (`1990`, `1990-05-03`);
- a masked number and one that it may be (`1101**********1234`), a Chinese identity
  number of 15 digits and the same of 18, and numbers that differ in leading zeros;
- a gender in words and one in digits, which mean one thing here and another there.

What excludes each other is graded by how much it takes to be one customer's:

| kind | plainly different | one slip apart |
| --- | --- | --- |
| `identifier` | high | medium: one character, or two neighbours exchanged |
| `birth_date` | high | low: one digit, day and month exchanged, or 1 January, \
which stands in for a day that is not known |
| `record_type` | high | |
| `gender` | medium | |
| `owner` | medium: no doubt about the customer, but somebody must be told | |
| any other, by `unanimous` | medium | |

Of most numbers nobody can tell whether another character is a slip or another number;
so that is more than low.

Where `unanimous` left a golden value missing for values that do not exclude each other
by this, such as `1990` and `1990-05-03`, they are listed too, as one slip apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as attribute
from itertools import groupby, islice
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.config import Config, Field
from custmerge.contacts import ContactValues
from custmerge.io import Dataset, OutputColumn
from custmerge.kinds import Kind, Role
from custmerge.merging.exclusion import (
    AGREE,
    DIFFER,
    SLIP,
    apart,
    as_written,
    exclusive_fields,
    standard,
    usable,
)
from custmerge.merging.unanimity import disunited, emptied_columns
from custmerge.pairs import distinct, ranges
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable, as_text
from custmerge.survivorship import Survivors

__all__ = [
    "SEVERITIES",
    "Conflict",
    "Severity",
    "conflict_columns",
    "find_conflicts",
    "owner_columns",
]

Severity = Literal["high", "medium", "low"]
"""How much it takes for the values to be one customer's."""

SEVERITIES: Final[tuple[Severity, ...]] = ("high", "medium", "low")
"""From the worst."""

_OF_KIND: Final[Mapping[str, tuple[Severity, Severity]]] = {
    Kind.IDENTIFIER: ("medium", "high"),
    Kind.BIRTH_DATE: ("low", "high"),
    Role.RECORD_TYPE: ("high", "high"),
}
"""The severity of a slip, and of values plainly different."""
_OF_OTHERS: Final[tuple[Severity, Severity]] = ("medium", "medium")
_MANY = 32
"""An entity's values of a field, from which on they plainly differ: not each of so
many is compared with all others."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of one entity whose records hold values that exclude each other.

    Attributes:
        entity: The entity.
        field: The field's name.
        kind: The field's kind, or `"owner"` or `"record_type"`.
        severity: How much it takes for them to be one customer's.
        values: The values as records wrote them, the most frequent first.
        rows: For each value, the rows that hold it, ascending.
        kept: What the golden record holds, as it was written; `None`: nothing.
        winner: Which of the values that is; `None`: another or none.
        kept_row: The row it comes from.
        rule: The survivorship rule that decided.
    """

    entity: int
    field: str
    kind: str
    severity: Severity
    values: tuple[str, ...] = attribute(repr=False)
    rows: tuple[tuple[int, ...], ...]
    kept: str | None = attribute(repr=False)
    winner: int | None
    kept_row: int
    rule: str


def find_conflicts(
    dataset: Dataset,
    labels: Rows,
    config: Config,
    survivors: Survivors,
    contacts: Mapping[str, ContactValues],
) -> tuple[Conflict, ...]:
    """Return what excludes each other in the entities, the worst first, then by entity.

    Args:
        dataset: The records.
        labels: For each row its entity, from 0 on.
        config: The fields and roles.
        survivors: What the golden records hold.
        contacts: For each contact field, whose its values are; what is nobody's
            excludes nothing.

    Examples:
        >>> from custmerge.io import read
        >>> from custmerge.merging import merge
        >>> rows = [{"born": "1990-05-03"}, {"born": "3.4.71"}]
        >>> labels, config = (
        ...     np.zeros(2, np.int64),
        ...     Config([Field("born", "birth_date")]),
        ... )
        >>> survivors = merge(RecordTable.from_mappings(rows), labels, config)
        >>> [found] = find_conflicts(read(rows), labels, config, survivors, {})
        >>> found.severity, found.values, found.rows
        ('high', ('1990-05-03', '3.4.71'), ((0,), (1,)))
    """
    if not dataset.columns:  # no records: they could not say their columns
        return ()
    exclusive = exclusive_fields(config)
    emptied = emptied_columns(config, survivors)
    names = [name for _, field in (*exclusive, *emptied) for name in field.columns]
    # Golden values may be made of other columns.
    known = dict.fromkeys([*names, *(survivors.columns[name] for name in names)])
    table = RecordTable.encoded(known, dataset.encode, len(dataset))
    shared = np.flatnonzero((np.bincount(labels) > 1)[labels])
    found: list[Conflict] = []
    for kind, field in exclusive:
        held = _Held.of(kind, field, table, shared, contacts.get(field.name))
        values = _excluded(held, labels)
        found += _conflicts(kind, field, values, table, survivors)
    listed = {(conflict.entity, conflict.field) for conflict in found}
    for kind, field in emptied:
        values = [
            _Value(entity, text, text, rows, SLIP)
            for entity, text, rows in disunited(
                field.columns[0], labels, table, survivors
            )
            if (entity, field.name) not in listed
        ]
        found += _conflicts(kind, field, values, table, survivors)
    return tuple(sorted(found, key=lambda x: (SEVERITIES.index(x.severity), x.entity)))


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The values of a field that may exclude each other.

    Attributes:
        kind: The kind of the field.
        field: The field.
        values: The values in standard form.
        rows: The rows of the table that hold one, ascending.
        codes: For each of `rows`, its value's position in `values`.
        texts: The values of `rows` as they were written.
    """

    kind: str
    field: Field
    values: tuple[str, ...]
    rows: Rows
    codes: Rows
    texts: Column

    @classmethod
    def of(
        cls,
        kind: str,
        field: Field,
        table: RecordTable,
        rows: Rows,
        contacts: ContactValues | None,
    ) -> _Held:
        """Return the values that some rows hold of a field."""
        columns = {n: table[n].take(rows).by_appearance() for n in field.columns}
        part = RecordTable(columns, len(rows))
        column = standard(part, field)
        codes = column.first.astype(np.int64)
        can = np.append(usable(kind, field, column.values, contacts), False)
        # What may hold several values in one record may do so in one entity.
        held = np.flatnonzero(can[codes] & (column.width == 1))
        texts = as_written(part, field).take(held)
        return cls(kind, field, column.values, rows[held], codes[held], texts)


class _Value(NamedTuple):
    """A value of one entity that others of the entity exclude."""

    entity: int
    standard: str
    text: str
    rows: tuple[int, ...]
    apart: int


class _Golden(NamedTuple):
    """What a golden record holds of a field: as written, in standard form, and why."""

    text: str | None
    standard: str | None
    row: int
    rule: str


def _conflicts(
    kind: str,
    field: Field,
    values: Sequence[_Value],
    table: RecordTable,
    survivors: Survivors,
) -> Iterator[Conflict]:
    """Yield the conflicts of one field, by entity."""
    entities = distinct(np.asarray([value.entity for value in values], np.int64))
    golden = _golden(field, entities, table, survivors)
    groups = groupby(values, key=lambda value: value.entity)
    for (entity, group), kept in zip(groups, golden, strict=True):
        ordered = sorted(group, key=lambda value: (-len(value.rows), value.text))
        forms = [value.standard for value in ordered]
        worst = max(value.apart for value in ordered)
        yield Conflict(
            entity,
            field.name,
            kind,
            _OF_KIND.get(kind, _OF_OTHERS)[worst > SLIP],
            tuple(value.text for value in ordered),
            tuple(value.rows for value in ordered),
            kept.text,
            forms.index(kept.standard) if kept.standard in forms else None,
            kept.row,
            kept.rule,
        )


def _excluded(held: _Held, labels: Rows) -> list[_Value]:
    """Return the values of an entity that others exclude, by entity."""
    n_values = max(len(held.values), 1)
    keys = labels[held.rows] * n_values + held.codes
    known = distinct(keys)
    entities, codes = np.divmod(known, n_values)
    worst = _worst(held, entities, codes)
    places = np.searchsorted(known, keys)
    excluded = np.flatnonzero(worst[places] > AGREE)
    # By entity and value; the sort is stable, so that the rows of each ascend.
    order = excluded[np.argsort(places[excluded], kind="stable")]
    texts = held.texts.take(order).decode()
    cells = zip(places[order].tolist(), held.rows[order].tolist(), texts, strict=True)
    return [
        _Value(
            int(entities[place]),
            held.values[codes[place]],
            _usual([str(text) for _, _, text in listed]),
            tuple(row for _, row, _ in listed),
            int(worst[place]),
        )
        for place, found in groupby(cells, key=lambda cell: cell[0])
        for listed in [list(found)]
    ]


def _worst(held: _Held, entities: Rows, codes: Rows) -> NDArray[np.int8]:
    """Return how far each value of an entity is from the one farthest from it.

    Args:
        held: The values.
        entities: Of each distinct value of an entity, the entity, ascending.
        codes: Its position among the values.
    """
    places = np.arange(len(entities))
    starts = np.searchsorted(entities, entities, side="left")
    ends = np.searchsorted(entities, entities, side="right")
    are_many = ends - starts >= _MANY
    others = np.where(are_many, 0, ends - places - 1)
    left, right = np.repeat(places, others), ranges(places + 1, others)
    found = apart(
        held.kind,
        [held.values[code] for code in codes[left].tolist()],
        [held.values[code] for code in codes[right].tolist()],
    )
    worst = np.where(are_many, DIFFER, AGREE).astype(np.int8)
    np.maximum.at(worst, left, found)
    np.maximum.at(worst, right, found)
    return worst


def _usual(texts: Sequence[str]) -> str:
    """Return the most frequent text; of equally frequent ones the smallest."""
    if len(texts) == 1:  # mostly
        return texts[0]
    counts = Counter(texts)
    return min(counts, key=lambda text: (-counts[text], text))


def _golden(
    field: Field, entities: Rows, table: RecordTable, survivors: Survivors
) -> list[_Golden]:
    """Return what the golden records of some entities hold of a field."""
    lead = field.columns[0]
    columns = {
        name: survivors.golden_column(table, name).take(entities).by_appearance()
        for name in field.columns
    }
    golden = RecordTable(columns, len(entities))
    decided = survivors.decided[lead][entities].tolist()
    return [
        _Golden(*kept)
        for kept in zip(
            as_written(golden, field).decode(),
            standard(golden, field).decode(),
            survivors.rows[lead][entities].tolist(),
            [survivors.rule_names[rule] for rule in decided],
            strict=True,
        )
    ]


Ids = Callable[[Rows], Sequence[object]]
"""Returns the ids of the records in some rows; of several sources, `(source, id)`."""


def conflict_columns(
    conflicts: Sequence[Conflict], ids: Ids
) -> tuple[dict[str, OutputColumn], Rows]:
    """Return the columns of `result.conflicts`, and the rows that what is kept is from.

    Args:
        conflicts: The conflicts, in order.
        ids: Returns the ids of records.
    """
    names = _names(conflicts, ids)
    columns: dict[str, OutputColumn] = {
        "entity_id": np.asarray([found.entity for found in conflicts], np.int64),
        "field": Column.encode([found.field for found in conflicts]),
        "kind": Column.encode([found.kind for found in conflicts]),
        "severity": Column.encode([found.severity for found in conflicts]),
        "n_values": np.asarray([len(found.values) for found in conflicts], np.int64),
        "values": Column.encode(["; ".join(found.values) for found in conflicts]),
        "record_ids": Column.encode(
            ["; ".join(map(names.__getitem__, found.rows)) for found in conflicts]
        ),
        "kept": Column.encode([found.kept for found in conflicts]),
        "rule": Column.encode([found.rule for found in conflicts]),
    }
    return columns, np.asarray([found.kept_row for found in conflicts], np.int64)


def owner_columns(
    conflicts: Sequence[Conflict], ids: Ids
) -> tuple[dict[str, OutputColumn], Rows]:
    """Return the columns of `result.owners`, and the rows that what is kept is from.

    Args:
        conflicts: The conflicts; those about other fields are left out.
        ids: Returns the ids of records.
    """
    about = [found for found in conflicts if found.kind == Role.OWNER]
    names = _names(about, ids)
    losers = [
        (found, value, names[rows])
        for found in about
        for place, (value, rows) in enumerate(
            zip(found.values, found.rows, strict=True)
        )
        if place != found.winner
    ]
    columns: dict[str, OutputColumn] = {
        "entity_id": np.asarray([found.entity for found, _, _ in losers], np.int64),
        "owner": Column.encode([owner for _, owner, _ in losers]),
        "record_ids": Column.encode([listed for _, _, listed in losers]),
        "kept_by": Column.encode([found.kept for found, _, _ in losers]),
        "rule": Column.encode([found.rule for found, _, _ in losers]),
    }
    return columns, np.asarray([found.kept_row for found, _, _ in losers], np.int64)


def _names(conflicts: Sequence[Conflict], ids: Ids) -> dict[tuple[int, ...], str]:
    """Return the ids of the records that hold each of the values, 9 before 10."""
    held = [rows for found in conflicts for rows in found.rows]
    found = ids(np.asarray([row for rows in held for row in rows], dtype=np.int64))
    texts = iter(map(_name, found))
    return {
        rows: ", ".join(sorted(islice(texts, len(rows)), key=lambda x: (len(x), x)))
        for rows in held
    }


def _name(record_id: object) -> str:
    parts = record_id if isinstance(record_id, tuple) else (record_id,)
    return ":".join(as_text(part) or "" for part in parts)
