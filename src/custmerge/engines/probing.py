"""Pairs that no key gave, weighed and looked up on demand as the run would have.

The normalized records and their blocks are those of the run, or are made again where
there are too many to hold. What compares them, and the keys of fields on which two
records share a block, are made when first asked for, and kept for the next question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from custmerge.classifier import IntoClassifier, Rules, as_classifier
from custmerge.config import Config
from custmerge.engines.blocking import blocks_of, key_of
from custmerge.engines.blocks import Blocks
from custmerge.engines.copies import originals_of
from custmerge.engines.evidence import Evidence
from custmerge.engines.linking import Known
from custmerge.engines.ruling import Ruling
from custmerge.engines.weighing import Weigher
from custmerge.pairs import Pairs, distinct, positions
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
        prepare: Returns the normalized records in that order, and the blocks of each
            field's keys, before any was capped.
    """

    config: Config
    model: IntoClassifier
    known: Known
    order: Rows
    prepare: Callable[[], tuple[RecordTable, tuple[Blocks, ...]]]

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made when asked for: what compares cannot be pickled."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def _prepared(self) -> tuple[RecordTable, tuple[Blocks, ...]]:
        return self.prepare()

    @cached_property
    def _by_key(self) -> dict[int, Blocks]:
        return {}

    @cached_property
    def _places(self) -> Rows:
        return positions(self.order)

    @cached_property
    def _weigh(self) -> Weigher:
        known, compared = self.known, self.config.compared
        table, _ = self._prepared
        rows = distinct(originals_of(table))
        evidence = Evidence.of(table, compared, rows, known.sources, known.contacts)
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
        ends = self._places[[left, right]].tolist()
        _, blocks = self._prepared
        shared = {one.fields for one in blocks if _shared_sizes(one, *ends)}
        found: dict[str, int] = {}
        for place, blocker in enumerate(self.config.plugins):
            key, fields = key_of(blocker)
            if fields in shared:
                sizes = _shared_sizes(self._blocks_of(place), *ends)
                fewest = min([*sizes, found.get(key, len(self.order))])
                found |= {key: fewest} if sizes else {}
        return tuple(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def _blocks_of(self, place: int) -> Blocks:
        """Return the blocks of one of the keys; several may have one name."""
        if place not in self._by_key:
            table, _ = self._prepared
            found, _ = blocks_of(table, self.config.plugins[place])
            self._by_key[place] = found
        return self._by_key[place]

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
