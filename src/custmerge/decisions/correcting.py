"""Results corrected by decisions: only the entities that they touch are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, compress
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from custmerge.answers import Answers
from custmerge.classifier import IntoClassifier, Verdicts
from custmerge.clustering import (
    Constraints,
    components,
    confidence,
    numbered_groups,
    smallest_members,
)
from custmerge.decisions.basis import Basis
from custmerge.decisions.document import Decisions, Link, Pin, key_of
from custmerge.decisions.golden import remerged
from custmerge.decisions.locating import check_pinned
from custmerge.decisions.repartitioning import repartitioned
from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.finding import check_type, is_listed
from custmerge.pairs import Pairs, distinct
from custmerge.partitioning import Weighed
from custmerge.protocols import Rows
from custmerge.records import as_text
from custmerge.survivorship import Survivors

__all__ = ["Corrected", "Standing", "adopted", "linked", "pinned", "regrouped"]

_MAX_LISTED = 5
_GROUPS = "a list of lists of record ids, as [['C1', 'C2'], ['C3']]"
_GROUP = "a list of record ids, as [['C1', 'C2'], ['C3']] has two of them"


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A result, as far as corrections go by it.

    Attributes:
        basis: What the run stands on.
        model: What weighed the pairs.
        weighed: The compared pairs, with the verdicts of rules and labels alone.
        labels: For each row its entity, by first rows.
        survivors: Where the golden values come from.
        decisions: What people decided so far.
    """

    basis: Basis
    model: IntoClassifier
    weighed: Weighed
    labels: Rows
    survivors: Survivors
    decisions: Decisions

    def entity_of(self, record: object) -> int:
        """Return the entity that a record is in.

        Raises:
            InvalidInputError: No single record has such an id.
        """
        (row,) = self.basis.finder.rows_of([record]).tolist()
        if row < 0:
            raise InvalidInputError(self.basis.finder.missing(row, "this id"))
        return int(self.labels[row])

    def rows_of(self, entities: Iterable[int]) -> Rows:
        """Return the rows of two entities or more.

        Raises:
            InvalidInputError: These are none.
        """
        wanted = "a list of entity ids, as [0, 7]"
        check_type("entity_ids", entities, is_listed(entities), wanted)
        asked = list(entities)
        self.check(asked)
        if len(set(asked)) < 2:
            message = "merging takes the ids of two entities or more"
            raise InvalidInputError(message)
        return np.flatnonzero(np.isin(self.labels, asked))

    def parts(self, entity: int, groups: Iterable[Iterable[object]]) -> list[Rows]:
        """Return the rows of groups of an entity's records, and of those in none.

        Raises:
            InvalidInputError: There is no such entity, or the groups do not part it;
                the message lists all that is wrong.
        """
        self.check([entity])
        check_type("groups", groups, is_listed(groups), _GROUPS)
        named = []
        for group in groups:
            check_type("each of the groups", group, is_listed(group), _GROUP)
            named.append(list(group))
        rows = self.basis.finder.rows_of(list(chain.from_iterable(named)))
        group_of = np.repeat(np.arange(len(named)), list(map(len, named)))
        members = np.flatnonzero(self.labels == entity)
        strangers = np.flatnonzero(~np.isin(rows, members))
        n_twice = int((rows >= 0).sum()) - len(distinct(rows[rows >= 0]))
        rest = np.setdiff1d(members, rows)
        parts = [*(rows[group_of == number] for number in range(len(named))), rest]
        problems = [
            *_strangers(group_of[strangers].tolist()),
            *([f"{n_twice} records are named more than once"] if n_twice else []),
            *(["a group is empty"] if not all(map(len, named)) else []),
        ]
        parts = [part for part in parts if len(part)]
        if len(parts) < 2 and not problems:
            problems = ["they leave it whole; name a part of its records"]
        if problems:
            message = f"the groups do not part entity {entity}: " + "; ".join(problems)
            raise InvalidInputError(message)
        return parts

    def check(self, entities: Iterable[object]) -> None:
        """Check that there are such entities.

        Raises:
            InvalidInputError: There are not.
        """
        n_entities = int(self.labels.max(initial=-1)) + 1
        wrong = [x for x in entities if not _is_number(x) or not 0 <= x < n_entities]
        if wrong:
            message = (
                f"{len(wrong)} of the entity ids are none of this result's "
                f"{n_entities}, counted from 0, as in result.assignments; "
                "result.entity_of(record) gives a record's"
            )
            raise InvalidInputError(message)


def _is_number(entity: object) -> TypeGuard[int]:
    return isinstance(entity, (int, np.integer)) and not isinstance(entity, bool)


def _strangers(groups: Sequence[int]) -> Iterator[str]:
    if groups:
        listed = ", ".join(map(str, sorted(set(groups))[:_MAX_LISTED]))
        yield f"{len(groups)} records are not of it (in the groups {listed})"


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """What a correction changes of a result; the attributes are those of `Resolution`.

    Attributes:
        labels: For each row its entity, by first rows.
        verdicts: What rules, labels and decisions settle of the compared pairs.
        confidence: How sure each row's entity is.
        survivors: Where the golden values come from.
        decisions: What people decided so far.
        n_contradicted: How many pins gave way to later ones.
        n_absent: How many of the new decisions name what is not there.
    """

    labels: Rows
    verdicts: Verdicts
    confidence: NDArray[np.float64]
    survivors: Survivors
    decisions: Decisions
    n_contradicted: int
    n_absent: int = 0


