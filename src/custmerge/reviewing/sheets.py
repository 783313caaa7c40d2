"""The review queue as a sheet that people fill in: two records on each row."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from custmerge.classifier import probability, reasons
from custmerge.decisions.reading import PAIR, SAME
from custmerge.naming import RecordNames
from custmerge.records import as_text
from custmerge.resolution import Resolution
from custmerge.reviewing.showing import beside

__all__ = ["Sheet"]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A review queue, a row for each pair.

    Attributes:
        columns: The cells of each column, in order.
        unlike: For each two columns of one field's values, the rows that differ.
    """

    columns: dict[str, list[object]]
    unlike: dict[tuple[str, str], list[int]]

    @classmethod
    def of(cls, result: Resolution, n: int | None) -> Sheet:
        """Return the first `n` pairs of a result's review queue; by default all."""
        chosen = result.reviewed[:n]
        pairs, weights = result.compared.take(chosen), result.weights[chosen]
        sides = {"left": pairs.left, "right": pairs.right}
        names = RecordNames.of(result.dataset, result.config)
        told = reasons(result.vectors.take(chosen), weights, result.config.review)
        known = {f"{side}_id": names.ids(rows) for side, rows in sides.items()}
        if result.dataset.sources or names.source is not None:
            known |= {f"{x}_source": names.sources(rows) for x, rows in sides.items()}
        columns: dict[str, list[object]] = {
            SAME: [None] * len(chosen),
            **{name: names.cells(cells) for name, cells in known.items()},
            "probability": np.round(probability(weights), 4).tolist(),
            "weight": np.round(weights, 2).tolist(),
            "reason": list(told),
        }
        taken, unlike = {*columns, PAIR}, {}
        for column, left, right, differ in beside(result, chosen):
            ends = tuple(_free(f"{side}_{column}", taken) for side in sides)
            columns |= {ends[0]: list(left), ends[1]: list(right)}
            unlike[ends[0], ends[1]] = np.flatnonzero(differ).tolist()
        listed = zip(*map(result.basis.names_of, sides.values()), strict=True)
        columns[PAIR] = [json.dumps(both, default=as_text) for both in listed]
        return cls(columns, unlike)

    def rows(self) -> list[tuple[object, ...]]:
        """Return the cells of each row."""
        return list(zip(*self.columns.values(), strict=True))


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is not taken yet, and take it."""
    while name in taken:
        name = f"{name}_input"
    taken.add(name)
    return name
