"""Similarity vectors of pairs of records, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.config import Field
from custmerge.engines.comparing import (
    Comparison,
    agreed_codes,
    compare_crossed,
    compare_rows,
)
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows, Scores
from custmerge.records import Column, RecordTable

__all__ = ["Evidence"]

_UNLIKE = 0.86
"""Two fields are taken for exchanged where neither is alike as it stands."""
_EXCHANGED = 0.97
"""What an agreement across exchanged fields is worth of one in place."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Normalized records and all that was found in comparing them.

    Attributes:
        table: The normalized records. Two fields that are at times exchanged share
            one vocabulary, so that each can be compared with the other.
        fields: The compared fields.
        comparisons: For each field, its comparator and the pairs of values it saw.
        shares: For each field and value, the share of the distinct records with any
            value that hold it; copies of a record do not make its values common.
    """

    table: RecordTable
    fields: tuple[Field, ...]
    comparisons: Mapping[str, Comparison]
    shares: Mapping[str, NDArray[np.float64]]

    @classmethod
    def of(cls, table: RecordTable, fields: Sequence[Field], rows: Rows) -> Evidence:
        """Prepare to compare the fields that have a comparator.

        Args:
            table: The normalized records.
            fields: The fields.
            rows: The distinct records.
        """
        columns = dict(table.columns)
        names = {field.name for field in fields if field.comparator is not None}
        swapping = {
            name
            for field in fields
            if field.name in names and field.swaps_with in names
            for name in (field.name, field.swaps_with)
        }
        together = [name for name in columns if name in swapping]
        if together:
            recoded = _shared([columns[name] for name in together])
            columns |= zip(together, recoded, strict=True)
        comparisons = {
            field.name: Comparison(
                field.name, columns[field.name].values, field.comparator
            )
            for field in fields
            if field.comparator is not None
        }
        shares = {name: _shares(columns[name].take(rows)) for name in names}
        compared = tuple(field for field in fields if field.name in names)
        return cls(RecordTable(columns, table.n_rows), compared, comparisons, shares)

    def among(self, rows: Rows) -> Evidence:
        """Return the evidence about some of the records, what was compared kept."""
        columns = {
            name: column.take(rows) for name, column in self.table.columns.items()
        }
        return replace(self, table=RecordTable(columns, len(rows)))

    @property
    def names(self) -> tuple[str, ...]:
        """The compared fields' names."""
        return tuple(field.name for field in self.fields)

    @property
    def relatives(self) -> tuple[str, ...]:
        """The classes of relatives that share any of the fields."""
        return tuple(sorted({name for field in self.fields for name in field.shares}))

    def similarity(self, pairs: Pairs) -> SimilarityVectors:
        """Return the pairs' similarity for each compared field."""
        scores: dict[str, Scores] = {}
        frequencies: dict[str, Scores] = {}
        for field in self.fields:
            column = self.table[field.name]
            comparison = self.comparisons[field.name]
            scores[field.name] = compare_rows(column, comparison, pairs)
            if field.frequency:
                agreed = agreed_codes(column, pairs)
                shares = np.append(self.shares[field.name], np.nan)
                frequencies[field.name] = shares.astype(np.float32)[agreed]
        for field in self.fields:
            if field.swaps_with in scores:
                self._mend_exchanged(field.name, field.swaps_with, pairs, scores)
        return SimilarityVectors(scores, frequencies)

    def _mend_exchanged(
        self, name: str, other: str, pairs: Pairs, scores: dict[str, Scores]
    ) -> None:
        """Raise two fields' scores where they agree crosswise."""
        unlike = np.flatnonzero((scores[name] < _UNLIKE) & (scores[other] < _UNLIKE))
        crossed = _EXCHANGED * compare_crossed(
            self.table[name],
            self.table[other],
            self.comparisons[name],
            pairs.take(unlike),
        )
        exchanged = crossed >= _UNLIKE
        places = unlike[exchanged]
        for both in (name, other):
            scores[both][places] = np.maximum(scores[both][places], crossed[exchanged])


def _shared(columns: Sequence[Column]) -> Iterator[Column]:
    """Return the columns recoded in one vocabulary."""
    stacked = Column.stack(columns)
    start = 0
    for column in columns:
        codes = stacked.codes[:, start : start + column.width]
        yield Column(stacked.values, codes if column.width > 1 else codes[:, 0])
        start += column.width


def _shares(column: Column) -> NDArray[np.float64]:
    """Return the share of the rows with any value that hold each value."""
    n_held = max(int(column.present.sum()), 1)
    # A row may hold a value twice, but no value is in more rows than hold any.
    shares: NDArray[np.float64] = np.minimum(column.counts() / n_held, 1)
    return shares
