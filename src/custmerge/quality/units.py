"""What is looked at as one value: a column, or several that make one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from custmerge.config import Config, Field
from custmerge.kinds import Kind
from custmerge.normalizers import (
    Date,
    FamilyOfFullName,
    FullName,
    GivenOfFullName,
    Phone,
    Text,
    as_normalizer,
)
from custmerge.protocols import Normalizer
from custmerge.records import Column, RecordTable

__all__ = ["NAMES", "PERSONS", "Unit", "units_of"]

PERSONS = (Kind.GIVEN_NAME, Kind.FAMILY_NAME, Kind.FULL_NAME)
"""Kinds that hold a person's name, or a part of it."""
NAMES = (*PERSONS, Kind.ORGANISATION)
"""Kinds that hold a name."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One value of a record: the cell of a column, or of several that make one text.

    Attributes:
        name: The column; of several columns the field.
        kind: What the values are.
        columns: The columns.
        separator: What stands between the texts of several columns.
        normalizer: Gives the values' standard form.
        field: The field of the configuration.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...]
    separator: str
    normalizer: Normalizer
    field: str

    @property
    def region(self) -> str:
        """The country of phone numbers without a country code."""
        normalizer = self.normalizer
        return normalizer.region if isinstance(normalizer, Phone) else Phone().region

    def read(self, table: RecordTable) -> Column:
        """Return the unit's texts as they came."""
        if not table.columns:  # no records: they could not say their columns
            return Column((), np.empty(0, np.int32))
        column = Column.join([table[name] for name in self.columns], self.separator)
        return column if column.codes.ndim == 1 else Column(column.values, column.first)


def units_of(config: Config) -> tuple[Unit, ...]:
    """Return what is looked at, each column once, in the order of the fields.

    Columns that checks are of are there too; those that say when a record was made
    or changed are dates.

    Examples:
        >>> import custmerge as cm
        >>> born = cm.Field("born", kind="birth_date", columns=("day", "month", "year"))
        >>> phone = cm.Field(
        ...     "phone", kind="phone", columns=("mobile", "fax"), combine="any"
        ... )
        >>> [unit.name for unit in units_of(cm.Config([born, phone]))]
        ['born', 'mobile', 'fax']
    """
    found: dict[tuple[str, ...], Unit] = {}
    for field in config.fields:
        for unit in _units(field):
            found.setdefault(unit.columns, _dated(unit, config))
    named = {name for unit in found.values() for name in (unit.name, unit.field)}
    for check in config.checks:
        if check.field not in named:  # an id, or a column among several that are joined
            alone = (check.field,)
            found[alone] = Unit(check.field, Kind.TEXT, alone, "", Text(), check.field)
    return tuple(found.values())


def _units(field: Field) -> Iterator[Unit]:
    groups = [field.columns] if field.combine == "join" else list(field.lines)
    joined = {name for names in groups for name in names}
    groups += [(name,) for name in field.columns if name not in joined]
    for names in groups:
        name = names[0] if len(names) == 1 or len(groups) > 1 else field.name
        kind = Kind(field.kind)
        normalizer = as_normalizer(field.by_column.get(names[0], field.normalizer))
        if isinstance(normalizer, (GivenOfFullName, FamilyOfFullName)):
            kind, normalizer = Kind.FULL_NAME, FullName()
        yield Unit(name, kind, names, field.separator, normalizer, field.name)


def _dated(unit: Unit, config: Config) -> Unit:
    is_date = unit.columns in {(config.created_at,), (config.updated_at,)}
    return replace(unit, kind=Kind.DATE, normalizer=Date()) if is_date else unit
