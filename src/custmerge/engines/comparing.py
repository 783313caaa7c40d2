"""Similarity of pairs' values: each distinct pair of values is compared once.

What was found of the commonest values is remembered, so that it holds for all pairs;
of the others, so rare that few of their pairs come again, for the pairs at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field as item

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import call
from custmerge.comparators import AnyComparator, BoundedScorer
from custmerge.exceptions import PluginError
from custmerge.pairs import Pairs, numbered
from custmerge.protocols import Codes, CodeScorer, Scores, VocabularyComparator
from custmerge.records import Column

__all__ = [
    "Bounded",
    "Comparison",
    "agreed_codes",
    "bound_crossed",
    "bound_rows",
    "commonest",
    "compare_crossed",
    "compare_rows",
]


Bounded = tuple[Scores, NDArray[np.bool_]]
"""The most that scores may be, and where that is what they are."""

_COMMON = 1024
"""Values whose pairs are remembered: those of 4 MiB."""
_AT_ONCE = 2**18
"""Pairs compared at a time, which bounds the memory."""
_SLACK = 1e-4
"""How far below what matters a bound must be, for rounding."""


def commonest(column: Column) -> Codes:
    """Return the codes of the commonest values, the commonest first.

    Only as many as pairs are remembered of; of equally common ones the first.

    Examples:
        >>> commonest(Column.encode(["a", "b", "a", "c", "c"])).tolist()
        [0, 2, 1]
    """
    counts = column.counts()
    ranks = -counts * len(counts) + np.arange(len(counts))
    if len(ranks) > _COMMON:
        ranks = np.partition(ranks, _COMMON)[:_COMMON]
    codes: Codes = np.sort(ranks) % max(len(counts), 1)
    return codes


@dataclass(slots=True)
class Comparison:
    """A comparator over one vocabulary that remembers pairs of its commonest values.

    Attributes:
        field: The field's name, for messages.
        values: The vocabulary.
        comparator: What compares them.
        common: The codes of the commonest values; the first ones where not given.
        reflexive: Whether equal values score 1 without asking.
        stage: What the comparator is called in messages.
        n_compared: How many pairs of values it was asked for.
    """

    field: str
    values: tuple[str, ...]
    comparator: AnyComparator
    common: Codes | None = None
    reflexive: bool = True
    stage: str = "comparator"
    n_compared: int = 0
    _scorer: CodeScorer | None = None
    _n_common: int = item(init=False)
    _ranks: NDArray[np.int32] = item(init=False)
    _memory: NDArray[np.uint32] = item(init=False)

    def __post_init__(self) -> None:
        common = np.arange(len(self.values)) if self.common is None else self.common
        common = common[:_COMMON]
        # All others share the last rank, and nothing of them is remembered.
        self._n_common = len(common)
        self._ranks = np.full(len(self.values), len(common), dtype=np.int32)
        self._ranks[common] = np.arange(len(common))
        # A score's bits, one more than they say: 0 is not known yet.
        self._memory = np.zeros((len(common) + 1) ** 2, dtype=np.uint32)

    def compare(
        self, left: NDArray[np.int32], right: NDArray[np.int32], least: float = 0.0
    ) -> Scores:
        """Return the similarity of values by code; NaN where one is -1.

        Args:
            left: Codes of values.
            right: As many.
            least: Scores below this need not be right, if only they are below.
        """
        parts = [
            self._compare(
                left[start : start + _AT_ONCE], right[start:][:_AT_ONCE], least
            )
            for start in range(0, max(len(left), 1), _AT_ONCE)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def bound(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Bounded:
        """Return what `compare` gives at most, and where it gives no less."""
        missing, equal = (left | right) < 0, left == right  # the sign of either
        scorer = self.prepared()
        if isinstance(scorer, BoundedScorer) and len(self.values):
            # Codes of missing values are taken for the last one's, and left. Looked up
            # by what numpy looks up by, so that it need not be made each time.
            codes = left.astype(np.intp), right.astype(np.intp)
            most = call(self._label, scorer.bound, *codes)
            is_exact = scorer.score is scorer.bound
            sure = np.ones(len(left), bool) if is_exact else missing | equal
        else:
            most, sure = np.ones(len(left), dtype=np.float32), missing | equal
        # By place, which takes a third of the time that it takes by mask.
        most[np.flatnonzero(equal)] = 1.0
        most[np.flatnonzero(missing)] = np.nan
        return most, sure

    def _compare(
        self, left: NDArray[np.int32], right: NDArray[np.int32], least: float
    ) -> Scores:
        n_codes = len(self.values) + 1
        if n_codes * n_codes > len(left):
            return self._scored(left, right, least)
        # Few values: each two of them are looked at once, however many pairs hold them.
        cells = (left + 1) * n_codes + (right + 1)
        held = np.zeros(n_codes * n_codes, dtype=bool)
        held[cells] = True
        places = np.flatnonzero(held).astype(np.int32)
        table = np.empty(n_codes * n_codes, dtype=np.float32)
        one, other = places // n_codes - 1, places % n_codes - 1
        table[places] = self._scored(one, other, least)
        scores: Scores = table[cells]
        return scores

    def _scored(
        self, left: NDArray[np.int32], right: NDArray[np.int32], least: float
    ) -> Scores:
        scores = np.full(len(left), np.nan, dtype=np.float32)
        asked = (left | right) >= 0  # the sign of either
        if self.reflexive:
            equal = left == right
            scores[np.flatnonzero(asked & equal)] = 1.0
            asked &= ~equal
        places = np.flatnonzero(asked)
        if not len(places):
            return scores
        a, b = left[places], right[places]
        low, high = np.minimum(a, b), np.maximum(a, b)
        if not self.n_compared:
            scores[places] = self._found(low, high, least)
            return scores
        found = self._remembered(low, high)
        new = np.flatnonzero(np.isnan(found))
        found[new] = self._found(low[new], high[new], least)
        scores[places] = found
        return scores

    def _remembered(self, low: NDArray[np.int32], high: NDArray[np.int32]) -> Scores:
        """Return what is known of pairs of common values; NaN where nothing is."""
        cells = self._ranks[low] * (self._n_common + 1) + self._ranks[high]
        # Of 0, which is not known yet, one less is all ones: the bits of a NaN.
        found: Scores = (self._memory[cells] - np.uint32(1)).view(np.float32)
        return found

    def _found(
        self, low: NDArray[np.int32], high: NDArray[np.int32], least: float
    ) -> Scores:
        """Return the similarity of pairs, those not known to be below `least`."""
        scores = self._bounds(low, high, least)
        wanted = np.flatnonzero(np.isnan(scores))
        codes = low[wanted].astype(np.int64), high[wanted].astype(np.int64)
        first, inverse = numbered(
            codes[0] * len(self.values) + codes[1], len(self.values) ** 2
        )
        left, right = codes[0][first], codes[1][first]
        found = self._call(left, right)
        scores[wanted] = found[inverse]
        n_common = self._n_common
        ranks = self._ranks[left], self._ranks[right]
        common = np.flatnonzero(np.maximum(*ranks) < n_common)
        cells = ranks[0][common] * (n_common + 1) + ranks[1][common]
        self._memory[cells] = found[common].view(np.uint32) + np.uint32(1)
        return scores

    def _bounds(
        self, low: NDArray[np.int32], high: NDArray[np.int32], least: float
    ) -> Scores:
        """Return bounds of the pairs' scores that are below `least`, else NaN."""
        unknown = np.full(len(low), np.nan, dtype=np.float32)
        if least <= 0 or not len(low):
            return unknown
        scorer = self.prepared()
        if not isinstance(scorer, BoundedScorer):
            return unknown
        most = call(self._label, scorer.bound, low, high)
        most[most >= least - _SLACK] = np.nan
        return most

    @property
    def _label(self) -> str:
        return f"{self.stage} {self.comparator.name!r} of field {self.field!r}"

    def prepared(self) -> CodeScorer:
        """Return what scores pairs of codes, made when first asked for."""
        if self._scorer is None:
            self._scorer = call(self._label, _scorer_of, self.comparator, self.values)
        return self._scorer

    def _call(self, left: Codes, right: Codes) -> Scores:
        if not len(left):
            return np.empty(0, dtype=np.float32)
        self.n_compared += len(left)
        label = self._label
        found = call(label, self.prepared(), left, right)
        scores = call(label, np.asarray, found, np.float32)
        scorer = self.prepared()
        is_partial = isinstance(scorer, BoundedScorer) and scorer.is_partial
        is_score = (scores >= 0) & (scores <= 1) | is_partial & np.isnan(scores)
        if scores.shape != left.shape or not is_score.all():
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
    column: Column,
    comparison: Comparison,
    pairs: Pairs,
    pick: np.ufunc = np.fmax,
    least: float = 0.0,
) -> Scores:
    """Return the similarity of the pairs' rows; NaN where a side is missing.

    Args:
        column: The rows' values, coded in the comparison's vocabulary.
        comparison: Compares them.
        pairs: The pairs of rows.
        pick: Which two count where rows hold several values; the best-agreeing two.
        least: Scores below this need not be right, if only they are below.
    """
    slots = column.slots
    if column.width == 1:
        return comparison.compare(*_sides(slots[:, 0], pairs), least)
    best = np.full(len(pairs), np.nan, dtype=np.float32)
    for i in range(column.width):
        for j in range(column.width):
            left, right = slots[pairs.left, i], slots[pairs.right, j]
            best = pick(best, comparison.compare(left, right, least))
    return best


