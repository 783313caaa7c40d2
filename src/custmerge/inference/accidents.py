"""Columns whose values agree by accident alone: amounts, serial numbers, times.

Where duplicates share a value, pairs of records that hold the very same one are many
more than pairs whose values lie next to each other. Amounts, scores, times and serial
numbers show no such peak: two records hold the same one no more often than two that
differ by a cent, a second or one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.normalizers import as_normalizer
from custmerge.records import Column

__all__ = ["TESTED", "agrees_by_accident"]

TESTED = (Kind.NUMBER, Kind.DATE, Kind.IDENTIFIER)
"""Kinds whose values have neighbours."""
_LEAST_ROWS = 20
"""Fewer values show no peak."""
_LEAST_DISTINCT = 0.4
"""Distinct values for each value held, below which the model can tell by itself."""
_LEAST_READ = 0.8
"""Share of the values held that must be numbers."""
_NEIGHBOURS = 10
_EXACT = 2.0**52
"""Whole numbers up to here have their neighbours as floats, too."""
_SURE = 2.0
"""Standard deviations by which a peak must stand out."""


def agrees_by_accident(column: Column, kind: Kind) -> bool:
    """Return whether equal values are no more common than neighbouring ones.

    Values that are no numbers, and zero, which stands for none, are left out.

    Examples:
        >>> amounts = Column.encode([f"{7919 * i % 10_007 / 100}" for i in range(200)])
        >>> agrees_by_accident(amounts, Kind.NUMBER)
        True
        >>> twice = Column.encode([str(7919 * (i // 2)) for i in range(200)])
        >>> agrees_by_accident(twice, Kind.NUMBER)
        False
    """
    n_held = int(column.counts().sum())
    if len(column.values) < _LEAST_DISTINCT * _LEAST_READ * n_held:
        return False  # too few, whatever they are
    values, counts = _numbers(column, kind)
    if counts.sum() < _LEAST_ROWS or len(values) < _LEAST_DISTINCT * counts.sum():
        return False
    if counts.sum() < _LEAST_READ * n_held:
        return False
    near = sum(_pairs_apart(values, counts, k) for k in range(1, _NEIGHBOURS + 1))
    expected = near / _NEIGHBOURS
    equal = float((counts * (counts - 1) / 2).sum())
    return bool(equal <= expected + _SURE * np.sqrt(expected) + 1)


def _pairs_apart(
    values: NDArray[np.float64], counts: NDArray[np.float64], distance: int
) -> float:
    """Return how many pairs of rows differ by so much."""
    places = np.minimum(np.searchsorted(values, values + distance), len(values) - 1)
    found = values[places] == values + distance
    return float((counts * counts[places])[found].sum())


def _numbers(
    column: Column, kind: Kind
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distinct numbers in units of their last digit, and their counts."""
    name = "date" if kind is Kind.DATE else "number"
    texts = as_normalizer(name).normalize(column.values)
    read = _days if kind is Kind.DATE else _units
    numbers = read(texts)
    held = np.isfinite(numbers) & (numbers != 0)
    values, inverse = np.unique(numbers[held], return_inverse=True)
    weights = column.counts()[held].astype(np.float64)
    sums = np.bincount(inverse.reshape(-1), weights, minlength=len(values))
    return values, sums.astype(np.float64)


def _days(texts: Sequence[str | None]) -> NDArray[np.float64]:
    days = [
        date.fromisoformat(text).toordinal() if text and len(text) == 10 else np.nan
        for text in texts
    ]
    return np.asarray(days, dtype=np.float64)


def _units(texts: Sequence[str | None]) -> NDArray[np.float64]:
    decimals = max((len(text.partition(".")[2]) for text in texts if text), default=0)
    numbers = np.asarray([np.nan if t is None else float(t) for t in texts], float)
    largest = np.abs(numbers[np.isfinite(numbers)]).max(initial=1.0)
    unit = min(10.0 ** min(decimals, 99), _EXACT / largest)
    whole: NDArray[np.float64] = np.round(numbers * unit)
    return whole
