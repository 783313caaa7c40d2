"""What people say of records: for a run, and for corrections of its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from custmerge.clustering import Constraints
from custmerge.config import AUTO, Config
from custmerge.contacts import ContactValues
from custmerge.decisions import Basis, Located
from custmerge.engines.copies import originals_of
from custmerge.engines.labelling import Labels
from custmerge.engines.linking import Known, Linkage
from custmerge.engines.record_types import type_codes
from custmerge.io import Dataset
from custmerge.pairs import positions
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable

__all__ = ["People"]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What people say of records, by their rows as they came.

    Attributes:
        told: What must be one entity, and what cannot.
        labels: Pairs of which is known whether they are the same.
        located: What was decided before.
        sources: The source of each record; `None` where all are of one.
    """

    told: Constraints
    labels: Labels
    located: Located
    sources: Column | None

    @property
    def _codes(self) -> Rows | None:
        return None if self.sources is None else self.sources.first.astype(np.int64)

    def known(
        self, config: Config, contacts: Mapping[str, ContactValues], order: Rows
    ) -> Known:
        """Return what is known of the records, by their rows in canonical order."""
        places, decided = positions(order), self.located.constraints()
        found = Constraints(sources=self._codes)
        if config.one_per_source == AUTO:  # a decision is an exception, not a hint
            found = found.yielding_to(decided.must)
        return Known(
            (self.told | decided).renamed(places),
            None if found.sources is None else found.sources[order],
            contacts,
            self.labels.renamed(places),
        )

    def basis(
        self,
        dataset: Dataset,
        config: Config,
        linkage: Linkage,
        table: RecordTable,
        order: Rows,
    ) -> Basis:
        """Return what corrections of a result go by.

        Args:
            dataset: The records.
            config: What was done with them.
            linkage: What came of it, by rows as they came.
            table: The normalized records, in canonical order.
            order: That order.
        """
        places = positions(order)
        sources = self._codes if linkage.one_per_source else None
        return Basis(
            dataset,
            config,
            replace(self.told, sources=sources),
            self.labels.constraints,
            linkage.verdicts,
            order,
            order[originals_of(table)[places]],
            type_codes(table)[places],
        )
