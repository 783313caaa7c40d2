"""CSV and TSV files, by the standard library's parser."""

from __future__ import annotations

import csv
import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain, count, islice
from pathlib import Path
from typing import Literal, TextIO

import numpy as np

from custmerge.exceptions import InvalidInputError
from custmerge.io.dataset import Dataset, unique_names
from custmerge.io.encoding import text_encoding
from custmerge.io.mappings import Coded, as_list, verbatim_text
from custmerge.records import as_text

__all__ = ["header_below", "read_csv", "write_csv"]

_DELIMITERS = ",;\t|"
"""In order of preference."""
_SAMPLE_CHARACTERS = 1 << 16
_SAMPLE_ROWS = 20
_BATCH = 500
"""Rows held as lists at a time, before they go into columns: fewer than the 700 new
containers at which Python's collector would look through them."""
_LARGEST_FIELD = 2**31 - 1
"""The largest limit that the parser takes on every platform (a C long)."""
_MARK = "\ufeff"


@dataclass(slots=True)
class _Lines:
    """The lines of a file, which tell whether the parser wanted more than there are."""

    file: Iterator[str]
    ended: bool = False
    record: list[str] = field(default_factory=list)
    """The lines handed out since it was last cleared."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.file, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.record.append(line)
        return line


@contextmanager
def _fields_of_any_size() -> Iterator[None]:
    # The limit is the parser's only setting that is global.
    limit = csv.field_size_limit(_LARGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def read_csv(path: Path) -> Coded:
    """Return the records of a CSV or TSV file as text; an empty cell is `None`.

    The delimiter is the one of comma, semicolon, tab and bar that fits the header, in a
    `.tsv` file the tab. A column without a name is called `column_` and its position;
    blank lines are skipped, and so are titles above the header: rows of three cells or
    more of which the first alone is filled, where a row of names follows.

    Raises:
        InvalidInputError: The file has no header line, is in an unknown encoding, has
            two columns of one name, a row of another width, or a quote without end.
    """
    encoding = text_encoding(path)
    with path.open(encoding=encoding, newline="") as file, _fields_of_any_size():
        sample = file.read(_SAMPLE_CHARACTERS)
        delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(sample)
        file.seek(0)
        return _read_columns(file, delimiter, repr(str(path)))


def _delimiter(sample: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[bool, bool, int]:
    """Return how well a delimiter fits the first lines, for comparison."""
    try:
        # The last line closes a quote that nothing else does: that is another error.
        lines = chain(StringIO(sample, newline=""), ['"'])
        strict = csv.reader(lines, delimiter=delimiter, strict=True)
        next(filter(None, strict), None)
    except csv.Error:  # text after a closing quote: the wrong delimiter
        return (False, False, 0)
    lenient = csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
    widths = [len(row) for row in islice(filter(None, lenient), _SAMPLE_ROWS)]
    if len(sample) == _SAMPLE_CHARACTERS and len(widths) > 1:
        widths.pop()  # the last row may be cut
    width = widths[0] if widths else 0
    return (True, width > 1 and set(widths) == {width}, width)


def _read_columns(file: TextIO, delimiter: str, name: str) -> Coded:
    try:
        return _encoded(_regular_batches(file, delimiter), name)
    except csv.Error:  # a slower look knows what to forgive, or where it went wrong
        file.seek(0)
        return _encoded(_batches(_rows(file, delimiter, name)), name)


def _regular_batches(file: TextIO, delimiter: str) -> Iterator[list[list[str]]]:
    """Yield the header, then rows that are not blank, some at a time.

    Raises:
        csv.Error: A row is wider than the header or less wide, or a quote is not where
            it should be.
    """
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    header = next(filter(None, reader), None)
    if header is not None:
        yield [header]
        width = len(header)
        for batch in _batches(reader):
            rows = batch
            if set(map(len, batch)) != {width}:
                rows = [row for row in batch if not _is_blank(row, width)]
                if not set(map(len, rows)) <= {width}:
                    raise csv.Error
            yield rows


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _encoded(batches: Iterator[list[list[str]]], name: str) -> Coded:
    """Return the rows of all batches by column; the first row is the header."""
    first = next(batches, None)
    if first is None:
        message = f"{name} has no header line; its first line must name the columns"
        raise InvalidInputError(message)
    if _is_title(first[0]):
        if len(first) == 1:
            first += next(batches, [])
        first = first[header_below(first) :]
    header = first.pop(0)
    _check_not_utf16("".join(header), name)
    named = [text or f"column_{i}" for i, text in enumerate(header, start=1)]
    names = unique_names(named, f"the columns of {name}")
    # Each counts its new texts by itself: no line of Python for each cell.
    indexes = [defaultdict[str, int](count().__next__) for _ in names]
    codes = [array("i") for _ in names]
    for batch in chain([first], batches):
        for index, column, texts in zip(
            indexes, codes, zip(*batch, strict=True), strict=bool(batch)
        ):
            column.extend(map(index.__getitem__, texts))
    return Coded(
        {
            name: tuple(text or None for text in index)
            for name, index in zip(names, indexes, strict=True)
        },
        {
            name: np.asarray(column, dtype=np.int32)
            for name, column in zip(names, codes, strict=True)
        },
    )


def _is_title(row: list[str]) -> bool:
    return len(row) > 2 and row[0] != "" and not any(row[1:])


def header_below(rows: Sequence[list[str]]) -> int:
    """Return which row names the columns below titles; the first, if none does."""
    place = next((i for i, row in enumerate(rows) if not _is_title(row)), 0)
    is_header = all(rows[place]) and not any(text[0].isdigit() for text in rows[place])
    return place if is_header else 0


def _check_not_utf16(header: str, name: str) -> None:
    nul_bytes = header.count("\x00")
    if nul_bytes >= 4 and 2 * nul_bytes >= len(header) - 1:
        message = (
            f"every other byte of {name}'s header is NUL, as in UTF-16 without a byte "
            "order mark; save the file as UTF-8"
        )
        raise InvalidInputError(message)


def _rows(file: TextIO, delimiter: str, name: str) -> Iterator[list[str]]:
    """Yield the rows that are not blank, all as wide as the first one."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    width, start = 0, 1
    for row in reader:
        if lines.ended:
            opened = start + _opening(lines.record, delimiter)
            message = f"{name}: the quote opened on line {opened} is never closed"
            raise InvalidInputError(message)
        width = width or len(row)
        if not _is_blank(row, width):
            if len(row) != width:
                message = (
                    f"{name}: the record on line {start} has {len(row)} fields, but "
                    f"the header has {width}; a field that holds the delimiter "
                    f"({delimiter!r}) or a line break must be quoted"
                )
                raise InvalidInputError(message)
            yield row
        start = reader.line_num + 1
        lines.record.clear()


