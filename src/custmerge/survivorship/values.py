"""Rules by the value: how many hold it, how large, how well formed it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.normalizers import Number, Phone
from custmerge.normalizers.validity import PROBLEMS, problems, standard_forms
from custmerge.protocols import Ranks, Rows
from custmerge.records import Column, RecordTable
from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.ranks import ranks_of_rows
from custmerge.survivorship.timestamps import instants, last_instant

__all__ = [
    "Largest",
    "MostFrequent",
    "Smallest",
    "ValidFirst",
    "holds_dates",
    "largest",
    "most_frequent",
    "smallest",
    "valid_first",
]


@dataclass(frozen=True, slots=True)
class MostFrequent:
    """The value that most rows of the entity hold; `most_frequent` builds it.

    Attributes:
        normalized: Whether values are counted by their standard form.
        kind: What the values are. `None` takes the field's kind when the rule is
            bound; unbound, texts are counted.
        region: The country of phone numbers without a country code.
    """

    normalized: bool = False
    kind: Kind | str | None = None
    region: str | None = None
    name: str = "most_frequent"

    def __post_init__(self) -> None:
        check_arguments(self)
        _settle_kind(self)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return how many of `rows`, taken as one entity, hold the row's value."""
        return self.rank_within(table, field, rows, np.zeros(len(rows), np.int64))

    def rank_within(
        self, table: RecordTable, field: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        """Return how many rows of the row's entity hold the row's value.

        It is 0 for what stands for no value, where standard forms are counted.
        """
        column = table[field]
        if not self.normalized or self.kind is None:
            return _counts(column.slots[rows, 0], entities)
        kind, region = Kind(self.kind), self.region or Phone().region
        forms: defaultdict[str | None, int] = defaultdict(count().__next__)
        none = forms[None]

        def numbered(texts: Sequence[str]) -> Iterable[int]:
            return map(forms.__getitem__, standard_forms(kind, texts, region=region))

        held = ranks_of_rows(column, numbered, rows).astype(np.int64)
        counts = _counts(held, entities)
        counts[held == none] = 0
        return counts

    def of_kind(self, kind: Kind, region: str | None, /) -> MostFrequent:
        """Return the rule with an open kind and region filled in by the field's."""
        if not self.normalized:
            return self
        return replace(self, kind=self.kind or kind, region=self.region or region)

    then = chained


def _counts(held: NDArray[np.integer], entities: Rows) -> NDArray[np.float64]:
    """Return how many rows of each row's entity hold the same as the row."""
    keys = entities * (int(held.max(initial=0)) + 1) + held
    order = np.argsort(keys)
    starts = np.flatnonzero(np.diff(keys[order], prepend=-2))
    sizes = np.diff(starts, append=len(keys))
    counts = np.empty(len(keys))
    counts[order] = np.repeat(sizes, sizes)
    return counts


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest number or the latest date; `largest` builds it."""

    name: str = "largest"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return each row's number or date; NaN where it is neither."""
        return _magnitudes(table[field], rows)

    then = chained


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest number or the earliest date; `smallest` builds it."""

    name: str = "smallest"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return each row's negated number or date; NaN where it is neither."""
        return -_magnitudes(table[field], rows)

    then = chained


@dataclass(frozen=True, slots=True)
class ValidFirst:
    """A value that is valid for its kind; `valid_first` builds it.

    Attributes:
        kind: What the values are. `None` takes the field's kind when the rule is
            bound; unbound, all rows rank equal.
        region: The country of phone numbers without a country code, as ISO 3166
            alpha-2. `None` takes that of the field's normalizer.
    """

    kind: Kind | str | None = None
    region: str | None = None
    name: str = "valid_first"

    def __post_init__(self) -> None:
        _settle_kind(self)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return 1 where the row's value is valid, -1 where it stands for none, or 0.

        Where the kind is not known, it is 0 everywhere.
        """
        if self.kind is None:
            return np.zeros(len(rows))
        kind, region = Kind(self.kind), self.region or Phone().region

        def judged(texts: Sequence[str]) -> Iterable[float]:
            # No line of Python for each of a million texts.
            return map(_VALIDITY.__getitem__, problems(kind, texts, region=region))

        return ranks_of_rows(table[field], judged, rows)

    def of_kind(self, kind: Kind, region: str | None, /) -> ValidFirst:
        """Return the rule with an open kind and region filled in by the field's."""
        return replace(self, kind=self.kind or kind, region=self.region or region)

    then = chained


_VALIDITY: Final[Mapping[str | None, float]] = {
    **dict.fromkeys(PROBLEMS, 0.0),
    None: 1.0,
    "masked": 0.5,
    "placeholder": -1.0,
}


def _settle_kind(rule: MostFrequent | ValidFirst) -> None:
    """Replace the name of a rule's kind by it; check it, and the region."""
    if rule.kind is not None and rule.kind not in list(Kind):
        message = (
            f"kind={rule.kind!r} of {rule.name}: give one of "
            f"{[str(kind) for kind in Kind]}"
        )
        raise InvalidConfigError(message)
    if rule.kind is not None:
        object.__setattr__(rule, "kind", Kind(rule.kind))
    if rule.region is not None:
        Phone(rule.region)


def _magnitudes(column: Column, rows: Rows) -> NDArray[np.float64]:
    """Return each row's number, where most values are numbers, else its date."""
    by_code = _numbers(column)
    if _are_few(by_code):
        return instants(column, rows)
    magnitudes: NDArray[np.float64] = by_code[column.slots[rows, 0]]
    return magnitudes


def _numbers(column: Column) -> NDArray[np.float64]:
    """Return the number of each distinct value, and NaN for missing cells."""
    numbers = [
        np.nan if number is None else float(number)
        for number in Number().normalize(column.values)
    ]
    return np.array([*numbers, np.nan])


def _are_few(numbers: NDArray[np.float64]) -> bool:
    """Whether fewer than half of the distinct values are numbers."""
    return bool(2 * np.isnan(numbers[:-1]).sum() > len(numbers) - 1)


def holds_dates(column: Column) -> bool:
    """Whether a column is read as dates: most values are no numbers, some are dates.

    Examples:
        >>> holds_dates(Column.encode(["2021-03-01", "soon"]))
        True
        >>> holds_dates(Column.encode(["1,200", "2021-03-01"]))
        False
    """
    return _are_few(_numbers(column)) and bool(np.isfinite(last_instant(column)))


def most_frequent(
    *, normalized: bool = False, kind: Kind | str | None = None
) -> MostFrequent:
    """Return the rule by which the value survives that most of the records hold.

    Args:
        normalized: Whether values are one that have the same standard form, such as
            "+1 415 555 2671" and "(415) 555-2671", "ANN" and "Ann". Which spelling
            survives then is left to the next rule, and what stands for no value, such
            as "n/a", counts as held by nobody.
        kind: What the values are, by which they are normalized. By default the kind
            of the field.

    Raises:
        InvalidConfigError: The kind is unknown.

    Examples:
        >>> table = RecordTable.from_columns({"city": ["Ulm", "Bonn", "ULM", "Ulm"]}, 4)
        >>> most_frequent().rank(table, "city", np.arange(4)).tolist()
        [2.0, 1.0, 1.0, 2.0]
        >>> normalized = most_frequent(normalized=True, kind="city")
        >>> normalized.rank(table, "city", np.arange(4)).tolist()
        [3.0, 1.0, 3.0, 3.0]
    """
    return MostFrequent(normalized, kind)


def largest() -> Largest:
    """Return the rule by which the largest number, or the latest date, survives.

    Numbers are read as `custmerge.normalizers.Number` reads them: `1,234.50`,
    `1.234,50`, `￥1,200`, full-width digits. A column of which fewer than half of the
    distinct values are numbers is read as dates, as `most_recent` reads them. What
    cannot be read ranks below all that can.

    Examples:
        >>> table = RecordTable.from_columns(
        ...     {"spent": ["1.234,50 €", "￥980", "unknown"]}, 3
        ... )
        >>> largest().rank(table, "spent", np.arange(3)).tolist()
        [1234.5, 980.0, nan]
    """
    return Largest()


def smallest() -> Smallest:
    """Return the rule by which the smallest number, or the earliest date, survives.

    Values are read as by `largest`; what cannot be read ranks below all that can.

    Examples:
        >>> table = RecordTable.from_columns(
        ...     {"since": ["2021年3月1日", "2019-12-31", "long ago"]}, 3
        ... )
        >>> int(smallest().rank(table, "since", np.arange(2)).argmax())
        1
    """
    return Smallest()


def valid_first(
    kind: Kind | str | None = None, *, region: str | None = None
) -> ValidFirst:
    """Return the rule by which a valid value survives before one that is not.

    What is valid `custmerge.normalizers.validity.problems` says: an e-mail address by
    its syntax, a phone number by the numbering plan of its region, an identifier by
    its check digit where it has a known one, a date by the calendar. Valid values rank
    equal; below them what is not valid, and last what stands for no value.

    Args:
        kind: What the values are. By default the kind of the field.
        region: The country of phone numbers without a country code, as ISO 3166
            alpha-2. By default that of the field's normalizer, else `"US"`.

    Raises:
        InvalidConfigError: The kind or the region is unknown.

    Examples:
        >>> table = RecordTable.from_columns(
        ...     {"email": ["ann@mail..com", "ann@mail.com", "n/a"]}, 3
        ... )
        >>> valid_first("email").rank(table, "email", np.arange(3)).tolist()
        [0.0, 1.0, -1.0]
    """
    return ValidFirst(kind, region)
