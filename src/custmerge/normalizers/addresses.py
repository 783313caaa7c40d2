"""Postal addresses and the lines of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from custmerge.normalizers.cjk import HAN
from custmerge.normalizers.text import fold, meaningful, plain

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
_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
# 幢 and 栋 both mean one building of several.
_CHINESE = str.maketrans("幢", "栋")
_INNER_SPACE = re.compile(f"(?<=[{HAN}]) (?=[0-9])|(?<=[0-9]) (?=[{HAN}])")
_GERMAN_STREET = "strasse"


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
        return [_address(value) for value in values]


def _address(value: str) -> str | None:
    text = meaningful(fold(value))
    if text is None:
        return None
    text = plain(_INITIALS.sub("", text.replace("#", " unit ")))
    if not text.isascii():
        text = _INNER_SPACE.sub("", text.translate(_CHINESE))
    tokens = [_short_form(token) for token in text.split()]
    # "apt #5" says unit twice.
    words = [
        word
        for kind, repeats in groupby(tokens)
        for word in ([kind] if kind == "unit" else repeats)
    ]
    return meaningful(" ".join(words))


def _short_form(token: str) -> str:
    if token.endswith(_GERMAN_STREET):
        token = token.removesuffix(_GERMAN_STREET) + "str"
    return _SHORT_FORMS.get(token, token)
