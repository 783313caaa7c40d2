"""Finding what is wrong: value by value, then record by record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress, count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.config import Check, Config
from custmerge.kinds import Kind
from custmerge.normalizers.validity import problems
from custmerge.protocols import Rows
from custmerge.quality.contradictions import contradictions
from custmerge.quality.fakes import fakes, is_also_a_name, n_test_words, test_words
from custmerge.quality.requiring import breaches
from custmerge.quality.units import PERSONS, Unit, units_of
from custmerge.records import Column, RecordTable

__all__ = ["CONTRADICTIONS", "ISSUES", "Inspection", "inspect"]

ISSUES: Mapping[str, tuple[str, str]] = {
    "placeholder": ("warning", "it stands for no value"),
    "default_date": ("warning", "a day that systems write where none is known"),
    "test": ("warning", "typed to see whether a form works"),
    "reserved": ("warning", "an address or number that is kept for examples"),
    "disposable": ("warning", "a mailbox that is thrown away"),
    "masked": ("warning", "some of it is hidden"),
    "syntax": ("error", "not written as values of its kind are"),
    "not_possible_in_region": ("error", "a number of no telephone"),
    "check_digit": ("error", "its check digit is wrong"),
    "impossible_date": ("error", "there is no such day"),
    "born_in_future": ("error", "a day of birth that is yet to come"),
    "born_after_record": ("error", "a day of birth after the record was made"),
    "not_born_as_identified": (
        "error",
        "another day of birth than the resident identity number has",
    ),
    "not_gender_as_identified": (
        "error",
        "another gender than the resident identity number has",
    ),
    "required": ("error", "missing, and required"),
    "pattern": ("error", "does not fit the pattern that is required"),
    "minimum": ("error", "below the minimum that is required"),
    "maximum": ("error", "above the maximum that is required"),
}
"""The issues: how severe each is, and what it means."""

CONTRADICTIONS = (
    *("born_in_future", "born_after_record"),
    *("not_born_as_identified", "not_gender_as_identified"),
)
"""Issues of values of one record that cannot all be right."""
_STANDS_FOR_NONE = ("placeholder", "default_date", "test")
_DATES = (Kind.BIRTH_DATE, Kind.DATE)
_NONE = -1

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """What was found in records, one finding beside the other.

    Attributes:
        units: What was looked at.
        columns: The units' texts as they came.
        rows: The row of each finding; the findings are in the order of the rows, then
            of the units, then of the issues.
        fields: Its unit, as a position in `units`.
        issues: Its issue, as a position in `names`.
        names: The issues.
        is_error: Whether each finding is an error, not a warning.
        is_own: Whether it breaks a check of the user's own.
        n_rows: The number of records.
    """

    units: tuple[Unit, ...]
    columns: tuple[Column, ...]
    rows: Rows
    fields: NDArray[np.int64]
    issues: NDArray[np.int64]
    names: tuple[str, ...]
    is_error: Flags
    is_own: Flags
    n_rows: int

    def held(self, unit: int) -> Flags:
        """Return which records hold any text; shape `(n_rows,)`."""
        return self.columns[unit].present

    def flagged(self, unit: int, chosen: Flags | None = None) -> Flags:
        """Return which records have a finding.

        Args:
            unit: The unit that it must be of.
            chosen: Which findings count; all of them by default.
        """
        wanted = self.fields == unit
        if chosen is not None:
            wanted &= chosen
        flags = np.zeros(len(self.columns[unit]), dtype=bool)
        flags[self.rows[wanted]] = True
        return flags

    def are(self, issues: Collection[str]) -> Flags:
        """Return which findings, but for the user's own checks, are of these issues."""
        wanted = [place for place, name in enumerate(self.names) if name in issues]
        return np.isin(self.issues, wanted) & ~self.is_own

    @property
    def stand_for_none(self) -> Flags:
        """Which findings are of texts that stand for no value."""
        return self.are(_STANDS_FOR_NONE)

    def real(self, unit: int) -> Flags:
        """Return which records hold a value, not what stands for none."""
        return self.held(unit) & ~self.flagged(unit, self.stand_for_none)

    def usable(self, unit: int) -> Flags:
        """Return which records hold a value with no issue but the user's own checks.

        One that is masked here is whole where it came from.
        """
        is_wrong = ~self.is_own & ~self.are(("masked",))
        return self.held(unit) & ~self.flagged(unit, is_wrong)


def inspect(
    table: RecordTable,
    config: Config,
    today: date,
    nobodys: Mapping[str, Collection[str]] | None = None,
) -> Inspection:
    """Return what is wrong with records.

    Args:
        table: The records as they came.
        config: The fields, and the user's own checks.
        today: The day after which nobody was born yet.
        nobodys: For fields, normalized values that stand for none, since so many
            records hold them.

    Raises:
        PluginError: A check's function failed.

    Examples:
        >>> import custmerge as cm
        >>> config = cm.Config((cm.Field("email", kind="email"),))
        >>> table = RecordTable.from_mappings([{"email": "n/a"}, {"email": "a@b..c"}])
        >>> found = inspect(table, config, date(2026, 6, 1))
        >>> found.rows.tolist(), [found.names[issue] for issue in found.issues]
        ([0, 1], ['placeholder', 'syntax'])
    """
    units = units_of(config)
    columns = tuple(unit.read(table) for unit in units)
    found = [
        _issues(unit, column, (nobodys or {}).get(unit.field, ()))
        for unit, column in zip(units, columns, strict=True)
    ]
    _spare_names(units, columns, found)
    clean = [
        (unit, _without(column, issues >= 0))
        for unit, column, issues in zip(units, columns, found, strict=True)
    ]
    real = [
        _without(column, _are_none(issues))
        for column, issues in zip(columns, found, strict=True)
    ]
    made = config.created_at or config.updated_at
    dated = table[made] if made is not None and made in table else None
    parts = [
        *_of_rows(found),
        *(
            _Part(place, issue, ISSUES[issue][0], rows)
            for place, issue, rows in contradictions(clean, dated, today)
        ),
        *_breaches(config.checks, units, real),
    ]
    return _together(units, columns, parts)


