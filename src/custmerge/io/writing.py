"""A table, as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from custmerge.exceptions import InvalidInputError
from custmerge.io.csv import write_csv
from custmerge.io.parquet import write_parquet
from custmerge.io.reading import read_table

__all__ = ["write"]

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
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        message = (
            f"the file {str(target)!r} has an unknown ending; "
            f"{', '.join(_WRITERS)} can be written"
        )
        raise InvalidInputError(message)
    dataset = read_table(table)
    if columns and not len(dataset) and not dataset.columns:
        dataset = read_table({column: [] for column in columns})
    writer(dataset, target, tuple(columns) or dataset.columns)
