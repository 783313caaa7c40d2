"""Keys under which masked numbers and those shown in full meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import coded, scrambled, spread
from custmerge.masked_numbers import LEAST_ENDING, Shown, masked
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

__all__ = ["MaskedDigits"]

_MOST_MASKS = 8
"""Ways of masking that give keys, the commonest: systems have one each."""


@dataclass(frozen=True, slots=True)
class MaskedDigits:
    """What masked numbers show, as a key of all numbers that show the same there.

    `138****8888` shares a key with every number of eleven digits that begins and ends
    so. There are none where no number is masked; and a number that none of the masked
    ones may be has none either. Many share the last four digits alone: such a key
    counts as far as few records have it.

    Examples:
        >>> phones = ["138****8888", "13812348888", "13812340000", "**8888"]
        >>> table = RecordTable.from_columns({"phone": phones}, 4)
        >>> rows, keys = MaskedDigits("phone").keys(table)
        >>> sorted(sorted(rows[keys == key].tolist()) for key in np.unique(keys))
        [[0, 1], [0, 1, 3]]
    """

    field: str
    name: str = "masked_digits"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        n_values = len(column.values)
        places = [np.empty(0, dtype=np.int64)]
        hashes = [np.empty(0, dtype=np.uint64)]
        if masked(column.values):
            shown = Shown.of(column.values)
            is_shown = shown.characters != 0
            powers = 1 << np.arange(is_shown.shape[1])
            patterns = is_shown @ powers
            for pattern in _commonest(patterns, column.counts() * shown.is_masked):
                found = np.flatnonzero(patterns & pattern == pattern)
                own = shown.is_masked[found] & (patterns[found] == pattern)
                kept = np.where(pattern & powers, shown.characters[found], 0)
                alike = _hashes(kept, pattern)
                wanted = np.isin(alike, alike[own])
                places.append(found[wanted])
                hashes.append(alike[wanted])
        at, alike = np.concatenate(places), np.concatenate(hashes)
        order = np.argsort(at, kind="stable")
        codes, _ = coded(alike[order])
        return spread(column.slots, codes, np.bincount(at, minlength=n_values))


def _commonest(patterns: NDArray[np.int64], counts: NDArray[np.int64]) -> list[int]:
    """Return the commonest patterns that show enough, of equally common the least."""
    distinct, inverse = np.unique(patterns, return_inverse=True)
    held = np.bincount(inverse.reshape(-1), counts, len(distinct))
    held[[pattern.bit_count() < LEAST_ENDING for pattern in distinct.tolist()]] = 0
    order = np.argsort(-held, kind="stable")[:_MOST_MASKS]
    return [int(distinct[i]) for i in order if held[i]]


def _hashes(characters: NDArray[np.uint8], pattern: int) -> NDArray[np.uint64]:
    """Return a number for each row of characters that a pattern leaves."""
    found = np.full(len(characters), pattern, dtype=np.uint64)
    for column in characters.T:
        found = scrambled(found + column)
    return found
