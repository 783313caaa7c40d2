"""How sure measures are: 95 % intervals of shares that are counted on a sample.

A measure is a ratio of sums over units, such as true clusters. How far it varies from
sample to sample follows from how far the units differ from it (linearisation), and
gives the number of independent trials that would vary as much. With that effective
number in place of the real one, Wilson's interval stays within [0, 1] and has a width
also where the share is 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.evaluation.groups import Groups
from custmerge.evaluation.scores import Score, share

__all__ = ["Interval", "Measured", "Tallies", "measured", "wilson"]

Interval = tuple[float, float]
"""Lowest and highest value."""
Amounts = NDArray[np.float64]

_Z = 1.959963984540054
"""The normal deviate that 2.5 in 100 exceed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Precision, recall and F1, each with a 95 % interval.

    Attributes:
        precision: The share of what was found that is true.
        recall: The share of the truth that was found.
        f1: The harmonic mean of the two; 0 where both are 0.
        precision_interval: Where it lies in 95 of 100 samples, `(low, high)`.
        recall_interval: The same of the recall.
        f1_interval: The same of F1.
    """

    precision: float
    recall: float
    f1: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval

    def __repr__(self) -> str:
        shares = (
            ("precision", self.precision, self.precision_interval),
            ("recall", self.recall, self.recall_interval),
            ("F1", self.f1, self.f1_interval),
        )
        told = [
            f"{name} {share:.3f} ({low:.3f} to {high:.3f})"
            for name, share, (low, high) in shares
        ]
        return f"Measured({', '.join(told)})"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data; an interval is a list of two."""
        names = ("precision", "recall", "f1")
        values = {name: getattr(self, name) for name in names}
        bounds = {
            f"{name}_interval": list(getattr(self, f"{name}_interval"))
            for name in names
        }
        return values | bounds


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """What each unit of a sample adds to the sums of a measure.

    Attributes:
        right_found: What was found and is true.
        found: What was found; precision is the sum of `right_found` over that of this.
        right_true: What is true and was found.
        true: What is true; recall is the sum of `right_true` over that of this.
    """

    right_found: Amounts
    found: Amounts
    right_true: Amounts
    true: Amounts

    def by(self, units: Groups) -> Tallies:
        """Return what each group of entries adds."""
        if not units.size:
            return self
        parts = (self.right_found, self.found, self.right_true, self.true)
        sums = (np.bincount(units, part).astype(np.float64) for part in parts)
        return Tallies(*sums)


def measured(tallies: Tallies) -> Measured:
    """Return precision, recall and F1 of a sample of units, and how sure they are.

    Source: the ratio estimators of Binette et al., "Estimating the Performance of
    Entity Resolution Algorithms: Lessons Learned Through PatentsView.org" (The American
    Statistician, 2023, doi:10.1080/00031305.2023.2191664), with their variance by
    linearisation (Cochran, "Sampling Techniques", 1977, section 6.3); for the interval
    see `wilson`.

    Args:
        tallies: What each unit adds; units that are drawn independently.

    Examples:
        Of three true clusters two are whole, the third in two parts.

        >>> pairs = np.asarray([1.0, 3.0, 0.0]), np.asarray([1.0, 3.0, 1.0])
        >>> found = measured(Tallies(pairs[0], pairs[0], pairs[0], pairs[1]))
        >>> found.precision, found.recall
        (1.0, 0.8)
        >>> [round(bound, 2) for bound in found.recall_interval]
        [0.26, 0.98]
    """
    right, found = tallies.right_found, tallies.found
    again, true = tallies.right_true, tallies.true
    precision = share(float(right.sum()), float(found.sum()))
    recall = share(float(again.sum()), float(true.sum()))
    score = Score.of(precision, recall)
    of_precision = (right - precision * found) / (found.sum() or 1.0)
    of_recall = (again - recall * true) / (true.sum() or 1.0)
    both = (precision + recall) ** 2 or 1.0
    of_f1 = 2 * (recall**2 * of_precision + precision**2 * of_recall) / both
    return Measured(
        score.precision,
        score.recall,
        score.f1,
        _interval(score.precision, of_precision, found > 0),
        _interval(score.recall, of_recall, true > 0),
        _interval(score.f1, of_f1, (found > 0) | (true > 0)),
    )


def _interval(value: float, residuals: Amounts, counts: NDArray[np.bool_]) -> Interval:
    """Return the interval of a ratio, from how far each unit moves it."""
    n_units = int(np.count_nonzero(counts))
    if n_units < 2:
        return wilson(value, n_units)
    variance = float((residuals**2).sum()) * n_units / (n_units - 1)
    spread = value * (1 - value)
    # Units that are all alike show no variance: then each counts as one trial.
    is_told = variance > spread / _MOST_TRIALS and spread > 0
    return wilson(value, spread / variance if is_told else n_units)


_MOST_TRIALS = 1e12
"""More trials than any sample stands for: what comes out so is rounding."""


def wilson(value: float, n_trials: float) -> Interval:
    """Return the 95 % interval of a share that was seen in so many trials.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical
    Inference" (JASA 1927); with effective numbers of trials as in Franco, Little, Louis
    and Slud, "Comparative Study of Confidence Intervals for Proportions in Complex
    Sample Surveys" (Journal of Survey Statistics and Methodology, 2019).

    Args:
        value: The share, in [0, 1].
        n_trials: The number of trials, whole or not; of none nothing is known.

    Examples:
        >>> [round(bound, 3) for bound in wilson(1.0, 100)]
        [0.963, 1.0]
    """
    if n_trials <= 0:
        return (0.0, 1.0)
    square = _Z**2 / n_trials
    middle = (value + square / 2) / (1 + square)
    half = sqrt(square) * sqrt(value * (1 - value) + square / 4) / (1 + square)
    # Where all or none were seen the bound is the share itself, but for rounding.
    low = 0.0 if value == 0 else max(middle - half, 0.0)
    return (low, 1.0 if value == 1 else min(middle + half, 1.0))
