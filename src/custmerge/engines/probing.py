"""Pairs that no key gave, weighed and looked up on demand as the run would have.

Until it is first asked nothing is held for it: then the records are normalized and
blocked again, and that is kept for the next question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from custmerge.classifier import IntoClassifier, Rules, as_classifier
from custmerge.config import Config
from custmerge.engines.blocking import keys_of
from custmerge.engines.blocks import Blocks
from custmerge.engines.copies import originals_of
from custmerge.engines.evidence import Evidence
from custmerge.engines.linking import Known
from custmerge.engines.ordering import positions
from custmerge.engines.ruling import Ruling
from custmerge.engines.weighing import Weigher
from custmerge.pairs import Pairs, distinct
from custmerge.partitioning import Weighed
from custmerge.protocols import Rows
from custmerge.records import RecordTable

__all__ = ["Probe"]


@dataclass(frozen=True, eq=False, repr=False)
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

    @cached_property
    def _blocks(self) -> tuple[Blocks, ...]:
        """The blocks of each key, before any was capped."""
        table = self._table
        found = (keys_of(table, blocker) for blocker in self.config.plugins)
        return tuple(
            Blocks.of(name, (name,), (rows, keys), table.n_rows)
            for name, rows, keys in found
        )

    def shared_keys(self, left: int, right: int) -> tuple[tuple[str, int], ...]:
        """Return the blocking keys that two rows share, and how many records have each.

        Of the values of one key that both have, the rarest counts.
        """
        ends = self._places[[left, right]].tolist()
        found: dict[str, int] = {}
        for blocks in self._blocks:
            for n_records in _shared_sizes(blocks, *ends):
                found[blocks.key] = min(n_records, found.get(blocks.key, n_records))
        return tuple(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def __repr__(self) -> str:
        return f"Probe({len(self.order):,} records)"


def _shared_sizes(blocks: Blocks, left: int, right: int) -> list[int]:
    """Return the sizes of the blocks that hold two rows."""
    starts = blocks.starts
    one, other = (
        np.searchsorted(starts, np.flatnonzero(blocks.rows == row), side="right") - 1
        for row in (left, right)
    )
    sizes: list[int] = blocks.sizes[np.intersect1d(one, other)].tolist()
    return sizes
