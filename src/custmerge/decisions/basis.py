"""What a run stands on: all that correcting its result takes beside the result."""

from __future__ import annotations

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
from custmerge.io import Dataset, encode
from custmerge.naming import RecordNames
from custmerge.pairs import positions
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Basis"]


@dataclass(frozen=True, eq=False)
class Basis:
    """What a run stands on, the same for its result and all corrections of that.

    Attributes:
        dataset: The records.
        config: What was done with them.
        told: What must be one entity and what cannot, by `must_link` and
            `cannot_link`, and by sources that hold a customer once.
        labelled: The same by `labels`.
        verdicts: What rules and labels settle of the compared pairs.
        order: The rows in an order that their content alone decides; ties go by it.
        originals: For each row one that stands for all that are the same in every
            field.
        types: For each row the code of its type, -1 where it may be any.
    """

    dataset: Dataset
    config: Config
    told: Constraints
    labelled: Constraints
    verdicts: Verdicts
    order: Rows
    originals: Rows
    types: NDArray[np.int32]

    def __repr__(self) -> str:
        return f"Basis({len(self.order):,} records)"

    @cached_property
    def places(self) -> Rows:
        """Where each row stands in that order, copies of a record by their ids."""
        places = positions(self.order)
        n_copies = np.bincount(self.originals, minlength=1)[self.originals]
        copies = np.flatnonzero(n_copies > 1)
        if self.config.id is None or not len(copies):
            return places
        ids = self.dataset.encode(self.config.id).take(copies)
        texts = np.asarray([ids.values[code] for code in ids.codes.tolist()])
        order = np.lexsort((places[copies], texts, places[self.originals[copies]]))
        places[copies[order]] = np.sort(places[copies])
        return places

    @cached_property
    def table(self) -> RecordTable:
        """The records as they came, encoded when the first correction asks for it."""
        return encode(self.dataset)

    @cached_property
    def finder(self) -> RecordFinder:
        """Finds records by their ids."""
        return RecordFinder.of(self.dataset, self.config, self.dataset.encode)

    def names_of(self, rows: Rows) -> tuple[object, ...]:
        """Return what records are called: ids, each with its source if several."""
        return RecordNames.of(self.dataset, self.config).listed(rows)

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
        said = told | self.labelled | decided
        said.groups(len(self.order))
        return said
