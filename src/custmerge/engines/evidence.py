"""Similarity vectors of pairs of records, field by field."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from custmerge.config import Field
from custmerge.contacts import ContactValues
from custmerge.engines.comparing import (
    Bounded,
    Comparison,
    bound_crossed,
    bound_rows,
    commonest,
    compare_crossed,
    compare_rows,
)
from custmerge.engines.frequencies import Frequencies
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows, Scores
from custmerge.records import Column, RecordTable

__all__ = ["Evidence"]

_UNLIKE = 0.86
"""Two fields are taken for exchanged where neither is alike as it stands."""
_EXCHANGED = 0.97
"""What an agreement across exchanged fields is worth of one in place."""
_ROUNDED = 1e-5
"""What scores may be below what they stand for by rounding."""
_MANY = 2**17
"""Pairs from which on to start threads for them costs nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Normalized records and all that was found in comparing them.

    Attributes:
        table: The normalized records. Two fields that are at times exchanged share
            one vocabulary, so that each can be compared with the other.
        fields: The compared fields.
        comparisons: For each field, its comparator and the pairs of values it saw.
        frequencies: For each field whose rare values count more, how common its
            values are.
        sources: For each row the code of its source, -1 where unknown; `None` where
            there is but one.
    """

    table: RecordTable
    fields: tuple[Field, ...]
    comparisons: Mapping[str, Comparison]
    frequencies: Mapping[str, Frequencies]
    sources: Rows | None = None

    @classmethod
    def of(
        cls,
        table: RecordTable,
        fields: Sequence[Field],
        rows: Rows,
        sources: Rows | None = None,
        contacts: Mapping[str, ContactValues] | None = None,
    ) -> Evidence:
        """Prepare to compare the fields that have a comparator.

        Args:
            table: The normalized records.
            fields: The fields.
            rows: The distinct records; copies of a record do not make its values
                common.
            sources: For each row the code of its source.
            contacts: Whose the values of contact fields are.
        """
        columns = _exchangeable(table, fields)
        compared = tuple(field for field in fields if field.comparator is not None)
        comparisons = {
            field.name: Comparison(
                field.name,
                columns[field.name].values,
                field.comparator,
                commonest(columns[field.name]),
            )
            for field in compared
            if field.comparator is not None
        }
        of_rows = None if sources is None else sources[rows]
        frequencies = {
            field.name: Frequencies.of(
                columns[field.name].take(rows),
                of_rows,
                (contacts or {}).get(field.name),
            )
            for field in compared
            if field.frequency
        }
        recoded = RecordTable(columns, table.n_rows)
        return cls(recoded, compared, comparisons, frequencies, sources)

    def among(self, rows: Rows) -> Evidence:
        """Return the evidence about some of the records, what was compared kept."""
        columns = {
            name: column.take(rows) for name, column in self.table.columns.items()
        }
        sources = None if self.sources is None else self.sources[rows]
        return replace(self, table=RecordTable(columns, len(rows)), sources=sources)

    @property
    def n_value_pairs(self) -> int:
        """How many pairs of values were compared so far."""
        return sum(item.n_compared for item in self.comparisons.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The compared fields' names."""
        return tuple(field.name for field in self.fields)

    @property
    def relatives(self) -> tuple[str, ...]:
        """The classes of relatives that share any of the fields."""
        return tuple(sorted({name for field in self.fields for name in field.shares}))

    def similarity(self, pairs: Pairs, *, exact: bool = True) -> SimilarityVectors:
        """Return the pairs' similarity for each compared field.

        Args:
            pairs: The pairs of rows.
            exact: Whether scores below a field's lowest level matter; else they are
                merely below it, and how common the values are is not said there (NaN),
                which takes less time.
        """
        scores = self.scores(self.names, pairs, exact=exact)
        return self.with_frequencies(scores, pairs, exact=exact)

    def with_frequencies(
        self, scores: dict[str, Scores], pairs: Pairs, *, exact: bool = True
    ) -> SimilarityVectors:
        """Return the pairs' similarities, and how common their values are.

        Args:
            scores: The similarities.
            pairs: The pairs of rows.
            exact: As for `similarity`.
        """
        least = {} if exact else self._least

        def shares(name: str) -> Scores:
            column, common = self.table[name], self.frequencies[name]
            if name not in least:
                return common.of_pairs(column, pairs, self.sources)
            found = np.full(len(pairs), np.nan, dtype=np.float32)
            alike = np.flatnonzero(scores[name] >= least[name] - _ROUNDED)
            found[alike] = common.of_pairs(column, pairs.take(alike), self.sources)
            return found

        frequencies = _each(shares, tuple(self.frequencies), len(pairs))
        return SimilarityVectors(scores, frequencies)

    @property
    def _least(self) -> dict[str, float]:
        """The lowest scores that matter to each field."""
        return {field.name: min(field.levels[0], _UNLIKE) for field in self.fields}

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The fields, those exchanged at times together: their scores depend."""
        together = tuple(sorted({name for both in self._swaps for name in both}))
        alone = [(name,) for name in self.names if name not in together]
        return (together, *alone) if together else tuple(alone)

    @property
    def _swaps(self) -> list[tuple[str, str]]:
        """The fields that are at times exchanged with each other."""
        names = set(self.names)
        return [
            (field.name, field.swaps_with)
            for field in self.fields
            if field.swaps_with is not None and field.swaps_with in names
        ]

    def scores(
        self, names: Sequence[str], pairs: Pairs, *, exact: bool = True
    ) -> dict[str, Scores]:
        """Return the pairs' similarity for some fields: for one or more `groups`."""
        least = {} if exact else self._least

        def compared(name: str) -> Scores:
            column, comparison = self.table[name], self.comparisons[name]
            return compare_rows(column, comparison, pairs, least=least.get(name, 0.0))

        asked = tuple(name for name in self.names if name in names)
        scores = _each(compared, asked, len(pairs))
        for name, other in self._swaps:
            if name in scores:
                self._mend_exchanged(name, other, pairs, scores)
        return scores

    def bounds(self, names: Sequence[str], pairs: Pairs) -> dict[str, Bounded]:
        """Return what `scores` are at most, and where they are no less.

        That takes little time: only what is equal, and what sketches show.
        """
        found = {
            name: bound_rows(self.table[name], self.comparisons[name], pairs)
            for name in names
        }
        for name, other in self._swaps:
            if name in found:
                self._bound_exchanged(name, other, pairs, found)
        return found

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
            _UNLIKE / _EXCHANGED,
        )
        exchanged = crossed >= _UNLIKE
        places = unlike[exchanged]
        for both in (name, other):
            scores[both][places] = np.maximum(scores[both][places], crossed[exchanged])

    def _bound_exchanged(
        self, name: str, other: str, pairs: Pairs, found: dict[str, Bounded]
    ) -> None:
        """Raise two fields' bounds where they may agree crosswise."""
        unlike = [
            ~sure | (most < _UNLIKE) for most, sure in (found[name], found[other])
        ]
        places = np.flatnonzero(unlike[0] & unlike[1])
        crossed = _EXCHANGED * bound_crossed(
            self.table[name],
            self.table[other],
            self.comparisons[name],
            pairs.take(places),
        )
        exchanged = crossed >= _UNLIKE
        places = places[exchanged]
        for both in (name, other):
            most, sure = found[both]
            most[places] = np.maximum(most[places], crossed[exchanged])
            sure[places] = False


def _each(
    found: Callable[[str], Scores], names: Sequence[str], n_pairs: int
) -> dict[str, Scores]:
    """Return what is found for each field, several at a time where it takes long."""
    if n_pairs < _MANY:
        return {name: found(name) for name in names}
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # more would take memory
        return dict(zip(names, threads.map(found, names), strict=True))


def _exchangeable(table: RecordTable, fields: Sequence[Field]) -> dict[str, Column]:
    """Return the columns, those exchanged at times recoded in one vocabulary."""
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
        stacked = Column.stack([columns[name] for name in together])
        start = 0
        for name in together:
            width = columns[name].width
            codes = stacked.codes[:, start : start + width]
            columns[name] = Column(stacked.values, codes if width > 1 else codes[:, 0])
            start += width
    return columns
