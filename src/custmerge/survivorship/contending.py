"""The rows of all entities, ready to contend for one golden column after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import CustmergeError, PluginError
from custmerge.kinds import Kind
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship.chain import Chain
from custmerge.survivorship.contest import (
    Contest,
    Winners,
    starts_of,
    text_order,
)
from custmerge.survivorship.defaults import default_rule
from custmerge.survivorship.making import (
    Held,
    Made,
    MakingRule,
    Picked,
    identities_of,
    is_making,
    source_of,
)
from custmerge.survivorship.rules import MostComplete
from custmerge.survivorship.survivors import (
    GAP_FILLED,
    GROUP,
    MASTER,
    MISSING,
    NEVER,
    ONLY_VALUE,
    PINNED,
    TIE_BREAK,
    Terms,
)

__all__ = ["Contending", "Outcome", "steps_of"]

Reasons = NDArray[np.int16]


class Outcome(NamedTuple):
    """For each entity the row of one golden column, why, and values of its own."""

    rows: Rows
    reasons: Reasons
    values: Mapping[int, object]
    is_computed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Contending:
    """What is the same for all golden columns.

    Attributes:
        table: The records as they came.
        order: The rows by entity and row.
        owners: For each row of the table its entity, -1 for those not looked at.
        first: The lowest row of each entity.
        shared: The rows of entities that have several, by entity and row.
        entities: For each of `shared`, its entity.
        rules: The steps of each golden column's rule.
        codes: The positions in `Survivors.rule_names`.
        terms: What holds for all columns together.
        masters: The surviving record of each entity.
        excluded: For some golden columns, for each row of the table, whether its value
            may not survive.
        record_ranks: What rules that look at whole records said of `shared`.
        lost: For each row of the table, what ruled it out of the last contest, -1 for
            nothing; `None` where nobody wants to know.
        leads: For each entity, the position of the column that led its last group.
    """

    table: RecordTable
    order: Rows
    owners: Rows
    first: Rows
    shared: Rows
    entities: Rows
    rules: Mapping[str, tuple[SurvivorshipRule, ...]]
    codes: Mapping[str, int]
    terms: Terms
    masters: Rows
    excluded: Mapping[str, NDArray[np.bool_]]
    record_ranks: dict[SurvivorshipRule, Ranks]
    lost: NDArray[np.int16] | None
    leads: NDArray[np.int16]

    @classmethod
    def of(
        cls,
        table: RecordTable,
        by_entity: tuple[Rows, NDArray[np.int64], Rows],
        rules: Mapping[str, SurvivorshipRule],
        terms: Terms,
        excluded: Mapping[str, NDArray[np.bool_]],
    ) -> Contending:
        """Prepare the rows of a table to contend.

        Args:
            table: The records as they came.
            by_entity: The rows by entity and row, how many each entity has, and for
                each row of the table its entity.
            rules: The rule of each golden column; others get `default_rule(None)`.
            terms: What holds for all columns together.
            excluded: See there.
        """
        order, sizes, owners = by_entity
        names = dict.fromkeys((*table, *rules))
        steps = {name: steps_of(rules.get(name, default_rule(None))) for name in names}
        used = (rule.name for of_column in steps.values() for rule in of_column)
        # Groups ask for the most complete row, whatever the rules.
        known = [MISSING, ONLY_VALUE, TIE_BREAK, MASTER, GAP_FILLED, GROUP]
        known += [PINNED, NEVER, *used, MostComplete().name]
        shared = order[np.repeat(sizes > 1, sizes)]
        first = order[np.cumsum(sizes) - sizes]
        contending = cls(
            *(table, order, owners, first, shared, owners[shared]),
            steps,
            {name: code for code, name in enumerate(dict.fromkeys(known))},
            *(terms, first, excluded, {}, None, np.zeros(len(sizes), np.int16)),
        )
        masters = first.copy()
        for won in contending._best(contending.shared, contending.entities):
            masters[won.entities] = won.rows
        return replace(contending, masters=masters)

    def traced(self) -> Contending:
        """Return it with what rules each row out noted in `lost`."""
        return replace(self, lost=np.full(self.table.n_rows, -1, np.int16))

    def survivors(self, unit: Sequence[str]) -> dict[str, Outcome]:
        """Return what survives of golden columns that do so together."""
        if self.lost is not None:
            self.lost[:] = -1
        if is_making(self.rules[unit[0]][0]):
            return {unit[0]: self._made(unit[0])}
        rows, entities = self._eligible(unit)
        choose = self._mastered if unit[0] in self.terms.mastered else self._contested
        winners, reasons = choose(unit, rows, entities)
        fillers = self._fillers(unit, winners, rows, entities)
        return {name: self._outcome(name, winners, reasons, fillers) for name in unit}

    def losses(
        self, unit: Sequence[str], name: str, outcome: Outcome
    ) -> NDArray[np.int16]:
        """Return what ruled each of `order` out where its text did not survive.

        Args:
            unit: The columns that contended together, the last ones to do so.
            name: One of them.
            outcome: What survived of it.
        """
        entities = self.owners[self.order]
        lost = (
            np.full(len(self.order), -1) if self.lost is None else self.lost[self.order]
        )
        if len(unit) > 1:
            led = self.leads[entities] == unit.index(name)
            lost = np.where(led, lost, self.codes[GROUP])
        if name in self.excluded:
            lost = np.where(self.excluded[name][self.order], self.codes[NEVER], lost)
        if not outcome.is_computed:
            lost = np.where(lost < 0, outcome.reasons[entities], lost)
            # Its group's row lacks it.
            lost[lost == self.codes[MISSING]] = self.codes[GROUP]
        return lost.astype(np.int16)

    def _outcome(
        self, name: str, winners: Rows, reasons: Reasons, fillers: Winners
    ) -> Outcome:
        """Return what survives of one column of a unit."""
        holds = self._holds(name, winners)
        if len(fillers.rows):
            gaps = ~holds[fillers.entities] & self._holds(name, fillers.rows)
            filled = fillers.entities[gaps]
            winners, reasons, holds = winners.copy(), reasons.copy(), holds.copy()
            winners[filled] = fillers.rows[gaps]
            reasons[filled], holds[filled] = self.codes[GAP_FILLED], True
        reasons = np.where(holds, reasons, self.codes[MISSING]).astype(np.int16)
        out = self.excluded.get(name)
        never = [] if out is None else np.flatnonzero(out[winners]).tolist()
        reasons[never] = self.codes[NEVER]
        return Outcome(winners, reasons, dict.fromkeys(never))

    def _holds(self, name: str, rows: Rows) -> NDArray[np.bool_]:
        """Return whether each of the rows holds a golden column's input."""
        holds: NDArray[np.bool_] = self.table[name].slots[rows, 0] >= 0
        return holds

    def _eligible(self, unit: Sequence[str]) -> tuple[Rows, Rows]:
        """Return the rows that contend for a unit, and their entities.

        Rows that hold a value that may not survive do so only among themselves.
        """
        barred = [self.excluded[name] for name in unit if name in self.excluded]
        if not barred:
            return self.shared, self.entities
        out = np.any(barred, axis=0)[self.shared]
        holds = np.any([self._holds(name, self.shared) for name in unit], axis=0)
        has_other = np.zeros(len(self.first), np.bool_)
        has_other[self.entities[holds & ~out]] = True
        kept = np.flatnonzero(~(out & has_other[self.entities]))
        return self.shared[kept], self.entities[kept]

    def _contested(
        self, unit: Sequence[str], rows: Rows, entities: Rows
    ) -> tuple[Rows, Reasons]:
        """Return each entity's row for columns that survive together, and why."""
        winners = self.first.copy()
        reasons = np.full(len(winners), self.codes[ONLY_VALUE], np.int16)
        led = np.zeros(len(winners), np.bool_)
        columns = [self.table[name] for name in unit]
        for place, field in enumerate(unit):
            held = np.flatnonzero(self._holds(field, rows) & ~led[entities])
            rules = self.rules[field]
            if len(unit) > 1:
                rules = (*rules, MostComplete(tuple(unit)))
            contest = Contest.of(columns, rows[held], entities[held])
            for won, reason in self._outcomes(contest, columns, field, rules):
                winners[won.entities] = won.rows
                reasons[won.entities] = self.codes[reason]
            self.leads[entities[held]] = place
            led[entities[held]] = True
        return winners, reasons

    def _outcomes(
        self,
        contest: Contest,
        columns: Sequence[Column],
        field: str,
        rules: Sequence[SurvivorshipRule],
    ) -> Iterator[tuple[Winners, str]]:
        """Yield the winners of some entities, with what decided for them."""
        agreed, left = contest.settled()
        yield agreed, ONLY_VALUE
        for rule in rules:
            if not len(left.rows):
                return
            narrowed = left.narrowed(self._ranks(rule, field, left))
            self._note(left.rows[left.running & ~narrowed.running], rule.name)
            agreed, left = narrowed.settled()
            yield agreed, rule.name
        self._note(left.rows[left.running], TIE_BREAK)
        yield left.smallest(columns), TIE_BREAK

    def _note(self, rows: Rows, reason: str) -> None:
        """Note what ruled rows out, where somebody wants to know."""
        if self.lost is not None:
            self.lost[rows] = self.codes[reason]

    def _mastered(
        self, unit: Sequence[str], rows: Rows, entities: Rows
    ) -> tuple[Rows, Reasons]:
        """Return each entity's surviving record, or the best that holds the unit."""
        held = np.flatnonzero(np.any([self._holds(n, rows) for n in unit], axis=0))
        rows, entities = rows[held], entities[held]
        winners = self.first.copy()
        reasons = np.full(len(winners), self.codes[ONLY_VALUE], np.int16)
        held_by_master = np.zeros(len(winners), np.bool_)
        held_by_master[entities[rows == self.masters[entities]]] = True
        winners[held_by_master] = self.masters[held_by_master]
        reasons[held_by_master] = self.codes[MASTER]
        left = np.flatnonzero(~held_by_master[entities])
        for won in self._best(rows[left], entities[left]):
            winners[won.entities] = won.rows
            reasons[won.entities] = self.codes[GAP_FILLED]
        return winners, reasons

    def _best(self, rows: Rows, entities: Rows) -> Iterator[Winners]:
        """Yield the best of some entities' rows, by the rule of the surviving one."""
        contest = Contest(
            rows,
            entities,
            [np.arange(len(rows), dtype=np.int32)],
            np.ones(len(rows), np.bool_),
        )
        won, contest = contest.settled()
        yield won
        for rule in steps_of(self.terms.master):
            if not len(contest.rows):
                return
            contest = contest.narrowed(self._ranks(rule, "", contest))
            won, contest = contest.settled()
            yield won
        yield contest.lowest(self._id_order(contest.rows[contest.running]))

    def _id_order(self, rows: Rows) -> list[NDArray[np.int64]]:
        """Return keys by which rows are in order of their ids, 9 before 10."""
        if self.terms.id is None:
            return []
        column = self.table[self.terms.id]
        sizes = np.fromiter(map(len, column.values), np.int64, len(column.values))
        lengths = np.append(sizes, np.iinfo(np.int64).max)  # a missing id comes last
        return [lengths[column.slots[rows, 0]], text_order(column, rows)]

    def _fillers(
        self, unit: Sequence[str], winners: Rows, rows: Rows, entities: Rows
    ) -> Winners:
        """Return the row that fills the gaps of a group, of entities that have one."""
        anchors = [name for name in unit if name in self.terms.anchors]
        if not anchors or len(unit) == 1:
            return Winners(rows[:0], entities[:0])
        adds = np.zeros(len(rows), np.bool_)
        for name in unit:
            adds |= self._holds(name, rows) & ~self._holds(name, winners)[entities]
        anchored = np.any([self._holds(name, winners) for name in anchors], axis=0)
        kept = np.flatnonzero(adds & anchored[entities])
        # What tells most apart first: fewer are left to be normalized.
        for name in (*anchors, *(name for name in unit if name not in anchors)):
            pair = self._identities(name, rows[kept], winners[entities[kept]])
            agree = (pair[0] == pair[1]).all(axis=1)
            if name not in anchors:
                agree |= (pair < 0).all(axis=2).any(axis=0)
            kept = kept[agree]
        return self._fullest(unit, rows[kept], entities[kept])

    def _identities(self, name: str, left: Rows, right: Rows) -> NDArray[np.int64]:
        """Return what is equal where values of rows are; shape `(2, n_rows, width)`."""
        both = np.concatenate([left, right])
        found = identities_of(*self._standard(name, both, None))
        return found.reshape(2, len(left), found.shape[1])

    def _standard(
        self, name: str, rows: Rows, kind: Kind | None
    ) -> tuple[Column, Column]:
        """Return the values of rows as stored and normalized; see `Terms.standard`."""
        if self.terms.standard is None:
            column = self.table[name].take(rows)
            return column, column
        return self.terms.standard(name, rows, kind)

    def _fullest(self, unit: Sequence[str], rows: Rows, entities: Rows) -> Winners:
        """Return each entity's row with the most of a unit; then go by its rules."""
        columns = [self.table[name] for name in unit]
        rules = (MostComplete(tuple(unit)), *self.rules[unit[0]])
        contest = Contest.of(columns, rows, entities)
        untraced = replace(self, lost=None)
        found = untraced._outcomes(contest, columns, unit[0], rules)
        won = [winners for winners, _ in found]
        return Winners(
            np.concatenate([winners.rows for winners in won]),
            np.concatenate([winners.entities for winners in won]),
        )

    def _made(self, name: str) -> Outcome:
        """Return what a rule makes of the rows of each entity."""
        rule, *ranking = self.rules[name]
        source = source_of(rule, name)
        column = self.table[source]
        is_held = column.slots[self.order, 0] >= 0
        out = self.excluded.get(name)
        if out is not None:
            is_held &= ~out[self.order]
        rows, entities = self.order[is_held], self.owners[self.order[is_held]]
        if getattr(rule, "ordered", False):
            rows = self._best_first(source, ranking or _DEFAULT, rows, entities)
        stored, standard = self._standard(source, rows, getattr(rule, "reads_as", None))
        held = Held(column, rows, entities, len(self.first), stored, standard)
        made = cast(MakingRule, rule).make(held)
        self._note(made.skipped, rule.name)
        return self._outcome_made(name, held, made)

    def _outcome_made(self, name: str, held: Held, made: Made | Picked) -> Outcome:
        """Return what survives of a column whose values a rule made."""
        starts = starts_of(held.entities)
        winners = self.first.copy()
        winners[held.entities[starts]] = held.rows[starts]
        reasons = np.full(len(winners), self.codes[MISSING], np.int16)
        reasons[held.entities] = self.codes[self.rules[name][0].name]
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
            reasons[alike & (reasons != self.codes[MISSING])] = self.codes[ONLY_VALUE]
        out = self.excluded.get(name)
        if out is not None:
            never = np.zeros(len(winners), np.bool_)
            never[self.owners[self.order[out[self.order]]]] = True
            never &= reasons == self.codes[MISSING]
            reasons[never] = self.codes[NEVER]
            values |= dict.fromkeys(np.flatnonzero(never).tolist())
        return Outcome(winners, reasons, values, isinstance(made, Made))

    def _best_first(
        self,
        field: str,
        ranking: Sequence[SurvivorshipRule],
        rows: Rows,
        entities: Rows,
    ) -> Rows:
        """Return the rows in order of entity and rank; equal ones by their texts."""
        keys = [text_order(self.table[field], rows)]
        for rule in reversed(ranking):
            if hasattr(rule, "rank_within"):
                ranks = _called(
                    rule, rule.rank_within, self.table, field, rows, entities
                )
            else:
                ranks = _called(rule, rule.rank, self.table, field, rows)
            keys.append(
                np.nan_to_num(-ranks, nan=np.inf, posinf=np.inf, neginf=-np.inf)
            )
        return rows[np.lexsort((*keys, entities))]

    def _ranks(self, rule: SurvivorshipRule, field: str, contest: Contest) -> Ranks:
        """Return the rule's rank of each row that is still in the running."""
        running = contest.rows[contest.running]
        if hasattr(rule, "rank_within"):
            everyone = (self.table, field, contest.rows, contest.entities)
            return _called(rule, rule.rank_within, *everyone)[contest.running]
        if not getattr(rule, "whole_record", False):
            return _called(rule, rule.rank, self.table, field, running)
        if rule not in self.record_ranks:
            ranks = np.full(self.table.n_rows, np.nan)
            ranks[self.shared] = _called(
                rule, rule.rank, self.table, field, self.shared
            )
            self.record_ranks[rule] = ranks
        return self.record_ranks[rule][running]


def steps_of(rule: SurvivorshipRule) -> tuple[SurvivorshipRule, ...]:
    """Return the rules that decide one after the other."""
    return rule.rules if isinstance(rule, Chain) else (rule,)


_DEFAULT = steps_of(default_rule(None))


def _called(
    rule: SurvivorshipRule,
    rank: Callable[..., Ranks],
    table: RecordTable,
    field: str,
    *rows: Rows,
) -> Ranks:
    """Return the ranks that a rule's method gives, or what is wrong with it."""
    try:
        ranks = np.asarray(rank(table, field, *rows), np.float64)
    except CustmergeError:
        raise
    except Exception as error:
        message = (
            f"survivorship rule {rule.name!r} raised {type(error).__name__} on the "
            f"field {field!r}"
        )
        raise PluginError(message) from error
    if ranks.shape != rows[0].shape:
        message = (
            f"survivorship rule {rule.name!r} returned ranks of shape {ranks.shape} "
            f"for {len(rows[0])} rows of the field {field!r}; give one for each row"
        )
        raise PluginError(message)
    return ranks
