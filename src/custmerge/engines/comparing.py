"""Similarity of pairs' values: each distinct pair of values is compared once."""

from __future__ import annotations

from dataclasses import dataclass, field as item

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators import AnyComparator
from custmerge.engines.calling import call
from custmerge.exceptions import PluginError
from custmerge.pairs import Pairs, distinct
from custmerge.protocols import Codes, CodeScorer, Scores, VocabularyComparator
from custmerge.records import Column

__all__ = ["Comparison", "agreed_codes", "compare_crossed", "compare_rows"]


@dataclass(slots=True)
class Comparison:
    """A comparator over one vocabulary that remembers every pair it was asked for.

    Attributes:
        field: The field's name, for messages.
        values: The vocabulary.
        comparator: What compares them.
        reflexive: Whether equal values score 1 without asking.
        stage: What the comparator is called in messages.
        n_compared: How many pairs of values it was asked for.
    """

    field: str
    values: tuple[str, ...]
    comparator: AnyComparator
    reflexive: bool = True
    stage: str = "comparator"
    n_compared: int = 0
    _scorer: CodeScorer | None = None
    _keys: NDArray[np.int64] = item(default_factory=lambda: np.empty(0, np.int64))
    _scores: Scores = item(default_factory=lambda: np.empty(0, np.float32))

    def compare(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Scores:
        """Return the similarity of values by code; NaN where one is -1."""
        scores = np.full(len(left), np.nan, dtype=np.float32)
        asked = (left >= 0) & (right >= 0)
        if self.reflexive:
            scores[asked & (left == right)] = 1.0
            asked &= left != right
        places = np.flatnonzero(asked)
        low = np.minimum(left[places], right[places]).astype(np.int64)
        keys = low * len(self.values) + np.maximum(left[places], right[places])
        self._learn(distinct(keys))
        scores[places] = self._scores[np.searchsorted(self._keys, keys)]
        return scores

    def _learn(self, keys: NDArray[np.int64]) -> None:
        """Compare those of the distinct pairs that were not compared before."""
        places = np.searchsorted(self._keys, keys)
        known = np.append(self._keys, -1)[places] == keys
        new, places = keys[~known], places[~known]
        left, right = np.divmod(new, max(len(self.values), 1))
        self._keys = np.insert(self._keys, places, new)
        self._scores = np.insert(self._scores, places, self._call(left, right))

    def _call(self, left: Codes, right: Codes) -> Scores:
        if not len(left):
            return np.empty(0, dtype=np.float32)
        self.n_compared += len(left)
        label = f"{self.stage} {self.comparator.name!r} of field {self.field!r}"
        if self._scorer is None:
            self._scorer = call(label, _scorer_of, self.comparator, self.values)
        found = call(label, self._scorer, left, right)
        scores = call(label, np.asarray, found, np.float32)
        if scores.shape != left.shape or not ((scores >= 0) & (scores <= 1)).all():
            message = (
                f"{label} must return a score in [0, 1] "
                f"for each of {len(left)} pairs; it returned shape {scores.shape}"
                + (", and scores outside" if scores.shape == left.shape else "")
            )
            raise PluginError(message)
        return scores


def _scorer_of(comparator: AnyComparator, values: tuple[str, ...]) -> CodeScorer:
    if isinstance(comparator, VocabularyComparator):
        return comparator.prepare(values)
    return lambda left, right: comparator.compare(
        [values[code] for code in left.tolist()],
        [values[code] for code in right.tolist()],
    )


def compare_rows(
    column: Column, comparison: Comparison, pairs: Pairs, pick: np.ufunc = np.fmax
) -> Scores:
    """Return the similarity of the pairs' rows; NaN where a side is missing.

    Args:
        column: The rows' values, coded in the comparison's vocabulary.
        comparison: Compares them.
        pairs: The pairs of rows.
        pick: Which two count where rows hold several values; the best-agreeing two.
    """
    slots = column.slots
    best = np.full(len(pairs), np.nan, dtype=np.float32)
    for i in range(column.width):
        for j in range(column.width):
            left, right = slots[pairs.left, i], slots[pairs.right, j]
            best = pick(best, comparison.compare(left, right))
    return best


def compare_crossed(
    first: Column, second: Column, comparison: Comparison, pairs: Pairs
) -> Scores:
    """Return how alike two fields are when exchanged between the records.

    The lesser of the similarities of the left record's first field with the right
    one's second, and the reverse; NaN where any of the four values is missing.
    """
    one, two = first.slots[:, 0], second.slots[:, 0]
    forth = comparison.compare(one[pairs.left], two[pairs.right])
    back = comparison.compare(two[pairs.left], one[pairs.right])
    return np.minimum(forth, back)


def agreed_codes(column: Column, pairs: Pairs) -> NDArray[np.int32]:
    """Return, for each pair, the code of a value both rows hold; -1 where none is.

    Where they hold several in common, the rarest counts.
    """
    slots = column.slots
    counts = np.append(column.counts(), np.iinfo(np.int64).max)
    agreed = np.full(len(pairs), -1, dtype=np.int32)
    for i in range(column.width):
        for j in range(column.width):
            a, b = slots[pairs.left, i], slots[pairs.right, j]
            rarer = (a == b) & (a >= 0) & (counts[a] < counts[agreed])
            agreed[rarer] = a[rarer]
    return agreed
