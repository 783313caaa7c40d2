"""What explanations go by: a result, and what it can be asked afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from custmerge.config import Config
from custmerge.contacts import ContactValues
from custmerge.decisions import Standing
from custmerge.exceptions import InvalidInputError
from custmerge.explaining.pairs import SharedKey
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

    def rows_of(self, left: object, right: object) -> tuple[int, int]:
        """Return the rows of two records.

        Raises:
            InvalidInputError: They are none, or one; the message says which.
        """
        finder = self.standing.basis.finder
        rows = finder.rows_of([left, right]).tolist()
        problems = [
            finder.missing(row, f"the {side} id")
            for side, row in zip(("first", "second"), rows, strict=True)
            if row < 0
        ]
        if problems:
            raise InvalidInputError("; ".join(problems))
        if rows[0] == rows[1]:
            message = "both ids are of one record; give two, or the id of an entity"
            raise InvalidInputError(message)
        return rows[0], rows[1]

    def compared(self, left: int, right: int) -> Weighed | None:
        """Return a pair of rows weighed, as the run did; `None`: it did not."""
        weighed = self.standing.weighed
        wanted = Pairs.of([left], [right])
        if not len(weighed.pairs) or not wanted.among(weighed.pairs)[0]:
            return None
        return weighed.take(weighed.pairs.places(wanted))

    def shared_keys(self, left: int, right: int) -> tuple[SharedKey, ...]:
        """Return the blocking keys that two rows share."""
        # Of a key that is not reported no block was paired.
        caps = {item.key: item.cap for item in self.blocking}
        return tuple(
            SharedKey(key, n_records, n_records > caps.get(key, 0))
            for key, n_records in self.probe.shared_keys(left, right)
        )

    def why_not_compared(
        self, left: int, right: int, shared: Sequence[SharedKey]
    ) -> str:
        """Return in words why the run did not compare two rows."""
        basis = self.standing.basis
        types = basis.types[[left, right]]
        if types[0] != types[1] and types.min() >= 0:
            return "records of different types"
        if basis.originals[left] == basis.originals[right]:
            return "copies of one record, each compared with that"
        one, other = basis.originals[[left, right]].tolist()
        if self.compared(one, other) is not None:
            return "copies of records that were compared"
        if not shared:
            return "no shared blocking key"
        named = ", ".join(f"{key.key} ({key.n_records:,} records)" for key in shared)
        keys = f"shared key{'' if len(shared) == 1 else 's'}"
        if all(key.too_large for key in shared):
            return f"{keys} dropped as too common: {named}"
        return f"left out as hopeless among very many candidates; {keys}: {named}"
