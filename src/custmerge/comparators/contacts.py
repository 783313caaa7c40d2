"""Comparators for e-mail addresses, phone numbers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.documents import kinds_of_documents
from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import (
    BoundedScorer,
    compare_coded,
    compare_prepared,
)
from custmerge.contacts import ROLES
from custmerge.masked_numbers import LEAST_ENDING, LEAST_SHOWN, Shown, masked
from custmerge.protocols import Codes, CodeScorer, Scores
from custmerge.registrations import organisation_codes
from custmerge.texts import Hashes, Texts

__all__ = ["EmailParts", "IdentifierCharacters", "PhoneDigits"]

SAME_LINE = 0.95
"""Score of two numbers alike but for country and area code."""
MASKED = 0.85
"""Score of a masked number and one that it may be: as one mistyped digit."""
ENDING = 0.75
"""Score of two numbers of which no more than the same last four characters is known to
be alike: as several mistyped digits."""
LOCAL_DIGITS = 7
"""Digits a number keeps without its area code: the shortest common national length."""


@dataclass(frozen=True, slots=True)
class EmailParts:
    """Edit similarity of the local parts, lifted a little by an equal domain.

    The local part names the person, the domain mostly the provider; so equal local
    parts at different domains score 0.9 or more, and different ones at an equal
    domain what their own similarity is. Mailboxes of a company (`info@…`) are alike
    only as far as their domains are.

    Examples:
        >>> left = ["ann.lee@a.com", "ann.lee@a.com"]
        >>> EmailParts().compare(left, ["ann.lee@b.org", "ann.leo@a.com"]).round(2)
        array([0.92, 0.86], dtype=float32)
        >>> EmailParts().compare(["info@acme.com"], ["info@bolt.org"]).round(2)
        array([0.11], dtype=float32)
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
        is_role = np.fromiter(map(ROLES.__contains__, locals_), bool, len(locals_))

        def score(left: Codes, right: Codes) -> Scores:
            local = same_local(left, right)
            a, b = domain_of[left], domain_of[right]
            domain = np.ones(len(left), dtype=np.float32)
            differ = np.flatnonzero(a != b)
            domain[differ] = same_domain(a[differ], b[differ])
            local[is_role[left] & is_role[right]] *= domain[
                is_role[left] & is_role[right]
            ]
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
    A masked number scores 0.85 beside one with the digits that both show, seven at
    least, 0.75 if these are but the last four, and 0 where any differ; where both show
    too few, nothing can be told (NaN).

    Examples:
        >>> left = ["+61293741234", "+61293741234", "+61293741234"]
        >>> PhoneDigits().compare(left, ["93741234", "+61293741243", "+61255550000"])
        array([0.95, 0.85, 0.  ], dtype=float32)
        >>> numbers = ["+8613812348888", "**8888", "1381234****"]
        >>> PhoneDigits().compare(["138****8888"] * 3, numbers).round(2)
        array([0.85, 0.75,  nan], dtype=float32)
    """

    name: str = "phone"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take each number's end off once; see `VocabularyComparator.prepare`."""
        line, hidden = _lines(values), _Masked.of(values)
        edits = compare_coded(values, OSA.distance)
        sketches = Sketches.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            distance = np.minimum(sketches.distance(left, right), _FAR)
            near = np.flatnonzero(distance < _FAR)
            found = edits(left[near], right[near])
            distance[near] = np.minimum(found, _FAR)
            scores = _STEPS[distance]
            scores[(line[left] == line[right]) & (distance > 0)] = SAME_LINE
            return hidden.settled(scores, left, right)

        def bound(left: Codes, right: Codes) -> Scores:
            most = _STEPS[np.minimum(sketches.distance(left, right), _FAR)]
            same = np.flatnonzero(line[left] == line[right])
            most[same] = np.maximum(most[same], np.float32(SAME_LINE))
            return hidden.settled(most, left, right)

        return BoundedScorer(score, bound, hidden.hides)


