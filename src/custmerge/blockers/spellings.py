"""Keys that survive a typing error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import spread
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

__all__ = ["Spelling"]

_BASE = 0x9E3779B97F4A7C15
"""The base of the polynomial hashes: odd, so that it has an inverse modulo 2^64."""
_INVERSE = pow(_BASE, -1, 2**64)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The value, and the commoner ones it may be a slip of the hand for.

    Two values are neighbours where they are equal once each has lost at most one
    character, as after any one insertion, omission, substitution or exchange of
    neighbours (FastSS, Bocek, Hunt and Stiller 2007). Of the neighbours that are equal
    so, the commonest is a key of them all: the right spelling, in general, and then
    two slips of it share that key too. Of an e-mail address only what stands before
    the `@` counts.

    Attributes:
        least: Characters below which a value has no neighbours: much else is as near.
        most: Characters above which a value has no neighbours, for the cost.

    Examples:
        >>> values = ["smith", "smith", "smiht", "simth", "jones"]
        >>> table = RecordTable.from_columns({"surname": values}, 5)
        >>> rows, keys = Spelling("surname").keys(table)
        >>> sorted(rows[keys == keys[0]].tolist())
        [0, 1, 2, 3]
    """

    field: str
    least: int = 4
    most: int = 32
    name: str = "spelling"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        index: dict[str, int] = {}
        parts = [value.partition("@")[0] for value in column.values]
        own = np.asarray([index.setdefault(part, len(index)) for part in parts], int)
        texts = list(index)
        counts = np.zeros(len(texts), dtype=np.int64)
        np.add.at(counts, own, column.counts())
        places, centres = self._slips(texts, _ranked(texts, counts))
        found: list[list[int]] = [[i] if text else [] for i, text in enumerate(texts)]
        for place, centre in zip(places.tolist(), centres.tolist(), strict=True):
            found[place].append(centre)
        return spread(column, [found[code] for code in own.tolist()])

    def _slips(
        self, texts: list[str], ranks: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return places of texts and, beside each, that of a commoner neighbour."""
        lengths = np.asarray([len(text) for text in texts], dtype=np.int64)
        eligible = (lengths >= self.least) & (lengths <= self.most)
        chosen = np.flatnonzero(eligible)
        hashes, which = _deletions([texts[i] for i in chosen.tolist()])
        places = chosen[which]
        order = np.lexsort((ranks[places], hashes))
        hashes, places = hashes[order], places[order]
        first = np.ones(len(hashes), dtype=bool)
        first[1:] = hashes[1:] != hashes[:-1]
        centres = places[first][np.cumsum(first) - 1]
        pairs = np.unique(np.stack([places, centres])[:, places != centres], axis=1)
        return pairs[0], pairs[1]


def _ranked(texts: list[str], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each text's place when the commonest come first, and equals by text."""
    alphabetical = sorted(range(len(texts)), key=texts.__getitem__)
    order = sorted(alphabetical, key=(-counts).__getitem__)
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[order] = np.arange(len(texts))
    return ranks


def _deletions(
    texts: list[str],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hash each text, whole and without each of its characters in turn.

    The hash of `c0 c1 c2 …` is `c0 + c1 * b + c2 * b ** 2 + …` modulo 2^64; without
    one character those behind it move up, and lose a factor `b`.

    Returns:
        The hashes and, beside each, the place of its text.
    """
    lengths = np.asarray([len(text) for text in texts], dtype=np.int64)
    width = int(lengths.max(initial=1))
    encoded = "".join(text.ljust(width, "\0") for text in texts)
    letters = np.frombuffer(encoded.encode("utf-32-le", "surrogatepass"), np.uint32)
    inside = np.arange(width) < lengths[:, None]
    powers = np.cumprod(np.full(width, _BASE, dtype=np.uint64))
    terms = (letters.reshape(-1, width).astype(np.uint64) + np.uint64(1)) * powers
    terms = np.where(inside, terms, np.uint64(0))
    up_to = np.cumsum(terms, axis=1)
    whole = up_to[:, -1]
    without = (up_to - terms) + (whole[:, None] - up_to) * np.uint64(_INVERSE)
    which = np.arange(len(texts))
    return (
        np.concatenate([whole, without[inside]]),
        np.concatenate([which, np.repeat(which, lengths)]),
    )
