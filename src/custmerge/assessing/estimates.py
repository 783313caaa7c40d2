"""Quality estimated from what people said of some pairs, stratum by stratum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from custmerge.assessing.frames import Frame
from custmerge.assessing.recalibration import Amounts, Counts, Judged, simulated
from custmerge.display import html_table, text_table
from custmerge.evaluation.intervals import Interval

__all__ = ["Estimate", "Stratum", "estimated"]

_LEAST_CAUGHT = 0.01
"""Share of the matches that blocking is taken to catch at least."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Pairs of about one match probability, and what people said of some of them.

    Attributes:
        number: Its number, as in the sample.
        together: Whether its pairs are in one entity.
        n_pairs: How many pairs it has.
        expected: The share of them that match by the model.
        n_judged: How many were judged.
        n_same: How many of these match.
    """

    number: int
    together: bool
    n_pairs: int
    expected: float
    n_judged: int
    n_same: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """How good a result is, estimated from pairs that people judged.

    Attributes:
        precision: Estimated share of the pairs in one entity that are of one customer.
        recall: Estimated share of all pairs of one customer that are in one entity;
            of those that were compared or put together, where `blocking_recall` is
            `None`.
        f1: The harmonic mean of the two.
        precision_interval: The 95 % interval of the precision, `(low, high)`.
        recall_interval: That of the recall.
        f1_interval: That of F1.
        compared_recall: Estimated share of the pairs of one customer that are in one
            entity, among the pairs that were compared or put together: what judged
            pairs tell by themselves.
        compared_recall_interval: That of this recall.
        n_judged: How many pairs were judged.
        n_open: How many of the sample were left open; they are taken to be no
            different from others of their stratum.
        blocking_recall: Estimated share of all pairs of one customer that were compared
            at all (see `Diagnostics`). No judged pair bears on it; `None` where
            nothing can be said.
        strata: What the estimate is made of.

    Examples:
        >>> import custmerge as cm
        >>> result = cm.resolve("examples/customers.csv")
        >>> sample = cm.audit_sample(result, 60)
        >>> judged = [
        ...     {**row, "same": row["left_email"] == row["right_email"]}
        ...     for row in sample
        ... ]
        >>> found = cm.estimate(result, judged)
        >>> found.n_judged, 0 < found.precision_interval[0] < found.precision
        (60, True)
    """

    precision: float
    recall: float
    f1: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval
    compared_recall: float
    compared_recall_interval: Interval
    n_judged: int
    n_open: int
    blocking_recall: float | None
    strata: tuple[Stratum, ...]

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the estimate cannot see, in words."""
        caught, among = self.blocking_recall, self.compared_recall
        unseen = [one for one in self.strata if not one.n_judged]
        told = (
            "how many matches were never compared cannot be estimated from judged "
            "pairs, nor otherwise here, as the keys are of one field: the recall is of "
            "the pairs that were compared"
            if caught is None
            else "matches that were never compared are in no sample; by the overlap of "
            f"the blocking keys {caught:.1%} were compared, and among these the recall "
            f"is {among:.1%}"
        )
        if not unseen:
            return (told,)
        n_pairs = sum(one.n_pairs for one in unseen)
        more = (
            f"of {len(unseen)} strata with {n_pairs:,} pairs none was judged; there "
            "the match probabilities stand in"
        )
        return (told, more)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        plain = asdict(self)
        bounds = {
            name: list(plain[name]) for name in plain if name.endswith("interval")
        }
        strata = list(plain["strata"])
        return {
            **plain,
            **bounds,
            "strata": strata,
            "caveats": list(self.caveats),
        }

    def _rows(self) -> list[tuple[str, str, str]]:
        measures = (
            ("precision", self.precision, self.precision_interval),
            ("recall", self.recall, self.recall_interval),
            ("F1", self.f1, self.f1_interval),
        )
        return [
            (name, f"{value:.3f}", f"{bounds[0]:.3f} to {bounds[1]:.3f}")
            for name, value, bounds in measures
        ]

    @property
    def _header(self) -> tuple[str, str, str]:
        return (f"{self.n_judged:,} judged", "estimate", "95 % interval")

    def __repr__(self) -> str:
        shown = (f"{name} {value} ({bounds})" for name, value, bounds in self._rows())
        return f"Estimate({', '.join(shown)})"

    def __str__(self) -> str:
        """Return the estimates with their intervals, and what they cannot see."""
        lines = text_table([self._header, *self._rows()])
        return "\n".join([*lines, *(f"- {text}" for text in self.caveats)])

    def _repr_html_(self) -> str:
        notes = html_table(("",), [(text,) for text in self.caveats])
        return html_table(self._header, self._rows()) + notes


def estimated(frame: Frame, judged: Judged, n_open: int) -> Estimate:
    """Return what follows for all pairs from what people said of some.

    The estimate is the median of what is drawn, and the interval runs from the 2.5th to
    the 97.5th of 100 draws. It reaches the end that no answer speaks against.

    Args:
        frame: The strata.
        judged: What people said of each.
        n_open: How many of the sample were left open.
    """
    rng = np.random.default_rng(0)
    inside = frame.inside
    within, apart = judged.take(inside), judged.take(~inside)
    right = simulated(within, rng, linked=True)
    missed = simulated(apart, rng, linked=False)
    claimed = int(frame.sizes[inside].sum())
    caught = frame.result.diagnostics.blocking_recall
    # How many were never compared is right on average; in one file it is often far
    # less and at times five times as much, as the square of a normal deviate is.
    lost = 0.0 if caught is None else (1 - caught) / max(caught, _LEAST_CAUGHT)
    losses = lost * rng.chisquare(1, len(right))
    shares = _shares(right, missed, losses, claimed)
    low, middle, high = np.quantile(shares, (0.025, 0.5, 0.975), axis=1).tolist()
    precision, recall, f1, compared = zip(low, high, strict=True)
    return Estimate(
        precision=middle[0],
        recall=middle[1],
        f1=middle[2],
        precision_interval=precision,
        recall_interval=recall,
        f1_interval=f1,
        compared_recall=middle[3],
        compared_recall_interval=compared,
        n_judged=int(judged.judged.sum()),
        n_open=n_open,
        blocking_recall=caught,
        strata=_strata(frame, judged),
    )


def _shares(
    matching: Counts, missing: Counts, losses: Amounts, claimed: int
) -> Amounts:
    """Return in rows precision, recall, F1 and the recall among the compared pairs.

    Args:
        matching: How many pairs in one entity match: a row for each draw, a column for
            each stratum.
        missing: How many compared pairs match and are apart, likewise.
        losses: How many matches were never compared, for each that was.
        claimed: How many pairs are in one entity.
    """
    right = matching.sum(axis=1)
    true = right + missing.sum(axis=1)
    every = true + np.floor(losses * true)
    parts = np.stack([right, right, 2 * right, right])
    wholes = np.stack([np.full(len(right), claimed), every, claimed + every, true])
    # A share of nothing is 1, as everywhere.
    shares: Amounts = np.where(wholes > 0, parts / np.maximum(wholes, 1), 1.0)
    return shares


def _strata(frame: Frame, judged: Judged) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(
            number,
            bool(frame.inside[number]),
            int(frame.sizes[number]),
            float(frame.rates[number]),
            int(judged.judged[number]),
            int(judged.same[number]),
        )
        for number in np.flatnonzero(frame.sizes).tolist()
    )
