"""Keys that are a value or a part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from custmerge.blockers.keying import coded, keys_of_values, spread
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable
from custmerge.texts import Texts

__all__ = ["DateKeys", "ExactKey", "LocalPart", "Prefix", "Suffix"]


@dataclass(frozen=True, slots=True)
class ExactKey:
    """The field's whole value.

    Examples:
        >>> table = RecordTable.from_mappings([{"zip": "N1"}, {}, {"zip": "N1"}])
        >>> ExactKey("zip").keys(table)
        (array([0, 2]), array([0, 0]))
    """

    field: str
    name: str = "exact"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        n_values = len(column.values)
        return spread(column.slots, np.arange(n_values), np.ones(n_values, np.int64))


@dataclass(frozen=True, slots=True)
class Prefix:
    """The value's first characters, blanks aside.

    Attributes:
        length: How many characters; shorter values are their own key.
    """

    field: str
    length: int = 3
    name: str = "prefix"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return keys_of_values(
            table[self.field], lambda value: [value.replace(" ", "")[: self.length]]
        )


@dataclass(frozen=True, slots=True)
class Suffix:
    """The value's last characters; the subscriber's part of a phone number.

    Attributes:
        length: How many characters; shorter values have no key.
    """

    field: str
    length: int = 7
    name: str = "suffix"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        hashes = [np.empty(0, dtype=np.uint64)]
        counts = [np.empty(0, dtype=np.int64)]
        for _, texts in Texts.parts(column.values):
            is_long = texts.ends - texts.starts >= self.length
            ends = texts.ends[is_long]
            hashes.append(texts.hashes(ends - self.length, ends))
            counts.append(is_long.astype(np.int64))
        codes, _ = coded(np.concatenate(hashes))
        return spread(column.slots, codes, np.concatenate(counts))


@dataclass(frozen=True, slots=True)
class DateKeys:
    """Each two of year, month and day of a date in ISO 8601 text: one may be wrong."""

    field: str
    name: str = "date_parts"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return keys_of_values(
            table[self.field],
            lambda value: (
                [value[:7], value[4:], value[:5] + value[7:]] if len(value) > 7 else []
            ),
        )


@dataclass(frozen=True, slots=True)
class LocalPart:
    """What stands before the `@` of an e-mail address."""

    field: str
    name: str = "local_part"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return keys_of_values(
            table[self.field], lambda value: [value.partition("@")[0]]
        )
