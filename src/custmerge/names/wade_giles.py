"""Chinese syllables in Hanyu Pinyin and in Wade-Giles, in which Taiwan spells names.

Without tones, apostrophes and points, as people write their names: so several Pinyin
syllables share one spelling.
"""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import product

__all__ = ["from_wade_giles", "is_pinyin", "is_syllable", "syllables", "to_wade_giles"]

_FINALS = {
    "": "a ai an ang ao e en er ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo "
    "v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_INITIALS = {
    "b": "p",
    "d": "t",
    "g": "k",
    "x": "hs",
    "r": "j",
    "z": "ts",
    "c": "ts",
} | dict.fromkeys(("zh", "ch", "j", "q"), "ch")
_WHOLE = dict(
    entry.split(":")
    for entry in "ye:yeh zi:tzu ci:tzu si:ssu yi:i you:yu er:erh gui:kuei kui:kuei "
    "ge:ko ke:ko he:ho e:o guo:kuo kuo:kuo huo:huo shuo:shuo yan:yen".split()
)
"""Syllables that are spelt otherwise than their parts."""
_MOST_LETTERS = 20
"""Letters of the longest given name of three syllables, and some more."""


def to_wade_giles(syllable: str) -> str:
    """Return a Pinyin syllable in Wade-Giles; others as they are.

    Examples:
        >>> [to_wade_giles(one) for one in ("xiao", "ming", "zhi", "cai", "xue")]
        ['hsiao', 'ming', 'chih', 'tsai', 'hsueh']
    """
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    found = _PARTS.fullmatch(syllable)
    if found is None:
        return syllable
    initial, final = found.groups()
    if initial in ("zh", "ch", "sh", "r") and final == "i":
        final = "ih"
    final = _FINAL.sub(lambda part: _SPELT[part[0]], final)
    return _INITIALS.get(initial, initial) + final


_PARTS = re.compile("(zh|ch|sh|[b-df-hj-np-tw-z]?)([a-z]+)")
_SPELT = dict(
    entry.split(":")
    for entry in "ian:ien ie:ieh ue:ueh ve:ueh v:u ong:ung iong:iung uo:o".split()
)
_FINAL = re.compile(f"^(?:{'|'.join(sorted(_SPELT, key=len, reverse=True))})$")


def from_wade_giles(name: str, *, told: bool = True) -> frozenset[str]:
    """Return how a name in Wade-Giles may be written in Pinyin, in one word.

    Empty for what is none.

    Args:
        name: The name.
        told: Whether names that are as well Pinyin are not taken for Wade-Giles.

    Examples:
        >>> sorted(from_wade_giles("hsiao ming")), sorted(from_wade_giles("chihwei"))
        (['xiaoming'], ['chiwei', 'zhiwei'])
        >>> from_wade_giles("ta wei"), sorted(from_wade_giles("ta wei", told=False))
        (frozenset(), ['dawei', 'tawei'])
    """
    if len(name) > _MOST_LETTERS or not _wade_giles().fullmatch(name):
        return frozenset()
    if told and is_pinyin(name):
        return frozenset()
    return frozenset(map("".join, product(*map(_read, name.split()))))


def is_pinyin(name: str) -> bool:
    """Return whether words may be Pinyin.

    Examples:
        >>> is_pinyin("xiaoming"), is_pinyin("xiao ming"), is_pinyin("hsiao ming")
        (True, True, False)
    """
    return _pinyin().fullmatch(name) is not None


def is_syllable(word: str) -> bool:
    """Return whether a word may be one syllable, in Pinyin or in Wade-Giles.

    Examples:
        >>> is_syllable("xiao"), is_syllable("hsiao"), is_syllable("xiaoming")
        (True, True, False)
    """
    return word in _syllables()


@cache
def _syllables() -> frozenset[str]:
    return frozenset(syllables()).union(_spelt())


@cache
def _pinyin() -> re.Pattern[str]:
    return re.compile(_names_of(syllables()))


@cache
def _spelt() -> dict[str, tuple[str, ...]]:
    """Return what Pinyin syllables each Wade-Giles one stands for."""
    spelt: dict[str, list[str]] = {}
    for syllable in syllables():
        plain = syllable.replace("v", "u")
        for one in {to_wade_giles(syllable), *_ALSO.get(syllable, ())}:
            spelt.setdefault(one, []).append(plain)
    return {one: tuple(dict.fromkeys(found)) for one, found in spelt.items()}


_ALSO = {"yi": ("yi",), "si": ("szu",), "e": ("e",), "yan": ("yan",), "ye": ("ye",)}
"""Spellings that are in use as well."""


def syllables() -> list[str]:
    """Return the syllables of Pinyin, `v` for ü.

    Examples:
        >>> len(syllables()), "xiao" in syllables()
        (398, True)
    """
    return [
        initial + final
        for initial, finals in _FINALS.items()
        for final in finals.split()
    ]


def _names_of(syllables: Iterable[str]) -> str:
    """Return a pattern of names made of syllables, found fast by how they begin."""
    finals: dict[str, list[str]] = {}
    for initial, final in map(_parted, syllables):
        finals.setdefault(initial, []).append(final)
    each = [
        f"{initial}(?:{'|'.join(sorted(some, key=len, reverse=True))})"
        for initial, some in finals.items()
    ]
    first = f"(?:{'|'.join(each)})"
    # Within a word only the first syllable begins with a vowel.
    return f"{first}(?: {first}|(?![aeiou]){first})*"


def _parted(syllable: str) -> tuple[str, str]:
    final = syllable.lstrip("bcdfghjklmnpqrstwxyz")
    return syllable.removesuffix(final), final


@cache
def _wade_giles() -> re.Pattern[str]:
    return re.compile(_names_of(_spelt()))


def _read(run: str) -> frozenset[str]:
    """Return what a word may stand for."""
    return frozenset(
        first + rest
        for end in range(1, min(len(run), _LONGEST) + 1)
        for first in _spelt().get(run[:end], ())
        if not run[end:].startswith(_VOWELS)
        for rest in _read(run[end:])
    ) or (frozenset([""]) if not run else frozenset())


_LONGEST = len("chuang")
_VOWELS = tuple("aeiou")
