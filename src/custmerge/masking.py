"""A result's tables in which what tells a person is masked, and still can be linked.

A masked value is its kind and a keyed hash of its normalized form: HMAC-SHA-256
(RFC 2104) cut to 64 bits. One customer's e-mail address has one token wherever it
stands and however it is written, also in another file masked with the same key; and
nobody without the key can find it by trying.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from numbers import Number
from typing import Any, Final

import numpy as np

from custmerge.config import Config, Field
from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.io import OutputColumn, Taken, read_table
from custmerge.kinds import Kind
from custmerge.naming import GOLDEN_COLUMNS
from custmerge.normalizers import as_normalizer
from custmerge.records import Column

__all__ = ["Mask", "Masked"]

Table = Any
"""A table in the form the records came in."""

_OPEN: Final = frozenset({
    Kind.CITY,
    Kind.REGION,
    Kind.POSTCODE,
    Kind.COUNTRY,
    Kind.GENDER,
    Kind.CATEGORY,
    Kind.NUMBER,
    Kind.DATE,
})  # fmt: skip
"""What many customers have in common. All else is masked, texts too: a note may hold
anything."""
_JOINED = "; "
"""What joins the values of a cell in a result's tables."""
_TOKEN_BYTES = 8
"""Of ten million values, some two share a token with a chance of 3 in a million."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mask:
    """What is masked, and how.

    Attributes:
        key: The key of the hashes.
        fields: The fields that each column is of; and each field by its own name.
        shown: The names that are not masked.
        owner: The column of those who look after the records.
    """

    key: bytes
    fields: Mapping[str, Sequence[Field]]
    shown: frozenset[str]
    owner: str | None

    @classmethod
    def of(
        cls,
        config: Config,
        columns: Sequence[str],
        key: str | bytes | None,
        keep: Sequence[str] = (),
        hide: Sequence[str] = (),
    ) -> Mask:
        """Return the mask for records.

        Args:
            config: Says what the columns are.
            columns: The columns.
            key: A secret; `None` is a new one, drawn by chance and kept nowhere.
            keep: Columns to show, whatever they are.
            hide: Columns to mask, whatever they are.

        Raises:
            InvalidInputError: The key is empty.
            ColumnNotFoundError: There is no such column to keep or to hide.
        """
        if key is not None and not key:
            message = "the key of a mask is empty; give a secret, or none for a new one"
            raise InvalidInputError(message)
        unknown = sorted({*keep, *hide}.difference(columns))
        if unknown:
            message = (
                f"keep and hide name the columns {unknown}, which do not exist; the "
                f"columns are {list(columns)}"
            )
            raise ColumnNotFoundError(message)
        fields: dict[str, list[Field]] = {one.name: [one] for one in config.fields}
        for name in columns:
            fields[name] = [one for one in config.fields if name in one.columns]
        shown = {
            name
            for name, those in fields.items()
            if those and all(one.kind in _OPEN for one in those)
        }
        roles = (config.id, config.source, config.record_type)
        times = (config.updated_at, config.created_at)
        shown.update(name for name in (*roles, *times, *keep) if name is not None)
        secret = key.encode() if isinstance(key, str) else key or secrets.token_bytes()
        return cls(secret, fields, frozenset(shown.difference(hide)), config.owner)

    def records(self, table: Table, columns: Sequence[str]) -> Table:
        """Return golden records, masked.

        Args:
            table: The records; columns that are none of the input's were computed, and
                are masked but for numbers.
            columns: The columns of the input.
        """
        hidden = {}
        dataset = read_table(table)
        # An input's columns of these names have others in this table.
        for shown in (n for n in dataset.columns if n not in GOLDEN_COLUMNS):
            name = shown if shown in columns else shown.removesuffix("_input")
            is_new = name not in columns
            if name not in self.shown and not (
                is_new and _are_numbers(dataset.cells(shown))
            ):
                hidden[shown] = name
        return self.columns(table, hidden)

    def columns(self, table: Table, hidden: Mapping[str, str]) -> Table:
        """Return a table with some of its columns masked.

        Args:
            table: The table.
            hidden: For each of these columns, the input's column its values are of.
        """
        dataset = read_table(table)
        rows = np.arange(len(dataset))
        return dataset.build(
            {
                shown: self._cells(hidden[shown], dataset.cells(shown))
                if shown in hidden
                else Taken(shown, rows)
                for shown in dataset.columns
            }
        )

    def values(self, table: Table, columns: Sequence[str]) -> Table:
        """Return a table of single values, masked.

        Args:
            table: Its column `field` names the column, or field, of each row's values.
            columns: The columns of values; several in a cell are joined by `"; "`.
        """
        dataset = read_table(table)
        built: dict[str, OutputColumn] = {
            name: Taken(name, np.arange(len(dataset))) for name in dataset.columns
        }
        if len(dataset):
            fields = Column.encode(dataset.cells("field"))
            for name in columns:
                built[name] = self._by_field(fields, dataset.cells(name))
        return dataset.build(built)

    def _by_field(self, fields: Column, cells: Sequence[object]) -> list[object]:
        masked = list(cells)
        for code, name in enumerate(fields.values):
            if name in self.shown:
                continue
            rows = np.flatnonzero(fields.codes == code).tolist()
            texts = Column.encode([cells[row] for row in rows])
            parts = sorted({p for text in texts.values for p in text.split(_JOINED)})
            tokens = dict(zip(parts, self._tokens(name, parts), strict=True))
            joined = [
                _JOINED.join(map(tokens.__getitem__, text.split(_JOINED)))
                for text in texts.values
            ]
            hidden = texts.replace(joined).decode()
            for row, cell in zip(rows, hidden, strict=True):
                masked[row] = cell
        return masked

    def _cells(self, name: str, cells: Sequence[object]) -> list[object]:
        """Return a column's cells, masked: missing ones none, of lists each item."""
        items = [cell if isinstance(cell, (list, tuple)) else (cell,) for cell in cells]
        flat = Column.encode(list(chain.from_iterable(items)))
        tokens = (*self._tokens(name, flat.values), None)
        masked = iter([tokens[code] for code in flat.codes.tolist()])
        return [
            list(islice(masked, len(item))) if item is cell else next(masked)
            for item, cell in zip(items, cells, strict=True)
        ]

    def _tokens(self, name: str, values: Sequence[str]) -> list[str]:
        """Return the token of each value of a column, or of a field."""
        fields = self.fields.get(name, ())
        label = "+".join(dict.fromkeys(str(one.kind) for one in fields)) or Kind.TEXT
        read = [
            as_normalizer(one.by_column.get(name, one.normalizer)).normalize(values)
            for one in fields
        ]
        parts = zip(*read, strict=True) if read else repeat((), len(values))
        return [
            self._token(label, "\0".join(part or "" for part in found))
            if any(found)
            else self._token(label, value.strip().casefold())
            for found, value in zip(parts, values, strict=True)
        ]

    def _token(self, label: str, text: str) -> str:
        said = f"{label}\0{text}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self.key, said, "sha256")[:_TOKEN_BYTES]
        return f"{label}:{digest.hex()}"


