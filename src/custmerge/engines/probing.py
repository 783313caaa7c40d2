"""Pairs that no key gave, weighed and looked up on demand as the run would have.

Nothing is held for it: the records are normalized again when it is first asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from custmerge.classifier import IntoClassifier, Rules, as_classifier
from custmerge.config import Config
from custmerge.engines.blocking import keys_of
from custmerge.engines.copies import originals_of
from custmerge.engines.evidence import Evidence
from custmerge.engines.linking import Known
from custmerge.engines.ordering import positions
from custmerge.engines.ruling import Ruling
from custmerge.engines.weighing import Weigher
from custmerge.pairs import Pairs, distinct
from custmerge.partitioning import Weighed
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

__all__ = ["Probe"]


@dataclass(frozen=True, eq=False)
class Probe:
    """Asks of two records what the run would have found.

    Attributes:
        config: What was done.
        model: What weighed the pairs.
        known: What is known of the records, by their rows in canonical order.
        order: The rows in that order.
        prepare: Returns the normalized records in that order.
    """

    config: Config
    model: IntoClassifier
    known: Known
    order: Rows
    prepare: Callable[[], RecordTable]

    @cached_property
    def _table(self) -> RecordTable:
        return self.prepare()

    @cached_property
    def _places(self) -> Rows:
        return positions(self.order)

    @cached_property
    def _weigh(self) -> Weigher:
        known, fields = self.known, self.config.compared
        rows = distinct(originals_of(self._table))
        evidence = Evidence.of(self._table, fields, rows, known.sources, known.contacts)
        asked = self.model.rules if isinstance(self.model, Rules) else ()
        ruling = Ruling.of(evidence, self.config.rules, known.labels, asked)
        return Weigher(as_classifier(self.model, evidence.names), ruling)

    def weigh(self, left: int, right: int) -> Weighed:
        """Return the pair of two rows weighed, with the evidence of all records."""
        places = self._places
        return self._weigh(Pairs.of([places[left]], [places[right]]))

    def shared_keys(self, left: int, right: int) -> tuple[tuple[str, int], ...]:
        """Return the blocking keys that two rows share, and how many records have each.

        Of the values of one key that both have, the rarest counts.
        """
        ends = self._places[[left, right]]
        found: dict[str, int] = {}
        for blocker in self.config.plugins:
            name, rows, keys = keys_of(self._table, blocker)
            n_records = _rarest_shared(rows, keys, ends)
            if n_records:
                found[name] = min(n_records, found.get(name, n_records))
        return tuple(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _rarest_shared(rows: Rows, keys: Keys, ends: Rows) -> int:
    """Return how many rows have the rarest key that two share; 0 where none is."""
    shared = np.intersect1d(*(keys[rows == row] for row in ends))
    counts = [len(distinct(rows[keys == key])) for key in shared]
    return min(counts, default=0)
