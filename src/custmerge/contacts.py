"""Whose contact values are: e-mail addresses, telephones, addresses, identifiers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["OFFICE", "ROLES", "ContactUse", "ContactValues", "of_offices"]

ROLES = frozenset(
    {"info", "sales", "service", "services", "support", "contact", "office", "admin"}
    | {"enquiries", "enquiry", "inquiry", "help", "helpdesk", "hello", "reception"}
    | {"billing", "accounts", "accounting", "finance", "invoice", "invoices", "orders"}
    | {"hr", "jobs", "career", "careers", "marketing", "press", "webmaster"}
    | {"kefu", "kf", "cs", "customer", "customerservice", "customer.service"}
    | {"market", "business", "hezuo", "zhaopin", "xiaoshou", "caiwu", "bangongshi"}
    | {"客服", "销售", "市场", "业务", "商务", "财务", "人事", "招聘", "联系", "办公室"}
)
"""Local parts of mailboxes that several people of a company read; RFC 2142 has some."""
OFFICE = 8
"""People who share a company's mailbox or hotline, at least; a round figure of our own,
for there are few records by which to count them."""
_OFFICES = re.compile(
    # China's hotlines, to which a company's callers are led from everywhere.
    rf"\n(?:(?:{'|'.join(map(re.escape, sorted(ROLES)))})@|\+86[48]00[0-9]{{7}}$)",
    re.MULTILINE,
)


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
        is_office: Which are a company's where people are the customers; shape
            `(n_values,)`, or empty where none is known to be.
    """

    values: tuple[str, ...]
    n_records: NDArray[np.int64]
    n_people: NDArray[np.int64]
    codes: NDArray[np.int8]
    is_office: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

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


def of_offices(values: Sequence[str]) -> NDArray[np.bool_]:
    """Return which contacts are a company's by how they look; shape `(n_values,)`.

    Args:
        values: E-mail addresses or telephone numbers in standard form.

    Examples:
        >>> of_offices(["info@acme.com", "ann@acme.com", "+864008101234"]).tolist()
        [True, False, True]
    """
    lengths = 1 + np.fromiter(map(len, values), np.int64, len(values))
    starts = np.cumsum(lengths) - lengths
    found = _OFFICES.finditer("\n" + "\n".join(values))
    is_office = np.zeros(len(values), dtype=bool)
    is_office[np.searchsorted(starts, [match.start() for match in found])] = True
    return is_office
