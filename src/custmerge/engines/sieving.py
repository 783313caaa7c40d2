"""Candidate pairs that may matter, told without comparing all of them in full.

Millions of candidates share a key and little else. What a pair may weigh at most
follows from what is known of it so far: first which values are equal, and how alike
others can be by their sketches; then field by field how alike they are. As soon as a
pair can no longer be a match, or of relatives, it is left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Bounds, FellegiSunter, Known, to_levels
from custmerge.engines.comparing import Bounded
from custmerge.engines.evidence import Evidence
from custmerge.pairs import Pairs

__all__ = ["Sieve"]

_FLOOR = -13.0
"""Bits below which a pair is left: one in 8,000 of such is a match at most, and all of
them together are a few in 10,000 of the matches."""
_RELATED = -0.01
"""The same against unrelated pairs for relatives, who count from a probability of one
half on; less what is lost by rounding."""
_CHUNK = 2**16
"""Pairs looked at together, so that all about them is in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Sieve:
    """Finds the pairs that may be matches or relatives by a model.

    Attributes:
        evidence: The records.
        bounds: The most that pairs may weigh.
        shown: The fields on which pairs that agree are kept, whatever they weigh.
        rarities: For each field the most bits that each row's values add by rarity.
        order: The groups of fields, in the order in which they are compared.
    """

    evidence: Evidence
    bounds: Bounds
    shown: Collection[str]
    rarities: Mapping[str, NDArray[np.float32]]
    order: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls, model: FellegiSunter, evidence: Evidence, shown: Collection[str]
    ) -> Sieve:
        """Prepare to look at pairs."""
        rarities = {
            item.name: evidence.frequencies[item.name].rarity(
                evidence.table[item.name], item.mean_frequency
            )
            for item in model.fields
            if item.mean_frequency and item.name in evidence.frequencies
        }
        for comparison in evidence.comparisons.values():
            comparison.prepared()  # before threads ask for it
        return cls(evidence, Bounds.of(model), shown, rarities, evidence.groups)

    def __call__(self, pairs: Pairs) -> Pairs:
        """Return the pairs that may matter."""
        sieve = self._ordered(pairs.take(slice(None, None, len(pairs) // _CHUNK + 1)))
        with ThreadPoolExecutor() as threads:
            kept = list(threads.map(sieve._kept, pairs.chunks(_CHUNK)))
        return Pairs(
            np.concatenate([pairs.left[:0], *(part.left for part in kept)]),
            np.concatenate([pairs.right[:0], *(part.right for part in kept)]),
        )

    def _ordered(self, sample: Pairs) -> Sieve:
        """Return the same with what drops most of some pairs compared first.

        Which pairs are kept in the end is the same in any order.
        """
        sample, known = self._first(sample)
        n_left = {
            group: len(
                self._possible(
                    sample, {**known, **self._compared(group, sample, known)}
                )[0]
            )
            for group in self.order
        }
        return replace(self, order=tuple(sorted(self.order, key=n_left.__getitem__)))

    def _first(self, pairs: Pairs) -> tuple[Pairs, dict[str, Known]]:
        """Return the pairs that may matter by what is told without comparing."""
        known = {
            name: known
            for group in self.order
            for name, known in self._guessed(group, pairs).items()
        }
        return self._possible(pairs, known)

    def _kept(self, pairs: Pairs) -> Pairs:
        pairs, known = self._first(pairs)
        for group in self.order:
            if not all(known[name].sure.all() for name in group):
                found = self._compared(group, pairs, known)
                pairs, known = self._possible(pairs, {**known, **found})
        return pairs

    def _possible(
        self, pairs: Pairs, known: dict[str, Known]
    ) -> tuple[Pairs, dict[str, Known]]:
        """Return the pairs that may matter by what is known, and what that is."""
        match, kin = self.bounds(known)
        possible = match >= _FLOOR
        for bits in kin:
            possible |= bits >= _RELATED
        for name in self.shown:
            possible |= known[name].most == len(self._levels(name))
        where = np.flatnonzero(possible)
        if len(where) == len(pairs):
            return pairs, known
        return pairs.take(where), {name: of.take(where) for name, of in known.items()}

    def _levels(self, name: str) -> tuple[float, ...]:
        return next(
            item.thresholds for item in self.bounds.model.fields if item.name == name
        )

    def _guessed(self, group: tuple[str, ...], pairs: Pairs) -> dict[str, Known]:
        """Return what equality and bounds of similarity tell of some fields."""
        bounds = self.evidence.bounds(group, pairs)
        return {name: self._known(name, bounds[name], pairs) for name in group}

    def _known(self, name: str, bounded: Bounded, pairs: Pairs) -> Known:
        scores, sure = bounded
        levels = to_levels(scores, self._levels(name))
        rarity = self.rarities.get(name)
        if rarity is not None:
            rarity = np.minimum(rarity[pairs.left], rarity[pairs.right])
        return Known(levels, sure | (levels <= 0), rarity)

    def _compared(
        self, group: tuple[str, ...], pairs: Pairs, known: Mapping[str, Known]
    ) -> dict[str, Known]:
        """Return what comparing tells of some fields."""
        scores = self.evidence.scores(group, pairs, exact=False)
        return {
            name: Known(
                to_levels(scores[name], self._levels(name)),
                np.ones(len(pairs), dtype=bool),
                known[name].rarity,
            )
            for name in group
        }
