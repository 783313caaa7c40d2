"""Which records are of nobody, and how complete and sound each record is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.quality.fakes import test_words
from custmerge.quality.inspecting import CONTRADICTIONS, Flags, Inspection
from custmerge.quality.units import NAMES, PERSONS
from custmerge.records import Column

__all__ = ["GHOSTS", "Verdict", "judge"]

GHOSTS: Mapping[str, str] = {
    "empty": "it holds nothing about the customer",
    "all_placeholder": "its names, identifiers and contacts stand for no value",
    "no_contact_no_identity": "it has no name, identifier or contact that can be used",
    "test_record": "its name was typed to see whether a form works",
    "contradiction": "its values cannot all be right, and no contact can be used",
}
"""Why a record is of nobody."""

_CONTACTS = (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS)
_PARTS: tuple[tuple[Kind, ...], ...] = (
    NAMES,
    (Kind.EMAIL,),
    (Kind.PHONE,),
    (Kind.ADDRESS,),
    (Kind.IDENTIFIER,),
    (Kind.BIRTH_DATE,),
)
"""What a table may say of who a customer is and how to reach them."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What is thought of each record.

    Attributes:
        scores: float64 in [0, 1], shape `(n_records,)`: how complete and sound each is.
        reasons: Why it is of nobody, several joined by `"; "`; missing where it is
            not.
    """

    scores: NDArray[np.float64]
    reasons: Column

    @property
    def is_ghost(self) -> Flags:
        """Which records are of nobody."""
        return self.reasons.present


def judge(found: Inspection) -> Verdict:
    """Return the score of each record, and why it is of nobody.

    The score is coverage times soundness. Coverage is the share of the parts *name*,
    *e-mail*, *phone*, *address*, *identifier* and *birth date*, of those that the table
    has columns for, of which the record holds a value without an issue; soundness the
    share of its values (of all fields, and of missing ones that are required) without
    one. So one more value without an issue never lowers it.

    Examples:
        >>> import custmerge as cm
        >>> from datetime import date
        >>> from custmerge.quality import inspect
        >>> from custmerge.records import RecordTable
        >>> fields = (cm.Field("name", kind="full_name"), cm.Field("city", kind="city"))
        >>> table = RecordTable.from_mappings(
        ...     [{"name": "Ann Lee", "city": "n/a"}, {"name": "测试", "city": "York"}]
        ... )
        >>> verdict = judge(inspect(table, cm.Config(fields), date(2026, 6, 1)))
        >>> verdict.scores.tolist(), verdict.reasons.decode()
        ([0.5, 0.0], [None, 'all_placeholder; test_record'])
    """
    return Verdict(_scores(found), _reasons(found))


def _scores(found: Inspection) -> NDArray[np.float64]:
    n_rows = found.n_rows
    n_sound, n_all = np.zeros(n_rows), np.zeros(n_rows)
    covered = {part: np.zeros(n_rows, dtype=bool) for part in _PARTS}
    for place, unit in enumerate(found.units):
        held, flagged = found.held(place), found.flagged(place)
        n_sound += held & ~flagged
        n_all += held | flagged
        for part in _PARTS:
            if unit.kind in part:
                covered[part] |= held & ~flagged
    parts = [covered[p] for p in _PARTS if any(u.kind in p for u in found.units)]
    coverage = np.mean(parts, axis=0) if parts else np.ones(n_rows)
    scores: NDArray[np.float64] = coverage * n_sound / np.maximum(n_all, 1)
    return scores


def _reasons(found: Inspection) -> Column:
    contacts = _places(found, _CONTACTS)
    is_reached = _any(found, map(found.usable, contacts))
    numbers = _places(found, (Kind.IDENTIFIER,))
    is_known = is_reached | _any(found, map(found.usable, numbers))
    flags = {
        **_unusable(found),
        "test_record": _test_records(found, is_known),
        # Of a customer who can be reached it is rather a slip.
        "contradiction": _contradicted(found) & ~is_reached & bool(contacts),
    }
    bits = np.zeros(found.n_rows, dtype=np.int64)
    for place, name in enumerate(GHOSTS):
        bits |= flags[name].astype(np.int64) << place
    combinations, codes = np.unique(bits, return_inverse=True)
    texts = [
        "; ".join(name for place, name in enumerate(GHOSTS) if mask >> place & 1)
        for mask in combinations.tolist()
    ]
    return Column.encode(texts).take(codes.reshape(-1))


def _unusable(found: Inspection) -> dict[str, Flags]:
    """Return which records say nothing of who the customer is, and in what way."""
    told = _places(found, (*NAMES, Kind.IDENTIFIER, *_CONTACTS))
    others = [place for place, unit in enumerate(found.units) if unit.kind != Kind.DATE]
    is_empty = ~_any(found, map(found.held, others))
    is_held = _any(found, map(found.held, told))
    is_real = _any(found, map(found.real, told))
    is_usable = _any(found, map(found.usable, told))
    # A table that has no column for any of these says nothing of anybody.
    is_nobody = ~is_usable & bool(told)
    is_filled = is_held & ~is_real
    return {
        "empty": is_nobody & is_empty,
        "all_placeholder": is_nobody & is_filled,
        "no_contact_no_identity": is_nobody & ~is_empty & ~is_filled,
    }


def _contradicted(found: Inspection) -> Flags:
    """Return which records have values that cannot all be right."""
    flags = np.zeros(found.n_rows, dtype=bool)
    flags[found.rows[found.are(CONTRADICTIONS)]] = True
    return flags


def _test_records(found: Inspection, is_known: Flags) -> Flags:
    """Return which records are named as test entries are, persons before companies.

    One word is too little where another value says who the customer is.
    """
    persons, others = _places(found, PERSONS), _places(found, (Kind.ORGANISATION,))
    words = np.where(
        _any(found, map(found.held, persons)),
        _test_words(found, persons),
        _test_words(found, others),
    )
    is_test: Flags = words > is_known
    return is_test


def _test_words(found: Inspection, places: Sequence[int]) -> NDArray[np.int64]:
    """Return how many words of a test entry the name of each record is."""
    words = np.zeros(found.n_rows, dtype=np.int64)
    is_test = found.are(["test"])
    rows = np.flatnonzero(_any(found, (found.flagged(p, is_test) for p in places)))
    if rows.size:
        words[rows] = test_words([found.columns[place] for place in places], rows)
    return words


def _places(found: Inspection, kinds: Sequence[Kind]) -> list[int]:
    return [place for place, unit in enumerate(found.units) if unit.kind in kinds]


def _any(found: Inspection, flags: Iterable[Flags]) -> Flags:
    either = np.zeros(found.n_rows, dtype=bool)
    for some in flags:
        either |= some
    return either