def regrouped(standing: Standing, groups: Sequence[Rows]) -> Corrected:
    """Return the result with the records of each group as an entity of their own.

    What was decided before about any two of these records gives way.

    Args:
        standing: The result.
        groups: Rows; between them all those of some entities.

    Raises:
        InvalidConfigError: Labels or constraints of the run contradict it.
    """
    rows = np.concatenate(groups)
    names = dict(zip(rows.tolist(), standing.basis.names_of(rows), strict=True))
    # By name, so that decisions do not depend on the order of the records.
    named = [
        sorted((names[row] for row in group.tolist()), key=key_of) for group in groups
    ]
    same = [Link(group[0], name, same=True) for group in named for name in group[1:]]
    heads = combinations([group[0] for group in named], 2)
    apart = [Link(one, other, same=False) for one, other in heads]
    kept = _links_beyond(standing, rows)
    decisions = replace(standing.decisions, links=(*kept, *same, *apart))
    labels = standing.labels.copy()
    for number, group in enumerate(groups, start=int(labels.max()) + 1):
        labels[group] = number
    labels = numbered_groups(labels)
    decisions = _held_apart(standing, labels, decisions, rows)
    return _corrected(standing, labels, decisions)


def linked(standing: Standing, answers: Answers) -> Corrected:
    """Return the result with what was answered about pairs of records.

    The entities that it touches, and those that links connect with them, are chosen
    anew by the evidence about all their pairs, as a run does.

    Args:
        standing: The result.
        answers: Pairs of rows, and whether they are the same.

    Raises:
        InvalidInputError: An answer is about one record alone.
        InvalidConfigError: The answers contradict each other, or what was said before.
    """
    alone = answers.numbers[answers.left == answers.right].tolist()
    if alone:
        listed = ", ".join(map(str, alone[:_MAX_LISTED]))
        message = f"{len(alone)} answers name one record twice (rows {listed})"
        raise InvalidInputError(message)
    sides = (answers.left, answers.right)
    names = map(standing.basis.names_of, sides)
    links = tuple(map(Link, *names, answers.same.tolist()))
    kept = _links_but(standing, *sides)
    decisions = replace(standing.decisions, links=(*kept, *links))
    return _relinked(standing, decisions, np.concatenate(sides))


def adopted(standing: Standing, later: Decisions) -> Corrected:
    """Return the result with decisions from elsewhere, which replace those so far.

    As in a run, those that name records or columns that are not there are kept, and do
    nothing.

    Args:
        standing: The result.
        later: The decisions.

    Raises:
        InvalidConfigError: They contradict each other, or what was said before.
    """
    located = standing.basis.located(later)
    kept = _links_but(standing, *located.linked)
    decisions = replace(standing.decisions, links=kept) | later
    rows = np.concatenate(located.linked)
    corrected = _relinked(standing, decisions, rows[rows >= 0])
    return replace(corrected, n_absent=located.n_absent)


def pinned(
    standing: Standing, entity: int, values: Mapping[str, object], *, never: bool
) -> Corrected:
    """Return the result with values that an entity has, or never has.

    What was decided before about the same fields gives way, of "never this value" only
    what is about the same values.

    Args:
        standing: The result.
        entity: The entity.
        values: A value for each golden column.
        never: Whether they are values that it never has.

    Raises:
        InvalidInputError: There is no such entity, a value that it never has is
            missing, they are no values by column, or they are ids.
        ColumnNotFoundError: There is no such golden column.
    """
    standing.check([entity])
    wanted = "a mapping of golden columns to values"
    check_type("values", values, isinstance(values, Mapping), wanted)
    check_pinned(values, standing.basis.config)
    unknown = sorted(set(values).difference(standing.survivors.rows))
    if unknown:
        message = (
            f"there are no golden columns {unknown}; the columns are "
            f"{list(standing.survivors.rows)}"
        )
        raise ColumnNotFoundError(message)
    texts = {name: as_text(value) for name, value in values.items()}
    missing = sorted(name for name, text in texts.items() if text is None)
    if never and missing:
        message = (
            f"never says which values are wrong, and has none for {missing}; give "
            "one for each column, or pin a field to None to leave it without any"
        )
        raise InvalidInputError(message)
    rows = np.flatnonzero(standing.labels == entity)
    (record,) = standing.basis.names_of(standing.survivors.masters[[entity]])
    located = standing.basis.located(standing.decisions)
    kept = [
        pin
        for pin, row in zip(standing.decisions.pins, located.pinned, strict=True)
        if row not in rows
        or pin.field not in texts
        or (as_text(pin.value) != texts[pin.field] and (never or pin.never))
    ]
    more = [Pin(record, name, value, never) for name, value in values.items()]
    decisions = replace(standing.decisions, pins=(*kept, *more))
    return _corrected(standing, standing.labels, decisions)


