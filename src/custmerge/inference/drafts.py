"""A column before it is seen among the others, and guesses made of it."""

from __future__ import annotations

from dataclasses import dataclass

from custmerge.inference.headers import HeaderMeaning, read_header
from custmerge.inference.readings import read_values
from custmerge.inference.values import ValueProfile
from custmerge.kinds import Kind, Role

__all__ = ["ColumnGuess", "Draft", "by_header", "by_values", "day_first", "turned"]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column is taken for, and why.

    Attributes:
        column: The column's name.
        kind: What its values are; `None` where a role says it is not compared.
        role: What the column is for, where it is not compared; else `None`.
        part: Which part of the kind it holds, where that is spread over columns:
            "day", "month", "year" of a birth date; "street_number", "street", "unit",
            "line" of an address; "middle", "title", "suffix" or "reading" of a name,
            "either" where it may be an organisation's as well; "district" or
            "birth" (the place of birth) of a city; "alias" (a legal or short name) of
            an organisation.
        confidence: How sure the guess is, in [0, 1].
        evidence: Why, for people to read; never holds a value.
        day_first: For dates, whether the day precedes the month; `None` where it does
            not apply or the values do not tell.

    Examples:
        >>> from custmerge.inference.columns import guess_columns
        >>> from custmerge.records import RecordTable
        >>> table = RecordTable.from_mappings([{"mobile": "+44 20 7946 0018"}])
        >>> [guess] = guess_columns(table)
        >>> guess.kind
        <Kind.PHONE: 'phone'>
        >>> guess.evidence
        "header 'mobile', and 100 % of the values look like phone numbers"
    """

    column: str
    kind: Kind | None
    role: Role | None
    part: str | None
    confidence: float
    evidence: str
    day_first: bool | None = None

    @property
    def is_named(self) -> bool:
        """Whether the header alone says the kind."""
        header = read_header(self.column)
        return header is not None and header.kind is self.kind


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known about a column before it is seen among the others.

    Attributes:
        name: The column's name.
        header: What its name says.
        profile: What its values look like.
    """

    name: str
    header: HeaderMeaning | None
    profile: ValueProfile

    @property
    def shown(self) -> str:
        """The header as it stands in evidence."""
        short = self.name if len(self.name) <= 40 else f"{self.name[:40]}…"
        return f"header {short!r}"

    @property
    def trust(self) -> float:
        """How much of the header was understood, in [0, 1]."""
        return 0.0 if self.header is None else self.header.confidence

    def has_role(self, role: Role) -> bool:
        """Return whether the header says that role."""
        return self.header is not None and self.header.role is role


def by_header(draft: Draft, because: str, factor: float = 1.0) -> ColumnGuess:
    """Return what the header says.

    Args:
        draft: The column.
        because: What the values add, in words.
        factor: How far the header is to be trusted.
    """
    header = draft.header or HeaderMeaning()
    return ColumnGuess(
        column=draft.name,
        kind=header.kind,
        role=header.role,
        part=header.part,
        confidence=round(header.confidence * factor, 3),
        evidence=f"{draft.shown}, {because}",
    )


def by_values(draft: Draft, because: str = "is not known") -> ColumnGuess:
    """Return what the values say; `because` tells why not the header."""
    reading = read_values(draft.profile)
    return ColumnGuess(
        column=draft.name,
        kind=reading.kind,
        role=reading.role,
        part=None,
        confidence=round(reading.confidence, 3),
        evidence=f"{draft.shown} {because}; {reading.says}",
        day_first=day_first(reading.kind, draft.profile),
    )


def day_first(kind: Kind | None, profile: ValueProfile) -> bool | None:
    """Return whether dates have their day first; `None` for other kinds."""
    return profile.day_first if kind in {Kind.BIRTH_DATE, Kind.DATE} else None


def turned(
    draft: Draft, kind: Kind | None, role: Role | None, because: str
) -> ColumnGuess:
    """Return another kind or role than the header's, and why."""
    confidence = round(draft.trust * 0.8, 3)
    evidence = f"{draft.shown} {because}"
    return ColumnGuess(draft.name, kind, role, None, confidence, evidence)
