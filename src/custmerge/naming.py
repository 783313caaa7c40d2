"""Records as output tables name them: by id, and by source where there are several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from custmerge.config import Config
from custmerge.io import Dataset, OutputColumn, Taken, known_columns, read_table
from custmerge.protocols import Rows
from custmerge.records import Column

__all__ = ["GOLDEN_COLUMNS", "RecordNames"]

GOLDEN_COLUMNS: Final = ("entity_id", "n_records")
"""What tables of golden records begin with; input columns of these names give way."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordNames:
    """The ids and sources of records.

    Attributes:
        dataset: The records.
        id: The column of ids; `None` where records go by their row numbers.
        source: The column of sources, if one is known.

    Examples:
        >>> from custmerge.config import Field
        >>> from custmerge.io import read
        >>> config = Config((Field("name"),), id="no")
        >>> dataset = read([{"no": "K7", "name": "Ann"}, {"no": "K8", "name": "Bo"}])
        >>> RecordNames.of(dataset, config).listed(np.array([1, 0]))
        ('K8', 'K7')
    """

    dataset: Dataset
    id: str | None
    source: str | None

    @classmethod
    def of(cls, dataset: Dataset, config: Config) -> RecordNames:
        """Return the names of a dataset's records by what a configuration says."""
        return cls(dataset, *known_columns(dataset, config.id, config.source))

    def ids(self, rows: Rows) -> OutputColumn:
        """Return the ids of rows."""
        return rows if self.id is None else Taken(self.id, rows)

    def sources(self, rows: Rows) -> OutputColumn:
        """Return the sources of rows, missing where there are none."""
        codes = self.dataset.source_codes
        if codes is not None:
            return Column(self.dataset.sources, codes[rows])
        if self.source is not None:
            return Taken(self.source, rows)
        return Column((), np.full(len(rows), -1, dtype=np.int32))

    def columns(self, **rows: Rows) -> dict[str, OutputColumn]:
        """Return columns of ids, and of sources where these were given by name.

        Args:
            rows: The rows by what their columns are called: `left=...` gives `left_id`
                and perhaps `left_source`.
        """
        named = {f"{side}_id": self.ids(taken) for side, taken in rows.items()}
        if self.dataset.sources:
            named |= {
                f"{side}_source": self.sources(taken) for side, taken in rows.items()
            }
        return named

    def listed(self, rows: Rows) -> tuple[object, ...]:
        """Return the ids of rows; with several sources pairs of source and id."""
        ids = self.cells(self.ids(rows))
        if self.dataset.sources or self.source is not None:
            return tuple(zip(self.cells(self.sources(rows)), ids, strict=True))
        return tuple(ids)

    def cells(self, column: OutputColumn) -> list[object]:
        """Return the Python values of an output column."""
        if isinstance(column, Taken):
            if not len(column.rows):
                return []
            # A table of these rows alone: to make Python values of all takes long.
            taken = self.dataset.build({column.column: column})
            return list(read_table(taken).cells(column.column))
        if isinstance(column, Column):
            return list(column.decode())
        return column.tolist() if isinstance(column, np.ndarray) else list(column)
