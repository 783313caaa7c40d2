"""Whose name a column of names holds: a person's, part of one, or an organisation's."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from custmerge.inference.drafts import Draft
from custmerge.inference.readings import has_few_values, percent
from custmerge.kinds import Kind
from custmerge.records import Column, RecordTable

__all__ = ["is_hardly_a_name", "name_kind"]


def is_hardly_a_name(draft: Draft) -> bool:
    """Whether it is a name of something else, a programme or a product."""
    known = draft.profile.share("organisation", "person", "han_name", "given_name")
    doubts = (
        known < 0.05,
        has_few_values(draft.profile),
        draft.trust < 0.75,  # of the header, only "name" was understood
    )
    return sum(doubts) >= 2


def name_kind(
    draft: Draft, drafts: Sequence[Draft], table: RecordTable
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
    draft: Draft, parts: Sequence[Column], table: RecordTable
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


def _has_legal_name(drafts: Sequence[Draft]) -> bool:
    return any(
        draft.header is not None
        and draft.header.part == "alias"
        and draft.profile.present
        for draft in drafts
    )


def _whole_name_column(drafts: Sequence[Draft], kind: Kind) -> Draft | None:
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
