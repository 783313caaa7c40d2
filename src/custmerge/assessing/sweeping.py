"""What other thresholds and other configurations would have made of the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field as attribute
from functools import cached_property
from typing import Any

import numpy as np

from custmerge.assessing.truth import LabelledPairs, TrueClusters, read_truth
from custmerge.classifier import probability
from custmerge.clustering import numbered_groups
from custmerge.config import Config
from custmerge.config.validation import is_between
from custmerge.decisions import repartitioned
from custmerge.diagnostics import diagnose
from custmerge.display import aligned, html_table
from custmerge.evaluation import Score
from custmerge.evaluation.groups import count_pairs, meet
from custmerge.evaluation.scores import share
from custmerge.exceptions import InvalidConfigError, InvalidInputError
from custmerge.io import Dataset
from custmerge.partitioning import Weighed
from custmerge.pipeline import resolve
from custmerge.protocols import Rows
from custmerge.resolution import Resolution

__all__ = ["Sweep", "SweepPoint", "sweep"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""
_THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What one threshold, or one configuration, makes of the records.

    Attributes:
        config: The configuration's name; missing where only the threshold differs.
        threshold: The match probability from which two records are linked.
        n_entities: How many entities there are.
        n_links: How many of the compared pairs reach the threshold.
        n_merged: How many records are merged away.
        largest: The number of records of the largest entity.
        precision: By pairs of records: measured, or estimated without a truth.
        recall: Likewise.
        f1: Likewise.
    """

    config: str | None
    threshold: float
    n_entities: int
    n_links: int
    n_merged: int
    largest: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """What thresholds, or configurations, make of the same records.

    Attributes:
        points: One for each, in the order given.
        is_estimated: Whether precision, recall and F1 are estimates made of match
            probabilities, as in `result.diagnostics`, since there was no truth.

    Examples:
        >>> import custmerge as cm
        >>> names = ["Ann Lee", "Ann Lee", "Anne Lee", "Bo Chan", "Bo Chan"]
        >>> mails = ["ann@lee.org", "ann@lee.org", None, "bo@chan.org", None]
        >>> result = cm.resolve({"name": names, "email": mails})
        >>> swept = cm.sweep(result, [0.01, 0.999999], truth=[1, 1, 1, 2, 2])
        >>> [(point.threshold, point.n_entities) for point in swept.points]
        [(0.01, 2), (0.999999, 5)]
    """

    points: tuple[SweepPoint, ...]
    is_estimated: bool
    _dataset: Dataset = attribute(repr=False)

    @property
    def best(self) -> SweepPoint:
        """The point of the highest F1, the first of several.

        Chosen by a truth, it looks better on that truth than it is on other records.
        """
        return max(self.points, key=lambda point: point.f1)

    @cached_property
    def table(self) -> Table:
        """One row for each point, in the form the records came in.

        Columns: those of `SweepPoint`, without `config` where only thresholds differ;
        and `is_estimated`.
        """
        rows = [asdict(point) for point in self.points]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        if not any(columns["config"]):
            del columns["config"]
        columns["is_estimated"] = [self.is_estimated] * len(rows)
        return self._dataset.build(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        points = [asdict(point) for point in self.points]
        return {"points": points, "is_estimated": self.is_estimated}

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{point.threshold:g}" if point.config is None else point.config,
                *(f"{n:,}" for n in (point.n_entities, point.n_links)),
                *(f"{n:,}" for n in (point.n_merged, point.largest)),
                *(f"{x:.3f}" for x in (point.precision, point.recall, point.f1)),
            )
            for point in self.points
        ]

    @property
    def _header(self) -> tuple[str, ...]:
        what = "threshold" if self.points[0].config is None else "config"
        scores = ("precision", "recall", "F1")
        if self.is_estimated:
            scores = ("est. precision", "est. recall", "est. F1")
        return (what, "entities", "links", "merged", "largest", *scores)

    def __repr__(self) -> str:
        what, *_, f1 = self._header
        at = self._rows()[self.points.index(self.best)][0]
        points = f"{len(self.points)} {what}{'' if len(self.points) == 1 else 's'}"
        return f"Sweep({points}, highest {f1} {self.best.f1:.3f} at {at})"

    def __str__(self) -> str:
        return "\n".join(aligned([self._header, *self._rows()]))

    def _repr_html_(self) -> str:
        return html_table(self._header, self._rows())


