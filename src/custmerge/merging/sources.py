"""The sources of records, for the rules that look at them."""

from __future__ import annotations

from collections.abc import Iterable

from custmerge.config import Config
from custmerge.kinds import Role
from custmerge.records import Column, RecordTable

__all__ = ["roles_of", "source_name", "with_sources"]

_SOURCE = "source"
"""What rules call the sources of tables that were given by their names."""


def source_name(names: Iterable[str]) -> str:
    """Return the name by which rules look at the names of the tables.

    Args:
        names: The columns of the records.

    Examples:
        >>> source_name(["name", "city"]), source_name(["name", "source"])
        ('source', 'source of record')
    """
    taken, name = set(names), _SOURCE
    while name in taken:
        name += " of record"
    return name


def with_sources(table: RecordTable, sources: Column | None) -> RecordTable:
    """Return a table that holds the source of each row as well, where it is known.

    Args:
        table: The records.
        sources: The source of each row, where the tables were given by their names.
    """
    if sources is None or not table.columns:
        return table
    return RecordTable({**table.columns, source_name(table): sources}, table.n_rows)


def roles_of(config: Config, names: Iterable[str], *, named: bool) -> dict[Role, str]:
    """Return the column of each role that survivorship rules may leave open.

    Args:
        config: The columns of the roles.
        names: The columns of the records.
        named: Whether the tables were given by the names of their sources.
    """
    source = source_name(names) if named else None
    known = {
        Role.UPDATED_AT: config.updated_at,
        Role.CREATED_AT: config.created_at,
        Role.SOURCE: config.source or source,
    }
    return {role: column for role, column in known.items() if column is not None}
