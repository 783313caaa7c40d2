"""Rules by the record as a whole: when it was written, how full it is, where it stands.

Each rule is a small frozen class with a function of the same meaning that builds it:
`most_recent("updated_at")` is `MostRecent(by="updated_at")`. A higher rank survives;
what a rule leaves equal goes to the next rule of a chain, and last to the tie-break
of `survive`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from custmerge.kinds import Role
from custmerge.protocols import Ranks, Rows
from custmerge.records import RecordTable
from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.timestamps import instants

__all__ = [
    "First",
    "MostComplete",
    "MostRecent",
    "Oldest",
    "first",
    "most_complete",
    "most_recent",
    "oldest",
]


@dataclass(frozen=True, slots=True)
class MostRecent:
    """The row with the latest timestamp; `most_recent` builds it.

    Attributes:
        by: The column of timestamps. `None` takes the one with the role updated-at,
            else created-at, when the rule is bound; unbound, all rows rank equal.
        missing: Whether rows without a readable timestamp rank last or first.
        day_first: How `03/04/2025` is read; `None` infers it from the column.
    """

    by: str | None = None
    missing: Literal["last", "first"] = "last"
    day_first: bool | None = None
    name: str = "most_recent"

    whole_record: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_arguments(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The column of timestamps, where it is known."""
        return () if self.by is None else (self.by,)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG002
        """Return each row's timestamp in seconds since 1970."""
        if self.by is None:
            return np.zeros(len(rows))
        ranks = instants(table[self.by], rows, day_first=self.day_first)
        if self.missing == "first":
            ranks[np.isnan(ranks)] = np.inf
        return ranks

    def bind(self, roles: Mapping[Role, str], /) -> MostRecent:
        """Return the rule with an open `by` filled in: updated-at, else created-at."""
        known = roles.get(Role.UPDATED_AT, roles.get(Role.CREATED_AT))
        return replace(self, by=known) if self.by is None else self

    then = chained


@dataclass(frozen=True, slots=True)
class Oldest:
    """The row with the earliest timestamp; `oldest` builds it.

    Attributes:
        by: The column of timestamps. `None` takes the one with the role created-at,
            else updated-at, when the rule is bound; unbound, all rows rank equal.
        day_first: How `03/04/2025` is read; `None` infers it from the column.
    """

    by: str | None = None
    day_first: bool | None = None
    name: str = "oldest"

    whole_record: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_arguments(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The column of timestamps, where it is known."""
        return () if self.by is None else (self.by,)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG002
        """Return the negated timestamp of each row, in seconds since 1970."""
        if self.by is None:
            return np.zeros(len(rows))
        return -instants(table[self.by], rows, day_first=self.day_first)

    def bind(self, roles: Mapping[Role, str], /) -> Oldest:
        """Return the rule with an open `by` filled in: created-at, else updated-at."""
        known = roles.get(Role.CREATED_AT, roles.get(Role.UPDATED_AT))
        return replace(self, by=known) if self.by is None else self

    then = chained


@dataclass(frozen=True, slots=True)
class MostComplete:
    """The row with the most present cells; `most_complete` builds it.

    Attributes:
        columns: The columns to count; `None` counts all.
    """

    columns: Sequence[str] | None = None
    name: str = "most_complete"

    whole_record: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_arguments(self)
        if self.columns is not None:
            object.__setattr__(self, "columns", tuple(self.columns))

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that are counted, where they are named."""
        return tuple(self.columns or ())

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG002
        """Return how many cells of each row are present."""
        counted = table if self.columns is None else self.columns
        # Of all rows, and in order: faster by far than of many rows here and there.
        n_present = np.zeros(table.n_rows)
        for name in counted:
            n_present += table[name].slots[:, 0] >= 0
        return n_present[rows]

    then = chained


@dataclass(frozen=True, slots=True)
class First:
    """The row that comes first in the input; `first` builds it."""

    name: str = "first"

    whole_record: ClassVar[bool] = True

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG002
        """Return a higher rank the earlier the row stands in the table."""
        return -rows.astype(np.float64)

    then = chained


def most_recent(
    by: str | None = None,
    *,
    missing: Literal["last", "first"] = "last",
    day_first: bool | None = None,
) -> MostRecent:
    """Return the rule by which the value of the latest record survives.

    Args:
        by: The column of timestamps (ISO 8601, `YYYYMMDD`, day and month in either
            order, seconds or milliseconds since 1970). By default the column with the
            role updated-at, else created-at; where there is none, the rule leaves
            everything to the next, and a warning says so.
        missing: `"last"`, or `"first"` where no timestamp means "still valid".
        day_first: How `03/04/2025` is read. By default inferred from the column.

    Examples:
        >>> table = RecordTable.from_mappings(
        ...     [
        ...         {"city": "Ulm", "at": "2024-05-01"},
        ...         {"city": "Bonn", "at": "1/6/2024"},
        ...     ]
        ... )
        >>> int(most_recent("at").rank(table, "city", np.array([0, 1])).argmax())
        1
    """
    return MostRecent(by, missing, day_first)


def oldest(by: str | None = None, *, day_first: bool | None = None) -> Oldest:
    """Return the rule by which the value of the earliest record survives.

    Args:
        by: The column of timestamps; see `most_recent`. By default the column with
            the role created-at, else updated-at.
        day_first: How `03/04/2025` is read. By default inferred from the column.

    Examples:
        >>> oldest("created_at").name
        'oldest'
    """
    return Oldest(by, day_first)


def most_complete(columns: Sequence[str] | None = None) -> MostComplete:
    """Return the rule by which the value of the fullest record survives.

    Args:
        columns: The columns to count. By default all of the table.

    Examples:
        >>> table = RecordTable.from_mappings([{"a": 1}, {"a": 2, "b": 3}])
        >>> most_complete().rank(table, "a", np.arange(2)).tolist()
        [1.0, 2.0]
    """
    return MostComplete(columns)


def first() -> First:
    """Return the rule by which the value of the record given first survives.

    It is the one rule that looks at the order of the input.

    Examples:
        >>> first().name
        'first'
    """
    return First()
