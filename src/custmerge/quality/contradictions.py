"""Values of one record that cannot all be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.normalizers import (
    BirthDateOfIdentifier,
    Date,
    Gender,
    GenderOfIdentifier,
)
from custmerge.quality.units import Unit
from custmerge.records import Column

__all__ = ["Contradiction", "contradictions"]

Contradiction = tuple[int, str, NDArray[np.int64]]
"""The unit that is contradicted, the issue, and the rows."""

Days = NDArray[np.int64]
"""For each row a day as a number, 0 where none is known."""

_WHOLE = len("2000-12-31")
_GENDERS: Mapping[str | None, int] = {"m": 1, "f": 2}
# A year of two digits may be meant for the century before.
_FOUR_DIGITS = re.compile("[0-9]{4}")


def contradictions(
    cells: Sequence[tuple[Unit, Column]], made: Column | None, today: date
) -> Iterator[Contradiction]:
    """Yield what contradicts the birth dates, and the genders.

    A day of birth after today, or after the day when the record was made or changed;
    and one that shares neither the year nor the day of the year with that of a Chinese
    resident identity number, which a slip of one digit would leave alike. A gender that
    is known as such, and is not the number's.

    Args:
        cells: The units, and their texts, without those that have an issue.
        made: When each record was made, or last changed.
        today: The day after which nobody was born yet.
    """
    known = None if made is None else _days(made, Date().normalize(made.values))
    numbers = [column for unit, column in cells if unit.kind is Kind.IDENTIFIER]
    named = [_days(column, _births(column)) for column in numbers]
    for place, (unit, column) in enumerate(cells):
        if unit.kind is Kind.GENDER:
            for number in numbers:
                yield place, "not_gender_as_identified", _other_gender(column, number)
        if unit.kind is not Kind.BIRTH_DATE:
            continue
        born = _days(column, unit.normalizer.normalize(column.values))
        yield place, "born_in_future", np.flatnonzero(born > today.toordinal())
        if known is not None:
            late = (known > 0) & (born > known) & (born <= today.toordinal())
            yield place, "born_after_record", np.flatnonzero(late)
        for days in named:
            yield place, "not_born_as_identified", _unlike(born, days)


def _days(column: Column, texts: Sequence[str | None]) -> Days:
    """Return the day of each row's value, given the standard forms of the values."""
    days = [
        date.fromisoformat(text).toordinal()
        if text and len(text) == _WHOLE and _FOUR_DIGITS.search(value)
        else 0
        for value, text in zip(column.values, texts, strict=True)
    ]
    found: Days = np.asarray([*days, 0], dtype=np.int64)[column.codes]
    return found


def _births(column: Column) -> Sequence[str | None]:
    return BirthDateOfIdentifier().normalize(column.values)


def _other_gender(column: Column, number: Column) -> NDArray[np.int64]:
    """Return the rows whose gender is not that of their identity number."""
    said, named = (
        np.asarray([_GENDERS.get(form, 0) for form in (*forms, None)])[codes]
        for forms, codes in (
            (Gender().normalize(column.values), column.codes),
            (GenderOfIdentifier().normalize(number.values), number.codes),
        )
    )
    rows: NDArray[np.int64] = np.flatnonzero((said > 0) & (named > 0) & (said != named))
    return rows


def _unlike(born: Days, named: Days) -> NDArray[np.int64]:
    """Return the rows whose two days share neither the year nor the day of it."""
    rows = np.flatnonzero((born > 0) & (named > 0) & (born != named))
    days = [born[rows], named[rows]]
    # numpy counts from 1970, Python from the year 1.
    dates = [
        (some - date(1970, 1, 1).toordinal()).astype("datetime64[D]") for some in days
    ]
    years = [some.astype("datetime64[Y]").astype(np.int64) for some in dates]
    months = [some.astype("datetime64[M]") for some in dates]
    in_year = [
        (month.astype(np.int64) % 12) * 31 + (some - month).astype(np.int64)
        for some, month in zip(dates, months, strict=True)
    ]
    is_unlike = (years[0] != years[1]) & (in_year[0] != in_year[1])
    unlike: NDArray[np.int64] = rows[is_unlike]
    return unlike
