"""What each column of a table is about, judged by its header and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from custmerge.inference.headers import HeaderMeaning, read_header
from custmerge.inference.readings import (
    LONG_TOKENS,
    MOST_TYPES,
    NOUNS,
    has_few_values,
    percent,
    read_hard,
    read_values,
    says_whose,
)
from custmerge.inference.values import ValueProfile, profile_values
from custmerge.kinds import Kind, Role
from custmerge.records import Column, RecordTable

__all__ = ["ColumnGuess", "guess_columns"]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column is taken for, and why.

    Attributes:
        column: The column's name.
        kind: What its values are; `None` where a role says it is not compared.
        role: What the column is for, where it is not compared; else `None`.
        part: Which part of the kind it holds, where that is spread over columns:
            "day", "month", "year" of a birth date; "street_number", "street", "unit",
            "line" of an address; "middle", "title", "suffix" of a name; "district" or
            "birth" (the place of birth) of a city.
        confidence: How sure the guess is, in [0, 1].
        evidence: Why, for people to read; never holds a value.
        day_first: For dates, whether the day precedes the month; `None` where it does
            not apply or the values do not tell.

    Examples:
        >>> import custmerge as cm
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
class _Draft:
    """What is known about a column before it is seen among the others."""

    name: str
    header: HeaderMeaning | None
    profile: ValueProfile

    @property
    def shown(self) -> str:
        short = self.name if len(self.name) <= 40 else f"{self.name[:40]}…"
        return f"header {short!r}"

    def has_role(self, role: Role) -> bool:
        return self.header is not None and self.header.role is role


# The shapes of which a kind's values have at least one; kinds not listed may hold
# anything.
_WORDS = ("words",)
_SUPPORT: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL: ("email",),
    Kind.PHONE: ("phone_like",),
    Kind.URL: ("url",),
    Kind.BIRTH_DATE: ("date",),
    Kind.DATE: ("date",),
    Kind.GENDER: ("gender",),
    Kind.NUMBER: ("number",),
    Kind.POSTCODE: ("postcode", "zip", "code"),
    Kind.GIVEN_NAME: _WORDS,
    Kind.FAMILY_NAME: _WORDS,
    Kind.FULL_NAME: _WORDS,
    Kind.CITY: _WORDS,
    Kind.COUNTRY: _WORDS,
    Kind.ORGANISATION: ("words", "organisation"),
}
_DATE_PARTS: Mapping[str, tuple[str, ...]] = {
    "year": ("year", "integer"),
    "month": ("month",),
    "day": ("day",),
}
_VETO = 0.3
"""A header whose kind fewer of the values could be is not believed."""


def guess_columns(table: RecordTable) -> tuple[ColumnGuess, ...]:
    """Return what each column is taken for, in the table's order.

    The header is believed where the values could be what it says; where they cannot, or
    where it says nothing, the values decide. At most one column is the record id, and
    at most one the source.

    Examples:
        >>> rows = [
        ...     {"id": 1, "c1": "ann@example.org"},
        ...     {"id": 2, "c1": "bo@example.org"},
        ... ]
        >>> for guess in guess_columns(RecordTable.from_mappings(rows)):
        ...     print(guess.column, guess.role or guess.kind)
        id id
        c1 email
    """
    drafts = [
        _Draft(name, read_header(name), profile_values(table[name])) for name in table
    ]
    source = _pick_source(drafts)
    record_id = _pick_id(drafts, table, source)
    guesses = []
    for draft in drafts:
        if draft is source:
            guess = _by_header(draft, "and few values stand on nearly every record")
        elif draft is record_id:
            guess = _by_header(draft, "and its values tell the records apart")
        elif draft.header is None:
            guess = _by_values(draft)
        else:
            guess = _by_header_and_values(draft, drafts, table)
        guesses.append(_note_constant(guess, draft.profile))
    return tuple(guesses)


def _by_header_and_values(
    draft: _Draft, drafts: Sequence[_Draft], table: RecordTable
) -> ColumnGuess:
    header = draft.header or HeaderMeaning()
    if not draft.profile.present:
        guess = _by_header(draft, "but the column holds nothing", factor=0.3)
        # Neither an id nor a source, of which there is one only.
        is_single = header.role in {Role.ID, Role.SOURCE}
        return replace(guess, role=Role.IGNORE) if is_single else guess
    if header.role is not None:
        return _by_role(draft)
    if header.open:
        return _open(draft, drafts, table)
    return _by_kind(draft)


def _note_constant(guess: ColumnGuess, profile: ValueProfile) -> ColumnGuess:
    if profile.distinct == 1 and profile.n_rows > 1:
        return replace(guess, evidence=f"{guess.evidence}; it is constant")
    return guess


def _pick_source(drafts: Sequence[_Draft]) -> _Draft | None:
    """Return the column that says which system a record came from."""
    candidates = [
        draft
        for draft in drafts
        if draft.has_role(Role.SOURCE)
        and draft.profile.present >= 0.95 * draft.profile.n_rows > 0
        and draft.profile.distinct <= max(3, min(200, draft.profile.n_rows // 2))
    ]
    return max(candidates, key=_header_confidence, default=None)


def _pick_id(
    drafts: Sequence[_Draft], table: RecordTable, source: _Draft | None
) -> _Draft | None:
    """Return the column with the best header among those that identify every row."""
    source_column = None if source is None else table[source.name]
    candidates = [
        draft
        for draft in drafts
        if draft.has_role(Role.ID)
        and draft.profile.share("email") < 0.5
        and _identifies_rows(table[draft.name], source_column)
    ]
    return max(candidates, key=_header_confidence, default=None)


def _header_confidence(draft: _Draft) -> float:
    return 0.0 if draft.header is None else draft.header.confidence


def _identifies_rows(column: Column, source: Column | None) -> bool:
    """Whether no row lacks a value and none shares it, at least within its source."""
    codes = column.slots[:, 0].astype(np.int64)
    if not len(codes) or (codes < 0).any():
        return False
    if source is not None:
        codes = codes * (len(source.values) + 1) + source.slots[:, 0]
    return len(np.unique(codes)) == len(codes)


def _by_header(draft: _Draft, because: str, factor: float = 1.0) -> ColumnGuess:
    header = draft.header or HeaderMeaning()
    return ColumnGuess(
        column=draft.name,
        kind=header.kind,
        role=header.role,
        part=header.part,
        confidence=round(header.confidence * factor, 3),
        evidence=f"{draft.shown}, {because}",
    )


def _by_values(draft: _Draft, because: str = "is not known") -> ColumnGuess:
    reading = read_values(draft.profile)
    return ColumnGuess(
        column=draft.name,
        kind=reading.kind,
        role=reading.role,
        part=None,
        confidence=round(reading.confidence, 3),
        evidence=f"{draft.shown} {because}; {reading.says}",
        day_first=_day_first(reading.kind, draft.profile),
    )


def _day_first(kind: Kind | None, profile: ValueProfile) -> bool | None:
    return profile.day_first if kind in {Kind.BIRTH_DATE, Kind.DATE} else None


def _by_role(draft: _Draft) -> ColumnGuess:
    profile = draft.profile
    if draft.has_role(Role.ID):
        return _other_id(draft)
    if draft.has_role(Role.SOURCE):
        return _by_values(draft, "may name a source, but the values do not fit")
    if draft.has_role(Role.RECORD_TYPE):
        return _record_type(draft)
    if draft.has_role(Role.CREATED_AT) or draft.has_role(Role.UPDATED_AT):
        share = profile.share("date")
        if share < 0.5 and profile.share("integer") < 0.9:  # seconds since 1970
            return _by_values(draft, "names a time, but few values are dates")
        # "Last activity" says less than "modified".
        factor = 0.8 if draft.header and draft.header.open else 1.0
        guess = _by_header(
            draft, f"and {percent(share)} of the values are dates", factor
        )
        return replace(guess, day_first=profile.day_first)
    return _by_header(draft, "which describes the record and not the customer")


def _record_type(draft: _Draft) -> ColumnGuess:
    """Return whether a column says what its records are about.

    Under a header of many meanings ("customer type") only persons and companies are
    types of records: "prospect" and "partner" are what one customer may be by turns.
    """
    header, profile = draft.header or HeaderMeaning(), draft.profile
    if header.open:
        if says_whose(profile):
            return _by_header(draft, "and the values say persons and companies", 0.8)
        return _turned(draft, Kind.CATEGORY, None, "says category")
    if profile.share("status") >= 0.5:
        return _turned(draft, Kind.CATEGORY, None, "is a status by its values")
    if 2 <= profile.distinct <= MOST_TYPES and profile.distinct_share <= 0.5:
        return _by_header(draft, f"which has {profile.distinct} values")
    return _turned(
        draft, None, Role.IGNORE, "describes the record and not the customer"
    )


def _other_id(draft: _Draft) -> ColumnGuess:
    """Return what an id is that does not identify the rows, or that is not the best."""
    profile = draft.profile
    hard = read_hard(profile)
    if hard is not None and hard.kind is Kind.EMAIL:
        return _by_values(draft, "names an id")
    if has_few_values(profile):
        return _turned(draft, Kind.CATEGORY, None, "names an id, but few values occur")
    # An unfamiliar id ("provider id") may be one that other sources know too.
    is_serial = profile.is_complete or _header_confidence(draft) >= 0.9
    if profile.is_unique and is_serial:
        return _turned(
            draft, None, Role.IGNORE, "names an id that no two records share"
        )
    return _turned(draft, Kind.IDENTIFIER, None, "names an id that records may share")


def _turned(
    draft: _Draft, kind: Kind | None, role: Role | None, because: str
) -> ColumnGuess:
    confidence = round(_header_confidence(draft) * 0.8, 3)
    evidence = f"{draft.shown} {because}"
    return ColumnGuess(draft.name, kind, role, None, confidence, evidence)


def _by_kind(draft: _Draft) -> ColumnGuess:
    """Return what the header says, unless the values cannot be that."""
    header, profile = draft.header or HeaderMeaning(), draft.profile
    kind, part = header.kind, _part(header, profile)
    shapes = _DATE_PARTS.get(part or "") or _SUPPORT.get(kind or Kind.TEXT)
    hard = read_hard(profile)
    if shapes is None:
        if hard is not None and hard.kind in {Kind.EMAIL, Kind.URL}:
            return _by_values(draft, f"says {kind}")
        if kind is Kind.CATEGORY and profile.mean_tokens > LONG_TOKENS:
            return _turned(draft, Kind.TEXT, None, "says category, but texts are long")
        return replace(_by_header(draft, f"which says {kind}", 0.9), part=part)
    share = profile.share(*shapes)
    if kind is Kind.GENDER and profile.distinct <= 5:  # coded as 0, 1, 2
        share = 1.0
    if share < _VETO:
        return _by_values(draft, f"says {kind}, which the values cannot be")
    because = f"and {percent(share)} of the values look like {_noun(kind, part)}"
    guess = _by_header(draft, because, 0.6 + 0.4 * share)
    return replace(guess, part=part, day_first=_day_first(kind, profile))


def _noun(kind: Kind | None, part: str | None) -> str:
    if part in _DATE_PARTS:
        return f"{part}s"
    is_words = kind is None or "words" in _SUPPORT.get(kind, ())
    return "words" if kind is None or is_words else NOUNS[kind]


def _part(header: HeaderMeaning, profile: ValueProfile) -> str | None:
    """Return the part that the header names, unless the values hold the whole."""
    if header.part in _DATE_PARTS and profile.share("date") > 0.5:
        return None
    if header.part == "street" and profile.share("address") > 0.4:
        return "line"  # street and house number together
    return header.part


def _open(draft: _Draft, drafts: Sequence[_Draft], table: RecordTable) -> ColumnGuess:
    """Return what a header with several readings means, given values and neighbours."""
    header, profile = draft.header or HeaderMeaning(), draft.profile
    if header.part == "title":
        is_title = profile.share("salutation") >= 0.5
        because = "is a form of address" if is_title else "is a job title by its values"
        guess = _turned(draft, Kind.CATEGORY, None, because)
        return replace(guess, kind=Kind.FULL_NAME, part="title") if is_title else guess
    if read_hard(profile) is not None:
        return _by_values(draft, "has several meanings")
    if header.kind is not Kind.FULL_NAME:
        return _by_kind(draft)
    if profile.share("serial", "uuid", "integer") >= 0.8:
        return _other_id(draft)
    if _is_hardly_a_name(draft):
        return _by_values(draft, "has several meanings")
    kind, because = _name_kind(draft, drafts, table)
    return _turned(draft, kind, None, because)


def _is_hardly_a_name(draft: _Draft) -> bool:
    """Whether it is a name of something else, a programme or a product."""
    known = draft.profile.share("organisation", "person", "han_name", "given_name")
    doubts = (
        known < 0.05,
        has_few_values(draft.profile),
        _header_confidence(draft) < 0.75,  # of the header, only "name" was understood
    )
    return sum(doubts) >= 2


def _name_kind(
    draft: _Draft, drafts: Sequence[_Draft], table: RecordTable
) -> tuple[Kind, str]:
    """Return whose name it is: a person's, part of one, or an organisation's."""
    given = _whole_name_column(drafts, Kind.GIVEN_NAME)
    family = _whole_name_column(drafts, Kind.FAMILY_NAME)
    profile = draft.profile
    organisations = profile.share("organisation")
    persons = profile.share("person", "han_name", "given_name")
    is_one_word = profile.mean_tokens < 1.5 and organisations < 0.1
    if given is not None and family is not None:
        parts = [table[given.name], table[family.name]]
        return _name_beside_parts(draft, parts, table)
    if _has_legal_name(drafts):
        return Kind.ORGANISATION, "is a name, and an organisation's other one is there"
    if given is not None and is_one_word:
        return Kind.FAMILY_NAME, "is a name, and the given name stands elsewhere"
    if family is not None and is_one_word:
        return Kind.GIVEN_NAME, "is a name, and the family name stands elsewhere"
    # A list of both stays a name that may be either.
    if organisations >= 0.05 and organisations >= 2 * persons:
        return (
            Kind.ORGANISATION,
            f"is a name; {percent(organisations)} hold business words",
        )
    return Kind.FULL_NAME, f"is a name; {percent(persons)} look like persons' names"


def _name_beside_parts(
    draft: _Draft, parts: Sequence[Column], table: RecordTable
) -> tuple[Kind, str]:
    """Return whose name it is where the given and family names stand elsewhere.

    Where they stand on other records, as of another source, it is the same persons'
    name if it is made of the same words.
    """
    column = table[draft.name]
    if _is_contained(parts[0], column):
        return Kind.FULL_NAME, "is a name, and holds the given name"
    beside = parts[0].present & column.present
    if beside.mean() <= _APART * column.present.mean():
        known = {value.casefold() for part in parts for value in part.values}
        words = [set(re.findall(r"\w+", value.casefold())) for value in column.values]
        alike = sum(bool(known & found) for found in words)
        persons = draft.profile.share("person", "han_name")
        if max(alike / max(len(words), 1), persons) >= _PERSONS:
            return Kind.FULL_NAME, "is a name, and its parts stand on other records"
    return Kind.ORGANISATION, "is a name, and the person's stands elsewhere"


_APART = 0.2
"""Share of records with a name whose parts may stand beside it in other columns."""
_PERSONS = 0.3
"""Share of names that are persons', from which all are taken for such."""


def _has_legal_name(drafts: Sequence[_Draft]) -> bool:
    return any(
        draft.header is not None
        and draft.header.part == "alias"
        and draft.profile.present
        for draft in drafts
    )


def _whole_name_column(drafts: Sequence[_Draft], kind: Kind) -> _Draft | None:
    for draft in drafts:
        header = draft.header
        if header and header.kind is kind and not header.part and draft.profile.present:
            return draft
    return None


def _is_contained(inner: Column, outer: Column, n_rows: int = 500) -> bool:
    """Whether, where both are present, most cells of one occur in the other's."""
    both = np.flatnonzero(inner.present & outer.present)
    rows = both[:: max(1, len(both) // n_rows)]
    pairs = zip(inner.take(rows).decode(), outer.take(rows).decode(), strict=True)
    found = [
        (part or "").casefold() in (whole or "").casefold() for part, whole in pairs
    ]
    return bool(found) and sum(found) > len(found) / 2
