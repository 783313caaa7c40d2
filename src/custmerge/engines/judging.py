"""Whose a contact value is: one person's, a household's, many people's, or nobody's.

An e-mail address, a telephone number, an address or an identifier says who somebody is
only as far as it is theirs alone. How many people hold a value is seen from the names
and birth dates it meets, before any pair is compared. The value's frequency is then
that among people, not among records: a private address that one customer entered ten
times stays rare, a switchboard is common. What stands for a missing value is taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from custmerge.blockers import ExactKey, Phonetic
from custmerge.config import Field
from custmerge.contacts import ContactUse, ContactValues
from custmerge.kinds import Kind
from custmerge.pairs import distinct, ranges
from custmerge.protocols import Keys, Rows
from custmerge.records import Column, RecordTable

__all__ = ["judge", "without_placeholders"]

Counts = NDArray[np.int64]

_CONTACTS = (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.IDENTIFIER)
_NAMES = (Kind.GIVEN_NAME, Kind.FULL_NAME, Kind.ORGANISATION)
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
    people = [] if names is None else [_name_keys(table, by_kind[names], names)]
    if Kind.BIRTH_DATE in by_kind:
        people.append(ExactKey(by_kind[Kind.BIRTH_DATE]).keys(table))
    surname = by_kind.get(Kind.FAMILY_NAME)
    surnames = [] if surname is None else [Phonetic(surname).keys(table)]
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
            judged[field.name] = ContactValues(
                column.values, n_records, n_holders, codes
            )
    return judged


def _name_keys(table: RecordTable, name: str, kind: Kind) -> tuple[Rows, Keys]:
    """Return a key for each row's name: relatives' names must differ in it."""
    blocker = Phonetic(name) if kind is Kind.GIVEN_NAME else ExactKey(name)
    return blocker.keys(table)


def _n_groups(
    column: Column, keys: Sequence[tuple[Rows, Keys]], unknown: Counts
) -> Counts:
    """Return how many groups the holders of each value fall into.

    Two holders are of one group where they share any key, or where others of it link
    them: a name mistyped is bridged by the birth date.

    Args:
        column: The values.
        keys: Rows and keys, as blockers give them.
        unknown: What to return for values whose holders have no key at all.
    """
    holders, slots = np.nonzero(column.slots >= 0)
    values = column.slots[holders, slots].astype(np.int64)
    wanted = (column.counts() > 1)[values]
    holders, values = holders[wanted], values[wanted]
    ends, hubs, n_hubs = [], [], 0
    for rows, row_keys in keys:
        holder, key = _joined(holders, rows, row_keys, len(column))
        width = int(row_keys.max(initial=0)) + 1
        met, hub = np.unique(values[holder] * width + key, return_inverse=True)
        ends.append(holder)
        hubs.append(hub.reshape(-1) + n_hubs)
        n_hubs += len(met)
    groups = np.where(column.counts() == 1, 1, unknown)
    if not n_hubs:
        return groups
    left, right = np.concatenate(ends), np.concatenate(hubs) + len(holders)
    n_nodes = len(holders) + n_hubs
    ones = np.ones(len(left), dtype=np.int8)
    graph = csr_array((ones, (left, right)), shape=(n_nodes, n_nodes))
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    keyed = distinct(left)
    found = distinct(values[keyed] * n_nodes + labels[keyed]) // n_nodes
    counts = np.bincount(found, minlength=len(groups))
    return np.where(counts > 0, counts, groups).astype(np.int64)


def _joined(
    holders: Rows, rows: Rows, keys: Keys, n_rows: int
) -> tuple[NDArray[np.int64], Keys]:
    """Return each holder's position with each key of its row."""
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=n_rows)
    starts = (np.cumsum(counts) - counts)[holders]
    repeats = counts[holders]
    places = np.repeat(np.arange(len(holders)), repeats)
    return places, keys[order][ranges(starts, repeats)]


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