def _are_numbers(cells: Sequence[object]) -> bool:
    return all(cell is None or isinstance(cell, Number) for cell in cells)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Masked:
    """A result's tables, what tells a person masked; `Resolution.masked` builds it.

    The tables have the names they have there. Each is masked when it is asked for.

    Attributes:
        mask: What is masked, and how.
        columns: The columns of the input.
        table: Returns a table of the result, not masked, by its name.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com", "city": "Leeds"},
        ...     {"name": "Ann Lee", "email": "Ann.Lee@mail.com", "city": None},
        ... ]
        >>> masked = cm.resolve(records).masked("our secret")
        >>> masked.entities[0]["name"], masked.entities[0]["city"]
        ('given_name+family_name:...', 'Leeds')
    """

    mask: Mask
    columns: Sequence[str]
    table: Callable[[str], Table]

    @property
    def entities(self) -> Table:
        """The golden records, masked."""
        return self.mask.records(self.table("entities"), self.columns)

    @property
    def lineage(self) -> Table:
        """Where each golden value comes from, masked."""
        return self.mask.values(self.table("lineage"), ("value",))

    @property
    def losers(self) -> Table:
        """The cells that did not survive, masked."""
        return self.mask.values(self.table("losers"), ("value",))

    @property
    def conflicts(self) -> Table:
        """The values of entities that exclude each other, masked."""
        return self.mask.values(self.table("conflicts"), ("values", "kept"))

    @property
    def owners(self) -> Table:
        """Who loses a customer to whom, masked."""
        column = self.mask.owner or "owner"
        hidden = (
            {} if column in self.mask.shown else {"owner": column, "kept_by": column}
        )
        return self.mask.columns(self.table("owners"), hidden)

    @property
    def contacts(self) -> Table:
        """The contact values that are not one person's, masked."""
        return self.mask.values(self.table("contacts"), ("value",))

    @property
    def assignments(self) -> Table:
        """Which entity each record belongs to: it has no values to mask."""
        return self.table("assignments")

    @property
    def crosswalk(self) -> Table:
        """Which record survives each record: it has no values to mask."""
        return self.table("crosswalk")

    @property
    def pairs(self) -> Table:
        """The pairs that were compared: it has no values to mask."""
        return self.table("pairs")

    @property
    def review(self) -> Table:
        """The pairs whose answer helps most: it has no values to mask."""
        return self.table("review")

    @property
    def relations(self) -> Table:
        """The entities that are related: it has no values to mask."""
        return self.table("relations")

    def __repr__(self) -> str:
        n_hidden = sum(name not in self.mask.shown for name in self.columns)
        return f"Masked({n_hidden} of {len(self.columns)} columns masked)"