def _is_blank(row: list[str], width: int) -> bool:
    return not row or (width > 1 and len(row) == 1 and not row[0].strip())


def _opening(record: list[str], delimiter: str) -> int:
    """Return which line of a record opens the quote that is still open at its end."""
    opening = 0
    for position, line in enumerate(record[1:], start=1):
        # Every further line starts inside quotes; one with two fields left them.
        fields = next(csv.reader(['"' + line], delimiter=delimiter))
        if len(fields) > 1:
            opening = position
    return opening


def write_csv(dataset: Dataset, path: Path, columns: Sequence[str]) -> None:
    """Write records to a CSV file, or to a TSV file where the path says so.

    Args:
        dataset: The records.
        path: The file; it is replaced.
        columns: The names of the columns to write.

    Raises:
        InvalidInputError: A cell is no valid Unicode text.
    """
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    # A reader takes the first mark for the file's own and drops it.
    marked = bool(columns) and columns[0].startswith(_MARK)
    texts = [[_text(cell) for cell in dataset.cells(column)] for column in columns]
    _check_unicode(columns, texts)
    # Names that hold another delimiter would mislead whoever guesses it.
    guess = any(character in name for name in columns for character in _DELIMITERS)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if guess else csv.QUOTE_MINIMAL
    encoding = "utf-8-sig" if marked else "utf-8"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=quoting).writerow(columns)
        csv.writer(file, delimiter=delimiter).writerows(zip(*texts, strict=True))


def _check_unicode(
    columns: Sequence[str], texts: Sequence[Sequence[str | None]]
) -> None:
    for column, cells in zip(columns, texts, strict=True):
        if _encodes("".join([column, *filter(None, cells)])):
            continue
        row = next(
            (i for i, cell in enumerate(cells) if not _encodes(cell or "")), None
        )
        where = "its name" if row is None else f"row {row}"
        message = (
            f"column {column!r} cannot be written as UTF-8: {where} has a lone "
            "surrogate, which is half a character"
        )
        raise InvalidInputError(message)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(cell: object) -> str | None:
    if isinstance(cell, (set, frozenset)):
        cell = sorted(cell, key=str)
    elif isinstance(cell, np.ndarray):
        cell = as_list(cell)
    if isinstance(cell, (list, tuple, Mapping)):
        return json.dumps(cell, ensure_ascii=False, default=as_text)
    return verbatim_text(cell)