class _Part(NamedTuple):
    """The rows in which a unit has one issue."""

    unit: int
    issue: str
    severity: str
    rows: Rows
    is_own: bool = False


def _issues(unit: Unit, column: Column, nobodys: Collection[str]) -> NDArray[np.int16]:
    """Return the issue of each row, as a position in `ISSUES`; -1: none."""
    held = np.flatnonzero(column.counts())
    values = [column.values[i] for i in held.tolist()]
    names = [*ISSUES]
    places = np.full(len(column.values) + 1, _NONE, dtype=np.int16)
    found = _of_values(unit, values, nobodys)
    with_issue = [*compress(count(), found)]
    places[held[with_issue]] = [names.index(issue) for issue in filter(None, found)]
    return places[column.codes]


def _of_values(
    unit: Unit, values: Sequence[str], nobodys: Collection[str]
) -> list[str | None]:
    """Return the issue of each value."""
    known = problems(unit.kind, values, region=unit.region)
    faked = fakes(unit.kind, values, unit.region)
    crowd = unit.normalizer.normalize(values) if nobodys else [None] * len(values)
    return [
        fake
        or _told_apart(unit.kind, value, problem)
        or ("placeholder" if form is not None and form in nobodys else None)
        for value, problem, fake, form in zip(values, known, faked, crowd, strict=True)
    ]


def _told_apart(kind: Kind, value: str, problem: str | None) -> str | None:
    """Return the problem, of what stands for no value rather what it is."""
    if problem != "placeholder":
        return problem
    if kind in _DATES and any(char.isdecimal() for char in value):
        return "default_date"
    return "test" if n_test_words(value) else problem


def _spare_names(
    units: Sequence[Unit],
    columns: Sequence[Column],
    found: Sequence[NDArray[np.int16]],
) -> None:
    """Let `Test` and `None` be names beside another name of the person."""
    persons = [place for place, unit in enumerate(units) if unit.kind in PERSONS]
    if len(persons) < 2:
        return
    named = [columns[place].present & (found[place] < 0) for place in persons]
    is_named = np.logical_or.reduce(named)
    for place in persons:
        values = columns[place].values
        lookup = np.asarray([*map(is_also_a_name, values), False], dtype=bool)
        rows = np.flatnonzero(lookup[columns[place].codes] & is_named)
        is_test = test_words([columns[other] for other in persons], rows) > 0
        found[place][rows[~is_test]] = _NONE


def _are_none(issues: NDArray[np.int16]) -> Flags:
    """Return which issues say that a text stands for no value."""
    return np.isin(issues, [[*ISSUES].index(name) for name in _STANDS_FOR_NONE])


def _without(column: Column, left_out: Flags) -> Column:
    codes = np.where(left_out, np.int32(-1), column.codes)
    return Column(column.values, codes.astype(np.int32, copy=False))


def _of_rows(found: Sequence[NDArray[np.int16]]) -> Iterator[_Part]:
    """Yield what is wrong with single values."""
    names = [*ISSUES]
    for place, issues in enumerate(found):
        rows = np.flatnonzero(issues >= 0)
        for code in np.unique(issues[rows]).tolist():
            severity, _ = ISSUES[names[code]]
            yield _Part(place, names[code], severity, rows[issues[rows] == code])


def _breaches(
    checks: Sequence[Check], units: Sequence[Unit], columns: Sequence[Column]
) -> Iterator[_Part]:
    """Yield what breaks the checks."""
    for check in checks:
        by_name = [i for i, unit in enumerate(units) if unit.name == check.field]
        by_field = [i for i, unit in enumerate(units) if unit.field == check.field]
        places = by_name or by_field
        if check.required and places:
            held = np.logical_or.reduce([columns[place].present for place in places])
            missing = np.flatnonzero(~held)
            yield _Part(places[0], "required", check.severity, missing, is_own=True)
        for place in places:
            for issue, rows in breaches(check, units[place], columns[place]):
                yield _Part(place, issue, check.severity, rows, is_own=True)


def _together(
    units: tuple[Unit, ...], columns: tuple[Column, ...], parts: Sequence[_Part]
) -> Inspection:
    """Return all findings in one order."""
    names = (*dict.fromkeys([*ISSUES, *(part.issue for part in parts)]),)
    sizes = [len(part.rows) for part in parts]
    rows = np.concatenate([np.empty(0, np.int64), *(part.rows for part in parts)])
    fields = np.repeat(np.asarray([part.unit for part in parts], np.int64), sizes)
    codes = np.asarray([names.index(part.issue) for part in parts], np.int64)
    issues = np.repeat(codes, sizes)
    is_error = np.asarray([part.severity == "error" for part in parts], bool)
    is_own = np.asarray([part.is_own for part in parts], bool)
    order = np.lexsort((issues, fields, rows))
    return Inspection(
        units,
        columns,
        rows[order],
        fields[order],
        issues[order],
        names,
        np.repeat(is_error, sizes)[order],
        np.repeat(is_own, sizes)[order],
        max(map(len, columns), default=0),
    )
