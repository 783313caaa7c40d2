"""How common values are, in all records and in the sources that hold them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import MAX_RARITY_BITS
from custmerge.contacts import OFFICE, ContactValues
from custmerge.engines.comparing import agreed_codes
from custmerge.pairs import Pairs
from custmerge.protocols import Rows, Scores
from custmerge.records import Column

__all__ = ["Frequencies"]

Shares = NDArray[np.float64]

_PRIOR_RECORDS = 1_000.0
"""How many records of a source the shares among all records weigh as much as: a small
source shows too little of how common its values are."""


_AT_ONCE = 2**14
"""Pairs looked at together, so that all about them is in the processor's cache."""
_MOST_CELLS = 2**23
"""Sources times values up to which the shares are laid out, in 64 MiB at most."""
_CELLS_PER_ROW = 4
"""The same for each row, about what keys and shares would take."""
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """How common the values of a field are.

    Attributes:
        shares: For each value, the share of the distinct records with any value that
            hold it, and NaN at the end, for a missing one.
        keys: The pairs of a source and a value that occur, as
            `source * len(shares) + value`, ascending.
        within: For each of them, the share of the source's records that hold it, drawn
            to that of all records where the source is small.
        table: Instead of these the shares by `source * len(shares) + value`, NaN where
            it does not occur; `None` where that would be too large.
    """

    shares: Shares
    keys: NDArray[np.int64]
    within: Shares
    table: Shares | None = None

    @classmethod
    def of(
        cls,
        column: Column,
        sources: Rows | None,
        contacts: ContactValues | None = None,
    ) -> Frequencies:
        """Count the values of the distinct records.

        Args:
            column: The values; a row may hold several.
            sources: For each row the code of its source, -1 where unknown.
            contacts: Whose the values of a contact field are: how many people hold each
                then stands for the number of records, of a company's a few at least.
        """
        n_held = max(int(column.present.sum()), 1)
        n_rows = column.counts()
        of_row = np.ones(len(n_rows)) if contacts is None else _people(contacts, n_rows)
        # A row may hold a value twice, but no value is in more rows than hold any.
        shares = np.minimum(np.append(n_rows * of_row / n_held, np.nan), 1)
        if sources is None:
            return cls(shares, _NONE, np.empty(0))
        n_source = np.bincount(sources[column.present] + 1, minlength=1)
        wanted = _keys(column, sources, len(shares))
        of_value = np.append(of_row, 1.0), shares
        n_cells = len(shares) * len(n_source)
        if n_cells > max(_MOST_CELLS, _CELLS_PER_ROW * len(column)):
            ordered = np.sort(wanted)
            first = np.flatnonzero(np.diff(ordered, prepend=-1))
            keys, n_held_by = ordered[first], np.diff(first, append=len(ordered))
            source, value = np.divmod(keys, len(shares))
            known = (side[value] for side in of_value)
            return cls(shares, keys, _drawn(n_held_by, n_source[source], *known))
        counts = np.bincount(wanted, minlength=max(n_cells, 1))
        laid_out = counts.reshape(-1, len(shares))
        table = _drawn(laid_out, n_source[:, np.newaxis], *of_value).reshape(-1)
        table[counts == 0] = np.nan
        return cls(shares, _NONE, np.empty(0), table)

    @property
    def mean(self) -> float:
        """The share of a value, averaged over the records that hold one."""
        held = self.shares[:-1]
        return float((held**2).sum() / max(held.sum(), 1e-9))

    def rarity(self, column: Column, mean: float) -> NDArray[np.float32]:
        """Return how many bits a pair with each row may gain by rarity, at most.

        To agree on a value that fewer than `mean` of the records hold gains the more,
        the fewer do; see `FellegiSunter`.
        """
        with np.errstate(divide="ignore"):
            bits = np.log2(mean / self.shares)[column.slots]
        bits[np.isnan(bits)] = 0 if column.width == 1 else -np.inf
        # Of several values it is not known which one both rows hold, if any.
        most = bits[:, 0] if column.width == 1 else np.maximum(bits.max(axis=1), 0)
        return np.clip(most, -MAX_RARITY_BITS, MAX_RARITY_BITS).astype(np.float32)

    def of_pairs(self, column: Column, pairs: Pairs, sources: Rows | None) -> Scores:
        """Return how common what the pairs hold is; NaN where a side is missing.

        Of two values the commoner counts: the other is as likely to be the same one
        mistyped. Where rows hold several values, only one that both hold counts. What
        is common in the two rows' sources counts as common (a till that writes its
        own city), even where it is rare elsewhere.
        """
        if column.width > 1:
            agreed = agreed_codes(column, pairs)
            shares = self.shares[agreed]
            if sources is not None:
                of_rows = sources[pairs.left], sources[pairs.right]
                within = [self.in_source(of_row, agreed) for of_row in of_rows]
                shares = np.fmax(shares, np.sqrt(within[0] * within[1]))
            return shares.astype(np.float32)
        values = column.slots[:, 0]
        if 2 * len(pairs) < len(values):  # few rows are in several pairs
            rows = np.concatenate([pairs.left, pairs.right])
            values, sources = values[rows], None if sources is None else sources[rows]
            places = np.arange(len(rows)).reshape(2, -1)
            pairs = Pairs(places[0], places[1])
        held = _Held.of(self, values, sources)
        found = np.empty(len(pairs), dtype=np.float32)
        for start in range(0, len(pairs), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            found[part] = held.commonest(pairs.take(part), sources)
        return found

    def in_source(self, sources: Rows, values: NDArray[np.int32]) -> Shares:
        """Return the values' shares in sources; NaN where these do not hold them."""
        # A missing value is the last of each source's, which holds no share.
        width = len(self.shares)
        return self._of((sources + 1) * width + np.where(values < 0, width - 1, values))

    def _of(self, wanted: NDArray[np.int64]) -> Shares:
        """Return the share of each value in its source; NaN where it is not held."""
        if self.table is not None:
            # Beyond the end are sources without any value; the last cell holds none.
            return np.take(self.table, wanted, mode="clip")
        places = np.searchsorted(self.keys, wanted)
        held = np.append(self.keys, -1)[places] == wanted
        shares: Shares = np.where(held, np.append(self.within, np.nan)[places], np.nan)
        return shares


def _people(contacts: ContactValues, n_rows: NDArray[np.int64]) -> Shares:
    """Return how many people each record with a value stands for."""
    n_rows = np.maximum(n_rows, 1)
    people: Shares = np.minimum(contacts.n_people / n_rows, 1)
    offices = np.flatnonzero(contacts.is_office)
    people[offices] = np.maximum(people[offices], OFFICE / n_rows[offices])
    return people


def _keys(column: Column, sources: Rows, width: int) -> NDArray[np.int64]:
    """Return `source * width + value` for each value of a row."""
    codes = column.slots
    keys = ((sources + 1) * width)[:, np.newaxis] + codes
    held: NDArray[np.int64] = keys[codes >= 0]
    return held


def _drawn(
    counts: NDArray[np.int64],
    n_source: NDArray[np.int64],
    people: Shares,
    shares: Shares,
) -> Shares:
    """Return the shares of sources' records, drawn to those of all.

    Args:
        counts: How many records of a source hold a value.
        n_source: How many records of the source hold any.
        people: How many people each of the counted records stands for.
        shares: How common the value is among all records.
    """
    drawn: Shares = counts * people + _PRIOR_RECORDS * shares
    drawn /= n_source + _PRIOR_RECORDS
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What each row holds, where it holds one value at most.

    Attributes:
        common: How common values are.
        values: For each row the code of its value, -1 where it is missing.
        shares: For each row how common its value is among all records.
        within: The same in the row's source.
        either: The greater of the two.
    """

    common: Frequencies
    values: NDArray[np.int32]
    shares: Shares
    within: Shares
    either: Scores

    @classmethod
    def of(
        cls, common: Frequencies, values: NDArray[np.int32], sources: Rows | None
    ) -> _Held:
        """Look up what is the same in all pairs of a row."""
        shares = common.shares[values]
        if sources is None:
            return cls(common, values, shares, shares, shares.astype(np.float32))
        within = common.in_source(sources, values)
        either = np.fmax(shares, within).astype(np.float32)
        return cls(common, values, shares, within, either)

    def commonest(self, pairs: Pairs, sources: Rows | None) -> Scores:
        """Return how common the commoner value is; NaN where a side is missing."""
        # As numpy indexes: it would bring them to that each time.
        left, right = pairs.left.astype(np.intp), pairs.right.astype(np.intp)
        shares: Scores = np.maximum(self.either[left], self.either[right])
        if sources is not None:
            apart = sources[left] != sources[right]
            apart &= ~np.isnan(shares)
            places = np.flatnonzero(apart)
            shares[places] = self._across(left[places], right[places], sources)
        return shares

    def _across(self, left: Rows, right: Rows, sources: Rows) -> Shares:
        """Return the same of rows of different sources, both with a value."""
        one, other = self.within[left], self.within[right]
        across = np.sqrt(one * other)
        unlike = np.flatnonzero(self.values[left] != self.values[right])
        mixed = [
            side[unlike]
            * self.common.in_source(sources[there[unlike]], self.values[here[unlike]])
            for side, here, there in ((one, left, right), (other, right, left))
        ]
        across[unlike] = np.sqrt(np.fmax(*mixed))
        shares = np.maximum(self.shares[left], self.shares[right])
        return np.fmax(shares, across, out=shares)
