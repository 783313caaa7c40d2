"""Keys of longer texts: their rarest words, and sketches of their character grams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import MAX_WORDS, coded, scrambled, spread
from custmerge.pairs import distinct, positions, ranges
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable
from custmerge.texts import Hashes, Places, Texts

__all__ = ["MinHash", "RareTokens"]


@dataclass(frozen=True, slots=True)
class RareTokens:
    """The value's rarest words, and pairs of neighbouring words.

    Attributes:
        count: How many of a value's words are keys, the rarest first.
    """

    field: str
    count: int = 3
    name: str = "rare_tokens"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        parts = [
            _Words.of(n_before, texts) for n_before, texts in Texts.parts(column.values)
        ]
        hashes, n_rows = _totals(parts, column.counts())
        # Of words equally rare the lower hash comes first, whatever the records' order.
        ranks = positions(np.argsort(n_rows, kind="stable"))
        # A word of one row pairs nothing, and must not take the place of one that does.
        kept = [
            part.first(hashes, ranks, self.count, int((n_rows < 2).sum()))
            for part in parts
        ]
        none = np.empty(0, dtype=np.int64)
        values, keys = map(np.concatenate, zip((none, none), *kept, strict=True))
        counts = np.bincount(values, minlength=len(column.values))
        return spread(column.slots, keys, counts)


def _totals(parts: Sequence[_Words], counts: Places) -> tuple[Hashes, Places]:
    """Return the distinct words' hashes, ascending, and how many rows hold each.

    Args:
        parts: The words of all values.
        counts: How many rows hold each value.
    """
    hashes = np.concatenate([np.empty(0, np.uint64), *(part.hashes for part in parts)])
    n_rows = [
        np.bincount(part.codes, counts[part.owners], len(part.hashes)) for part in parts
    ]
    codes, first = coded(hashes)
    held = np.bincount(codes, np.concatenate([np.empty(0), *n_rows]), len(first))
    return hashes[first], held.astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Words and pairs of neighbouring words; of unspaced ones, bigrams and trigrams.

    Attributes:
        hashes: The hashes of the distinct words of some values, ascending.
        owners: The values, ascending; one as often as it holds distinct words.
        codes: int32, which word it holds.
    """

    hashes: Hashes
    owners: NDArray[np.int32]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, n_before: int, texts: Texts) -> _Words:
        """Take some values apart, which so many values come before."""
        owners, hashes = (
            np.concatenate(side) for side in zip(*_parted(texts), strict=True)
        )
        codes, first = coded(hashes)
        bits = len(first).bit_length()
        held = distinct(owners << bits | codes)
        return cls(
            hashes[first],
            ((held >> bits) + n_before).astype(np.int32),
            (held & ((1 << bits) - 1)).astype(np.int32),
        )

    def first(
        self, hashes: Hashes, ranks: Places, count: int, least: int
    ) -> tuple[Places, Places]:
        """Return values and the words of each that come first, by rank.

        Args:
            hashes: All distinct words' hashes, ascending.
            ranks: The rank of each.
            count: How many words of a value are returned.
            least: Words of a lower rank are left out.
        """
        held = ranks[np.searchsorted(hashes, self.hashes)][self.codes]
        shared = np.flatnonzero(held >= least)
        bits = len(hashes).bit_length()
        packed = self.owners[shared].astype(np.int64) << bits
        packed |= held[shared]
        packed.sort()
        owners = packed >> bits
        kept = np.flatnonzero(_places(owners) < count)
        return owners[kept], packed[kept] & ((1 << bits) - 1)


def _places(owners: Places) -> Places:
    """Return how many of the same owner come before each, in sorted owners."""
    first = np.append(True, owners[1:] != owners[:-1])[: len(owners)]
    starts = np.flatnonzero(first)
    places: Places = np.arange(len(owners)) - starts[np.cumsum(first) - 1]
    return places


