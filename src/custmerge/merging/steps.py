"""What a merge plan is made of: steps, and how records and child rows are found.

Their `repr` names records and fields, and leaves out what customers' fields hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as attribute
from typing import Any

__all__ = [
    "Alternative",
    "ChildTable",
    "ChildWrite",
    "FieldWrite",
    "Layout",
    "Loser",
    "MergeStep",
    "RecordName",
]


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record by its id, and its source where there are sources."""

    id: Any
    source: Any = None


@dataclass(frozen=True, slots=True)
class Loser:
    """A record that is merged away.

    Attributes:
        record: Its name.
        values: All of its cells by column, to bring it back by.
        row: Where it stood in its table when the plan was made.
    """

    record: RecordName
    values: Mapping[str, Any] = attribute(repr=False)
    row: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that a field might have had instead, and the records that hold it."""

    value: Any = attribute(repr=False)
    records: tuple[RecordName, ...]


@dataclass(frozen=True, slots=True)
class FieldWrite:
    """A field to write on the survivor: what it holds, and is to hold."""

    field: str
    old: Any = attribute(repr=False)
    new: Any = attribute(repr=False)
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildWrite:
    """A cell to write in a child table.

    Attributes:
        table: The name of the table.
        child: The row's key, or its number where the table has no key column.
        field: The column.
        old: What it holds.
        new: What it is to hold.
    """

    table: str
    child: Any
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class MergeStep:
    """The merge of one customer's records.

    Attributes:
        survivor: The record that stays.
        losers: Those that are merged away into it.
        writes: The fields of the survivor that change.
        children: The cells of child tables that change.
        conflicts: What a person should look at, as rows of `result.conflicts`.
        undo_token: What tells this step from any other: a hash of what it does.
    """

    survivor: RecordName
    losers: tuple[Loser, ...]
    writes: tuple[FieldWrite, ...] = ()
    children: tuple[ChildWrite, ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = attribute(default=(), repr=False)
    undo_token: str = ""


@dataclass(frozen=True, slots=True)
class ChildTable:
    """How the rows of a child table are found: see `Links`, and the key column."""

    on: str
    source: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How records and child rows are found.

    Attributes:
        ids: The id column by the name of the source, of one table without a name by
            the name `""`.
        source: The column of that one table which tells records of one id apart.
        children: The child tables by name.
    """

    ids: Mapping[str, str]
    source: str | None = None
    children: Mapping[str, ChildTable] = attribute(default_factory=dict)
