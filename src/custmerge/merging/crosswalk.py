"""Which record survives each record, and how records are told by id and source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat

import numpy as np

from custmerge.config import Config
from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.io import Dataset, known_columns
from custmerge.io.dataset import require_columns
from custmerge.protocols import Rows
from custmerge.records import Column

__all__ = ["AMBIGUOUS", "UNKNOWN", "Crosswalk", "Names"]

_COLUMNS = ("record_id", "source", "survivor_id", "survivor_source")
UNKNOWN = -1
"""No record has this id."""
AMBIGUOUS = -2
"""Records of several sources have this id, and not all of them one survivor."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Records, found by id or by source and id.

    Attributes:
        ids: The ids as text.
        sources: The sources; `None` where there are none.
        alike: A number for each record; those of one number may stand for each other.
    """

    ids: Column
    sources: Column | None
    alike: Rows

    def find(self, ids: Column, sources: Column | None = None) -> Rows:
        """Return the row of the record of each id, and source where these are given.

        `UNKNOWN` where there is none, or the id is missing; `AMBIGUOUS` where an id by
        itself is of several records that are not alike.
        """
        codes = _translated(ids, self.ids)
        if sources is None or self.sources is None:
            return self.by_id[codes]
        # A missing source is one of its own.
        own = self.sources.codes.astype(np.int64) + 1
        width = len(self.sources.values) + 2
        keys = self.ids.codes * np.int64(width) + own
        order = np.argsort(keys, kind="stable")
        theirs = _translated(sources, self.sources, unknown=len(self.sources.values))
        wanted = codes * np.int64(width) + theirs + 1
        places = np.searchsorted(keys, wanted, sorter=order)
        rows: Rows = np.append(order, UNKNOWN)[places]
        is_found = (codes >= 0) & (np.append(keys, -1)[rows] == wanted)
        return np.where(is_found, rows, UNKNOWN)

    @property
    def by_id(self) -> Rows:
        """The row of each distinct id, and of a missing one as the last."""
        codes = self.ids.codes
        rows = np.full(len(self.ids.values) + 1, UNKNOWN)
        # Of several rows the last one assigned stays: the first, seen from behind.
        rows[codes[::-1]] = np.arange(len(codes))[::-1]
        split = self.alike != self.alike[rows[codes]]
        rows[codes[split]] = AMBIGUOUS
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Crosswalk:
    """For each record the one that survives it, found by id or by source and id.

    Attributes:
        survivors: int64, shape `(n_records,)`: the row that survives each row.
        ids: The record ids as text; row numbers where there is no id column.
        sources: The source of each record; `None` where there are none.
        dataset: The records.
        id: The id column, if there is one.
        source: The source column, if there is one.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"id": "c1", "name": "Ann Lee", "email": "ann@lee.org"},
        ...     {"id": "c2", "name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"id": "c3", "name": "Ann Lee", "email": "ann@lee.org"},
        ... ]
        >>> [row["survivor_id"] for row in cm.resolve(records).crosswalk]
        ['c1', 'c2', 'c1']
    """

    survivors: Rows
    ids: Column
    sources: Column | None
    dataset: Dataset
    id: str | None
    source: str | None

    @classmethod
    def of(cls, dataset: Dataset, config: Config, survivors: Rows) -> Crosswalk:
        """Return the crosswalk of records, told apart as the configuration says."""
        id_, source = known_columns(dataset, config.id, config.source)
        rows = range(len(dataset))
        ids = Column.encode(rows) if id_ is None else dataset.encode(id_)
        sources = None if source is None else dataset.encode(source)
        if dataset.source_codes is not None:
            sources = Column(dataset.sources, dataset.source_codes)
        return cls(survivors, ids, sources, dataset, id_, source)

    @classmethod
    def of_table(cls, dataset: Dataset) -> Crosswalk:
        """Return the crosswalk that a table such as `result.crosswalk` holds.

        Raises:
            ColumnNotFoundError: A column is not there.
            InvalidInputError: A survivor is not among the records.
        """
        try:
            require_columns(dataset.columns, _COLUMNS)
        except ColumnNotFoundError as error:
            message = f"the crosswalk is none, as result.crosswalk is: {error}"
            raise ColumnNotFoundError(message) from None
        ids, sources, survivor_ids, survivor_sources = map(dataset.encode, _COLUMNS)
        named = sources if sources.values else None
        found = Names(ids, named, np.arange(len(ids))).find(
            survivor_ids, survivor_sources
        )
        n_wrong = int((found < 0).sum())
        if n_wrong:
            message = (
                f"the survivors of {n_wrong:,} rows of the crosswalk are not one of "
                "its records each; give the whole table, as result.crosswalk has it"
            )
            raise InvalidInputError(message)
        return cls(found, ids, named, dataset, _COLUMNS[0], _COLUMNS[1])

    @property
    def names(self) -> Names:
        """How records are told; an id alone may stand for any of one survivor."""
        return Names(self.ids, self.sources, self.survivors)

    def n_ambiguous(self, rows: Rows) -> int:
        """Return how many of some rows have an id that alone does not tell them."""
        return int((self.names.by_id[self.ids.codes[rows]] == AMBIGUOUS).sum())

    def id_cells(self, rows: Rows) -> list[object]:
        """Return the ids of rows as the records hold them."""
        return self._cells(self.id, rows) if self.id is not None else rows.tolist()

    def source_cells(self, rows: Rows) -> list[object]:
        """Return the sources of rows as the records hold them."""
        if self.source is not None and self.dataset.source_codes is None:
            return self._cells(self.source, rows)
        return [] if self.sources is None else list(self.sources.take(rows).decode())

    def _cells(self, column: str, rows: Rows) -> list[object]:
        cells = self.dataset.cells(column)
        return [cells[row] for row in rows.tolist()]


def _translated(column: Column, other: Column, unknown: int = -1) -> Rows:
    """Return the code in another column of each row's text; of a missing one -1."""
    index = dict(zip(other.values, range(len(other.values)), strict=True))
    found = map(index.get, column.values, repeat(unknown))
    codes = np.fromiter(found, np.int64, len(column.values))
    return np.append(codes, -1)[column.first]
