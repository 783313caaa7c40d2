"""Comparators for the parts of a person's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler as _JaroWinkler

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import (
    BoundedScorer,
    compare_coded,
    compare_prepared,
)
from custmerge.names import (
    full_forms,
    latin,
    pinyin,
    romanized,
    script,
    spellings_abroad,
)
from custmerge.pairs import distinct
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["ROMANIZED", "FamilyName", "GivenName", "Sounds"]

# Where one name merely does not contradict the other, it scores a fixed value. They
# lie on the Jaro-Winkler scale, on which names two typing errors apart reach 0.88.
NICKNAME = 0.95
ROMANIZED = 0.95
CONTAINED = 0.91
INITIAL = 0.87
SPELT_ABROAD = 0.87
HOMOPHONE = 0.8
"""As of two typing errors at most: the input method offers all that sounds alike."""


@dataclass(frozen=True, slots=True)
class GivenName:
    """Jaro-Winkler, but nicknames, initials and left-out second names count as alike.

    "Jr" and "Sr" at the end tell a son from his father, who score 0.

    A pair's score is at least 0.95 for nicknames of one name and for a Chinese name and
    its Pinyin, 0.91 where the words of one are among the other's, 0.87 where one is the
    other's initial, 0.8 for Chinese names that sound alike. Names in two scripts score
    up to 0.95 by their Latin letters.

    Examples:
        >>> GivenName().compare(["bob", "j"], ["robert", "john"]).round(2).tolist()
        [0.949..., 0.870...]
        >>> GivenName().compare(["xiao wen", "ivan"], ["晓雯", "иван"]).round(
        ...     2
        ... ).tolist()
        [0.949..., 0.949...]
        >>> GivenName().compare(["晓明"], ["小铭"]).round(2).tolist()
        [0.800...]
    """

    name: str = "given_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Look each name up once; see `VocabularyComparator.prepare`."""
        values, generations = _generations(values)
        nicknames = _Variants.of(_nicknames(values), len(values))
        contained = _Containment.of(values)
        romanizations = _Variants.of(_romanizations(values), len(values))
        initials = _Initials.of(values)
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sounds = Sounds.of(values)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            _raise(scores, initials.among(left, right), INITIAL)
            _raise(scores, contained.among(left, right), CONTAINED)
            _raise(scores, nicknames.among(left, right), NICKNAME)
            scores = sounds.raised(scores, left, right)
            scores[romanizations.among(left, right)] = ROMANIZED
            a, b = generations[left], generations[right]
            scores[(a > 0) & (b > 0) & (a != b)] = 0
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            _raise(most, initials.among(left, right), INITIAL)
            _raise(most, contained.possible(left, right), CONTAINED)
            _raise(most, nicknames.among(left, right), NICKNAME)
            _raise(most, romanizations.among(left, right), ROMANIZED)
            return sounds.bounded(most, left, right)

        return BoundedScorer(score, bound)


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

    So do a Chinese name and its Pinyin (0.95); names in two scripts are compared by
    their Latin letters, and Chinese ones that sound alike score 0.8 at least. A
    Cantonese, Hokkien or Wade-Giles spelling of a Chinese name scores 0.87 at least.

    Examples:
        >>> FamilyName().compare(["smith jones"], ["jones"]).round(2).tolist()
        [0.910...]
        >>> FamilyName().compare(["陈", "陈"], ["chen", "chan"]).round(2).tolist()
        [0.949..., 0.870...]
    """

    name: str = "family_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take each name apart once; see `VocabularyComparator.prepare`."""
        contained = _Containment.of(values)
        romanizations = _Variants.of(_romanizations(values), len(values))
        abroad = _Variants.of(_romanizations(values, spellings_abroad), len(values))
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sounds = Sounds.of(values)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            _raise(scores, contained.among(left, right), CONTAINED)
            _raise(scores, abroad.among(left, right), SPELT_ABROAD)
            scores = sounds.raised(scores, left, right)
            scores[romanizations.among(left, right)] = ROMANIZED
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            _raise(most, contained.possible(left, right), CONTAINED)
            _raise(most, abroad.among(left, right), SPELT_ABROAD)
            _raise(most, romanizations.among(left, right), ROMANIZED)
            return sounds.bounded(most, left, right)

        return BoundedScorer(score, bound)


