"""What a field of each kind gets where nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custmerge.kinds import Kind

__all__ = ["KIND_DEFAULTS", "KindDefaults", "prior_levels"]


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """Default plug-ins and expectations for a kind of field.

    Attributes:
        normalize: The normalizer's name.
        compare: The comparator's name.
        levels: Ascending similarities that divide the agreement levels.
        keys: The names of the blockers.
        match: Expected share of matching pairs that agree exactly, and that do not
            agree at all, before the data are looked at; the levels between share the
            rest.
        shared: Whether the members of a household share it.
        frequency: Whether agreement on a rare value counts more.
    """

    normalize: str
    compare: str
    levels: tuple[float, ...]
    keys: tuple[str, ...] = ()
    match: tuple[float, float] = (0.8, 0.08)
    shared: bool = False
    frequency: bool = True


_NAME_LEVELS = (0.75, 0.86, 0.94, 1.0)
_TOKEN_LEVELS = (0.25, 0.45, 0.65, 0.85, 0.97)
_DATE_LEVELS = (0.5, 0.6, 0.75, 0.85, 0.92, 1.0)

KIND_DEFAULTS: Mapping[Kind, KindDefaults] = {
    Kind.GIVEN_NAME: KindDefaults(
        "person_name", "given_name", _NAME_LEVELS, ("exact", "phonetic")
    ),
    Kind.FAMILY_NAME: KindDefaults(
        "person_name", "family_name", _NAME_LEVELS, ("exact", "phonetic"), shared=True
    ),
    Kind.FULL_NAME: KindDefaults(
        "full_name", "full_name", _TOKEN_LEVELS, ("rare_tokens", "phonetic")
    ),
    Kind.ORGANISATION: KindDefaults(
        "organisation", "token_cosine", _TOKEN_LEVELS, ("rare_tokens",), (0.6, 0.1)
    ),
    Kind.EMAIL: KindDefaults(
        "email", "email", (0.7, 0.8, 0.9, 1.0), ("exact", "local_part"), (0.6, 0.3)
    ),
    Kind.PHONE: KindDefaults(
        "phone",
        "phone",
        (0.7, 0.85, 0.95, 1.0),
        ("exact", "suffix"),
        (0.6, 0.3),
        shared=True,
    ),
    Kind.ADDRESS: KindDefaults(
        "address",
        "token_cosine",
        _TOKEN_LEVELS,
        ("rare_tokens",),
        (0.5, 0.25),
        shared=True,
    ),
    Kind.CITY: KindDefaults(
        "city", "jaro_winkler", (0.88, 1.0), ("exact",), (0.75, 0.2), shared=True
    ),
    Kind.REGION: KindDefaults("region", "exact", (1.0,), (), (0.85, 0.15), shared=True),
    Kind.POSTCODE: KindDefaults(
        "postcode", "levenshtein", (0.6, 0.75, 1.0), ("exact",), (0.7, 0.2), shared=True
    ),
    Kind.COUNTRY: KindDefaults(
        "country", "exact", (1.0,), (), (0.95, 0.05), shared=True
    ),
    Kind.BIRTH_DATE: KindDefaults(
        "date", "date", _DATE_LEVELS, ("exact", "date_parts"), (0.85, 0.05)
    ),
    Kind.DATE: KindDefaults("date", "date", _DATE_LEVELS, (), (0.5, 0.3)),
    Kind.IDENTIFIER: KindDefaults(
        "identifier", "levenshtein", (0.7, 0.84, 1.0), ("exact",), (0.85, 0.08)
    ),
    Kind.GENDER: KindDefaults(
        "gender", "exact", (1.0,), (), (0.95, 0.05), frequency=False
    ),
    Kind.CATEGORY: KindDefaults(
        "category", "token_cosine", (0.5, 0.97), (), (0.7, 0.25)
    ),
    Kind.NUMBER: KindDefaults("number", "number", (0.9, 0.99, 1.0), (), (0.5, 0.4)),
    Kind.TEXT: KindDefaults("text", "token_cosine", (0.3, 0.6, 0.9), (), (0.4, 0.4)),
    Kind.URL: KindDefaults("url", "levenshtein", (0.8, 1.0), ("exact",), (0.6, 0.3)),
}
"""The defaults by kind."""


def prior_levels(match: tuple[float, float], n_levels: int) -> tuple[float, ...]:
    """Return the expected share of matches on each level, the least alike first.

    The levels between none and exact agreement share what these two leave, each twice
    as much as the level below it.

    Examples:
        >>> [round(share, 2) for share in prior_levels((0.7, 0.15), 4)]
        [0.15, 0.05, 0.1, 0.7]
    """
    exact, none = match
    between = [2.0**i for i in range(n_levels - 2)]
    rest = max(1 - exact - none, 1e-3)
    if not between:
        return (1 - exact, exact)
    return (none, *(rest * part / sum(between) for part in between), exact)
