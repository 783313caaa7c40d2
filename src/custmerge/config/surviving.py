"""What a configuration says of survivorship: rules, surviving records, gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from custmerge.config.fields import AUTO, Field
from custmerge.config.validation import is_table
from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship import (
    IntoSurvivorshipRule,
    as_survivorship_rule,
    columns_read,
    default_rule,
    is_making,
    source_of,
)
from custmerge.survivorship.chain import steps_of

__all__ = [
    "Surviving",
    "columns_asked",
    "default_anchors",
    "id_problems",
    "settle_survivorship",
    "settled_anchors",
    "settled_master",
]


@dataclass(frozen=True, slots=True)
class Surviving:
    """What a caller or a file says of survivorship, settled.

    Attributes:
        fields: The fields, those that were named with their rules.
        columns: The rules of columns that no field is named after.
        problems: What is wrong.
    """

    fields: tuple[Field, ...]
    columns: dict[str, SurvivorshipRule]
    problems: list[str]


def settle_survivorship(fields: Sequence[Field], given: object) -> Surviving:
    """Return fields with the rules that were given by their names, and what is left.

    Args:
        fields: The fields.
        given: Rules, or what stands for them, by the name of a field or a column.

    Examples:
        >>> given = {"email": "longest", "source": ["most_frequent", "first"]}
        >>> settled = settle_survivorship([Field("email")], given)
        >>> settled.fields[0].rule.name, settled.columns["source"].name
        ('longest', 'most_frequent, then first')
    """
    if not is_table(given):
        problem = "survivorship must map fields or columns to rules"
        return Surviving(tuple(fields), {}, [problem])
    rules: dict[str, SurvivorshipRule] = {}
    problems: list[str] = []
    for name, into in given.items():
        try:
            rules[name] = as_survivorship_rule(into)
        except InvalidConfigError as error:
            problems.append(f"survivorship of {name!r}: {error}")
    names = {field.name for field in fields}
    settled = tuple(
        replace(field, survive=rules[field.name]) if field.name in rules else field
        for field in fields
    )
    columns = {name: rule for name, rule in rules.items() if name not in names}
    return Surviving(settled, columns, problems)


def columns_asked(given: Mapping[str, object]) -> set[str]:
    """Return the columns that rules look at, of whatever of `given` is a rule.

    Args:
        given: Rules, or what stands for them, by the name of a field or a column.

    Examples:
        >>> given = {"spend": {"name": "total", "of": "paid"}, "city": "lngest"}
        >>> sorted(columns_asked(given))
        ['paid']
    """
    found: set[str] = set()
    for name, into in given.items():
        try:
            rule = as_survivorship_rule(into)  # type: ignore[arg-type]  # it says so
        except InvalidConfigError:
            continue
        found.update((source_of(rule, name), *columns_read(rule)))
    return found


def settled_master(
    given: IntoSurvivorshipRule | None,
    id: str | None = None,  # noqa: A002
) -> tuple[SurvivorshipRule | None, list[str]]:
    """Return the rule of the surviving record, and what is wrong with it.

    Args:
        given: The rule, or what stands for it.
        id: The column of record ids, which rules that look at a field rank.
    """
    if given is None:
        return None, []
    try:
        rule = as_survivorship_rule(given)
    except InvalidConfigError as error:
        return None, [f"master: {error}"]
    steps = steps_of(rule)
    problems = [
        f"master: {step.name!r} makes a value and ranks no records"
        for step in steps
        if is_making(step)
    ]
    if id is not None:
        return rule, problems
    return rule, problems + [
        f"master: {step.name!r} judges the values of a field, not whole records as "
        "most_recent, most_complete and source_priority do, and there is no id column "
        "that it could judge"
        for step in steps
        if not getattr(step, "whole_record", False) and not is_making(step)
    ]


def id_problems(
    id: str | None,  # noqa: A002
    fields: Sequence[Field],
    rules: Mapping[str, SurvivorshipRule],
) -> list[str]:
    """Return what is wrong where the id column has a rule: it needs none.

    Args:
        id: The column of record ids.
        fields: The fields.
        rules: The rules of columns that do not go by a field's.

    Examples:
        >>> len(id_problems("no", [], {"no": as_survivorship_rule("first")}))
        1
        >>> id_problems("no", [], {"city": as_survivorship_rule("first")})
        []
    """
    has_own = id in rules or any(
        id in field.columns and field.rule != default_rule(Kind(field.kind))
        for field in fields
    )
    if not has_own:
        return []
    problem = (
        f"survivorship of {id!r}: a golden record has the id of the surviving record; "
        "say which one that is with master=, such as master=oldest()"
    )
    return [problem]


def settled_anchors(
    given: Mapping[str, str] | str, fields: Sequence[Field]
) -> tuple[Mapping[str, str], list[str]]:
    """Return the field that each group's gaps go by, and what is wrong with them."""
    if given == AUTO:
        return default_anchors(fields), []
    if not is_table(given):
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