def sweep(
    given: object,
    thresholds: Iterable[float] | None = None,
    *,
    configs: Mapping[str, Config] | None = None,
    truth: object = None,
) -> Sweep:
    """Return what other thresholds, or configurations, make of the records.

    Thresholds take a result, whose pairs are clustered anew and not compared again.
    Not all pairs were compared of records that came near no link, so thresholds far
    below the result's own find rather too little. Configurations take the records,
    which are resolved once for each.

    Args:
        given: A result; or, with `configs`, records as for `resolve`.
        thresholds: Match probabilities in (0, 1) from which two records are linked; by
            default 13 from 0.05 to 0.99, and the result's own.
        configs: Configurations by name.
        truth: As for `evaluate`. Without it, precision and recall are estimated.

    Raises:
        InvalidConfigError: A threshold is not in (0, 1), there is none, or `configs`
            are no configurations by name; or both are given.
        InvalidInputError: The truth does not fit the records; without `configs`,
            `given` is no result.

    Examples:
        >>> import custmerge as cm
        >>> rows = {
        ...     "姓名": ["王小明", "王小明", "李娜"],
        ...     "手机": ["13912345678"] * 2 + [None],
        ... }
        >>> config = cm.infer_config(rows)
        >>> strict = cm.sweep(rows, configs={"as inferred": config}).points[0]
        >>> strict.config, strict.n_entities
        ('as inferred', 2)
    """
    if configs is not None:
        return _by_config(given, thresholds, configs, truth)
    if not isinstance(given, Resolution):
        message = (
            "sweep takes a Resolution, as cm.resolve returns, or records with configs="
        )
        raise InvalidInputError(message)
    asked = _checked(given, thresholds)
    known = None if truth is None else read_truth(given, truth)
    points = [
        _point(given, _labels_at(given, threshold), threshold, known)
        for threshold in asked
    ]
    return Sweep(tuple(points), known is None, given.dataset)


def _by_config(
    records: object,
    thresholds: object,
    configs: object,
    truth: object,
) -> Sweep:
    given = configs if isinstance(configs, Mapping) else {}
    named = [(str(k), x) for k, x in given.items() if isinstance(x, Config)]
    problem = None
    if thresholds is not None or isinstance(records, Resolution):
        problem = "takes records, and no thresholds, which a Config has"
    elif not named or len(named) < len(given):
        problem = "must map names to configurations, as infer_config returns them"
    if problem is not None:
        message = f"configs= {problem}"
        raise InvalidConfigError(message)
    made = []
    for name, config in named:
        result = resolve(records, config=config)
        known = None if truth is None else read_truth(result, truth)
        point = _point(result, result.labels, config.threshold, known, name)
        made.append((point, result.dataset))
    return Sweep(tuple(point for point, _ in made), truth is None, made[0][1])


def _checked(result: Resolution, thresholds: Iterable[float] | None) -> Sequence[float]:
    """Return the thresholds.

    Raises:
        InvalidConfigError: There is none, or one is not in (0, 1).
    """
    if thresholds is None:
        return sorted({*_THRESHOLDS, result.config.threshold})
    asked = list(thresholds)
    if not asked or not all(is_between(x, 0, 1) for x in asked):
        message = "thresholds must be match probabilities in (0, 1), at least one"
        raise InvalidConfigError(message)
    return asked


def _labels_at(result: Resolution, threshold: float) -> Rows:
    """Return the entity of each record, had the threshold been another."""
    basis = result.basis
    if not len(result.labels):
        return result.labels
    told = basis.constraints(basis.located(result.decisions).constraints())
    weighed = Weighed(result.compared, result.vectors, result.weights, basis.verdicts)
    among = (basis.order, _bits(threshold))
    parts = repartitioned(basis, result.model, weighed, told, among)
    labels = np.empty_like(result.labels)
    labels[basis.order] = parts
    return numbered_groups(labels)


def _point(
    result: Resolution,
    labels: Rows,
    threshold: float,
    known: TrueClusters | LabelledPairs | None,
    config: str | None = None,
) -> SweepPoint:
    weighed = Weighed(result.compared, result.vectors, result.weights, result.verdicts)
    sizes = np.bincount(labels)
    if known is None:
        links = (result.compared, probability(result.weights))
        told = diagnose(labels, links, threshold, result.observations, ())
        score = Score(told.precision, told.recall, told.f1)
    else:
        score = _score(labels, known)
    return SweepPoint(
        config,
        threshold,
        len(sizes),
        int((weighed.strengths > _bits(threshold)).sum()),
        len(labels) - len(sizes),
        int(sizes.max(initial=0)),
        score.precision,
        score.recall,
        score.f1,
    )


def _score(labels: Rows, known: TrueClusters | LabelledPairs) -> Score:
    """Return precision and recall by pairs of records."""
    if isinstance(known, LabelledPairs):
        found = labels[known.pairs.left] == labels[known.pairs.right]
        right = int((found & known.same).sum())
        n_found, n_true = int(found.sum()), int(known.same.sum())
    else:
        is_known = known.groups >= 0
        ours, true = labels[is_known], known.groups[is_known]
        counts = map(count_pairs, (meet(ours, true), ours, true))
        right, n_found, n_true = counts
    return Score.of(share(right, n_found), share(right, n_true))


def _bits(threshold: float) -> float:
    return float(np.log2(threshold / (1 - threshold)))
