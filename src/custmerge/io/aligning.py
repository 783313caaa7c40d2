"""Dataframes of one library, one after the other: their columns of one type each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from custmerge.io.dataset import Native
from custmerge.io.frames import side_by_side
from custmerge.io.mappings import verbatim_text

__all__ = ["stack_frames"]

_EXACT_IN_FLOAT64 = 2**53
"""Up to here every integer has a float64 of its own (IEEE 754: 53 bits)."""


def stack_frames(
    frames: Sequence[nw.DataFrame[Any]], columns: Sequence[str]
) -> nw.DataFrame[Any]:
    """Return the rows of frames of one library, one frame after the other."""
    library = nw.get_native_namespace(frames[0])
    aligned = {column: _aligned(frames, column) for column in columns}
    parts = [
        side_by_side({name: series[i] for name, series in aligned.items()}, library)
        for i in range(len(frames))
    ]
    return nw.maybe_reset_index(nw.concat(parts, how="vertical"))


def _aligned(frames: Sequence[nw.DataFrame[Any]], column: str) -> list[nw.Series[Any]]:
    """Return the column of each frame, all of one type, gaps where it is absent."""
    held = [_series(frame, column) for frame in frames]
    present = [series for series in held if series is not None]
    if len(present) == len(held) and not _types_differ(present):
        return present
    # A series without a value, often untyped, must not decide the type.
    telling = [_unless_empty(series) for series in held]
    kept = telling if any(series is not None for series in telling) else held
    typed = [series for series in kept if series is not None]
    if _types_differ(typed):
        typed = _widened(typed)
    if len(typed) < len(kept):
        typed = [_nullable(series) for series in typed]
    model, remaining = typed[0], iter(typed)
    return [
        _gaps(model, len(frame)) if series is None else next(remaining)
        for frame, series in zip(frames, kept, strict=True)
    ]


def _series(frame: nw.DataFrame[Any], column: str) -> nw.Series[Any] | None:
    return nw.maybe_reset_index(frame[column]) if column in frame.columns else None


def _unless_empty(series: nw.Series[Any] | None) -> nw.Series[Any] | None:
    if series is None or series.null_count() == len(series):
        return None
    return series


def _types_differ(held: Sequence[nw.Series[Any]]) -> bool:
    # narwhals' own types do not tell string from large_string, nor categories.
    first, *others = (
        native.type if series.implementation.is_pyarrow() else native.dtype
        for series in held
        for native in [series.to_native()]
    )
    return any(other != first for other in others)


def _widened(held: Sequence[nw.Series[Any]]) -> list[nw.Series[Any]]:
    dtype = _common_number(held)
    if dtype is not None:
        return [series.cast(dtype) for series in held]
    if held[0].implementation.is_pandas_like():
        return [_wrap(series.to_native().astype(object)) for series in held]
    return [
        nw.new_series(
            series.name,
            [verbatim_text(cell) for cell in series.to_list()],
            nw.String(),
            backend=nw.get_native_namespace(series),
        )
        for series in held
    ]


def _common_number(held: Sequence[nw.Series[Any]]) -> nw.dtypes.DType | None:
    """Return the number type that holds every value exactly, if there is one."""
    if all(_fits_int64(series.dtype) for series in held):
        return nw.Int64()
    exact = all(
        series.dtype.is_float()
        or (series.dtype.is_integer() and _is_exact_float(series))
        for series in held
    )
    return nw.Float64() if exact else None


def _fits_int64(dtype: nw.dtypes.DType) -> bool:
    return dtype.is_integer() and dtype not in {nw.UInt64, nw.UInt128, nw.Int128}


def _is_exact_float(integers: nw.Series[Any]) -> bool:
    return all(
        abs(int(bound)) <= _EXACT_IN_FLOAT64
        for bound in (integers.min(), integers.max())
    )


def _nullable(series: nw.Series[Any]) -> nw.Series[Any]:
    """Return the series in a type with room for gaps, where pandas' has none."""
    native: Any = series.to_native()
    if series.implementation.is_pandas_like() and native.dtype.kind in "iub":
        # Already nullable types keep what they are under the same name.
        boolean = series.dtype == nw.Boolean
        return _wrap(native.astype("boolean" if boolean else str(series.dtype)))
    return series


def _gaps(model: nw.Series[Any], length: int) -> nw.Series[Any]:
    """Return a series of missing cells, of the model's own type."""
    native: Any = model.to_native()
    if model.implementation.is_pandas_like():
        return _wrap(native.iloc[:0].reindex(range(length)))
    if model.implementation.is_polars():
        return _wrap(native.clear(length))
    arrow = nw.get_native_namespace(model)
    return _wrap(arrow.chunked_array([arrow.nulls(length, native.type)]))


def _wrap(native: Native) -> nw.Series[Any]:
    return nw.from_native(native, series_only=True)
