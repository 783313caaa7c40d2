"""Cities, regions, postcodes and countries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.divisions import bare_division
from custmerge.normalizers.countries import COUNTRIES
from custmerge.normalizers.text import (
    NAME_PLACEHOLDERS,
    fold,
    join_initials,
    meaningful,
    plain,
    plain_words,
    solid,
)

__all__ = ["City", "Country", "Postcode", "Region"]

_FIRST_WORDS = {"saint": "st", "mount": "mt", "fort": "ft"}
_DECIMALS = re.compile(r"\.0+$")
_ZIP_PLUS_FOUR = re.compile(r"[0-9]{9}")


@dataclass(frozen=True, slots=True)
class City:
    """Normalizes the name of a city; Chinese names lose the word for city or county.

    Examples:
        >>> City().normalize(["Saint Louis", "St. Louis", "São Paulo", "上海市"])
        ['st louis', 'st louis', 'sao paulo', '上海']
        >>> City().normalize(["延边朝鲜族自治州", "延边州", "浦東新區"])
        ['延边', '延边', '浦东']
    """

    name: str = "city"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each city."""
        return [_city(value) for value in values]


@dataclass(frozen=True, slots=True)
class Region:
    """Normalizes the name or code of a state, province or county.

    Examples:
        >>> Region().normalize(["N.S.W.", "Île-de-France", "廣東省"])
        ['nsw', 'ile de france', '广东']
        >>> Region().normalize(["内蒙古自治区", "内蒙古", "沪", "上海市"])
        ['内蒙古', '内蒙古', '上海', '上海']
    """

    name: str = "region"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each region."""
        return [_region(value) for value in values]


@dataclass(frozen=True, slots=True)
class Postcode:
    """Normalizes a postcode: upper case, letters and digits only, ZIP+4 as ZIP.

    Examples:
        >>> Postcode().normalize(["sw1a 1aa", "02139-4307", "00000"])
        ['SW1A1AA', '02139', None]
    """

    name: str = "postcode"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each postcode."""
        return [_postcode(value) for value in values]


@dataclass(frozen=True, slots=True)
class Country:
    """Normalizes a country to its ISO 3166 alpha-2 code, where its name is known.

    Examples:
        >>> Country().normalize(["U.S.A.", "Deutschland", "中國", "Atlantis"])
        ['US', 'DE', 'CN', 'atlantis']
    """

    name: str = "country"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the code, or else the plain name, of each country."""
        return [_country(value) for value in values]


def _city(value: str) -> str | None:
    text = plain_words(value)
    if text is None:
        return None
    first, space, rest = text.partition(" ")
    if space and first in _FIRST_WORDS:
        text = f"{_FIRST_WORDS[first]} {rest}"
    return _without_ending(bare_division(text), "市")


def _region(value: str) -> str | None:
    text = plain_words(join_initials(fold(value)))
    return None if text is None else _without_ending(bare_division(text), "省市")


def _without_ending(text: str, letters: str) -> str | None:
    """Return the text without these last letters; of a name, two letters remain."""
    return meaningful(text[: max(2, len(text.rstrip(letters)))].rstrip())


def _postcode(value: str) -> str | None:
    text = meaningful(fold(value))
    if text is None:
        return None
    code = solid(_DECIMALS.sub("", text))
    if _ZIP_PLUS_FOUR.fullmatch(code):
        code = code[:5]
    return code.upper() if code.strip("0") and meaningful(code) else None


def _country(value: str) -> str | None:
    # "na" is Namibia's code, so only the clear placeholders count.
    text = meaningful(fold(value), NAME_PLACEHOLDERS)
    if text is None:
        return None
    text = plain(join_initials(text))
    return COUNTRIES.get(text) or meaningful(text, NAME_PLACEHOLDERS)
