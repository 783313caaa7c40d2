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


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """What is known of all fields, side by side.

    Tables have three axes: levels, classes of pairs and rows, those of one field after
    the other. Where a field has no such level they hold 0. What holds of a field is
    said of each of its rows.

    Attributes:
        fields: The fields.
        starts: The first row of each field.
        of_row: The field of each row.
        levels: Which levels there are.
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
    starts: NDArray[np.int64]
    of_row: NDArray[np.int64]
    levels: Flags
    floor: Table
    chance: Table
    classes: Table
    is_kin: Flags
    usual: Table
    overall: Table
    row_shares: NDArray[np.float64]
    row_weights: NDArray[np.float64]
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
        n_rows = np.asarray([len(field.chance) for field in fields], dtype=np.int64)
        of_row = np.repeat(np.arange(len(fields)), n_rows)
        starts = np.cumsum(n_rows) - n_rows
        n_levels = max((len(field.match) for field in fields), default=1)
        chance = np.zeros((n_levels, 1, len(of_row)))
        row_shares = np.zeros(len(of_row))
        for field, start in zip(fields, starts.tolist(), strict=True):
            rows = slice(start, start + len(field.chance))
            chance[: len(field.match), 0, rows] = field.chance.T
            row_shares[rows] = field.row_shares or 0.0
        kin = list(zip(*(field.related for field in fields), strict=True))
        # Relatives who agree no more than strangers are given any table, unused.
        related = [
            [shares or field.usual for shares, field in zip(each, fields, strict=True)]
            for each in kin
        ]
        is_kin = [_flags(shares is not None for shares in each) for each in kin]
        top = np.asarray([len(field.match) - 1 for field in fields], dtype=np.int64)
        level, top = np.arange(n_levels)[:, np.newaxis, np.newaxis], top[of_row]
        levels, lower_half = level <= top, level <= (top + 1) // 2
        depends = _flags(field.parents for field in fields)[of_row]
        is_last = np.append(of_row[1:] != of_row[:-1], True)[: len(of_row)]

        def side_by_side(*shares: Sequence[Sequence[float]]) -> Table:
            return _side_by_side(shares, n_levels)[..., of_row]

        return cls(
            fields,
            starts,
            of_row,
            levels,
            np.where(levels, FLOOR, 0.0),
            chance,
            side_by_side([field.match for field in fields], *related),
            np.reshape(is_kin, (1, len(kin), len(fields)))[..., of_row].astype(bool),
            side_by_side([field.usual for field in fields]),
            side_by_side([field.overall or field.usual for field in fields]),
            row_shares,
            np.where(depends, row_shares, 1.0),
            is_last & depends,
            (level > 0) & (level < top),
            (level > 0) & lower_half,
            ~lower_half,
            depends,
            _flags(field.sampled for field in fields)[of_row],
            _flags(field.lasting for field in fields)[of_row],
            _flags(field.row_shares for field in fields)[of_row],
        )

    def rows(self, i: int) -> slice:
        """Return the rows of a field."""
        start = int(self.starts[i])
        return slice(start, start + len(self.fields[i].chance))

    def by_field(self, sums: Table) -> Table:
        """Return what the rows of each field come to together, for each of its rows."""
        whole: Table = np.add.reduceat(sums, self.starts, axis=-1)[..., self.of_row]
        return whole


def _side_by_side(shares: Sequence[Sequence[Sequence[float]]], n_levels: int) -> Table:
    """Return a table of the shares of levels, by class and field."""
    table = np.zeros((n_levels, len(shares), len(shares[0])))
    for i, of_fields in enumerate(shares):
        for j, of_levels in enumerate(of_fields):
            table[: len(of_levels), i, j] = of_levels
    return table


def _flags(values: Iterable[object]) -> Flags:
    return np.asarray([bool(value) for value in values], dtype=bool)
