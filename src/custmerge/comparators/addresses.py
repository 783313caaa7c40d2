"""Comparator for postal addresses: their words, and the numbers of their levels.

A Chinese address goes from the large to the small: province, city, county, road and
number, lane, building, unit, floor, room. A level left out says less; a level with
another number is another place, however much the rest agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators.strings import BoundedScorer, compare_prepared
from custmerge.comparators.tokens import TokenCosine
from custmerge.divisions import division_levels
from custmerge.protocols import Codes, CodeScorer, Scores
from custmerge.texts import Hashes, Places, Texts

__all__ = ["Address"]

_LEVELS = ("号", "弄巷", "栋", "单", "层", "室户", "期", "区", "组队")
"""What follows a number and says of which level it is; the words for one are alike."""
_ROOM = 5
"""The level of a number with nothing after it at the end of a Chinese address."""
_ELSEWHERE = 0.8
"""What is left of the similarity for each level where the numbers are others."""
_LEFT_OUT = 0.9
"""The same for each level that only one of the addresses has."""
_FIRST_HAN = 0x3400


@dataclass(frozen=True, slots=True)
class Address:
    """Cosine of rare words, forgiving typing errors; less where numbers differ.

    That is for Chinese addresses, where a word tells of which level a number is: each
    level that has another number leaves 0.8 of the similarity, and each that only one
    address has 0.9. So one that holds the other is between the same and its neighbour.
    Each of province, city and county that differs leaves 0.8 too; one that is left out
    costs nothing, since the county, or whoever keeps the file, tells it.

    Examples:
        >>> left, right = ["12 high st"], ["12 hihg st"]
        >>> Address().compare(left, right).round(2).tolist()
        [0.9...]
        >>> home = "世纪大道100号3栋2单元501室"
        >>> others = ["世纪大道100号3栋2单元", "世纪大道100号3栋2单元402室"]
        >>> within, beside = Address().compare([home, home], others)
        >>> bool(beside < within < 1)
        True
    """

    name: str = "address"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Weigh the words of each value; see `VocabularyComparator.prepare`."""
        levels = _numbers(values)
        if not len(levels):
            return TokenCosine().prepare(values)
        places, skipped = _divisions(values)
        words = TokenCosine().prepare(_told(values, skipped))

        def score(left: Codes, right: Codes) -> Scores:
            scores = words(left, right)
            for names in places:
                a, b = names[left], names[right]
                scores[(a != b) & (a != 0) & (b != 0)] *= _ELSEWHERE
            for numbers in levels:
                a, b = numbers[left], numbers[right]
                scores[(a == 0) != (b == 0)] *= _LEFT_OUT
                scores[(a != 0) & (b != 0) & (a & b == 0)] *= _ELSEWHERE
            return scores

        bound = words.bound if isinstance(words, BoundedScorer) else words
        return BoundedScorer(score, bound)


def _told(values: Sequence[str], skipped: Places) -> list[str]:
    """Return what addresses say, each number with the letter of its level.

    So that 3 of a road's number is no evidence for 3 of a building's; and without what
    the county already tells, the province and city it is in.

    Args:
        values: The addresses.
        skipped: How many characters of each are left out.
    """
    cut = zip(values, skipped.tolist(), strict=True)
    kept = [value[start:].replace("\n", " ") for value, start in cut]
    told: list[str] = []
    for start in range(0, len(kept), _AT_ONCE):
        text = "\n".join(kept[start : start + _AT_ONCE])
        encoded = text.encode("utf-32-le", "surrogatepass")
        letters = np.frombuffer(encoded, np.uint32).copy()
        follows = np.append(False, _is_spelt(letters)[:-1])
        places = np.flatnonzero(follows & np.isin(letters, [*_LEVEL_OF]))
        words = letters[places]
        for word, level in _LEVEL_OF.items():
            letters[places[words == word]] = _LEVEL_LETTERS[level]
        parted = np.insert(letters, places + 1, ord(" "))
        told += parted.tobytes().decode("utf-32-le", "surrogatepass").split("\n")
    return told


