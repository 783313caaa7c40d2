"""Several sources as one dataset: their rows one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from custmerge.io.dataset import (
    Dataset,
    Native,
    OutputColumn,
    require_column,
    unique_names,
)
from custmerge.io.frames import Frame, side_by_side, verbatim_text
from custmerge.io.mappings import as_mappings, gather
from custmerge.records import Column

__all__ = ["Stacked", "combine"]

_EXACT_IN_FLOAT64 = 2**53
"""Up to here every integer has a float64 of its own (IEEE 754: 53 bits)."""
_PANDAS_MISSING = frozenset({"NAType", "NaTType"})
_NO_RENAMES: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Stacked:
    """Datasets of different forms, one after the other; builds lists of dicts.

    Attributes:
        parts: The datasets.
        names: For each dataset, its own name of each combined column that it has.
    """

    parts: tuple[Dataset, ...]
    names: tuple[Mapping[str, str], ...]
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    source_codes: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.source_codes)

    def cells(self, column: str) -> list[object]:
        """Return the cells of a column; `None` where a source does not have it."""
        require_column(self.columns, column)
        cells: list[object] = []
        for part, names in zip(self.parts, self.names, strict=True):
            cells.extend(_part_cells(part, names.get(column)))
        return cells

    def encode(self, column: str) -> Column:
        """Return a column dictionary-encoded."""
        return Column.encode(self.cells(column))

    def build(self, columns: Mapping[str, OutputColumn]) -> list[dict[str, object]]:
        """Return a list of dicts."""
        return as_mappings(gather(self, columns))


def _part_cells(part: Dataset, column: str | None) -> Sequence[object]:
    if column is None:
        return [None] * len(part)
    cells = part.cells(column)
    if isinstance(part, Frame) and part.frame.implementation.is_pandas_like():
        return [None if _is_pandas_gap(cell) else cell for cell in cells]
    return cells


def _is_pandas_gap(cell: object) -> bool:
    if isinstance(cell, float):
        return cell != cell  # noqa: PLR0124  NaN is the one value unequal to itself
    return type(cell).__name__ in _PANDAS_MISSING


def combine(
    datasets: Mapping[str, Dataset],
    renames: Mapping[str, Mapping[str, str]] = _NO_RENAMES,
) -> Dataset:
    """Return the sources as one dataset: all their rows, the union of their columns.

    Dataframes of one library stay in it; anything else is built as lists of dicts. A
    column keeps its type where the sources agree on it. Where they differ, numbers
    become the wider type and everything else object (pandas) or text.

    Args:
        datasets: The datasets by the name of their source.
        renames: For each source, new names by old ones.

    Raises:
        InvalidInputError: Two columns of a source get the same name.

    Examples:
        >>> from custmerge.io import combine, read_each
        >>> sources = {"crm": [{"name": "Ann"}], "web": [{"email": "ann@example.com"}]}
        >>> dataset = combine(read_each(sources))
        >>> dataset.sources, dataset.source_codes.tolist(), dataset.cells("name")
        (('crm', 'web'), [0, 1], ['Ann', None])
    """
    sources = tuple(datasets)
    parts = tuple(datasets.values())
    names = tuple(
        _own_names(source, part, renames.get(source, {}))
        for source, part in datasets.items()
    )
    sizes = [len(part) for part in parts]
    codes = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
    columns = tuple(dict.fromkeys(name for own in names for name in own))
    frames = [part.whole() for part in parts if isinstance(part, Frame)]
    libraries = {frame.implementation for frame in frames}
    if len(frames) < len(parts) or len(libraries) != 1:
        return Stacked(parts, names, columns, sources, codes)
    renamed = [
        frame.rename({old: new for new, old in own.items()})
        for frame, own in zip(frames, names, strict=True)
    ]
    return Frame(_stack_frames(renamed, columns), sources, codes)


def _own_names(
    source: str, dataset: Dataset, renames: Mapping[str, str]
) -> dict[str, str]:
    new = (renames.get(name, name) for name in dataset.columns)
    names = unique_names(new, f"the renamed columns of source {source!r}")
    return dict(zip(names, dataset.columns, strict=True))


def _stack_frames(
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
