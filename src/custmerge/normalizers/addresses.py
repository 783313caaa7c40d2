"""Postal addresses and the lines of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from custmerge.divisions import split_divisions
from custmerge.names import CHINESE_SURNAMES
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

# The short form and the long ones; after USPS Publication 28 (appendices B and C1), the
# street types of AS 4590, and what French, German, Italian and Spanish letters bear.
_LONG_FORMS = {
    "st": "street str saint",
    "ave": "avenue av aven avenu avenida avda",
    "rd": "road",
    "dr": "drive drv",
    "blvd": "boulevard boul bvd bd",
    "ln": "lane",
    "pl": "place platz",
    "pza": "piazza plaza pzza",
    "all": "allee allees",
    "imp": "impasse",
    "fg": "faubourg fbg",
    "ch": "chemin che",
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
    "unit": "apartment apt appartement suite ste flat wohnung whg #",
    "fl": "floor flr etage",
    "bldg": "building bld batiment gebaude",
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
_DIGITS = {digit: i for i, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_NUMERAL = re.compile(
    "[一二三四五六七八九十〇零][一二三四五六七八九十百〇零]*"
    "(?=[号楼栋室层弄组队期门座排巷段番]|单元|丁目)"
)
_BUILDING = re.compile("(?<=[0-9a-z])(?:号楼|号栋|楼栋|座)")
_FLOOR = re.compile(
    "(?<![a-z])f?(?<![0-9])([0-9]+)[楼层]|(?<=[\u4e00-\u9fff])([0-9]+)f(?![0-9a-z])"
)
_DOOR = re.compile(
    "(?<=[\u4e00-\u9fff])([0-9a-z]{1,3}) ([0-9]{1,2}) ([0-9]{2,4})$", re.MULTILINE
)
_BASEMENT = re.compile("(?:地下|负)([0-9]+)[楼层]")
# A stair, where the north of China says door.
_STAIR = re.compile("门(?<=[0-9]门)(?=[0-9])")
_POSTCODE = re.compile(f"[0-9]{{6}}$(?<=[{HAN}][0-9]{{6}})", re.MULTILINE)
# Japanese: the block and house of a quarter, 1丁目2番3号 as 1-2-3.
_BLOCK = re.compile("丁目(?<=[0-9]丁目)(?=[0-9])|番(?<=[0-9]番)地?([0-9]+)号?")
_JAPANESE_POSTCODE = re.compile(
    f"^[0-9]{{3}} ?[0-9]{{4}}(?=[{HAN}]{{2,3}}[都道府县県])", re.MULTILINE
)
_MOBILE = r"(?:\+?86[ -]?)?(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"
_HAS_MOBILE = re.compile("1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])")
# Whom a parcel goes to, before an address or after it; or what words say it is.
_CONSIGNEE = re.compile(
    rf"^ *(?:[{HAN}]{{2,4}}[ ,;:]+)?{_MOBILE}[ ,;:]+(?=[{HAN}])|"
    rf"(?:[ ,;:(]+(?=[{''.join(sorted(CHINESE_SURNAMES))}])"
    rf"[{HAN}]{{2,3}}(?<![路街道巷区园城村镇号栋楼层室]))?[ ,;:(]+{_MOBILE}[ )]*$",
    re.MULTILINE,
)
_SAID = re.compile(
    rf"(?:(?:收[货貨件]|[联聯][系絡络])人|姓名) *: *[{HAN}]{{2,4}}(?![{HAN}])|"
    "(?:[电電][话話]|手[机機]) *: *[0-9 +-]{7,20}|"
    "(?:收[货貨件]|[详詳][细細])?地址 *:"
)
_NUMBER_SIGN = re.compile("(?<=[0-9]) ?# ?(?=[\u4e00-\u9fff])")
_GERMAN_STREET = re.compile(r"strasse\b")
_UNITS = re.compile(r"(?<![^ \n])unit(?: unit)+(?![^ \n])")
_UNUSUAL = lines_unlike(USUAL)
_END = "\0"
"""The end of a line, as a word."""


@dataclass(frozen=True, slots=True)
class Address:
    """Normalizes an address to words with uniform abbreviations.

    Of a Chinese one, the province, city and county stand as words of their own, in
    full, and those above are added where only one can be meant; a consignee's mobile
    number and a postcode in the same cell are left out.

    Examples:
        >>> Address().normalize(
        ...     ["Apartment 5, 12 North High Street", "#5 12 N. High St."]
        ... )
        ['unit 5 12 n high st', 'unit 5 12 n high st']
        >>> Address().normalize(["Hauptstraße 3", "世紀大道 100 號 3幢", "unknown"])
        ['hauptstr 3', '世纪大道100号3栋', None]
        >>> Address().normalize(["二十三号十二楼", "23号12F", "5#楼", "五号楼"])
        ['23号12层', '23号12层', '5栋', '5栋']
        >>> Address().normalize(["广东深圳南山科技路1号", "深圳市南山區科技路1號"])
        ['广东省 深圳市 南山区 科技路1号', '广东省 深圳市 南山区 科技路1号']
    """

    name: str = "address"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each address."""
        return normalize_lines(values, _UNUSUAL, _addresses, _address)


def _addresses(text: str) -> Results:
    """Return the standard form of usual lines: the steps of `_address`, on all."""
    initials = _with_units(text)
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
    text = plain(_with_units(text))
    words = _GERMAN_STREET.sub("str", text).split()
    words = [_SHORT_FORMS.get(word, word) for word in words]
    if words.count("unit") > 1:  # as of "apt #5"
        pairs = zip(["", *words], words, strict=False)
        words = [word for last, word in pairs if not last == word == "unit"]
    return _chinese(" ".join(words))


def _with_units(text: str) -> str:
    """Return text whose number signs are words: of a unit, in Chinese of a building."""
    if "#" in text:
        text = _NUMBER_SIGN.sub("号", text).replace("#", " unit ")
    if not text.isascii():
        if ":" in text:
            text = _SAID.sub(" ", text)
        if _HAS_MOBILE.search(text):
            text = _CONSIGNEE.sub("", text)
    return join_initials(text)


def _chinese(text: str) -> str:
    if text.isascii():
        return text
    text = _INNER_SPACE().sub("", text.replace("幢", "栋").replace("首层", "1层"))
    text = _BASEMENT.sub(r"b\1层", _NUMERAL.sub(_in_digits, text))
    text = text.replace("邮政编码", "").replace("邮编", "")
    text = _POSTCODE.sub("", _JAPANESE_POSTCODE.sub("", text))
    text = _BLOCK.sub(r" \1", _STAIR.sub("单元", text))
    # Each of these means one building of several, or one floor.
    text = _FLOOR.sub(r"\1\2层", _BUILDING.sub("栋", text))
    # The door of a flat, as 6-1-301.
    text = _DOOR.sub(r"\1栋\2单元\3室", text)
    return "\n".join(map(_with_divisions, text.split("\n")))


def _with_divisions(line: str) -> str:
    """Return an address with its province, city and county in full, as words."""
    if line.isascii():
        return line
    names, rest = split_divisions(line)
    return " ".join([*names, rest.strip()]).rstrip() if names else line


def _in_digits(found: re.Match[str]) -> str:
    """Return a Chinese numeral in digits: 二十三 as 23, 二〇一 as 201."""
    numeral = found[0]
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_DIGITS[digit]) for digit in numeral)
    number = digit = 0
    for letter in numeral:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            number += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
    return str(number + digit)
