"""What pairs can weigh at most, as long as not all of their levels are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.levels import Levels
from custmerge.classifier.model import FellegiSunter, FieldWeights

__all__ = ["Bounds", "Known"]

Bits = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of one field of some pairs.

    Attributes:
        most: The highest level that each pair may show; `MISSING` where a side is.
        sure: Whether it shows that level, rather than any up to it.
        rarity: The most bits that agreeing on a rare value may add; `None` where
            that does not count.
    """

    most: Levels
    sure: NDArray[np.bool_]
    rarity: Bits | None = None

    def take(self, where: NDArray[np.int64]) -> Known:
        """Return what is known of some of the pairs."""
        rarity = None if self.rarity is None else self.rarity[where]
        return Known(self.most[where], self.sure[where], rarity)


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """The most that a model may give to pairs.

    Attributes:
        model: The model.
        match: For each field a table of the most bits for a match: of the lowest
            level, and of higher ones before rarity; see `_table`.
        kin: The same for each class of relatives, of the fields that they share.
    """

    model: FellegiSunter
    match: Mapping[str, Bits]
    kin: Sequence[Mapping[str, Bits]]

    @classmethod
    def of(cls, model: FellegiSunter) -> Bounds:
        """Tabulate the model."""
        match = {
            item.name: _table(item.bits() * model.factors.get(item.name, 1.0))
            for item in model.fields
        }
        kin = [
            {
                item.name: _table(item.kin_bits(i))
                for item in model.fields
                if item.related[i] != item.unrelated
            }
            for i in range(len(model.related_rates))
        ]
        return cls(model, match, kin)

    def __call__(self, known: Mapping[str, Known]) -> tuple[Bits, list[Bits]]:
        """Return the most that the pairs may weigh, and in each class of relatives.

        The latter are the log odds in bits against unrelated pairs.

        Args:
            known: What is known of each field of the model.
        """
        model = self.model
        n_pairs = len(next(iter(known.values())).most)
        match = np.full(n_pairs, model.prior, dtype=np.float32)
        kin = [
            np.full(n_pairs, np.log2(rate / model.unrelated_rate), dtype=np.float32)
            if rate
            else np.full(n_pairs, -np.inf, dtype=np.float32)
            for rate in model.related_rates
        ]
        for item in model.fields:
            cells, rarity = _cells(item, known)
            factor = model.factors.get(item.name, 1.0)
            match += _best(self.match[item.name], cells, rarity, factor)
            for i, tables in enumerate(self.kin):
                if item.name in tables:
                    kin[i] += _best(tables[item.name], cells, rarity)
        return match, kin


def _table(bits: NDArray[np.float64]) -> Bits:
    """Return the most bits by what is known of the parents' level and of the own one.

    Rows: the parents reach each row of `bits`, then any from the second to each.
    Columns: the level is each, then any up to each, then missing. Of every cell first
    the bits of the lowest level, then the most of the higher ones; minus infinity where
    none can be.
    """
    n_rows, n_levels = len(bits), bits.shape[1] - 1
    rows = [slice(i, i + 1) for i in range(n_rows)]
    rows += [slice(min(1, i), i + 1) for i in range(n_rows)]
    table = np.full((2 * n_rows, 2 * n_levels + 1, 2), -np.inf)
    for i, some in enumerate(rows):
        most = bits[some].max(axis=0)
        for level in range(n_levels):
            table[i, level, int(level > 0)] = most[level]
            table[i, n_levels + level, 0] = most[0]
            above = most[1 : level + 1]
            table[i, n_levels + level, 1] = above.max(initial=-np.inf)
    table[:, -1, 0] = 0.0
    return table.reshape(-1, 2).T.astype(np.float32)


def _cells(
    item: FieldWeights, known: Mapping[str, Known]
) -> tuple[NDArray[np.int32], Bits | None]:
    """Return where in `_table` pairs stand, and the most that rarity adds."""
    n_levels, own = len(item.thresholds) + 1, known[item.name]
    most = own.most.astype(np.int32)
    cells = np.where(most < 0, 2 * n_levels, most + n_levels * ~own.sure)
    rarity = own.rarity if item.mean_frequency else None
    if item.parents:
        parents = [known[name] for name in item.parents]
        reached = np.minimum.reduce([parent.most for parent in parents])
        lowest = np.minimum.reduce([parent.most * parent.sure for parent in parents])
        n_rows = len(item.match)
        row = reached.astype(np.int32) + 1 + n_rows * (lowest != reached)
        cells += row * (2 * n_levels + 1)
        if rarity is not None:
            # Where all parents agree exactly, rarity does not count.
            rarity = np.where(reached == n_rows - 2, np.maximum(rarity, 0), rarity)
    return cells, rarity


def _best(
    table: Bits,
    cells: NDArray[np.int32],
    rarity: Bits | None,
    factor: float = 1.0,
) -> Bits:
    lowest, above = table
    more = (
        above[cells] if rarity is None else above[cells] + np.float32(factor) * rarity
    )
    best: Bits = np.maximum(lowest[cells], more)
    return best
