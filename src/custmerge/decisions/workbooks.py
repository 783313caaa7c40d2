"""Excel workbooks that people filled in, with openpyxl."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from zipfile import BadZipFile

from custmerge.exceptions import InvalidInputError, MissingDependencyError

__all__ = ["load_openpyxl", "read_workbook"]


def read_workbook(path: Path) -> dict[str, list[object]]:
    """Return the columns of a workbook's first sheet.

    Raises:
        MissingDependencyError: openpyxl is not installed.
        InvalidInputError: The file is no workbook.
    """
    openpyxl = load_openpyxl()
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (BadZipFile, KeyError, openpyxl.utils.exceptions.InvalidFileException):
        message = f"the file {str(path)!r} is no Excel workbook (.xlsx)"
        raise InvalidInputError(message) from None
    header, *rows = [*book.worksheets[0].iter_rows(values_only=True)] or [()]
    named = [(place, str(name)) for place, name in enumerate(header) if name]
    return {name: [row[place] for row in rows] for place, name in named}


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
