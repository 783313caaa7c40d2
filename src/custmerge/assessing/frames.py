"""The pairs that an audit is about, in strata of about one match probability.

Pairs of records in one entity and pairs that were compared and are apart make up the
frame. Pairs that were neither compared nor put together are not in it: nothing is known
of them, and matches among them are too rare to be drawn by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.assessing.recalibration import binned
from custmerge.classifier import probability
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.resolution import Resolution

__all__ = ["Frame", "allocated"]

_EDGES = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
"""Probabilities that strata end at: where few pairs match, each stratum holds such as
are ten times as likely to as those below, so that most is asked where most is open."""
_UNCOMPARED = 2 * (len(_EDGES) + 1) + 1
"""The stratum of pairs in one entity that were not compared, as copies are not."""
_N_STRATA = _UNCOMPARED + 1
_LEAST_DOUBT = 0.01
"""Share of wrong links to reckon with, however sure the model is of them."""
_SURENESS = 0.75
"""Slope in log odds to reckon with outside entities: that of a model a little too sure.
What it says itself would have next to nothing asked where matches are rare."""
_LEAST = 2
"""Pairs of each stratum to draw at least: of one alone no variance shows."""
_TRIES = 20
"""Pairs drawn for each that is wanted where compared ones must be put back."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The strata of a result's pairs.

    Attributes:
        result: The result.
        strata: For each compared pair the number of its stratum; odd where its records
            are in one entity.
        sizes: The number of pairs of each stratum.
        rates: Their mean match probability; shape as `sizes`.
        bits: Of each stratum a row: the shares of its pairs by match weight, as
            `recalibration.binned` gives them.
    """

    result: Resolution
    strata: NDArray[np.int64]
    sizes: NDArray[np.int64]
    rates: NDArray[np.float64]
    bits: NDArray[np.float64]

    @classmethod
    def of(cls, result: Resolution) -> Frame:
        """Return the strata of a result's pairs."""
        pairs, chances = result.compared, probability(result.weights)
        inside = result.labels[pairs.left] == result.labels[pairs.right]
        strata = 2 * np.searchsorted(_EDGES, chances, side="right") + inside
        sizes = np.bincount(strata, minlength=_N_STRATA)
        n_inside = int((result.sizes * (result.sizes - 1) // 2).sum())
        sizes[_UNCOMPARED] = n_inside - int(inside.sum())
        rates = np.bincount(strata, chances, minlength=_N_STRATA)
        bits = binned(strata, result.weights, _N_STRATA)
        if inside.any():
            # Records that chains of links put together are as sure as links are.
            rates[_UNCOMPARED] = sizes[_UNCOMPARED] * chances[inside].mean()
            linked = np.where(np.arange(_N_STRATA) % 2, sizes, 0)[:_UNCOMPARED]
            bits[_UNCOMPARED] = linked @ bits[:_UNCOMPARED] / linked.sum()
        else:
            rates[_UNCOMPARED] = sizes[_UNCOMPARED] / 2
            bits[_UNCOMPARED] = binned(np.zeros(1, np.int64), np.zeros(1), 1)
        return cls(result, strata, sizes, rates / np.maximum(sizes, 1), bits)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which strata are of pairs in one entity."""
        inside: NDArray[np.bool_] = np.arange(_N_STRATA) % 2 == 1
        return inside

    def strata_of(self, pairs: Pairs) -> NDArray[np.int64]:
        """Return the stratum of each pair, -1 of those that are not in the frame."""
        result = self.result
        together = result.labels[pairs.left] == result.labels[pairs.right]
        found = np.where(together, _UNCOMPARED, -1)
        compared = pairs.among(result.compared)
        places = result.compared.places(pairs.take(compared))
        found[compared] = self.strata[places]
        return found

    def draw(self, n: int, seed: int) -> Pairs:
        """Return about `n` pairs, drawn at random within each stratum.

        Args:
            n: How many; at least those that `_LEAST` asks for, as far as there are any.
            seed: Another one gives other pairs. The same gives the same, in whatever
                order the records came.
        """
        result, counts = self.result, allocated(self, n)
        ranks = result.basis.places
        keys = _mixed(ranks, result.compared, seed)
        order = np.lexsort((keys, self.strata))
        ends = np.cumsum(self.sizes[:_UNCOMPARED])
        chosen = [
            order[end - size : end - size + count]
            for end, size, count in zip(
                ends.tolist(), self.sizes.tolist(), counts.tolist(), strict=False
            )
        ]
        taken = result.compared.take(np.sort(np.concatenate(chosen)))
        more = self._uncompared(int(counts[_UNCOMPARED]), ranks, seed)
        return taken | more

    def _uncompared(self, n: int, ranks: Rows, seed: int) -> Pairs:
        """Return up to `n` pairs in one entity that were not compared."""
        result = self.result
        if not n:
            return Pairs.of([], [])
        order = np.lexsort((ranks, result.labels))
        compared = np.bincount(
            result.labels[result.compared.left[self.strata % 2 == 1]],
            minlength=result.n_entities,
        )
        sizes = result.sizes
        n_pairs = np.where(sizes * (sizes - 1) // 2 > compared, sizes * (sizes - 1), 0)
        rng = np.random.default_rng(seed)
        ends = np.cumsum(n_pairs)
        drawn = rng.integers(0, ends[-1], _TRIES * n)
        entity = np.searchsorted(ends, drawn, side="right")
        first, second = np.divmod(drawn - (ends - n_pairs)[entity], sizes[entity] - 1)
        second += second >= first
        starts = (np.cumsum(sizes) - sizes)[entity]
        pairs = Pairs.of(order[starts + first], order[starts + second])
        pairs = pairs.take(~pairs.among(result.compared))
        keys = np.sort(np.argsort(_mixed(ranks, pairs, seed), kind="stable")[:n])
        return pairs.take(keys)


def allocated(frame: Frame, n: int) -> NDArray[np.int64]:
    """Return how many pairs of each stratum to draw, `n` in all.

    Half of them from within entities, for the precision, and half from between, for the
    recall, as far as there are so many; either half in proportion to a stratum's pairs
    and to how far their answers are likely to vary (Neyman, "On the Two Different
    Aspects of the Representative Method", JRSS 1934).

    Args:
        frame: The strata.
        n: How many pairs to draw in all; fewer where there are not so many.
    """
    inside, rates = frame.inside, np.clip(frame.rates, 1e-12, 1 - 1e-12)
    odds = (rates / (1 - rates)) ** _SURENESS
    doubt = np.where(
        inside,
        np.maximum(rates * (1 - rates), _LEAST_DOUBT),
        odds / (1 + odds) ** 2,
    )
    sizes = np.where([inside, ~inside], frame.sizes, 0)
    shares = sizes * np.sqrt(doubt)
    n_within, n_between = sizes.sum(axis=1).tolist()
    # Strata between entities have one each first.
    n_others = np.count_nonzero(sizes[1])
    n_first = min(max(n - n // 2, n - n_between), n_within, n - n_others)
    within = _divided(sizes[0], shares[0], n_first)
    return within + _divided(sizes[1], shares[1], n - int(within.sum()))


def _divided(
    sizes: NDArray[np.int64], shares: NDArray[np.float64], n: int
) -> NDArray[np.int64]:
    """Return whole numbers that add up to `n`, in proportion to the shares.

    None exceeds the stratum's pairs; each is at least `_LEAST`, or 1 if `n` is too few.
    """
    least = np.minimum(sizes, _LEAST)
    if least.sum() > n:
        least = np.minimum(sizes, 1)
    low, high = 0.0, float(n) / max(float(shares[shares > 0].min(initial=1.0)), 1e-12)
    for _ in range(100):
        middle = (low + high) / 2
        n_drawn = np.clip(middle * shares, least, sizes).sum()
        low, high = (middle, high) if n_drawn <= n else (low, middle)
    wanted = np.clip(low * shares, least, sizes)
    counts: NDArray[np.int64] = np.floor(wanted).astype(np.int64)
    short = np.flatnonzero(counts < sizes)
    nearest = short[np.argsort((counts - wanted)[short], kind="stable")]
    counts[nearest[: max(n - int(counts.sum()), 0)]] += 1
    return counts


def _mixed(ranks: Rows, pairs: Pairs, seed: int) -> NDArray[np.uint64]:
    """Return a random-looking number for each pair (the finalizer of MurmurHash3)."""
    left, right = ranks[pairs.left], ranks[pairs.right]
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys: NDArray[np.uint64] = (low * len(ranks) + high).astype(np.uint64)
    keys ^= np.random.default_rng(seed).integers(0, 2**63, dtype=np.uint64)
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        keys ^= keys >> np.uint64(33)
        keys *= np.uint64(factor)
    keys ^= keys >> np.uint64(33)
    return keys
