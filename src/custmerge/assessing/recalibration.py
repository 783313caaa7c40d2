"""How many pairs match, by what people said of a few and probabilities of all.

Answers alone cannot tell how many matches hide among hundreds of thousands of pairs
that the model takes for unrelated: of those hardly any is drawn. But they tell how far
the model is off where it doubts, and that carries over: who takes for independent what
is not is too sure everywhere, by much the same factor in log odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import probability

__all__ = ["Amounts", "Counts", "Judged", "binned", "simulated"]

Amounts = NDArray[np.float64]
Counts = NDArray[np.int64]

_N_DRAWS = 4000
"""Draws from the posterior: the bounds of an interval vary by a fiftieth of its width
from one such set to another."""
_MOST_BITS = 50
"""Bits from which on a pair is as sure as can be."""
_BITS = np.arange(-_MOST_BITS, _MOST_BITS + 1)
_SHIFTS = np.arange(-12.0, 12.1, 0.75)
_SHIFT_SPREAD = 4.0
"""Bits: odds 16 times too high or too low are nothing extraordinary."""
_SLOPES = np.linspace(0, 1, 11)
_LAPSES = np.geomspace(1e-6, 0.1, 16)
"""Shares of links that are wrong however sure the model is of them; by Jeffreys' prior
each is as likely as its square root, spaced evenly in logarithms as they are."""
_ALIKE = (1.0, 3.0, 10.0, 30.0)
"""Answers that the recalibrated share of a stratum may count as much as."""
_ABSENT = 0.3
"""Probability that what no answer has found is not there at all."""
_RAREST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Strata of pairs, and what people said of some pairs of each.

    Attributes:
        sizes: The pairs of each stratum.
        bits: Of each stratum a row: the shares of its pairs by match weight, as
            `binned` gives them.
        judged: How many of its pairs were judged.
        same: How many of these match.
    """

    sizes: Counts
    bits: Amounts
    judged: Counts
    same: Counts

    def take(self, chosen: NDArray[np.bool_]) -> Judged:
        """Return some of the strata."""
        return Judged(
            self.sizes[chosen],
            self.bits[chosen],
            self.judged[chosen],
            self.same[chosen],
        )


def binned(strata: Counts, weights: Amounts, n_strata: int) -> Amounts:
    """Return of each stratum the shares of its pairs by match weight, in whole bits.

    A row of nothing but zeros where a stratum has no pair.

    Args:
        strata: The stratum of each pair.
        weights: Its match weight.
        n_strata: How many strata there are.
    """
    places = np.rint(np.clip(weights, -_MOST_BITS, _MOST_BITS)).astype(np.int64)
    cells = strata * len(_BITS) + places + _MOST_BITS
    counts = np.bincount(cells, minlength=n_strata * len(_BITS))
    counts = counts.reshape(n_strata, len(_BITS))
    shares: Amounts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def simulated(
    judged: Judged, rng: np.random.Generator, *, linked: bool, n_draws: int = _N_DRAWS
) -> Counts:
    """Return how many pairs of each stratum match, drawn from what is likely of it.

    Draws from the posterior of a logistic recalibration (Cox, "Two Further
    Applications of a Model for Binary Regression", Biometrika 1958): the log odds of a
    match are a shift and a slope times those that the model gives. Every slope from 0,
    where its probabilities say nothing, to 1, where they are not too sure, is as likely
    beforehand; the shift is normal about 0. About what follows the shares of matches
    vary from stratum to stratum by a beta distribution, worth from one answer to thirty
    (Gelman et al., "Bayesian Data Analysis", 2013, chapter 5). Some links besides are
    wrong for reasons that the model knows nothing of, so that a hundred right answers
    do not prove what it says of itself. In each draw the pairs that nobody judged match
    or not by such a share; those judged are known. In some draws, though, there is none
    of what no answer has found: no wrong link in any stratum whose judged links are all
    right, or no match at all (a spike at nothing beside the slab, Mitchell and
    Beauchamp, "Bayesian Variable Selection in Linear Regression", JASA 1988). Without
    it each stratum would add some to the sum though nothing was found in any.

    Args:
        judged: The strata, all of pairs in one entity or all of others.
        rng: Where the draws come from.
        linked: Whether the pairs are in one entity.
        n_draws: How many there are to be.

    Returns:
        A row for each draw, with a column for each stratum.
    """
    from scipy.special import betaln  # noqa: PLC0415  slow to load

    if not judged.sizes.any():
        return np.zeros((n_draws, len(judged.sizes)), dtype=np.int64)
    shift, slope = (grid.ravel() for grid in np.meshgrid(_SHIFTS, _SLOPES))
    log_prior = -((shift / _SHIFT_SPREAD) ** 2) / 2
    chances = probability(shift[:, None] + slope[:, None] * _BITS)
    shares = chances @ judged.bits.T
    if linked:
        shares = np.multiply.outer(1 - _LAPSES, shares).reshape(-1, shares.shape[1])
        log_prior = np.add.outer(np.log(_LAPSES) / 2, log_prior).ravel()
    shares = np.clip(shares, _RAREST, 1 - _RAREST)
    prior = np.multiply.outer(np.asarray(_ALIKE), [shares, 1 - shares])
    answers = np.stack([judged.same, judged.judged - judged.same])[:, None]
    # Axes: how much a share counts, match or not, shift and slope, stratum.
    after = prior + answers
    likely = (betaln(after[:, 0], after[:, 1]) - betaln(prior[:, 0], prior[:, 1])).sum(
        axis=-1
    ) + log_prior
    odds = np.exp(likely - likely.max()).ravel()
    drawn = rng.choice(odds.size, n_draws, p=odds / odds.sum())
    alike, place = np.divmod(drawn, len(log_prior))
    matching = rng.beta(after[alike, 0, place], after[alike, 1, place])
    left = judged.sizes - judged.judged
    counts: Counts = judged.same + rng.binomial(left, matching)
    absent = rng.random((n_draws, 1)) < _ABSENT
    if not judged.same.any():
        return np.where(absent, 0, counts)
    if linked:
        return np.where(absent & (judged.same == judged.judged), judged.sizes, counts)
    return counts
