"""What columns tell of fields that stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from custmerge.config import Field
from custmerge.kinds import Kind
from custmerge.normalizers import Gender
from custmerge.records import Column, RecordTable

__all__ = ["with_derived"]

_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_RESIDENT_ID = re.compile(
    rf"^(?:[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]|"
    rf"[1-8][0-9]{{7}}{_DAY}[0-9]{{3}})$",
    re.MULTILINE,
)
_SHARE = 0.3
"""Share of a column's values that are resident identity numbers, by their shape, from
which on they tell of people: of any fifteen digits one in thirty has it."""
_QQ = re.compile(r"(?<![a-z])qq(?![a-z])|扣扣", re.IGNORECASE)
_WECHAT = re.compile("微信|wechat|weixin", re.IGNORECASE)


def with_derived(
    table: RecordTable, planned: Sequence[Field], given: Mapping[str, object]
) -> list[Field]:
    """Return the fields with what columns of other fields tell of them.

    A Chinese resident identity number tells the birth date and the gender, an e-mail
    address at qq.com the QQ number, and many a name in WeChat is a mobile number. All
    this is compared where it is missing in its own column, or beside it.

    Args:
        table: The records.
        planned: The fields that the columns make.
        given: What the caller says of columns; fields of his own stay as they are.
    """
    first: dict[Kind, Field] = {}
    for field in planned:
        first.setdefault(Kind(field.kind), field)
    email, phone = first.get(Kind.EMAIL), first.get(Kind.PHONE)
    identifiers = [field for field in planned if field.kind is Kind.IDENTIFIER]
    wechat = _named(identifiers, _WECHAT) if phone else []
    changes: dict[str, dict[str, Any]] = {}
    for kind, normalizer in _TOLD:
        if kind in first and _may_be_told(table, first[kind]):
            columns = [n for f in identifiers for n in f.columns if _tells(table[n])]
            changes[first[kind].name] = {"derived": dict.fromkeys(columns, normalizer)}
    for field in _named(identifiers, _QQ):
        changes[field.name] = {"normalize": "qq"}
        if email:
            told = {"derived": dict.fromkeys(email.columns, "qq")}
            changes[field.name] |= told | {"depends_on": (email.name,)}
    if phone and wechat:
        columns = [name for field in wechat for name in field.columns]
        derived = dict.fromkeys(columns, "chinese_mobile")
        changes[phone.name] = {"combine": "any", "derived": derived}
        # What is one name is one number too.
        changes |= {field.name: {"depends_on": (phone.name,)} for field in wechat}
    own = [field for field in given.values() if isinstance(field, Field)]
    return [
        replace(field, **changes[field.name])
        if field.name in changes and field not in own
        else field
        for field in planned
    ]


_TOLD = (
    (Kind.BIRTH_DATE, "birth_date_of_identifier"),
    (Kind.GENDER, "gender_of_identifier"),
)


def _named(fields: Sequence[Field], name: re.Pattern[str]) -> list[Field]:
    return [field for field in fields if name.search(field.columns[0])]


def _tells(column: Column) -> bool:
    """Whether a column holds resident identity numbers."""
    n_found = len(_RESIDENT_ID.findall("\n".join(column.values)))
    return n_found > _SHARE * len(column.values)


def _may_be_told(table: RecordTable, field: Field) -> bool:
    """Whether genders are known as such; as digits they may be either."""
    if field.kind is not Kind.GENDER:
        return True
    values = [value for name in field.columns for value in table[name].values]
    forms = Gender().normalize(values)
    return 2 * sum(form in ("m", "f") for form in forms) > len(forms)
