"""Several sources as one dataset: their rows one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.io.dataset import (
    Dataset,
    OutputColumn,
    described,
    require_column,
    unique_names,
)
from custmerge.io.mappings import as_mappings, gather
from custmerge.records import Column

__all__ = ["Stacked", "combine", "own_names"]

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

    def __repr__(self) -> str:
        return described(self)

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
    from custmerge.io.frames import Frame  # noqa: PLC0415  45 ms of narwhals

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
    from custmerge.io.aligning import stack_frames  # noqa: PLC0415  as above
    from custmerge.io.frames import Frame  # noqa: PLC0415  as above

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
    return Frame(stack_frames(renamed, columns), sources, codes, names=names)


def own_names(dataset: Dataset) -> tuple[Mapping[str, str], ...]:
    """Return, for each source of a combined dataset, its own names by the combined.

    Examples:
        >>> from custmerge.io import combine, own_names, read_each
        >>> sources = {"crm": [{"name": "Ann"}], "web": [{"email": "ann@example.com"}]}
        >>> own_names(combine(read_each(sources), {"web": {"email": "mail"}}))
        ({'name': 'name'}, {'mail': 'email'})
    """
    names: tuple[Mapping[str, str], ...] = getattr(dataset, "names", ())
    return names


def _own_names(
    source: str, dataset: Dataset, renames: Mapping[str, str]
) -> dict[str, str]:
    new = (renames.get(name, name) for name in dataset.columns)
    names = unique_names(new, f"the renamed columns of source {source!r}")
    return dict(zip(names, dataset.columns, strict=True))
