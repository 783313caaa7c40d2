"""What each column of a table is about, judged by its header and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from custmerge.inference.drafts import (
    ColumnGuess,
    Draft,
    by_header,
    by_values,
    day_first,
    turned,
)
from custmerge.inference.headers import HeaderMeaning, read_header
from custmerge.inference.readings import (
    LONG_TOKENS,
    MOST_TYPES,
    NOUNS,
    has_few_values,
    percent,
    read_hard,
    says_whose,
)
from custmerge.inference.values import ValueProfile, profile_values
from custmerge.inference.whose import is_hardly_a_name, name_kind
from custmerge.kinds import Kind, Role
from custmerge.pairs import distinct
from custmerge.records import Column, RecordTable
from custmerge.remarks import Remark

__all__ = ["ColumnGuess", "broken_ids", "guess_columns"]


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
_SURE_ID = 0.9
"""Confidence from which a header is believed to name the record id."""
_MOSTLY = 0.5
"""Share of records without an id, or with a shared one, from which on a column is no
broken id, but about something else."""
_MIXED = 0.1
"""Share of names with business words from which a column of names holds persons' and
organisations', so that they are not taken apart as persons' are."""
_VETO = 0.3
"""A header whose kind fewer of the values could be is not believed."""


def guess_columns(
    table: RecordTable, sources: Column | None = None
) -> tuple[ColumnGuess, ...]:
    """Return what each column is taken for, in the table's order.

    The header is believed where the values could be what it says; where they cannot, or
    where it says nothing, the values decide. At most one column is the record id, and
    at most one the source.

    Args:
        table: The records.
        sources: The source of each record, where that is known beside the columns; a
            record id is unique within it.

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
        Draft(name, read_header(name), profile_values(table[name])) for name in table
    ]
    source = _pick_source(drafts)
    if source is not None:
        sources = table[source.name]
    record_id = _pick_id(drafts, table, sources)
    guesses = []
    for draft in drafts:
        if draft is source:
            guess = by_header(draft, "and few values stand on nearly every record")
        elif draft is record_id:
            guess = by_header(draft, "and its values tell the records apart")
        elif draft.header is None:
            guess = by_values(draft)
        else:
            guess = _by_header_and_values(draft, drafts, table)
        guesses.append(_note_constant(guess, draft.profile))
    return tuple(_with_family_name(guesses, drafts))


def _with_family_name(
    guesses: Sequence[ColumnGuess], drafts: Sequence[Draft]
) -> list[ColumnGuess]:
    """Take words beside given names for the family names, where no header tells.

    Family names are too many to be known; but they stand next to the given ones.
    """
    kinds = {guess.kind for guess in guesses if guess.part is None}
    if kinds & {Kind.FAMILY_NAME, Kind.FULL_NAME} or Kind.GIVEN_NAME not in kinds:
        return list(guesses)
    given = next(i for i, guess in enumerate(guesses) if guess.kind is Kind.GIVEN_NAME)
    for i in (given + 1, given - 1):
        if 0 <= i < len(guesses) and _may_be_family_names(guesses[i], drafts[i]):
            because = f"{drafts[i].shown} is not known; words stand beside given names"
            named = replace(guesses[i], kind=Kind.FAMILY_NAME, evidence=because)
            return [*guesses[:i], named, *guesses[i + 1 :]]
    return list(guesses)


def _may_be_family_names(guess: ColumnGuess, draft: Draft) -> bool:
    profile = draft.profile
    return (
        draft.header is None
        and guess.kind in {Kind.TEXT, Kind.GIVEN_NAME}
        and profile.share("words") >= 0.8
        and profile.mean_tokens < 1.5
    )


def _by_header_and_values(
    draft: Draft, drafts: Sequence[Draft], table: RecordTable
) -> ColumnGuess:
    header = draft.header or HeaderMeaning()
    if not draft.profile.present:
        guess = by_header(draft, "but the column holds nothing", factor=0.3)
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


