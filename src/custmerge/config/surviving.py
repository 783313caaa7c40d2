"""Which survivorship rule goes for which field, and for which column alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from custmerge.config.fields import Field
from custmerge.config.validation import is_table
from custmerge.exceptions import InvalidConfigError
from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship import as_survivorship_rule

__all__ = ["Surviving", "settle_survivorship"]


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
