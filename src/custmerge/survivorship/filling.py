"""The gaps of groups: which record fills what another one lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows
from custmerge.survivorship.chain import steps_of
from custmerge.survivorship.contending import Contending
from custmerge.survivorship.contest import Contest, Winners
from custmerge.survivorship.making import identities_of
from custmerge.survivorship.rules import MostComplete

__all__ = ["fillers"]


def fillers(
    run: Contending, unit: Sequence[str], winners: Rows, rows: Rows, entities: Rows
) -> Winners:
    """Return the row that fills the gaps of a group, of entities that have one."""
    anchors = [name for name in unit if name in run.terms.anchors]
    if not anchors or len(unit) == 1:
        return Winners(rows[:0], entities[:0])
    adds = np.zeros(len(rows), np.bool_)
    for name in unit:
        adds |= run.holds(name, rows) & ~run.holds(name, winners)[entities]
    anchored = np.any([run.holds(name, winners) for name in anchors], axis=0)
    kept = np.flatnonzero(adds & anchored[entities])
    # What tells most apart first: fewer are left to be normalized.
    for name in (*anchors, *(name for name in unit if name not in anchors)):
        pair = _identities(run, name, rows[kept], winners[entities[kept]])
        agree = (pair[0] == pair[1]).all(axis=1)
        if name not in anchors:
            agree |= (pair < 0).all(axis=2).any(axis=0)
        kept = kept[agree]
    return _fullest(run, unit, rows[kept], entities[kept])


def _identities(
    run: Contending, name: str, left: Rows, right: Rows
) -> NDArray[np.int64]:
    """Return what is equal where values of rows are; shape `(2, n_rows, width)`."""
    both = np.concatenate([left, right])
    found = identities_of(*run.standard(name, both, None))
    return found.reshape(2, len(left), found.shape[1])


def _fullest(
    run: Contending, unit: Sequence[str], rows: Rows, entities: Rows
) -> Winners:
    """Return each entity's row with the most of a unit, then the best record."""
    columns = [run.table[name] for name in unit]
    rules = (MostComplete(tuple(unit)), *steps_of(run.terms.master))
    contest = Contest.of(columns, rows, entities)
    untraced = replace(run, lost=None)
    found = untraced.outcomes(contest, columns, run.terms.id or "", rules)
    won = [winners for winners, _ in found]
    return Winners(
        np.concatenate([winners.rows for winners in won]),
        np.concatenate([winners.entities for winners in won]),
    )
