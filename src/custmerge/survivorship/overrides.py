"""What a person decided about the value of a golden field, beside all rules."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Override"]


@dataclass(frozen=True, slots=True)
class Override:
    """A value that an entity's golden field must have, or must never have.

    It names a row, and holds for whichever entity that row is in.

    Attributes:
        row: The row of a record of the entity.
        field: The column.
        value: The value; `None`, with `never` false, leaves the field missing.
        never: Whether the value is one that must not survive.

    Examples:
        >>> Override(3, "city", "York")
        Override(row=3, field='city', value='York', never=False)
    """

    row: int
    field: str
    value: object
    never: bool = False
