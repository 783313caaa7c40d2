"""What deserves a look once golden records are made."""

from __future__ import annotations

from collections.abc import Iterator

from custmerge.config import Config
from custmerge.merging.sources import roles_of, with_sources
from custmerge.records import Column, RecordTable
from custmerge.survivorship import (
    SourcePriority,
    SourceTrust,
    Survivors,
    bind,
    leaves,
)

__all__ = ["remarks"]


def remarks(
    table: RecordTable,
    config: Config,
    survivors: Survivors,
    sources: Column | None = None,
) -> Iterator[str]:
    """Yield what a rule could not do, and what to do about it.

    Args:
        table: The records as they came.
        config: What was done with them.
        survivors: What survived of them.
        sources: The source of each row, where the tables were given by their names.
    """
    for name, rule in survivors.unread.items():
        yield (
            f"{rule} could read no value of the column {survivors.columns[name]!r}, so "
            f"that {name!r} is empty in all golden records; check what the column "
            "holds, or give it another survivorship rule"
        )
    yield from _unknown_sources(table, config, sources)


def _unknown_sources(
    table: RecordTable, config: Config, sources: Column | None
) -> Iterator[str]:
    """Yield the sources that rules name and no record has."""
    if not table.n_rows:
        return
    roles = roles_of(config, table, named=sources is not None)
    seen = with_sources(table, sources)
    said: dict[tuple[str, str], list[str]] = {}
    for rule in config.survivorship_rules:
        for leaf in leaves(bind(rule, roles)):
            if isinstance(leaf, SourcePriority | SourceTrust):
                column = leaf.column or ""  # it has one: `check_columns` saw to that
                known = set(seen[column].values)
                absent = [source for source in leaf.sources if source not in known]
                said.setdefault((leaf.name, column), []).extend(absent)
    for (name, column), absent in said.items():
        if absent:
            yield (
                f"{name} names the sources {list(dict.fromkeys(absent))}, which no "
                f"record has in the column {column!r}; write them as the records do"
            )
