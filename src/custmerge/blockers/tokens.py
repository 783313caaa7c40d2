"""Keys of longer texts: their rarest words, and sketches of their character grams."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import MAX_WORDS, coded, scrambled, spread
from custmerge.pairs import distinct, ranges
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
        words = _Words.of(column.values)
        codes, first = coded(words.hashes)
        bits = len(first).bit_length()
        held = distinct(words.owners << bits | codes)
        values, tokens = held >> bits, held & ((1 << bits) - 1)
        n_rows = np.bincount(tokens, column.counts()[values], minlength=len(first))
        # A word of one row pairs nothing, and must not take the place of one that does.
        is_shared = n_rows > 1
        values, tokens = values[is_shared[tokens]], tokens[is_shared[tokens]]
        tokens = (np.cumsum(is_shared) - 1)[tokens]
        frequency, first = n_rows[is_shared].astype(np.int64), first[is_shared]
        texts = np.zeros(len(first), dtype=np.int64)
        tied = _tied(*_rarest_first(values, tokens, frequency, texts), self.count)
        written = words.texts(column.values, first[tied])
        texts[tied] = _alphabetical([" ".join(text.split()) for text in written])
        values, tokens, _ = _rarest_first(values, tokens, frequency, texts)
        kept = _places(values) < self.count
        counts = np.bincount(values[kept], minlength=len(column.values))
        return spread(column.slots, tokens[kept], counts)


def _rarest_first(
    values: Places, tokens: Places, frequency: Places, texts: Places
) -> tuple[Places, Places, Places]:
    """Return values, their tokens in order of frequency and text, and frequencies."""
    order = np.lexsort((texts, frequency))
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    bits = len(order).bit_length()
    held = np.sort(values << bits | ranks[tokens])
    tokens = order[held & ((1 << bits) - 1)]
    return held >> bits, tokens, frequency[tokens]


def _places(owners: Places) -> Places:
    """Return how many of the same owner come before each, in sorted owners."""
    first = np.append(True, owners[1:] != owners[:-1])[: len(owners)]
    starts = np.flatnonzero(first)
    places: Places = np.arange(len(owners)) - starts[np.cumsum(first) - 1]
    return places


def _tied(values: Places, tokens: Places, frequency: Places, count: int) -> Places:
    """Return the tokens of which a value keeps some, and others as rare it does not.

    Args:
        values: The values, ascending.
        tokens: Their tokens, the rarest first.
        frequency: How frequent each of these is.
        count: How many tokens of a value are kept.
    """
    after = np.flatnonzero(_places(values) == count)
    cut = after[frequency[after] == frequency[after - 1]]
    limits = np.zeros(int(values.max(initial=0)) + 1, dtype=np.int64)
    limits[values[cut]] = frequency[cut]
    return distinct(tokens[frequency == limits[values]])


def _alphabetical(texts: Sequence[str]) -> Places:
    """Return the place of each of some distinct texts in alphabetical order."""
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return ranks


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Words and pairs of neighbouring words; of unspaced ones, bigrams and trigrams.

    Attributes:
        owners: The value each is of, by its place.
        hashes: Their hashes.
        starts: Where in the value each begins.
        ends: Where it ends.
    """

    owners: Places
    hashes: Hashes
    starts: Places
    ends: Places

    @classmethod
    def of(cls, values: Sequence[str]) -> _Words:
        """Take the values apart; a word may come several times."""
        return cls.joined(
            part.moved(texts, n_before)
            for n_before, texts in Texts.parts(values)
            for part in _parted(texts)
        )

    @classmethod
    def joined(cls, parts: Iterable[_Words]) -> _Words:
        """Return the words of all parts."""
        none = np.empty(0, dtype=np.int64)
        every = [cls(none, none.astype(np.uint64), none, none), *parts]
        return cls(
            np.concatenate([part.owners for part in every]),
            np.concatenate([part.hashes for part in every]),
            np.concatenate([part.starts for part in every]),
            np.concatenate([part.ends for part in every]),
        )

    def moved(self, texts: Texts, n_before: int) -> _Words:
        """Return words placed among some texts as placed in their values."""
        offsets = texts.starts[self.owners]
        owners = self.owners + n_before
        return _Words(owners, self.hashes, self.starts - offsets, self.ends - offsets)

    def texts(self, values: Sequence[str], chosen: Places) -> list[str]:
        """Return some of the words as text."""
        places = (
            side[chosen].tolist() for side in (self.owners, self.starts, self.ends)
        )
        return [
            values[owner][start:end] for owner, start, end in zip(*places, strict=True)
        ]


def _parted(texts: Texts) -> Iterator[_Words]:
    """Yield words, pairs of words, and grams of some texts, each placed among all."""
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
        yield _grams_of(
            texts,
            owners[unspaced],
            starts[unspaced],
            np.minimum(ends, starts + 4 * MAX_WORDS)[unspaced],
            length,
        )
    spaced = np.flatnonzero(kept & ~unspaced)
    owners, starts, ends = owners[spaced], starts[spaced], ends[spaced]
    hashes = texts.hashes(starts, ends)
    yield _Words(owners, hashes, starts, ends)
    pairs = np.flatnonzero((owners[1:] == owners[:-1]) & (np.diff(spaced) == 1))
    both = scrambled(scrambled(hashes[pairs]) + hashes[pairs + 1])
    yield _Words(owners[pairs], both, starts[pairs], ends[pairs + 1])


def _is_unspaced(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which letters are Chinese characters or kana."""
    is_kana = (letters > 0x3040) & (letters < 0x3100)
    unspaced: NDArray[np.bool_] = is_kana | (letters > 0x33FF) & (letters < 0xA000)
    return unspaced


def _grams_of(
    texts: Texts, owners: Places, starts: Places, ends: Places, length: int
) -> _Words:
    """Return the grams of some parts of texts; of a shorter part, the part."""
    counts = np.maximum(ends - starts - length + 1, 1)
    first = ranges(starts, counts)
    last = np.minimum(first + length, np.repeat(ends, counts))
    return _Words(np.repeat(owners, counts), texts.hashes(first, last), first, last)


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
        grams = _Words.joined(
            _grams_of(
                texts,
                np.arange(len(texts.starts)),
                texts.starts,
                texts.ends,
                self.length,
            ).moved(texts, n_before)
            for n_before, texts in Texts.parts(values)
        )
        codes, first = coded(grams.hashes)
        distinct_grams = grams.texts(values, first)
        checksums = [
            zlib.crc32(gram.encode("utf-8", "surrogatepass")) for gram in distinct_grams
        ]
        counts = np.bincount(grams.owners, minlength=len(values))
        flat = np.asarray(checksums, dtype=np.uint64)[codes]
        sketches = self._sketches(flat, np.cumsum(counts) - counts)
        keys, _ = coded(sketches.T.reshape(-1))
        return spread(column.slots, keys, np.full(len(values), self.n_keys))

    def _sketches(self, grams: Hashes, starts: Places) -> Hashes:
        """Return the keys of texts whose grams begin at `starts`, a row for each."""
        keys = np.zeros((self.n_keys, len(starts)), dtype=np.uint64)
        for i in range(self.n_keys * self.n_orders if len(starts) else 0):
            order = scrambled(grams + np.uint64(i << 32))
            key = keys[i // self.n_orders]
            key[:] = scrambled(key + np.minimum.reduceat(order, starts) + np.uint64(i))
        return keys
