"""What a customer has one of, and which values of it exclude each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators import DateParts
from custmerge.config import Config, Field
from custmerge.contacts import ContactUse, ContactValues
from custmerge.kinds import Kind, Role
from custmerge.merging.unanimity import UNANIMOUS
from custmerge.normalizers.text import fold
from custmerge.normalizers.validity import problems
from custmerge.normalizing import normalize
from custmerge.protocols import Normalizer, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship import NOBODY
from custmerge.survivorship.chain import steps_of

__all__ = [
    "AGREE",
    "DIFFER",
    "SLIP",
    "apart",
    "as_written",
    "exclusive_fields",
    "standard",
    "usable",
]

Apart = NDArray[np.int8]
_Judge = Callable[[Sequence[str], Sequence[str]], list[int]]

AGREE, SLIP, DIFFER = range(3)
"""How far apart two values are: one customer's; one slip; plainly different."""
_SINGLE = (Kind.IDENTIFIER, Kind.BIRTH_DATE, Kind.GENDER)
"""Kinds of which a customer has one value."""


def exclusive_fields(config: Config) -> list[tuple[str, Field]]:
    """Return the fields of which a customer has one value, each with its kind.

    Examples:
        >>> fields = [Field("name", "full_name"), Field("ssn", "identifier")]
        >>> [kind for kind, _ in exclusive_fields(Config(fields, owner="rep"))]
        ['owner', 'identifier']
    """
    roles = {
        # "Lee, Ann" is Ann Lee; an owner's id stays as it is.
        str(Role.OWNER): (config.owner, "full_name"),
        str(Role.RECORD_TYPE): (config.record_type, "category"),
    }
    said = [
        (kind, Field(column, normalize=normalizer, compare=None))
        for kind, (column, normalizer) in roles.items()
        if column is not None
    ]
    taken = {field.name for _, field in said}
    said += [
        (str(field.kind), field)
        for field in config.fields
        if (field.kind in _SINGLE or _is_unanimous(field.rule))
        and not taken.intersection(field.columns)
    ]
    taken.update(name for _, field in said for name in field.columns)
    return said + [
        (str(Kind.TEXT), Field(name, compare=None))
        for name, rule in config.column_rules.items()
        if _is_unanimous(rule) and name not in taken
    ]


def _is_unanimous(rule: SurvivorshipRule) -> bool:
    return any(step.name == UNANIMOUS for step in steps_of(rule))


def as_written(table: RecordTable, field: Field) -> Column:
    """Return a field's values as the records wrote them.

    Examples:
        >>> table = RecordTable.from_mappings([{"y": 1990, "m": 5}])
        >>> field = Field("born", "birth_date", columns=("y", "m"), separator="-")
        >>> as_written(table, field).decode()
        ['1990-5']
    """
    plain = replace(field, normalize=_unchanged, by_column={}, derived={})
    return normalize(table, [plain])[field.name]


def _unchanged(value: str) -> str:
    return value


def standard(table: RecordTable, field: Field) -> Column:
    """Return a field's values in standard form, with a `*` where they are masked.

    Examples:
        >>> table = RecordTable.from_columns({"id": ["1101********1234", "AB-1"]}, 2)
        >>> standard(table, Field("id", "identifier")).decode()
        ['1101*1234', 'AB1']
    """
    if field.kind is Kind.IDENTIFIER:
        field = replace(field, normalize=_Unmasked(field.normalizer))
    return normalize(table, [replace(field, derived={})])[field.name]


_MASK = re.compile(r"[*●•＊]+|[×#]{2,}|(?<![a-z])x{2,}(?=[\W_]|[0-9]|$)", re.IGNORECASE)
"""What covers the characters of a number that is not shown."""