def _parted(texts: Texts) -> Iterator[tuple[Places, Hashes]]:
    """Yield the owners and hashes of words, pairs of words, and grams of some texts."""
    is_blank = texts.is_blank
    edges = np.zeros(len(is_blank) + 1, dtype=bool)
    edges[texts.starts] = edges[texts.ends] = True
    inside = ~is_blank
    starts = np.flatnonzero(inside & (edges[:-1] | np.append(True, is_blank)[:-1]))
    ends = np.flatnonzero(inside & (edges[1:] | np.append(is_blank, True)[1:])) + 1
    owners = np.searchsorted(texts.starts, starts, side="right") - 1
    n_words = np.bincount(owners, minlength=len(texts.starts))
    foreign = np.append(0, np.cumsum(texts.letters > 127))
    is_ascii = foreign[texts.ends] == foreign[texts.starts]
    unspaced = ((n_words == 1) & ~is_ascii)[owners]
    # Words of an address are whole levels, in which nothing parts the words.
    chinese = np.append(0, np.cumsum(_is_unspaced(texts.letters)))
    unspaced |= chinese[ends] > chinese[starts]
    kept = _places(owners) < 2 * MAX_WORDS
    unspaced &= kept
    for length in (2, 3):
        yield _grams(
            texts,
            owners[unspaced],
            starts[unspaced],
            np.minimum(ends, starts + 4 * MAX_WORDS)[unspaced],
            length,
        )
    spaced = np.flatnonzero(kept & ~unspaced)
    owners, starts, ends = owners[spaced], starts[spaced], ends[spaced]
    hashes = texts.hashes(starts, ends)
    yield owners, hashes
    pairs = np.flatnonzero((owners[1:] == owners[:-1]) & (np.diff(spaced) == 1))
    yield owners[pairs], scrambled(scrambled(hashes[pairs]) + hashes[pairs + 1])


def _is_unspaced(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which letters are Chinese characters or kana."""
    is_kana = (letters > 0x3040) & (letters < 0x3100)
    unspaced: NDArray[np.bool_] = is_kana | (letters > 0x33FF) & (letters < 0xA000)
    return unspaced


def _grams(
    texts: Texts, owners: Places, starts: Places, ends: Places, length: int
) -> tuple[Places, Hashes]:
    """Return owners and hashes of the grams of some parts of texts.

    Of a shorter part, that of the part.
    """
    counts = np.maximum(ends - starts - length + 1, 1)
    first = ranges(starts, counts)
    last = np.minimum(first + length, np.repeat(ends, counts))
    return np.repeat(owners, counts), texts.hashes(first, last)


_LONGEST = 80
"""Characters of a text that are sketched."""


@dataclass(frozen=True, slots=True)
class MinHash:
    """Sketches of a text's character grams, blanks aside (Broder 1997).

    A random order of all grams makes one of a text's grams the first; two texts have
    the same first one as often as their sets of grams overlap (their Jaccard
    similarity `s`). A key joins the first grams of several orders, so two texts share
    one of the keys with probability `1 - (1 - s ** n_orders) ** n_keys`.

    Attributes:
        length: Characters of a gram.
        n_keys: The number of keys.
        n_orders: How many orders each key joins.

    Examples:
        >>> values = ["excalibur group", "excalibr grop", "opal ventures"]
        >>> table = RecordTable.from_columns({"company": values}, 3)
        >>> rows, keys = MinHash("company").keys(table)
        >>> shared = [set(keys[rows == 0]) & set(keys[rows == i]) for i in (1, 2)]
        >>> [len(keys) > 0 for keys in shared]
        [True, False]
    """

    field: str
    length: int = 2
    n_keys: int = 6
    n_orders: int = 2
    name: str = "minhash"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        values = [value.replace(" ", "")[:_LONGEST] for value in column.values]
        sketches = [self._sketches(texts) for _, texts in Texts.parts(values)]
        none = np.empty((self.n_keys, 0), dtype=np.uint64)
        keys, _ = coded(np.concatenate([none, *sketches], axis=1).T.reshape(-1))
        return spread(column.slots, keys, np.full(len(values), self.n_keys))

    def _sketches(self, texts: Texts) -> Hashes:
        """Return the keys of some texts, a column for each; of an empty one, 0."""
        places = np.arange(len(texts.starts))
        owners, grams = _grams(texts, places, texts.starts, texts.ends, self.length)
        starts = np.searchsorted(owners, places)
        keys = np.zeros((self.n_keys, len(starts)), dtype=np.uint64)
        for i in range(self.n_keys * self.n_orders):
            order = scrambled(grams + np.uint64(i << 32))
            key = keys[i // self.n_orders]
            key[:] = scrambled(key + np.minimum.reduceat(order, starts) + np.uint64(i))
        return keys
