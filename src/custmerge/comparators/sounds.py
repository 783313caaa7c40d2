"""How names in several scripts, and in Chinese, sound and look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler as _JaroWinkler

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import compare_coded
from custmerge.comparators.variants import Variants, look_alike_pairs
from custmerge.names import latin, pinyin, script, split_name
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["ROMANIZED", "Alone", "Grades", "Sounds", "raise_to"]

ROMANIZED = 0.95
"""What a name scores in another script. All such scores lie on the Jaro-Winkler scale,
on which names two typing errors apart reach 0.88."""
Grades = tuple[float, float, float]
"""What Chinese names score at least that look alike; that sound alike; that sound alike
and have half of their characters in common."""
_GRADES: Grades = (0.77, 0.8, 0.85)
"""As of two typing errors at most: the input method offers all that sounds alike. By
default one level of agreement, which on generated customers tells no less than two."""
_LETTERS = 4
"""Letters of Chinese names, all but the longest of which have so many at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """How values are read, where these are in several scripts or in Chinese.

    Attributes:
        scripts: A number for the script of each value; empty where all are Latin.
        spelt: Scores pairs by their Latin letters.
        sketches: Says what those scores are at most.
        readings: A number for how a Chinese value is read, 0 for all others.
        letters: The first letters of each value, 0 beyond its end.
        similar: The Chinese values that look alike.
    """

    scripts: NDArray[np.int64]
    spelt: CodeScorer
    sketches: Sketches
    readings: NDArray[np.int64]
    letters: NDArray[np.uint32]
    similar: Variants

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
            _letters(values),
            Variants.of(look_alike_pairs(values), len(values)),
        )

    def raised(self, scores: Scores, left: Codes, right: Codes) -> Scores:
        """Return at least the scores of what sounds alike."""
        if len(self.scripts):
            differ = np.flatnonzero(self.scripts[left] != self.scripts[right])
            alike = self.spelt(left[differ], right[differ])
            raise_to(scores, differ, ROMANIZED * alike)
            self.raise_chinese(scores, left, right, _GRADES)
        return scores

    def bounded(self, most: Scores, left: Codes, right: Codes) -> Scores:
        """Return at least what those scores are at most."""
        if len(self.scripts):
            differ = np.flatnonzero(self.scripts[left] != self.scripts[right])
            alike = self.sketches.jaro_winkler(left[differ], right[differ])
            raise_to(most, differ, ROMANIZED * alike)
            self.raise_chinese(most, left, right, _GRADES)
        return most

    def raise_chinese(
        self, scores: Scores, left: Codes, right: Codes, least: Grades
    ) -> None:
        """Raise scores of Chinese names that look or sound alike.

        Args:
            scores: The scores.
            left: The names.
            right: As many.
            least: What they score at least.
        """
        look_alike, homophone, partly = least
        raise_to(scores, self.similar.among(left, right), look_alike)
        a, b = self.readings[left], self.readings[right]
        places = np.flatnonzero((a == b) & (a > 0))
        raise_to(scores, places, homophone)
        one, other = self.letters[left[places]], self.letters[right[places]]
        n_same = ((one == other) & (one > 0)).sum(axis=1)
        raise_to(scores, places[2 * n_same >= (one > 0).sum(axis=1)], partly)


def _letters(values: Sequence[str]) -> NDArray[np.uint32]:
    texts = np.asarray(values, dtype=f"<U{_LETTERS}")
    return texts.view(np.uint32).reshape(-1, _LETTERS)


def script_codes(values: Sequence[str]) -> NDArray[np.int64]:
    """Return a number for the script of each value; 0 where it is Latin."""
    if all(map(str.isascii, values)):
        return np.zeros(len(values), dtype=np.int64)
    numbers = {"": 0}
    return np.asarray(
        [numbers.setdefault(script(value), len(numbers)) for value in values], np.int64
    )


def raise_to(scores: Scores, places: NDArray[np.int64], least: float | Scores) -> None:
    """Raise the scores at some places to the least that they are."""
    scores[places] = np.maximum(scores[places], least, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """Which values are a family name alone, and of what family whole names are.

    Attributes:
        families: A number for the family name of each Chinese, Japanese or Korean
            value, 0 for all others.
        alone: Whether it is the family name alone.
    """

    families: NDArray[np.int64]
    alone: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Sequence[str]) -> Alone:
        """Take each value apart once."""
        numbers: dict[str, int] = {"": 0}
        parts = [("", "") if v.isascii() else split_name(v) for v in values]
        families = [
            numbers.setdefault(family or "", len(numbers)) for _, family in parts
        ]
        alone = [not given and bool(family) for given, family in parts]
        return cls(np.asarray(families, np.int64), np.asarray(alone, dtype=bool))

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of pairs of one family, of which one is the name alone."""
        places = np.flatnonzero(self.alone[left] | self.alone[right])
        a, b = self.families[left[places]], self.families[right[places]]
        found: NDArray[np.int64] = places[(a == b) & (a > 0)]
        return found
