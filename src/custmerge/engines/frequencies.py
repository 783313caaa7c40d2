"""How common values are, in all records and in the sources that hold them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.comparing import agreed_codes
from custmerge.pairs import Pairs
from custmerge.protocols import Rows, Scores
from custmerge.records import Column

__all__ = ["Frequencies"]

Shares = NDArray[np.float64]

_PRIOR_RECORDS = 1_000.0
"""How many records of a source the shares among all records weigh as much as: a small
source shows too little of how common its values are."""


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
    """

    shares: Shares
    keys: NDArray[np.int64]
    within: Shares

    @classmethod
    def of(
        cls,
        column: Column,
        sources: Rows | None,
        n_people: NDArray[np.int64] | None = None,
    ) -> Frequencies:
        """Count the values of the distinct records.

        Args:
            column: The values; a row may hold several.
            sources: For each row the code of its source, -1 where unknown.
            n_people: For each value of a contact field how many people hold it, whose
                count then stands for that of records.
        """
        n_held = max(int(column.present.sum()), 1)
        n_rows = np.maximum(column.counts(), 1)
        of_row = (
            np.ones(len(n_rows))
            if n_people is None
            else np.minimum(n_people / n_rows, 1)
        )
        # A row may hold a value twice, but no value is in more rows than hold any.
        shares = np.minimum(np.append(column.counts() * of_row / n_held, np.nan), 1)
        if sources is None:
            return cls(shares, np.empty(0, np.int64), np.empty(0))
        rows, slots = np.nonzero(column.slots >= 0)
        codes = column.slots[rows, slots].astype(np.int64)
        keys, n_rows = np.unique(
            (sources[rows] + 1) * len(shares) + codes, return_counts=True
        )
        n_source = np.bincount(sources[column.present] + 1)
        source, value = np.divmod(keys, len(shares))
        drawn = n_rows * of_row[value] + _PRIOR_RECORDS * shares[value]
        return cls(shares, keys, drawn / (n_source[source] + _PRIOR_RECORDS))

    @property
    def mean(self) -> float:
        """The share of a value, averaged over the records that hold one."""
        held = self.shares[:-1]
        return float((held**2).sum() / max(held.sum(), 1e-9))

    def of_pairs(self, column: Column, pairs: Pairs, sources: Rows | None) -> Scores:
        """Return how common what the pairs hold is; NaN where a side is missing.

        Of two values the commoner counts: the other is as likely to be the same one
        mistyped. Where rows hold several values, only one that both hold counts. What
        is common in the two rows' sources counts as common (a till that writes its
        own city), even where it is rare elsewhere.
        """
        agreed = agreed_codes(column, pairs).astype(np.int64)
        both = [agreed]
        if column.width == 1:
            codes = column.slots[:, 0].astype(np.int64)
            left, right = codes[pairs.left], codes[pairs.right]
            present = (left >= 0) & (right >= 0)
            both = [np.where(present, side, -1) for side in (left, right)]
        found = [self.shares[value] for value in both]
        if sources is not None:
            found += [self._in_sources(value, pairs, sources) for value in both]
        commonest: Scores = np.fmax.reduce(found).astype(np.float32)
        return commonest

    def _in_sources(
        self, values: NDArray[np.int64], pairs: Pairs, sources: Rows
    ) -> Shares:
        """Return the geometric mean of the values' shares in the rows' two sources."""
        product = np.ones(len(pairs))
        for rows in (pairs.left, pairs.right):
            wanted = (sources[rows] + 1) * len(self.shares) + values
            places = np.searchsorted(self.keys, wanted)
            held = np.append(self.keys, -1)[places] == wanted
            product *= np.where(held, np.append(self.within, np.nan)[places], np.nan)
        return np.asarray(np.sqrt(product))
