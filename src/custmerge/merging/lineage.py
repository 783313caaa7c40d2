"""Where golden values come from: winners, losers and reasons, as tables and for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field as attribute
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.display import html_table, text_table
from custmerge.io import OutputColumn
from custmerge.naming import RecordNames
from custmerge.records import Column, RecordTable, as_text
from custmerge.survivorship import ORIGINS, TIE_BREAK, Losses, Survivors

__all__ = [
    "EntityLineage",
    "FieldLineage",
    "Loser",
    "entity_lineage",
    "lineage_columns",
    "loser_columns",
]


Columns = dict[str, OutputColumn]
"""An output table."""


def lineage_columns(
    survivors: Survivors, table: RecordTable, named: RecordNames
) -> Columns:
    """Return one row for each golden value, by golden column and entity.

    Args:
        survivors: What survived.
        table: The records.
        named: Their names.
    """
    names = tuple(survivors.rows)
    golden = [survivors.golden_column(table, name) for name in names]
    n_entities = len(survivors.masters)
    rows = _joined([survivors.rows[name] for name in names], np.int64)
    decided = _joined([survivors.decided[name] for name in names], np.int32)
    origins = [
        survivors.origins(name, column.present)
        for name, column in zip(names, golden, strict=True)
    ]
    fields = np.repeat(np.arange(len(names), dtype=np.int32), n_entities)
    return {
        "entity_id": np.tile(np.arange(n_entities, dtype=np.int64), len(names)),
        "field": Column(names, fields),
        "record_id": named.ids(rows),
        "source": named.sources(rows),
        "value": _stacked(golden),
        "rule": Column(survivors.rule_names, decided),
        "tie": decided == survivors.rule_names.index(TIE_BREAK),
        "origin": Column(ORIGINS, _joined(origins, np.int32)),
    }


def loser_columns(
    found: tuple[Survivors, Losses], table: RecordTable, named: RecordNames
) -> Columns:
    """Return one row for each losing cell, by golden column, entity and row.

    Args:
        found: What survived, and what did not.
        table: The records.
        named: Their names.
    """
    survivors, losses = found
    names = tuple(survivors.rows)
    cuts = np.searchsorted(losses.fields, np.arange(len(names) + 1))
    lost, winners = [], []
    for place, name in enumerate(names):
        part = slice(cuts[place], cuts[place + 1])
        column = table[survivors.columns[name]]
        lost.append(Column(column.values, column.slots[losses.rows[part], 0]))
        winners.append(survivors.rows[name][losses.entities[part]])
    return {
        "entity_id": losses.entities,
        "field": Column(names, losses.fields),
        "record_id": named.ids(losses.rows),
        "source": named.sources(losses.rows),
        "value": _stacked(lost),
        "lost_to": Column(survivors.rule_names, losses.rules.astype(np.int32)),
        "survivor_id": named.ids(_joined(winners, np.int64)),
    }


def _joined(arrays: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(arrays).astype(dtype) if arrays else np.empty(0, dtype)


def _stacked(columns: Sequence[Column]) -> Column:
    """Return columns one below the other."""
    values: list[str] = []
    codes = []
    for column in columns:
        codes.append(np.where(column.codes < 0, -1, column.codes + len(values)))
        values += column.values
    return Column.of_cells(values, _joined(codes, np.int32))


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that did not survive.

    Attributes:
        value: The value as text.
        record_id: The record that holds it.
        source: That record's source, where sources are known.
        lost_to: The rule that ruled it out.
    """

    value: str = attribute(repr=False)
    record_id: object
    source: str | None
    lost_to: str


@dataclass(frozen=True, slots=True)
class FieldLineage:
    """Where one golden value comes from.

    Attributes:
        field: The golden column.
        value: The value as text; `None` where it is missing.
        record_id: The record it comes from, or the first of those it is made of.
        source: That record's source, where sources are known.
        rule: What decided.
        tie: Whether the rules left several texts equal, so that the smallest survived.
        origin: `"record"`, `"computed"`, `"pinned"` or `"missing"`.
        losers: The values that did not survive.
    """

    field: str
    value: str | None = attribute(repr=False)
    record_id: object
    source: str | None
    rule: str
    tie: bool
    origin: str
    losers: tuple[Loser, ...]


@dataclass(frozen=True, slots=True)
class EntityLineage:
    """Where the golden values of one entity come from, and what lost to them.

    It prints as a table, in a notebook too; it holds the customer's data, which its
    `repr` leaves out.

    Attributes:
        entity_id: The entity.
        fields: One entry for each golden column.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann@lee.org", "city": "Leeds"},
        ...     {"name": "Anne Lee", "email": "ann@lee.org", "city": None},
        ... ]
        >>> print(cm.resolve(records).lineage_of(0))
        field  value        record  rule        lost
        name   Anne Lee     1       longest     Ann Lee (0: longest)
        email  ann@lee.org  0       only_value
        city   Leeds        0       only_value
    """

    entity_id: int
    fields: tuple[FieldLineage, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    def __repr__(self) -> str:
        n_lost = sum(len(one.losers) for one in self.fields)
        return (
            f"EntityLineage(entity {self.entity_id}: {len(self.fields)} fields, "
            f"values that lost {n_lost})"
        )

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                one.field,
                "" if one.value is None else one.value,
                "" if one.origin in ("computed", "missing") else _shown(one),
                one.rule,
                ", ".join(
                    f"{loser.value} ({_shown(loser)}: {loser.lost_to})"
                    for loser in one.losers
                ),
            )
            for one in self.fields
        ]

    def __str__(self) -> str:
        return "\n".join(text_table([_HEADER, *self._rows()]))

    def _repr_html_(self) -> str:
        return html_table(_HEADER, self._rows())


_HEADER = ("field", "value", "record", "rule", "lost")


def _shown(one: FieldLineage | Loser) -> str:
    return f"{one.record_id}" if one.source is None else f"{one.source} {one.record_id}"


def entity_lineage(
    entity: int,
    won: Columns,
    lost: Columns,
    cells: Callable[[OutputColumn], list[Any]],
) -> EntityLineage:
    """Return the lineage of one entity.

    Args:
        entity: The entity.
        won: Its rows of `lineage_columns`.
        lost: Its rows of `loser_columns`.
        cells: Gives the Python values of a column.
    """
    losers: dict[str, list[Loser]] = {name: [] for name in cells(won["field"])}
    for field, value, record_id, source, rule in _rows_of(lost, _LOSER, cells):
        losers[field].append(Loser(value, record_id, as_text(source), rule))
    fields = (
        FieldLineage(
            *(field, value, record_id, as_text(source), rule, tie, origin),
            losers=tuple(losers[field]),
        )
        for field, value, record_id, source, rule, tie, origin in _rows_of(
            won, _WINNER, cells
        )
    )
    return EntityLineage(entity, tuple(fields))


_WINNER = ("field", "value", "record_id", "source", "rule", "tie", "origin")
_LOSER = ("field", "value", "record_id", "source", "lost_to")


def _rows_of(
    columns: Columns,
    names: Sequence[str],
    cells: Callable[[OutputColumn], list[Any]],
) -> list[tuple[Any, ...]]:
    return list(zip(*(cells(columns[name]) for name in names), strict=True))
