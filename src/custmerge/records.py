"""Records as dictionary-encoded columns: distinct texts and integer codes.

Work that depends on a value is done once for each distinct value, and work that
depends on two values once for each distinct pair; codes carry the result back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from itertools import chain, compress, count
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.pairs import repeated

__all__ = ["Column", "Record", "RecordTable", "as_text"]

Record = Mapping[str, str | None]
"""One record as text by column name; a missing value is `None`."""

_PANDAS_MISSING = frozenset({"NAType", "NaTType"})
_TOLD_APART = frozenset({str, int, float, bool, date})
"""Types of which equal cells have equal texts, among others of the same type. Equal
times of two time zones have not, nor have 1 and True."""


def as_text(cell: object) -> str | None:
    """Return a cell's text for matching, or `None` where the cell is missing.

    `None`, NaN, NaT, pandas' NA, empty and blank text are missing. Whole floats lose
    their `.0`, since a column of integers with gaps arrives as floats. Dates are ISO
    8601; a midnight time is dropped. The items of a list are joined by `"; "`.

    Examples:
        >>> [as_text(cell) for cell in ("Ann", " ", 60601.0, float("nan"), True)]
        ['Ann', None, '60601', None, 'true']
    """
    if isinstance(cell, str):
        return cell if cell and not cell.isspace() else None
    if cell is None or type(cell).__name__ in _PANDAS_MISSING:
        return None
    if isinstance(cell, (np.generic, np.ndarray)):
        return as_text(_python_value(cell))
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, (list, tuple, set, frozenset)):
        return _items_text(cell)
    return _other_text(cell)


def _python_value(cell: np.generic | NDArray[Any]) -> object:
    if isinstance(cell, np.datetime64):  # nanoseconds would become an int
        cell = cell.astype("datetime64[us]")
    return cell.tolist()


def _other_text(cell: object) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return _date_text(cell)
    try:
        text = str(cell)
    except ValueError:  # Python refuses to write integers of thousands of digits
        text = hex(cell) if isinstance(cell, int) else ""
    # Decimal("NaN") reads so.
    return text if text and not text.isspace() and text != "NaN" else None


def _float_text(cell: float) -> str | None:
    if cell != cell:  # noqa: PLR0124  NaN is the one value unequal to itself
        return None
    return str(int(cell)) if cell.is_integer() else repr(float(cell))


def _date_text(cell: date) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat()


def _items_text(items: Iterable[object]) -> str | None:
    ordered = sorted(items, key=str) if isinstance(items, (set, frozenset)) else items
    texts = [text for item in ordered if (text := as_text(item)) is not None]
    return "; ".join(texts) or None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column as its distinct texts and, for each row, the code of its text.

    Attributes:
        values: The distinct texts, in order of first appearance.
        codes: int32, shape `(n_rows,)`, or `(n_rows, width)` where a row may hold
            several values of one field (two phone columns); -1 is missing.

    Examples:
        >>> column = Column.encode(["Ann", None, "Bo", "Ann"])
        >>> column.values, column.codes.tolist()
        (('Ann', 'Bo'), [0, -1, 1, 0])
        >>> column.decode()
        ['Ann', None, 'Bo', 'Ann']
    """

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def encode(cls, cells: Iterable[object]) -> Column:
        """Encode cells of any type by their text; see `as_text`."""
        listed = cells if isinstance(cells, (list, tuple)) else list(cells)
        types = set(map(type, listed)) - {NoneType}
        if len(types) > 1 or not types <= _TOLD_APART:
            listed = list(map(as_text, listed))
        # No line of Python for each cell: the index counts the new ones by itself.
        index: defaultdict[object, int] = defaultdict(count().__next__)
        codes = np.fromiter(map(index.__getitem__, listed), np.int32, len(listed))
        return cls.of_cells(index, codes)

    @classmethod
    def of_cells(cls, cells: Iterable[object], codes: NDArray[np.int32]) -> Column:
        """Return the column of cells that are encoded already.

        Args:
            cells: The distinct cells, in order of first appearance. Their texts may be
                equal, or missing.
            codes: For each row, the position of its cell; -1 is missing.

        Examples:
            >>> Column.of_cells(["Ann", " ", 7], np.int32([0, 1, 2, -1])).decode()
            ['Ann', None, '7', None]
        """
        listed: tuple[Any, ...] = tuple(cells)
        if set(map(type, listed)) <= {str} and all(map(str.strip, listed)):
            return cls(listed, codes)
        return _recoded([as_text(cell) for cell in listed], codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"Column({len(self):,} rows, {len(self.values):,} distinct values)"

    @property
    def width(self) -> int:
        """How many values a row can hold."""
        return 1 if self.codes.ndim == 1 else self.codes.shape[1]

    @property
    def slots(self) -> NDArray[np.int32]:
        """The codes as `(n_rows, width)`, also where the width is one."""
        return (
            self.codes.reshape(len(self.codes), -1)
            if len(self.codes)
            else (np.empty((0, self.width), np.int32))
        )

    @property
    def present(self) -> NDArray[np.bool_]:
        """For each row, whether it holds any value; shape `(n_rows,)`."""
        held = self.codes >= 0
        present: NDArray[np.bool_] = held if held.ndim == 1 else np.any(held, axis=1)
        return present

    @property
    def first(self) -> NDArray[np.int32]:
        """The code of each row's first value; shape `(n_rows,)`, -1 is missing."""
        slots = self.slots
        held = np.argmax(slots >= 0, axis=1)
        first: NDArray[np.int32] = slots[np.arange(len(slots)), held]
        return first

    def decode(self) -> list[str | None]:
        """Return the text of each row; the first one where a row holds several."""
        lookup = (*self.values, None)
        return [lookup[code] for code in self.first.tolist()]

    def counts(self) -> NDArray[np.int64]:
        """Return how often each distinct value occurs; shape `(len(values),)`."""
        # Missing ones are counted too, which is faster than to leave them out.
        codes = self.codes.reshape(-1) + 1
        counts = np.bincount(codes, minlength=len(self.values) + 1)
        return counts[1:].astype(np.int64, copy=False)

    def replace(self, values: Sequence[str | None]) -> Column:
        """Return the column with each distinct value replaced; `None` is missing.

        Args:
            values: The replacements, in the order of `self.values`. Distinct values
                may become equal.
        """
        return _recoded(values, self.codes)

    def by_appearance(self) -> Column:
        """Return the column with the values that occur, in order of first appearance.

        Examples:
            >>> column = Column(("a", "b", "c"), np.int32([2, -1, 0, 2]))
            >>> column.by_appearance().values, column.by_appearance().codes.tolist()
            (('c', 'a'), [0, -1, 1, 0])
        """
        flat = self.codes.reshape(-1)
        first = np.full(len(self.values) + 1, len(flat), dtype=np.int64)
        # Of several rows the last one assigned stays: the first, seen from behind.
        first[flat[::-1]] = np.arange(len(flat))[::-1]
        first[-1] = len(flat)
        if (first[:-1] < first[1:]).all():  # nearly always, as tables come
            return self
        is_first = np.zeros(len(flat), dtype=bool)
        is_first[first[first < len(flat)]] = True
        order = flat[is_first]
        lookup = np.full(len(self.values) + 1, -1, dtype=np.int32)
        lookup[order] = np.arange(len(order), dtype=np.int32)
        values = tuple(map(self.values.__getitem__, order.tolist()))
        return Column(values, lookup[self.codes])

    @classmethod
    def join(cls, columns: Sequence[Column], separator: str) -> Column:
        """Return one column of the rows' present texts, joined by `separator`.

        Each distinct combination is joined once. A row is missing where all are.
        """
        if len(columns) == 1:
            return columns[0]
        codes = np.stack([column.first for column in columns], axis=1)
        combinations, inverse = np.unique(codes, axis=0, return_inverse=True)
        lookups = [(*column.values, None) for column in columns]
        texts = [
            separator.join(
                text
                for lookup, code in zip(lookups, row, strict=True)
                if (text := lookup[code]) is not None
            )
            for row in combinations.tolist()
        ]
        return cls.encode(texts).take(inverse.reshape(-1))

    @classmethod
    def stack(cls, columns: Sequence[Column]) -> Column:
        """Return the columns side by side as one: a row holds a value of each."""
        if len(columns) == 1:
            return columns[0]
        index: dict[str, int] = {}
        slots = []
        for column in columns:
            recoded = [index.setdefault(value, len(index)) for value in column.values]
            lookup = np.asarray([*recoded, -1], dtype=np.int32)
            slots.append(lookup[column.slots])
        return cls(tuple(index), np.concatenate(slots, axis=1))

    @classmethod
    def first_of(cls, columns: Sequence[Column]) -> Column:
        """Return one column: in each row the first of the columns' values.

        Examples:
            >>> columns = [Column.encode(["a", None]), Column.encode(["b", "c"])]
            >>> Column.first_of(columns).decode()
            ['a', 'c']
        """
        stacked = cls.stack(columns)
        return cls(stacked.values, stacked.first)

    def split(self, pattern: str) -> Column:
        """Return the column with the texts parted; a row then holds several values.

        Examples:
            >>> column = Column.encode(["a; b", "b", None]).split(";")
            >>> column.values, column.codes.tolist()
            (('a', 'b'), [[0, 1], [1, -1], [-1, -1]])
        """
        separator = re.compile(pattern)
        found = _found(separator, self.values)
        if not any(found):
            return self
        parts = [
            _parts(separator, value) if is_list else [value.strip()]
            for value, is_list in zip(self.values, found, strict=True)
        ]
        index: defaultdict[str, int] = defaultdict(count().__next__)
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        flat = map(index.__getitem__, chain.from_iterable(parts))
        lookup = np.full((len(parts) + 1, int(sizes.max())), -1, dtype=np.int32)
        is_held = np.arange(lookup.shape[1]) < sizes[:, None]
        lookup[:-1][is_held] = np.fromiter(flat, np.int32, int(sizes.sum()))
        width = self.width * lookup.shape[1]
        return Column(tuple(index), lookup[self.slots].reshape(len(self), width))

    def take(self, rows: NDArray[np.int64]) -> Column:
        """Return the given rows, in that order."""
        return Column(self.values, self.codes[rows])


def _recoded(values: Sequence[str | None], codes: NDArray[np.int32]) -> Column:
    """Return the column of codes whose values may be equal, or missing."""
    hashes = np.fromiter(map(hash, values), np.int64, len(values))
    # Only of few does another have the same hash, and only they need to be looked up.
    alike = np.sort(repeated(hashes.view(np.uint64)))
    index: dict[str | None, int] = {}
    first = np.arange(len(values))
    first[alike] = [index.setdefault(values[i], i) for i in alike.tolist()]
    is_kept = first == np.arange(len(values))
    like_none = np.flatnonzero(hashes == hash(None)).tolist()
    missing = [i for i in like_none if values[i] is None]
    is_kept[missing] = False
    kept: tuple[str, ...] = tuple(compress(values, is_kept.tolist()))  # type: ignore[arg-type]
    if len(kept) == len(values):
        return Column(kept, codes)
    recoded = (np.cumsum(is_kept, dtype=np.int32) - np.int32(1))[first]
    recoded[missing] = -1
    return Column(kept, np.append(recoded, np.int32(-1))[codes])


_LOOKS_AROUND = re.compile(r"[$^]|\(\?|\\[bBAZ]")
_ALTERNATIVE = cache(
    partial(re.compile, r"(?:[^][()\\|]|\\.|\[\^?\]?(?:[^]\\]|\\.)*\])+", re.DOTALL)
)
"""One of the alternatives of a pattern without groups."""
_MOST_PARTS = 8
"""Values taken out of one cell; a text that holds more is no list of contacts."""


def _found(separator: re.Pattern[str], values: Sequence[str]) -> Sequence[object]:
    """Return, for each value, whether there is a separator in it; or nothing for none.

    What says nothing of its surroundings is in no value if it is not in all of them
    together, which are searched in a fraction of the time.
    """
    if not _LOOKS_AROUND.search(separator.pattern):
        together = "\0".join(values)
        if not any(part.search(together) for part in _alternatives(separator)):
            return ()
    return list(map(separator.search, values))


def _alternatives(pattern: re.Pattern[str]) -> list[re.Pattern[str]]:
    """Return patterns one of which is found where the pattern is.

    Each by itself begins with characters that a text is searched for fast.
    """
    parts = _ALTERNATIVE().findall(pattern.pattern)
    is_split = "|".join(parts) == pattern.pattern
    return (
        [re.compile(part, pattern.flags) for part in parts] if is_split else [pattern]
    )


def _parts(separator: re.Pattern[str], value: str) -> list[str]:
    """Return the distinct parts of a text, or the text where it holds none."""
    parts = dict.fromkeys(part.strip() for part in separator.split(value))
    return [part for part in parts if part][:_MOST_PARTS] or [value]


@dataclass(frozen=True, slots=True, eq=False)
class RecordTable:
    """A table of dictionary-encoded columns of one length.

    Attributes:
        columns: The columns by name, in order.
        n_rows: The number of records.

    Examples:
        >>> table = RecordTable.from_mappings([{"name": "Ann"}, {"name": "", "age": 7}])
        >>> list(table), table.n_rows
        (['name', 'age'], 2)
        >>> table.record(1)
        {'name': None, 'age': '7'}
    """

    columns: Mapping[str, Column]
    n_rows: int

    @classmethod
    def from_mappings(cls, records: Sequence[Mapping[str, object]]) -> RecordTable:
        """Encode records given as mappings; absent keys are missing values."""
        names = dict.fromkeys(name for record in records for name in record)
        return cls.from_columns(
            {name: [record.get(name) for record in records] for name in names},
            len(records),
        )

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, Iterable[object]], n_rows: int
    ) -> RecordTable:
        """Encode columns of cells, each `n_rows` long.

        Raises:
            InvalidInputError: A cell cannot be read as text; names the column.
        """
        return cls.encoded(columns, lambda name: Column.encode(columns[name]), n_rows)

    @classmethod
    def encoded(
        cls, names: Iterable[str], encode: Callable[[str], Column], n_rows: int
    ) -> RecordTable:
        """Return the table of columns that a function encodes, one after the other.

        Args:
            names: The names of the columns.
            encode: Returns the column of a name.
            n_rows: The number of records.

        Raises:
            InvalidInputError: A cell cannot be read as text; names the column.
        """
        columns = {}
        for name in names:
            try:
                columns[name] = encode(name)
            except Exception as error:  # noqa: BLE001  a cell's own __str__ raises
                # The message must not hold what that says: it may be the value.
                message = (
                    f"column {name!r} holds a cell that cannot be read as text: "
                    f"{type(error).__name__}; convert the column before"
                )
                raise InvalidInputError(message) from None
        return cls(columns, n_rows)

    def __getitem__(self, name: str) -> Column:
        try:
            return self.columns[name]
        except KeyError:
            message = f"there is no column {name!r}; the columns are {list(self)}"
            raise ColumnNotFoundError(message) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __len__(self) -> int:
        return self.n_rows

    def __repr__(self) -> str:
        return f"RecordTable({self.n_rows:,} records: {', '.join(self)})"

    @property
    def n_values(self) -> int:
        """The number of distinct values, summed over the columns."""
        return sum(len(column.values) for column in self.columns.values())

    def record(self, row: int) -> Record:
        """Return one record as text by column name."""
        return {
            name: column.values[code] if (code := column.first[row]) >= 0 else None
            for name, column in self.columns.items()
        }
