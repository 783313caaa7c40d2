"""Whatever holds records, as a dataset."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from custmerge.exceptions import InvalidInputError
from custmerge.io.csv import read_csv
from custmerge.io.dataset import Dataset, unique_names
from custmerge.io.excel import read_excel
from custmerge.io.mappings import is_column, read_columns, read_mappings
from custmerge.io.parquet import read_parquet
from custmerge.io.stacking import combine

__all__ = ["is_sources", "read", "read_each", "read_table"]

_READERS: Mapping[str, Callable[[Path], Dataset]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".xlsx": read_excel,
}
_ACCEPTED = (
    "a list or another iterable of mappings, a mapping of columns, a table of pandas, "
    f"polars or pyarrow, the path of a file ({', '.join(_READERS)}), or a mapping of "
    "named sources, each one of these"
)
_LONGEST_PATH = 4096
"""PATH_MAX of Linux; a longer text is the data itself."""


def read(records: object) -> Dataset:
    """Return records in any accepted form as one dataset.

    Args:
        records: An iterable of mappings; a mapping of columns; a table of pandas,
            polars or pyarrow; the path of a CSV, TSV, Parquet or Excel (`.xlsx`) file;
            or a mapping of named sources, each one of these.

    Raises:
        InvalidInputError: They are in no such form, or are damaged.
        MissingDependencyError: A Parquet file needs pyarrow, an Excel file openpyxl.

    Examples:
        >>> from custmerge.io import read
        >>> dataset = read({"name": ["Ann", "Bo"], "age": [31, None]})
        >>> dataset.columns, len(dataset), dataset.cells("age")
        (('name', 'age'), 2, [31, None])
        >>> dataset = read({"crm": [{"name": "Ann"}], "web": [{"name": "Bo"}]})
        >>> dataset.sources, dataset.cells("name")
        (('crm', 'web'), ['Ann', 'Bo'])
    """
    if isinstance(records, Mapping) and is_sources(records):
        return combine(read_each(records))
    return read_table(records)


def is_sources(records: object) -> bool:
    """Return whether records are a mapping of named sources, not one table.

    They are where every value is a table by itself. A mapping whose values are all
    lists of mappings counts as sources, not as columns of nested cells.

    Examples:
        >>> from custmerge.io import is_sources
        >>> is_sources({"crm": [{"name": "Ann"}], "web": "web.csv"})
        True
        >>> is_sources({"name": ["Ann", "Bo"]})
        False
    """
    if not isinstance(records, Mapping):
        return False
    tables = [_is_table(value) for value in records.values()]
    return True in tables and False not in tables


def _is_table(value: object) -> bool | None:
    """Return whether a value is a table; `None` for `[]` and `{}`, which may be."""
    if isinstance(value, str):
        return _is_path(value)
    if isinstance(value, (os.PathLike, Iterator)):
        return True
    if isinstance(value, Mapping):
        return all(map(is_column, value.values())) if value else None
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return isinstance(value[0], Mapping) if value else None
    return _is_frame(value)


def _is_frame(value: object) -> bool:
    from custmerge.io.frames import is_frame  # noqa: PLC0415  45 ms of narwhals

    return is_frame(value)


def _is_path(text: str) -> bool:
    if len(text) > _LONGEST_PATH or any(end in text for end in "\r\n\0"):
        return False
    path = Path(text)
    return path.suffix.lower() in _READERS or path.is_file()


def read_each(sources: Mapping[Any, object]) -> dict[str, Dataset]:
    """Return the dataset of each named source.

    Raises:
        InvalidInputError: One cannot be read; the message says which.

    Examples:
        >>> from custmerge.io import read_each
        >>> datasets = read_each(
        ...     {"crm": [{"name": "Ann"}], "web": [{"mail": "b@c.de"}]}
        ... )
        >>> {source: dataset.columns for source, dataset in datasets.items()}
        {'crm': ('name',), 'web': ('mail',)}
    """
    names = unique_names(sources, "the sources")
    datasets: dict[str, Dataset] = {}
    for name, records in zip(names, sources.values(), strict=True):
        try:
            datasets[name] = read_table(records)
        except InvalidInputError as error:
            message = f"source {name!r}: {error}"
            raise InvalidInputError(message) from error
    return datasets


def read_table(records: object) -> Dataset:
    """Return records in any form but that of named sources as a dataset.

    Raises:
        InvalidInputError: They are in no such form, or are damaged.
        MissingDependencyError: A Parquet file needs pyarrow, an Excel file openpyxl.
    """
    if isinstance(records, (str, os.PathLike)):
        return _read_path(records)
    if isinstance(records, Mapping):
        return read_columns(records)
    if isinstance(records, (Sequence, Iterator)):
        if not isinstance(records, (bytes, bytearray)):
            return read_mappings(records)
    elif _is_frame(records):
        from custmerge.io.frames import read_frame  # noqa: PLC0415  as above

        return read_frame(records)
    elif isinstance(records, Iterable):
        return read_mappings(records)
    message = f"records must be {_ACCEPTED}; not a {type(records).__name__}"
    raise InvalidInputError(message)


def _read_path(given: str | os.PathLike[Any]) -> Dataset:
    text = os.fsdecode(given)
    if len(text) > _LONGEST_PATH or any(end in text for end in "\r\n\0"):
        # The text may be the records themselves: it must not be in the message.
        message = (
            "a text is taken for the path of a file, and this one cannot be a path; "
            f"write it to a file, or pass its records as {_ACCEPTED}"
        )
        raise InvalidInputError(message)
    path = Path(text)
    reader = _READERS.get(path.suffix.lower())
    problem = None
    if not path.exists():
        problem = "does not exist"
    elif not path.is_file():
        problem = "is not a file"
    elif reader is None:
        problem = f"has an unknown ending; {', '.join(_READERS)} can be read"
    if reader is None or problem is not None:
        message = f"the file {text!r} {problem}"
        raise InvalidInputError(message)
    try:
        return reader(path)
    except OSError as error:
        message = f"the file {text!r} cannot be read: {error.strerror}"
        raise InvalidInputError(message) from error
