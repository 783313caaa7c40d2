"""What a run stands on: all that correcting its result takes beside the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Verdicts
from custmerge.clustering import Constraints
from custmerge.config import AUTO, Config
from custmerge.decisions.document import Decisions
from custmerge.decisions.locating import Located, golden_columns, locate
from custmerge.finding import RecordFinder
from custmerge.io import Dataset, Taken, encode, read_table
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Basis"]


@dataclass(frozen=True, eq=False)
class Basis:
    """What a run stands on, the same for its result and all corrections of that.

    Attributes:
        dataset: The records.
        config: What was done with them.
        told: What must be one entity and what cannot, by `must_link`, `cannot_link`
            and `labels`, and by sources that hold a customer once.
        verdicts: What rules and labels settle of the compared pairs.
        order: The rows in an order that their content alone decides; ties go by it.
        originals: For each row one that stands for all that are the same in every
            field.
        types: For each row the code of its type, -1 where it may be any.
    """

    dataset: Dataset
    config: Config
    told: Constraints
    verdicts: Verdicts
    order: Rows
    originals: Rows
    types: NDArray[np.int32]

    @cached_property
    def table(self) -> RecordTable:
        """The records as they came, encoded when the first correction asks for it."""
        return encode(self.dataset)

    @cached_property
    def finder(self) -> RecordFinder:
        """Finds records by their ids."""
        return RecordFinder.of(self.dataset, self.config, self.dataset.encode)

    def names_of(self, rows: Rows) -> list[object]:
        """Return what records are called: ids, each with its source if several."""
        id_, source = self.config.id, self.config.source
        ids = self._cells(id_, rows) or rows.tolist()
        codes = self.dataset.source_codes
        if codes is not None:
            sources: Sequence[object] = self.dataset.sources
            named = [sources[code] for code in codes[rows].tolist()]
        elif source is not None:
            named = self._cells(source, rows)
        else:
            return ids
        return list(zip(named, ids, strict=True))

    def _cells(self, column: str | None, rows: Rows) -> list[object]:
        if column is None or column not in self.dataset.columns or not len(rows):
            return []
        # A table of these rows alone: to make Python values of all takes long.
        taken = self.dataset.build({column: Taken(column, rows)})
        return list(read_table(taken).cells(column))

    def located(self, decisions: Decisions) -> Located:
        """Return decisions with the rows of the records that they name."""
        columns = golden_columns(self.dataset, self.config)
        return locate(decisions, self.finder, columns)

    def constraints(self, decided: Constraints) -> Constraints:
        """Return all that people say of pairs, with what they decided.

        Raises:
            InvalidConfigError: It contradicts itself; the message lists the rows.
        """
        told = self.told
        if self.config.one_per_source == AUTO:
            told = told.yielding_to(decided.must)
        said = told | decided
        said.groups(len(self.order))
        return said
