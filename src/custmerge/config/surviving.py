"""What a configuration says of survivorship beside the fields' rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custmerge.config.fields import AUTO, Field
from custmerge.config.validation import is_table
from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship import Chain, IntoSurvivorshipRule, as_survivorship_rule

__all__ = ["default_anchors", "settled_anchors", "settled_master"]


def settled_master(
    given: IntoSurvivorshipRule | None,
) -> tuple[SurvivorshipRule | None, list[str]]:
    """Return the rule of the surviving record, and what is wrong with it."""
    if given is None:
        return None, []
    try:
        rule = as_survivorship_rule(given)
    except InvalidConfigError as error:
        return None, [f"master: {error}"]
    return rule, [
        f"master: {step.name!r} judges the values of a field, not whole records as "
        "most_recent, most_complete and source_priority do"
        for step in (rule.rules if isinstance(rule, Chain) else (rule,))
        if not getattr(step, "whole_record", False)
    ]


def settled_anchors(
    given: Mapping[str, str] | str, fields: Sequence[Field]
) -> tuple[Mapping[str, str], list[str]]:
    """Return the field that each group's gaps go by, and what is wrong with them."""
    if given == AUTO:
        return default_anchors(fields), []
    if not isinstance(given, Mapping) or not is_table(given):
        return {}, ["group_fill must be 'auto' or a table of fields' names by group"]
    members = {(field.group, field.name) for field in fields}
    return dict(given), [
        f"group_fill: {name!r} is no field of the group {group!r}"
        for group, name in given.items()
        if (group, name) not in members
    ]


def default_anchors(fields: Sequence[Field]) -> dict[str, str]:
    """Return, for each group with an address line, the first such field.

    The street and number tell the place: who agrees on them agrees on the rest.

    Examples:
        >>> from custmerge.config.relations import relate
        >>> fields = relate([Field("street", "address"), Field("town", "city")])
        >>> default_anchors(fields)
        {'address': 'street'}
    """
    anchors: dict[str, str] = {}
    for field in fields:
        if field.group is not None and field.kind is Kind.ADDRESS:
            anchors.setdefault(field.group, field.name)
    return anchors
