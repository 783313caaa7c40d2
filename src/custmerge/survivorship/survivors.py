"""What survivorship is told beside the rules, and what it finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field as attribute
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship.making import Standard
from custmerge.survivorship.rules import most_complete, most_recent

__all__ = [
    "GAP_FILLED",
    "GROUP",
    "MASTER",
    "MISSING",
    "NEVER",
    "ONLY_VALUE",
    "ORIGINS",
    "PINNED",
    "TIE_BREAK",
    "Losses",
    "Override",
    "Survivors",
    "Terms",
]

MISSING: Final = "missing"
"""No record of the entity holds the field, or not the one chosen for its group."""
ONLY_VALUE: Final = "only_value"
"""All records of the entity that hold the field hold the same text."""
TIE_BREAK: Final = "tie_break"
"""The rules left several texts equal; the smallest survived, in mixed case if any."""
MASTER: Final = "master"
"""The entity's surviving record holds the value."""
GAP_FILLED: Final = "gap_filled"
"""The surviving record, or that of the group, lacks the value; another filled it."""
GROUP: Final = "group"
"""Of losers alone: the columns of the group survive from another record."""
PINNED: Final = "pinned"
"""A person set the value."""
NEVER: Final = "never"
"""A person said that it is never this value."""
ORIGINS: Final = ("record", "computed", "pinned", "missing")
"""Where a golden value can come from."""


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says of a field of the entity that a row belongs to.

    Attributes:
        row: Any row of the entity.
        field: The golden column.
        value: The value.
        never: Whether it is never this value (told by its text), rather than always.
    """

    row: int
    field: str
    value: object = attribute(repr=False)
    never: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What holds for all fields together.

    Attributes:
        master: The rule that chooses each entity's surviving record: of whole records,
            or of the values of the id column.
            What it leaves tied goes to the smallest id: the shortest text, then the
            first in the order of Unicode code points. Of equal ids, or without ids,
            the smallest source survives, then the smallest texts of `mastered`; the
            first row only where these are all the same.
        id: The column of record ids.
        source: The column of the records' sources.
        mastered: Columns that come from the surviving record; where it holds none,
            from the best of those that do. A group is mastered if its first column is.
        anchors: Columns of groups. Where the surviving row of their group lacks
            columns, one other row that has the same anchors, and differs in no other
            column that both hold, fills them.
        overrides: What persons say; of several values pinned, the last counts.
        standard: Gives values normalized; without it they are taken as they are.
        beside: Columns that rules may look at and no golden record has.
    """

    master: SurvivorshipRule = attribute(
        default_factory=lambda: most_complete().then(most_recent())
    )
    id: str | None = None
    source: str | None = None
    mastered: Collection[str] = ()
    anchors: Collection[str] = ()
    overrides: Sequence[Override] = ()
    standard: Standard | None = None
    beside: Collection[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """For each golden column and entity, the row its value comes from, and why.

    Attributes:
        rows: For each golden column, the winning row of each entity; shape
            `(n_entities,)`. Of several that hold the winning value it is the surviving
            record, else the one with the smallest id. Where the value is computed, it
            is so chosen of the rows it is made of; where it is pinned, the row it was
            pinned by; where nothing is held, the surviving record.
        decided: For each golden column, what decided it for each entity, as a position
            in `rule_names`; shape `(n_entities,)`.
        rule_names: `"missing"`, `"only_value"`, `"tie_break"`, `"master"`,
            `"gap_filled"`, `"group"`, `"pinned"`, `"never"`, and the rules' names.
        masters: The surviving record of each entity; shape `(n_entities,)`.
        columns: For each golden column the input column whose cells `rows` point at.
        values: For some golden columns, by entity, the value where it is not the cell
            of its row; `None` is missing.
        computed: The golden columns whose values are made of several rows.
        overrides: What persons said.
        unread: The rules that could read no value of a column that holds some, by
            their golden columns.
    """

    rows: Mapping[str, Rows]
    decided: Mapping[str, NDArray[np.int16]]
    rule_names: tuple[str, ...]
    masters: Rows
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[int, object]] = attribute(repr=False)
    computed: frozenset[str]
    overrides: tuple[Override, ...] = ()
    unread: Mapping[str, str] = attribute(default_factory=dict)

    def __repr__(self) -> str:
        return f"Survivors({len(self.masters):,} entities, {len(self.rows)} columns)"

    def lineage(self, entity: int, field: str) -> tuple[int, str]:
        """Return the row that an entity's golden value comes from, and what decided."""
        rule = self.rule_names[self.decided[field][entity]]
        return int(self.rows[field][entity]), rule

    def golden(self, table: RecordTable) -> RecordTable:
        """Return the golden records, as texts, of the table that `rows` are rows of."""
        columns = {name: self.golden_column(table, name) for name in self.rows}
        return RecordTable(columns, len(self.masters))

    def golden_column(self, table: RecordTable, name: str) -> Column:
        """Return one column of the golden records, as texts."""
        column = table[self.columns[name]].take(self.rows[name])
        changed = self.values.get(name)
        if changed is None:
            return column
        entities = np.fromiter(changed, np.int64, len(changed))
        made = Column.encode(list(changed.values()))
        is_own = name not in self.computed
        codes = np.where(is_own, column.first, np.int32(-1))
        codes[entities] = np.where(made.codes < 0, -1, made.codes + len(column.values))
        values = (*column.values, *made.values)
        return Column(values, codes).replace(values)  # some may be equal

    def origins(self, name: str, present: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return where the values of a golden column come from, as codes of `ORIGINS`.

        Args:
            name: The golden column.
            present: For each entity, whether its golden value is present.
        """
        usual = ORIGINS.index("computed" if name in self.computed else "record")
        codes = np.full(len(self.masters), usual, np.int32)
        codes[~present] = ORIGINS.index("missing")
        pinned = self.rule_names.index(PINNED)
        codes[self.decided[name] == pinned] = ORIGINS.index("pinned")
        return codes


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """The cells whose value did not survive, by golden column, entity and row.

    Attributes:
        fields: For each loser, the position of its golden column in `Survivors.rows`.
        rows: Its row.
        entities: Its entity.
        rules: What ruled it out, as a position in `Survivors.rule_names`.
    """

    fields: NDArray[np.int32]
    rows: Rows
    entities: Rows
    rules: NDArray[np.int16]
