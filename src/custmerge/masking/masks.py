"""The mask: which values tell a person, and what stands for each of them."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from numbers import Number
from typing import Any, Final

import numpy as np

from custmerge.config import Config, Field
from custmerge.io import Dataset, OutputColumn, Taken, read_table
from custmerge.kinds import Kind
from custmerge.masking.arguments import as_names, as_secret, require_known
from custmerge.naming import GOLDEN_COLUMNS
from custmerge.normalizers import as_normalizer
from custmerge.records import Column
from custmerge.survivorship import leaves, source_of
from custmerge.survivorship.aggregates import Count

__all__ = ["Mask", "Table"]

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
_LISTED = re.compile("(; |, )")
"""What joins the names of records in a cell of `record_ids`."""
_SIDES: Final = {
    "assignments": ("record",),
    "conflicts": ("kept",),
    "crosswalk": ("record", "survivor"),
    "lineage": ("record",),
    "losers": ("record", "survivor"),
    "owners": ("kept",),
    "pairs": ("left", "right"),
    "relations": ("left", "right"),
    "review": ("left", "right"),
}
"""The records that the rows of each table name, as in `left_id` and `left_source`."""
_TOKEN_BYTES = 8
"""Of ten million values, some two share a token with a chance of 3 in a million."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mask:
    """What is masked, and how.

    Attributes:
        key: The key of the hashes.
        fields: The fields that each column is of; and each field by its own name.
        shown: The names that are not masked.
        personal: Golden columns that records do not have, computed of such as tell a
            person; others are masked but for numbers.
        owner: The column of those who look after the records.
        id: The column of record ids.
        source: The column of their sources.
    """

    key: bytes
    fields: Mapping[str, Sequence[Field]]
    shown: frozenset[str]
    personal: frozenset[str]
    owner: str | None
    id: str | None
    source: str | None

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
            InvalidInputError: The key is empty, or neither text nor bytes.
            ColumnNotFoundError: There is no such column to keep or to hide.
        """
        secret = as_secret(key)
        keep, hide = as_names("keep", keep), as_names("hide", hide)
        require_known({"keep": keep, "hide": hide}, columns)
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
        shown.difference_update(hide)
        plain = {*_OPEN, Kind.TEXT}
        masked = {
            name
            for name, those in fields.items()
            if name in hide
            or (name not in shown and any(one.kind not in plain for one in those))
        }
        personal = {
            name
            for name, rule in config.column_rules.items()
            if name not in columns
            and source_of(rule, name) in masked
            and not isinstance(next(leaves(rule)), Count)
        }
        named = (config.owner, config.id, config.source)
        return cls(secret, fields, frozenset(shown), frozenset(personal), *named)

    def records(self, table: Table, columns: Sequence[str]) -> Table:
        """Return golden records, masked.

        Args:
            table: The records.
            columns: The columns of the input.
        """
        hidden = {}
        dataset = read_table(table)
        # An input's columns of these names have others in this table.
        for shown in (n for n in dataset.columns if n not in GOLDEN_COLUMNS):
            name = shown if shown in columns else shown.removesuffix("_input")
            is_open = name not in columns and name not in self.personal
            if name not in self.shown and not (
                is_open and _are_numbers(dataset.cells(shown))
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

    def named(self, name: str, table: Table) -> Table:
        """Return a table with the names of records masked, if their columns are.

        Args:
            name: The name of the table.
            table: The table.
        """
        hidden = {
            column: of
            for side in _SIDES[name]
            for column, of in (
                (f"{side}_id", self.id),
                ("source" if side == "record" else f"{side}_source", self.source),
            )
            if of is not None and of not in self.shown
        }
        there = read_table(table).columns if hidden else ()
        hidden = {column: of for column, of in hidden.items() if column in there}
        return self.columns(table, hidden) if hidden else table

    def listed(self, table: Table, records: Table) -> Table:
        """Return a table whose `record_ids` list names of records, these masked.

        Args:
            table: The table.
            records: The records' `record_id` and `source`, as in `crosswalk`.
        """
        dataset, known = read_table(table), read_table(records)
        if not len(dataset) or not {self.id, self.source}.difference(
            self.shown, {None}
        ):
            return table
        names = _listed_names(known)
        tokens = _listed_names(read_table(self.named("assignments", records)))
        masked = dict(zip(names, tokens, strict=True))
        texts = Column.encode(dataset.cells("record_ids"))
        # What is no name by itself is a part of one that holds what joins them.
        joined = [
            "".join(
                part if place % 2 else masked.get(part, self._token(Kind.TEXT, part))
                for place, part in enumerate(_LISTED.split(text))
            )
            for text in texts.values
        ]
        built: dict[str, OutputColumn] = {
            name: Taken(name, np.arange(len(dataset))) for name in dataset.columns
        }
        return dataset.build({**built, "record_ids": texts.replace(joined)})

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

    def text(self, name: str, value: str) -> str:
        """Return a value of a field, or of a column, masked unless it is shown.

        A field is shown where all its columns are.
        """
        named = (one for one in self.fields.get(name, ()) if one.name == name)
        columns = {column for one in named for column in one.columns}
        is_shown = self.shown.issuperset(columns or {name})
        return value if is_shown else self._texts(name, [value])[0]

    def record(self, id_: object, source: str | None) -> tuple[object, str | None]:
        """Return the id and source of a record, masked where their columns are."""
        if self.id is not None and self.id not in self.shown:
            id_ = self._cells(self.id, [id_])[0]
        if source is not None and self.source is not None:
            source = self.text(self.source, source)
        return id_, source

    def _by_field(self, fields: Column, cells: Sequence[object]) -> list[object]:
        masked = list(cells)
        for code, name in enumerate(fields.values):
            if name in self.shown:
                continue
            rows = np.flatnonzero(fields.codes == code).tolist()
            hidden = self._cells(name, [cells[row] for row in rows])
            for row, cell in zip(rows, hidden, strict=True):
                masked[row] = cell
        return masked

    def _cells(self, name: str, cells: Sequence[object]) -> list[object]:
        """Return a column's cells, masked: missing ones none, of several each value."""
        items = [cell if isinstance(cell, (list, tuple)) else (cell,) for cell in cells]
        flat = Column.encode(list(chain.from_iterable(items)))
        tokens = (*self._texts(name, flat.values), None)
        masked = iter([tokens[code] for code in flat.codes.tolist()])
        return [
            list(islice(masked, len(item))) if item is cell else next(masked)
            for item, cell in zip(items, cells, strict=True)
        ]

    def _texts(self, name: str, texts: Sequence[str]) -> list[str]:
        """Return texts with a token for each value in them."""
        splits = [re.escape(_JOINED), *(one.split for one in self.fields.get(name, ()))]
        pattern = re.compile("|".join(f"(?:{split})" for split in splits if split))
        parted = [
            [text] if name == self.id else _parts(pattern, text) for text in texts
        ]
        values = sorted(set(chain.from_iterable(parted)))
        tokens = dict(zip(values, self._tokens(name, values), strict=True))
        return [_JOINED.join(map(tokens.__getitem__, parts)) for parts in parted]

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
            # Ids that differ in case alone are of two records.
            else self._token(
                label, value if name == self.id else value.strip().casefold()
            )
            for found, value in zip(parts, values, strict=True)
        ]

    def _token(self, label: str, text: str) -> str:
        said = f"{label}\0{text}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self.key, said, "sha256")[:_TOKEN_BYTES]
        return f"{label}:{digest.hex()}"


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return the values in a text."""
    parts = pattern.sub("\0", text).split("\0")
    return [part.strip() for part in parts if part.strip()] or [text]


def _listed_names(records: Dataset) -> list[str]:
    """Return the names of records as cells of `record_ids` have them."""
    ids = Column.encode(records.cells("record_id")).decode()
    sources = Column.encode(records.cells("source")).decode()
    if not any(sources):
        return [text or "" for text in ids]
    return [
        f"{source or ''}:{text or ''}"
        for source, text in zip(sources, ids, strict=True)
    ]


def _are_numbers(cells: Sequence[object]) -> bool:
    return all(cell is None or isinstance(cell, Number) for cell in cells)
