"""How complete, valid and unique the values of each field are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Normalizer
from custmerge.quality.inspecting import Inspection
from custmerge.records import Column

__all__ = ["Measure", "measure", "standard"]

Counts = NDArray[np.int64]


class Measure(NamedTuple):
    """Completeness, validity and uniqueness of a field, by group of records.

    After "The six primary dimensions for data quality assessment" (DAMA UK, 2013).
    Each has the shape `(n_groups,)`, and is NaN where there is nothing to measure.

    Attributes:
        field: The name of the unit.
        n_records: The records of each group.
        completeness: Share of the records that hold a value. What stands for none
            counts as missing.
        validity: Share of these values that no error was found in.
        uniqueness: Distinct values in standard form, as a share of these values.
    """

    field: str
    n_records: Counts
    completeness: NDArray[np.float64]
    validity: NDArray[np.float64]
    uniqueness: NDArray[np.float64]


def standard(found: Inspection) -> tuple[Column, ...]:
    """Return the columns in standard form; what has none is as it came."""
    return tuple(
        _standard(column, unit.normalizer)
        for unit, column in zip(found.units, found.columns, strict=True)
    )


def measure(
    found: Inspection, forms: Sequence[Column], groups: Counts, n_groups: int
) -> Iterator[Measure]:
    """Yield the measures of each field.

    Args:
        found: What was found in the records.
        forms: The columns in standard form.
        groups: The group of each record; -1: none.
        n_groups: How many groups there are.
    """
    is_member = groups >= 0
    n_records = np.bincount(groups[is_member], minlength=n_groups)
    for place, unit in enumerate(found.units):
        real = found.real(place) & is_member
        wrong = found.flagged(place, found.is_error)
        n_real = np.bincount(groups[real], minlength=n_groups)
        n_right = np.bincount(groups[real & ~wrong], minlength=n_groups)
        n_distinct = _n_distinct(forms[place].codes[real], groups[real], n_groups)
        yield Measure(
            unit.name,
            n_records,
            _share(n_real, n_records),
            _share(n_right, n_real),
            _share(n_distinct, n_real),
        )


def _standard(column: Column, normalizer: Normalizer) -> Column:
    forms = normalizer.normalize(column.values)
    return column.replace(
        [form or text for form, text in zip(forms, column.values, strict=True)]
    )


def _n_distinct(codes: NDArray[np.int32], groups: Counts, n_groups: int) -> Counts:
    keys = groups.astype(np.int64) << 32 | codes
    return np.bincount(np.unique(keys) >> 32, minlength=n_groups)


def _share(part: Counts, whole: Counts) -> NDArray[np.float64]:
    shares = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