_AT_ONCE = 1 << 14
"""Values that are joined to one text at a time."""
_LEVEL_OF = {ord(word): i for i, words in enumerate(_LEVELS) for word in words}
_LEVEL_LETTERS = [ord(letter) for letter in "nlbufrpqt"]


def _divisions(values: Sequence[str]) -> tuple[Hashes, Places]:
    """Return the divisions of addresses, and where the name of the last one starts.

    They are hashes, 0 for none, of shape `(n_levels, n_values)`: for the province, city
    and county that an address begins with, each a word.
    """
    levels = division_levels()
    known = Texts.of([*levels])
    hashes = known.hashes(known.starts, known.ends)
    order = np.argsort(hashes)
    hashes, level_of = hashes[order], np.fromiter(levels.values(), np.int64)[order]
    found = np.zeros((1 + level_of.max(), len(values)), dtype=np.uint64)
    last = np.zeros(len(values), dtype=np.int64)
    for n_before, texts in Texts.parts(values):
        owners, starts, ends = _first_words(texts, len(found))
        words = texts.hashes(starts, ends)
        places = np.minimum(np.searchsorted(hashes, words), len(hashes) - 1)
        is_known = hashes[places] == words
        owners, starts = owners[is_known], starts[is_known]
        found[level_of[places[is_known]], n_before + owners] = words[is_known]
        np.maximum.at(last, n_before + owners, starts - texts.starts[owners])
    return found, last


def _first_words(texts: Texts, n_words: int) -> tuple[Places, Places, Places]:
    """Return the text, start and end of the first words of each text."""
    owners = np.arange(len(texts.starts))
    starts, parts = texts.starts, []
    blanks = np.append(np.flatnonzero(texts.letters == ord(" ")), len(texts.letters))
    for _ in range(n_words):
        ends = np.minimum(blanks[np.searchsorted(blanks, starts)], texts.ends[owners])
        parts.append((owners, starts, ends))
        more = ends < texts.ends[owners]
        owners, starts = owners[more], 1 + ends[more]
    found = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return found[0], found[1], found[2]


def _numbers(values: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits for the numbers of each level and value; no rows where none has.

    Shape `(n_levels, n_values)`. Equal numbers have equal bits; others seldom do.
    """
    bits = np.zeros((len(_LEVELS), len(values)), dtype=np.uint64)
    if all(map(str.isascii, values)):
        return bits[:0]
    for n_before, texts in Texts.parts(values):
        owners, starts, ends = _runs(texts)
        after = np.append(texts.letters, 0)[ends]
        at_end = ends == texts.ends[owners]
        levels = np.full(len(ends), -1)
        for letter, level in _LEVEL_OF.items():
            levels[(after == letter) & ~at_end] = level
        before = texts.letters[starts - 1]
        is_room = at_end & (starts > texts.starts[owners]) & (before >= _FIRST_HAN)
        levels[is_room] = _ROOM
        kept = levels >= 0
        hashes = texts.hashes(starts[kept], ends[kept]) * _MIXER
        bit = np.uint64(1) << (hashes >> np.uint64(58))
        np.bitwise_or.at(bits, (levels[kept], n_before + owners[kept]), bit)
    return bits


_MIXER = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that a product's highest bits mix all bits (Knuth, TAOCP 3, 6.4)."""


def _runs(texts: Texts) -> tuple[NDArray[np.int64], ...]:
    """Return the text, start and end of each run of digits and small Latin letters."""
    letters = texts.letters
    within = _is_spelt(letters)
    opens = np.zeros(len(letters), dtype=bool)
    opens[texts.starts[texts.starts < texts.ends]] = True
    follows = np.append(False, within[:-1])[: len(within)] & within & ~opens
    starts = np.flatnonzero(within & ~follows)
    ends = 1 + np.flatnonzero(within & ~np.append(follows[1:], False)[: len(within)])
    return np.searchsorted(texts.ends, starts, side="right"), starts, ends


def _is_spelt(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which are digits or small Latin letters."""
    is_digit = (letters >= ord("0")) & (letters <= ord("9"))
    spelt: NDArray[np.bool_] = is_digit | (letters >= ord("a")) & (letters <= ord("z"))
    return spelt
