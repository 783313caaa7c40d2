"""What a column is about by its values alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from custmerge.inference.values import ValueProfile
from custmerge.kinds import Kind, Role

__all__ = [
    "LONG_TOKENS",
    "MOST_TYPES",
    "NOUNS",
    "Reading",
    "has_few_values",
    "percent",
    "read_hard",
    "read_values",
    "says_whose",
]

NOUNS: Mapping[Kind, str] = {
    Kind.EMAIL: "e-mail addresses",
    Kind.PHONE: "phone numbers",
    Kind.URL: "web addresses",
    Kind.BIRTH_DATE: "dates",
    Kind.DATE: "dates",
    Kind.GENDER: "genders",
    Kind.NUMBER: "numbers",
    Kind.POSTCODE: "postcodes",
    Kind.IDENTIFIER: "identity numbers",
    Kind.ADDRESS: "addresses",
    Kind.ORGANISATION: "names of organisations",
    Kind.FULL_NAME: "names of persons",
    Kind.GIVEN_NAME: "given names",
}
# Shapes that speak for themselves, the most telling first: kind and least share. Hard
# ones overrule a header; soft ones speak only where the header says nothing.
_HARD: tuple[tuple[str, Kind, float], ...] = (
    ("email", Kind.EMAIL, 0.6),
    ("identity_number", Kind.IDENTIFIER, 0.6),
    ("url", Kind.URL, 0.6),
    ("date", Kind.DATE, 0.7),
    ("phone", Kind.PHONE, 0.8),
)
_SOFT: tuple[tuple[str, Kind, float], ...] = (
    ("postcode", Kind.POSTCODE, 0.7),
    ("address", Kind.ADDRESS, 0.6),
    ("organisation", Kind.ORGANISATION, 0.3),
    ("han_name", Kind.FULL_NAME, 0.6),
    # The lists of given names know about half of those in use.
    ("given_name", Kind.GIVEN_NAME, 0.3),
    ("person", Kind.FULL_NAME, 0.35),
)
_FEW_VALUES = 100
_FEW_SHARE = 0.05
"""A category has at most so many values, each on twenty rows or more."""
LONG_TOKENS = 8
"""Texts of more words on average are prose, not labels."""


MOST_TYPES = 20
"""A table holds records of at most so many types."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the values alone say.

    Attributes:
        kind: What they are; `None` where a role says they are not compared.
        role: What they are for, where they are not compared.
        confidence: In [0, 1].
        says: The reason in words; holds no value.
    """

    kind: Kind | None
    role: Role | None
    confidence: float
    says: str


def read_values(profile: ValueProfile) -> Reading:
    """Return what the values alone say.

    Examples:
        >>> from custmerge.inference.values import profile_values
        >>> from custmerge.records import Column
        >>> reading = read_values(profile_values(Column.encode(["1990-12-31"])))
        >>> reading.kind, reading.says
        (<Kind.DATE: 'date'>, '100 % of the values look like dates')
    """
    if not profile.present:
        return Reading(None, Role.IGNORE, 0.3, "the column holds nothing")
    hard = read_hard(profile)
    if hard is not None:
        return hard
    if profile.share("number") >= 0.9 and not _says_gender(profile):
        return _read_numbers(profile)
    return _read_labels(profile) or _read_soft(profile)


def _says_gender(profile: ValueProfile) -> bool:
    few = 2 <= profile.distinct <= 20 < profile.present
    return few and profile.share("gender") >= 0.9


def _read_labels(profile: ValueProfile) -> Reading | None:
    """Return what few values say that stand on many rows; `None` for others."""
    if says_whose(profile):
        says = "the values say persons and companies"
        return Reading(None, Role.RECORD_TYPE, 0.7, says)
    if _says_gender(profile):
        return _shown(Kind.GENDER, profile.share("gender"))
    if has_few_values(profile):
        return Reading(Kind.CATEGORY, None, 0.6, "few distinct values occur")
    return None


def says_whose(profile: ValueProfile) -> bool:
    """Return whether the values say which records are persons' and which companies'.

    Examples:
        >>> from custmerge.inference.values import profile_values
        >>> from custmerge.records import Column
        >>> says_whose(profile_values(Column.encode(["person", "company"] * 2)))
        True
    """
    persons, companies = profile.share("person_type"), profile.share("company_type")
    return (
        persons + companies >= 0.9
        and min(persons, companies) > 0
        and profile.distinct <= MOST_TYPES
        and profile.distinct_share <= 0.5
    )


def _shown(kind: Kind, share: float) -> Reading:
    says = f"{percent(share)} of the values look like {NOUNS[kind]}"
    return Reading(kind, None, 0.9 * min(share, 1.0), says)


def read_hard(profile: ValueProfile) -> Reading | None:
    """Return what values say that speak for themselves; `None` for others.

    Examples:
        >>> from custmerge.inference.values import profile_values
        >>> from custmerge.records import Column
        >>> read_hard(profile_values(Column.encode(["Ann"]))) is None
        True
    """
    if profile.share("timed") > 0.5:
        says = "the values are times of day and date, as of events"
        return Reading(None, Role.IGNORE, 0.6, says)
    for shape, kind, least in _HARD:
        share = profile.share(shape)
        if share >= least:
            born = kind is Kind.DATE and _are_births(profile)
            return _shown(Kind.BIRTH_DATE if born else kind, share)
    return None


def percent(share: float) -> str:
    """Return a share in words.

    Examples:
        >>> percent(0.968)
        '97 %'
    """
    return f"{share * 100:.0f} %"


def _are_births(profile: ValueProfile) -> bool:
    """Whether dates lie as far apart and back as those of grown people's births."""
    return profile.year_spread >= 20 and profile.median_year <= 2005


def _read_numbers(profile: ValueProfile) -> Reading:
    is_whole = profile.share("integer") >= 0.9
    if is_whole and profile.is_unique and profile.present > 1:
        return Reading(None, Role.IGNORE, 0.5, "the values are a serial number")
    if is_whole and has_few_values(profile) and profile.distinct <= 20:
        return Reading(Kind.CATEGORY, None, 0.5, "few distinct numbers occur")
    if is_whole and profile.mean_length >= 7:
        return Reading(Kind.IDENTIFIER, None, 0.5, "the values are long numbers")
    return _shown(Kind.NUMBER, profile.share("number"))


def _read_soft(profile: ValueProfile) -> Reading:
    for shape, kind, least in _SOFT:
        share = profile.share(shape)
        if share >= least:
            reading = _shown(kind, share)
            return replace(reading, confidence=0.4 + 0.3 * min(share, 1.0))
    if profile.share("serial", "uuid") >= 0.9:
        if profile.is_unique:
            return Reading(None, Role.IGNORE, 0.5, "no two records share a code")
        return Reading(Kind.IDENTIFIER, None, 0.5, "the values are codes")
    long = profile.mean_tokens > LONG_TOKENS
    says = "the texts are long" if long else "the values have no shape that is known"
    return Reading(Kind.TEXT, None, 0.5 if long else 0.3, says)


def has_few_values(profile: ValueProfile) -> bool:
    """Return whether so few values occur so often that they are categories.

    Examples:
        >>> from custmerge.inference.values import profile_values
        >>> from custmerge.records import Column
        >>> has_few_values(profile_values(Column.encode(["gold", "silver"] * 50)))
        True
    """
    return profile.distinct <= _FEW_VALUES and profile.distinct_share <= _FEW_SHARE
