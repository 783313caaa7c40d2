"""What survives of the columns of a group, or of one: contests, or one record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows
from custmerge.survivorship.computing import made
from custmerge.survivorship.contending import Contending, Outcome, Reasons
from custmerge.survivorship.contest import Contest, Winners
from custmerge.survivorship.filling import fillers
from custmerge.survivorship.making import is_making
from custmerge.survivorship.rules import MostComplete
from custmerge.survivorship.survivors import (
    GAP_FILLED,
    GROUP,
    MASTER,
    MISSING,
    NEVER,
    ONLY_VALUE,
)

__all__ = ["reasons_lost", "survivors_of"]


def survivors_of(run: Contending, unit: Sequence[str]) -> dict[str, Outcome]:
    """Return what survives of golden columns that do so together."""
    if run.lost is not None:
        run.lost[:] = -1
    run.leads[:] = 0
    if is_making(run.rules[unit[0]][0]):
        return {unit[0]: made(run, unit[0])}
    rows, entities = _eligible(run, unit)
    choose = _mastered if unit[0] in run.terms.mastered else _contested
    winners, reasons = choose(run, unit, rows, entities)
    filling = fillers(run, unit, winners, rows, entities)
    return {name: _outcome(run, name, winners, reasons, filling) for name in unit}


def reasons_lost(
    run: Contending, unit: Sequence[str], name: str, outcome: Outcome
) -> NDArray[np.int16]:
    """Return what ruled each of `order` out where its text did not survive.

    Args:
        run: What contends.
        unit: The columns that contended together, the last ones to do so.
        name: One of them.
        outcome: What survived of it.
    """
    entities = run.owners[run.order]
    lost = np.full(len(run.order), -1) if run.lost is None else run.lost[run.order]
    if len(unit) > 1:
        led = run.leads[entities] == unit.index(name)
        lost = np.where(led, lost, run.codes[GROUP])
    if name in run.excluded:
        lost = np.where(run.excluded[name][run.order], run.codes[NEVER], lost)
    if not outcome.is_computed:
        lost = np.where(lost < 0, outcome.reasons[entities], lost)
        # Its group's row lacks it.
        lost[lost == run.codes[MISSING]] = run.codes[GROUP]
    return lost.astype(np.int16)


def _outcome(
    run: Contending, name: str, winners: Rows, reasons: Reasons, filling: Winners
) -> Outcome:
    """Return what survives of one column of a unit."""
    holds = run.holds(name, winners)
    if len(filling.rows):
        gaps = ~holds[filling.entities] & run.holds(name, filling.rows)
        filled = filling.entities[gaps]
        winners, reasons, holds = winners.copy(), reasons.copy(), holds.copy()
        winners[filled] = filling.rows[gaps]
        reasons[filled], holds[filled] = run.codes[GAP_FILLED], True
    reasons = np.where(holds, reasons, run.codes[MISSING]).astype(np.int16)
    out = run.excluded.get(name)
    never = [] if out is None else np.flatnonzero(out[winners]).tolist()
    reasons[never] = run.codes[NEVER]
    return Outcome(winners, reasons, dict.fromkeys(never))


def _eligible(run: Contending, unit: Sequence[str]) -> tuple[Rows, Rows]:
    """Return the rows that contend for a unit, and their entities.

    Rows that hold a value that may not survive do so only among themselves.
    """
    barred = [run.excluded[name] for name in unit if name in run.excluded]
    if not barred:
        return run.shared, run.entities
    out = np.any(barred, axis=0)[run.shared]
    holds = np.any([run.holds(name, run.shared) for name in unit], axis=0)
    has_other = np.zeros(len(run.masters), np.bool_)
    has_other[run.entities[holds & ~out]] = True
    is_barred = out & has_other[run.entities]
    run.note(run.shared[is_barred], NEVER if len(unit) == 1 else GROUP)
    kept = np.flatnonzero(~is_barred)
    return run.shared[kept], run.entities[kept]


def _contested(
    run: Contending, unit: Sequence[str], rows: Rows, entities: Rows
) -> tuple[Rows, Reasons]:
    """Return each entity's row for columns that survive together, and why."""
    winners = run.masters.copy()
    reasons = np.full(len(winners), run.codes[ONLY_VALUE], np.int16)
    led = np.zeros(len(winners), np.bool_)
    columns = [run.table[name] for name in unit]
    for place, field in enumerate(unit):
        held = np.flatnonzero(run.holds(field, rows) & ~led[entities])
        rules = run.rules[field]
        if len(unit) > 1:
            rules = (*rules, MostComplete(tuple(unit)))
        contest = Contest.of(columns, rows[held], entities[held])
        for won, reason in run.outcomes(contest, columns, field, rules):
            winners[won.entities] = won.rows
            reasons[won.entities] = run.codes[reason]
        run.leads[entities[held]] = place
        led[entities[held]] = True
    return winners, reasons


def _mastered(
    run: Contending, unit: Sequence[str], rows: Rows, entities: Rows
) -> tuple[Rows, Reasons]:
    """Return each entity's surviving record, or the best that holds the unit."""
    held = np.flatnonzero(np.any([run.holds(n, rows) for n in unit], axis=0))
    rows, entities = rows[held], entities[held]
    winners = run.masters.copy()
    reasons = np.full(len(winners), run.codes[ONLY_VALUE], np.int16)
    held_by_master = np.zeros(len(winners), np.bool_)
    held_by_master[entities[rows == run.masters[entities]]] = True
    winners[held_by_master] = run.masters[held_by_master]
    reasons[held_by_master] = run.codes[MASTER]
    left = np.flatnonzero(~held_by_master[entities])
    for won in run.best(rows[left], entities[left]):
        winners[won.entities] = won.rows
        reasons[won.entities] = run.codes[GAP_FILLED]
    return winners, reasons
