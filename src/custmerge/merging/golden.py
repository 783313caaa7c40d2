"""Golden records: which rule goes for which column."""

from __future__ import annotations

from custmerge.config import Config
from custmerge.kinds import Kind, Role
from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import RecordTable
from custmerge.survivorship import Survivors, bind, owner_rule, survive

__all__ = ["merge"]


def merge(table: RecordTable, labels: Rows, config: Config) -> Survivors:
    """Return where each golden value comes from, by the configuration's rules.

    Args:
        table: The records as they came.
        labels: For each row its entity, `0` to `n_entities - 1`.
        config: The fields with their rules; a column of several fields follows the
            first, and one of no field the rule it is given by itself, or that of the
            owner's column `owner_rule`.
    """
    known = {
        Role.UPDATED_AT: config.updated_at,
        Role.CREATED_AT: config.created_at,
        Role.SOURCE: config.source,
    }
    roles = {role: column for role, column in known.items() if column is not None}
    rules: dict[str, SurvivorshipRule] = {}
    groups: dict[str, list[str]] = {}
    for field in config.fields:
        # Without records there are no columns.
        fresh = [name for name in field.columns if name in table and name not in rules]
        rules |= {
            name: bind(
                config.column_rules.get(name, field.rule),
                roles,
                Kind(field.kind),
                field.region,
            )
            for name in fresh
        }
        if field.group is not None:
            groups.setdefault(field.group, []).extend(fresh)
    rules |= {
        name: bind(rule, roles, Kind.TEXT)
        for name, rule in config.column_rules.items()
        if name in table and name not in rules
    }
    if config.owner is not None and config.owner in table:
        rules.setdefault(config.owner, bind(owner_rule(config.created_at), roles))
    units = [columns for columns in groups.values() if len(columns) > 1]
    return survive(table, labels, rules, units)
