"""How the keys of distinct values become the keys of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import ranges, sorting_order
from custmerge.protocols import Keys, Rows
from custmerge.records import Column

__all__ = ["MAX_WORDS", "coded", "keys_of_values", "scrambled", "spread"]

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
    counts = np.fromiter(map(len, found), np.int64, len(found))
    flat = np.fromiter(chain.from_iterable(found), np.int64, int(counts.sum()))
    return spread(column.slots, flat, counts)


def spread(
    slots: NDArray[np.int32] | NDArray[np.int64],
    keys: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[Rows, Keys]:
    """Carry the keys of distinct values to the rows that hold them.

    Args:
        slots: The values of each row by code, shape `(n_rows, width)`; -1 is missing.
        keys: The keys of the first value, then those of the second, …
        counts: How many each value has.
    """
    places = np.flatnonzero(slots >= 0)
    codes = slots.reshape(-1)[places]
    rows = places // max(slots.shape[1], 1)
    if len(counts) and (counts == 1).all():
        return rows, keys[codes]
    repeats = counts[codes]
    starts = np.cumsum(counts) - counts
    return np.repeat(rows, repeats), keys[ranges(starts[codes], repeats)]


def coded(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a small number for each hash, and where each number is found first.

    Examples:
        >>> codes, first = coded(np.asarray([2**63, 7, 2**63], np.uint64))
        >>> codes.tolist(), first.tolist()
        ([1, 0, 1], [1, 0])
    """
    order = sorting_order(hashes)
    ordered = hashes[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.cumsum(fresh) - 1
    return codes, order[fresh]


def scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a number that looks random for each: SplitMix64 (Steele et al. 2014)."""
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scrambled: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return scrambled
