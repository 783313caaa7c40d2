"""Review sheets as Excel workbooks, with openpyxl."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from custmerge.decisions.reading import SAME
from custmerge.display import text_width
from custmerge.exceptions import InvalidInputError
from custmerge.io.excel import load_openpyxl
from custmerge.records import as_text
from custmerge.reviewing.sheets import Sheet

__all__ = ["write_workbook"]

_MARKED = "FFF2CC"
"""A pale yellow on which black text is read well (contrast above 18 to 1)."""
_HEADER = "D9E2F3"
_WIDEST = 40
_LONGEST = 32_767
"""Characters that a cell of Excel takes."""
_MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel takes."""
_ANSWERS = '"yes,no"'
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no place for (section 2.2, Char)."""


def write_workbook(sheet: Sheet, path: Path) -> None:
    """Write a review sheet as a workbook.

    The header stays in sight, values that differ are marked, and `same` is chosen from
    a list. All values are text, so that none runs as a formula.

    Raises:
        MissingDependencyError: openpyxl is not installed.
        InvalidInputError: There are more pairs than a sheet of Excel has rows.
    """
    rows = sheet.rows()
    if len(rows) >= _MOST_ROWS:
        message = (
            f"{len(rows):,} pairs are more than the {_MOST_ROWS - 1:,} that Excel has "
            "rows for; give n, or write CSV"
        )
        raise InvalidInputError(message)
    openpyxl = load_openpyxl()
    book = openpyxl.Workbook()
    page = book.active
    page.title = "review"
    names = list(sheet.columns)
    for number, cells in enumerate([tuple(names), *rows], start=1):
        for place, value in enumerate(cells, start=1):
            if value is not None:
                _fill_in(page.cell(number, place), value)
    _mark(page, sheet)
    _lay_out(page, sheet)
    book.save(path)


def _fill_in(cell: Any, value: object) -> None:  # noqa: ANN401  openpyxl has no types
    if isinstance(value, float):
        cell.value = value
        return
    # Neither these characters nor halves of characters have a place in XML.
    whole = (as_text(value) or "").encode("utf-8", "replace").decode("utf-8")
    cell.value = _ILLEGAL.sub("\ufffd", whole)[:_LONGEST]
    cell.data_type = "s"


def _mark(page: Any, sheet: Sheet) -> None:  # noqa: ANN401  as above
    styles = import_module("openpyxl.styles")
    fill = styles.PatternFill("solid", start_color=_MARKED)
    names = list(sheet.columns)
    for ends, rows in sheet.unlike.items():
        for name in ends:
            place = names.index(name) + 1
            for row in rows:
                page.cell(row + 2, place).fill = fill
    bold = styles.Font(bold=True)
    for cell in page[1]:
        cell.font = bold
        cell.fill = styles.PatternFill("solid", start_color=_HEADER)


def _lay_out(page: Any, sheet: Sheet) -> None:  # noqa: ANN401  as above
    letter = import_module("openpyxl.utils").get_column_letter
    validation = import_module("openpyxl.worksheet.datavalidation")
    n_rows = len(sheet.columns[SAME])
    for place, (name, cells) in enumerate(sheet.columns.items(), start=1):
        texts = [name, *filter(None, map(as_text, cells))]
        width = max(map(text_width, texts))
        page.column_dimensions[letter(place)].width = min(width + 2, _WIDEST)
    page.column_dimensions[letter(len(sheet.columns))].hidden = True
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions
    if n_rows:
        choice = validation.DataValidation("list", formula1=_ANSWERS, allow_blank=True)
        choice.error = "yes, no, or empty where it cannot be told"
        choice.add(f"A2:A{n_rows + 1}")
        page.add_data_validation(choice)
