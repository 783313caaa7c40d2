"""A table, as a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from custmerge.exceptions import InvalidInputError
from custmerge.io.csv import write_csv
from custmerge.io.parquet import write_parquet
from custmerge.io.reading import read_table

__all__ = ["write", "writer_of"]

Writer = TypeVar("Writer")
_WRITERS = {".csv": write_csv, ".tsv": write_csv, ".parquet": write_parquet}


def write(
    table: object, path: str | os.PathLike[str], columns: Sequence[str] = ()
) -> None:
    """Write a table to a CSV, TSV or Parquet file, by the ending of its path.

    CSV is UTF-8, with missing cells empty, lists as JSON, and dates as ISO 8601. In
    Parquet, columns keep their types.

    Args:
        table: A list of dicts, a dict of lists, or a dataframe.
        path: The file; it is replaced.
        columns: The columns to write; by default all. A list without a dict in it does
            not say what its columns are.

    Raises:
        InvalidInputError: The ending is unknown, or a cell cannot be written.
        ColumnNotFoundError: A table with records lacks one of `columns`.
        MissingDependencyError: A Parquet file needs pyarrow.
        OSError: The file cannot be written.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> from custmerge.io import read, write
        >>> with TemporaryDirectory() as folder:
        ...     write([{"name": "Ann", "age": None}], f"{folder}/people.csv")
        ...     read(f"{folder}/people.csv").cells("name")
        ['Ann']
    """
    target = Path(path)
    writer = writer_of(target, _WRITERS)
    dataset = read_table(table)
    if columns and not len(dataset) and not dataset.columns:
        dataset = read_table({column: [] for column in columns})
    writer(dataset, target, tuple(columns) or dataset.columns)


def writer_of(path: Path, writers: Mapping[str, Writer]) -> Writer:
    """Return what writes files of a path's ending.

    Args:
        path: The path.
        writers: What can be written, by the ending in lower case.

    Raises:
        InvalidInputError: The ending is unknown; the message lists those that are not.
    """
    writer = writers.get(path.suffix.lower())
    if writer is None:
        message = (
            f"the file {str(path)!r} has an unknown ending; "
            f"{', '.join(writers)} can be written"
        )
        raise InvalidInputError(message)
    return writer
