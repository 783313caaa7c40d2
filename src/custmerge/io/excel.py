"""Excel workbooks, by openpyxl, which is imported where one is read or written."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from zipfile import BadZipFile

from custmerge.exceptions import (
    CustmergeWarning,
    InvalidInputError,
    MissingDependencyError,
)
from custmerge.io.csv import header_below
from custmerge.io.dataset import Native, unique_names
from custmerge.io.mappings import Columns
from custmerge.records import as_text

__all__ = ["load_openpyxl", "read_excel"]

_ROWS_OF_HEADERS = 20
"""Rows among which the header is, below titles."""


def read_excel(path: Path) -> Columns:
    """Return the records of a workbook's first sheet, with the cells that it holds.

    Of formulas these are the values that were saved. Rows and columns that hold nothing
    are skipped; names and titles are as in CSV.

    Raises:
        InvalidInputError: It is no workbook, its first sheet is empty, or names of
            columns repeat.
        MissingDependencyError: openpyxl is not installed.

    Warns:
        CustmergeWarning: Other sheets hold something too.
    """
    openpyxl = load_openpyxl()
    name = repr(str(path))
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, openpyxl.utils.exceptions.InvalidFileException):
        message = f"the file {name} is no Excel workbook (.xlsx)"
        raise InvalidInputError(message) from None
    with closing(book):
        sheets = list(map(_filled_rows, book.worksheets))
        rows = list(next(iter(sheets), ()))
        others = [list(islice(sheet, 1)) for sheet in sheets[1:]]
    if not rows:
        message = (
            f"the first sheet of {name} is empty; its first row must name the columns"
        )
        raise InvalidInputError(message)
    if any(others):
        text = f"{name} has {len(sheets)} sheets; only the first one is read"
        warnings.warn(text, CustmergeWarning, stacklevel=2)
    return _columns(rows, name)


def _filled_rows(sheet: Native) -> Iterator[Sequence[object]]:
    """Yield the rows of a sheet that hold something."""
    sheet.reset_dimensions()  # some programs write wrong ones
    for row in sheet.iter_rows(values_only=True):
        if _is_filled(row):
            yield row


def _is_filled(cells: Iterable[object]) -> bool:
    return any(cell is not None for cell in cells)


def _columns(rows: list[Sequence[object]], name: str) -> Columns:
    width = max(map(len, rows))
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    columns = [column for column in zip(*padded, strict=True) if _is_filled(column)]
    tops = [column[:_ROWS_OF_HEADERS] for column in columns]
    texts = [[as_text(cell) or "" for cell in row] for row in zip(*tops, strict=True)]
    place = header_below(texts)
    named = [text or f"column_{i}" for i, text in enumerate(texts[place], start=1)]
    names = unique_names(named, f"the columns of {name}")
    cells = (list(column[place + 1 :]) for column in columns)
    return Columns(dict(zip(names, cells, strict=True)))


def load_openpyxl() -> ModuleType:
    """Return openpyxl.

    Raises:
        MissingDependencyError: It is not installed.
    """
    try:
        return import_module("openpyxl")
    except ImportError as error:
        message = 'Excel files need openpyxl: run pip install "custmerge[excel]"'
        raise MissingDependencyError(message) from error
