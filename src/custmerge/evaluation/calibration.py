"""How far match probabilities can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError

__all__ = ["ReliabilityBin", "expected_calibration_error", "reliability"]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pairs of about one match probability, and how many of them do match.

    Attributes:
        low: The bin holds probabilities above this; the first holds 0 as well.
        high: And up to this.
        n_pairs: How many pairs it holds; at least 1.
        expected: The mean of their probabilities.
        observed: The share of them that match.
    """

    low: float
    high: float
    n_pairs: int
    expected: float
    observed: float


def reliability(
    probabilities: Sequence[float] | NDArray[np.float64],
    truth: Sequence[bool] | NDArray[np.bool_],
    bins: int = 10,
) -> tuple[ReliabilityBin, ...]:
    """Return how often pairs match, beside how often their probability says they do.

    Bins have equal width; those without pairs are left out. Where probabilities are
    calibrated, `expected` and `observed` are equal in each bin but for chance.

    Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks"
    (ICML 2017), section 2, after Naeini, Cooper and Hauskrecht (AAAI 2015).

    Args:
        probabilities: The match probability of each pair, in [0, 1].
        truth: Whether the pair matches.
        bins: How many bins divide [0, 1].

    Raises:
        InvalidInputError: They differ in length, probabilities lie outside [0, 1], or
            truth values are neither true nor false.

    Examples:
        >>> from custmerge.evaluation import reliability
        >>> for row in reliability([0.1, 0.9, 1.0], [False, True, False], bins=2):
        ...     print(row.low, row.high, row.n_pairs, row.expected, row.observed)
        0.0 0.5 1 0.1 0.0
        0.5 1.0 2 0.95 0.5
    """
    try:
        chances = np.asarray(probabilities, dtype=np.float64)
        matches = np.asarray(truth, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = "reliability needs probabilities in [0, 1] and truth values"
        raise InvalidInputError(message) from error
    if chances.shape != matches.shape or chances.ndim != 1:
        message = (
            "reliability needs one probability and one truth value for each pair, but "
            f"they have the shapes {chances.shape} and {matches.shape}"
        )
        raise InvalidInputError(message)
    is_chance, is_told = (
        (chances >= 0) & (chances <= 1),
        (matches == 0) | (matches == 1),
    )
    if not (is_chance & is_told).all() or bins < 1:
        message = (
            "reliability needs probabilities in [0, 1], truth values that are true or "
            "false, and at least one bin"
        )
        raise InvalidInputError(message)
    places = np.maximum(np.ceil(chances * bins).astype(np.int64) - 1, 0)
    counts, expected, observed = (
        np.bincount(places, weights, minlength=bins)
        for weights in (None, chances, matches)
    )
    return tuple(
        ReliabilityBin(
            i / bins,
            (i + 1) / bins,
            int(counts[i]),
            float(expected[i] / counts[i]),
            float(observed[i] / counts[i]),
        )
        for i in np.flatnonzero(counts).tolist()
    )


def expected_calibration_error(
    probabilities: Sequence[float] | NDArray[np.float64],
    truth: Sequence[bool] | NDArray[np.bool_],
    bins: int = 10,
) -> float:
    """Return how far match probabilities are off on average, in [0, 1].

    It is the mean over all pairs of |observed - expected| in their bin of
    `reliability`; 0 where there is no pair.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities
    Using Bayesian Binning" (AAAI 2015).

    Args:
        probabilities: As for `reliability`.
        truth: As for `reliability`.
        bins: As for `reliability`.

    Examples:
        >>> from custmerge.evaluation import expected_calibration_error
        >>> round(expected_calibration_error([0.1, 0.9, 1.0], [0, 1, 0], bins=2), 3)
        0.333
    """
    table = reliability(probabilities, truth, bins)
    n_pairs = sum(row.n_pairs for row in table)
    off = sum(row.n_pairs * abs(row.observed - row.expected) for row in table)
    return off / n_pairs if n_pairs else 0.0
