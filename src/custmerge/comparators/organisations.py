"""Comparator for names of organisations: full, short, abbreviated, respaced.

That a long name holds a short one says the more, the fewer other names hold it too:
`deloitte` is in hardly any name but its own, `first national` in many. So each name
gets a certainty, one in so many names as might hold it: those that do hold it in one
piece, counted, and those that would hold its words one after another with others
between, expected as if words fell by chance. It is the idea of inverse document
frequency (Spärck Jones 1972) for whole names.
"""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.strings import compare_prepared, pairwise
from custmerge.comparators.tokens import soft_cosine, typos
from custmerge.comparators.words import HAN
from custmerge.organisations import (
    are_apart,
    business_core,
    is_branch,
    place_of,
    place_of_branch,
)
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["OrganisationName"]

Values = NDArray[np.float64]
Positions = NDArray[np.int64]

# What is certain scores this, on the scale of the cosine of rare words.
_RESPACED = 0.98
_IN_ONE_PIECE = 0.95
_IN_PIECES = 0.8
_ACRONYM = 0.8
_OF_BRANCH = 0.7
"""What it is worth that the name of a branch holds that of its company."""
_SAME_CORE = 0.9
"""As of names with one mistyped word; other words for a shop are hardly another one."""
_ELSEWHERE = 0.4
"""What is left of the similarity of names with two places: it is another company."""

