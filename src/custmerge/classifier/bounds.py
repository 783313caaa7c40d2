"""What pairs can weigh at most, as long as not all of their levels are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.levels import Levels
from custmerge.classifier.model import FellegiSunter, FieldWeights
from custmerge.protocols import Scores

__all__ = ["Bounds", "Known"]

Bits = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of one field of some pairs.

    Attributes:
        most: The highest level that each pair may show; `MISSING` where a side is.
        sure: Whether it shows that level, rather than any up to it.
        scores: The similarity that it is told from.
        rarity: The most bits that agreeing on a rare value may add; `None` where
            that does not count.
    """

    most: Levels
    sure: NDArray[np.bool_]
    scores: Scores
    rarity: Bits | None = None

    def settled(
        self, where: NDArray[np.int64], levels: Levels, scores: Scores
    ) -> Known:
        """Return the same with some of the levels known for sure."""
        most, sure, told = self.most.copy(), self.sure.copy(), self.scores.copy()
        most[where], sure[where], told[where] = levels, True, scores
        return Known(most, sure, told, self.rarity)

    def take(self, where: NDArray[np.int64]) -> Known:
        """Return what is known of some of the pairs."""
        rarity = None if self.rarity is None else self.rarity[where]
        return Known(self.most[where], self.sure[where], self.scores[where], rarity)


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

    def __call__(self, known: Mapping[str, Known]) -> Bits:
        """Return the most that pairs may weigh, and that in each class of relatives.

        Args:
            known: What is known of each field of the model.

        Returns:
            A row of match weights, then one for each class of relatives: log odds in
            bits against unrelated pairs. Shape `(n_classes, n_pairs)`.
        """
        model = self.model
        with np.errstate(divide="ignore"):
            kin = np.log2(np.asarray(model.related_rates) / model.unrelated_rate)
        start = np.asarray([model.prior, *kin], dtype=np.float32)
        n_pairs = len(next(iter(known.values())).most)
        total = np.repeat(start[:, np.newaxis], n_pairs, axis=1)
        for item in model.fields:
            self.add(total, item, known)
        return total

    def improve(
        self,
        total: Bits,
        before: Mapping[str, Known],
        after: Mapping[str, Known],
        names: Collection[str],
    ) -> None:
        """Change what `__call__` returned to what is known by now.

        Args:
            total: What it returned.
            before: What was known then.
            after: What is known now.
            names: The fields of which more is known.
        """
        for item in self.model.fields:
            if item.name in names or not set(names).isdisjoint(item.parents):
                self.add(total, item, before, sign=-1)
                self.add(total, item, after)

    def add(
        self,
        total: Bits,
        item: FieldWeights,
        known: Mapping[str, Known],
        sign: Literal[1, -1] = 1,
    ) -> None:
        """Add the most that one field says to all classes, or take it off."""
        cells, rarity = _cells(item, known)
        factor = self.model.factors.get(item.name, 1.0)
        most = _best(self.match[item.name], cells, rarity, factor)
        total[0] += most if sign > 0 else -most
        for i, tables in enumerate(self.kin, start=1):
            if item.name in tables:
                most = _best(tables[item.name], cells, rarity)
                total[i] += most if sign > 0 else -most


def _table(bits: NDArray[np.float64]) -> Bits:
    """Return the most bits by what is known of the parents' level and of the own one.

    Rows: the parents reach each row of `bits`, then any from the second to each.
    Columns: missing, then the level is each, then any up to each. Of every cell first
    the bits of the lowest level, then the most of the higher ones, then of all; minus
    infinity where none can be.
    """
    n_rows, n_levels = len(bits), bits.shape[1] - 1
    rows = [slice(i, i + 1) for i in range(n_rows)]
    rows += [slice(min(1, i), i + 1) for i in range(n_rows)]
    table = np.full((2 * n_rows, 2 * n_levels + 1, 2), -np.inf)
    for i, some in enumerate(rows):
        most = bits[some].max(axis=0)
        for level in range(n_levels):
            table[i, 1 + level, int(level > 0)] = most[level]
            table[i, 1 + n_levels + level, 0] = most[0]
            above = most[1 : level + 1]
            table[i, 1 + n_levels + level, 1] = above.max(initial=-np.inf)
    table[:, 0, 0] = 0.0
    lowest, above = table.reshape(-1, 2).T
    return np.stack([lowest, above, np.maximum(lowest, above)]).astype(np.float32)


def _cells(
    item: FieldWeights, known: Mapping[str, Known]
) -> tuple[NDArray[np.intp], Bits | None]:
    """Return where in `_table` pairs stand, and the most that rarity adds."""
    n_levels, own = len(item.thresholds) + 1, known[item.name]
    cells = own.most.astype(np.intp)
    cells += 1
    cells += n_levels * ~own.sure
    rarity = own.rarity if item.mean_frequency else None
    if item.parents:
        parents = [known[name] for name in item.parents]
        reached = parents[0].most
        lowest = reached * parents[0].sure
        for parent in parents[1:]:
            reached = np.minimum(reached, parent.most)
            lowest = np.minimum(lowest, parent.most * parent.sure)
        n_rows = len(item.match)
        rows = reached + np.int8(1) + np.int8(n_rows) * (lowest != reached)
        cells += rows * np.intp(2 * n_levels + 1)
        if rarity is not None:
            # Where all parents agree exactly, rarity does not count.
            rarity = np.where(reached == n_rows - 2, np.maximum(rarity, 0), rarity)
    return cells, rarity


def _best(
    table: Bits, cells: NDArray[np.intp], rarity: Bits | None, factor: float = 1.0
) -> Bits:
    lowest, above, both = table
    if rarity is None:
        of_all: Bits = both.take(cells)
        return of_all
    scaled = rarity if factor == 1 else rarity * np.float32(factor)
    best: Bits = np.maximum(lowest.take(cells), above.take(cells) + scaled)
    return best
