"""What a field of each kind gets where nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custmerge.kinds import Kind
from custmerge.normalizers.lists import EMAILS, PHONES

__all__ = ["KIND_DEFAULTS", "KindDefaults", "prior_chance", "prior_match"]


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """Default plug-ins and expectations for a kind of field.

    Attributes:
        normalize: The normalizer's name.
        compare: The comparator's name.
        levels: Ascending similarities that divide the agreement levels.
        chance: Expected share of unrelated pairs that agree exactly, before the data
            are looked at.
        keys: The names of the blockers.
        match: Expected share of matching pairs that agree exactly, and that do not
            agree at all, before the data are looked at; the levels between share the
            rest.
        incidental: Whether the field mostly says nothing about who somebody is, so
            that it counts only as far as the data show it to.
        household: Expected share of a household's members who agree exactly; 0: they
            agree no more than strangers.
        branch: The same of one company's branches; what they share is all but the
            address.
        lasting: Whether nobody's value ever changes: matches that are unlike in it were
            written wrong, so that others are hardly alike.
        frequency: Whether agreement on a rare value counts more.
        split: A regular expression of what parts several values in one cell.
    """

    normalize: str
    compare: str
    levels: tuple[float, ...]
    chance: float
    keys: tuple[str, ...] = ()
    match: tuple[float, float] = (0.8, 0.08)
    incidental: bool = False
    household: float = 0.0
    branch: float = 0.0
    lasting: bool = False
    frequency: bool = True
    split: str = ""


_NAMES = (0.75, 0.86, 0.94, 1.0)
_WORDS = (0.25, 0.45, 0.65, 0.85, 0.97)
_DATES = (0.5, 0.6, 0.75, 0.85, 0.92, 1.0)

KIND_DEFAULTS: Mapping[Kind, KindDefaults] = {
    Kind.GIVEN_NAME: KindDefaults(
        "given_name",
        "given_name",
        _NAMES,
        5e-3,
        ("spelling", "prefix", "phonetic", "nicknames"),
        (0.85, 0.03),
        household=0.01,
        lasting=True,
    ),
    Kind.FAMILY_NAME: KindDefaults(
        "person_name",
        "family_name",
        _NAMES,
        2e-3,
        ("spelling", "prefix", "phonetic"),
        household=0.8,
    ),
    Kind.FULL_NAME: KindDefaults(
        "full_name", "full_name", _WORDS, 2e-4, ("rare_tokens", "phonetic"), branch=0.3
    ),
    Kind.ORGANISATION: KindDefaults(
        "organisation",
        "organisation",
        _WORDS,
        5e-4,
        ("rare_tokens", "minhash"),
        (0.6, 0.1),
        branch=0.5,
    ),
    Kind.EMAIL: KindDefaults(
        "email",
        "email",
        (0.83, 0.9, 1.0),
        1e-4,
        ("exact", "spelling"),
        (0.6, 0.3),
        household=0.1,
        branch=0.3,
        split=EMAILS,
    ),
    Kind.PHONE: KindDefaults(
        "phone",
        "phone",
        (0.7, 0.85, 0.95, 1.0),
        1e-4,
        ("spelling", "suffix", "masked_digits"),
        (0.6, 0.3),
        household=0.65,
        branch=0.3,
        split=PHONES,
    ),
    Kind.ADDRESS: KindDefaults(
        "address",
        "address",
        _WORDS,
        2e-4,
        ("rare_tokens",),
        (0.5, 0.25),
        household=0.85,
    ),
    Kind.CITY: KindDefaults(
        "city",
        "jaro_winkler",
        (0.88, 1.0),
        0.02,
        ("spelling",),
        (0.75, 0.2),
        household=0.9,
        branch=0.5,
    ),
    Kind.REGION: KindDefaults(
        "region", "exact", (1.0,), 0.1, (), (0.85, 0.15), household=0.95, branch=0.9
    ),
    Kind.POSTCODE: KindDefaults(
        "postcode",
        "levenshtein",
        (0.6, 0.75, 1.0),
        2e-3,
        ("exact",),
        (0.7, 0.2),
        household=0.9,
    ),
    Kind.COUNTRY: KindDefaults(
        "country", "exact", (1.0,), 0.3, (), (0.95, 0.05), household=0.98, branch=0.98
    ),
    Kind.BIRTH_DATE: KindDefaults(
        "date",
        "date",
        (0.25, *_DATES),
        1e-4,
        ("exact", "date_parts"),
        (0.85, 0.01),
        household=0.1,
        lasting=True,
    ),
    Kind.DATE: KindDefaults(
        "date", "date", _DATES, 1e-3, (), (0.5, 0.3), incidental=True
    ),
    Kind.IDENTIFIER: KindDefaults(
        "identifier",
        "identifier",
        (0.7, 0.84, 1.0),
        1e-5,
        ("exact", "masked_digits", "organisation_code"),
        (0.85, 0.08),
    ),
    Kind.GENDER: KindDefaults(
        "gender", "exact", (1.0,), 0.5, (), (0.95, 0.05), frequency=False
    ),
    Kind.CATEGORY: KindDefaults(
        "category", "token_cosine", (0.5, 0.97), 0.1, (), (0.7, 0.25), incidental=True
    ),
    Kind.NUMBER: KindDefaults(
        "number", "number", (0.9, 0.99, 1.0), 0.01, (), (0.5, 0.4), incidental=True
    ),
    Kind.TEXT: KindDefaults(
        "text", "token_cosine", (0.3, 0.6, 0.9), 0.01, (), (0.4, 0.4), incidental=True
    ),
    Kind.URL: KindDefaults(
        "url", "levenshtein", (0.8, 1.0), 1e-3, ("exact",), (0.6, 0.3), branch=0.6
    ),
}
"""The defaults by kind.

The expectations are round figures of our own, of the order seen on files of persons
and of organisations; they weigh as much as some twenty records and yield to the data.
"""


def prior_match(match: tuple[float, float], n_levels: int) -> tuple[float, ...]:
    """Return the expected share of matches on each level, the least alike first.

    The levels between none and exact agreement share what these two leave, each twice
    as much as the level below it.

    Examples:
        >>> [round(share, 2) for share in prior_match((0.7, 0.15), 4)]
        [0.15, 0.05, 0.1, 0.7]
    """
    exact, none = match
    between = [2.0**i for i in range(n_levels - 2)]
    rest = max(1 - exact - none, 1e-3)
    if not between:
        return (1 - exact, exact)
    return (none, *(rest * part / sum(between) for part in between), exact)


def prior_chance(exact: float, n_levels: int) -> tuple[float, ...]:
    """Return the expected share of unrelated pairs on each level, from the lowest.

    Each level below exact agreement is twice as common as the one above it, and the
    lowest takes what is left.

    Examples:
        >>> [round(share, 3) for share in prior_chance(0.01, 4)]
        [0.93, 0.04, 0.02, 0.01]
    """
    above = [exact * 2.0**i for i in range(n_levels - 1)]
    shrink = min(1.0, 0.9 / sum(above))
    above = [share * shrink for share in above]
    return (1 - sum(above), *reversed(above))
