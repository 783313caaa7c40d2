"""What people answer about pairs of records, in whatever form, as pairs of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.finding import RecordFinder, is_two
from custmerge.io import read_table
from custmerge.protocols import Rows
from custmerge.records import Column, as_text

__all__ = ["Answers", "as_answer", "read_answers", "read_links"]

_SAME = frozenset(
    {"true", "1", "yes", "y", "same", "match", "是", "是的", "相同", "相符", "同"}
)
_DIFFERENT = frozenset(
    {"false", "0", "no", "n", "different", "differ", "否", "不是", "不同", "不符"}
)
_ANSWERS = ("same", "label")
_N_CELLS = 3
_UNREAD = "same must be true or false"
_MAX_LISTED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Pairs of records with whether they are the same, as they were given.

    Attributes:
        left: A row of each.
        right: The other.
        same: Whether they are one customer.
        numbers: Which of the given rows each stood in.
    """

    left: Rows
    right: Rows
    same: NDArray[np.bool_]
    numbers: Rows


def read_answers(name: str, given: object, finder: RecordFinder) -> Answers:
    """Return answers in any accepted form as rows of records.

    Those left open are left out, so that a review list may come back half done.

    Args:
        name: What they were given as, for messages.
        given: Rows of left_id, right_id and same, as tuples, mappings, a table or a
            path; with several sources left_source and right_source too, or
            `(source, id)` in place of an id of a tuple.
        finder: Finds the records that they name.

    Raises:
        InvalidInputError: They are no such rows, or name a record that does not exist;
            the message says which do.

    Examples:
        >>> finder = RecordFinder(3, Column.encode(["a", "b", "c"]), None)
        >>> answers = read_answers("labels", [("a", "c", True)], finder)
        >>> answers.left.tolist(), answers.right.tolist(), answers.same.tolist()
        ([0], [2], [True])
    """
    columns = _columns(name, given)
    answers = [_answer(text) for text in columns["same"].decode()]
    answered = np.asarray([answer is not None for answer in answers], dtype=np.bool_)
    unread = _where(columns["same"].present & ~answered)
    left, right = (_rows_of(columns, side, finder) for side in ("left", "right"))
    lost = _where(answered & ((left < 0) | (right < 0)))
    problems = [
        f"{what} (rows {_listed(rows)})"
        for rows, what in (
            (unread, _UNREAD),
            (lost, "no single record has such an id, with such a source if any"),
        )
        if len(rows)
    ]
    if problems:
        message = f"the {name} do not fit: " + "; ".join(problems)
        raise InvalidInputError(message)
    numbers = _where(answered)
    same = np.asarray([answers[i] for i in numbers.tolist()], dtype=np.bool_)
    return Answers(left[numbers], right[numbers], same, numbers)


def read_links(name: str, given: object) -> list[tuple[object, object, bool]]:
    """Return answers in any accepted form as triples of names, whoever has them.

    Those left open are left out.

    Args:
        name: What they were given as, for messages.
        given: As for `read_answers`.

    Raises:
        InvalidInputError: They are no rows of answers.

    Examples:
        >>> answers = {"left_id": [7, 8], "right_id": ["9", "9"], "same": [1, None]}
        >>> read_links("decisions", answers)
        [('7', '9', True)]
    """
    columns = _columns(name, given)
    answers = [_answer(text) for text in columns["same"].decode()]
    unread = _where(
        columns["same"].present & np.asarray([x is None for x in answers], np.bool_)
    )
    if len(unread):
        message = f"the {name} do not fit: {_UNREAD} (rows {_listed(unread)})"
        raise InvalidInputError(message)
    sides = (_names_of(columns, side) for side in ("left", "right"))
    return [
        (left, right, same)
        for left, right, same in zip(*sides, answers, strict=True)
        if same is not None
    ]


def _names_of(columns: Mapping[str, Column], side: str) -> list[object]:
    ids, source = columns[f"{side}_id"].decode(), columns.get(f"{side}_source")
    sources = [None] * len(ids) if source is None else source.decode()
    return [
        id_ if of is None else (of, id_) for of, id_ in zip(sources, ids, strict=True)
    ]


def _columns(name: str, given: object) -> dict[str, Column]:
    """Return the columns that say what is answered, `label` as `same`."""
    wanted = (
        f"{name} must be rows of left_id, right_id and same (true or false), as "
        "tuples, mappings, a table or a path; with several sources left_source and "
        "right_source too"
    )
    if isinstance(given, (list, tuple)) and any(map(_is_row, given)):
        if not all(_is_row(row) and len(row) == _N_CELLS for row in given):
            raise InvalidInputError(wanted)
        given = _by_column(given)
    try:
        rows = read_table(given)
    except InvalidInputError as error:
        message = f"the {name} cannot be read: {error}"
        raise InvalidInputError(message) from error
    if not len(rows):
        return {key: Column.encode([]) for key in ("left_id", "right_id", "same")}
    answer = next((key for key in _ANSWERS if key in rows.columns), None)
    if answer is None or not {"left_id", "right_id"} <= set(rows.columns):
        message = f"{wanted}; they have the columns {list(rows.columns)}"
        raise InvalidInputError(message)
    names = ("left_id", "right_id", "left_source", "right_source")
    encoded = {
        key: Column.encode(rows.cells(key)) for key in names if key in rows.columns
    }
    return {**encoded, "same": Column.encode(rows.cells(answer))}


def _by_column(rows: Iterable[Sequence[object]]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {}
    *sides, columns["same"] = map(list, zip(*rows, strict=True))
    for side, names in zip(("left", "right"), sides, strict=True):
        whole = [name if is_two(name) else (None, name) for name in names]
        columns[f"{side}_source"] = [source for source, _ in whole]
        columns[f"{side}_id"] = [id_ for _, id_ in whole]
    return columns


def _is_row(row: object) -> bool:
    return isinstance(row, Sequence) and not isinstance(row, str)


def as_answer(cell: object) -> bool | None:
    """Return whether two records are said to be the same; `None` says neither.

    Examples:
        >>> as_answer(1), as_answer("no"), as_answer("是"), as_answer("perhaps")
        (True, False, True, None)
    """
    return _answer(as_text(cell))


def _answer(text: str | None) -> bool | None:
    folded = normalize("NFKC", text or "").strip().casefold()
    return True if folded in _SAME else False if folded in _DIFFERENT else None


def _where(held: NDArray[np.bool_]) -> Rows:
    return np.flatnonzero(held).astype(np.int64)


def _listed(rows: Iterable[int]) -> str:
    listed = [str(row) for row in rows]
    return ", ".join(listed[:_MAX_LISTED]) + (", …" if listed[_MAX_LISTED:] else "")


def _rows_of(columns: Mapping[str, Column], side: str, finder: RecordFinder) -> Rows:
    """Return the row of each answer's left or right record; below 0 if not one."""
    ids = columns[f"{side}_id"].decode()
    source = columns.get(f"{side}_source")
    return finder.rows(ids, [None] * len(ids) if source is None else source.decode())