_UNSPACED = f"{HAN}\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
"""Chinese, Japanese and Korean letters: each counts as a word."""
_WORD = cache(partial(re.compile, f"[{_UNSPACED}]|[^{_UNSPACED}\\s]+"))
_HAN = cache(partial(re.compile, f"[{HAN}]"))
_MARK = re.compile("[a-z]{1,2}")
_TYPEABLE = cache(partial(re.compile, f"[^\\W\\d_{HAN}]{{4,}}"))
_LEAST_ALIKE = 0.75
"""Less alike than this, words are other words rather than mistyped."""
_LONGEST = 16
"""Words of the longest names looked for in others."""
_HASH_BASE = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: odd, its bits well mixed (Knuth, TAOCP 3, 6.4)."""
_CONNECTORS = frozenset(
    "a and at de del der des di du et for in la las los of on the to und y".split()
)
"""Words that acronyms often leave out."""
_MAX_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """Cosine of rare words, or how surely one name is short for the other.

    A name held in one piece by the other scores 0.95, one whose words (in Chinese and
    the like, characters) are all in the other in order or that is its acronym 0.8,
    times the square root of its certainty, and less where only one is a branch. Names
    that differ by spaces alone score 0.98, those that are mistyped that times the
    square of how alike their letters are, and Chinese ones that differ in no more than
    the place in front or a word for shop or factory 0.9 times the square root of
    certainty. The best of these and the cosine counts. Names of two Chinese provinces
    or cities keep 0.4 of that.

    Examples:
        >>> left = ["ibm", "中石油", "deloitte", "jpmorgan"]
        >>> right = ["international business machines", "中国石油天然气"]
        >>> right += ["deloitte and touche", "jp morgan"]
        >>> OrganisationName().compare(left, right).round(2)
        array([0.8 , 0.79, 0.95, 0.98], dtype=float32)
        >>> left, right = ["上海益民食品"] * 2, ["益民食品", "北京益民食品"]
        >>> OrganisationName().compare(left, right).round(2).tolist()
        [0.67..., 0.25]
    """

    name: str = "organisation"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Weigh the words of each name; see `VocabularyComparator.prepare`."""
        words = [value.split() for value in values]
        measures = (
            soft_cosine(values, typos),
            _respaced(words),
            _containment(values),
            _acronyms(words),
            _mistyped(values),
            _same_business(values),
        )
        elsewhere = _elsewhere(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores: Scores = np.max([measure(left, right) for measure in measures], 0)
            scores[elsewhere(left, right) > 0] *= _ELSEWHERE
            return scores

        return score


def _respaced(names: Sequence[Sequence[str]]) -> CodeScorer:
    """Score the names that are the same but for spaces."""
    forms = _coded(map("".join, names))

    def score(left: Codes, right: Codes) -> Scores:
        return np.where(forms[left] == forms[right], _RESPACED, 0).astype(np.float32)

    return score


def _coded(texts: Iterable[str | None]) -> Positions:
    """Return the same number for the same text, counted from 0."""
    index: dict[str | None, int] = {}
    return np.asarray([index.setdefault(text, len(index)) for text in texts], np.int64)


def _same_business(values: Sequence[str]) -> CodeScorer:
    """Score the names alike but for the place in front and the word for a shop.

    The more names are left with the same words, the less that says.
    """
    found = [business_core(value) for value in values]
    cores = _coded(found)
    bearers = np.bincount(cores, minlength=1)
    worth = _SAME_CORE / np.sqrt(np.maximum(bearers - 1, 1))
    has_core = np.asarray([core is not None for core in found], dtype=bool)

    def score(left: Codes, right: Codes) -> Scores:
        same = (cores[left] == cores[right]) & has_core[left]
        return np.where(same, worth[cores[left]], 0).astype(np.float32)

    return score


def _elsewhere(values: Sequence[str]) -> CodeScorer:
    """Score 1 for the pairs of names of two places, or of branches in two, else 0."""
    n_values = len(values)
    in_front = np.fromiter(map(place_of, values), np.int64, n_values)
    of_branch = np.fromiter(map(place_of_branch, values), np.int64, n_values)

    def score(left: Codes, right: Codes) -> Scores:
        apart = are_apart(in_front[left], in_front[right])
        apart |= are_apart(of_branch[left], of_branch[right])
        return apart.astype(np.float32)

    return score


def _containment(values: Sequence[str]) -> CodeScorer:
    """Score the pairs where the words of one name are all in the other, in order."""
    words = [_words(value) for value in values]
    cores = [_without_marks(each) for each in words]
    names = _Names.of(cores)
    in_one_piece = _IN_ONE_PIECE / np.sqrt(np.maximum(names.holders(), 1))
    in_pieces = _IN_PIECES / np.sqrt(1 + names.expected_holders())
    signatures = names.signatures()
    padded = [f" {' '.join(core)} " for core in cores]
    of_branch = np.fromiter(map(is_branch, values), bool, len(values))
    # A mark makes a name longer, but by less than a word.
    sizes = names.lengths + np.fromiter(map(len, words), np.int64, len(words))

    def score(left: Codes, right: Codes) -> Scores:
        is_left_longer = sizes[left] > sizes[right]
        short = np.where(is_left_longer, right, left)
        long = np.where(is_left_longer, left, right)
        possible = (signatures[short] & ~signatures[long]) == 0
        possible &= (sizes[short] < sizes[long]) & (sizes[short] > 0)
        scores = np.zeros(len(left), dtype=np.float32)
        for place in np.flatnonzero(possible).tolist():
            a, b = short[place], long[place]
            if padded[a] in padded[b]:
                scores[place] = in_one_piece[a]
            elif _in_order(cores[a], cores[b]):
                scores[place] = in_pieces[a]
        scores[of_branch[left] != of_branch[right]] *= _OF_BRANCH
        return scores

    return score


def _words(value: str) -> list[str]:
    return value.split() if value.isascii() else _WORD().findall(value)


def _without_marks(words: list[str]) -> list[str]:
    """Return the words without one or two Latin letters, if others are Chinese.

    Such letters mark a company's shares: their class, or trouble (`st`).
    """
    if not any(map(_HAN().fullmatch, words)):
        return words
    return [word for word in words if not _MARK.fullmatch(word)]


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """Names as runs of coded words, one after another.

    Attributes:
        words: The words' codes.
        lengths: How many words each name has.
        owners: For each word, the name it is in.
    """

    words: Positions
    lengths: Positions
    owners: Positions

    @classmethod
    def of(cls, names: Sequence[Sequence[str]]) -> _Names:
        lengths = np.fromiter(map(len, names), np.int64, len(names))
        words = _coded(word for name in names for word in name)
        return cls(words, lengths, np.repeat(np.arange(len(names)), lengths))

    def signatures(self) -> NDArray[np.uint64]:
        """Return 64 bits for each name; those of a name within it are among them."""
        bits = np.uint64(1) << (self.words % 64).astype(np.uint64)
        signatures = np.zeros(len(self.lengths), dtype=np.uint64)
        np.bitwise_or.at(signatures, self.owners, bits)
        return signatures

    def expected_holders(self) -> Values:
        """Return how many others would have each name's words, if these fell freely."""
        n_names = len(self.lengths)
        others = np.maximum(np.bincount(self.words) - 1, 1)
        logs = np.log(np.minimum(others / max(n_names, 1), 1))[self.words]
        return n_names * np.exp(np.bincount(self.owners, logs, n_names))

    def holders(self) -> Values:
        """Return how many others hold each name in one piece.

        Runs of words are known by a rolling hash (Karp and Rabin 1987).
        """
        holders = np.zeros(len(self.lengths))
        ends = np.cumsum(self.lengths)
        firsts = np.arange(len(self.words))
        runs = np.zeros(len(self.words), dtype=np.uint64)
        for length in range(1, min(self.lengths.max(initial=0), _LONGEST) + 1):
            fits = firsts + length <= ends[self.owners[firsts]]
            firsts = firsts[fits]
            words = self.words[firsts + length - 1].astype(np.uint64)
            runs = runs[fits] * _HASH_BASE + words
            names = np.flatnonzero(self.lengths == length)
            whole = runs[np.searchsorted(firsts, ends[names] - length)]
            holders[names] = _occurrences(whole, runs) - 1
        return holders


def _occurrences(keys: NDArray[np.uint64], among: NDArray[np.uint64]) -> Positions:
    ordered = np.sort(among)
    first = np.searchsorted(ordered, keys, side="left")
    return np.searchsorted(ordered, keys, side="right") - first


def _acronyms(names: Sequence[Sequence[str]]) -> CodeScorer:
    """Score the pairs where one name is the initials of the other's words."""
    contents = [[word for word in name if word not in _CONNECTORS] for name in names]
    forms = (map(_letters, names), map(_initials, names), map(_initials, contents))
    coded = _coded(chain(*forms))
    letters, whole, content = np.split(coded, len(forms))
    borne = np.concatenate([whole, content[content != whole]])
    bearers = np.bincount(borne, minlength=coded.max(initial=0) + 1)
    worth = _ACRONYM / np.sqrt(np.maximum(bearers, 1))

    def score(left: Codes, right: Codes) -> Scores:
        scores = np.zeros(len(left), dtype=np.float32)
        for a, b in ((left, right), (right, left)):
            spelt = (letters[a] == whole[b]) | (letters[a] == content[b])
            scores[spelt] = worth[letters[a[spelt]]]
        return scores

    return score


def _letters(words: Sequence[str]) -> str | None:
    """Return the letters of a name that may be an acronym, such as `p and g`."""
    letters = "".join(word for word in words if word != "and")
    is_acronym = len(words) == 1 or max(map(len, words), default=0) <= 3
    return letters if is_acronym and 1 < len(letters) <= _MAX_ACRONYM else None


def _initials(words: Sequence[str]) -> str:
    is_acronym = all(len(word) == 1 for word in words)
    return "" if len(words) < 2 or is_acronym else "".join([w[0] for w in words])


def _mistyped(values: Sequence[str]) -> CodeScorer:
    """Score the pairs whose words are alike letter by letter, where not the same."""

    def score(left: Codes, right: Codes) -> Scores:
        a = [values[code] for code in left.tolist()]
        b = [values[code] for code in right.tolist()]
        scores = pairwise(a, b, OSA.normalized_similarity)
        scores[scores < _LEAST_ALIKE] = 0
        for place in np.flatnonzero(scores).tolist():
            scores[place] = _likeness_of_rest(a[place].split(), b[place].split())
        return scores

    return score


def _likeness_of_rest(words: Sequence[str], others: Sequence[str]) -> float:
    """Return how alike the letters are that two names do not share, squared.

    Where these are digits or few letters, or Chinese, one of them makes another name.
    """
    rest = "".join([word for word in words if word not in others])
    other = "".join([word for word in others if word not in words])
    if not _TYPEABLE().fullmatch(rest) or not _TYPEABLE().fullmatch(other):
        return 0.0
    likeness = OSA.normalized_similarity(rest, other)
    return _RESPACED * likeness**2 if likeness >= _LEAST_ALIKE else 0.0
