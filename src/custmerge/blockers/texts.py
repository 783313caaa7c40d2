"""Many texts at once: their characters in one array, and hashes of any parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hashes", "Places", "Texts"]

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
"""The base of the polynomial hashes: odd, so that it has an inverse modulo 2^64."""
_INVERSE = pow(_BASE, -1, 2**64)
_AT_ONCE = 1 << 14
"""Texts whose characters are held at a time: few enough for a processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The characters of texts, one text after the other.

    A part `c0 c1 c2 …` has the hash `c0 + c1 * b + c2 * b ** 2 + …` modulo 2^64 (Karp
    and Rabin 1987, doi:10.1147/rd.312.0249), so that sums up to each character give
    the hash of any part at once.

    Attributes:
        letters: uint32, the code points of all texts.
        starts: Where each text starts; shape `(n_texts,)`.
        ends: Where it ends.
        sums: The hashes of all characters before each, and of all.
        inverses: The powers of the inverse of the base, one for each of the sums.

    Examples:
        >>> texts = Texts.of(["ann lee", "leeann"])
        >>> hashes = texts.hashes(np.asarray([0, 4, 7, 10]), np.asarray([3, 7, 10, 13]))
        >>> bool(hashes[0] == hashes[3]), bool(hashes[1] == hashes[2])
        (True, True)
    """

    letters: NDArray[np.uint32]
    starts: Places
    ends: Places
    sums: Hashes
    inverses: Hashes

    @classmethod
    def of(cls, values: Sequence[str]) -> Texts:
        """Encode some texts."""
        encoded = "".join(values).encode("utf-32-le", "surrogatepass")
        letters = np.frombuffer(encoded, np.uint32)
        ends = np.cumsum(np.fromiter(map(len, values), np.int64, len(values)))
        powers = _powers(_BASE, len(letters))
        terms = (letters.astype(np.uint64) + np.uint64(1)) * powers
        return cls(
            letters,
            np.append(0, ends)[: len(values)],
            ends,
            np.append(np.uint64(0), np.cumsum(terms)),
            _powers(_INVERSE, len(letters) + 1),
        )

    @classmethod
    def parts(cls, values: Sequence[str]) -> Iterator[tuple[int, Texts]]:
        """Yield the texts some thousand at a time, after how many came before."""
        for start in range(0, len(values), _AT_ONCE):
            yield start, cls.of(values[start : start + _AT_ONCE])

    def hashes(self, starts: Places, ends: Places) -> Hashes:
        """Return the hash of each part, from its start to before its end."""
        hashes: Hashes = (self.sums[ends] - self.sums[starts]) * self.inverses[starts]
        return hashes

    def hashes_without_one(self, starts: Places, ends: Places) -> Hashes:
        """Return the hashes of parts without each of their characters in turn.

        Those of the first part, then of the second, …
        """
        lengths = ends - starts
        first, last = np.repeat(starts, lengths), np.repeat(ends, lengths)
        lost = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - ends, lengths)
        after = (self.sums[last] - self.sums[lost + 1]) * np.uint64(_INVERSE)
        before = self.sums[lost] - self.sums[first]
        hashes: Hashes = (before + after) * self.inverses[first]
        return hashes


def _powers(base: int, n: int) -> Hashes:
    powers = np.full(n, base, dtype=np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)
