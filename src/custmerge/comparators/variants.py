"""Names of a vocabulary that are known to be written for one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.names import full_forms, kana_read, look_alikes
from custmerge.pairs import distinct
from custmerge.protocols import Codes

__all__ = ["Variants", "look_alike_pairs", "nickname_pairs", "written_pairs"]


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """Pairs of values that are known for one name.

    Attributes:
        bits: For each value a bit for itself, of 64 that others may share, and one for
            each other value in a pair with it; none where there is none.
        keys: For each pair `smaller * len(bits) + larger`, ascending.
    """

    bits: NDArray[np.uint64]
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]], n_values: int) -> Variants:
        """Keep pairs of places in a vocabulary, in any order."""
        both = np.asarray([*pairs], dtype=np.int64).reshape(-1, 2)
        own = np.uint64(1) << (both & 63).astype(np.uint64)
        bits = np.zeros(n_values, dtype=np.uint64)
        np.bitwise_or.at(bits, both, own | own[:, ::-1])
        return cls(bits, distinct(both.min(axis=1) * n_values + both.max(axis=1)))

    def among(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """Return the places of those pairs that are among these."""
        if not len(self.keys):
            return np.empty(0, dtype=np.int64)
        may = (self.bits[left] & self.bits[right]) != 0
        places = np.flatnonzero(may & (left != right))
        a, b = left[places].astype(np.int64), right[places].astype(np.int64)
        keys = np.minimum(a, b) * len(self.bits) + np.maximum(a, b)
        nearest = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found: NDArray[np.int64] = places[self.keys[nearest] == keys]
        return found


def nickname_pairs(values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is short for the other, by their places.

    Not those that merely have a short form in common: Bill is for William, and at
    times for Robert, but no Robert is a William.
    """
    places = _places(values)
    for place, value in enumerate(values):
        for form in full_forms(value):
            yield from ((place, other) for other in places.get(form, ()))


def written_pairs(
    values: Sequence[str],
    spell: Callable[[str], Iterable[str]],
    read: Callable[[str], Iterable[str]] | None = None,
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is the other in other letters, by their places.

    Args:
        values: The names.
        spell: Returns how a name is also written in Latin letters.
        read: Returns what a name may be written for; itself, in Latin letters.
    """
    spelt = [(place, one) for place, v in enumerate(values) for one in spell(v)]
    if not spelt:
        return
    places: dict[str, list[int]] = {one: [] for _, one in spelt}
    for place, value in enumerate(values):
        for meant in (_in_latin if read is None else read)(value):
            if meant in places:
                places[meant].append(place)
    for place, one in spelt:
        yield from ((place, other) for other in places[one])


def _in_latin(value: str) -> tuple[str, ...]:
    """Return a name of Latin letters or Kana as one Latin word, no other."""
    found = value.replace(" ", "") if value.isascii() else kana_read(value)
    return (found,) if found else ()


def look_alike_pairs(values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of Chinese names that look alike, by their places."""
    places = {value: place for place, value in enumerate(values)}
    for place, value in enumerate(values):
        for other in () if value.isascii() else look_alikes(value):
            if other in places:
                yield place, places[other]


def _places(values: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, value in enumerate(values):
        places.setdefault(value, []).append(place)
    return places
