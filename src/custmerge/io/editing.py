"""A table with some cells or rows changed, and everything else as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custmerge.io.dataset import Dataset, Native, require_column
from custmerge.io.mappings import Columns, Mappings, read_mappings
from custmerge.protocols import Rows

__all__ = ["Edits", "edited", "plain_cells", "regathered"]

Edits = Mapping[str, tuple[Rows, Sequence[object]]]
"""For each column to change the rows, and beside each its new cell."""


def edited(dataset: Dataset, edits: Edits) -> Native:
    """Return the table of a dataset, in its own form, with some cells replaced.

    A dataframe keeps its index and the types of all columns; the categories of a
    pandas column are extended where a new cell is none of them.

    Args:
        dataset: The table.
        edits: For each column to change the rows and their new cells.

    Raises:
        ColumnNotFoundError: A column does not exist.
        InvalidInputError: A column's type has no room for its new cells.

    Examples:
        >>> import numpy as np
        >>> from custmerge.io import edited, read_table
        >>> table = read_table({"id": [1, 2, 3], "city": ["Ulm", "Bonn", None]})
        >>> edited(table, {"id": (np.array([2]), [9])})
        {'id': [1, 2, 9], 'city': ['Ulm', 'Bonn', None]}
    """
    for column in edits:
        require_column(dataset.columns, column)
    if isinstance(dataset, Columns):
        return _edited_columns(dataset, edits)
    if isinstance(dataset, Mappings):
        return _edited_mappings(dataset, edits)
    from custmerge.io.frames import Frame  # noqa: PLC0415  45 ms of narwhals

    if isinstance(dataset, Frame):
        from custmerge.io.gathering import edited_frame  # noqa: PLC0415  as above

        return edited_frame(dataset, edits)
    return _edited_mappings(_as_mappings(dataset), edits)


def regathered(
    dataset: Dataset, rows: Rows, more: Mapping[str, Sequence[object]]
) -> Native:
    """Return rows of a dataset, and rows that come anew, in a given order.

    Args:
        dataset: The table; its form is kept, and the types of its columns.
        rows: For each row of the outcome, the row that it is: the new ones are
            numbered on from those of the dataset.
        more: The cells of the new rows by column; none, or all columns.

    Raises:
        InvalidInputError: A column's type has no room for its new cells.

    Examples:
        >>> import numpy as np
        >>> from custmerge.io import read_table, regathered
        >>> table = read_table({"id": [1, 2, 3]})
        >>> regathered(table, np.array([0, 3, 2]), {"id": [7]})
        {'id': [1, 7, 3]}
    """
    if isinstance(dataset, Columns):
        joined = {n: [*cells, *more.get(n, ())] for n, cells in dataset.data.items()}
        chosen = rows.tolist()
        return dataset.form({n: [c[i] for i in chosen] for n, c in joined.items()})
    if not isinstance(dataset, Mappings):
        from custmerge.io.frames import Frame  # noqa: PLC0415  as above

        if isinstance(dataset, Frame):
            from custmerge.io.gathering import regathered_frame  # noqa: PLC0415

            return regathered_frame(dataset, rows, more)
        dataset = _as_mappings(dataset)
    keys = [dataset.keys.get(name, name) for name in more]
    cells = zip(*more.values(), strict=True)
    new = [dict(zip(keys, row, strict=True)) for row in cells]
    records = [*map(dict, dataset.records), *new]
    return [records[row] for row in rows.tolist()]


def plain_cells(dataset: Dataset, column: str) -> list[object]:
    """Return the cells of a column, `None` where its type knows missing ones.

    Where pandas holds a gap as NaN in a column of Python objects, it stays what it is:
    all of them are put back as they were by `edited` and `regathered`.

    Examples:
        >>> from custmerge.io import plain_cells, read_table
        >>> plain_cells(read_table({"age": [31, None]}), "age")
        [31, None]
    """
    cells = list(dataset.cells(column))
    if isinstance(dataset, (Columns, Mappings)):
        return cells
    from custmerge.io.frames import Frame  # noqa: PLC0415  as above

    if not isinstance(dataset, Frame) or not dataset.frame.implementation.is_pandas():
        return cells
    native = dataset.frame.to_native()[column]
    if native.dtype == object:
        return cells
    gaps = native.isna().tolist()
    return [None if gap else cell for cell, gap in zip(cells, gaps, strict=True)]


def _as_mappings(dataset: Dataset) -> Mappings:
    """Return a dataset that is built as a list of dicts as one that holds it."""
    rows = range(len(dataset))
    cells = {name: dataset.cells(name) for name in dataset.columns}
    return read_mappings([{n: c[row] for n, c in cells.items()} for row in rows])


def _edited_columns(dataset: Columns, edits: Edits) -> Native:
    listed = {name: list(cells) for name, cells in dataset.data.items()}
    for name, (rows, cells) in edits.items():
        for row, cell in zip(rows.tolist(), cells, strict=True):
            listed[name][row] = cell
    return dataset.form(listed)


def _edited_mappings(dataset: Mappings, edits: Edits) -> list[dict[object, object]]:
    records = [dict(record) for record in dataset.records]
    for name, (rows, cells) in edits.items():
        key = dataset.keys[name]
        for row, cell in zip(rows.tolist(), cells, strict=True):
            records[row][key] = cell
    return records
