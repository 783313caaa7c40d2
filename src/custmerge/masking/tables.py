"""A result's tables, masked when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from custmerge.masking.masks import Mask, Table

__all__ = ["Masked"]


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
        return self.mask.values(self._named("lineage"), ("value",))

    @property
    def losers(self) -> Table:
        """The cells that did not survive, masked."""
        return self.mask.values(self._named("losers"), ("value",))

    @property
    def conflicts(self) -> Table:
        """The values of entities that exclude each other, masked."""
        found = self.mask.values(self._named("conflicts"), ("values", "kept"))
        return self.mask.listed(found, self.table("crosswalk"))

    @property
    def owners(self) -> Table:
        """Who loses a customer to whom, masked."""
        column = self.mask.owner or "owner"
        hidden = (
            {} if column in self.mask.shown else {"owner": column, "kept_by": column}
        )
        found = self.mask.columns(self._named("owners"), hidden)
        return self.mask.listed(found, self.table("crosswalk"))

    @property
    def contacts(self) -> Table:
        """The contact values that are not one person's, masked."""
        return self.mask.values(self.table("contacts"), ("value",))

    @property
    def assignments(self) -> Table:
        """Which entity each record belongs to, by masked ids where these are hidden."""
        return self._named("assignments")

    @property
    def crosswalk(self) -> Table:
        """Which record survives each record, by masked ids where these are hidden."""
        return self._named("crosswalk")

    @property
    def pairs(self) -> Table:
        """The pairs that were compared, by masked ids where these are hidden."""
        return self._named("pairs")

    @property
    def review(self) -> Table:
        """The pairs whose answer helps most, by masked ids where these are hidden."""
        return self._named("review")

    @property
    def relations(self) -> Table:
        """The entities that are related, by masked ids where these are hidden."""
        return self._named("relations")

    def explain(self, *asked: object) -> Any:  # noqa: ANN401  of a floor above
        """Return what `Resolution.explain` does, with masked values.

        Args:
            asked: Two records, by their ids as they are, or an entity id.

        Raises:
            InvalidInputError: There are none such.
        """
        return self.table("_explained_masked")(self.mask, *asked)

    def _named(self, name: str) -> Table:
        return self.mask.named(name, self.table(name))

    def __repr__(self) -> str:
        n_hidden = sum(name not in self.mask.shown for name in self.columns)
        return f"Masked({n_hidden} of {len(self.columns)} columns masked)"
