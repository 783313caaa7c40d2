"""What rules that make values get of the entities, and what survives of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.survivorship.chain import steps_of
from custmerge.survivorship.contending import Contending, Outcome
from custmerge.survivorship.contest import starts_of, text_order
from custmerge.survivorship.defaults import default_rule
from custmerge.survivorship.making import Held, Made, MakingRule, Picked, source_of
from custmerge.survivorship.survivors import MISSING, NEVER, ONLY_VALUE

__all__ = ["made"]


def made(run: Contending, name: str) -> Outcome:
    """Return what a rule makes of the rows of each entity."""
    rule, *ranking = run.rules[name]
    source = source_of(rule, name)
    column = run.table[source]
    is_held = column.slots[run.order, 0] >= 0
    out = run.excluded.get(name)
    if out is not None:
        is_held &= ~out[run.order]
    rows, entities = run.order[is_held], run.owners[run.order[is_held]]
    if getattr(rule, "ordered", False):
        rows = _best_first(
            run, source, ranking or steps_of(default_rule(None)), rows, entities
        )
    stored, standard = run.standard(source, rows, getattr(rule, "reads_as", None))
    held = Held(column, rows, entities, len(run.masters), stored, standard)
    values = cast(MakingRule, rule).make(held)
    run.note(values.skipped, rule.name)
    is_unread = 0 < len(rows) == len(values.skipped)
    return _outcome_made(run, name, held, values)._replace(is_unread=is_unread)


def _outcome_made(
    run: Contending, name: str, held: Held, made: Made | Picked
) -> Outcome:
    """Return what survives of a column whose values a rule made."""
    starts = starts_of(held.entities)
    winners = run.masters.copy()
    winners[held.entities[starts]] = held.rows[starts]
    reasons = np.full(len(winners), run.codes[MISSING], np.int16)
    reasons[held.entities] = run.codes[run.rules[name][0].name]
    without = np.zeros(len(winners), np.bool_)
    without[held.entities] = True
    without[made.entities] = False
    values: dict[int, object] = dict.fromkeys(np.flatnonzero(without).tolist())
    if isinstance(made, Made):
        values |= zip(made.entities.tolist(), made.cells, strict=True)
    else:
        winners[made.entities] = made.rows
        codes = held.whole.slots[held.rows, 0]
        differs = np.diff(codes, prepend=-1) != 0
        differs[starts] = False
        alike = ~without
        alike[held.entities[differs]] = False
        reasons[alike & (reasons != run.codes[MISSING])] = run.codes[ONLY_VALUE]
    out = run.excluded.get(name)
    if out is not None:
        never = np.zeros(len(winners), np.bool_)
        never[run.owners[run.order[out[run.order]]]] = True
        never &= reasons == run.codes[MISSING]
        reasons[never] = run.codes[NEVER]
        values |= dict.fromkeys(np.flatnonzero(never).tolist())
    return Outcome(winners, reasons, values, isinstance(made, Made))


def _best_first(
    run: Contending,
    field: str,
    ranking: Sequence[SurvivorshipRule],
    rows: Rows,
    entities: Rows,
) -> Rows:
    """Return the rows in order of entity and rank; equal ones by their texts."""
    keys = [text_order(run.table[field], rows)]
    for rule in reversed(ranking):
        ranks = run.ranked(rule, field, rows, entities)
        keys.append(np.nan_to_num(-ranks, nan=np.inf, posinf=np.inf, neginf=-np.inf))
    return rows[np.lexsort((*keys, entities))]
