"""How the keys of distinct values become the keys of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import ranges
from custmerge.protocols import Codes, Keys, Rows
from custmerge.records import Column

__all__ = ["MAX_WORDS", "keys_of_values", "scrambled", "spread"]

MAX_WORDS = 20
"""Words of one value that give keys: no name has more, and a pasted page may."""


def keys_of_values(
    column: Column, keys_of: Callable[[str], Iterable[str]]
) -> tuple[Rows, Keys]:
    """Give each row the keys of its distinct values; `keys_of` runs once for each."""
    index: dict[str, int] = {}
    found = [
        [
            index.setdefault(key, len(index))
            for key in dict.fromkeys(keys_of(value))
            if key
        ]
        for value in column.values
    ]
    return spread(column, found)


def spread(column: Column, keys: Sequence[Sequence[int]]) -> tuple[Rows, Keys]:
    """Carry the keys of distinct values to the rows that hold them."""
    rows, slots = np.nonzero(column.slots >= 0)
    codes: Codes = column.slots[rows, slots].astype(np.int64)
    counts = np.fromiter(map(len, keys), np.int64, len(keys))
    starts = np.cumsum(counts) - counts
    flat = np.fromiter(chain.from_iterable(keys), np.int64, int(counts.sum()))
    repeats = counts[codes]
    return np.repeat(rows, repeats), flat[ranges(starts[codes], repeats)]


def scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a number that looks random for each: SplitMix64 (Steele et al. 2014)."""
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scrambled: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return scrambled