@dataclass(frozen=True, slots=True)
class _Unmasked:
    """Normalizes what is not masked by another normalizer."""

    others: Normalizer
    name: str = "unmasked"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return masked values as what they show, `*` for what they do not."""
        return [
            _masked(value)
            if _MASK.search(value)
            else _masked(normalized)
            if normalized and _MASK.search(normalized)  # "ending in 1234"
            else normalized
            for value, normalized in zip(
                values, self.others.normalize(values), strict=True
            )
        ]


def _masked(value: str) -> str | None:
    shown = [re.sub(r"[\W_]", "", part).upper() for part in _MASK.split(fold(value))]
    return f"{shown[0]}*{shown[-1]}" if any(shown) else None


def usable(
    kind: str, field: Field, values: Sequence[str], contacts: ContactValues | None
) -> NDArray[np.bool_]:
    """Return which values in standard form can exclude others: those of somebody.

    Args:
        kind: As `exclusive_fields` has it.
        field: The field.
        values: Its values.
        contacts: Whose they are, if it is a contact field.

    Examples:
        >>> born = Field("born", "birth_date")
        >>> usable("birth_date", born, ["1990-05-03", "31021990"], None).tolist()
        [True, False]
    """
    found = problems(Kind(field.kind), values)
    nobodys = set(NOBODY) if kind == Role.OWNER else set()
    if contacts is not None:
        is_nobodys = contacts.are(ContactUse.PLACEHOLDER).tolist()
        nobodys.update(compress(contacts.values, is_nobodys))
    return np.asarray(
        [
            problem in (None, "masked") and value not in nobodys
            for problem, value in zip(found, values, strict=True)
        ],
        dtype=bool,
    )


def apart(kind: str, left: Sequence[str], right: Sequence[str]) -> Apart:
    """Return how far apart pairs of unequal values in standard form are.

    Args:
        kind: As `exclusive_fields` has it.
        left: One value of each pair.
        right: The other.

    Examples:
        >>> apart("birth_date", ["1990-05-03"] * 3, ["1990", "1990-03-05", "1971"])
        array([0, 1, 2], dtype=int8)
        >>> apart("identifier", ["1101*1234"] * 2, ["110199991234", "110199991235"])
        array([0, 2], dtype=int8)
    """
    judge = _JUDGES.get(kind)
    found = [DIFFER] * len(left) if judge is None else judge(left, right)
    return np.asarray(found, dtype=np.int8)


def _dates(left: Sequence[str], right: Sequence[str]) -> list[int]:
    scores = DateParts().compare(left, right).tolist()
    return [
        _date(score, a.endswith(_STAND_IN) or b.endswith(_STAND_IN))
        for score, a, b in zip(scores, left, right, strict=True)
    ]


def _date(score: float, stands_in: bool) -> int:  # noqa: FBT001
    """Return how far two dates are apart by their `DateParts` score."""
    if _TWO_PARTS < score < _ONE_DIGIT:
        return AGREE
    return SLIP if score > _ONE_DIGIT or stands_in else DIFFER


_TWO_PARTS, _ONE_DIGIT = 0.82, 0.9
"""Between these lies the score of a date and a part of it, above that of slips."""
_STAND_IN = "-01-01"
"""1 January, by far the most frequent birthday of any file, is mostly entered for one
that is not known."""


def _genders(left: Sequence[str], right: Sequence[str]) -> list[int]:
    # Nobody says whether 1 is male or female here.
    return [
        AGREE if a.isdigit() != b.isdigit() else DIFFER
        for a, b in zip(left, right, strict=True)
    ]


def _numbers(left: Sequence[str], right: Sequence[str]) -> list[int]:
    return [_number(a, b) for a, b in zip(left, right, strict=True)]


def _number(left: str, right: str) -> int:
    short, long = sorted((left, right), key=len)
    if "*" in long or "*" in short:
        return AGREE if _may_be_one(short, long) else DIFFER
    # Spreadsheets drop leading zeros; until 1999 the year had two digits and there
    # was no check digit (GB 11643).
    old = long[:6] + long[8:17] if (len(short), len(long)) == (15, 18) else ""
    if short == old or short.lstrip("0") == long.lstrip("0"):
        return AGREE
    return SLIP if OSA.distance(left, right, score_cutoff=1) <= 1 else DIFFER


def _may_be_one(left: str, right: str) -> bool:
    """Whether what two numbers show, of which one is masked, does not differ."""
    starts, ends = zip(*(_shown(number) for number in (left, right)), strict=True)
    return _is_start(*starts) and _is_start(*(end[::-1] for end in ends))


def _shown(number: str) -> tuple[str, str]:
    """Return what a number shows of its start and of its end."""
    start, masked, end = number.partition("*")
    return (start, end) if masked else (number, number)


def _is_start(left: str, right: str) -> bool:
    return left.startswith(right) or right.startswith(left)


_JUDGES: Final[Mapping[str, _Judge]] = {
    Kind.BIRTH_DATE: _dates,
    Kind.GENDER: _genders,
    Kind.IDENTIFIER: _numbers,
}
