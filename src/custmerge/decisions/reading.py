"""Decisions in any form: a review sheet that people filled in, a table, triples."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custmerge.answers import as_answer, read_links
from custmerge.decisions.document import (
    WANTED,
    Decisions,
    IntoDecisions,
    Link,
    key_of,
    load_decisions,
)
from custmerge.exceptions import InvalidInputError
from custmerge.finding import as_path, is_two
from custmerge.io import read_table
from custmerge.records import as_text

__all__ = ["PAIR", "SAME", "Filled", "as_decisions", "read_filled", "read_review"]

SAME = "same"
"""The column that people fill in."""
PAIR = "pair"
"""The column that names both records in a form that no spreadsheet rewrites, as it
does with ids: `007`, numbers of 18 digits, `3-4`."""
_LABEL = "label"
"""What a table of one's own may have in place of `same`."""
_ENDINGS = (".csv", ".tsv", ".parquet", ".xlsx", ".json")
_MAX_LISTED = 20
_SAID = "same must be yes or no (true or false, 1 or 0, 是 or 否), or empty"
_UNNAMED = f"{PAIR}, or left_id and right_id, must name two records"
_TWICE = "both records are the same one"
_CLASH = "these rows say both yes and no of one pair"


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it came back.

    Attributes:
        columns: The cells of each column.
        first: The number by which people know its first row.
    """

    columns: Mapping[str, Sequence[object]]
    first: int

    def __len__(self) -> int:
        return max(map(len, self.columns.values()), default=0)


def read_review(path: str | os.PathLike[str]) -> Decisions:
    r"""Return what people decided in a file that `write_review` wrote.

    Rows may be sorted, left out or half done, and columns of values changed or
    removed; what counts is `same`, and `pair` (without it `left_id` and `right_id`,
    with `left_source` and `right_source`). `same` is yes or no, y or n, true or false,
    1 or 0, same or different, 是 or 否, 相同 or 不同, in any case; empty where nobody
    decided.

    Args:
        path: CSV, TSV, Parquet, Excel (`.xlsx`) or JSON; also what `Decisions.save`
            wrote.

    Raises:
        InvalidInputError: The file cannot be read, or rows say what cannot be; the
            message lists all of them, by their numbers in the spreadsheet.
        MissingDependencyError: An Excel file needs openpyxl.

    Examples:
        >>> import custmerge as cm
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "queue.csv")
        ...     text = "same,left_id,right_id\n是,K7,K8\n,K7,K9\n"
        ...     _ = path.write_text(text, encoding="utf-8")
        ...     cm.read_review(path)
        Decisions(same 1, different 0, pinned 0, never 0)
    """
    filled = read_filled(path)
    if isinstance(filled, Decisions):
        return filled
    missing = _missing(filled.columns) if len(filled) else ()
    if missing:
        message = (
            f"the review {os.fspath(path)!r} lacks {' and '.join(missing)}; it has the "
            f"columns {list(filled.columns)}"
        )
        raise InvalidInputError(message)
    problems: dict[str, list[int]] = {}
    links: dict[object, tuple[int, Link]] = {}
    for row in range(len(filled)):
        for problem, at in _taken(filled, row, links):
            problems.setdefault(problem, []).append(at)
    if problems:
        said = "; ".join(
            f"{problem} ({_listed(rows)})" for problem, rows in problems.items()
        )
        message = f"the review {os.fspath(path)!r} does not fit: {said}"
        raise InvalidInputError(message)
    return Decisions(tuple(link for _, link in links.values()))


def as_decisions(given: IntoDecisions | None) -> Decisions:
    """Return decisions in any accepted form as such; `None` is none.

    Raises:
        InvalidInputError: They are in no such form; the message says what is wrong.
    """
    if given is None:
        return Decisions()
    if isinstance(given, Decisions):
        return given
    if isinstance(given, (str, os.PathLike)):
        is_review = Path(given).suffix.lower() in _ENDINGS
        return read_review(given) if is_review else load_decisions(given)
    if isinstance(given, Mapping) or hasattr(given, "columns"):
        return _answered(given)
    if not isinstance(given, Iterable):
        message = (
            "decisions must be those of a result, a list of triples, a table of such, "
            f"or the path of a saved file, not a {type(given).__name__}; {WANTED}"
        )
        raise InvalidInputError(message)
    entries: list[Any] = list(given)
    if any(isinstance(entry, Mapping) for entry in entries):
        return _answered(entries)
    return Decisions(tuple(entry for entry in entries if not _is_open(entry)))


def _answered(given: object) -> Decisions:
    """Return the decisions of a table of answers, such as a review list."""
    return Decisions(tuple(Link(*row) for row in read_links("decisions", given)))


def _is_open(entry: object) -> bool:
    """Return whether an entry is a pair of records that nobody decided about."""
    if not isinstance(entry, (tuple, list)) or len(entry) != len(Link._fields):
        return False
    return as_text(entry[2]) is None


def _taken(
    filled: Filled, row: int, links: dict[object, tuple[int, Link]]
) -> Iterator[tuple[str, int]]:
    """Add what a row says to the links; yield what is wrong with it, by its number."""
    answers = filled.columns.get(SAME, filled.columns.get(_LABEL, ()))
    number, cell = filled.first + row, answers[row]
    if as_text(cell) is None:
        return
    same, names = as_answer(cell), _names(filled.columns, row)
    if same is None:
        yield _SAID, number
    if names is None or not all(key_of(name)[1] for name in names):
        yield _UNNAMED, number
        return
    keys = frozenset(map(key_of, names))
    if len(keys) == 1:
        yield _TWICE, number
    elif same is not None:
        before, link = links.setdefault(keys, (number, Link(*names, same)))
        if link.same != same:
            yield _CLASH, before
            yield _CLASH, number


def _names(
    columns: Mapping[str, Sequence[object]], row: int
) -> tuple[object, object] | None:
    """Return what the two records of a row are called; `None` if that is damaged."""
    if PAIR not in columns:
        left, right = (_name(columns, side, row) for side in ("left", "right"))
        return left, right
    cell = columns[PAIR][row]
    try:
        names = json.loads(cell) if isinstance(cell, str) else cell
    except ValueError:
        return None
    return tuple(map(_as_name, names)) if is_two(names) else None  # type: ignore[return-value]


def _as_name(name: object) -> object:
    return tuple(name) if is_two(name) else name


def _name(columns: Mapping[str, Sequence[object]], side: str, row: int) -> object:
    id_ = _unescaped(columns[f"{side}_id"][row])
    source = columns.get(f"{side}_source")
    held = None if source is None else _unescaped(source[row])
    return id_ if as_text(held) is None else (held, id_)


def _unescaped(cell: object) -> object:
    """Return a cell without the apostrophe that keeps it from running."""
    is_escaped = isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in "=+-@"
    return cell[1:] if is_escaped and isinstance(cell, str) else cell


def _missing(columns: Mapping[str, Any]) -> tuple[str, ...]:
    has_ids = PAIR in columns or {"left_id", "right_id"} <= set(columns)
    lacks = [] if {SAME, _LABEL} & set(columns) else [f"the column {SAME!r}"]
    if not has_ids:
        lacks.append(f"the column {PAIR!r} (or 'left_id' and 'right_id')")
    return tuple(lacks)


def _listed(rows: Sequence[int]) -> str:
    found = sorted(set(rows))
    more = ", …" if len(found) > _MAX_LISTED else ""
    return f"rows {', '.join(map(str, found[:_MAX_LISTED]))}{more}"


def read_filled(given: str | os.PathLike[str]) -> Filled | Decisions:
    """Return a sheet that people filled in, or decisions that were saved.

    Args:
        given: The path of a CSV, TSV, Parquet, Excel (`.xlsx`) or JSON file.

    Raises:
        InvalidInputError: The file cannot be read.
        MissingDependencyError: An Excel file needs openpyxl.
    """
    path = as_path(given)
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        message = (
            f"the file {str(path)!r} has an unknown ending; {', '.join(_ENDINGS)} can "
            "be read"
        )
        raise InvalidInputError(message)
    if not path.is_file():
        message = f"the file {str(path)!r} does not exist"
        raise InvalidInputError(message)
    if ending == ".json":
        return _read_json(path)
    # Spreadsheets count the header as the first row.
    table = read_table(path)
    return Filled({name: table.cells(name) for name in table.columns}, 2)


def _read_json(path: Path) -> Filled | Decisions:
    try:
        rows = json.loads(path.read_bytes())
    except ValueError:
        message = f"the file {str(path)!r} is no JSON"
        raise InvalidInputError(message) from None  # it may show a value
    if isinstance(rows, dict):
        return load_decisions(path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"the file {str(path)!r} must hold a list of objects, one for a pair"
        raise InvalidInputError(message)
    names = dict.fromkeys(name for row in rows for name in row)
    return Filled({name: [row.get(name) for row in rows] for name in names}, 1)
