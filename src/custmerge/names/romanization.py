"""Names in other scripts, in Latin letters."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from itertools import product
from math import prod

from custmerge.names.surnames import (
    JAPANESE_READINGS,
    READINGS,
    SPELT_ABROAD,
    split_name,
)
from custmerge.names.wade_giles import from_wade_giles, to_wade_giles

__all__ = [
    "families_spelt",
    "kana_read",
    "latin",
    "pinyin",
    "romanized",
    "script",
    "spellings_abroad",
    "wade_giles",
]

_MOST_READINGS = 100
"""Ways to read one name; more are not a person's name."""

# How family names are read, where other words are mostly read in another way.
_SURNAME_READINGS = dict(
    entry.split(":")
    for entry in "单:shan 曾:zeng 解:xie 仇:qiu 区:ou 查:zha 朴:piao 任:ren 盖:ge "
    "翟:zhai 华:hua 宁:ning 缪:miao 乐:yue 覃:qin 燕:yan 万:wan 石:shi 沈:shen "
    "尉迟:yuchi 长孙:zhangsun 单于:chanyu 박:bak 곽:gwak 백:baek 석:seok 국:guk".split()
)
_UNSPACED = re.compile(
    "[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff々]{2,3}[\u4e00-\u9fff\u3041-\u30fc]+"
    "|[\uac00-\ud7a3]{2,4}"
)
_NOT_LETTERS = re.compile("[^a-z0-9 ]+")


def romanized(name: str) -> frozenset[str]:
    """Return all ways to write a Chinese name in Hanyu Pinyin, without tones.

    Characters that are read in several ways, as those that surnames read in a way of
    their own, give several. From the tables of `pypinyin`; empty where a letter is not
    Chinese or the text is longer than a name. A common Japanese family name is written
    as it is read in Japanese, too.

    Examples:
        >>> (
        ...     sorted(romanized("晓雯")),
        ...     sorted(romanized("单")),
        ...     sorted(romanized("田中")),
        ... )
        (['xiaowen'], ['chan', 'dan', 'shan'], ['tanaka', 'tianzhong'])
        >>> romanized("ann")
        frozenset()
    """
    if name.isascii():
        return frozenset()
    japanese = frozenset(JAPANESE_READINGS.get(name, "").split())
    return japanese | _joined([_readings(letter) for letter in name])


def _joined(readings: Sequence[Collection[str]]) -> frozenset[str]:
    """Return the ways to read a name whose letters are read in these."""
    if not 0 < prod(map(len, readings)) <= _MOST_READINGS:
        return frozenset()
    return frozenset(map("".join, product(*readings)))


def wade_giles(name: str) -> frozenset[str]:
    """Return the ways to write a Chinese name in Wade-Giles that are not Pinyin.

    Several Pinyin syllables share one spelling, so it says less than Pinyin does.

    Examples:
        >>> sorted(wade_giles("晓雯")), sorted(wade_giles("志伟"))
        (['hsiaowen'], ['chihwei'])
    """
    if name.isascii():
        return frozenset()
    spelt = [set(map(to_wade_giles, _readings(letter))) for letter in name]
    return _joined(spelt) - romanized(name)


def spellings_abroad(surname: str) -> frozenset[str]:
    """Return how a Chinese or Korean family name is also spelt abroad.

    In Hong Kong, Macau, Taiwan, Singapore, Malaysia and Indonesia by dialect and by
    Wade-Giles, in Korea as passports have it. Several families share one spelling, so
    it says less than Hanyu Pinyin.

    Examples:
        >>> sorted(spellings_abroad("陈")), sorted(spellings_abroad("박"))
        (['chan', 'chern', 'chin', 'tan'], ['pak', 'park'])
        >>> "tsai" in spellings_abroad("蔡"), spellings_abroad("ann")
        (True, frozenset())
    """
    if surname.isascii():
        return frozenset()
    spelt = SPELT_ABROAD.get(surname, frozenset()) | wade_giles(surname)
    return spelt - romanized(surname) - {_family_read(surname)}


