"""What every form of records looks like inside: columns of cells, and a way back."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.protocols import Rows
from custmerge.records import Column, RecordTable

__all__ = [
    "Dataset",
    "Native",
    "OutputColumn",
    "Taken",
    "described",
    "encode",
    "named_sources",
    "require_column",
    "unique_names",
]

_MANY = 50_000
"""Records whose columns take longer to encode than threads to start."""

Native = Any
"""A table, series or module of a library that is optional, so untyped here."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A column of an output table: cells of an input column, picked by row.

    Attributes:
        column: The name of the input column.
        rows: The row each cell is taken from, in order; none is negative.

    Examples:
        >>> import numpy as np
        >>> from custmerge.io import Taken, read
        >>> dataset = read([{"name": "Ann"}, {"name": "Bo"}])
        >>> dataset.build({"name": Taken("name", np.array([1]))})
        [{'name': 'Bo'}]
    """

    column: str
    rows: Rows


OutputColumn = Taken | Column | NDArray[Any] | Sequence[object]
"""A column of an output table: taken from the input, of few texts, or computed."""


class Dataset(Protocol):
    """Records in whatever form they came, read by column, built back in that form."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        ...

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources; empty where there is one unnamed table."""
        ...

    @property
    def source_codes(self) -> NDArray[np.int32] | None:
        """For each row, the position of its source in `sources`; `None` without."""
        ...

    def __len__(self) -> int: ...

    def cells(self, column: str) -> Sequence[object]:
        """Return the Python values of a column; how a form shows gaps is its own."""
        ...

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded, by the texts of its cells."""
        ...

    def build(self, columns: Mapping[str, OutputColumn]) -> Native:
        """Return a table of these columns, in the form the records came in."""
        ...


def encode(dataset: Dataset) -> RecordTable:
    """Return the dataset's columns dictionary-encoded, of many records by threads."""
    if len(dataset) < _MANY:
        return RecordTable.encoded(dataset.columns, dataset.encode, len(dataset))
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        running = {
            name: threads.submit(dataset.encode, name) for name in dataset.columns
        }
        return RecordTable.encoded(
            running, lambda name: running[name].result(), len(dataset)
        )


def described(dataset: Dataset) -> str:
    """Return what a dataset's `repr` shows: how large it is, and no customer's value.

    Examples:
        >>> from custmerge.io import read
        >>> read([{"name": "Ann"}])
        Mappings(1 records, 1 columns)
    """
    n_columns = len(dataset.columns)
    return f"{type(dataset).__name__}({len(dataset):,} records, {n_columns} columns)"


def named_sources(dataset: Dataset) -> Column | None:
    """Return the source of each row, where the tables were given by their names.

    Examples:
        >>> from custmerge.io import combine, read
        >>> tables = {"crm": read([{"name": "Ann"}]), "web": read([{"name": "Bo"}])}
        >>> named_sources(combine(tables, {})).decode()
        ['crm', 'web']
    """
    if dataset.source_codes is None:
        return None
    return Column(tuple(dataset.sources), dataset.source_codes)


def unique_names(names: Iterable[object], where: str) -> tuple[str, ...]:
    """Return the names as text.

    Args:
        names: The names, of any type.
        where: What they name, for the message.

    Raises:
        InvalidInputError: Two of them are the same text.
    """
    texts = tuple(str(name) for name in names)
    repeated = [name for name, count in Counter(texts).items() if count > 1]
    if repeated:
        message = f"{where} must have distinct names; more than one is named {repeated}"
        raise InvalidInputError(message)
    return texts


def require_columns(columns: Sequence[str], wanted: Sequence[str]) -> None:
    """Check that there are such columns.

    Raises:
        ColumnNotFoundError: Some are not there; the message lists them all.
    """
    missing = [column for column in dict.fromkeys(wanted) if column not in columns]
    if len(missing) > 1:
        message = f"there are no columns {missing}; the columns are {list(columns)}"
        raise ColumnNotFoundError(message)
    for column in missing:
        require_column(columns, column)


def require_column(columns: Sequence[str], column: str) -> None:
    """Check that there is such a column.

    Raises:
        ColumnNotFoundError: There is none.
    """
    if column not in columns:
        message = f"there is no column {column!r}; the columns are {list(columns)}"
        raise ColumnNotFoundError(message)
