"""What explanations go by: a result, and what it can be asked afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from custmerge.config import Config
from custmerge.contacts import ContactValues
from custmerge.decisions import Standing
from custmerge.exceptions import InvalidInputError
from custmerge.naming import RecordNames
from custmerge.pairs import KeyReport, Pairs
from custmerge.partitioning import Weighed

__all__ = ["Grounds", "Probe"]


class Probe(Protocol):
    """Asks of two records that were not compared what the run would have found."""

    def weigh(self, left: int, right: int) -> Weighed:
        """Return the pair of two rows weighed, with the evidence of all records."""
        ...

    def shared_keys(self, left: int, right: int) -> Sequence[tuple[str, int]]:
        """Return the blocking keys that two rows share, and how many records have each.

        Of the values of one key that both have, the rarest counts.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What explanations go by.

    Attributes:
        standing: The result.
        probe: What to ask about pairs that were not compared.
        contacts: For each contact field, whose its values are.
        blocking: What each blocking key contributed.
    """

    standing: Standing
    probe: Probe
    contacts: Mapping[str, ContactValues]
    blocking: Sequence[KeyReport]

    @property
    def config(self) -> Config:
        """What was done."""
        return self.standing.basis.config

    @property
    def names(self) -> RecordNames:
        """What the records are called."""
        return RecordNames.of(self.standing.basis.dataset, self.config)

    @property
    def cap(self) -> int:
        """Rows of a block up to which it was paired outright."""
        return max((item.cap for item in self.blocking), default=0)

    def rows_of(self, left: object, right: object) -> tuple[int, int]:
        """Return the rows of two records.

        Raises:
            InvalidInputError: They are none, or one; the message says which.
        """
        rows = self.standing.basis.finder.rows_of([left, right]).tolist()
        wrong = [
            side for side, row in zip(("first", "second"), rows, strict=True) if row < 0
        ]
        if wrong:
            message = (
                f"no single record has the {' nor the '.join(wrong)} id; give those of "
                "the id column, (source, id) with several sources, or row numbers "
                "where there is no id column"
            )
            raise InvalidInputError(message)
        if rows[0] == rows[1]:
            message = "both ids are of one record; give two, or the id of an entity"
            raise InvalidInputError(message)
        return rows[0], rows[1]

    def place(self, left: int, right: int) -> int | None:
        """Return where two rows stand in the compared pairs; `None`: nowhere."""
        pairs = self.standing.weighed.pairs
        wanted = Pairs.of([left], [right])
        if not len(pairs) or not wanted.among(pairs)[0]:
            return None
        return int(pairs.places(wanted)[0])

    def pair(self, left: int, right: int) -> tuple[Weighed, bool]:
        """Return a pair of rows weighed, and whether the run compared it."""
        place = self.place(left, right)
        if place is None:
            return self.probe.weigh(left, right), False
        return self.standing.weighed.take(np.asarray([place])), True
