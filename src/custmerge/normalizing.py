"""Normalized columns: each distinct text goes through its normalizer once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import NoneType

import numpy as np

from custmerge._adapters import call
from custmerge.config import Field
from custmerge.exceptions import PluginError
from custmerge.normalizers import as_normalizer
from custmerge.protocols import Normalizer
from custmerge.records import Column, RecordTable

__all__ = ["normalize", "normalized_values"]


def normalize(table: RecordTable, fields: Sequence[Field]) -> RecordTable:
    """Return the fields' normalized columns, named as the fields are.

    A field of several columns holds their joined text, or each of them as a value of
    its own, as its `combine` says; and where they hold none, what is derived.

    Raises:
        PluginError: A normalizer broke its contract; the message names it.
    """
    columns = {field.name: _field_column(table, field) for field in fields}
    return RecordTable(columns, table.n_rows)


def _field_column(table: RecordTable, field: Field) -> Column:
    if not table.columns:  # no records: they could not say their columns
        return Column((), np.empty(0, np.int32))
    values, derived = list(_values(table, field)), list(_derived(table, field))
    if field.combine == "any":
        return Column.stack([*values, *derived])
    own = Column.first_of(values) if len(values) > 1 else values[0]
    return Column.first_of([own, *derived]) if derived else own


def _values(table: RecordTable, field: Field) -> Iterator[Column]:
    """Yield the field's values, each of one or several columns, normalized."""
    lines = [field.columns] if field.combine == "join" else field.lines
    joined = {name for line in lines for name in line}
    alone = [(name,) for name in field.columns if name not in joined]
    for names in (*lines, *alone):
        column = Column.join([table[name] for name in names], field.separator)
        if field.split:
            column = column.split(field.split)
        normalizer = field.by_column.get(names[0], field.normalizer)
        normalized = normalized_values(
            as_normalizer(normalizer), column.values, field.name
        )
        yield column.replace(normalized)


def _derived(table: RecordTable, field: Field) -> Iterator[Column]:
    """Yield what columns of other fields tell of a field."""
    for name, given in field.derived.items():
        column = table[name]
        yield column.replace(
            normalized_values(as_normalizer(given), column.values, field.name)
        )


def normalized_values(
    normalizer: Normalizer, values: Sequence[str], field: str
) -> Sequence[str | None]:
    """Return what a normalizer makes of distinct values of a field.

    Args:
        normalizer: The normalizer.
        values: The values.
        field: The field's name, for messages.

    Raises:
        PluginError: The normalizer broke its contract; the message names it.

    Examples:
        >>> from custmerge.normalizers import as_normalizer
        >>> normalized_values(as_normalizer("email"), ["ANN@Lee.org"], "mail")
        ['ann@lee.org']
    """
    label = f"normalizer {normalizer.name!r} of field {field!r}"
    returned = call(label, normalizer.normalize, values)
    normalized: list[str | None] = call(label, list, returned)
    if len(normalized) != len(values):
        message = (
            f"{label} returned {len(normalized)} values for {len(values)}; it must "
            "return one for each"
        )
        raise PluginError(message)
    if not all(
        issubclass(type_, (str, NoneType)) for type_ in set(map(type, normalized))
    ):
        message = f"{label} must return text or None for each value"
        raise PluginError(message)
    # What stays as it was is held once.
    return [
        value if value == found else found or None
        for value, found in zip(values, normalized, strict=True)
    ]
