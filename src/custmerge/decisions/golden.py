"""Golden records after a correction: those of the entities that it changed, anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from custmerge.decisions.basis import Basis
from custmerge.io import named_sources
from custmerge.merging import merge
from custmerge.protocols import Rows
from custmerge.records import RecordTable, as_text
from custmerge.survivorship import PINNED, Override, Survivors

__all__ = ["remerged"]

Integer = TypeVar("Integer", np.int16, np.int64)
Values = Mapping[str, Mapping[int, object]]


def remerged(
    basis: Basis,
    before: tuple[Rows, Survivors],
    labels: Rows,
    overrides: Sequence[Override],
) -> Survivors:
    """Return where the golden values come from once entities have changed.

    Entities that hold the records that they held before, and of which nothing else was
    decided, keep their golden records.

    Args:
        basis: The records, and the rules.
        before: For each row its entity before, and what survived of these.
        labels: For each row its entity now, by first rows.
        overrides: What people decided of golden values.
    """
    labels_before, survivors = before
    known = labels_before[_first_rows(labels)]
    is_fresh = _changed(labels, labels_before, known)
    is_fresh[labels[_redecided(survivors.overrides, overrides)]] = True
    is_concerned = is_fresh[labels]
    rows, place = np.flatnonzero(is_concerned), np.cumsum(is_concerned) - 1
    table = RecordTable(
        {name: basis.table[name].take(rows) for name in basis.table}, len(rows)
    )
    concerned = [
        replace(one, row=int(place[one.row]))
        for one in overrides
        if is_concerned[one.row]
    ]
    numbers = np.cumsum(is_fresh) - 1
    sources = named_sources(basis.dataset)
    made = merge(
        table,
        numbers[labels[rows]],
        basis.config,
        concerned,
        None if sources is None else sources.take(rows),
    )
    splice = _Splice(known, np.flatnonzero(is_fresh))
    return replace(
        survivors,
        rows={
            name: splice.entries(old, rows[made.rows[name]])
            for name, old in survivors.rows.items()
        },
        decided={
            name: splice.entries(old, made.decided[name])
            for name, old in survivors.decided.items()
        },
        masters=splice.entries(survivors.masters, rows[made.masters]),
        values=splice.values(survivors.values, _as_before(survivors, made)),
        overrides=tuple(overrides),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Splice:
    """How what is known of entities is put together from two merges.

    Attributes:
        known: For each entity the one that its first row was in before.
        fresh: The entities that were made anew.
    """

    known: Rows
    fresh: Rows

    def entries(self, old: NDArray[Integer], new: NDArray[Integer]) -> NDArray[Integer]:
        """Return an entry for each entity, of those made anew the new one."""
        whole = old[self.known]
        whole[self.fresh] = new
        return whole

    def values(self, old: Values, new: Values) -> Values:
        """Return the values by entity for each golden column that has any."""
        kept = np.delete(np.arange(len(self.known)), self.fresh)
        now = dict(zip(self.known[kept].tolist(), kept.tolist(), strict=True))
        whole: dict[str, dict[int, object]] = {name: {} for name in {**old, **new}}
        for name, values in old.items():
            whole[name] |= {now[e]: value for e, value in values.items() if e in now}
        fresh = self.fresh.tolist()
        for name, values in new.items():
            whole[name] |= {fresh[entity]: value for entity, value in values.items()}
        return {name: values for name, values in whole.items() if values}


def _as_before(before: Survivors, made: Survivors) -> Values:
    """Return the values made anew, whole sums as floats where the column has these.

    Whether all of its numbers are whole, the records of a few entities do not say.
    """
    values: dict[str, Mapping[int, object]] = dict(made.values)
    for name in made.computed.intersection(values):
        known = _computed(before, name).values()
        if any(type(value) is float for value in known):
            floats = {
                entity: float(value)
                for entity, value in _computed(made, name).items()
                if type(value) is int
            }
            values[name] = {**values[name], **floats}
    return values


def _computed(survivors: Survivors, name: str) -> dict[int, object]:
    """Return the values of a golden column by entity, but what persons pinned."""
    pinned = survivors.rule_names.index(PINNED)
    is_pinned = survivors.decided[name] == pinned
    values = survivors.values.get(name, {})
    return {entity: x for entity, x in values.items() if not is_pinned[entity]}


def _first_rows(labels: Rows) -> Rows:
    first = np.empty(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    first[labels[::-1]] = np.arange(len(labels))[::-1]
    return first


def _changed(labels: Rows, before: Rows, known: Rows) -> NDArray[np.bool_]:
    """Return which entities do not hold just the records of one from before.

    Args:
        labels: For each row its entity.
        before: For each row its entity before.
        known: For each entity that of its first row before.
    """
    n_strangers = np.bincount(labels, before != known[labels], minlength=len(known))
    sizes, sizes_before = np.bincount(labels, minlength=len(known)), np.bincount(before)
    changed: NDArray[np.bool_] = (n_strangers > 0) | (sizes != sizes_before[known])
    return changed


def _redecided(before: Sequence[Override], now: Sequence[Override]) -> list[int]:
    """Return the rows of what was decided in one case and not in the other."""
    keys = [
        {(x.row, x.field, x.never, type(x.value), as_text(x.value)) for x in some}
        for some in (before, now)
    ]
    return [row for row, *_ in keys[0] ^ keys[1]]
