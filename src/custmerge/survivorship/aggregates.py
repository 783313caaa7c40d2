"""Rules that aggregate an entity's values: sums, means, counts, RFM.

What cannot be read as a number, or as a date, is skipped; `result.losers` lists it. An
entity that holds nothing readable gets no value. Where nothing of a whole column can be
read, `result.warnings` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.records import Column
from custmerge.survivorship.arguments import check_arguments, is_column
from custmerge.survivorship.chain import chained
from custmerge.survivorship.contest import starts_of
from custmerge.survivorship.making import Held, Made, all_equal, column_of
from custmerge.survivorship.timestamps import DAY, instant, instants, last_instant

__all__ = [
    "Count",
    "Mean",
    "Recency",
    "Total",
    "count",
    "floats",
    "mean",
    "rfm",
    "total",
]

_EXACT = 1e15
"""Below it float64 holds every decimal of fifteen digits."""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the entity's numbers; `total` builds it.

    Attributes:
        of: The column that is added up, where it is not the golden column itself.
    """

    of: str | None = None
    name: str = "total"

    reads_as: ClassVar[Kind] = Kind.NUMBER

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Made:
        """Return each entity's sum; integers where all numbers of the column are."""
        numbers = _Numbers.of(held)
        sums = numbers.sums()
        # 0.1 + 0.2 is 0.3 in the decimals that the column has.
        rounded = np.round(sums, numbers.n_decimals)
        sums = np.where(np.abs(sums) * 10.0**numbers.n_decimals < _EXACT, rounded, sums)
        cells = sums.astype(np.int64) if numbers.are_whole else sums
        return Made(numbers.summed, cells.tolist(), numbers.skipped)

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Mean:
    """The arithmetic mean of the entity's numbers; `mean` builds it.

    Attributes:
        of: The column that is averaged, where it is not the golden column itself.
    """

    of: str | None = None
    name: str = "mean"

    reads_as: ClassVar[Kind] = Kind.NUMBER

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Made:
        """Return each entity's mean, as floats."""
        numbers = _Numbers.of(held)
        sizes = np.diff(starts_of(numbers.entities), append=len(numbers.entities))
        return Made(numbers.summed, (numbers.sums() / sizes).tolist(), numbers.skipped)

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the entity's records hold the column; `count` builds it.

    Attributes:
        of: The column that is counted, where it is not the golden column itself.
    """

    of: str | None = None
    name: str = "count"

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Made:
        """Return the number of records of each entity, 0 where none holds it."""
        counts = np.bincount(held.entities, minlength=held.n_entities)
        return Made(np.arange(held.n_entities), counts.tolist())

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Recency:
    """The days since the entity's last date; `rfm` builds it.

    Attributes:
        of: The column of dates, where it is not the golden column itself.
        as_of: The day that is counted from, as a text; `None`: the latest date in the
            column.
    """

    of: str | None = None
    as_of: str | None = None
    name: str = "recency"

    def __post_init__(self) -> None:
        check_arguments(self)
        if self.as_of is not None and np.isnan(instant(self.as_of)):
            message = f"as_of of {self.name} must be a date such as '2025-12-31'"
            raise InvalidConfigError(message)

    def make(self, held: Held, /) -> Made:
        """Return whole days, rounded down; negative where the last date lies after."""
        moments = instants(held.whole, held.rows)
        read = np.flatnonzero(~np.isnan(moments))
        entities = held.entities[read]
        starts = starts_of(entities)
        if not len(read):
            return Made(entities, [], held.rows)
        last = np.maximum.reduceat(moments[read], starts)
        now = last_instant(held.whole) if self.as_of is None else instant(self.as_of)
        days = np.floor((now - last) / DAY).astype(np.int64)
        skipped = held.rows[np.isnan(moments)]
        return Made(entities[starts], days.tolist(), skipped)

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """The numbers of rows, by entity and size, and the rows that hold none.

    Sums of floats depend on the order of what is added; this one is that of size.
    """

    entities: NDArray[np.int64]
    numbers: NDArray[np.float64]
    skipped: NDArray[np.int64]
    n_decimals: int

    @classmethod
    def of(cls, held: Held) -> _Numbers:
        codes = held.standard.slots[:, 0]
        numbers = floats(held.standard)[codes]
        is_read = ~np.isnan(numbers)
        read = np.flatnonzero(is_read)
        read = read[np.lexsort((numbers[read], held.entities[read]))]
        texts = map(held.standard.values.__getitem__, np.unique(codes[read]).tolist())
        decimals = (len(text.partition(".")[2]) for text in texts)
        return cls(
            held.entities[read],
            numbers[read],
            held.rows[~is_read],
            max(decimals, default=0),
        )

    @property
    def are_whole(self) -> bool:
        """Whether all of them are integers that float64 holds."""
        return not self.n_decimals and bool((np.abs(self.numbers) < _EXACT).all())

    @property
    def summed(self) -> NDArray[np.int64]:
        """The entities that hold any."""
        return self.entities[starts_of(self.entities)]

    def sums(self) -> NDArray[np.float64]:
        """Return the sum of each of `summed`."""
        starts = starts_of(self.entities)
        if not len(starts):
            return np.zeros(0)
        sums: NDArray[np.float64] = np.add.reduceat(self.numbers, starts)
        return sums


def floats(standard: Column) -> NDArray[np.float64]:
    """Return the number of each distinct value, and NaN for a missing one."""
    numbers = np.full(len(standard.values) + 1, np.nan)
    for code, text in enumerate(standard.values):
        try:
            numbers[code] = float(text)
        except ValueError:
            continue
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def total(of: str | None = None) -> Total:
    """Return the rule by which the golden value is the sum of the records' numbers.

    Numbers are read as the normalizer of the kind `number` reads them (`￥1,200`,
    `1.234,50 €`) and added up by size, so that their order does not matter; the sum is
    rounded to as many decimals as the numbers have. Float64 holds 15 digits.

    Args:
        of: The column to add up, for a golden column of another name.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann@lee.org", "spend": "1,200.10"},
        ...     {"name": "Ann Lee", "email": "ann@lee.org", "spend": "¥0.20"},
        ... ]
        >>> fields = {"spend": cm.Field("spend", kind="number", survive=cm.total())}
        >>> cm.resolve(records, fields=fields).entities[0]["spend"]
        1200.3
    """
    return Total(of)


def mean(of: str | None = None) -> Mean:
    """Return the rule by which the golden value is the mean of the records' numbers.

    Args:
        of: The column to average, for a golden column of another name. Numbers are
            read as `total` reads them.

    Examples:
        >>> mean("rating").of
        'rating'
    """
    return Mean(of)


def count(of: str | None = None) -> Count:
    """Return the rule by which the golden value is how many records hold the column.

    Args:
        of: The column to count, for a golden column of another name.

    Examples:
        >>> count("order_id").of
        'order_id'
    """
    return Count(of)


def rfm(
    *, last_order: str, orders: str, spend: str, as_of: str | date | None = None
) -> dict[str, SurvivorshipRule]:
    """Return rules for recency, frequency and monetary value of the merged customer.

    They make the golden columns `recency`, the days since the last order; `frequency`,
    the sum of the orders; and `monetary`, the sum of what was spent: the three of
    Hughes, Strategic Database Marketing (1994), as they are, not yet divided into
    classes.

    Args:
        last_order: The column with the date of each record's last order.
        orders: The column with the number of each record's orders.
        spend: The column with what each record's customer spent.
        as_of: The day that recency is counted from; by default the latest date in
            `last_order`, so that the same records give the same numbers on any day.

    Raises:
        InvalidConfigError: `as_of` is no date, or a column no text.

    Examples:
        >>> rules = rfm(last_order="last", orders="n", spend="sum", as_of="2025-12-31")
        >>> {name: rule.name for name, rule in rules.items()}
        {'recency': 'recency', 'frequency': 'total', 'monetary': 'total'}
    """
    given = {"last_order": last_order, "orders": orders, "spend": spend}
    wrong = [name for name, column in given.items() if not is_column(column)]
    if wrong:
        message = f"rfm: {', '.join(wrong)} must be names of columns"
        raise InvalidConfigError(message)
    day = as_of.isoformat() if isinstance(as_of, date) else as_of
    return {
        "recency": Recency(last_order, day),
        "frequency": Total(orders),
        "monetary": Total(spend),
    }
