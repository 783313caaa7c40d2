"""Dataframes with new cells, in the types that their columns have.

The new cells of a column go behind its old ones, and all of them are gathered anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.io.dataset import Native
from custmerge.io.editing import Edits
from custmerge.io.frames import Frame, side_by_side
from custmerge.protocols import Rows

__all__ = ["edited_frame", "regathered_frame"]


def edited_frame(dataset: Frame, edits: Edits) -> Native:
    """Return the dataframe with some cells replaced; see `custmerge.io.edited`."""
    whole = dataset.whole()
    n_rows = len(whole)
    changed: dict[str, Native] = {}
    for name, (rows, cells) in edits.items():
        order = np.arange(n_rows)
        order[rows] = n_rows + np.arange(len(rows))
        changed[name] = _gathered(whole[name], cells, order).to_native()
    native: Any = whole.to_native()
    if whole.implementation.is_pandas_like():
        # By its index a series is put in place, and of its own type it keeps that.
        index = native.index
        return native.assign(**{n: s.set_axis(index) for n, s in changed.items()})
    if whole.implementation.is_polars():
        return native.with_columns(*changed.values())
    for name, column in changed.items():
        place = native.column_names.index(name)
        native = native.set_column(place, native.schema.field(place), column)
    return native


def regathered_frame(
    dataset: Frame, rows: Rows, more: Mapping[str, Sequence[object]]
) -> Native:
    """Return rows of the dataframe and new ones; see `custmerge.io.regathered`."""
    whole = dataset.whole()
    series = {
        name: nw.maybe_reset_index(_gathered(whole[name], more.get(name, ()), rows))
        for name in whole.columns
    }
    return side_by_side(series, nw.get_native_namespace(whole)).to_native()


def _gathered(
    series: nw.Series[Any], cells: Sequence[object], rows: NDArray[np.int64]
) -> nw.Series[Any]:
    """Return cells of a series, and new ones that are numbered on from them."""
    if not len(cells):
        return series[rows]
    native: Any = series.to_native()
    library = nw.get_native_namespace(series)
    append = (
        _appended_pandas
        if series.implementation.is_pandas_like()
        else _appended_polars
        if series.implementation.is_polars()
        else _appended_arrow
    )
    try:
        joined = append(native, list(cells), library)
    except Exception:  # noqa: BLE001  each library has errors of its own for this
        # What they say may hold a cell, and so must not be in the message.
        kind = getattr(native, "dtype", getattr(native, "type", None))
        message = (
            f"the column {series.name!r} is of the type {kind}, which has no room for "
            f"the {len(cells)} cells to be put there; convert the column before"
        )
        raise InvalidInputError(message) from None
    whole: nw.Series[Any] = nw.from_native(joined, series_only=True)
    return whole[rows]


def _appended_pandas(
    native: Native, cells: list[object], library: ModuleType
) -> Native:
    dtype = native.dtype
    if hasattr(dtype, "categories"):
        known = set(dtype.categories)
        fresh = dict.fromkeys(c for c in cells if c is not None and c not in known)
        native = native.cat.add_categories(list(fresh))
        dtype = native.dtype
    new = library.Series(cells, dtype=dtype, name=native.name)
    return library.concat([native, new], ignore_index=True)


def _appended_polars(
    native: Native, cells: list[object], library: ModuleType
) -> Native:
    new = library.Series(native.name, cells, dtype=native.dtype)
    if native.dtype.is_decimal():  # polars rounds in silence
        exact = [None if cell is None else Decimal(str(cell)) for cell in cells]
        if new.to_list() != exact:
            raise ValueError
    return library.concat([native, new])


def _appended_arrow(native: Native, cells: list[object], library: ModuleType) -> Native:
    new = library.array(cells, type=native.type)
    if library.types.is_integer(native.type) and new.to_pylist() != cells:
        raise ValueError  # pyarrow cuts fractions off
    joined = library.chunked_array([*native.chunks, new])
    is_encoded = library.types.is_dictionary(native.type)
    return joined.unify_dictionaries() if is_encoded else joined
