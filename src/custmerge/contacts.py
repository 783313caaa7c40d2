"""Whose contact values are: e-mail addresses, telephones, addresses, identifiers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["ContactUse", "ContactValues"]


class ContactUse(StrEnum):
    """Whose a contact value is, judged by who holds it.

    Examples:
        >>> import custmerge as cm
        >>> cm.ContactUse("shared") is cm.ContactUse.SHARED
        True
    """

    PERSONAL = "personal"
    """One person's, as far as the records show."""
    HOUSEHOLD = "household"
    """A family's: a few people of one or two surnames."""
    SHARED = "shared"
    """Many people's: a role mailbox, a switchboard, an office."""
    PLACEHOLDER = "placeholder"
    """Nobody's: so many hold it that it stands for a missing value."""


_USES = tuple(ContactUse)


@dataclass(frozen=True, slots=True, eq=False)
class ContactValues:
    """The values of one contact field and whose they are.

    Attributes:
        values: The distinct values.
        n_records: How many records hold each; shape `(n_values,)`.
        n_people: How many people they seem to be; shape `(n_values,)`.
        codes: The use of each, as a position in `ContactUse`; shape `(n_values,)`.
    """

    values: tuple[str, ...]
    n_records: NDArray[np.int64]
    n_people: NDArray[np.int64]
    codes: NDArray[np.int8]

    def are(self, use: ContactUse) -> NDArray[np.bool_]:
        """Return which values are of this use; shape `(n_values,)`."""
        return np.asarray(self.codes == _USES.index(use))

    @property
    def uses(self) -> tuple[ContactUse, ...]:
        """The use of each value."""
        return tuple(_USES[code] for code in self.codes.tolist())

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(_USES)).tolist()
        shown = (f"{use} {n:,}" for use, n in zip(_USES, counts, strict=True))
        return f"ContactValues({', '.join(shown)})"

    def counts_of(self, value: int) -> tuple[int, int]:
        """Return how many records, and how many people, hold a value."""
        return int(self.n_records[value]), int(self.n_people[value])
