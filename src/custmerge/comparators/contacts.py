"""Comparators for e-mail addresses, phone numbers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import (
    BoundedScorer,
    compare_coded,
    compare_prepared,
)
from custmerge.protocols import Codes, CodeScorer, Scores
from custmerge.texts import Hashes, Texts

__all__ = ["EmailParts", "IdentifierCharacters", "PhoneDigits"]

SAME_LINE = 0.95
"""Score of two numbers alike but for country and area code."""
MASKED = 0.85
"""Score of a masked number and one that it may be: as one mistyped digit."""
LOCAL_DIGITS = 7
"""Digits a number keeps without its area code: the shortest common national length."""


@dataclass(frozen=True, slots=True)
class EmailParts:
    """Edit similarity of the local parts, lifted a little by an equal domain.

    The local part names the person, the domain mostly the provider; so equal local
    parts at different domains score 0.9 or more, and different ones at an equal
    domain what their own similarity is.

    Examples:
        >>> left = ["ann.lee@a.com", "ann.lee@a.com"]
        >>> EmailParts().compare(left, ["ann.lee@b.org", "ann.leo@a.com"]).round(2)
        array([0.92, 0.86], dtype=float32)
    """

    name: str = "email"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Part each address once; see `VocabularyComparator.prepare`."""
        cuts = [email.rfind("@") for email in values]
        locals_ = [  # a domain by itself counts as one
            email[:cut] if cut > 0 else email[cut + 1 :]
            for email, cut in zip(values, cuts, strict=True)
        ]
        domains, domain_of = _coded(
            email[cut + 1 :] for email, cut in zip(values, cuts, strict=True)
        )
        same_local = compare_coded(locals_, OSA.normalized_similarity)
        same_domain = compare_coded(domains, OSA.normalized_similarity)
        sketches = Sketches.of(locals_)

        def score(left: Codes, right: Codes) -> Scores:
            local = same_local(left, right)
            a, b = domain_of[left], domain_of[right]
            domain = np.ones(len(left), dtype=np.float32)
            differ = np.flatnonzero(a != b)
            domain[differ] = same_domain(a[differ], b[differ])
            return np.asarray(0.9 * local + 0.1 * local * domain, dtype=np.float32)

        def bound(left: Codes, right: Codes) -> Scores:
            return sketches.edit_similarity(left, right)

        return BoundedScorer(score, bound)


def _coded(texts: Iterable[str]) -> tuple[list[str], Codes]:
    """Return the distinct texts, and for each text its position among them."""
    index: defaultdict[str, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(index.__getitem__, texts), np.int64)
    return list(index), codes


@dataclass(frozen=True, slots=True)
class PhoneDigits:
    """How many digits two numbers differ by.

    0.95 where they end in the same seven digits and one lacks (or differs in) what
    comes before; else 0.85 for one mistyped or exchanged digit, 0.7 for two, 0 beyond.
    A masked number scores 0.85 beside one with the digits that both show, else 0.

    Examples:
        >>> left = ["+61293741234", "+61293741234", "+61293741234"]
        >>> PhoneDigits().compare(left, ["93741234", "+61293741243", "+61255550000"])
        array([0.95, 0.85, 0.  ], dtype=float32)
        >>> PhoneDigits().compare(["138****8888"], ["+8613812348888"]).round(2)
        array([0.85], dtype=float32)
    """

    name: str = "phone"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take each number's end off once; see `VocabularyComparator.prepare`."""
        line, masked = _lines(values), _Masked.of(values)
        edits = compare_coded(values, OSA.distance)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            distance = np.minimum(sketches.distance(left, right), _FAR)
            near = np.flatnonzero(distance < _FAR)
            found = edits(left[near], right[near])
            distance[near] = np.minimum(found, _FAR)
            scores = _STEPS[distance]
            scores[(line[left] == line[right]) & (distance > 0)] = SAME_LINE
            return masked.settled(scores, left, right)

        def bound(left: Codes, right: Codes) -> Scores:
            most = _STEPS[np.minimum(sketches.distance(left, right), _FAR)]
            same = np.flatnonzero(line[left] == line[right])
            most[same] = np.maximum(most[same], np.float32(SAME_LINE))
            return masked.settled(most, left, right)

        return BoundedScorer(score, bound)


@dataclass(frozen=True, slots=True)
class IdentifierCharacters:
    """Edit similarity, and 0.85 for a masked number and one that it may be.

    That is one with the characters that both show, seven at least; others beside a
    masked one score 0.

    Examples:
        >>> left = ["11010519491231002X", "1101**********002X"]
        >>> right = ["11010519491231003X", "11010519491231002X"]
        >>> IdentifierCharacters().compare(left, right).round(2)
        array([0.94, 0.85], dtype=float32)
    """

    name: str = "identifier"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Sketch each value once; see `VocabularyComparator.prepare`."""
        spelt = compare_coded(values, OSA.normalized_similarity)
        sketches, masked = Sketches.of(values), _Masked.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            return masked.settled(spelt(left, right), left, right)

        def bound(left: Codes, right: Codes) -> Scores:
            return masked.settled(sketches.edit_similarity(left, right), left, right)

        return BoundedScorer(score, bound)


def _lines(values: Sequence[str]) -> Hashes:
    """Return a hash of each number's last digits; what has too few shares none."""
    parts = [(np.empty(0, np.uint64), np.empty(0, bool))]
    for _, texts in Texts.parts(values):
        starts, ends = texts.starts, texts.ends
        last = np.maximum(starts, ends - LOCAL_DIGITS)
        parts.append((texts.hashes(last, ends), ends - starts < LOCAL_DIGITS))
    lines, short = map(np.concatenate, zip(*parts, strict=True))
    lines[short] = np.arange(np.count_nonzero(short))
    return lines


@dataclass(frozen=True, slots=True, eq=False)
class _Masked:
    """What numbers show of their digits.

    Attributes:
        is_masked: Which values hide some; empty where none does.
        shown: The last characters of each value as bytes, the last one first; 0 where
            one is hidden or there is none.
    """

    is_masked: NDArray[np.bool_]
    shown: NDArray[np.uint8]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Masked:
        if not any("*" in value for value in values):
            values = ()
        shown = np.zeros((len(values), _MOST_SHOWN), dtype=np.uint8)
        for i, value in enumerate(values):
            last = value[: -_MOST_SHOWN - 1 : -1].encode("ascii", "replace")
            characters = last.replace(b"*", b"\0").replace(b"+", b"\0")
            shown[i, : len(characters)] = np.frombuffer(characters, np.uint8)
        return cls(np.asarray(["*" in value for value in values], dtype=bool), shown)

    def settled(self, scores: Scores, left: Codes, right: Codes) -> Scores:
        """Return the scores, those of masked numbers by the digits that both show."""
        if len(self.is_masked):
            hidden = (self.is_masked[left] | self.is_masked[right]) & (left != right)
            places = np.flatnonzero(hidden)
            a, b = self.shown[left[places]], self.shown[right[places]]
            both = (a != 0) & (b != 0)
            agree = (both.sum(axis=1) >= LOCAL_DIGITS) & ~(both & (a != b)).any(axis=1)
            scores[places] = np.where(agree, np.float32(MASKED), np.float32(0))
        return scores


_MOST_SHOWN = 18
"""Characters of the longest numbers that are masked (GB 11643)."""
_STEPS = np.asarray([1.0, 0.85, 0.7, 0.0], dtype=np.float32)
_FAR = len(_STEPS) - 1
"""Digits from which on it does not matter how many numbers differ by."""
