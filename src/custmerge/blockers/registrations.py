"""Keys under which the old and the new numbers of an organisation meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from custmerge.blockers.keying import spread
from custmerge.protocols import Keys, Rows
from custmerge.records import RecordTable
from custmerge.registrations import organisation_codes

__all__ = ["OrganisationCode"]


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """The organisation code within the numbers that organisations in China have.

    Unified social credit codes, tax numbers and organisation codes; there are no keys
    where all numbers are of one length.

    Examples:
        >>> numbers = ["91110000600037341L", "600037341", "11010519491231002X"]
        >>> table = RecordTable.from_columns({"number": numbers}, 3)
        >>> OrganisationCode("number").keys(table)
        (array([0, 1]), array([0, 0]))
    """

    field: str
    name: str = "organisation_code"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        codes = organisation_codes(column.values)
        held = codes != b""
        _, keys = np.unique(codes[held], return_inverse=True)
        return spread(column.slots, keys.reshape(-1), held.astype(np.int64))