def _sides(
    codes: NDArray[np.int32], pairs: Pairs
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what the rows on each side hold."""
    # Unchecked, which takes half the time.
    left = codes.take(pairs.left, mode="clip")
    return left, codes.take(pairs.right, mode="clip")


def bound_rows(column: Column, comparison: Comparison, pairs: Pairs) -> Bounded:
    """Return what `compare_rows` gives at most, and where it gives no less."""
    slots = column.slots
    if column.width == 1:
        return comparison.bound(*_sides(slots[:, 0], pairs))
    most = np.full(len(pairs), np.nan, dtype=np.float32)
    sure, equal = np.ones(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
    for i in range(column.width):
        for j in range(column.width):
            left, right = slots[pairs.left, i], slots[pairs.right, j]
            bound, is_sure = comparison.bound(left, right)
            most = np.fmax(most, bound)
            sure &= is_sure
            equal |= (left == right) & (left >= 0)
    return most, sure | equal


def compare_crossed(
    first: Column,
    second: Column,
    comparison: Comparison,
    pairs: Pairs,
    least: float = 0.0,
) -> Scores:
    """Return how alike two fields are when exchanged between the records.

    The lesser of the similarities of the left record's first field with the right
    one's second, and the reverse; NaN where any of the four values is missing. Below
    `least` they need not be right.
    """
    forth, back = (
        comparison.compare(*side, least) for side in _crossings(first, second, pairs)
    )
    return np.minimum(forth, back)


def bound_crossed(
    first: Column, second: Column, comparison: Comparison, pairs: Pairs
) -> Scores:
    """Return what `compare_crossed` gives at most."""
    forth, back = (
        comparison.bound(*side)[0] for side in _crossings(first, second, pairs)
    )
    return np.minimum(forth, back)


def _crossings(
    first: Column, second: Column, pairs: Pairs
) -> tuple[tuple[NDArray[np.int32], NDArray[np.int32]], ...]:
    one, two = first.slots[:, 0], second.slots[:, 0]
    return (one[pairs.left], two[pairs.right]), (two[pairs.left], one[pairs.right])


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
