"""Comparators for the parts of a person's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler as _JaroWinkler

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.sounds import Sounds, raise_to
from custmerge.comparators.strings import (
    BoundedScorer,
    compare_coded,
    compare_prepared,
)
from custmerge.comparators.variants import Variants, nickname_pairs, written_pairs
from custmerge.names import (
    families_spelt,
    from_wade_giles,
    romanized,
    spellings_abroad,
)
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["FamilyName", "GivenName"]

# Where one name merely does not contradict the other, it scores a fixed value, as
# `Sounds` has it.
_NICKNAME = 0.95
_ROMANIZED = 0.95
_CONTAINED = 0.91
_INITIAL = 0.87
_SPELT_ABROAD = 0.87


@dataclass(frozen=True, slots=True)
class GivenName:
    """Jaro-Winkler, but nicknames, initials and left-out second names count as alike.

    "Jr" and "Sr" at the end tell a son from his father, who score 0.

    A pair's score is at least 0.95 for nicknames of one name and for a Chinese name and
    its Pinyin, 0.91 where the words of one are among the other's, 0.87 where one is the
    other's initial and for Wade-Giles beside Chinese or Pinyin. Chinese names that
    sound alike score at least 0.85 if they have a character in common, else 0.8, and
    0.77 if one character looks like the other's. Names in two scripts score up to 0.95
    by their Latin letters.

    Examples:
        >>> GivenName().compare(["bob", "j"], ["robert", "john"]).round(2).tolist()
        [0.949..., 0.870...]
        >>> GivenName().compare(["xiao wen", "ivan"], ["晓雯", "иван"]).round(
        ...     2
        ... ).tolist()
        [0.949..., 0.949...]
        >>> others = ["晓铭", "小铭", "晓朋", "hsiao ming"]
        >>> GivenName().compare(["晓明"] * 4, others).round(2).tolist()
        [0.850..., 0.800..., 0.769..., 0.870...]
    """

    name: str = "given_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Look each name up once; see `VocabularyComparator.prepare`."""
        values, generations = _generations(values)
        nicknames = Variants.of(nickname_pairs(values), len(values))
        contained = _Containment.of(values)
        romanizations = Variants.of(written_pairs(values, romanized), len(values))
        abroad = Variants.of(_in_wade_giles(values), len(values))
        initials = _Initials.of(values)
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sounds = Sounds.of(values)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            raise_to(scores, initials.among(left, right), _INITIAL)
            raise_to(scores, contained.among(left, right), _CONTAINED)
            raise_to(scores, nicknames.among(left, right), _NICKNAME)
            raise_to(scores, abroad.among(left, right), _SPELT_ABROAD)
            scores = sounds.raised(scores, left, right)
            scores[romanizations.among(left, right)] = _ROMANIZED
            a, b = generations[left], generations[right]
            scores[(a > 0) & (b > 0) & (a != b)] = 0
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            raise_to(most, initials.among(left, right), _INITIAL)
            raise_to(most, contained.possible(left, right), _CONTAINED)
            raise_to(most, nicknames.among(left, right), _NICKNAME)
            raise_to(most, abroad.among(left, right), _SPELT_ABROAD)
            raise_to(most, romanizations.among(left, right), _ROMANIZED)
            return sounds.bounded(most, left, right)

        return BoundedScorer(score, bound)


