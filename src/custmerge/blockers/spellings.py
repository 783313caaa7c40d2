"""Keys that survive a typing error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers.keying import coded, spread
from custmerge.pairs import distinct, repeated, sorting_order
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable
from custmerge.texts import Hashes, Places, Texts

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
        n_values = len(column.values)
        own = _first_alike(column.values)
        counts = np.bincount(own, column.counts(), minlength=n_values)
        places, centres, filled = self._slips(
            column.values, own == np.arange(n_values), counts.astype(np.int64)
        )
        bits = n_values.bit_length()
        found = np.concatenate([places << bits | centres, filled << bits | filled])
        found = distinct(found)
        n_keys = np.bincount(found >> bits, minlength=n_values)
        keys = found & ((1 << bits) - 1)
        return spread(np.append(own, -1)[column.slots], keys, n_keys)

    def _slips(
        self,
        values: Sequence[str],
        is_first: NDArray[np.bool_],
        counts: NDArray[np.int64],
    ) -> tuple[Places, Places, Places]:
        """Return places of texts and, beside each, that of a commoner neighbour.

        Args:
            values: The values that hold the texts.
            is_first: Which of them are the first to hold theirs.
            counts: How many records hold its text, of each first one.

        Returns:
            Beside the places, those of all texts but empty ones.
        """
        hashes, places, whole = self._deletions(values, is_first)
        order = repeated(hashes)
        hashes, places = hashes[order], places[order]
        fresh = np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)]
        met = distinct(places)
        by_rank = met[_commonest_first(counts[met], whole[met])]
        ranks = np.empty(len(values), dtype=np.int64)
        ranks[by_rank] = np.arange(len(met))
        commonest = np.minimum.reduceat(ranks[places], np.flatnonzero(fresh))
        centres = by_rank[commonest][np.cumsum(fresh) - 1]
        is_slip = places != centres
        return places[is_slip], centres[is_slip], np.flatnonzero(is_first & (whole > 0))

    def _deletions(
        self, values: Sequence[str], is_first: NDArray[np.bool_]
    ) -> tuple[Hashes, Places, Hashes]:
        """Hash each text, whole and without each of its characters in turn.

        Returns:
            The hashes and, beside each, the place of its text; and the hash of each
            whole text, those that have no neighbours among them.
        """
        hashes = [np.empty(0, dtype=np.uint64)]
        places = [np.empty(0, dtype=np.int64)]
        whole = [hashes[0]]
        for n_before, texts in Texts.parts(values):
            ends = _ends(texts)
            lengths = ends - texts.starts
            whole.append(texts.hashes(texts.starts, ends))
            is_new = is_first[n_before : n_before + len(ends)]
            chosen = np.flatnonzero(
                is_new & (lengths >= self.least) & (lengths <= self.most)
            )
            hashes += [
                whole[-1][chosen],
                texts.hashes_without_one(texts.starts[chosen], ends[chosen]),
            ]
            places += [
                chosen + n_before,
                np.repeat(chosen, lengths[chosen]) + n_before,
            ]
        return np.concatenate(hashes), np.concatenate(places), np.concatenate(whole)


def _first_alike(values: Sequence[str]) -> Places:
    """Return for each value the first whose text that counts is the same."""
    if "@" not in "".join(values):
        return np.arange(len(values))
    parts = Texts.parts(values)
    hashes = [texts.hashes(texts.starts, _ends(texts)) for _, texts in parts]
    codes, first = coded(np.concatenate(hashes))
    alike: Places = first[codes]
    return alike


def _ends(texts: Texts) -> Places:
    """Return where what counts of each text ends: at the first `@`, or at its end."""
    ends = texts.ends
    marks = np.flatnonzero(texts.letters == ord("@"))[::-1]
    if len(marks):
        ends = ends.copy()
        # Of several marks of one text the last one assigned stays: the first.
        ends[np.searchsorted(texts.starts, marks, side="right") - 1] = marks
    return ends


def _commonest_first(counts: NDArray[np.int64], hashes: Hashes) -> Places:
    """Return the order with the commonest texts first, and equals by hash.

    So that which of them comes first depends on the texts alone.
    """
    order = sorting_order(hashes)
    bits = len(order).bit_length()
    rarity = int(counts.max(initial=0)) - counts[order]
    ranked = np.sort(rarity << bits | np.arange(len(order)))
    first: Places = order[ranked & ((1 << bits) - 1)]
    return first
