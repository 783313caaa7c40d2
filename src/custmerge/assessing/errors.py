"""The pairs of records that a result gets wrong, by what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.evaluation.groups import Groups
from custmerge.pairs import Pairs, ranges
from custmerge.partitioning import Weighed
from custmerge.resolution import Resolution

__all__ = ["ERRORS", "Errors", "find_errors", "pairs_within"]

ERRORS = ("missed_by_blocking", "missed_by_score", "cut_by_clustering", "false_links")
"""What can go wrong with a pair: records of one customer that are apart were not
compared, did not reach the threshold, or did and were kept apart by the other records,
by a rule or by people's word; records of two customers are together."""
_MOST_LISTED = 1_000_000
"""Pairs that are listed to find examples; of very large groups some are not seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Wrong pairs, some of them listed.

    Attributes:
        counts: How many there are, by what went wrong.
        pairs: Some of them, as pairs of rows.
        kinds: What went wrong with each of these, as a position in `ERRORS`.
        weights: Their match weights in bits, NaN where they were not compared.
    """

    counts: Mapping[str, int]
    pairs: Pairs
    kinds: NDArray[np.int8]
    weights: NDArray[np.float64]

    def examples(self, most: int, by: tuple[Groups, Groups]) -> NDArray[np.int64]:
        """Return which pairs show best what goes wrong, at most so many of a kind.

        The most surprising first, those of the highest weight; of each cluster one
        before any has a second.

        Args:
            most: How many of a kind.
            by: For each row its true cluster, where one was missed, and its entity.
        """
        is_false = self.kinds == ERRORS.index("false_links")
        true, found = (groups[self.pairs.left] for groups in by)
        groups = np.where(is_false, found, true)
        surprise = -np.nan_to_num(self.weights, nan=-np.inf)
        order = np.lexsort((np.arange(len(groups)), surprise, groups, self.kinds))
        turn = _turns(self.kinds[order].astype(np.int64), groups[order])
        order = order[np.lexsort((surprise[order], turn, self.kinds[order]))]
        place = _turns(self.kinds[order].astype(np.int64))
        return order[place < most]


def find_errors(
    result: Resolution,
    pairs: Pairs,
    same: NDArray[np.bool_],
    counts: Mapping[str, int] | None = None,
) -> Errors:
    """Return what goes wrong with pairs.

    Args:
        result: The result.
        pairs: Pairs of rows.
        same: For each, whether it is of one customer.
        counts: How many errors there are, where the pairs are not all that go wrong.
    """
    together = result.labels[pairs.left] == result.labels[pairs.right]
    wrong = np.flatnonzero(same != together)
    pairs, same = pairs.take(wrong), same[wrong]
    weighed = Weighed(result.compared, result.vectors, result.weights, result.verdicts)
    compared = pairs.among(result.compared)
    places = np.minimum(result.compared.places(pairs), max(len(result.weights) - 1, 0))
    weights = np.full(len(pairs), np.nan)
    weights[compared] = result.weights[places[compared]]
    strong = np.zeros(len(pairs), dtype=np.bool_)
    is_link = weighed.strengths > result.config.link_bits
    strong[compared] = is_link[places[compared]]
    kinds = np.select([~same, ~compared, ~strong], [3, 0, 1], 2).astype(np.int8)
    n_each = np.bincount(kinds, minlength=len(ERRORS)).tolist()
    seen = dict(zip(ERRORS, n_each, strict=True))
    return Errors(seen if counts is None else counts, pairs, kinds, weights)


def pairs_within(groups: Groups, most: int = _MOST_LISTED) -> Pairs:
    """Return the pairs of rows of one group; of the largest groups none beyond `most`.

    Args:
        groups: For each row its group; of rows below 0 there are no pairs.
        most: How many pairs at most.

    Examples:
        >>> pairs = pairs_within(np.asarray([0, 1, 0, -1, 0]))
        >>> pairs.left.tolist(), pairs.right.tolist()
        ([0, 0, 2], [2, 4, 4])
    """
    rows = np.flatnonzero(groups >= 0)
    sizes = np.bincount(groups[rows], minlength=1)
    rows = rows[np.lexsort((groups[rows], sizes[groups[rows]]))]
    own = sizes[groups[rows]]
    starts = np.flatnonzero(np.diff(groups[rows], prepend=-1) != 0)
    n_after = np.repeat(starts, own[starts]) + own - np.arange(len(rows)) - 1
    # A group is listed whole or not at all.
    ends = np.cumsum(n_after)[starts + own[starts] - 1] if len(rows) else starts
    n_rows = int(own[starts[ends <= most]].sum())
    n_after = n_after[:n_rows]
    left = np.repeat(rows[:n_rows], n_after)
    return Pairs.of(left, rows[ranges(np.arange(n_rows) + 1, n_after)])


def _turns(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many entries of the same keys stand just before each, in order."""
    places = np.arange(len(keys[0]))
    fresh = np.zeros(len(places), dtype=np.bool_)
    for key in keys:
        fresh |= np.diff(key, prepend=-1) != 0
    turns: NDArray[np.int64] = places - np.maximum.accumulate(
        np.where(fresh, places, 0)
    )
    return turns
