"""Rules that keep the smallest or largest number, the first or last date of an entity.

What cannot be read is skipped, as `aggregates` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.survivorship.aggregates import floats
from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.contest import starts_of, text_order
from custmerge.survivorship.making import Held, Picked, all_equal, column_of
from custmerge.survivorship.timestamps import instants
from custmerge.survivorship.values import holds_dates

__all__ = [
    "Earliest",
    "Latest",
    "Maximum",
    "Minimum",
    "earliest",
    "latest",
    "maximum",
    "minimum",
]


@dataclass(frozen=True, slots=True)
class Minimum:
    """The smallest of the entity's numbers, or dates; `minimum` builds it.

    Attributes:
        of: The column it is from, where that is not the golden column itself.
    """

    of: str | None = None
    name: str = "minimum"

    reads_as: ClassVar[Kind] = Kind.NUMBER

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Picked:
        """Return the row of each entity's smallest number, or first date."""
        return _smallest(held, _magnitudes(held))

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Maximum:
    """The largest of the entity's numbers, or dates; `maximum` builds it.

    Attributes:
        of: The column it is from, where that is not the golden column itself.
    """

    of: str | None = None
    name: str = "maximum"

    reads_as: ClassVar[Kind] = Kind.NUMBER

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Picked:
        """Return the row of each entity's largest number, or last date."""
        return _smallest(held, -_magnitudes(held))

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first of the entity's dates; `earliest` builds it.

    Attributes:
        of: The column it is from, where that is not the golden column itself.
    """

    of: str | None = None
    name: str = "earliest"

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Picked:
        """Return the row of each entity's first date."""
        return _smallest(held, instants(held.whole, held.rows))

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Latest:
    """The last of the entity's dates; `latest` builds it.

    Attributes:
        of: The column it is from, where that is not the golden column itself.
    """

    of: str | None = None
    name: str = "latest"

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Picked:
        """Return the row of each entity's last date."""
        return _smallest(held, -instants(held.whole, held.rows))

    rank = all_equal
    reads = property(column_of)
    then = chained


def _magnitudes(held: Held) -> NDArray[np.float64]:
    """Return the number of each row, or its date where the column holds dates."""
    if holds_dates(held.whole):
        return instants(held.whole, held.rows)
    numbers: NDArray[np.float64] = floats(held.standard)[held.standard.slots[:, 0]]
    return numbers


def _smallest(held: Held, keys: NDArray[np.float64]) -> Picked:
    """Return the row of each entity's smallest key; of equal ones, smallest text."""
    is_read = ~np.isnan(keys)
    rows, entities = held.rows[is_read], held.entities[is_read]
    order = np.lexsort((text_order(held.whole, rows), keys[is_read], entities))
    starts = starts_of(entities)
    return Picked(entities[starts], rows[order][starts], held.rows[~is_read])


def minimum(of: str | None = None) -> Minimum:
    """Return the rule by which the cell with the smallest number survives, as it is.

    Of dates, the first survives.

    Args:
        of: The column it is from, for a golden column of another name. Numbers are
            read as `total` reads them; a column of which fewer than half of the
            distinct values are numbers, and some are dates, is read as dates. Of
            equal ones the smallest text survives.

    Examples:
        >>> minimum("price").of
        'price'
    """
    return Minimum(of)


def maximum(of: str | None = None) -> Maximum:
    """Return the rule by which the cell with the largest number survives, as it is.

    Of dates, the last survives.

    Args:
        of: The column it is from; see `minimum`.

    Examples:
        >>> maximum("credit_limit").of
        'credit_limit'
    """
    return Maximum(of)


def earliest(of: str | None = None) -> Earliest:
    """Return the rule by which the cell with the first date survives, as it is.

    Args:
        of: The column it is from, for a golden column of another name. Dates are read
            as `most_recent` reads them; of equal ones the smallest text survives.

    Examples:
        >>> earliest("signed_up").of
        'signed_up'
    """
    return Earliest(of)


def latest(of: str | None = None) -> Latest:
    """Return the rule by which the cell with the last date survives, as it is.

    Args:
        of: The column it is from; see `earliest`.

    Examples:
        >>> latest("last_login").of
        'last_login'
    """
    return Latest(of)
