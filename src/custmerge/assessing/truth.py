"""What is known to be true of records, in whatever form it is given."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.answers import read_answers
from custmerge.evaluation.groups import Groups
from custmerge.exceptions import CustmergeWarning, InvalidInputError
from custmerge.finding import ABSENT, SEVERAL, RecordFinder, check_type
from custmerge.io import Dataset, read_table
from custmerge.io.mappings import as_list, is_column
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import Column
from custmerge.resolution import Resolution

__all__ = ["LabelledPairs", "TrueClusters", "read_judged", "read_truth"]

_IDS = ("record_id", "id")
_LABELS = ("entity_id", "cluster_id", "cluster", "label", "truth")
_MAX_LISTED = 5
_PAIRS = "labelled pairs of the truth"
_STRANGERS = (
    "none of its records is in the result, which names them by the ids of "
    "result.assignments: row numbers where there is no id column"
)
_FORMS = (
    "one label for each record in the order of the records, a mapping of record ids to "
    "labels, a table with the columns id and cluster_id or its path, or labelled pairs "
    "as resolve takes them for labels="
)


@dataclass(frozen=True, slots=True, eq=False)
class TrueClusters:
    """The true cluster of each record.

    Attributes:
        groups: For each row the number of its true cluster, -1 where it is not known.
    """

    groups: Groups

    @property
    def n_known(self) -> int:
        """How many records have a label."""
        return int((self.groups >= 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPairs:
    """Pairs of records of which is known whether they are the same.

    Attributes:
        pairs: The pairs, each once.
        same: For each, whether it is one customer.
    """

    pairs: Pairs
    same: NDArray[np.bool_]


def read_truth(result: Resolution, given: object) -> TrueClusters | LabelledPairs:
    """Return the truth in any accepted form.

    Args:
        result: The result whose records it is about.
        given: One label for each record in input order; a mapping of record ids (or
            `(source, id)`) to labels, or a series of pandas with these as its index; a
            table with ids and labels, or its path; or labelled pairs. A label that is
            missing is not known.

    Raises:
        InvalidInputError: It is none of these, does not fit the records, or
            contradicts itself; the message lists all that is wrong.

    Warns:
        CustmergeWarning: It names records that the result has not.
    """
    truth = _read(result, given)
    is_known = len(truth.pairs) if isinstance(truth, LabelledPairs) else truth.n_known
    if len(result.labels) and not is_known:
        message = (
            "the truth says nothing of these records: all its labels, or answers, are "
            "missing"
        )
        raise InvalidInputError(message)
    return truth


def _read(result: Resolution, given: object) -> TrueClusters | LabelledPairs:
    is_result = isinstance(result, Resolution)
    check_type("result", result, is_result, "a Resolution, as cm.resolve returns")
    finder = result.basis.finder
    if isinstance(given, Mapping) and not _is_columns(given):
        rows = finder.rows_of(list(given))
        return _located(finder, rows, Column.encode(given.values()))
    named = None if result.config.id is None else _indexed(given, finder)
    if named is not None:
        return _located(finder, named, Column.encode(as_list(given)))
    cells = None if isinstance(given, (str, os.PathLike, Mapping)) else _listed(given)
    if cells is not None and not (cells and isinstance(cells[0], Mapping)):
        is_judged = bool(cells) and all(map(_is_triple, cells))
        return (
            read_judged(_PAIRS, cells, finder) if is_judged else _aligned(cells, finder)
        )
    table = read_table(given if cells is None else cells)
    if {"left_id", "right_id"} <= set(table.columns):
        return read_judged(_PAIRS, given if cells is None else cells, finder)
    return _of_table(table, finder, result.config.id)


def _indexed(given: Any, finder: RecordFinder) -> Rows | None:  # noqa: ANN401  a series
    """Return the rows that a series' index names; `None` where it does not.

    A series of pandas that was taken from a table by its record ids says whose label
    each is, whatever the order; another one counts by position.
    """
    if not hasattr(given, "index") or not hasattr(given, "items"):
        return None
    if not is_column(given) or getattr(given, "ndim", 1) != 1:
        return None
    names = list(given.index)
    if not names or names == list(range(len(names))):
        return None
    rows = finder.rows_of(names)
    return rows if (rows >= 0).all() else None


def _listed(given: object) -> list[object] | None:
    """Return the cells of what is no table; `None` for a table."""
    from custmerge.io.frames import is_frame  # noqa: PLC0415  45 ms of narwhals

    if isinstance(given, (list, tuple)):
        return list(given)
    if not isinstance(given, np.ndarray) and is_frame(given):
        return None
    if not isinstance(given, Iterable):
        message = f"truth must be {_FORMS}; not a {type(given).__name__}"
        raise InvalidInputError(message)
    return as_list(given) if is_column(given) else list(given)


def _is_triple(cell: object) -> bool:
    return isinstance(cell, (tuple, list)) and len(cell) == 3


def read_judged(name: str, given: object, finder: RecordFinder) -> LabelledPairs:
    """Return pairs that people judged, each once.

    Args:
        name: What they were given as, for messages.
        given: As `resolve` takes `labels`.
        finder: Finds the records that they name.

    Raises:
        InvalidInputError: They are no such rows, name records that do not exist, one
            record twice, or contradict each other.
    """
    answers = read_answers(name, given, finder)
    alone = answers.numbers[answers.left == answers.right]
    pairs = Pairs.of(answers.left, answers.right)
    n_rows = finder.n_rows
    low, high = np.sort(np.stack([answers.left, answers.right]), axis=0)
    places = np.searchsorted(pairs.keys(n_rows), low * n_rows + high)
    both = np.zeros((2, len(pairs) + 1), dtype=np.bool_)
    both[answers.same.astype(np.int64), places] = True
    torn = answers.numbers[(both[0] & both[1])[places] & (low != high)]
    problems = [
        f"{what} (rows {_numbers(rows)})"
        for rows, what in (
            (alone, "they name one record twice"),
            (torn, "they say of two records both that they are the same and not"),
        )
        if len(rows)
    ]
    if problems:
        message = f"the {name} do not fit: " + "; ".join(problems)
        raise InvalidInputError(message)
    return LabelledPairs(pairs, both[1][: len(pairs)])


def _aligned(cells: Sequence[object], finder: RecordFinder) -> TrueClusters:
    if len(cells) != finder.n_rows:
        message = (
            f"truth has {len(cells):,} labels, and the result {finder.n_rows:,} "
            f"records; give {_FORMS}"
        )
        raise InvalidInputError(message)
    return TrueClusters(Column.encode(cells).codes.astype(np.int64))


def _of_table(table: Dataset, finder: RecordFinder, id_: str | None) -> TrueClusters:
    """Return the truth of a table of ids and labels; of labels alone if one column."""
    columns = table.columns
    if len(columns) == 1:
        return _aligned(table.cells(columns[0]), finder)
    ids = next((name for name in (id_, *_IDS) if name in columns), None)
    others = [name for name in columns if name not in (ids, "source")]
    label = next((name for name in _LABELS if name in others), None)
    if label is None and len(others) == 1:
        label = others[0]
    if ids is None or label is None:
        message = (
            f"truth must have a column of ids ({' or '.join(_IDS)}) and one of labels "
            f"({', '.join(_LABELS)}); it has {list(columns)}"
        )
        raise InvalidInputError(message)
    names = table.encode(ids).decode()
    sources: list[str | None] = [None] * len(names)
    if finder.sources is not None and "source" in columns:
        sources = table.encode("source").decode()
    return _located(finder, finder.rows(names, sources), table.encode(label))


def _located(finder: RecordFinder, rows: Rows, labels: Column) -> TrueClusters:
    """Return the truth of labels of some rows."""
    several = int((rows == SEVERAL).sum())
    found = rows >= 0
    groups = np.full(finder.n_rows, -1, dtype=np.int64)
    codes = labels.first.astype(np.int64)
    groups[rows[found]] = codes[found]
    n_torn = int((groups[rows[found]] != codes[found]).sum())
    problems = [
        *([f"ids of several records: {several}; add a source"] if several else []),
        *([f"records with several labels: {n_torn}"] if n_torn else []),
        *([_STRANGERS] if not several and not found.any() else []),
    ]
    if problems:
        message = "the truth does not fit the records: " + "; ".join(problems)
        raise InvalidInputError(message)
    n_absent = int((rows == ABSENT).sum())
    if n_absent:
        text = (
            f"the truth names {n_absent:,} records that the result has not; they are "
            "left out"
        )
        warnings.warn(text, CustmergeWarning, stacklevel=5)
    return TrueClusters(groups)


def _is_columns(given: Mapping[object, object]) -> bool:
    return bool(given) and all(map(is_column, given.values()))


def _numbers(rows: NDArray[np.int64]) -> str:
    listed = [str(row) for row in rows[:_MAX_LISTED].tolist()]
    return ", ".join(listed) + (", …" if len(rows) > _MAX_LISTED else "")
