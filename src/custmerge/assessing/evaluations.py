"""What evaluating a result gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field as attribute
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.assessing.errors import ERRORS, Errors
from custmerge.assessing.parts import (
    SizeScore,
    SourceScore,
)
from custmerge.classifier import probability
from custmerge.display import html_table, text_table
from custmerge.evaluation import (
    Measured,
    MergeDistance,
    Score,
)
from custmerge.io import OutputColumn
from custmerge.naming import RecordNames
from custmerge.records import Column

__all__ = ["Evaluation"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""
IdPair = tuple[object, object]
"""The ids of two records, `(source, id)` with several sources."""


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """How good a result is by what is known to be true.

    The intervals say within which bounds a measure lies in 95 of 100 files of
    customers like these (or samples of true clusters, where the truth is partial);
    clusters, or labelled pairs, are taken as drawn independently of each other.

    Attributes:
        n_records: How many records have a known label; those of labelled pairs.
        n_pairs: How many pairs of records are known to be the same.
        pairwise: By pairs of records; see `custmerge.evaluation.pairwise`.
        b_cubed: By records; `None` of labelled pairs. See `evaluation.b_cubed`.
        cluster: By whole entities; likewise. See `evaluation.cluster_exact`.
        merge_distance: How many splits and merges put the result right; likewise.
            See `evaluation.merge_distance`.
        within_sources: By pairs of records of one source; `None` without sources.
        between_sources: By pairs of records of different sources; likewise.
        by_source: By pairs of sources, in order; empty without sources.
        by_size: By the size of entities and of true clusters; empty of labelled pairs.
        n_errors: How many pairs are wrong: `"missed_by_blocking"` (never compared),
            `"missed_by_score"` (compared, below the threshold), `"cut_by_clustering"`
            (above it, and kept apart by other records, a rule or people's word), and
            `"false_links"`.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"id": "a", "name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"id": "b", "name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"id": "c", "name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"id": "d", "name": "Zoe Poe", "email": "zp@poe.net"},
        ... ]
        >>> truth = {"a": 1, "b": 1, "c": 2, "d": 2}
        >>> evaluation = cm.evaluate(cm.resolve(records), truth)
        >>> evaluation.pairwise.precision, evaluation.pairwise.recall
        (1.0, 0.5)
        >>> evaluation.missed_by_blocking + evaluation.missed_by_score
        (('c', 'd'),)
        >>> evaluation.to_dict()["pairwise"]["f1"]
        0.6666666666666666
    """

    n_records: int
    n_pairs: int
    pairwise: Measured
    b_cubed: Measured | None
    cluster: Measured | None
    merge_distance: MergeDistance | None
    within_sources: Score | None
    between_sources: Score | None
    by_source: tuple[SourceScore, ...]
    by_size: tuple[SizeScore, ...]
    n_errors: Mapping[str, int]
    _names: RecordNames
    _errors: Errors
    _chosen: NDArray[np.int64] = attribute(
        default_factory=lambda: np.empty(0, np.int64)
    )

    @property
    def missed_by_blocking(self) -> tuple[IdPair, ...]:
        """Some pairs of one customer that were never compared, by record id."""
        return self._listed[0]

    @property
    def missed_by_score(self) -> tuple[IdPair, ...]:
        """Some pairs of one customer below the threshold, the nearest to it first."""
        return self._listed[1]

    @property
    def cut_by_clustering(self) -> tuple[IdPair, ...]:
        """Some links of one customer that were cut, the strongest first."""
        return self._listed[2]

    @property
    def false_links(self) -> tuple[IdPair, ...]:
        """Some pairs of two customers that are in one entity, the strongest first."""
        return self._listed[3]

    @cached_property
    def _listed(self) -> tuple[tuple[IdPair, ...], ...]:
        errors, chosen = self._errors, self._chosen
        left, right = (
            self._names.listed(rows[chosen])
            for rows in (errors.pairs.left, errors.pairs.right)
        )
        kinds = errors.kinds[chosen].tolist()
        found: list[list[IdPair]] = [[] for _ in ERRORS]
        for kind, one, other in zip(kinds, left, right, strict=True):
            found[kind].append((one, other))
        return tuple(map(tuple, found))

    @cached_property
    def errors(self) -> Table:
        """One row for each example of an error, in the form the records came in.

        Columns: `error` (see `n_errors`), `left_id`, `right_id`; `weight` in bits and
        `probability` in [0, 1], NaN where the pair was not compared. With several
        sources `left_source` and `right_source` as well.
        """
        errors, chosen = self._errors, self._chosen
        weights = errors.weights[chosen]
        chances, compared = weights.copy(), ~np.isnan(weights)
        chances[compared] = probability(weights[compared])
        sides = self._names.columns(
            left=errors.pairs.left[chosen], right=errors.pairs.right[chosen]
        )
        columns: dict[str, OutputColumn] = {
            "error": Column(ERRORS, errors.kinds[chosen].astype(np.int32)),
            "left_id": sides.pop("left_id"),
            "right_id": sides.pop("right_id"),
            "weight": weights,
            "probability": chances,
        }
        return self._names.dataset.build({**columns, **sides})

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the examples as plain dicts and lists."""
        measures = {
            name: None if found is None else found.to_dict()
            for name, found in self._measures.items()
        }
        steps = self.merge_distance
        return {
            "n_records": self.n_records,
            "n_pairs": self.n_pairs,
            **measures,
            "merge_distance": None
            if steps is None
            else {**asdict(steps), "distance": steps.distance},
            "within_sources": _plain(self.within_sources),
            "between_sources": _plain(self.between_sources),
            "by_source": [asdict(row) for row in self.by_source],
            "by_size": [asdict(row) for row in self.by_size],
            "n_errors": dict(self.n_errors),
        }

    @property
    def _measures(self) -> dict[str, Measured | None]:
        return {
            "pairwise": self.pairwise,
            "b_cubed": self.b_cubed,
            "cluster": self.cluster,
        }

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                name,
                _shown(found.precision, found.precision_interval),
                _shown(found.recall, found.recall_interval),
                _shown(found.f1, found.f1_interval),
            )
            for name, found in self._measures.items()
            if found is not None
        ]

    def _notes(self) -> list[tuple[str, str]]:
        steps = self.merge_distance
        told = [("records known", f"{self.n_records:,}")]
        told += [("true pairs", f"{self.n_pairs:,}")]
        if steps is not None:
            text = f"{steps.splits:,} splits, {steps.merges:,} merges"
            told.append(("to put it right", text))
        named = ((name.replace("_", " "), n) for name, n in self.n_errors.items())
        return told + [(name, f"{n:,}") for name, n in named]

    def __repr__(self) -> str:
        found = self.pairwise
        return (
            f"Evaluation(pairwise precision {found.precision:.3f}, "
            f"recall {found.recall:.3f}, F1 {found.f1:.3f})"
        )

    def __str__(self) -> str:
        """Return the measures with their intervals, and what went wrong how often."""
        return "\n".join(
            [
                *text_table([_HEADER, *self._rows()]),
                "",
                *text_table(self._notes()),
            ]
        )

    def _repr_html_(self) -> str:
        rows = html_table(_HEADER, self._rows())
        return rows + html_table(("", ""), self._notes())


_HEADER = ("95 % intervals", "precision", "recall", "F1")


def _shown(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _plain(score: Score | None) -> dict[str, float] | None:
    return None if score is None else asdict(score)