def _pick_source(drafts: Sequence[Draft]) -> Draft | None:
    """Return the column that says which system a record came from."""
    candidates = [
        draft
        for draft in drafts
        if draft.has_role(Role.SOURCE)
        and draft.profile.present >= 0.95 * draft.profile.n_rows > 0
        and draft.profile.distinct <= max(3, min(200, draft.profile.n_rows // 2))
    ]
    return max(candidates, key=lambda draft: draft.trust, default=None)


def _pick_id(
    drafts: Sequence[Draft], table: RecordTable, sources: Column | None
) -> Draft | None:
    """Return the column with the best header among those that identify every row."""
    candidates = [
        draft
        for draft in drafts
        if draft.has_role(Role.ID)
        and draft.profile.share("email") < 0.5
        and _identifies_rows(table[draft.name], sources)
    ]
    return max(candidates, key=lambda draft: draft.trust, default=None)


def broken_ids(table: RecordTable, sources: Column | None = None) -> dict[str, Remark]:
    """Return, by column, what keeps one that is named as the record id from being it.

    Columns in which ids are mostly missing or shared are about something else.

    Examples:
        >>> rows = [{"id": number or None} for number in range(9)]
        >>> broken_ids(RecordTable.from_mappings(rows))["id"].text
        "column 'id' is named as the record id, but 1 records lack one and 0 ..."
    """
    found = {}
    for name in table:
        header = read_header(name)
        if header is None or header.role is not Role.ID or header.open:
            continue
        codes = table[name].slots[:, 0]
        held = codes[codes >= 0]
        n_missing = len(codes) - len(held)
        is_id = header.confidence >= _SURE_ID and n_missing < _MOSTLY * len(codes)
        if not is_id or _identifies_rows(table[name], sources):
            continue
        n_shared = int((table[name].counts() > 1)[held].sum())
        if n_shared < _MOSTLY * len(codes):
            found[name] = Remark.of(
                "broken_ids",
                "column {column!r} is named as the record id, but {n_missing:,} "
                "records lack one and {n_shared:,} share theirs, so that records go by "
                "their row numbers; mend the ids, or name another column with id=",
                column=name,
                n_missing=n_missing,
                n_shared=n_shared,
            )
    return found


def _identifies_rows(column: Column, source: Column | None) -> bool:
    """Whether no row lacks a value and none shares it, at least within its source."""
    codes = column.slots[:, 0].astype(np.int64)
    if not len(codes) or (codes < 0).any():
        return False
    if source is not None:
        codes = codes * (len(source.values) + 1) + source.slots[:, 0]
    return len(distinct(codes)) == len(codes)


def _by_role(draft: Draft) -> ColumnGuess:
    profile = draft.profile
    if draft.has_role(Role.ID):
        return _other_id(draft)
    doubt = _doubt(draft)
    if doubt:
        return by_values(draft, doubt)
    if draft.has_role(Role.RECORD_TYPE):
        return _record_type(draft)
    if draft.has_role(Role.CREATED_AT) or draft.has_role(Role.UPDATED_AT):
        share = profile.share("date")
        if share < 0.5 and profile.share("integer") < 0.9:  # seconds since 1970
            return by_values(draft, "names a time, but few values are dates")
        # "Last activity" says less than "modified".
        factor = 0.8 if draft.header and draft.header.open else 1.0
        guess = by_header(
            draft, f"and {percent(share)} of the values are dates", factor
        )
        return replace(guess, day_first=profile.day_first)
    return by_header(draft, "which describes the record and not the customer")


def _doubt(draft: Draft) -> str:
    """Return why a header's role cannot be, in words; empty if it may."""
    if draft.has_role(Role.SOURCE):
        return "may name a source, but the values do not fit"
    if draft.has_role(Role.OWNER) and not _may_be_staff(draft):
        return "may name employees, but nearly each row another"
    return ""


def _may_be_staff(draft: Draft) -> bool:
    """Whether a column under an owner's header may name employees.

    Under one that a customer's own people stand under as well, employees are those
    who look after several records.
    """
    header, profile = draft.header or HeaderMeaning(), draft.profile
    are_few = profile.distinct < _STAFF or profile.distinct_share <= _OWN_PEOPLE
    return are_few or not header.open


_STAFF = 20
"""Names so few may be employees, however many records there are."""
_OWN_PEOPLE = 0.8
"""Share of distinct names above which they are hardly employees'."""


def _record_type(draft: Draft) -> ColumnGuess:
    """Return whether a column says what its records are about.

    Under a header of many meanings ("customer type") only persons and companies are
    types of records: "prospect" and "partner" are what one customer may be by turns.
    """
    header, profile = draft.header or HeaderMeaning(), draft.profile
    if header.open:
        if says_whose(profile):
            return by_header(draft, "and the values say persons and companies", 0.8)
        return turned(draft, Kind.CATEGORY, None, "says category")
    if profile.share("status") >= 0.5:
        return turned(draft, Kind.CATEGORY, None, "is a status by its values")
    if 2 <= profile.distinct <= MOST_TYPES and profile.distinct_share <= 0.5:
        return by_header(draft, f"which has {profile.distinct} values")
    return turned(draft, None, Role.IGNORE, "describes the record and not the customer")


def _other_id(draft: Draft) -> ColumnGuess:
    """Return what an id is that does not identify the rows, or that is not the best."""
    profile = draft.profile
    hard = read_hard(profile)
    if hard is not None and hard.kind is Kind.EMAIL:
        return by_values(draft, "names an id")
    if has_few_values(profile):
        return turned(draft, Kind.CATEGORY, None, "names an id, but few values occur")
    # An unfamiliar id ("provider id") may be one that other sources know too.
    is_serial = profile.is_complete or draft.trust >= 0.9
    if profile.is_unique and is_serial:
        return turned(draft, None, Role.IGNORE, "names an id that no two records share")
    return turned(draft, Kind.IDENTIFIER, None, "names an id that records may share")


def _by_kind(draft: Draft) -> ColumnGuess:
    """Return what the header says, unless the values cannot be that."""
    header, profile = draft.header or HeaderMeaning(), draft.profile
    kind, part = header.kind, _part(header, profile)
    shapes = _DATE_PARTS.get(part or "") or _SUPPORT.get(kind or Kind.TEXT)
    hard = read_hard(profile)
    if shapes is None:
        if hard is not None and hard.kind in {Kind.EMAIL, Kind.URL}:
            return by_values(draft, f"says {kind}")
        if kind is Kind.CATEGORY and profile.mean_tokens > LONG_TOKENS:
            return turned(draft, Kind.TEXT, None, "says category, but texts are long")
        return replace(by_header(draft, f"which says {kind}", 0.9), part=part)
    share = profile.share(*shapes)
    if kind is Kind.GENDER and profile.distinct <= 5:  # coded as 0, 1, 2
        share = 1.0
    if share < _VETO:
        return by_values(draft, f"says {kind}, which the values cannot be")
    because = f"and {percent(share)} of the values look like {_noun(kind, part)}"
    guess = by_header(draft, because, 0.6 + 0.4 * share)
    return replace(guess, part=part, day_first=day_first(kind, profile))


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


def _open(draft: Draft, drafts: Sequence[Draft], table: RecordTable) -> ColumnGuess:
    """Return what a header with several readings means, given values and neighbours."""
    header, profile = draft.header or HeaderMeaning(), draft.profile
    if header.part == "title":
        is_title = profile.share("salutation") >= 0.5
        because = "is a form of address" if is_title else "is a job title by its values"
        guess = turned(draft, Kind.CATEGORY, None, because)
        return replace(guess, kind=Kind.FULL_NAME, part="title") if is_title else guess
    if read_hard(profile) is not None:
        return by_values(draft, "has several meanings")
    if header.kind is not Kind.FULL_NAME:
        return _by_kind(draft)
    if profile.share("serial", "uuid", "integer") >= 0.8:
        return _other_id(draft)
    if is_hardly_a_name(draft):
        return by_values(draft, "has several meanings")
    kind, because = name_kind(draft, drafts, table)
    guess = turned(draft, kind, None, because)
    is_mixed = kind is Kind.FULL_NAME and profile.share("organisation") >= _MIXED
    return replace(guess, part="either") if is_mixed else guess
