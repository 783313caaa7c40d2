"""The rows of all entities, ready to contend for one golden column after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import call
from custmerge.exceptions import PluginError
from custmerge.kinds import Kind
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship.casing import MixedCase
from custmerge.survivorship.chain import steps_of
from custmerge.survivorship.contest import (
    Contest,
    Winners,
    text_order,
)
from custmerge.survivorship.defaults import default_rule
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

__all__ = ["Contending", "Outcome"]

Reasons = NDArray[np.int16]

_Places = Callable[[Column, Rows], NDArray[np.int64]]
"""Returns where each row's text stands among the others."""


class Outcome(NamedTuple):
    """For each entity the row of one golden column, why, and values of its own.

    `is_unread` says that its rule could read no value of a column that holds some.
    """

    rows: Rows
    reasons: Reasons
    values: Mapping[int, object]
    is_computed: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Contending:
    """What is the same for all golden columns.

    Attributes:
        table: The records as they came.
        order: The rows by entity; of one its surviving record, then the others by id.
        owners: For each row of the table its entity, -1 for those not looked at.
        shared: The rows of entities that have several, in this order.
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
        own = (name for name in table if name not in terms.beside)
        names = dict.fromkeys((*own, *rules))
        steps = {name: steps_of(rules.get(name, default_rule(None))) for name in names}
        used = (rule.name for of_column in steps.values() for rule in of_column)
        # Groups ask for the most complete row, whatever the rules.
        known = [MISSING, ONLY_VALUE, TIE_BREAK, MASTER, GAP_FILLED, GROUP]
        known += [PINNED, NEVER, *used, MostComplete().name]
        is_shared = np.repeat(sizes > 1, sizes)
        shared = order[is_shared]
        first = order[np.cumsum(sizes) - sizes]
        contending = cls(
            *(table, order, owners, shared, owners[shared], steps),
            {name: code for code, name in enumerate(dict.fromkeys(known))},
            *(terms, first, excluded),
            *({}, None, np.zeros(len(sizes), np.int16)),
        )
        masters = first.copy()
        for won in contending.best(contending.shared, contending.entities):
            masters[won.entities] = won.rows
        contending = replace(contending, masters=masters)
        order = order.copy()
        order[is_shared] = shared = _by_standing(contending, sizes)
        return replace(contending, order=order, shared=shared)

    def traced(self) -> Contending:
        """Return it with what rules each row out noted in `lost`."""
        return replace(self, lost=np.full(self.table.n_rows, -1, np.int16))

    def holds(self, name: str, rows: Rows) -> NDArray[np.bool_]:
        """Return whether each of the rows holds a golden column's input."""
        holds: NDArray[np.bool_] = self.table[name].slots[:, 0][rows] >= 0
        return holds

    def outcomes(
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
            self.note(left.rows[left.running & ~narrowed.running], rule.name)
            agreed, left = narrowed.settled()
            yield agreed, rule.name
        self.note(left.rows[left.running], TIE_BREAK)
        if len(left.rows):
            left = left.narrowed(self._ranks(MixedCase(), field, left))
        yield left.smallest(columns), TIE_BREAK

    def note(self, rows: Rows, reason: str) -> None:
        """Note what ruled rows out, where somebody wants to know."""
        if self.lost is not None:
            self.lost[rows] = self.codes[reason]

    def best(self, rows: Rows, entities: Rows) -> Iterator[Winners]:
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
            contest = contest.narrowed(self._ranks(rule, self.terms.id or "", contest))
            won, contest = contest.settled()
            yield won
        for column, places in self._tie_breaks():
            if not len(contest.rows):
                return
            found = places(column, contest.rows[contest.running])
            won, contest = contest.narrowed(-found.astype(np.float64)).settled()
            yield won
        yield contest.lowest(())

    def _tie_breaks(self) -> Iterator[tuple[Column, _Places]]:
        """Yield what tells records that the rule of the surviving one leaves tied.

        Ids do, 9 before 10, or else sources, and at last what golden records take.
        """
        id_, source = self.terms.id, self.terms.source
        if id_ is not None:
            yield self.table[id_], _sizes
        mastered = [name for name in self.table if name in self.terms.mastered]
        for name in dict.fromkeys((id_, source, *mastered)):
            if name is not None:
                yield self.table[name], text_order

    def standard(
        self, name: str, rows: Rows, kind: Kind | None
    ) -> tuple[Column, Column]:
        """Return the values of rows as stored and normalized; see `Terms.standard`."""
        if self.terms.standard is None:
            column = self.table[name].take(rows)
            return column, column
        return self.terms.standard(name, rows, kind)

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

    def ranked(
        self, rule: SurvivorshipRule, field: str, rows: Rows, entities: Rows
    ) -> Ranks:
        """Return a rule's rank of each of all rows that hold a column."""
        if hasattr(rule, "rank_within"):
            return _called(rule, rule.rank_within, self.table, field, rows, entities)
        return _called(rule, rule.rank, self.table, field, rows)


def _by_standing(run: Contending, sizes: NDArray[np.int64]) -> Rows:
    """Return the rows of entities with several: the survivor, then others by id.

    So of several records that hold a winning value the same one is named whatever the
    order of the records, if they have ids.
    """
    terms, shared, table = run.terms, run.shared, run.table
    places = np.zeros(table.n_rows, np.int64)
    places[run.masters] = -1
    # Of two records one is the survivor.
    others = shared[(sizes[run.entities] > 2) & (places[shared] == 0)]
    named = [name for name in (terms.id, terms.source, *terms.beside) if name in table]
    if terms.id is not None and len(others):
        keys = [text_order(table[name], others) for name in reversed(named) if name]
        places[others[np.lexsort(keys)]] = np.arange(len(others))
    standing: Rows = shared[np.lexsort((places[shared], run.entities))]
    return standing


def _sizes(column: Column, rows: Rows) -> NDArray[np.int64]:
    """Return how long each row's text is; a missing one comes last."""
    sizes = np.fromiter(map(len, column.values), np.int64, len(column.values))
    lengths: NDArray[np.int64] = np.append(sizes, np.iinfo(np.int64).max)
    return lengths[column.first[rows]]


def _called(
    rule: SurvivorshipRule,
    rank: Callable[..., Ranks],
    table: RecordTable,
    field: str,
    *rows: Rows,
) -> Ranks:
    """Return the ranks that a rule's method gives, or what is wrong with it."""
    label = f"survivorship rule {rule.name!r} on the field {field!r}"
    ranks: Ranks = call(
        label, lambda: np.asarray(rank(table, field, *rows), np.float64)
    )
    if ranks.shape != rows[0].shape:
        message = (
            f"survivorship rule {rule.name!r} returned ranks of shape {ranks.shape} "
            f"for {len(rows[0])} rows of the field {field!r}; give one for each row"
        )
        raise PluginError(message)
    return ranks
