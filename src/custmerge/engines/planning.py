"""What a run would compare and take, from how often key values occur.

No pair is made but a few drawn at random, to see how many keys they share: a pair of
many keys is to count once (the union of sets by sampling: Karp, Luby and Madras 1989,
doi:10.1016/0196-6774(89)90038-2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.config import Config
from custmerge.display import show_size
from custmerge.engines.blocking import keys_of
from custmerge.engines.costs import Work, expected_memory, expected_seconds
from custmerge.exceptions import MemoryLimitError
from custmerge.memory import available_memory, to_bytes
from custmerge.pairs import distinct, ranges
from custmerge.plans import KeyPlan, Plan
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable

__all__ = ["AUTO_MEMORY", "check_memory", "limit_of", "plan_run"]

AUTO_MEMORY = "auto"
"""Stands for all the memory that the machine has to spare."""
_DRAWN = 2_000
"""Pairs drawn of each key: the estimate's standard error is a few hundredths."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """A key's rows sorted by its values: blocks of rows that share one.

    Attributes:
        name: The field and the blocker.
        rows: The rows, block by block.
        blocks: The block of each.
        sizes: The rows of each block, all of at least two.
    """

    name: str
    rows: Rows
    blocks: Keys
    sizes: Counts

    @classmethod
    def of(cls, name: str, rows: Rows, keys: Keys) -> _Key:
        """Gather the rows of each value, each row once."""
        _, codes = np.unique(keys, return_inverse=True)
        width = int(rows.max(initial=0)) + 1
        codes, rows = np.divmod(distinct(codes.reshape(-1) * width + rows), width)
        sizes = np.bincount(codes)
        several = sizes[codes] > 1
        kept = sizes[sizes > 1]
        return cls(name, rows[several], np.repeat(np.arange(len(kept)), kept), kept)

    @property
    def n_pairs(self) -> Counts:
        """The number of pairs of rows in each block."""
        return self.sizes * (self.sizes - 1) // 2

    def draw(self, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """Return pairs of rows that share a value, each pair of a block as likely."""
        ends = np.cumsum(self.n_pairs)
        chosen = np.searchsorted(ends, rng.integers(0, ends[-1], _DRAWN), side="right")
        starts = np.cumsum(self.sizes) - self.sizes
        first = rng.integers(0, self.sizes[chosen])
        other = rng.integers(0, self.sizes[chosen] - 1)
        other += other >= first
        return (
            self.rows[starts[chosen] + first],
            self.rows[starts[chosen] + other],
        )

    def shares(self, left: Rows, right: Rows) -> Counts:
        """Return how many of the key's values each pair of rows shares."""
        n_rows = int(max(left.max(), right.max(), self.rows.max(initial=0))) + 1
        held = self.blocks * n_rows + self.rows  # ascending, as both are
        order = np.argsort(self.rows, kind="stable")
        counts = np.bincount(self.rows, minlength=n_rows)
        starts = np.cumsum(counts) - counts
        repeats = counts[left]
        theirs = self.blocks[order][ranges(starts[left], repeats)]
        wanted = theirs * n_rows + np.repeat(right, repeats)
        known = np.append(held, -1)[np.searchsorted(held, wanted)] == wanted
        pair = np.repeat(np.arange(len(left)), repeats)
        return np.bincount(pair[known], minlength=len(left))


def plan_run(
    table: RecordTable, config: Config, budget: int, limit: int | None
) -> Plan:
    """Return what resolving the records would do and take.

    Args:
        table: The normalized records.
        config: Its blockers give the keys.
        budget: How many pairs are allowed.
        limit: The memory that may be taken, in bytes.
    """
    keys = [_Key.of(*keys_of(table, blocker)) for blocker in config.plugins]
    n_sharing = _union(keys, config.seed)
    n_pairs = min(n_sharing, budget)
    work = Work(table.n_rows, n_pairs, len(config.compared))
    planned = [
        KeyPlan(
            key.name,
            len(key.sizes),
            int(key.n_pairs.sum()),
            int(key.sizes.max(initial=0)),
        )
        for key in keys
    ]
    planned.sort(key=lambda item: (-item.n_pairs, item.key))
    return Plan(
        table.n_rows,
        len(config.compared),
        tuple(planned),
        n_sharing,
        budget,
        n_pairs,
        expected_seconds(work),
        expected_memory(work),
        limit,
    )


def _union(keys: Sequence[_Key], seed: int) -> int:
    """Return about how many distinct pairs share any value of any key."""
    rng = np.random.default_rng(seed)
    several = [key for key in keys if len(key.sizes)]
    total = 0.0
    for key in several:
        left, right = key.draw(rng)
        found = np.sum([other.shares(left, right) for other in several], axis=0)
        total += float(key.n_pairs.sum() * (1 / found).mean())
    return round(total)


def limit_of(memory: int | str | None) -> int | None:
    """Return the bytes that a run may take above its records; `None`: any number.

    Raises:
        InvalidConfigError: It is no size.
    """
    if memory is None:
        return None
    return available_memory() if memory == AUTO_MEMORY else to_bytes(memory)


def check_memory(
    table: RecordTable, config: Config, budget: int, limit: int | None
) -> None:
    """Refuse to begin what is expected to take more memory than it may.

    Args:
        table: The normalized records.
        config: What would be done.
        budget: How many pairs are allowed.
        limit: The memory that may be taken, in bytes; `None`: any number.

    Raises:
        MemoryLimitError: The run would take more; the message says what helps.
    """
    at_most = expected_memory(Work(table.n_rows, budget, len(config.compared)))
    if limit is None or at_most <= limit:
        return
    plan = plan_run(table, config, budget, limit)
    if not plan.fits:
        raise MemoryLimitError(_refusal(plan, config))


def _refusal(plan: Plan, config: Config) -> str:
    without = Work(plan.n_records, 0, plan.n_fields)
    each = expected_memory(without._replace(pairs=plan.n_records)) - expected_memory(
        without
    )
    affordable = ((plan.limit or 0) - expected_memory(without)) // max(each, 1)
    advice = "resolve fewer records at a time"
    if affordable >= 1:
        advice = (
            f"set Config.pairs_per_record to {affordable} or less (now "
            f"{config.pairs_per_record}), which may lose some matches"
        )
    return (
        f"{plan.n_records:,} records with {plan.n_pairs:,} pairs to compare are "
        f"expected to take {show_size(plan.memory)} of memory above the records "
        f"themselves, more than the {show_size(plan.limit or 0)} there are for it; "
        f"{advice}, or pass memory=None to go on regardless; custmerge.plan shows "
        "where the pairs come from"
    )
