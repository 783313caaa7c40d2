"""Candidate pairs that may matter, told without comparing all of them in full.

Millions of candidates share a key and little else. What a pair may weigh at most
follows from what is known of it so far: first which values are equal, and how alike
others can be by their sketches; then field by field how alike they are. As soon as a
pair can no longer be a match, or of relatives, it is left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Bounds, FellegiSunter, Known, to_levels
from custmerge.engines.candidates import Parts
from custmerge.engines.evidence import Evidence
from custmerge.engines.record_types import within_types
from custmerge.pairs import Pairs
from custmerge.protocols import Scores
from custmerge.threads import in_threads

__all__ = ["Sieve", "Sieved"]

_FLOOR = -7.01
"""Bits below which a pair is left, less what rounding may lose: it is a match with a
probability below one in a hundred, links nothing, and nobody would review it. What it
says against other links is asked of all pairs inside a component anyhow."""
_RELATED = -0.01
"""The same against unrelated pairs for relatives, who count from a probability of one
half on; less what is lost by rounding."""
_MOST = 0.9
"""Share of pairs that may matter from which on to leave the others saves no time."""


@dataclass(frozen=True, slots=True, eq=False)
class Sieved:
    """The pairs that may matter, and what was found in telling that.

    Attributes:
        pairs: The pairs, in order.
        scores: For each field their similarity; where it is below the lowest level,
            only that it is at most so much.
        n_pairs: How many there were to choose from.
    """

    pairs: Pairs
    scores: dict[str, Scores]
    n_pairs: int

    @classmethod
    def of(cls, parts: Sequence[Sieved]) -> Sieved:
        """Join the pairs of consecutive spans of rows, whose scores are taken away."""
        left, right = (
            np.concatenate([getattr(part.pairs, side) for part in parts])
            for side in ("left", "right")
        )
        scores = {
            name: np.concatenate([part.scores.pop(name) for part in parts])
            for name in [*parts[0].scores]
        }
        return cls(Pairs(left, right), scores, sum(part.n_pairs for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class Sieve:
    """Finds the pairs that may be matches or relatives by a model.

    Attributes:
        evidence: The records.
        bounds: The most that pairs may weigh.
        shown: The fields on which pairs that agree are kept, whatever they weigh.
        order: The groups of fields to be compared, the most telling first.
    """

    evidence: Evidence
    bounds: Bounds
    shown: Collection[str]
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
        spread = {item.name: float(np.ptp(item.bits())) for item in model.fields}
        order = sorted(
            evidence.groups, key=lambda names: -max(spread[name] for name in names)
        )
        for comparison in evidence.comparisons.values():
            comparison.prepared()  # before threads ask for it
        return cls(evidence, Bounds.of(model, rarities), shown, tuple(order))

    def __call__(self, parts: Parts, types: NDArray[np.int32]) -> Sieved:
        """Return the pairs that may matter.

        Args:
            parts: Makes the candidate pairs.
            types: For each row the code of its type, -1 where it may be any.
        """

        def sieved(span: tuple[int, int]) -> Sieved:
            # As numpy looks things up, so that it need not be made so each time.
            rows = (side.astype(np.intp) for side in parts.pairs(*span))
            pairs = within_types(Pairs(*rows), types)
            state = self._kept(pairs)
            order = np.argsort(state.pairs.left, kind="stable")
            left, right = (
                side[order].astype(np.int32)
                for side in (state.pairs.left, state.pairs.right)
            )
            scores = {
                name: state.known[name].scores[order] for name in self.evidence.names
            }
            return Sieved(Pairs(left, right), scores, len(pairs))

        return Sieved.of(in_threads(sieved, parts.spans, parts.n_rows))

    def _kept(self, pairs: Pairs) -> _State:
        known = {
            name: known
            for group in self.order
            for name, known in self._guessed(group, pairs).items()
        }
        state = self._possible(_State(pairs, known, self.bounds(known, pairs)))
        for group in self.order:
            where = np.flatnonzero(
                ~np.logical_and.reduce([state.known[name].sure for name in group])
            )
            if len(where):
                found = self._compared(
                    group, state.take(where, self.bounds.near(group))
                )
                for name in group:
                    state.known[name].settle(where, found.known[name])
                state.bits[:, where] = found.bits
                state = self._possible(state, _MOST)
        return self._possible(state)

    def _possible(self, state: _State, enough: float = 1.0) -> _State:
        """Return the pairs that may matter by what is known.

        Args:
            state: The pairs.
            enough: All of them, if as large a share may.
        """
        possible = state.bits[0] >= _FLOOR
        for kin in state.bits[1:]:
            possible |= kin >= _RELATED
        for name in self.shown:
            possible |= state.known[name].most == len(self._levels(name))
        where = np.flatnonzero(possible)
        if len(where) >= enough * len(possible):
            return state
        return state.take(where, state.known)

    def _levels(self, name: str) -> tuple[float, ...]:
        return next(
            item.thresholds for item in self.bounds.model.fields if item.name == name
        )

    def _guessed(self, group: tuple[str, ...], pairs: Pairs) -> dict[str, Known]:
        """Return what equality and bounds of similarity tell of some fields."""
        bounds = self.evidence.bounds(group, pairs)
        return {name: self._known(name, *bounds[name]) for name in group}

    def _known(self, name: str, scores: Scores, sure: NDArray[np.bool_]) -> Known:
        levels = to_levels(scores, self._levels(name))
        return Known(levels, sure | (levels <= 0), scores)

    def _compared(self, group: tuple[str, ...], state: _State) -> _State:
        """Return what is known of pairs once some fields of theirs are compared."""
        scores = self.evidence.scores(group, state.pairs, exact=False)
        sure = np.ones(len(state.pairs), dtype=bool)
        found = {name: self._known(name, scores[name], sure) for name in group}
        self.bounds.improve(state.bits, state.known, found, state.pairs)
        return _State(state.pairs, {**state.known, **found}, state.bits)


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Pairs, what is known of each field, and the most that they may weigh."""

    pairs: Pairs
    known: dict[str, Known]
    bits: NDArray[np.float32]

    def take(self, where: NDArray[np.int64], names: Collection[str]) -> _State:
        """Return some of the pairs, and of some fields what is known."""
        known = {name: self.known[name].take(where) for name in names}
        return _State(self.pairs.take(where), known, self.bits[:, where])