def _in_wade_giles(values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is the other in Wade-Giles, by their places."""
    yield from written_pairs(values, from_wade_giles)
    if not all(map(str.isascii, values)):
        # Beside characters a name may be Wade-Giles, although it is as well Pinyin.
        read = partial(from_wade_giles, told=False)
        yield from written_pairs(values, romanized, read)


def _generations(values: Sequence[str]) -> tuple[list[str], NDArray[np.int8]]:
    """Return the names without what tells father from son, and a number for that."""
    stems, numbers = [], []
    for value in values:
        stem, _, last = value.rpartition(" ")
        number = _GENERATIONS.get(last, 0) if stem else 0
        stems.append(stem if number else value)
        numbers.append(number)
    return stems, np.asarray(numbers, dtype=np.int8)


_GENERATIONS = {"sr": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4}
"""What may follow a name; the second of a name is the junior."""


@dataclass(frozen=True, slots=True)
class FamilyName:
    """Jaro-Winkler, but a part of a double name counts as alike (at least 0.91).

    So do a Chinese name and its Pinyin, a common Japanese one and its reading (0.95);
    names in two scripts are compared by their Latin letters, and Chinese ones that
    sound alike score 0.8 at least, those that look alike 0.77. A Cantonese, Hokkien or
    Wade-Giles spelling of a Chinese name, or its like in Korea, scores 0.87 at least
    beside the name and its Pinyin.

    Examples:
        >>> FamilyName().compare(["smith jones"], ["jones"]).round(2).tolist()
        [0.910...]
        >>> FamilyName().compare(["陈", "陈"], ["chen", "chan"]).round(2).tolist()
        [0.949..., 0.870...]
        >>> FamilyName().compare(["田中", "侯"], ["タナカ", "候"]).round(2).tolist()
        [0.949..., 0.800...]
    """

    name: str = "family_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take each name apart once; see `VocabularyComparator.prepare`."""
        contained = _Containment.of(values)
        romanizations = Variants.of(written_pairs(values, romanized), len(values))
        abroad = Variants.of(
            chain(
                written_pairs(values, spellings_abroad),
                written_pairs(values, families_spelt),
            ),
            len(values),
        )
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sounds = Sounds.of(values)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            raise_to(scores, contained.among(left, right), _CONTAINED)
            raise_to(scores, abroad.among(left, right), _SPELT_ABROAD)
            scores = sounds.raised(scores, left, right)
            scores[romanizations.among(left, right)] = _ROMANIZED
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            raise_to(most, contained.possible(left, right), _CONTAINED)
            raise_to(most, abroad.among(left, right), _SPELT_ABROAD)
            raise_to(most, romanizations.among(left, right), _ROMANIZED)
            return sounds.bounded(most, left, right)

        return BoundedScorer(score, bound)


@dataclass(frozen=True, slots=True, eq=False)
class _Initials:
    """Which values are initials, and what letter each value begins with."""

    initial: NDArray[np.bool_]
    first: NDArray[np.uint32]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Initials:
        return cls(
            np.asarray([len(value) == 1 for value in values], dtype=bool),
            np.asarray([ord(value[0]) for value in values], dtype=np.uint32),
        )

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of those pairs where one is the other's initial."""
        places = np.flatnonzero(self.initial[left] | self.initial[right])
        same = self.first[left[places]] == self.first[right[places]]
        found: NDArray[np.int64] = places[same]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Containment:
    """Which values' words are all in another's.

    Attributes:
        values: The values.
        several: Which are made of several words.
        bits: A bit for each word of a value, of 64, that others may share (Bloom 1970,
            doi:10.1145/362686.362692).
    """

    values: Sequence[str]
    several: NDArray[np.bool_]
    bits: NDArray[np.uint64]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Containment:
        words = [frozenset(value.split()) for value in values]
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        bits = np.zeros(len(words), dtype=np.uint64)
        held = np.flatnonzero(sizes)
        if (sizes > 1).any():
            each = [_bit(word) for some in words for word in some]
            starts = (np.cumsum(sizes) - sizes)[held]
            bits[held] = np.bitwise_or.reduceat(
                np.uint64(1) << np.asarray(each, dtype=np.uint64), starts
            )
        return cls(values, sizes > 1, bits)

    def possible(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of at least the pairs that `among` finds."""
        places = np.flatnonzero(self.several[left] | self.several[right])
        one, other = self.bits[left[places]], self.bits[right[places]]
        both = one & other
        possible: NDArray[np.int64] = places[(both == one) | (both == other)]
        return possible

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of the pairs where one's words are all in the other."""
        places = self.possible(left, right)
        one, other = (
            [frozenset(self.values[code].split()) for code in side[places].tolist()]
            for side in (left, right)
        )
        inside = [a <= b or b <= a for a, b in zip(one, other, strict=True)]
        found: NDArray[np.int64] = places[np.asarray(inside, dtype=bool)]
        return found


def _bit(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) & 63