@dataclass(frozen=True, slots=True)
class IdentifierCharacters:
    """Edit similarity; of masked numbers by what both show, as `PhoneDigits` does.

    Where a fifth of the values or more are Chinese resident identity numbers, the
    others are taken for what people have beside them, by their length and first letter:
    passports, permits for Hong Kong, Macau or Taiwan, credit codes of a business. Of
    two documents of different kinds that are not alike nothing can be told (NaN), and
    four characters are the last ones of an identity number. Numbers of Chinese
    organisations are the same, 1, where the one's organisation code is in the other, as
    `organisation_codes` says.

    Examples:
        >>> left = ["11010519491231002X", "1101**********002X", "11010519491231002X"]
        >>> right = ["11010519491231003X", "11010519491231002X", "E12345678"]
        >>> IdentifierCharacters().compare(left, right).round(2)
        array([0.94, 0.85,  nan], dtype=float32)
    """

    name: str = "identifier"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Sketch each value once; see `VocabularyComparator.prepare`."""
        spelt = compare_coded(values, OSA.normalized_similarity)
        sketches, kinds = Sketches.of(values), kinds_of_documents(values)
        hidden = _Masked.of(values, endings=len(kinds) > 0)
        codes = organisation_codes(values)
        has_codes = bool((codes != b"").any())

        def same_organisation(left: Codes, right: Codes) -> NDArray[np.bool_]:
            held = codes[left]
            return np.asarray((held == codes[right]) & (held != b""), dtype=np.bool_)

        def score(left: Codes, right: Codes) -> Scores:
            scores = hidden.settled(spelt(left, right), left, right)
            scores[_apart(kinds, left, right) & (scores < _ALIKE)] = np.nan
            if has_codes:
                scores[same_organisation(left, right)] = 1
            return scores

        def bound(left: Codes, right: Codes) -> Scores:
            most = sketches.edit_similarity(left, right)
            hidden.settled(most, left, right)
            apart = _apart(kinds, left, right)
            # Where they may be alike or not, they may also be as if missing.
            most[apart] = np.where(most[apart] < _ALIKE, np.nan, 1)
            if has_codes:
                most[same_organisation(left, right)] = 1
            return most

        return BoundedScorer(score, bound, hidden.hides or len(kinds) > 0)


def _apart(kinds: NDArray[np.int8], left: Codes, right: Codes) -> NDArray[np.bool_]:
    """Return which pairs are documents of different kinds."""
    if not len(kinds):
        return np.zeros(len(left), dtype=bool)
    a, b = kinds[left], kinds[right]
    apart: NDArray[np.bool_] = (a != b) & (a > 0) & (b > 0)
    return apart


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
    """Which numbers are masked, and what all show; `None` where none is."""

    shown: Shown | None

    @classmethod
    def of(cls, values: Sequence[str], *, endings: bool = False) -> _Masked:
        """Look at numbers.

        Args:
            values: The numbers.
            endings: Whether four characters are the last ones of a longer number.
        """
        if not masked(values) and not (endings and LEAST_ENDING in map(len, values)):
            return cls(None)
        shown = Shown.of(values)
        is_ending = endings & (shown.lengths == LEAST_ENDING)
        return cls(replace(shown, is_masked=shown.is_masked | is_ending))

    @property
    def hides(self) -> bool:
        """Whether any number is masked."""
        return self.shown is not None

    def settled(self, scores: Scores, left: Codes, right: Codes) -> Scores:
        """Return the scores, those of masked numbers by the digits that both show."""
        shown = self.shown
        if shown is not None:
            hidden = (shown.is_masked[left] | shown.is_masked[right]) & (left != right)
            places = np.flatnonzero(hidden)
            a, b = left[places], right[places]
            n_common, ends = shown.n_common(a, b), shown.show_ends(a, b)
            found = [n_common < 0, n_common >= LEAST_SHOWN, ends]
            scores[places] = np.select(found, [0, MASKED, ENDING], np.nan)
        return scores


_STEPS = np.asarray([1.0, 0.85, 0.7, 0.0], dtype=np.float32)
_ALIKE = 0.7
"""Similarity of two identifiers from which one may be the other mistyped."""
_FAR = len(_STEPS) - 1
"""Digits from which on it does not matter how many numbers differ by."""
