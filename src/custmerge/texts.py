"""Many texts at once: their characters in one array, and hashes of any parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import ranges

__all__ = ["Hashes", "Places", "Texts"]

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_BLANK = np.asarray([chr(point).isspace() for point in range(0x3002)])
"""Which code points part words; the last one, which does not, stands for all after."""

_BASE = 0x9E3779B97F4A7C15
"""The base of the polynomial hashes: odd, so that it has an inverse modulo 2^64."""
_INVERSE = pow(_BASE, -1, 2**64)
_AT_ONCE = 1 << 18
"""Characters that are held at a time: few enough for a processor's cache."""


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
        inverses: The powers of the inverse of the base, one at least for each sum.

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
        return cls._of(values, _lengths(values))

    @classmethod
    def _of(cls, values: Sequence[str], lengths: Places) -> Texts:
        encoded = "".join(values).encode("utf-32-le", "surrogatepass")
        letters = np.frombuffer(encoded, np.uint32)
        ends = np.cumsum(lengths)
        bits = len(letters).bit_length()
        sums = np.zeros(len(letters) + 1, dtype=np.uint64)
        terms = letters + np.uint64(1)
        terms *= _powers(_BASE, bits)[: len(letters)]
        np.cumsum(terms, out=sums[1:])
        return cls(letters, ends - lengths, ends, sums, _powers(_INVERSE, bits))

    @property
    def is_blank(self) -> NDArray[np.bool_]:
        """Which letters part words."""
        blank: NDArray[np.bool_] = _BLANK[np.minimum(self.letters, len(_BLANK) - 1)]
        return blank

    @classmethod
    def parts(cls, values: Sequence[str]) -> Iterator[tuple[int, Texts]]:
        """Yield the texts some thousand at a time, after how many came before."""
        lengths = _lengths(values)
        part_of = np.cumsum(lengths) // _AT_ONCE
        cuts = np.flatnonzero(np.diff(part_of, prepend=-1, append=-1))
        for start, end in pairwise(cuts.tolist()):
            yield start, cls._of(values[start:end], lengths[start:end])

    def hashes(self, starts: Places, ends: Places) -> Hashes:
        """Return the hash of each part, from its start to before its end."""
        hashes: Hashes = (self.sums[ends] - self.sums[starts]) * self.inverses[starts]
        return hashes

    def hashes_without_one(self, starts: Places, ends: Places) -> Hashes:
        """Return the hashes of parts without each of their characters in turn.

        Those of the first part, then of the second, …
        """
        lengths = ends - starts
        # What each character leaves of the sums, and what its text adds to that.
        left = self.sums[:-1] - self.sums[1:] * np.uint64(_INVERSE)
        added = self.sums[ends] * np.uint64(_INVERSE) - self.sums[starts]
        hashes: Hashes = left[ranges(starts, lengths)]
        hashes += np.repeat(added, lengths)
        hashes *= np.repeat(self.inverses[starts], lengths)
        return hashes


def _lengths(values: Sequence[str]) -> Places:
    return np.fromiter(map(len, values), np.int64, len(values))


@lru_cache(maxsize=4)  # the same for all texts
def _powers(base: int, bits: int) -> Hashes:
    """Return the first `2 ** bits` powers of a base, modulo 2^64."""
    powers = np.full(1 << bits, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
