"""What a run is expected to take, stage by stage, from what it works on.

The coefficients are what generated customers of 12 columns, 9 of them compared, took in
`benchmarks/speed.py`, from 10,000 records to a million, on two cores. They are good to
a factor of two or so: what values are like, and the machine, matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from custmerge.engines.narrowing import MOST_COMPARED, MOST_LEARNT

__all__ = ["STAGES", "Cost", "Work", "expected_memory", "expected_seconds"]

_LEAST_SAMPLED, _SAMPLED_PER_RECORD, _SAMPLE = 50_000, 50, 400_000
"""Random pairs that show chance: at least, for each record, and at most."""


class Work(NamedTuple):
    """What a run works on.

    Attributes:
        records: The number of records.
        pairs: The number of candidate pairs.
        fields: The number of compared fields.
    """

    records: int
    pairs: int
    fields: int = 9

    @property
    def compared(self) -> int:
        """The number of pairs that are compared in full, or learnt from."""
        return self.pairs if self.pairs <= MOST_COMPARED else MOST_LEARNT

    @property
    def sample(self) -> int:
        """The number of random pairs that show chance."""
        n_sampled = max(_LEAST_SAMPLED, _SAMPLED_PER_RECORD * self.records)
        return min(self.records * (self.records - 1) // 2, n_sampled, _SAMPLE)


class Cost(NamedTuple):
    """What a stage takes for each record, pair, pair compared in full, and random pair.

    All of it with nine compared fields; it grows as they do.
    """

    record: float = 0.0
    pair: float = 0.0
    compared: float = 0.0
    sample: float = 0.0

    def of(self, work: Work) -> float:
        """Return what so much work takes."""
        taken = (
            self.record * work.records
            + self.pair * work.pairs
            + self.compared * work.compared
            + self.sample * work.sample
        )
        return taken * work.fields / 9


STAGES: Mapping[str, Cost] = {
    "read": Cost(record=1.6e-6),
    "configure": Cost(record=1.5e-6),
    "normalize": Cost(record=5.5e-6),
    "contacts": Cost(record=1.5e-6),
    "block": Cost(record=9.5e-6),
    "compare": Cost(record=4.5e-6, compared=1.8e-6, sample=1e-6),
    "learn": Cost(record=1e-6, compared=1.6e-6),
    "weigh": Cost(pair=0.8e-6),
    "cluster": Cost(record=2.5e-6),
    "diagnose": Cost(record=3e-6),
    "merge": Cost(record=1.7e-6),
}
"""The stages in their order, and their seconds."""
_MEMORY = Cost(record=1_100.0, pair=4.0, compared=320.0, sample=100.0)
"""Bytes at the peak, above what the records take in the caller's hands. What a record
takes without any pair is assumed: some 80 bytes for each of twelve cells."""


def expected_seconds(work: Work) -> dict[str, float]:
    """Return the expected seconds of each stage.

    Examples:
        >>> seconds = expected_seconds(Work(records=100_000, pairs=3_000_000))
        >>> list(seconds)[:2], 1 < sum(seconds.values()) < 1_000
        (['read', 'configure'], True)
    """
    return {name: cost.of(work) for name, cost in STAGES.items()}


def expected_memory(work: Work) -> int:
    """Return the bytes that a run is expected to hold at its peak, above its input."""
    return int(_MEMORY.of(work))
