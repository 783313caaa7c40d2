"""Golden records: which rule goes for which column, and what else holds for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from custmerge.config import Config, Field
from custmerge.config.defaults import KIND_DEFAULTS
from custmerge.io import Dataset, OutputColumn, Taken
from custmerge.kinds import Kind, Role
from custmerge.merging.sources import roles_of, source_name, with_sources
from custmerge.normalizers import as_normalizer
from custmerge.normalizing import normalized_values
from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship import (
    Chain,
    Losses,
    Override,
    Survivors,
    Terms,
    bind,
    default_rule,
    is_making,
    leaves,
    owner_rule,
    source_of,
    survive,
    trace,
)

__all__ = ["explain", "golden_cells", "merge"]


def merge(
    table: RecordTable,
    labels: Rows,
    config: Config,
    overrides: Sequence[Override] = (),
    sources: Column | None = None,
) -> Survivors:
    """Return where each golden value comes from, by the configuration's rules.

    Args:
        table: The records as they came.
        labels: For each row its entity, `0` to `n_entities - 1`.
        config: The fields with their rules; a column of several fields follows the
            first, and one of no field the rule it is given by itself, or that of the
            owner's column `owner_rule`. The rule of a group is that of its first
            column; one with another rule of its own survives by itself.
        overrides: What persons say of golden values.
        sources: The source of each row, where the tables were given by their names:
            rules look at it under the name `source`, and at a column of that name
            where there is one.
    """
    rules, groups, terms = _terms(table, config, overrides, named=sources is not None)
    return survive(with_sources(table, sources), labels, rules, groups, terms)


def explain(
    table: RecordTable,
    labels: Rows,
    config: Config,
    overrides: Sequence[Override] = (),
    sources: Column | None = None,
    entity: int | None = None,
) -> tuple[Survivors, Losses]:
    """Return what `merge` does, and what ruled each losing cell out.

    Args:
        table: As for `merge`; the next four too.
        labels: For each row its entity.
        config: The fields with their rules.
        overrides: What persons say of golden values.
        sources: The source of each row, where the tables were given by their names.
        entity: The one entity to look at, in the result the entity 0; by default all.
    """
    rules, groups, terms = _terms(table, config, overrides, named=sources is not None)
    return trace(with_sources(table, sources), labels, rules, groups, terms, entity)


def golden_cells(dataset: Dataset, survivors: Survivors, name: str) -> OutputColumn:
    """Return a column of the golden records.

    Cells of records keep their type; where some values are no record's, the column
    has the type that fits all of them.

    Args:
        dataset: The records.
        survivors: What survived of them.
        name: The golden column.
    """
    source, rows = survivors.columns[name], survivors.rows[name]
    changed = survivors.values.get(name, {})
    if name in survivors.computed:
        return list(map(changed.get, range(len(rows))))
    if not changed:
        return Taken(source, rows)
    cells = dataset.cells(source)
    own = [cells[row] for row in rows.tolist()]
    for entity, value in changed.items():
        own[entity] = value
    return own


def _terms(
    table: RecordTable,
    config: Config,
    overrides: Sequence[Override],
    *,
    named: bool,
) -> tuple[dict[str, SurvivorshipRule], list[list[str]], Terms]:
    """Return the rule of each column, the groups, and what holds for all columns."""
    if not table.columns:  # no records: they could not say their columns
        return {}, [], Terms()
    roles = roles_of(config, table, named=named)
    fields: dict[str, Field] = {}
    for field in config.fields:
        for name in field.columns:
            fields.setdefault(name, field)
    rules = {
        name: _bound(name, config, fields, roles)
        for name in (*fields, *config.column_rules)
    }
    if config.owner is not None and config.owner in table:
        rules.setdefault(config.owner, bind(owner_rule(config.created_at), roles))
    groups: dict[str, list[str]] = {}
    for name, field in fields.items():
        if field.group is not None:
            groups.setdefault(field.group, []).append(name)
    together = (_together(columns, config, fields) for columns in groups.values())
    units = [columns for columns in together if len(columns) > 1]
    anchors = set(config.anchors.items())
    terms = Terms(
        id=config.id,
        source=config.source,
        mastered=_mastered(table, config, fields),
        anchors=[n for n, one in fields.items() if (one.group, one.name) in anchors],
        overrides=overrides,
        standard=_Standard(table, fields),
        beside=[source_name(table)] if named else [],
    )
    master = terms.master
    if config.master is not None:
        of_id = fields.get(config.id or "")
        kind = Kind.TEXT if of_id is None else Kind(of_id.kind)
        master = bind(config.master_rule, {}, kind)
    return rules, units, replace(terms, master=bind(master, roles))


def _bound(
    name: str, config: Config, fields: Mapping[str, Field], roles: Mapping[Role, str]
) -> SurvivorshipRule:
    """Return a golden column's rule; one that makes values gets records in an order."""
    own = config.column_rules.get(name)
    field = fields.get(name if own is None else source_of(own, name))
    rule = fields[name].rule if own is None else own
    kind = Kind.TEXT if field is None else Kind(field.kind)
    if is_making(rule):
        rule = Chain((rule, default_rule(kind)))
    return bind(rule, roles, kind, None if field is None else field.region)


def _together(
    columns: Sequence[str], config: Config, fields: Mapping[str, Field]
) -> list[str]:
    """Return the columns of a group that survive by the rule of its first one.

    Those with another rule of their own, or one that makes values, survive alone.
    """
    rules = {name: config.column_rules.get(name, fields[name].rule) for name in columns}
    ranking = [name for name in columns if not is_making(next(leaves(rules[name])))]
    return [
        name
        for name in ranking
        if rules[name] == rules[ranking[0]]
        or (name not in config.column_rules and _is_default(fields[name]))
    ]


def _mastered(
    table: RecordTable, config: Config, fields: Mapping[str, Field]
) -> frozenset[str]:
    """Return the columns that come from the surviving record.

    Those that say which record it is, and, where a configuration says so, all but
    those with a rule of their own.
    """
    if config.master is None:
        roles = (config.id, config.source, config.record_type)
        own = {*fields, *config.column_rules}
        return frozenset(n for n in table if n in roles and n not in own)
    return frozenset(
        name
        for name in table
        if name not in config.column_rules
        and (name not in fields or _is_default(fields[name]))
    )


def _is_default(field: Field) -> bool:
    return field.rule == default_rule(Kind(field.kind))


@dataclass(frozen=True, slots=True, eq=False)
class _Standard:
    """Gives the values of rows as stored and normalized; see `Terms.standard`."""

    table: RecordTable
    fields: Mapping[str, Field]

    def __call__(
        self, name: str, rows: Rows, kind: Kind | None
    ) -> tuple[Column, Column]:
        # Only the values of these rows: normalizing takes long.
        column = self.table[name].take(rows).by_appearance()
        field = self.fields.get(name)
        if field is None or kind not in (None, field.kind):
            normalizer = as_normalizer(KIND_DEFAULTS[kind or Kind.TEXT].normalize)
        else:
            column = column.split(field.split) if field.split else column
            normalizer = as_normalizer(field.by_column.get(name, field.normalizer))
        return column, column.replace(
            normalized_values(normalizer, column.values, name)
        )