def _raise(scores: Scores, places: NDArray[np.int64], least: float | Scores) -> None:
    scores[places] = np.maximum(scores[places], least, dtype=np.float32)


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
class _Variants:
    """Pairs of values that are known for one name.

    Attributes:
        bits: For each value a bit for itself, of 64 that others may share, and one for
            each other value in a pair with it; none where there is none.
        keys: For each pair `smaller * len(bits) + larger`, ascending.
    """

    bits: NDArray[np.uint64]
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]], n_values: int) -> _Variants:
        both = np.asarray([*pairs], dtype=np.int64).reshape(-1, 2)
        own = np.uint64(1) << (both & 63).astype(np.uint64)
        bits = np.zeros(n_values, dtype=np.uint64)
        np.bitwise_or.at(bits, both, own | own[:, ::-1])
        return cls(bits, distinct(both.min(axis=1) * n_values + both.max(axis=1)))

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of those pairs that are among these."""
        if not len(self.keys):
            return np.empty(0, dtype=np.int64)
        may = (self.bits[left] & self.bits[right]) != 0
        places = np.flatnonzero(may & (left != right))
        a, b = left[places].astype(np.int64), right[places].astype(np.int64)
        keys = np.minimum(a, b) * len(self.bits) + np.maximum(a, b)
        nearest = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found: NDArray[np.int64] = places[self.keys[nearest] == keys]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """How values are read, where these are in several scripts or in Chinese.

    Attributes:
        scripts: A number for the script of each value; empty where all are Latin.
        spelt: Scores pairs by their Latin letters.
        sketches: Says what those scores are at most.
        readings: A number for how a Chinese value is read, 0 for all others.
    """

    scripts: NDArray[np.int64]
    spelt: CodeScorer
    sketches: Sketches
    readings: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[str]) -> Sounds:
        """Read each value once."""
        scripts = script_codes(values)
        if not scripts.any():
            values = []
        in_latin = [latin(value).replace(" ", "") for value in values]
        readings: dict[str, int] = {"": 0}
        return cls(
            scripts[: len(values)],
            compare_coded(in_latin, _JaroWinkler.normalized_similarity),
            Sketches.of(in_latin),
            np.asarray(
                [readings.setdefault(pinyin(v), len(readings)) for v in values],
                dtype=np.int64,
            ),
        )

    def raised(self, scores: Scores, left: Codes, right: Codes) -> Scores:
        """Return at least the scores of what sounds alike."""
        if len(self.scripts):
            differ = np.flatnonzero(self.scripts[left] != self.scripts[right])
            alike = self.spelt(left[differ], right[differ])
            _raise(scores, differ, ROMANIZED * alike)
            _raise(scores, self.homophones(left, right), HOMOPHONE)
        return scores

    def bounded(self, most: Scores, left: Codes, right: Codes) -> Scores:
        """Return at least what those scores are at most."""
        if len(self.scripts):
            differ = np.flatnonzero(self.scripts[left] != self.scripts[right])
            alike = self.sketches.jaro_winkler(left[differ], right[differ])
            _raise(most, differ, ROMANIZED * alike)
            _raise(most, self.homophones(left, right), HOMOPHONE)
        return most

    def homophones(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of the pairs of Chinese names that sound alike."""
        a, b = self.readings[left], self.readings[right]
        return np.flatnonzero((a == b) & (a > 0))


def _nicknames(values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is short for the other, by their places.

    Not those that merely have a short form in common: Bill is for William, and at
    times for Robert, but no Robert is a William.
    """
    places = _places(values)
    for place, value in enumerate(values):
        for form in full_forms(value):
            yield from ((place, other) for other in places.get(form, ()))


def _romanizations(
    values: Sequence[str], spell: Callable[[str], Iterable[str]] = romanized
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is the other in Latin letters, by their places."""
    if all(map(str.isascii, values)):
        return
    latin = [value.replace(" ", "") if value.isascii() else "" for value in values]
    places = _places(latin)
    for place, value in enumerate(values):
        for spelled in () if value.isascii() else spell(value):
            yield from ((place, other) for other in places.get(spelled, ()))


def script_codes(values: Sequence[str]) -> NDArray[np.int64]:
    """Return a number for the script of each value; 0 where it is Latin."""
    if all(map(str.isascii, values)):
        return np.zeros(len(values), dtype=np.int64)
    numbers = {"": 0}
    return np.asarray(
        [numbers.setdefault(script(value), len(numbers)) for value in values], np.int64
    )


def _places(values: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    return places


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
