"""Records as plain Python: an iterable of mappings, or a mapping of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.io.dataset import (
    Dataset,
    Native,
    OutputColumn,
    Taken,
    described,
    require_column,
    unique_names,
)
from custmerge.records import Column, as_text

__all__ = [
    "Coded",
    "Columns",
    "Mappings",
    "as_list",
    "as_mappings",
    "gather",
    "is_column",
    "read_columns",
    "read_mappings",
    "verbatim_text",
]

_BEYOND_DATETIME = frozenset({"ns", "ps", "fs", "as"})
"""Units of numpy times that Python's datetime cannot hold."""


def is_column(value: object) -> bool:
    """Return whether a value is a sequence of cells: a list, an array, a series."""
    if isinstance(value, (str, bytes, bytearray, Mapping)):
        return False
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return hasattr(value, "__len__") and hasattr(value, "__getitem__")


def as_list(cells: Native) -> list[object]:
    """Return the cells of a sequence, an array or a series as Python values."""
    if isinstance(cells, np.ndarray):
        return _array_list(cells)
    for method in ("to_pylist", "to_list"):  # pyarrow's name, then everyone else's
        if hasattr(cells, method):
            listed: list[object] = getattr(cells, method)()
            return listed
    return list(cells)


def _array_list(cells: NDArray[Any]) -> list[object]:
    if cells.dtype.kind in "mM" and np.datetime_data(cells.dtype)[0] in (
        _BEYOND_DATETIME
    ):
        return list(cells)  # .tolist() would make bare integers of them
    listed: list[object] = cells.tolist()
    return listed


def as_mappings(columns: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """Return one dict for each row of the columns."""
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def gather(
    dataset: Dataset, columns: Mapping[str, OutputColumn]
) -> dict[str, list[object]]:
    """Return the columns of an output table as new lists."""
    return {name: _gathered(dataset, column) for name, column in columns.items()}


def _gathered(dataset: Dataset, column: OutputColumn) -> list[object]:
    if isinstance(column, Taken):
        cells = dataset.cells(column.column)
        return [cells[row] for row in column.rows.tolist()]
    if isinstance(column, Column):
        return list(column.decode())
    return as_list(column)


@dataclass(frozen=True, slots=True, eq=False)
class Mappings:
    """Records given one by one; output tables are lists of dicts.

    Attributes:
        records: The caller's own mappings, never changed.
        keys: For each column's name the caller's own key, which may be no text.
    """

    records: Sequence[Mapping[Any, object]]
    keys: Mapping[str, object]
    sources: tuple[str, ...] = ()
    source_codes: NDArray[np.int32] | None = None

    def __repr__(self) -> str:
        return described(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order of first appearance."""
        return tuple(self.keys)

    def __len__(self) -> int:
        return len(self.records)

    def cells(self, column: str) -> list[object]:
        """Return the very objects of a column; `None` where a record has no key."""
        require_column(self.columns, column)
        key = self.keys[column]
        return [record.get(key) for record in self.records]

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded."""
        return Column.encode(self.cells(column))

    def build(self, columns: Mapping[str, OutputColumn]) -> list[dict[str, object]]:
        """Return a list of dicts."""
        return as_mappings(gather(self, columns))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Records as Python sequences by column.

    Attributes:
        data: The cells by column.
        form: Makes of lists by column the table that `build` returns.
    """

    data: Mapping[str, Sequence[object]]
    form: Callable[[dict[str, list[object]]], Any] = dict
    sources: tuple[str, ...] = ()
    source_codes: NDArray[np.int32] | None = None

    def __repr__(self) -> str:
        return described(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.data)

    def __len__(self) -> int:
        return len(next(iter(self.data.values()), ()))

    def cells(self, column: str) -> Sequence[object]:
        """Return the cells of a column."""
        require_column(self.columns, column)
        return self.data[column]

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded."""
        return Column.encode(self.cells(column))

    def build(self, columns: Mapping[str, OutputColumn]) -> Native:
        """Return a table in this dataset's form."""
        return self.form(gather(self, columns))


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Records as dictionary-encoded texts by column; builds lists of dicts.

    Attributes:
        texts: For each column the distinct cells; `None` is missing.
        codes: For each column and row the position of its cell.
    """

    texts: Mapping[str, Sequence[str | None]]
    codes: Mapping[str, NDArray[np.int32]]
    sources: tuple[str, ...] = ()
    source_codes: NDArray[np.int32] | None = None

    def __repr__(self) -> str:
        return described(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.texts)

    def __len__(self) -> int:
        return len(next(iter(self.codes.values()), ()))

    def cells(self, column: str) -> list[object]:
        """Return the texts of a column; `None` is missing."""
        require_column(self.columns, column)
        return self._texts_of(column, self.codes[column])

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded."""
        require_column(self.columns, column)
        return Column.of_cells(self.texts[column], self.codes[column])

    def build(self, columns: Mapping[str, OutputColumn]) -> list[dict[str, object]]:
        """Return a list of dicts."""
        return as_mappings(gather(self, columns))

    def _texts_of(self, column: str, codes: NDArray[np.int32]) -> list[object]:
        return list(map(self.texts[column].__getitem__, codes.tolist()))


def read_mappings(records: Iterable[object]) -> Mappings:
    """Return the dataset of records given one by one.

    Raises:
        InvalidInputError: An item is no mapping, or two keys are the same as text.
    """
    mappings: list[Mapping[Any, object]] = []
    keys: dict[object, None] = {}
    for position, record in enumerate(records):
        if not isinstance(record, Mapping):
            message = (
                f"each record must be a mapping of column names to cells, such as a "
                f"dict; the item at position {position} is a {type(record).__name__}"
            )
            raise InvalidInputError(message)
        keys.update(dict.fromkeys(record))
        mappings.append(record)
    names = unique_names(keys, "the keys of the records")
    return Mappings(mappings, dict(zip(names, keys, strict=True)))


def read_columns(columns: Mapping[Any, object]) -> Columns:
    """Return the dataset of a mapping of column names to sequences of cells.

    Raises:
        InvalidInputError: A value is no sequence, or their lengths differ.
    """
    for name, value in columns.items():
        if not is_column(value):
            message = (
                "a mapping must hold columns (under each name a sequence of cells) or "
                f"sources (under each name a table), but {str(name)!r} holds a "
                f"{type(value).__name__}; wrap a single record in a list: [record]"
            )
            raise InvalidInputError(message)
    names = unique_names(columns, "the columns")
    data = dict(zip(names, map(as_list, columns.values()), strict=True))
    lengths = {name: len(cells) for name, cells in data.items()}
    if len(set(lengths.values())) > 1:
        message = f"the columns must be equally long, but their lengths are {lengths}"
        raise InvalidInputError(message)
    return Columns(data)


def verbatim_text(cell: object) -> str | None:
    """Return a cell as text, text itself unchanged even where it is blank."""
    return str(cell) if isinstance(cell, str) else as_text(cell)
