"""Labels: pairs of records of which a person said whether they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.answers import read_answers
from custmerge.classifier import Verdicts
from custmerge.clustering import Constraints, components
from custmerge.exceptions import InvalidInputError
from custmerge.finding import RecordFinder
from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = ["Labels", "read_labels"]

_MAX_LISTED = 5


def _no_pairs() -> Pairs:
    return Pairs.of([], [])


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Pairs of rows that are labelled, and how.

    Attributes:
        pairs: The pairs, each once.
        same: For each, whether it is one entity; shape `(n_labels,)`.
    """

    pairs: Pairs = field(default_factory=_no_pairs)
    same: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def rows(self) -> Rows:
        """The rows that labels name, with repeats."""
        return np.concatenate([self.pairs.left, self.pairs.right])

    @property
    def constraints(self) -> Constraints:
        """What must be one entity by the labels, and what cannot."""
        return Constraints(self.pairs.take(self.same), self.pairs.take(~self.same))

    def renamed(self, rows: Rows) -> Labels:
        """Return the same with row `i` called `rows[i]`, a permutation."""
        left, right = rows[self.pairs.left], rows[self.pairs.right]
        low, high = np.minimum(left, right), np.maximum(left, right)
        order = np.lexsort((high, low))
        return Labels(Pairs(low[order], high[order]), self.same[order])

    def of(self, pairs: Pairs) -> Verdicts:
        """Return 1 for pairs that are labelled the same, -1 for different, else 0."""
        n_rows = int(max(pairs.right.max(initial=0), self.pairs.right.max(initial=0)))
        labelled, wanted = self.pairs.keys(n_rows + 1), pairs.keys(n_rows + 1)
        places = np.searchsorted(labelled, wanted)
        known = np.append(labelled, -1)[places] == wanted
        answers = np.append(np.where(self.same, 1, -1), 0).astype(np.int8)
        return np.where(known, answers[places], 0).astype(np.int8)


def read_labels(given: object, finder: RecordFinder) -> Labels:
    """Return labels in any accepted form as pairs of rows.

    Rows without an answer are left out, so that a review list may come back half done.

    Args:
        given: What a user passed as `labels`; `None` is no labels.
        finder: Finds the records that they name.

    Raises:
        InvalidInputError: They are no such rows, name a record that does not exist, or
            contradict each other; the message says which rows do.
    """
    if given is None:
        return Labels()
    answers = read_answers("labels", given, finder)
    return _consistent(answers.left, answers.right, answers.same, answers.numbers)


def _consistent(
    left: Rows, right: Rows, same: NDArray[np.bool_], numbers: Rows
) -> Labels:
    """Return the labels, each pair once.

    Args:
        left: A row of each label.
        right: The other.
        same: What each says.
        numbers: Which of the user's labels each is.

    Raises:
        InvalidInputError: Some say that two records differ which others, taken
            together, say are the same.
    """
    n_rows = int(max(left.max(initial=0), right.max(initial=0))) + 1
    links = Pairs.of(left[same], right[same])
    entity = components(n_rows, links)
    wrong = np.flatnonzero(~same & (entity[left] == entity[right]))
    if wrong.size:
        says = {
            frozenset(pair): number
            for pair, number in zip(
                zip(left[same].tolist(), right[same].tolist(), strict=True),
                numbers[same].tolist(),
                strict=True,
            )
        }
        told = [
            f"row {numbers[i]} says different, which contradicts "
            + (_listed_path(n_rows, links, (left[i], right[i]), says) or "itself")
            for i in wrong[:_MAX_LISTED].tolist()
        ]
        message = "the labels contradict each other: " + "; ".join(told)
        raise InvalidInputError(message)
    pairs = Pairs.of(left, right)
    answers = np.zeros(len(pairs), dtype=np.bool_)
    answers[np.searchsorted(pairs.keys(n_rows), links.keys(n_rows))] = True
    return Labels(pairs, answers)


def _listed_path(
    n_rows: int, links: Pairs, ends: tuple[int, int], says: Mapping[frozenset[int], int]
) -> str:
    """Return which labels lead from one record to the other, by their numbers."""
    from scipy.sparse import csr_array  # noqa: PLC0415  slow to load
    from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415

    ones = np.ones(len(links), dtype=np.int8)
    graph = csr_array((ones, (links.left, links.right)), shape=(n_rows, n_rows))
    _, before = breadth_first_order(graph, ends[0], directed=False)
    path = [int(ends[1])]
    while path[-1] != ends[0]:
        path.append(int(before[path[-1]]))
    numbers = sorted(says[frozenset(step)] for step in pairwise(path))
    steps = [str(number) for number in numbers]
    if len(steps) > 1:
        return f"rows {', '.join(steps)} together"
    return f"row {steps[0]}" if steps else ""
