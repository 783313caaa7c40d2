"""Comparators for any text: equality and edit distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler as _JaroWinkler

from custmerge.comparators.sketches import Sketches
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = [
    "BoundedScorer",
    "Exact",
    "JaroWinkler",
    "Levenshtein",
    "compare_coded",
    "compare_prepared",
    "pairwise",
]


_MAX_COMPARED = 1_000
"""Characters compared of each text: edit distances cost the product of the lengths."""
_WORTH_THREADS = 5_000
"""Pairs below which threads take longer to start than to compare."""


def pairwise(
    left: Sequence[str],
    right: Sequence[str],
    scorer: Callable[..., float],
    **parameters: float,
) -> Scores:
    """Return a rapidfuzz scorer's value for each pair, on all cores if they are many.

    Of long texts only the first thousand characters are compared.
    """
    return _compared(_cut(left), _cut(right), scorer, parameters)


def compare_coded(
    values: Sequence[str], scorer: Callable[..., float], **parameters: float
) -> CodeScorer:
    """Return what does the same as `pairwise` for positions in a vocabulary."""
    texts = np.empty(len(values), dtype=object)
    texts[:] = _cut(values)

    def score(left: Codes, right: Codes) -> Scores:
        return _compared(
            texts[left].tolist(), texts[right].tolist(), scorer, parameters
        )

    return score


def _cut(texts: Sequence[str]) -> Sequence[str]:
    if max(map(len, texts), default=0) <= _MAX_COMPARED:
        return texts
    return [text[:_MAX_COMPARED] for text in texts]


def _compared(
    left: Sequence[str],
    right: Sequence[str],
    scorer: Callable[..., float],
    parameters: dict[str, float],
) -> Scores:
    scores: Scores = process.cpdist(
        left,
        right,
        scorer=scorer,
        scorer_kwargs=parameters,
        workers=-1 if len(left) >= _WORTH_THREADS else 1,
        dtype=np.float32,
    )
    return scores


def compare_prepared(
    prepare: Callable[[Sequence[str]], CodeScorer],
    left: Sequence[str],
    right: Sequence[str],
) -> Scores:
    """Compare texts by a comparator that wants their vocabulary first."""
    index = {value: code for code, value in enumerate(dict.fromkeys([*left, *right]))}
    codes_left = np.asarray([index[value] for value in left], dtype=np.int64)
    codes_right = np.asarray([index[value] for value in right], dtype=np.int64)
    return prepare(list(index))(codes_left, codes_right)


@dataclass(frozen=True, slots=True)
class BoundedScorer:
    """A scorer that can cheaply say how alike two values are at most.

    Attributes:
        score: Scores pairs of positions in a vocabulary.
        bound: Returns scores that those are never above.
        is_partial: Whether of some two values nothing can be told, so that their score,
            and where that is certain their bound, is NaN: as if one were missing.
    """

    score: CodeScorer
    bound: CodeScorer
    is_partial: bool = False

    def __call__(self, left: Codes, right: Codes) -> Scores:
        """Return the similarity of each pair of positions."""
        return self.score(left, right)


@dataclass(frozen=True, slots=True)
class Exact:
    """1 where the values are equal, else 0.

    Examples:
        >>> Exact().compare(["a", "a"], ["a", "b"]).tolist()
        [1.0, 0.0]
    """

    name: str = "exact"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return np.fromiter(map(str.__eq__, left, right), np.float32, len(left))

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Take values by what they are; see `VocabularyComparator.prepare`."""
        index = {value: code for code, value in enumerate(values)}
        same = np.asarray([index[value] for value in values], dtype=np.int64)
        each_once = len(index) == len(values)

        def score(left: Codes, right: Codes) -> Scores:
            equal = left == right if each_once else same[left] == same[right]
            return np.asarray(equal, dtype=np.float32)

        return BoundedScorer(score, score)


@dataclass(frozen=True, slots=True)
class JaroWinkler:
    """Jaro's similarity, raised for a common prefix (Winkler 1990).

    Attributes:
        prefix_weight: How much each of up to four equal first characters counts, in
            [0, 0.25].

    Examples:
        >>> JaroWinkler().compare(["martha"], ["marhta"]).round(3).tolist()
        [0.961...]
    """

    prefix_weight: float = 0.1
    name: str = "jaro_winkler"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        scorer = _JaroWinkler.normalized_similarity
        return pairwise(left, right, scorer, prefix_weight=self.prefix_weight)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Sketch each value once; see `VocabularyComparator.prepare`."""
        sketches = Sketches.of(values)

        def bound(left: Codes, right: Codes) -> Scores:
            return sketches.jaro_winkler(left, right, self.prefix_weight)

        scorer = _JaroWinkler.normalized_similarity
        score = compare_coded(values, scorer, prefix_weight=self.prefix_weight)
        return BoundedScorer(score, bound)


@dataclass(frozen=True, slots=True)
class Levenshtein:
    """One minus the edits between the values, as a share of the longer one's length.

    Edits are insertions, deletions, substitutions and exchanges of neighbours
    (optimal string alignment distance).

    Examples:
        >>> Levenshtein().compare(["jonh"], ["john"]).tolist()
        [0.75]
    """

    name: str = "levenshtein"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return pairwise(left, right, OSA.normalized_similarity)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Sketch each value once; see `VocabularyComparator.prepare`."""
        score = compare_coded(values, OSA.normalized_similarity)
        return BoundedScorer(score, Sketches.of(values).edit_similarity)
