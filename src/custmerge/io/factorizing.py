"""Columns of dataframes, dictionary-encoded by the library that holds them.

Its own code does for all cells at once what Python would do for each; only the distinct
cells become Python objects.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np

from custmerge.io.dataset import Native
from custmerge.records import Column

__all__ = ["encode_series", "python_values"]


def encode_series(series: nw.Series[Any]) -> Column:
    """Return a series of any library dictionary-encoded, by the texts of its cells."""
    native, library = series.to_native(), series.implementation
    if (
        not _is_hashed_alike(series.dtype)
        or str(getattr(native, "dtype", "")) == "object"
    ):
        return Column.encode(python_values(series))
    if library.is_pandas():
        return _encode_pandas(native)
    if library.is_polars():
        return _encode_polars(native)
    if library.is_pyarrow():
        return _encode_arrow(series)
    return Column.encode(python_values(series))


def python_values(series: nw.Series[Any]) -> list[object]:
    """Return the cells of a series as Python values; gaps are the library's own."""
    if series.implementation.is_pyarrow() and series.dtype == nw.Datetime("ns"):
        # Python holds microseconds; without pandas pyarrow refuses finer times.
        series = series.dt.truncate("1us")
    values: list[object] = series.to_list()
    return values


def _is_hashed_alike(dtype: nw.dtypes.DType) -> bool:
    """Whether every library tells cells of this type apart as Python does."""
    is_text = dtype in {nw.String, nw.Categorical, nw.Enum}
    return is_text or dtype.is_integer() or dtype.is_float() or dtype.is_temporal()


def _encode_pandas(native: Native) -> Column:
    codes, cells = native.factorize()
    return Column.of_cells(cells.tolist(), codes.astype(np.int32))


def _encode_polars(native: Native) -> Column:
    cells = native.drop_nulls().unique(maintain_order=True)
    positions = np.arange(len(cells), dtype=np.int32)
    codes = native.replace_strict(cells, positions, default=-1)
    return Column.of_cells(cells.to_list(), codes.to_numpy().astype(np.int32))


def _encode_arrow(series: nw.Series[Any]) -> Column:
    encoded = series.to_native()
    # Chunks encoded here have one dictionary; to unify it would go over it for each.
    is_encoded = series.dtype == nw.Categorical
    encoded = (
        encoded.unify_dictionaries() if is_encoded else encoded.dictionary_encode()
    )
    if not encoded.num_chunks:
        return Column.encode(())
    arrow = nw.get_native_namespace(series)
    cells = arrow.chunked_array([encoded.chunk(0).dictionary])
    codes = [
        chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        for chunk in encoded.chunks
    ]
    column = Column.of_cells(
        python_values(nw.from_native(cells, series_only=True)), np.concatenate(codes)
    )
    # Where it came with a dictionary, that may be in any order.
    return column.by_appearance() if is_encoded else column
