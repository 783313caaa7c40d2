"""Records as a table of pandas, polars or pyarrow, through narwhals.

None of these libraries is imported here: a table brings its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import narwhals as nw
import numpy as np
from narwhals import dependencies
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.io.dataset import (
    Native,
    OutputColumn,
    Taken,
    described,
    require_column,
    unique_names,
)
from custmerge.io.factorizing import encode_series, python_values
from custmerge.io.mappings import as_list, verbatim_text
from custmerge.records import Column

__all__ = [
    "Frame",
    "computed",
    "is_frame",
    "read_frame",
    "side_by_side",
]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Records in a dataframe; output tables are dataframes of the same library.

    Attributes:
        frame: The dataframe.
        types: The types to give columns back in that pyarrow holds as dictionaries.
        names: For each source, its own name of each column that it has.
    """

    frame: nw.DataFrame[Any]
    sources: tuple[str, ...] = ()
    source_codes: NDArray[np.int32] | None = None
    types: Mapping[str, Native] = field(default_factory=dict)
    names: tuple[Mapping[str, str], ...] = ()

    def __repr__(self) -> str:
        return described(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.frame.columns)

    def __len__(self) -> int:
        return len(self.frame)

    def cells(self, column: str) -> list[object]:
        """Return the Python values of a column; gaps are the library's own."""
        require_column(self.columns, column)
        return python_values(self.frame.get_column(column))

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded, by the dataframe's library if it can."""
        require_column(self.columns, column)
        return encode_series(self.frame.get_column(column))

    def build(self, columns: Mapping[str, OutputColumn]) -> Native:
        """Return a dataframe; taken columns keep their type, the index is new."""
        library = nw.get_native_namespace(self.frame)
        if self.frame.implementation.is_pandas():
            return library.DataFrame(
                {name: self._cells(name, columns[name]) for name in columns}
            )
        series = {name: self._series(name, column) for name, column in columns.items()}
        return side_by_side(series, library).to_native()

    def _cells(self, name: str, column: OutputColumn) -> Native:
        """Return the cells of a column of pandas without an index to be aligned by.

        That takes a third of the time, but for objects, whose types pandas would infer.
        """
        if isinstance(column, np.ndarray) and column.dtype != object:
            return column
        if isinstance(column, Taken):
            native = self.frame.to_native()
            require_column(native.columns, column.column)
            whole = native[column.column]
            if whole.dtype != object:
                return whole.array.take(column.rows)
        return self._series(name, column).to_native()

    def _series(self, name: str, column: OutputColumn) -> nw.Series[Any]:
        library = nw.get_native_namespace(self.frame)
        if isinstance(column, Taken):
            require_column(self.columns, column.column)
            whole = self.frame.get_column(column.column)
            taken = nw.maybe_reset_index(self._typed(column.column, whole[column.rows]))
            return taken if column.column == name else taken.alias(name)
        if isinstance(column, Column):
            texts = computed(name, (*column.values, None), library)
            codes = np.where(column.codes < 0, len(column.values), column.codes)
            return nw.maybe_reset_index(texts[codes])
        return computed(name, column, library)

    def whole(self) -> nw.DataFrame[Any]:
        """Return the dataframe with all columns in their own types."""
        if not self.types:
            return self.frame
        series = {name: self._typed(name, self.frame[name]) for name in self.columns}
        return side_by_side(series, nw.get_native_namespace(self.frame))

    def _typed(self, column: str, series: nw.Series[Any]) -> nw.Series[Any]:
        if column not in self.types:
            return series
        native = series.to_native().cast(self.types[column])
        return nw.from_native(native, series_only=True)


def side_by_side(
    series: Mapping[str, nw.Series[Any]], library: ModuleType
) -> nw.DataFrame[Any]:
    """Return series of one library as a dataframe of it."""
    # Given series of its own, narwhals would read their values and infer new types.
    natives = {name: one.to_native() for name, one in series.items()}
    return nw.from_dict(natives, backend=library)


def is_frame(value: object) -> bool:
    """Return whether a value is a dataframe of any library, lazy ones included."""
    # Eager ones first: asked for a frame, narwhals raises where its names repeat.
    if dependencies.is_into_dataframe(value):
        return True
    return isinstance(nw.from_native(value, pass_through=True), nw.LazyFrame)


def read_frame(native: Native) -> Frame:
    """Return the dataset of a dataframe; the data is not copied.

    Raises:
        InvalidInputError: Names repeat, or the frame is lazy.
    """
    native = nw.to_native(native, pass_through=True)
    if dependencies.is_pandas_like_dataframe(native):
        native = _with_text_names(native)
    elif dependencies.is_pyarrow_table(native):
        unique_names(native.column_names, "the columns of the table")
    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        message = (
            f"a {type(native).__name__} is a query that has not run yet; call "
            "`.collect()` (or your library's own word for it) and pass the result"
        )
        raise InvalidInputError(message)
    return Frame(frame)


def _with_text_names(native: Native) -> Native:
    names = unique_names(native.columns, "the columns of the dataframe")
    if list(names) == native.columns.to_list():
        return native
    renamed = native.copy(deep=False)
    renamed.columns = list(names)
    return renamed


def computed(
    name: str, cells: NDArray[Any] | Sequence[object], library: ModuleType
) -> nw.Series[Any]:
    """Return computed cells as a series of a library, of the type that fits them.

    Cells of types that no column of the library can hold together become text, and so
    does a column with nothing in it, which tells no type.

    Args:
        name: The name of the series.
        cells: An array or a sequence; `None` is missing.
        library: The library's module.
    """
    if isinstance(cells, np.ndarray) and cells.dtype != object:
        return nw.new_series(name, cells, backend=library)
    values = as_list(cells)
    types = {type(value) for value in values if value is not None}
    if not types:
        return nw.new_series(name, values, nw.String(), backend=library)
    try:
        if types == {int, float}:  # polars takes no mixture
            values = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
        if types == {int} and None in values and _is_pandas_like(library):
            return _nullable_integers(name, values, library)
        return nw.new_series(name, values, backend=library)
    except Exception:  # noqa: BLE001  each library has errors of its own for this
        texts = [verbatim_text(value) for value in values]
        return nw.new_series(name, texts, nw.String(), backend=library)


def _nullable_integers(
    name: str, values: Sequence[object], library: ModuleType
) -> nw.Series[Any]:
    # pandas' default would make floats of them.
    series = library.Series(values, name=name, dtype="Int64")
    return nw.from_native(series, series_only=True)


def _is_pandas_like(library: ModuleType) -> bool:
    return nw.Implementation.from_backend(library).is_pandas_like()