def _held_apart(
    standing: Standing, labels: Rows, decisions: Decisions, rows: Rows
) -> Decisions:
    """Return the decisions, and what keeps groups apart from third entities.

    The evidence might join a group, once it is parted from its entity, with the next
    best one, where a run goes by it. Whoever parts them wants it by itself.

    Args:
        standing: The result.
        labels: For each row its entity, as wanted.
        decisions: What was decided so far.
        rows: The rows of the groups.
    """
    basis, wanted = standing.basis, np.unique(labels[rows])
    while True:
        told = basis.constraints(basis.located(decisions).constraints())
        found = _repartitioned(standing, told, rows)
        joined = Pairs.of(labels[smallest_members(found)], labels)
        joined = joined.take(
            np.isin(joined.left, wanted) | np.isin(joined.right, wanted)
        )
        if not len(joined):
            return decisions
        more: list[Link] = []
        for pair in zip(joined.left.tolist(), joined.right.tolist(), strict=True):
            group, third = pair if pair[0] in wanted else pair[::-1]
            names, others = (
                basis.names_of(np.flatnonzero(labels == entity))
                for entity in (group, third)
            )
            head = min(names, key=key_of)
            more += [Link(head, other, same=False) for other in others]
        decisions = replace(decisions, links=(*decisions.links, *more))


def _links_beyond(standing: Standing, rows: Rows) -> list[Link]:
    """Return the decided links but those among some records.

    Those to records that are not there go as well: they may link some by way of them.
    """
    links = standing.decisions.links
    sides = standing.basis.located(standing.decisions).linked
    inside = [np.isin(side, rows) for side in sides]
    absent = [side < 0 for side in sides]
    is_same = np.fromiter((link.same for link in links), np.bool_, len(links))
    goes = inside[0] & inside[1]
    goes |= is_same & ((inside[0] & absent[1]) | (absent[0] & inside[1]))
    return list(compress(links, (~goes).tolist()))


def _links_but(standing: Standing, left: Rows, right: Rows) -> tuple[Link, ...]:
    """Return the decided links but those about some pairs of rows."""
    links, n_rows = standing.decisions.links, len(standing.basis.order)
    sides = standing.basis.located(standing.decisions).linked
    there = (left >= 0) & (right >= 0)
    keys = _keys(left[there], right[there], n_rows)
    given = (sides[0] >= 0) & (sides[1] >= 0)
    is_kept = ~(given & np.isin(_keys(*sides, n_rows), keys))
    return tuple(compress(links, is_kept.tolist()))


def _relinked(standing: Standing, decisions: Decisions, rows: Rows) -> Corrected:
    """Return the result under other decisions, with what is about some rows new."""
    basis, labels = standing.basis, standing.labels
    told = basis.constraints(basis.located(decisions).constraints())
    if len(rows):
        labels = _repartitioned(standing, told, rows)
    return _corrected(standing, labels, decisions)


def _keys(left: Rows, right: Rows, n_rows: int) -> NDArray[np.int64]:
    """Return a number for each two rows, in whatever order they come."""
    keys: NDArray[np.int64] = np.minimum(left, right) * n_rows + np.maximum(left, right)
    return keys


def _repartitioned(standing: Standing, told: Constraints, named: Rows) -> Rows:
    """Return labels under new constraints, by the evidence around some rows."""
    basis, weighed, labels = standing.basis, standing.weighed, standing.labels
    threshold = basis.config.link_bits
    rows = basis.order[_touched(standing, told, named)[basis.order]]
    labels = labels.copy()
    parts = repartitioned(basis, standing.model, weighed, told, (rows, threshold))
    labels[rows] = labels.max(initial=-1) + 1 + parts
    return numbered_groups(labels)


def _touched(standing: Standing, told: Constraints, named: Rows) -> NDArray[np.bool_]:
    """Return which rows links connect with some rows, by way of their entities."""
    weighed, labels = standing.weighed, standing.labels
    is_strong = weighed.strengths > standing.basis.config.link_bits
    links = (weighed.pairs.take(is_strong), told.must)
    connected = Pairs.of(
        *(
            labels[np.concatenate(sides)]
            for sides in ([x.left for x in links], [x.right for x in links])
        )
    )
    groups = components(int(labels.max(initial=-1)) + 1, connected)
    touched: NDArray[np.bool_] = np.isin(groups, groups[labels[named]])[labels]
    return touched


def _corrected(standing: Standing, labels: Rows, decisions: Decisions) -> Corrected:
    """Return what other labels and decisions make of a result."""
    basis, weighed = standing.basis, standing.weighed
    located = basis.located(decisions)
    told = basis.constraints(located.constraints())
    overrides, n_contradicted = located.overrides(labels)
    n_rows = len(labels)
    chances = weighed.chances(weighed.vetoed(told, n_rows), n_rows)
    return Corrected(
        labels,
        located.settled(weighed.pairs, weighed.verdicts),
        confidence(labels, weighed.pairs, chances, told.must),
        remerged(basis, (standing.labels, standing.survivors), labels, overrides),
        decisions,
        n_contradicted,
    )
