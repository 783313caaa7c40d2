"""Values that are made of an entity's rows rather than chosen by their ranks.

A rule that makes values has a method `make` beside `rank`, which ranks all rows equal.
It stands first in its chain; the rules after it say in which order it gets the rows.
It may offer more:

- `of`: the column that it looks at where that is not its own field; a rule with it may
  stand for a golden column that no record has.
- `ordered = True`: it is given an entity's rows best first, not in any order.
- `reads_as`: the kind that values are normalized as, where that is not the field's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.protocols import Named, Ranks, Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable

__all__ = [
    "Held",
    "Made",
    "MakingRule",
    "Picked",
    "Standard",
    "all_equal",
    "column_of",
    "identities_of",
    "is_making",
    "source_of",
]

Standard = Callable[[str, Rows, Kind | None], tuple[Column, Column]]
"""Takes a column, rows, and a kind or `None` for the field's own. Returns the rows'
values as stored, parted where a cell holds several, and the same normalized."""

_NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The rows that hold a column, by entity: what values are made of.

    Attributes:
        whole: The column, all rows of the table.
        rows: The rows that hold it; of an entity best first where that was asked for.
        entities: For each of `rows`, its entity, ascending.
        n_entities: How many entities there are, also those that hold nothing.
        stored: The values of `rows`, several where a cell holds a list of them.
        standard: The same normalized; missing where a value has no normalized form.
    """

    whole: Column
    rows: Rows
    entities: Rows
    n_entities: int
    stored: Column
    standard: Column

    @property
    def identities(self) -> NDArray[np.int64]:
        """What is equal where the values of `rows` are the same; see there."""
        return identities_of(self.stored, self.standard)


class Made(NamedTuple):
    """Computed values; an entity that holds the column and is left out has none.

    `skipped` are rows whose value could not be read.
    """

    entities: Rows
    cells: Sequence[object]
    skipped: Rows = _NO_ROWS


class Picked(NamedTuple):
    """Rows whose own cells survive; an entity that is left out has none.

    `skipped` are rows whose value could not be read.
    """

    entities: Rows
    rows: Rows
    skipped: Rows = _NO_ROWS


@runtime_checkable
class MakingRule(Named, Protocol):
    """A survivorship rule that makes a value of an entity's rows."""

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return equal ranks."""
        ...

    def make(self, held: Held, /) -> Made | Picked:
        """Return the values of the entities that hold the column."""
        ...


def all_equal(rule: object, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG001
    """Return equal ranks: it is the method `rank` of every rule that makes values."""
    return np.zeros(len(rows))


def column_of(rule: object, /) -> tuple[str, ...]:
    """Return the column `of` which values are made: the property `reads` of such rules.

    Examples:
        >>> from custmerge.survivorship import total
        >>> total("spend").reads, total().reads
        (('spend',), ())
    """
    column = getattr(rule, "of", None)
    return () if column is None else (column,)


def is_making(rule: SurvivorshipRule) -> bool:
    """Whether a rule makes values, rather than rank rows.

    Examples:
        >>> from custmerge.survivorship import longest, total
        >>> is_making(total()), is_making(longest())
        (True, False)
    """
    return hasattr(rule, "make")  # to ask the protocol takes long; see `Chain`


def source_of(rule: SurvivorshipRule, name: str) -> str:
    """Return the input column that a golden column's rule looks at.

    Args:
        rule: The rule.
        name: The golden column.

    Examples:
        >>> from custmerge.survivorship import longest, total
        >>> source_of(total("spend"), "monetary"), source_of(longest(), "name")
        ('spend', 'name')
    """
    return getattr(rule, "of", None) or name


def identities_of(stored: Column, standard: Column) -> NDArray[np.int64]:
    """Return what is equal where values are the same, -1 where there is none.

    Values without a normalized form are told apart as they are stored.

    Args:
        stored: Values.
        standard: The same normalized.

    Examples:
        >>> stored = Column.encode(["Ann", "ANN", "?", None])
        >>> identities_of(stored, stored.replace(["ann", "ann", None]))[:, 0].tolist()
        [0, 0, 3, -1]
    """
    own = stored.slots.astype(np.int64)
    own[own >= 0] += len(standard.values)
    return np.where(standard.slots < 0, own, standard.slots)
