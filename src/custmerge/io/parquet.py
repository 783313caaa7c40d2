"""Parquet files, by pyarrow, which is imported where a file is read or written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from custmerge.exceptions import InvalidInputError, MissingDependencyError
from custmerge.io.dataset import Dataset, Native, unique_names

__all__ = ["read_parquet", "write_parquet"]

_TEXTS = ("string", "large_string")
"""Types of texts, which are held as dictionaries: in a fraction of the memory."""


def read_parquet(path: Path) -> Dataset:
    """Return the records of a Parquet file; output tables are pyarrow tables.

    It is read column by column: beside what is kept there is one as the file has it.

    Raises:
        InvalidInputError: It is no Parquet file, or names of columns repeat.
        MissingDependencyError: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow()
    try:
        with parquet.ParquetFile(path) as file:
            types = {
                field.name: field.type
                for field in file.schema_arrow
                if str(field.type) in _TEXTS
            }
        # Not `read_table`, which makes columns of what folders are called.
        with parquet.ParquetFile(path, read_dictionary=list(types)) as file:
            names = unique_names(
                file.schema_arrow.names, f"the columns of {str(path)!r}"
            )
            columns = {
                name: _column(file, name, is_text=name in types) for name in names
            }
        table = pyarrow.table(columns)
    except pyarrow.ArrowException as error:
        message = f"{str(path)!r} cannot be read as a Parquet file"
        raise InvalidInputError(message) from error
    from custmerge.io.frames import read_frame  # noqa: PLC0415  45 ms of narwhals

    return replace(read_frame(table), types=types)


def _column(file: Native, name: str, *, is_text: bool) -> Native:
    # Asked for a column, it also reads those whose name goes on with a dot.
    column = file.read(columns=[name]).column(name)
    # Parts of a column share no dictionary in the file.
    return column.combine_chunks() if is_text else column


def write_parquet(dataset: Dataset, path: Path, columns: Sequence[str]) -> None:
    """Write records to a Parquet file.

    Columns of a dataframe keep their type. What no Parquet column can hold together
    becomes text.

    Args:
        dataset: The records.
        path: The file; it is replaced.
        columns: The names of the columns to write.

    Raises:
        MissingDependencyError: pyarrow is not installed.
    """
    pyarrow, parquet = _pyarrow()
    arrays = {column: _arrow_column(dataset, column, pyarrow) for column in columns}
    parquet.write_table(pyarrow.table(arrays), path)


def _arrow_column(dataset: Dataset, column: str, pyarrow: ModuleType) -> Native:
    from custmerge.io.frames import Frame, computed  # noqa: PLC0415  as above

    if isinstance(dataset, Frame):
        try:
            return dataset.whole()[column].to_arrow()
        except (pyarrow.ArrowException, TypeError):
            pass  # a pandas column of objects of several types
    cells = dataset.cells(column)
    return computed(column, cells, pyarrow).to_native()


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    try:
        import pyarrow as pa  # noqa: PLC0415  optional
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        message = 'Parquet files need pyarrow: pip install "custmerge[parquet]"'
        raise MissingDependencyError(message) from error
    return pa, parquet
