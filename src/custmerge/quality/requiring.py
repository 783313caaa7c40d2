"""What breaks the requirements of a user's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import compress, count

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import call_each
from custmerge.config import Check
from custmerge.kinds import Kind
from custmerge.normalizers import Date, Number
from custmerge.quality.units import Unit
from custmerge.records import Column

__all__ = ["Breach", "breaches"]

Breach = tuple[str, NDArray[np.int64]]
"""The issue, and the rows."""


def breaches(check: Check, unit: Unit, column: Column) -> Iterator[Breach]:
    """Yield the rows whose values break each part of a check.

    Args:
        check: The requirements.
        unit: What is looked at.
        column: Its texts, without those that stand for no value.

    Raises:
        PluginError: The check's function raised, or returned neither true nor false.
    """
    held = np.flatnonzero(column.counts())  # no test of values that no record holds
    values = [column.values[i] for i in held.tolist()]
    for issue, is_right in _verdicts(check, unit, values):
        wrong = np.zeros(len(column.values) + 1, dtype=bool)
        wrong[held[[*compress(count(), (not right for right in is_right))]]] = True
        yield issue, np.flatnonzero(wrong[column.codes])


def _verdicts(
    check: Check, unit: Unit, values: Sequence[str]
) -> Iterator[tuple[str, Sequence[bool]]]:
    """Yield each part of a check, and whether each value fulfils it."""
    if check.pattern is not None:
        fits = re.compile(check.pattern).fullmatch
        yield "pattern", [fits(value.strip()) is not None for value in values]
    if check.minimum is not None or check.maximum is not None:
        by_day = isinstance(check.minimum or check.maximum, date)
        measures = _days(unit, values) if by_day else _numbers(values)
        if check.minimum is not None:
            yield "minimum", (measures >= _measure(check.minimum)).tolist()
        if check.maximum is not None:
            yield "maximum", (measures <= _measure(check.maximum)).tolist()
    if check.function is not None:
        arguments = ((value,) for value in values)
        told = call_each(check.function, arguments, "check", _problem)
        yield check.function_name, told


def _problem(result: object) -> str | None:
    if isinstance(result, (bool, np.bool_)):
        return None
    return f"returned a {type(result).__name__}; it must return true or false"


def _measure(bound: float | date) -> float:
    return float(bound.toordinal() if isinstance(bound, date) else bound)


def _days(unit: Unit, values: Sequence[str]) -> NDArray[np.float64]:
    dated = unit.kind in (Kind.BIRTH_DATE, Kind.DATE)
    texts = (unit.normalizer if dated else Date()).normalize(values)
    days = [
        date.fromisoformat(text).toordinal() if text and len(text) == 10 else np.nan
        for text in texts
    ]
    return np.asarray(days, dtype=np.float64)


def _numbers(values: Sequence[str]) -> NDArray[np.float64]:
    texts = Number().normalize(values)
    return np.asarray([np.nan if t is None else float(t) for t in texts], np.float64)
