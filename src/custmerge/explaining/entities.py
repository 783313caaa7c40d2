"""An explained entity: typed data, and the tables that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from custmerge.display import harmless, html_table, text_table
from custmerge.explaining.naming import RecordKey, plain
from custmerge.explaining.showing import bits, chance
from custmerge.merging import EntityLineage

__all__ = ["DecidedPair", "EntityExplanation", "HeldOff", "Relative", "TreeLink"]


@dataclass(frozen=True, slots=True)
class TreeLink:
    """Two records of an entity that hold together.

    Attributes:
        left: A record.
        right: Another.
        weight: Their match weight in bits; `None` where they were not compared.
        probability: The match probability it stands for; `None` likewise.
        label: What makes the link, in words.
        parts: How many records are on either side if it is taken away.
    """

    left: RecordKey
    right: RecordKey
    weight: float | None
    probability: float | None
    label: str
    parts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HeldOff:
    """The strongest pair of records with another entity, and why it is another.

    Attributes:
        record: The record of this entity.
        other: The record of the other one.
        entity_id: The other entity.
        weight: The match weight of the pair in bits.
        probability: The match probability it stands for.
        label: What keeps the two entities apart, in words.
        cut: Whether the pair is a link that was cut.
    """

    record: RecordKey
    other: RecordKey
    entity_id: int
    weight: float
    probability: float
    label: str
    cut: bool


@dataclass(frozen=True, slots=True)
class DecidedPair:
    """What people decided about a record of an entity and another.

    Attributes:
        left: A record.
        right: Another.
        same: Whether both are one customer.
    """

    left: RecordKey
    right: RecordKey
    same: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """An entity that is related, but not the same; see `Resolution.relations`.

    Attributes:
        entity_id: That entity.
        kind: `"household"`, `"branch"` or `"shared_contact"`.
        probability: How likely it is.
        record: The record of this entity that shows it best.
        other: That of the other one.
        shared: The fields on which these agree, joined by `"; "`.
    """

    entity_id: int
    kind: str
    probability: float
    record: RecordKey
    other: RecordKey
    shared: str


@dataclass(frozen=True, slots=True)
class EntityExplanation:
    """How an entity was built, and what was kept out of it.

    It prints as tables, in a notebook too; with its `lineage` it holds the customer's
    data, which its `repr` leaves out.

    Attributes:
        entity_id: The entity.
        records: Its records.
        tree: The links that hold it together, the strongest that do: a maximum
            spanning tree, the strongest first. Each pair is ready for `explain`.
        held_off: The other entities that come nearest, by their strongest pairs, the
            strongest first; those of links that were cut among them.
        decisions: What people decided about its records.
        relations: The entities it is related to.
        lineage: Where its golden values come from.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ... ]
        >>> cm.resolve(records).explain(0)
        EntityExplanation(entity 0: 2 records, weakest link ... bits, held off 0)
    """

    entity_id: int
    records: tuple[RecordKey, ...]
    tree: tuple[TreeLink, ...]
    held_off: tuple[HeldOff, ...]
    decisions: tuple[DecidedPair, ...]
    relations: tuple[Relative, ...]
    lineage: EntityLineage

    @property
    def weakest(self) -> TreeLink | None:
        """The weakest link of the tree: without it the entity is two.

        `None` for a single record.
        """
        return self.tree[-1] if self.tree else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold, values included.

        The entries are named as the attributes; `weakest` is one of them.
        """
        found: dict[str, Any] = {**plain(self), "weakest": plain(self.weakest)}
        return found

    def __repr__(self) -> str:
        weakest = self.weakest
        held = "" if weakest is None else f", weakest link {_bits(weakest.weight)} bits"
        return f"EntityExplanation({self._title}{held}, held off {len(self.held_off)})"

    def _tables(self) -> list[_Section]:
        """Return the title, header and rows of each table that is not empty."""
        tree = [
            (
                *(str(link.left), str(link.right), _bits(link.weight)),
                *(_chance(link.probability), link.label),
                f"{link.parts[0]} + {link.parts[1]}",
            )
            for link in self.tree
        ]
        held_off = [
            (
                *(str(one.record), str(one.other), bits(one.weight)),
                *(chance(one.probability), str(one.entity_id), one.label),
            )
            for one in self.held_off
        ]
        decided = [
            (str(one.left), str(one.right), "the same" if one.same else "different")
            for one in self.decisions
        ]
        related = [
            (
                *(str(one.record), str(one.other), one.kind, chance(one.probability)),
                *(str(one.entity_id), one.shared),
            )
            for one in self.relations
        ]
        tables: list[_Section] = [
            ("held together by", _TREE, tree),
            ("held off", _HELD_OFF, held_off),
            ("decided", _DECIDED, decided),
            ("related", _RELATED, related),
        ]
        return [table for table in tables if table[2]]

    @property
    def _title(self) -> str:
        return _counted(f"entity {self.entity_id}", len(self.records))

    def __str__(self) -> str:
        lines = [harmless(self._title)]
        for title, header, rows in self._tables():
            lines += ["", title, *text_table([header, *rows])]
        return "\n".join([*lines, "", "golden record", str(self.lineage)])

    def _repr_html_(self) -> str:
        parts = [
            f"<h4>{escape(title)}</h4>{html_table(header, rows)}"
            for title, header, rows in self._tables()
        ]
        lineage = self.lineage._repr_html_()
        top = f"<h3>{escape(self._title)}</h3>"
        return "".join([top, *parts, "<h4>golden record</h4>", lineage])


_Section = tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]
"""A table: its title, its header and its rows."""
_TREE = ("record", "record", "bits", "probability", "by", "parts")
_HELD_OFF = ("record", "other", "bits", "probability", "entity", "why")
_DECIDED = ("record", "other", "are")
_RELATED = ("record", "other", "kind", "probability", "entity", "shared")


def _counted(what: str, n_records: int) -> str:
    return f"{what}: {n_records} record{'' if n_records == 1 else 's'}"


def _bits(weight: float | None) -> str:
    return "" if weight is None else bits(weight)


def _chance(probability: float | None) -> str:
    return "" if probability is None else chance(probability)
