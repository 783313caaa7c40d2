"""The review queue, as a file for people."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

from custmerge.config.validation import is_count
from custmerge.decisions.reading import PAIR
from custmerge.exceptions import InvalidInputError
from custmerge.finding import as_path, check_type
from custmerge.io import writer_of
from custmerge.records import as_text
from custmerge.resolution import Resolution
from custmerge.reviewing.sheets import Sheet
from custmerge.reviewing.workbooks import write_workbook

__all__ = ["write_review"]

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell of CSV begins with that spreadsheets run (OWASP, "CSV Injection")."""


def write_review(
    result: Resolution, path: str | os.PathLike[str], n: int | None = None
) -> None:
    """Write the review queue to a file in which people say who is the same.

    The pairs are those of `result.review`, the most telling first. Columns: `same`,
    empty; `left_id`, `right_id` (with several sources `left_source`, `right_source`);
    `probability`, `weight` in bits and `reason`; each column of the records as
    `left_…` and `right_…`, side by side; and `pair`, both ids once more, for
    `read_review`, as spreadsheets rewrite ids like 007.

    Args:
        result: What `resolve` returned.
        path: The file, which is replaced. CSV (`.csv`; UTF-8 with a mark, so that Excel
            shows Chinese, and an apostrophe before what Excel would run as a formula),
            Excel (`.xlsx`; differing values marked, `same` chosen from a list) or JSON
            (`.json`).
        n: How many pairs at most.

    Raises:
        InvalidInputError: The ending is another one, or `n` is no whole number of at
            least 1.
        MissingDependencyError: An Excel file needs openpyxl.
        OSError: The file cannot be written.

    Examples:
        >>> import custmerge as cm
        >>> result = cm.resolve("examples/customers.csv")
        >>> cm.write_review(result, "queue.csv", n=50)  # doctest: +SKIP
    """
    is_result = isinstance(result, Resolution)
    check_type("result", result, is_result, "a Resolution, as cm.resolve returns")
    if n is not None and not is_count(n):
        message = "n must be a whole number of at least 1: how many pairs to write"
        raise InvalidInputError(message)
    target = as_path(path)
    write_sheet = writer_of(target, _WRITERS)
    write_sheet(Sheet.of(result, n), target)


def _write_csv(sheet: Sheet, path: Path) -> None:
    places = [name == PAIR for name in sheet.columns]
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(_harmless, sheet.columns))
        for row in sheet.rows():
            writer.writerow(
                as_text(cell) if is_pair or isinstance(cell, float) else _harmless(cell)
                for cell, is_pair in zip(row, places, strict=True)
            )


def _harmless(cell: object) -> str | None:
    """Return a cell as text that no spreadsheet runs.

    Examples:
        >>> _harmless("=1+1"), _harmless("+44 20"), _harmless("王小明")
        ("'=1+1", "'+44 20", '王小明')
    """
    text = as_text(cell)
    return f"'{text}" if text and text.startswith(_FORMULAS) else text


def _write_json(sheet: Sheet, path: Path) -> None:
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows()]
    text = json.dumps(rows, ensure_ascii=False, indent=1, default=as_text)
    # Halves of characters are written as JSON escapes them.
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


_WRITERS = {".csv": _write_csv, ".xlsx": write_workbook, ".json": _write_json}
