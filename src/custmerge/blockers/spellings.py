"""Keys that survive a typing error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import coded, spread
from custmerge.blockers.texts import Hashes, Places, Texts
from custmerge.pairs import distinct, repeated
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

__all__ = ["Spelling"]


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
        own, names = _names(column.values)
        counts = np.bincount(own, column.counts(), minlength=len(names))
        places, centres = self._slips(names, counts.astype(np.int64))
        filled = np.flatnonzero([bool(name) for name in names])
        bits = len(names).bit_length()
        found = np.concatenate([places << bits | centres, filled << bits | filled])
        found = distinct(found)
        n_keys = np.bincount(found >> bits, minlength=len(names))
        keys = found & ((1 << bits) - 1)
        return spread(np.append(own, -1)[column.slots], keys, n_keys)

    def _slips(
        self, names: Sequence[str], counts: NDArray[np.int64]
    ) -> tuple[Places, Places]:
        """Return places of names and, beside each, that of a commoner neighbour.

        Args:
            names: The texts that count.
            counts: How many records hold each.
        """
        hashes, places, whole = self._deletions(names)
        order = repeated(hashes)
        hashes, places = hashes[order], places[order]
        groups = np.cumsum(np.append(False, hashes[1:] != hashes[:-1])[: len(hashes)])
        met = distinct(places)
        ranks = np.empty(len(names), dtype=np.int64)
        ranks[met] = _ranked(counts[met], whole[met])
        # The commonest first in each group.
        bits = len(met).bit_length()
        ordered = np.sort(groups << bits | ranks[places])
        first = np.append(True, np.diff(ordered >> bits) > 0)[: len(ordered)]
        by_rank = np.empty_like(met)
        by_rank[ranks[met]] = met
        centres = by_rank[ordered[first] & ((1 << bits) - 1)][groups]
        return places[places != centres], centres[places != centres]

    def _deletions(self, names: Sequence[str]) -> tuple[Hashes, Places, Hashes]:
        """Hash each text, whole and without each of its characters in turn.

        Returns:
            The hashes and, beside each, the place of its text; and the hash of each
            whole text, 0 of those that have no neighbours.
        """
        hashes = [np.empty(0, dtype=np.uint64)]
        places = [np.empty(0, dtype=np.int64)]
        whole = np.zeros(len(names), dtype=np.uint64)
        for n_before, texts in Texts.parts(names):
            lengths = texts.ends - texts.starts
            chosen = np.flatnonzero((lengths >= self.least) & (lengths <= self.most))
            starts, ends = texts.starts[chosen], texts.ends[chosen]
            whole[chosen + n_before] = texts.hashes(starts, ends)
            hashes += [
                whole[chosen + n_before],
                texts.hashes_without_one(starts, ends),
            ]
            places += [
                chosen + n_before,
                np.repeat(chosen, lengths[chosen]) + n_before,
            ]
        return np.concatenate(hashes), np.concatenate(places), whole


def _names(values: Sequence[str]) -> tuple[Places, Sequence[str]]:
    """Return which text counts of each value, and these texts."""
    if "@" not in "".join(values):
        return np.arange(len(values)), values
    parts = [np.empty(0, dtype=np.uint64)]
    for _, texts in Texts.parts(values):
        ends = texts.ends.copy()
        marks = np.flatnonzero(texts.letters == ord("@"))[::-1]
        ends[np.searchsorted(texts.starts, marks, side="right") - 1] = marks
        parts.append(texts.hashes(texts.starts, ends))
    own, first = coded(np.concatenate(parts))
    return own, [values[place].partition("@")[0] for place in first.tolist()]


def _ranked(counts: NDArray[np.int64], hashes: Hashes) -> Places:
    """Return each text's place when the commonest come first, and equals by hash.

    So that which of them comes first depends on the texts alone.
    """
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.lexsort((hashes, -counts))] = np.arange(len(counts))
    return ranks
