"""What pairs can weigh at most, as long as not all of their levels are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.levels import Levels
from custmerge.classifier.model import FellegiSunter, FieldWeights
from custmerge.pairs import Pairs
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
    """

    most: Levels
    sure: NDArray[np.bool_]
    scores: Scores

    def settle(self, where: NDArray[np.int64], found: Known) -> None:
        """Change what is known of some of the pairs to what was found of them."""
        self.most[where], self.sure[where] = found.most, found.sure
        self.scores[where] = found.scores

    def take(self, where: NDArray[np.int64]) -> Known:
        """Return what is known of some of the pairs."""
        return Known(
            self.most.take(where), self.sure.take(where), self.scores.take(where)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """The most that a model may give to pairs.

    Attributes:
        model: The model.
        match: For each field a table of the most bits for a match: of the lowest
            level, and of higher ones before rarity; see `_table`.
        kin: The same for each class of relatives, of the fields that they share.
        rarities: For each field whose rare values count more, the most bits that
            agreeing on each row's values may add; shape `(n_rows,)`.
    """

    model: FellegiSunter
    match: Mapping[str, Bits]
    kin: Sequence[Mapping[str, Bits]]
    rarities: Mapping[str, Bits]

    @classmethod
    def of(cls, model: FellegiSunter, rarities: Mapping[str, Bits]) -> Bounds:
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
        return cls(model, match, kin, rarities)

    def __call__(self, known: Mapping[str, Known], pairs: Pairs) -> Bits:
        """Return the most that pairs may weigh, and that in each class of relatives.

        Args:
            known: What is known of each field of the model.
            pairs: The pairs of rows.

        Returns:
            A row of match weights, then one for each class of relatives: log odds in
            bits against unrelated pairs. Shape `(n_classes, n_pairs)`.
        """
        model = self.model
        with np.errstate(divide="ignore"):
            kin = np.log2(np.asarray(model.related_rates) / model.unrelated_rate)
        start = np.asarray([model.prior, *kin], dtype=np.float32)
        total = np.repeat(start[:, np.newaxis], len(pairs), axis=1)
        for item in model.fields:
            self._add(total, item, known, pairs)
        return total

    def improve(
        self,
        total: Bits,
        known: Mapping[str, Known],
        found: Mapping[str, Known],
        pairs: Pairs,
    ) -> None:
        """Change what `__call__` returned to what is known by now.

        Args:
            total: What it returned.
            known: What was known of each field then.
            found: What is known of some of them now.
            pairs: The pairs of rows.
        """
        changed = self._depending(found)
        change = np.zeros_like(total)
        for item in changed:
            self._add(change, item, known, pairs)
        total -= change
        change[:] = 0
        for item in changed:
            self._add(change, item, {**known, **found}, pairs)
        total += change

    def near(self, names: Collection[str]) -> set[str]:
        """Return the fields that `improve` asks for where more is known of some."""
        depending = self._depending(names)
        return {name for item in depending for name in (item.name, *item.parents)}

    def _depending(self, names: Collection[str]) -> list[FieldWeights]:
        """Return the fields of which some are, or are parents."""
        fields = self.model.fields
        return [f for f in fields if f.name in names or {*f.parents} & {*names}]

    def _add(
        self, total: Bits, item: FieldWeights, known: Mapping[str, Known], pairs: Pairs
    ) -> None:
        """Add the most that one field says to all classes."""
        cells, reached = _cells(item, known)
        rarity = self._rarity(item, known[item.name].most, reached, pairs)
        factor = self.model.factors.get(item.name, 1.0)
        total[0] += _best(self.match[item.name], cells, rarity, factor)
        for i, tables in enumerate(self.kin, start=1):
            if item.name in tables:
                total[i] += _best(tables[item.name], cells, rarity)

    def _rarity(
        self, item: FieldWeights, own: Levels, reached: Levels | None, pairs: Pairs
    ) -> tuple[NDArray[np.int64], Bits] | None:
        """Return where pairs may be alike, and the bits that rarity adds there."""
        of_rows = self.rarities.get(item.name)
        if of_rows is None or not item.mean_frequency:
            return None
        alike = np.flatnonzero(own > 0)
        bits = np.minimum(of_rows[pairs.left[alike]], of_rows[pairs.right[alike]])
        if reached is not None:
            # Where all parents agree exactly, rarity does not count.
            agreed = np.flatnonzero(reached[alike] == len(item.match) - 2)
            bits[agreed] = np.maximum(bits[agreed], 0)
        return alike, bits


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
) -> tuple[NDArray[np.intp], Levels | None]:
    """Return where in `_table` pairs stand, and the most that all parents reach."""
    n_levels, own = len(item.thresholds) + 1, known[item.name]
    # In the least of types, and one as wide as a place only in the end.
    places = own.most + np.int8(1)
    places += np.int8(n_levels) * ~own.sure
    cells = places.astype(np.intp)
    if not item.parents:
        return cells, None
    parents = [known[name] for name in item.parents]
    reached = parents[0].most
    lowest = reached * parents[0].sure
    for parent in parents[1:]:
        reached = np.minimum(reached, parent.most)
        lowest = np.minimum(lowest, parent.most * parent.sure)
    rows = reached + np.int8(1) + np.int8(len(item.match)) * (lowest != reached)
    cells += rows * np.intp(2 * n_levels + 1)
    return cells, reached


def _best(
    table: Bits,
    cells: NDArray[np.intp],
    rarity: tuple[NDArray[np.int64], Bits] | None,
    factor: float = 1.0,
) -> Bits:
    lowest, above, both = table
    best: Bits
    if rarity is None:
        best = both.take(cells, mode="clip")  # twice as fast as with a check
        return best
    best = lowest.take(cells, mode="clip")
    alike, bits = rarity
    more = above[cells[alike]]
    more += bits if factor == 1 else bits * np.float32(factor)
    best[alike] = np.maximum(best[alike], more)
    return best
