"""Labels: pairs of records of which a person said whether they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Verdicts
from custmerge.clustering import components
from custmerge.exceptions import InvalidInputError
from custmerge.finding import RecordFinder
from custmerge.io import read_table
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import Column

__all__ = ["Labels", "read_labels"]

_SAME = frozenset({"true", "1", "yes", "y", "same", "match"})
_DIFFERENT = frozenset({"false", "0", "no", "n", "different", "differ"})
_ANSWERS = ("same", "label")
_COLUMNS = ("left_id", "right_id", "same")
_WANTED = (
    "labels must be rows of left_id, right_id and same (true or false), as tuples, "
    "mappings, a table or a path; with several sources left_source and right_source too"
)
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
    columns = _columns(given)
    answers = [_answer(text) for text in columns["same"].decode()]
    answered = np.asarray([answer is not None for answer in answers], dtype=np.bool_)
    unread = _where(columns["same"].present & ~answered)
    left, right = (_rows_of(columns, side, finder) for side in ("left", "right"))
    lost = _where(answered & ((left < 0) | (right < 0)))
    problems = [
        f"{what} (rows {_listed(rows)})"
        for rows, what in (
            (unread, "same must be true or false"),
            (lost, "no single record has such an id, with such a source if any"),
        )
        if len(rows)
    ]
    if problems:
        message = "the labels do not fit: " + "; ".join(problems)
        raise InvalidInputError(message)
    numbers = _where(answered)
    same = np.asarray([answers[i] for i in numbers.tolist()], dtype=np.bool_)
    return _consistent(left[numbers], right[numbers], same, numbers)


def _columns(given: object) -> dict[str, Column]:
    """Return the columns that say what is labelled, `label` as `same`."""
    if isinstance(given, (list, tuple)) and any(map(_is_row, given)):
        if not all(_is_row(row) and len(row) == len(_COLUMNS) for row in given):
            raise InvalidInputError(_WANTED)
        given = dict(zip(_COLUMNS, map(list, zip(*given, strict=True)), strict=True))
    try:
        rows = read_table(given)
    except InvalidInputError as error:
        message = f"the labels cannot be read: {error}"
        raise InvalidInputError(message) from error
    if not len(rows):
        return {name: Column.encode([]) for name in _COLUMNS}
    answer = next((name for name in _ANSWERS if name in rows.columns), None)
    if answer is None or not {"left_id", "right_id"} <= set(rows.columns):
        message = f"{_WANTED}; they have the columns {list(rows.columns)}"
        raise InvalidInputError(message)
    names = ("left_id", "right_id", "left_source", "right_source")
    encoded = {
        name: Column.encode(rows.cells(name)) for name in names if name in rows.columns
    }
    return {**encoded, "same": Column.encode(rows.cells(answer))}


def _is_row(row: object) -> bool:
    return isinstance(row, Sequence) and not isinstance(row, str)


def _answer(text: str | None) -> bool | None:
    folded = (text or "").strip().casefold()
    return True if folded in _SAME else False if folded in _DIFFERENT else None


def _where(held: NDArray[np.bool_]) -> Rows:
    return np.flatnonzero(held).astype(np.int64)


def _listed(rows: Iterable[int]) -> str:
    listed = [str(row) for row in rows]
    return ", ".join(listed[:_MAX_LISTED]) + (", …" if listed[_MAX_LISTED:] else "")


def _rows_of(columns: Mapping[str, Column], side: str, finder: RecordFinder) -> Rows:
    """Return the row of each label's left or right record; below 0 for none or many."""
    ids = columns[f"{side}_id"].decode()
    source = columns.get(f"{side}_source")
    return finder.rows(ids, [None] * len(ids) if source is None else source.decode())


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
