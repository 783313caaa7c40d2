"""Comparators for the parts of a person's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler as _JaroWinkler

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import (
    BoundedScorer,
    compare_coded,
    compare_prepared,
)
from custmerge.names import full_forms, romanized
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["FamilyName", "GivenName"]

# Where one name merely does not contradict the other, it scores a fixed value. They
# lie on the Jaro-Winkler scale, on which names two typing errors apart reach 0.88.
NICKNAME = 0.95
ROMANIZED = 0.95
CONTAINED = 0.91
INITIAL = 0.87


@dataclass(frozen=True, slots=True)
class GivenName:
    """Jaro-Winkler, but nicknames, initials and left-out second names count as alike.

    "Jr" and "Sr" at the end tell a son from his father, who score 0.

    A pair's score is at least 0.95 for nicknames of one name and for a Chinese name and
    its Pinyin, 0.91 where the words of one are among the other's, 0.87 where one is the
    other's initial.

    Examples:
        >>> GivenName().compare(["bob", "j"], ["robert", "john"]).round(2).tolist()
        [0.949..., 0.870...]
        >>> GivenName().compare(["xiao wen"], ["晓雯"]).round(2).tolist()
        [0.949...]
    """

    name: str = "given_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Look each name up once; see `VocabularyComparator.prepare`."""
        values, generations = _generations(values)
        nicknames = _Nicknames.of(values)
        contained = _Containment.of(values)
        romanizations = _Romanizations.of(values)
        initial = np.asarray([len(value) == 1 for value in values], dtype=bool)
        first = np.asarray([ord(value[0]) for value in values], dtype=np.int64)
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            initials = (initial[left] | initial[right]) & (first[left] == first[right])
            scores[initials] = np.maximum(scores[initials], INITIAL)
            parts = contained.among(left, right)
            scores[parts] = np.maximum(scores[parts], CONTAINED)
            variants = nicknames.among(left, right)
            scores[variants] = np.maximum(scores[variants], NICKNAME)
            scores[romanizations.among(left, right)] = ROMANIZED
            a, b = generations[left], generations[right]
            scores[(a > 0) & (b > 0) & (a != b)] = 0
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            initials = (initial[left] | initial[right]) & (first[left] == first[right])
            most = _raised(most, initials, INITIAL)
            parts = contained.several[left] | contained.several[right]
            most = _raised(most, parts, CONTAINED)
            short = nicknames.listed[left] & nicknames.listed[right]
            most = _raised(most, short, NICKNAME)
            mixed = romanizations.latin[left] != romanizations.latin[right]
            return _raised(most, mixed, ROMANIZED)

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

    So do a Chinese name and its Pinyin (0.95).

    Examples:
        >>> FamilyName().compare(["smith jones"], ["jones"]).round(2).tolist()
        [0.910...]
    """

    name: str = "family_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take each name apart once; see `VocabularyComparator.prepare`."""
        contained = _Containment.of(values)
        romanizations = _Romanizations.of(values)
        spelt = compare_coded(values, _JaroWinkler.normalized_similarity)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = spelt(left, right)
            parts = contained.among(left, right)
            scores[parts] = np.maximum(scores[parts], CONTAINED)
            scores[romanizations.among(left, right)] = ROMANIZED
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.jaro_winkler(left, right)
            parts = contained.several[left] | contained.several[right]
            most = _raised(most, parts, CONTAINED)
            mixed = romanizations.latin[left] != romanizations.latin[right]
            return _raised(most, mixed, ROMANIZED)

        return BoundedScorer(score, bound)


def _raised(scores: Scores, where: NDArray[np.bool_], least: float) -> Scores:
    raised: Scores = np.maximum(scores, where * np.float32(least))
    return raised


@dataclass(frozen=True, slots=True, eq=False)
class _Nicknames:
    """Which values are listed names, and all values' full forms."""

    values: Sequence[str]
    listed: NDArray[np.bool_]
    forms: Sequence[set[str]]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Nicknames:
        forms = [full_forms(value) for value in values]
        return cls(values, np.asarray([bool(names) for names in forms], bool), forms)

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of the pairs where one is short for the other.

        Not where both merely have a short form in common: Bill is for William, and at
        times for Robert, but no Robert is a William.
        """
        places = np.flatnonzero(self.listed[left] & self.listed[right])
        codes = zip(left[places].tolist(), right[places].tolist(), strict=True)
        short = [
            self.values[a] in self.forms[b] or self.values[b] in self.forms[a]
            for a, b in codes
        ]
        found: NDArray[np.int64] = places[np.asarray(short, dtype=bool)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Containment:
    """Which values are made of several words, and all values' words."""

    several: NDArray[np.bool_]
    words: Sequence[frozenset[str]]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Containment:
        words = [frozenset(value.split()) for value in values]
        return cls(np.asarray([len(w) > 1 for w in words], dtype=bool), words)

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of the pairs where one's words are all in the other."""
        places = np.flatnonzero(self.several[left] | self.several[right])
        codes = zip(left[places].tolist(), right[places].tolist(), strict=True)
        words = [(self.words[a], self.words[b]) for a, b in codes]
        inside = [a <= b or b <= a for a, b in words]
        found: NDArray[np.int64] = places[np.asarray(inside, dtype=bool)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Romanizations:
    """Which values are in Latin letters, and all others' ways to write them so."""

    latin: NDArray[np.bool_]
    spelled: Sequence[frozenset[str]]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Romanizations:
        latin = np.asarray([value.isascii() for value in values], dtype=bool)
        if latin.all() or not latin.any():
            return cls(latin, [frozenset()] * len(values))
        solid = [frozenset({value.replace(" ", "")}) for value in values]
        spelled = [
            one if value.isascii() else romanized(value)
            for one, value in zip(solid, values, strict=True)
        ]
        return cls(latin, spelled)

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of the pairs where one is the other in Latin letters."""
        places = np.flatnonzero(self.latin[left] != self.latin[right])
        codes = zip(left[places].tolist(), right[places].tolist(), strict=True)
        same = [not self.spelled[a].isdisjoint(self.spelled[b]) for a, b in codes]
        found: NDArray[np.int64] = places[np.asarray(same, dtype=bool)]
        return found
