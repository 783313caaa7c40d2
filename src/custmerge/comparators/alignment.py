"""How far the words of two texts meet, one by one, and how alike the rest is.

Each word meets the one most like it, and weighs by how rare it is among the values. A
text that merely has less to say than the other is like it as far as it goes; where both
have words that the other contradicts, they are the less alike the more that weighs.

Words are also compared as one run of letters, since they may be parted otherwise: edits
count against the letters of the words that the texts do not share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.sketches import Sketches
from custmerge.comparators.strings import compare_coded
from custmerge.comparators.words import HAN, words_of
from custmerge.names import full_forms
from custmerge.pairs import ranges
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["aligned"]

Values = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LEAST_ALIKE = 0.5
"""Less alike than this, letters are others rather than mistyped."""
_NICKNAME = 0.9
_INITIAL = 0.75
_RESPACED = 0.98
"""What texts score whose letters are the same."""
_HAN = cache(partial(re.compile, f"[{HAN}]"))
_AT_ONCE = 200_000
"""Pairs of words looked at at a time, which bounds the memory."""


def aligned(values: Sequence[str]) -> CodeScorer:
    """Return a scorer of how far two texts' words meet, in [0, 1].

    With `c` the share of a text's weight that meets words of the other, and `u` the
    weight that does not, in average words of the two, a pair scores
    `sqrt(c_left * c_right) * exp(-min(u_left, u_right))`.

    Args:
        values: The vocabulary.
    """
    words, runs = _Words.of(values), _Runs.of(values)

    def score(left: Codes, right: Codes) -> Scores:
        scores = np.zeros(len(left), dtype=np.float32)
        costs = np.cumsum(words.sizes[left] * words.sizes[right])
        bounds = np.searchsorted(
            costs, np.arange(0, max(1, costs[-1:].sum()), _AT_ONCE)
        )
        for start, end in zip(bounds, [*bounds[1:], len(left)], strict=True):
            part = slice(start, end)
            scores[part] = _scored(words, runs, left[part], right[part])
        return scores

    return score


def _scored(words: _Words, runs: _Runs, left: Codes, right: Codes) -> Scores:
    meeting = words.meeting(left, right)
    scores = meeting.scored(meeting.met[0], meeting.met[1])
    alike = runs.alike(left, right, np.maximum(meeting.rest(0), meeting.rest(1)))
    both = [np.maximum(meeting.same[s], alike[meeting.owners[s]]) for s in (0, 1)]
    best = np.maximum(scores, meeting.scored(*both))
    best[left == right] = 1
    return np.asarray(np.clip(best, 0, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Each value as one run of letters.

    Attributes:
        edits: Counts the edits from one to another.
        sketches: Says how many these are at least.
    """

    edits: CodeScorer
    sketches: Sketches

    @classmethod
    def of(cls, values: Sequence[str]) -> _Runs:
        runs = ["".join(value.split()) for value in values]
        return cls(compare_coded(runs, OSA.distance), Sketches.of(runs))

    def alike(self, left: Codes, right: Codes, rests: Values) -> Values:
        """Return how alike runs are for how many letters they do not share by words."""
        lengths = np.maximum(rests, 1)
        least = 1 - self.sketches.distance(left, right) / lengths >= _LEAST_ALIKE
        places = np.flatnonzero(least)
        distance = self.edits(left[places], right[places])
        found = 1 - distance / lengths[places]
        found[found < _LEAST_ALIKE] = 0
        found[distance == 0] = _RESPACED
        alike = np.zeros(len(left))
        alike[places] = found
        return alike


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words of each value, one value after the other.

    Attributes:
        codes: Which word each is.
        repeats: How many times its text has had that word before.
        starts: Where the words of each value start.
        sizes: How many words each value has.
        weights: How rare each word of the vocabulary is.
        lengths: How many letters it has; a pair of Chinese ones adds one.
        firsts: Its first letter.
        is_initial: Whether it is a letter by itself.
        is_spelt: Whether it is a word of letters, which may be mistyped.
        spelt: Scores pairs of words by their letters.
        sketches: Says what those scores are at most.
        nicknames: The pairs of words of which one is short for the other, as keys.
    """

    codes: Places
    repeats: Places
    starts: Places
    sizes: Places
    weights: Values
    lengths: Values
    firsts: Places
    is_initial: Flags
    is_spelt: Flags
    spelt: CodeScorer
    sketches: Sketches
    nicknames: Places

    @classmethod
    def of(cls, values: Sequence[str]) -> _Words:
        sizes, codes, vocabulary = words_of(values, distinct=False)
        each = codes.astype(np.int64)
        n_holders = np.bincount(codes, minlength=len(vocabulary))
        n_words = len(vocabulary)
        lengths = np.fromiter(map(len, vocabulary), np.float64, n_words)
        firsts = np.fromiter((ord(word[0]) for word in vocabulary), np.int64, n_words)
        has_letters = np.fromiter(map(_has_letters, vocabulary), bool, n_words)
        is_han = np.fromiter(map(_is_han, vocabulary), bool, n_words)
        return cls(
            each,
            _repeats(np.repeat(np.arange(len(sizes)), sizes), each),
            np.cumsum(sizes) - sizes,
            sizes,
            np.log1p(len(values) / np.maximum(n_holders, 1)),
            np.where(is_han, 1, lengths),
            firsts,
            has_letters & (lengths == 1) & ~is_han,
            has_letters & (lengths > 1) & ~is_han,
            compare_coded(vocabulary, OSA.normalized_similarity),
            Sketches.of(vocabulary),
            np.unique(np.fromiter(_nicknames(vocabulary), np.int64)),
        )

    def meeting(self, left: Codes, right: Codes) -> _Meeting:
        """Return how far the words of pairs of values meet."""
        places = [ranges(self.starts[c], self.sizes[c]) for c in (left, right)]
        sides = [self.codes[place] for place in places]
        slots = _crossed(self.sizes[left], self.sizes[right])
        words = [side[which] for side, which in zip(sides, slots, strict=True)]
        repeats = [
            self.repeats[p][which] for p, which in zip(places, slots, strict=True)
        ]
        equal = np.flatnonzero((words[0] == words[1]) & (repeats[0] == repeats[1]))
        same = [np.zeros(len(side)) for side in sides]
        for found, which in zip(same, slots, strict=True):
            found[which[equal]] = 1
        rest = np.flatnonzero((same[0][slots[0]] == 0) & (same[1][slots[1]] == 0))
        alike = self._alike(words[0][rest], words[1][rest])
        met = [found.copy() for found in same]
        for found, which in zip(met, slots, strict=True):
            np.maximum.at(found, which[rest], alike)
        owners = [np.repeat(np.arange(len(left)), self.sizes[c]) for c in (left, right)]
        weights = [self.weights[side] for side in sides]
        lengths = [self.lengths[side] for side in sides]
        return _Meeting(len(left), owners, weights, lengths, same, met)

    def _alike(self, left: Places, right: Places) -> Values:
        """Return how alike words are, each distinct pair of words compared once."""
        low, high = np.minimum(left, right), np.maximum(left, right)
        keys, which = np.unique(low * len(self.weights) + high, return_inverse=True)
        a, b = np.divmod(keys, max(len(self.weights), 1))
        most = self.sketches.edit_similarity(a, b)
        near = np.flatnonzero(
            (most >= _LEAST_ALIKE) & self.is_spelt[a] & self.is_spelt[b]
        )
        found = self.spelt(a[near], b[near])
        found[found < _LEAST_ALIKE] = 0
        alike = np.zeros(len(keys))
        alike[near] = found
        is_initial = self.is_initial[a] != self.is_initial[b]
        alike[is_initial & (self.firsts[a] == self.firsts[b])] = _INITIAL
        alike[np.isin(keys, self.nicknames)] = _NICKNAME
        return alike[which]


def _has_letters(word: str) -> bool:
    """Return whether no digit is in a word, of which each tells another thing."""
    return word.isalpha() or not any(map(str.isdigit, word))


def _is_han(word: str) -> bool:
    return not word.isascii() and _HAN().match(word) is not None


def _repeats(owners: Places, codes: Places) -> Places:
    """Return how many times each text has had each of its words before."""
    order = np.lexsort((codes, owners))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = np.diff(owners[order]).astype(bool) | np.diff(codes[order]).astype(bool)
    firsts = np.flatnonzero(fresh)
    repeats = np.empty(len(order), dtype=np.int64)
    repeats[order] = np.arange(len(order)) - np.repeat(
        firsts, np.diff(firsts, append=len(order))
    )
    return repeats


def _crossed(left: Places, right: Places) -> tuple[Places, Places]:
    """Return the places of all words of one side beside all of the other, pairwise."""
    counts = left * right
    pairs = np.repeat(np.arange(len(left)), counts)
    within = ranges(np.zeros(len(left), dtype=np.int64), counts)
    first = (np.cumsum(left) - left)[pairs] + within // right[pairs]
    second = (np.cumsum(right) - right)[pairs] + within % right[pairs]
    return first, second


@dataclass(frozen=True, slots=True, eq=False)
class _Meeting:
    """The words of pairs of values; each list holds the left side and the right.

    Attributes:
        n_pairs: How many pairs.
        owners: The pair that each word is of.
        weights: How rare it is.
        lengths: How many letters it has.
        same: 1 where the other side has it too, else 0.
        met: How like it the most alike word of the other side is.
    """

    n_pairs: int
    owners: Sequence[Places]
    weights: Sequence[Values]
    lengths: Sequence[Values]
    same: Sequence[Values]
    met: Sequence[Values]

    def _sums(self, side: int, values: Values) -> Values:
        sums = np.bincount(self.owners[side], values, self.n_pairs)
        return sums.astype(np.float64)

    def rest(self, side: int) -> Values:
        """Return how many letters of each pair's words the other side has not."""
        return self._sums(side, self.lengths[side] * (1 - self.same[side]))

    def scored(self, *met: Values) -> Values:
        """Return how alike the pairs are if their words meet so far."""
        shares, unmet, masses = [], [], []
        for side, found in enumerate(met):
            weights = self.weights[side]
            whole = np.maximum(self._sums(side, weights**2), 1e-9)
            shares.append(self._sums(side, weights**2 * found) / whole)
            unmet.append(self._sums(side, weights * (1 - found)))
            masses.append(self._sums(side, weights))
        n_words = sum(
            np.bincount(owner, minlength=self.n_pairs) for owner in self.owners
        )
        mean = (masses[0] + masses[1]) / np.maximum(n_words, 1)
        contradiction = np.minimum(*unmet) / np.maximum(mean, 1e-9)
        scores: Values = np.sqrt(shares[0] * shares[1]) * np.exp(-contradiction)
        return scores


def _nicknames(vocabulary: Sequence[str]) -> Iterable[int]:
    places = {word: place for place, word in enumerate(vocabulary)}
    for place, word in enumerate(vocabulary):
        for form in full_forms(word):
            other = places.get(form, place)
            if other != place:
                yield min(place, other) * len(vocabulary) + max(place, other)
