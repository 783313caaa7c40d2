"""Keys of longer texts: their rarest words, and sketches of their character grams."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import MAX_WORDS, keys_of_values, scrambled, spread
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

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
        words = [_words(value) for value in column.values]
        frequency: Counter[str] = Counter()
        for held, n_rows in zip(words, column.counts().tolist(), strict=True):
            frequency.update(dict.fromkeys(held, n_rows))
        # A word of one row pairs nothing, and must not take the place of one that does.
        shared = [[word for word in held if frequency[word] > 1] for held in words]
        rarest = {
            value: sorted(held, key=lambda word: (frequency[word], word))[: self.count]
            for value, held in zip(column.values, shared, strict=True)
        }
        return keys_of_values(column, rarest.__getitem__)


def _words(value: str) -> list[str]:
    """Words and pairs of neighbouring words; bigrams and trigrams where unspaced."""
    words = value.split()[: 2 * MAX_WORDS]
    if len(words) == 1 and not value.isascii():
        word = words[0][: 4 * MAX_WORDS]
        return list(dict.fromkeys([*_grams(word, 2), *_grams(word, 3)]))
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return list(dict.fromkeys([*words, *pairs]))


def _grams(text: str, length: int) -> list[str]:
    return [text[i : i + length] for i in range(max(1, len(text) - length + 1))]


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
        texts = [value.replace(" ", "")[:_LONGEST] for value in column.values]
        grams = [dict.fromkeys(_grams(text, self.length)) for text in texts]
        held = dict.fromkeys(chain.from_iterable(grams))
        codes = [zlib.crc32(gram.encode("utf-8", "surrogatepass")) for gram in held]
        hashes = dict(zip(held, codes, strict=True))
        flat = np.asarray([hashes[gram] for text in grams for gram in text], np.uint64)
        counts = np.asarray([len(text) for text in grams], dtype=np.int64)
        starts = np.cumsum(counts) - counts
        return spread(column, self._sketches(flat, starts).T.tolist())

    def _sketches(
        self, grams: NDArray[np.uint64], starts: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the keys of texts whose grams begin at `starts`, a row for each."""
        keys = np.zeros((self.n_keys, len(starts)), dtype=np.uint64)
        for i in range(self.n_keys * self.n_orders if len(starts) else 0):
            order = scrambled(grams + np.uint64(i << 32))
            key = keys[i // self.n_orders]
            key[:] = scrambled(key + np.minimum.reduceat(order, starts) + np.uint64(i))
        return keys.view(np.int64)