def families_spelt(surname: str) -> frozenset[str]:
    """Return the Pinyin, or its like in Korea, of families that are spelt so abroad.

    Examples:
        >>> sorted(families_spelt("wong")), sorted(families_spelt("hsieh"))
        (['huang', 'wang'], ['xie'])
        >>> sorted(families_spelt("park")), families_spelt("smith")
        (['bak'], frozenset())
    """
    return _families().get(surname, frozenset()) | from_wade_giles(surname)


@cache
def _families() -> dict[str, frozenset[str]]:
    """Return what families are spelt so abroad, by their readings."""
    families: dict[str, set[str]] = {}
    for family, spellings in SPELT_ABROAD.items():
        for spelling in spellings:
            families.setdefault(spelling, set()).add(READINGS[family])
    return {
        spelling: frozenset(found - {spelling}) for spelling, found in families.items()
    }


@cache
def _readings(letter: str) -> frozenset[str]:
    """Return how a Chinese letter is read; ü as people without the key write it."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  reads its tables

    found = pinyin(letter, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = {reading for readings in found for reading in readings}
    plain = {reading for reading in readings if reading.isascii()}
    return frozenset(
        written
        for reading in plain
        for written in (
            {reading, reading.replace("v", "u"), reading.replace("v", "yu")}
        )
    )


def kana_read(name: str) -> str:
    """Return a name all in Kana as one Latin word, vowels short; else nothing.

    As passports write it: さとう and サトウ are sato.

    Examples:
        >>> kana_read("サトウ"), kana_read("たなか"), kana_read("田中")
        ('sato', 'tanaka', '')
    """
    if not _KANA.fullmatch(name):
        return ""
    return _LONG_VOWEL.sub("", _ascii(name).replace(" ", ""))


_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc ]+")
_LONG_VOWEL = re.compile("(?<=o)[ou]|(?<=u)u")


def script(text: str) -> str:
    """Return what a text is written in, by its first letter beyond the Latin ones.

    The first word of that letter's name in Unicode; empty for Latin letters.

    Examples:
        >>> script("иван"), script("王伟"), script("müller")
        ('CYRILLIC', 'CJK', '')
    """
    if text.isascii():
        return ""
    for letter in text:
        if not letter.isascii() and letter.isalpha():
            word = unicodedata.name(letter, "").partition(" ")[0]
            if word != "LATIN":
                return word
    return ""


@lru_cache(maxsize=1 << 16)  # names are asked for more than once in a run
def latin(name: str) -> str:
    """Return a normalized name in small Latin letters, as words.

    Chinese, Korean and common Japanese names become family and given name. From the
    tables of `anyascii`, which give each character its usual reading in Chinese, and
    for Chinese surnames and common Japanese ones their own.

    Examples:
        >>> latin("欧阳晓雯"), latin("김정은"), latin("Сергей Лавров")
        ('ouyang xiaowen', 'gim jeongeun', 'sergey lavrov')
    """
    if name.isascii():
        return name
    given, family = split_name(name) if _UNSPACED.fullmatch(name) else (None, name)
    return f"{_family_read(family or '')} {_ascii(given or '')}".strip()


def _family_read(name: str) -> str:
    for readings in (READINGS, _SURNAME_READINGS, JAPANESE_READINGS):
        if name in readings:
            return readings[name]
    return _ascii(name)


@cache
def _anyascii() -> Callable[[str], str]:
    from anyascii import anyascii  # noqa: PLC0415  reads its tables

    convert: Callable[[str], str] = anyascii
    return convert


def _ascii(text: str) -> str:
    latin = pinyin(text) or _NOT_LETTERS.sub("", _anyascii()(text).lower())
    return " ".join(latin.split())


def pinyin(name: str) -> str:
    """Return how a name all in Chinese characters is mostly read, else nothing.

    Without tones, so that names that sound alike, as input methods offer them, have
    one reading.

    Examples:
        >>> pinyin("晓明"), pinyin("小铭"), pinyin("ann")
        ('xiaoming', 'xiaoming', '')
    """
    return "".join(map(_reading, name)) if _HAN.fullmatch(name) else ""


@cache
def _reading(letter: str) -> str:
    """Return the usual reading of a Chinese letter."""
    return _NOT_LETTERS.sub("", _anyascii()(letter).lower())


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
