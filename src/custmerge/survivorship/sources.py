"""Rules by the source: which system a value came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Role
from custmerge.protocols import Ranks, Rows
from custmerge.records import Column, RecordTable
from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.ranks import ranks_of_rows

__all__ = [
    "SourcePriority",
    "are_names",
    "source_column",
    "source_priority",
    "without_source",
]


@dataclass(frozen=True, slots=True)
class SourcePriority:
    """The row from the source that comes first in a list; `source_priority` builds it.

    Attributes:
        sources: The sources, most trusted first; all others rank below, equal.
        column: The column that names the source. `None` takes the one with the role
            source when the rule is bound.
    """

    sources: Sequence[str] = ()
    column: str | None = None
    name: str = "source_priority"

    whole_record: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_arguments(self)
        given: object = self.sources
        if not (isinstance(given, (list, tuple)) and given and are_names(given)):
            message = (
                f"{self.name} needs the list of sources, most trusted first, such as "
                "source_priority(['crm', 'shop'])"
            )
            raise InvalidConfigError(message)
        if len(set(self.sources)) < len(self.sources):
            message = f"{self.name} names a source twice; give each source one place"
            raise InvalidConfigError(message)
        object.__setattr__(self, "sources", tuple(self.sources))

    @property
    def reads(self) -> tuple[str, ...]:
        """The column of sources, where it is known."""
        return () if self.column is None else (self.column,)

    @property
    def lacks(self) -> tuple[str, ...]:
        """That it does not know the column of sources, if it does not."""
        return without_source(self.column, self.name)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:  # noqa: ARG002
        """Return a higher rank the earlier the row's source is in the list."""
        places = {source: -float(place) for place, source in enumerate(self.sources)}

        def ranked(sources: Sequence[str]) -> list[float]:
            return [places.get(source, np.nan) for source in sources]

        return ranks_of_rows(source_column(table, self.column, self.name), ranked, rows)

    def bind(self, roles: Mapping[Role, str], /) -> SourcePriority:
        """Return the rule with an open column filled in by the role source."""
        known = roles.get(Role.SOURCE)
        return replace(self, column=known) if self.column is None else self

    then = chained


def are_names(sources: Iterable[object]) -> bool:
    """Whether all of these may be names of sources."""
    return all(isinstance(source, str) and source for source in sources)


def source_column(table: RecordTable, column: str | None, name: str) -> Column:
    """Return the column of sources that a rule goes by.

    Raises:
        InvalidConfigError: The rule does not know it.
    """
    if column is None:
        raise InvalidConfigError(*without_source(column, name))
    return table[column]


def without_source(column: str | None, name: str) -> tuple[str, ...]:
    """Return what a rule lacks that goes by the source."""
    if column is not None:
        return ()
    message = (
        f"{name} does not know which column names the source: give column=..., say "
        "which column has the role 'source', or give the tables by the names of their "
        "sources"
    )
    return (message,)


def source_priority(
    sources: Sequence[str], column: str | None = None
) -> SourcePriority:
    """Return the rule by which the value from the most trusted source survives.

    Args:
        sources: The sources, most trusted first; those not listed come last.
        column: The column that names the source. By default the column with the role
            source, else the names that the tables were given by.

    Examples:
        >>> source_priority(["crm", "shop"]).sources
        ('crm', 'shop')
    """
    return SourcePriority(sources, column)
