"""Whose a contact value is: one person's, a household's, many people's, or nobody's.

An e-mail address, a telephone number, an address or an identifier says who somebody is
only as far as it is theirs alone. How many people hold a value is seen from the names
and birth dates it meets, before any pair is compared. The value's frequency is then
that among people, not among records: a private address that one customer entered ten
times stays rare, a switchboard is common. A company's mailbox (`info@…`) or hotline
(400-…) is of some people at least, however few are there. What stands for a missing
value is taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.blockers import ExactKey, Phonetic
from custmerge.blockers.keying import scrambled
from custmerge.clustering import components
from custmerge.config import Field
from custmerge.contacts import ContactUse, ContactValues, of_offices
from custmerge.kinds import Kind
from custmerge.pairs import Pairs, ranges, repeated
from custmerge.protocols import Blocker, Keys, Rows
from custmerge.records import Column, RecordTable

__all__ = ["judge", "without_placeholders"]

Counts = NDArray[np.int64]

_CONTACTS = (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.IDENTIFIER)
_NAMES = (Kind.GIVEN_NAME, Kind.FULL_NAME, Kind.ORGANISATION)
_HOUSEHOLD, _SHARED = (
    tuple(ContactUse).index(use) for use in (ContactUse.HOUSEHOLD, ContactUse.SHARED)
)
_LARGEST_HOUSEHOLD = 8
"""People of one household, at most; a round figure of our own."""
_SURNAMES = 2
"""Family names in one household, at most: those of a couple."""
_CROWD, _CROWD_SHARE = 20, 0.02
"""People, and share of the records with any value, from which a value stands for a
missing one; round figures of our own. A switchboard so common tells as little."""


def judge(table: RecordTable, fields: Sequence[Field]) -> dict[str, ContactValues]:
    """Return whose the values of each contact field are.

    Args:
        table: The normalized records.
        fields: The compared fields.
    """
    by_kind = {Kind(field.kind): field.name for field in reversed(fields)}
    named = [kind for kind in _NAMES if kind in by_kind]
    names = max(
        named, key=lambda kind: int(table[by_kind[kind]].present.sum()), default=None
    )
    are_people = names is not None and names is not Kind.ORGANISATION
    blockers = [] if names is None else [_name_blocker(by_kind[names], names)]
    if Kind.BIRTH_DATE in by_kind:
        blockers.append(ExactKey(by_kind[Kind.BIRTH_DATE]))
    people = [_by_row(blocker.keys(table), table.n_rows) for blocker in blockers]
    surname = by_kind.get(Kind.FAMILY_NAME)
    surnames = (
        []
        if surname is None
        else [_by_row(Phonetic(surname).keys(table), table.n_rows)]
    )
    judged = {}
    for field in fields:
        if Kind(field.kind) in _CONTACTS:
            column = table[field.name]
            n_records = column.counts()
            n_people = _n_groups(column, people, n_records)
            n_surnames = _n_groups(column, surnames, np.zeros_like(n_records))
            is_family = (n_surnames <= _SURNAMES) & are_people
            codes = _uses(column, n_people, is_family, Kind(field.kind))
            # Organisations' names vary too much to be counted.
            n_holders = n_people if are_people else n_records
            is_office = _are_offices(column, Kind(field.kind)) & are_people
            is_met = is_office & (n_records > 1) & (codes <= _HOUSEHOLD)
            codes[is_met] = _SHARED
            judged[field.name] = ContactValues(
                column.values, n_records, n_holders, codes, is_office
            )
    return judged


def _are_offices(column: Column, kind: Kind) -> NDArray[np.bool_]:
    if kind in (Kind.EMAIL, Kind.PHONE):
        return of_offices(column.values)
    return np.zeros(len(column.values), dtype=bool)


def _name_blocker(name: str, kind: Kind) -> Blocker:
    """Return what gives each row a key for its name: relatives' must differ in it."""
    return Phonetic(name) if kind is Kind.GIVEN_NAME else ExactKey(name)


