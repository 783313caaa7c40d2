"""What is known of fields before their model is learnt, one by one and side by side.

Fields have tables of different sizes, yet what is done with one is done with all. So
their tables lie side by side in one array, padded, and each step is one operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.shares import FLOOR, Flags, Table

__all__ = ["FieldPrior", "Priors"]


@dataclass(frozen=True, slots=True, eq=False)
class FieldPrior:
    """What is known of a field before the candidates are looked at.

    Attributes:
        name: The field.
        thresholds: Ascending similarities that divide its levels.
        match: Prior probability of each level among matches.
        chance: Probability of each level among random pairs, a row for each level of
            the parent; shape `(n_rows, n_levels)`. See `FieldWeights`.
        usual: Prior probability of each level among random pairs.
        overall: Probability of each level among random pairs, whatever the parents.
        related: For each class of relatives, the prior probability of each level;
            `None` where they agree no more than strangers.
        parents: The positions of the fields that it depends on.
        mean_frequency: See `FieldWeights`.
        row_shares: For each row of the tables, the share of all pairs that fall in it
            with no side missing; empty where that is not known.
        sampled: Whether `chance` was measured on random pairs, and not on them all.
        lasting: Whether nobody's value ever changes, so that matches unlike in it come
            with others that are hardly alike.
    """

    name: str
    thresholds: tuple[float, ...]
    match: tuple[float, ...]
    chance: NDArray[np.float64]
    usual: tuple[float, ...]
    overall: tuple[float, ...] = ()
    related: tuple[tuple[float, ...] | None, ...] = ()
    parents: tuple[int, ...] = ()
    mean_frequency: float = 0.0
    row_shares: tuple[float, ...] = ()
    sampled: bool = True
    lasting: bool = False

    @property
    def n_rows(self) -> int:
        """The number of rows of its tables."""
        return len(self.chance)

    @property
    def n_levels(self) -> int:
        """The number of its agreement levels."""
        return len(self.match)


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """What is known of all fields, side by side.

    Tables have four axes: levels, classes of pairs, rows and fields; of length 1 where
    it is the same for all. Where a field has no such level they hold 0; where it has no
    such row, what its last one does, so that all is well defined and of no consequence.

    Attributes:
        fields: The fields.
        held: Where the tables have a cell.
        levels: Which levels the fields have.
        floor: The least probability of these.
        chance: See `FieldPrior`.
        classes: The prior probability of each level among matches, then among each
            class of relatives.
        is_kin: Which relatives agree more than strangers.
        usual: See `FieldPrior`.
        overall: See `FieldPrior`.
        row_shares: See `FieldPrior`; 0 where not known.
        row_weights: The same, all pairs being in the one row of a field that depends on
            no other.
        last_rows: The last row of each field that depends on others.
        partly: The levels between the lowest and the highest.
        hardly: Of these, those of the lower half.
        alike: The levels above the lower half.
        depends: Which fields depend on others.
        sampled: See `FieldPrior`.
        lasting: See `FieldPrior`.
        shown: Of which fields the shares of rows are known.
    """

    fields: Sequence[FieldPrior]
    held: Flags
    levels: Flags
    floor: Table
    chance: Table
    classes: Table
    is_kin: Flags
    usual: Table
    overall: Table
    row_shares: Table
    row_weights: Table
    last_rows: Flags
    partly: Flags
    hardly: Flags
    alike: Flags
    depends: Flags
    sampled: Flags
    lasting: Flags
    shown: Flags

    @classmethod
    def of(cls, fields: Sequence[FieldPrior]) -> Priors:
        """Put the fields' tables side by side."""
        n_levels = max((field.n_levels for field in fields), default=1)
        n_rows = max((field.n_rows for field in fields), default=1)
        chance = np.zeros((n_levels, 1, n_rows, len(fields)))
        row_shares = np.zeros((n_rows, len(fields)))
        for i, field in enumerate(fields):
            chance[: field.n_levels, 0, :, i] = field.chance[-1][:, np.newaxis]
            chance[: field.n_levels, 0, : field.n_rows, i] = field.chance.T
            row_shares[: len(field.row_shares), i] = field.row_shares
        kin = list(zip(*(field.related for field in fields), strict=True))
        # Relatives who agree no more than strangers are given any table, unused.
        related = [
            [shares or field.usual for shares, field in zip(each, fields, strict=True)]
            for each in kin
        ]
        is_kin = [[shares is not None for shares in each] for each in kin]
        level = np.arange(n_levels).reshape(-1, 1, 1, 1)
        row = np.arange(n_rows).reshape(-1, 1)
        n_held = np.asarray([field.n_levels for field in fields], dtype=np.int64)
        last_row = np.asarray([field.n_rows - 1 for field in fields], dtype=np.int64)
        depends = _flags(field.parents for field in fields)
        levels = level < n_held
        return cls(
            fields,
            levels & (row <= last_row),
            levels,
            np.where(levels, FLOOR, 0.0),
            chance,
            _side_by_side([[field.match for field in fields], *related], n_levels),
            np.asarray(is_kin, dtype=bool).reshape(1, len(kin), 1, len(fields)),
            _side_by_side([[field.usual for field in fields]], n_levels),
            _side_by_side(
                [[field.overall or field.usual for field in fields]], n_levels
            ),
            row_shares,
            np.where(depends, row_shares, row == 0),
            (row == last_row) & depends,
            (level > 0) & (level < n_held - 1),
            (level > 0) & (level <= n_held // 2),
            level > n_held // 2,
            depends,
            _flags(field.sampled for field in fields),
            _flags(field.lasting for field in fields),
            _flags(field.row_shares for field in fields),
        )


def _side_by_side(shares: Sequence[Sequence[Sequence[float]]], n_levels: int) -> Table:
    """Return a table of the shares of levels, by class and field."""
    table = np.zeros((n_levels, len(shares), 1, len(shares[0])))
    for i, of_fields in enumerate(shares):
        for j, of_levels in enumerate(of_fields):
            table[: len(of_levels), i, 0, j] = of_levels
    return table


def _flags(values: Iterable[object]) -> Flags:
    return np.asarray([bool(value) for value in values], dtype=bool)
