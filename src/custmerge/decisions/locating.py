"""Decisions about records, as what holds for the rows of a table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Verdicts
from custmerge.clustering import Constraints, components
from custmerge.config import Config
from custmerge.decisions.document import Decisions, key_of
from custmerge.exceptions import InvalidInputError
from custmerge.finding import ABSENT, SEVERAL, RecordFinder
from custmerge.io import Dataset
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import as_text
from custmerge.remarks import Remark
from custmerge.survivorship import Override

__all__ = ["Located", "check_pinned", "golden_columns", "left_out", "locate"]


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Decisions, with the rows of the records that they name.

    Attributes:
        decisions: The decisions.
        left: For each link which of the names its left record has.
        right: The same of its right record.
        names: The row of each distinct name; negative where no record has it.
        pinned: The row of each pin; negative likewise, and where its column is not
            there.
    """

    decisions: Decisions
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    names: Rows
    pinned: Rows

    @property
    def linked(self) -> tuple[Rows, Rows]:
        """The two rows of each link; negative where a record is not there."""
        return self.names[self.left], self.names[self.right]

    @property
    def n_absent(self) -> int:
        """How many decisions name a record or a column that is not there."""
        left, right = self.linked
        return int(((left < 0) | (right < 0)).sum() + (self.pinned < 0).sum())

    def constraints(self) -> Constraints:
        """Return which rows must be of one entity, and which cannot.

        What two links say together of records that are there holds also where the
        record that both name is not.
        """
        links = self.decisions.links
        is_same = np.fromiter((link.same for link in links), np.bool_, len(links))
        ones = Pairs.of(self.left[is_same], self.right[is_same])
        groups = components(len(self.names), ones)
        there = np.flatnonzero(self.names >= 0)
        # Of several rows that are assigned to one group the last stays: its first.
        stands = np.full(len(self.names), -1, dtype=np.int64)
        stands[groups[there[::-1]]] = self.names[there[::-1]]
        left, right = (side[~is_same] for side in (self.left, self.right))
        is_within = groups[left] == groups[right]  # a contradiction, for its rows
        left, right = (
            np.where(is_within, self.names[side], stands[groups[side]])
            for side in (left, right)
        )
        known = (left >= 0) & (right >= 0)
        return Constraints(
            Pairs.of(stands[groups[there]], self.names[there]),
            Pairs.of(left[known], right[known]),
        )

    def settled(self, pairs: Pairs, verdicts: Verdicts) -> Verdicts:
        """Return verdicts with what is decided: 1 for one entity, -1 for two.

        Also of pairs of which that follows.

        Args:
            pairs: Pairs of rows.
            verdicts: What rules and labels settle of them.
        """
        told = self.constraints()
        ends = (told.must.right, told.cannot.right, pairs.right)
        n_rows = 1 + max(int(rows.max(initial=0)) for rows in ends)
        groups = components(n_rows, told.must)
        left, right = groups[pairs.left], groups[pairs.right]
        settled = np.where(left == right, np.int8(1), verdicts)
        apart = told.cannot.renamed(groups)
        named = np.zeros(n_rows, dtype=np.bool_)
        named[apart.left] = named[apart.right] = True
        asked = np.flatnonzero(named[left] & named[right])
        keys = np.minimum(left, right)[asked] * n_rows + np.maximum(left, right)[asked]
        settled[asked[np.isin(keys, apart.keys(n_rows))]] = -1
        return settled

    def overrides(self, labels: Rows) -> tuple[tuple[Override, ...], int]:
        """Return what golden values are to be, and how many pins others contradict.

        Of several values pinned to one field of an entity the last one holds.

        Args:
            labels: For each row its entity.
        """
        found: dict[object, Override] = {}
        n_contradicted = 0
        for pin, row in zip(self.decisions.pins, self.pinned.tolist(), strict=True):
            if row < 0:
                continue
            text = as_text(pin.value)
            place = int(labels[row]), pin.field, pin.never, pin.never and text
            before = found.pop(place, None)
            n_contradicted += before is not None and as_text(before.value) != text
            found[place] = Override(row, pin.field, pin.value, pin.never)
        return tuple(found.values()), n_contradicted


def locate(
    decisions: Decisions, finder: RecordFinder, columns: Collection[str]
) -> Located:
    """Return the rows of the records that decisions name.

    Args:
        decisions: The decisions.
        finder: Finds the records.
        columns: The golden columns; pins of others are as if about no record.

    Raises:
        InvalidInputError: Several records have a name.

    Examples:
        >>> finder = RecordFinder(3, None, None)
        >>> decisions = Decisions([(0, 2, True), (2, 9, False)])
        >>> located = locate(decisions, finder, ["city"])
        >>> located.constraints().must.right.tolist(), located.n_absent
        ([2], 1)
    """
    links, pins = decisions.links, decisions.pins
    records = [*(x.left for x in links), *(x.right for x in links)]
    by_key = {key_of(record): record for record in records}
    places = {key: place for place, key in enumerate(by_key)}
    found = finder.rows_of([*by_key.values(), *(pin.record for pin in pins)])
    n_several = int((found == SEVERAL).sum())
    if n_several:
        message = (
            f"the decisions name {n_several} records by an id that several sources "
            "have; name these as (source, id)"
        )
        raise InvalidInputError(message)
    has_column = np.asarray([pin.field in columns for pin in pins], dtype=np.bool_)
    sides = np.asarray([places[key_of(record)] for record in records], dtype=np.int64)
    return Located(
        decisions,
        sides[: len(links)],
        sides[len(links) :],
        found[: len(by_key)],
        np.where(has_column, found[len(by_key) :], ABSENT),
    )


def golden_columns(dataset: Dataset, config: Config) -> frozenset[str]:
    """Return the columns of golden records: the input's, and those that rules add."""
    return frozenset((*dataset.columns, *config.column_rules))


def check_pinned(columns: Iterable[str], config: Config) -> None:
    """Check that none of the columns that values are pinned in holds record ids.

    Raises:
        InvalidInputError: One does.

    Examples:
        >>> from custmerge.config import Field
        >>> check_pinned(["city"], Config((Field("city"),), id="no"))
    """
    if config.id is not None and config.id in columns:
        message = (
            f"the id {config.id!r} of a golden record is that of the surviving record, "
            "and no other; say which one survives with master="
        )
        raise InvalidInputError(message)


def left_out(n_absent: int, n_contradicted: int) -> Iterator[Remark]:
    """Yield which decisions do not hold, and what to do about it.

    Args:
        n_absent: How many name a record or a column that is not there.
        n_contradicted: How many pins gave way to later ones.
    """
    if n_absent:
        yield Remark.of(
            "decisions_left_out",
            "{n} decisions name records or columns that are not here, and were left "
            "out; they stay in result.decisions",
            n=n_absent,
        )
    if n_contradicted:
        yield Remark.of(
            "pins_gave_way",
            "{n} pinned values gave way to later ones, for another record of the same "
            "entity; see result.decisions.pins",
            n=n_contradicted,
        )
