"""How alike texts can be at most, told from 64 bits of each.

A text's sketch has its length and a bit for each of its characters, the first `a`
another than the second. Bits that only one of two sketches has stand for characters
that only one of the texts has, so that edit distance and common characters are bounded
by counting bits: fifty times as fast as comparing the texts (bag distance: Bartolini,
Ciaccia and Patella 2002, doi:10.1007/3-540-45735-6_24).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Codes, Scores

__all__ = ["Sketches"]

_MAX_LENGTH = 64
"""Characters of the longest texts that are sketched; longer ones have no bound."""
_BITS = np.uint64(57)
"""Bits of a sketch; those above hold the number of characters."""
_CHARACTERS = (np.uint64(1) << _BITS) - np.uint64(1)
_AT_ONCE = 1 << 11
"""Texts sketched at a time: the number of one, and a letter, take 32 bits."""
_CHARACTER, _REPEAT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd multipliers that mix a character and which of its occurrences it is into a bit
(Knuth, TAOCP 3, 6.4)."""
_BOOSTED = 0.7
"""Jaro similarity from which Winkler's raises it for a common prefix."""
_MOST_PREFIX = 4
_SLACK = 1e-5
"""What scores may be above their bound by rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """Sketches of a vocabulary.

    Attributes:
        packed: uint64, shape `(n_values,)`: the bits of the characters, and above them
            how many characters there are, 0 of texts too long to be sketched. In one
            number, since to look one up at random costs more than all else.

    Examples:
        >>> sketches = Sketches.of(["martha", "marhta", "smith"])
        >>> one, others = np.asarray([0, 0]), np.asarray([1, 2])
        >>> sketches.edit_similarity(one, others).round(2).tolist()
        [1.0, 0.5]
    """

    packed: NDArray[np.uint64]

    @classmethod
    def of(cls, values: Sequence[str]) -> Sketches:
        """Sketch each value."""
        parts = [
            _sketched(values[start : start + _AT_ONCE])
            for start in range(0, len(values), _AT_ONCE)
        ]
        return cls(np.concatenate([np.empty(0, np.uint64), *parts]))

    def distance(self, left: Codes, right: Codes) -> NDArray[np.int8]:
        """Return how many edits two texts are apart at least.

        Edits are those of the optimal string alignment distance.
        """
        cells = self._cells(left, right)
        least: NDArray[np.int8] = _distances().take(cells, mode="clip")
        return least

    def edit_similarity(self, left: Codes, right: Codes) -> Scores:
        """Return the most that one minus the edits' share of the longer text can be."""
        cells = self._cells(left, right)
        most: Scores = _edit_similarities().take(cells, mode="clip")
        return most

    def jaro_winkler(
        self, left: Codes, right: Codes, prefix_weight: float = 0.1
    ) -> Scores:
        """Return the most that the Jaro-Winkler similarity can be."""
        cells = self._cells(left, right)
        most: Scores = _jaro_winkler(prefix_weight).take(cells, mode="clip")
        return most

    def _cells(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return where pairs stand in tables by both lengths and bits that differ."""
        a, b = self.packed[left], self.packed[right]
        cells = (a >> _BITS) * _SIDE
        cells += b >> _BITS
        cells *= _SIDE
        a ^= b
        a &= _CHARACTERS
        cells += np.bitwise_count(a)
        return cells.view(np.int64)


_SIDE = np.uint64(_MAX_LENGTH + 1)


def _numbers() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return two texts' lengths and the bits that differ: the axes of a table."""
    side = int(_SIDE)
    one, other, n_bits = np.ogrid[:side, :side, :side]
    return one, other, n_bits


@cache
def _distances() -> NDArray[np.int8]:
    a, b, n_bits = _numbers()
    # An edit takes one character away at most, and adds one.
    least: NDArray[np.int64] = np.maximum((n_bits + 1) >> 1, np.abs(a - b))
    least[0] = least[:, 0] = 0
    return least.ravel().astype(np.int8)


@cache
def _edit_similarities() -> Scores:
    a, b, n_bits = _numbers()
    distances = _distances().reshape(len(a), -1, n_bits.size)
    share = distances / np.maximum(np.maximum(a, b), 1)
    return np.clip(1 - share + _SLACK, 0, 1).astype(np.float32).ravel()


@cache
def _jaro_winkler(prefix_weight: float) -> Scores:
    a, b, n_bits = _numbers()
    common = np.maximum(a + b - n_bits, 0) / 2
    shares = common / np.maximum(a, 1)
    shares += common / np.maximum(b, 1)
    shares += 1
    jaro = np.where(common > 0, np.minimum(shares / 3, 1), 0)
    raised = jaro + _MOST_PREFIX * prefix_weight * (1 - jaro)
    most = np.where(jaro > _BOOSTED - _SLACK, raised, jaro) + _SLACK
    most[0] = most[:, 0] = 1
    return np.minimum(most, 1).astype(np.float32).ravel()


def _sketched(values: Sequence[str]) -> NDArray[np.uint64]:
    """Return the sketches of texts, as many as fit above the bits of a letter."""
    texts = [text if len(text) <= _MAX_LENGTH else "" for text in values]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    owners = np.arange(len(texts), dtype=np.uint32) << _LETTER_BITS
    # Sorted by text and letter, each letter follows those that it repeats.
    letters = np.frombuffer(encoded, np.uint32) | np.repeat(owners, lengths)
    letters.sort()
    first = np.flatnonzero(np.append(True, letters[1:] != letters[:-1])[: len(letters)])
    repeats = np.arange(len(letters))
    repeats -= np.repeat(first, np.diff(first, append=len(letters)))
    bits = _bits(letters & ((np.uint32(1) << _LETTER_BITS) - np.uint32(1)), repeats)
    sketches = lengths.astype(np.uint64) << _BITS
    held = np.flatnonzero(lengths)
    if len(held):
        starts = np.cumsum(lengths) - lengths
        sketches[held] |= np.bitwise_or.reduceat(bits, starts[held])
    return sketches


_LETTER_BITS = np.uint32(21)
"""Bits of a Unicode code point."""


def _bits(
    letters: NDArray[np.integer], repeats: NDArray[np.integer]
) -> NDArray[np.uint64]:
    """Return the bit of each letter that comes so many times before."""
    mixed = letters.astype(np.uint64) * _CHARACTER
    mixed += repeats.astype(np.uint64) * _REPEAT
    return np.uint64(1) << ((mixed >> np.uint64(32)) % _BITS)
