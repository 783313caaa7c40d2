"""Similarity vectors of pairs of records, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from custmerge.config import Field
from custmerge.engines.comparing import (
    Comparison,
    agreed_codes,
    compare_crossed,
    compare_rows,
)
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Scores
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
    """

    table: RecordTable
    fields: tuple[Field, ...]
    comparisons: Mapping[str, Comparison]

    @classmethod
    def of(cls, table: RecordTable, fields: Sequence[Field]) -> Evidence:
        """Prepare to compare the fields that have a comparator."""
        columns = dict(table.columns)
        names = {field.name for field in fields if field.comparator is not None}
        for field in fields:
            if field.swaps_with in names:
                pair = (field.name, field.swaps_with)
                columns |= zip(
                    pair, _shared([columns[name] for name in pair]), strict=True
                )
        comparisons = {
            field.name: Comparison(columns[field.name].values, field.comparator)
            for field in fields
            if field.comparator is not None
        }
        shared = RecordTable(columns, table.n_rows)
        return cls(shared, tuple(f for f in fields if f.name in names), comparisons)

    @property
    def names(self) -> tuple[str, ...]:
        """The compared fields' names."""
        return tuple(field.name for field in self.fields)

    def similarity(self, pairs: Pairs) -> SimilarityVectors:
        """Return the pairs' similarity for each compared field."""
        scores: dict[str, Scores] = {}
        frequencies: dict[str, Scores] = {}
        for field in self.fields:
            column = self.table[field.name]
            comparison = self.comparisons[field.name]
            scores[field.name] = compare_rows(column, comparison, pairs)
            if field.frequency:
                frequencies[field.name] = _frequencies(column, pairs)
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


def _frequencies(column: Column, pairs: Pairs) -> Scores:
    """Return how common each pair's agreed value is among the records with a value."""
    counts = column.counts()
    shares = np.append(counts / max(int(column.present.sum()), 1), np.nan)
    return shares.astype(np.float32)[agreed_codes(column, pairs)]
