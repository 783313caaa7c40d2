"""Postal addresses and the lines of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from custmerge.normalizers.cjk import HAN
from custmerge.normalizers.lines import (
    USUAL,
    Results,
    lines_unlike,
    normalize_lines,
    plain_lines,
    settled,
    spaced_lines,
)
from custmerge.normalizers.text import (
    PLACEHOLDERS,
    fold,
    join_initials,
    meaningful,
    plain,
)

__all__ = ["Address"]

# The short form and the long ones; after USPS Publication 28 (appendices B and C1) and
# the street types of AS 4590.
_LONG_FORMS = {
    "st": "street str saint",
    "ave": "avenue av aven avenu avenida",
    "rd": "road",
    "dr": "drive drv",
    "blvd": "boulevard boul bvd bd",
    "ln": "lane",
    "pl": "place",
    "ct": "court crt",
    "cres": "crescent cresc cr",
    "ter": "terrace tce terr",
    "cir": "circle circ",
    "cct": "circuit",
    "cl": "close",
    "sq": "square",
    "hwy": "highway hway",
    "pkwy": "parkway pky",
    "fwy": "freeway",
    "expy": "expressway expwy",
    "pde": "parade",
    "esp": "esplanade",
    "gr": "grove grv",
    "gdns": "gardens gdn garden",
    "hts": "heights",
    "mt": "mount",
    "mtn": "mountain",
    "ft": "fort",
    "rte": "route",
    "trl": "trail",
    "xing": "crossing",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "unit": "apartment apt appartement suite ste flat #",
    "fl": "floor flr",
    "bldg": "building bld",
    "rm": "room",
    "dept": "department",
    "po": "postoffice",
    "ctr": "center centre cntr",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "7th": "seventh",
    "8th": "eighth",
    "9th": "ninth",
    "10th": "tenth",
}
_SHORT_FORMS = {
    long: short for short, longs in _LONG_FORMS.items() for long in longs.split()
}
# The space first, for which a long text is searched fast.
_INNER_SPACE = cache(
    partial(re.compile, f" (?:(?<=[{HAN}] )(?=[0-9])|(?<=[0-9] )(?=[{HAN}]))")
)
_GERMAN_STREET = re.compile(r"strasse\b")
_UNITS = re.compile(r"(?<![^ \n])unit(?: unit)+(?![^ \n])")
_UNUSUAL = lines_unlike(USUAL)
_END = "\0"
"""The end of a line, as a word."""


@dataclass(frozen=True, slots=True)
class Address:
    """Normalizes an address to words with uniform abbreviations.

    Examples:
        >>> Address().normalize(
        ...     ["Apartment 5, 12 North High Street", "#5 12 N. High St."]
        ... )
        ['unit 5 12 n high st', 'unit 5 12 n high st']
        >>> Address().normalize(["Hauptstraße 3", "世紀大道 100 號 3幢", "unknown"])
        ['hauptstr 3', '世纪大道100号3栋', None]
    """

    name: str = "address"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each address."""
        return normalize_lines(values, _UNUSUAL, _addresses, _address)


def _addresses(text: str) -> Results:
    """Return the standard form of usual lines: the steps of `_address`, on all."""
    initials = join_initials(text.replace("#", " unit "))
    spaced = spaced_lines(initials) if text.isascii() else plain_lines(initials)
    # The ends of lines as words of their own.
    words = _GERMAN_STREET.sub("str", spaced).replace("\n", f" {_END} ").split()
    found = " ".join(map(_SHORT_FORMS.get, words, words)).replace(f" {_END} ", "\n")
    if "unit unit" in found:
        found = _UNITS.sub("unit", found)
    return settled(_chinese(found), text, _doubtful(), _address)


@cache
def _doubtful() -> frozenset[str]:
    return PLACEHOLDERS.union(map(_abbreviated, PLACEHOLDERS))


def _address(value: str) -> str | None:
    text = meaningful(fold(value))
    return None if text is None else meaningful(_abbreviated(text))


def _abbreviated(text: str) -> str:
    text = plain(join_initials(text.replace("#", " unit ")))
    words = _GERMAN_STREET.sub("str", text).split()
    words = [_SHORT_FORMS.get(word, word) for word in words]
    if words.count("unit") > 1:  # as of "apt #5"
        pairs = zip(["", *words], words, strict=False)
        words = [word for last, word in pairs if not last == word == "unit"]
    return _chinese(" ".join(words))


def _chinese(text: str) -> str:
    if text.isascii():
        return text
    # Both mean one building of several.
    return _INNER_SPACE().sub("", text.replace("幢", "栋"))
