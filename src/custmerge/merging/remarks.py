"""What deserves a look once golden records are made."""

from __future__ import annotations

from collections.abc import Iterator

from custmerge.config import Config
from custmerge.kinds import Kind
from custmerge.merging.sources import roles_of, with_sources
from custmerge.records import Column, RecordTable
from custmerge.remarks import Remark
from custmerge.survivorship import (
    MostRecent,
    Oldest,
    SourcePriority,
    SourceTrust,
    Survivors,
    bind,
    default_rule,
    leaves,
    owner_rule,
)

__all__ = ["remarks"]


def remarks(
    table: RecordTable,
    config: Config,
    survivors: Survivors,
    sources: Column | None = None,
) -> Iterator[Remark]:
    """Yield what a rule could not do, and what to do about it.

    Args:
        table: The records as they came.
        config: What was done with them.
        survivors: What survived of them.
        sources: The source of each row, where the tables were given by their names.
    """
    for name, rule in survivors.unread.items():
        yield Remark.of(
            "rule_read_nothing",
            "{rule} could read no value of the column {column!r}, so that {golden!r} "
            "is empty in all golden records; check what the column holds, or give it "
            "another survivorship rule",
            rule=str(rule),
            column=survivors.columns[name],
            golden=name,
        )
    yield from _unknown_sources(table, config, sources)
    yield from _timeless(config)


def _timeless(config: Config) -> Iterator[Remark]:
    """Yield the rules by time that a person gave, where no column says when."""
    if not {config.updated_at, config.created_at} <= {None}:
        return
    given = {
        field.name: field.rule
        for field in config.fields
        if field.rule != default_rule(Kind(field.kind))
    }
    given.update(config.column_rules)
    if config.master is not None:
        given["master"] = config.master_rule
    by_default = owner_rule(config.created_at)
    names = [
        name
        for name, rule in given.items()
        if not (name == config.owner and rule == by_default)
        and any(
            isinstance(leaf, MostRecent | Oldest) and leaf.by is None
            for leaf in leaves(rule)
        )
    ]
    if names:
        yield Remark.of(
            "no_time_known",
            "the rules of {fields} go by time, but no column is known to say when a "
            "record was changed or made, so that they decide nothing; name the column "
            "with by=, or say its role, such as fields={{'changed': 'updated_at'}}",
            fields=str(names),
        )


def _unknown_sources(
    table: RecordTable, config: Config, sources: Column | None
) -> Iterator[Remark]:
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
            yield Remark.of(
                "sources_unknown",
                "{rule} names the sources {sources}, which no record has in the column "
                "{column!r}; write them as the records do",
                rule=name,
                sources=str(list(dict.fromkeys(absent))),
                column=column,
            )