@dataclass(frozen=True, slots=True)
class _KeysByRow:
    """The keys of each row, side by side.

    Attributes:
        keys: All keys, by row.
        counts: How many of them each row has.
        starts: Where each row's begin.
    """

    keys: Keys
    counts: Counts
    starts: Counts


def _by_row(keyed: tuple[Rows, Keys], n_rows: int) -> _KeysByRow:
    rows, keys = keyed
    counts = np.bincount(rows, minlength=n_rows)
    ordered = keys[np.argsort(rows, kind="stable")]
    return _KeysByRow(ordered, counts, np.cumsum(counts) - counts)


def _n_groups(column: Column, keys: Sequence[_KeysByRow], unknown: Counts) -> Counts:
    """Return how many groups the holders of each value fall into.

    Two holders are of one group where they share any key, or where others of it link
    them: a name mistyped is bridged by the birth date.

    Args:
        column: The values.
        keys: Keys of all rows.
        unknown: What to return for values whose holders have no key at all.
    """
    n_records = column.counts()
    slots = column.slots
    # Nobody shares the others.
    is_shared = np.append(n_records > 1, False)
    places = np.flatnonzero(is_shared[slots])
    holders = places // column.width
    values = slots.reshape(-1)[places].astype(np.int64)
    is_keyed = np.zeros(len(holders), dtype=bool)
    links = [Pairs.of((), ())]
    for rows in keys:
        counts = rows.counts[holders]
        is_keyed |= counts > 0
        links.append(_alike(values, rows, counts, rows.starts[holders]))
    # In whatever order, and some twice: to components it is all one.
    pairs = Pairs(
        np.concatenate([some.left for some in links]),
        np.concatenate([some.right for some in links]),
    )
    is_first = components(len(holders), pairs) == np.arange(len(holders))
    counts = np.bincount(values[is_first & is_keyed], minlength=len(n_records))
    groups = np.where(n_records == 1, 1, unknown)
    return np.where(counts > 0, counts, groups).astype(np.int64)


def _alike(values: Rows, rows: _KeysByRow, counts: Counts, starts: Counts) -> Pairs:
    """Return links of holders with the first one who has the value and a key too.

    Args:
        values: The value of each holder.
        rows: The keys of all rows.
        counts: How many keys each holder's row has.
        starts: Where they begin.
    """
    holders = np.repeat(np.arange(len(values)), counts)
    width = int(rows.keys.max(initial=0)) + 1
    met = values[holders] * width + rows.keys[ranges(starts, counts)]
    places = repeated(scrambled(met.astype(np.uint64)))
    met, holders = met[places], holders[places]
    is_next = np.zeros(len(met), dtype=bool)
    is_next[1:] = met[1:] == met[:-1]
    first = np.maximum.accumulate(np.where(is_next, 0, np.arange(len(met))))
    return Pairs(holders[first[is_next]], holders[is_next])


def _uses(
    column: Column, n_people: Counts, is_family: NDArray[np.bool_], kind: Kind
) -> NDArray[np.int8]:
    n_held = max(int(column.present.sum()), 1)
    is_crowd = (n_people >= _CROWD) & (column.counts() >= _CROWD_SHARE * n_held)
    personal, household, shared, placeholder = range(len(ContactUse))
    # Many people live in one city block; nobody's address is a missing one.
    crowd = shared if kind is Kind.ADDRESS else placeholder
    small = is_family & (n_people <= _LARGEST_HOUSEHOLD)
    codes = np.select(
        [n_people <= 1, is_crowd, small], [personal, crowd, household], shared
    )
    return codes.astype(np.int8)


def without_placeholders(
    table: RecordTable, judged: Mapping[str, ContactValues]
) -> RecordTable:
    """Return the table with what stands for a missing value made missing."""
    columns = dict(table.columns)
    for name, contacts in judged.items():
        is_real = ~contacts.are(ContactUse.PLACEHOLDER)
        if not is_real.all():
            lookup = np.append(np.where(is_real, np.arange(len(is_real)), -1), -1)
            codes = lookup.astype(np.int32)[columns[name].codes]
            columns[name] = Column(columns[name].values, codes)
    return RecordTable(columns, table.n_rows)
