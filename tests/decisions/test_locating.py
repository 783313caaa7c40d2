from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, pairs_of

import custmerge as cm
from custmerge.decisions import Decisions, Located, left_out, locate
from custmerge.finding import RecordFinder
from custmerge.pairs import Pairs
from custmerge.records import Column
from custmerge.survivorship import Override

N = 6
COLUMNS = ("city", "mail", "fax")


def _located(links: Any, pins: Any = (), n_rows: int = N) -> Located:
    return locate(Decisions(links, pins), RecordFinder(n_rows, None, None), COLUMNS)


def _closed(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return all pairs that follow from some pairs of the same."""
    groups = {row: {row} for pair in pairs for row in pair}
    for left, right in pairs:
        joined = groups[left] | groups[right]
        groups |= dict.fromkeys(joined, joined)
    return {
        pair for group in groups.values() for pair in combinations(sorted(group), 2)
    }


def _tuples(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@FEW
@given(pairs_of(N + 2))
def test_links_by_way_of_records_that_are_gone_still_hold(pairs: Pairs) -> None:
    links = [(a, b, True) for a, b in _tuples(pairs)]
    wanted = {pair for pair in _closed(_tuples(pairs)) if max(pair) < N}
    assert _closed(_tuples(_located(links).constraints().must)) == wanted


def test_records_of_two_groups_stay_apart_though_those_named_are_gone() -> None:
    links = [(0, 6, True), (6, 7, False), (7, 1, True), (1, 2, True)]
    told = _located(links).constraints()
    assert _tuples(told.cannot) == {(0, 1)}
    assert _located(links).n_absent == 3


def test_contradictions_are_left_for_the_rows_to_show() -> None:
    told = _located([(0, 1, True), (1, 2, True), (2, 0, False)]).constraints()
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[0, 1, 2\]"):
        told.groups(N)
    gone = [(0, 6, True), (6, 7, True), (7, 0, False)]
    _located(gone).constraints().groups(N)  # it is about one record alone


@FEW
@given(pairs_of(N), pairs_of(N), st.data())
def test_pairs_are_settled_by_what_is_decided_and_what_follows(
    same: Pairs, asked: Pairs, data: st.DataObject
) -> None:
    closed = _closed(_tuples(same))
    every = {pair for pair in combinations(range(N), 2) if pair not in closed}
    apart = data.draw(st.sets(st.sampled_from(sorted(every)))) if every else set()
    links = [(a, b, True) for a, b in _tuples(same)]
    links += [(a, b, False) for a, b in apart]
    size = len(asked)
    given_ = data.draw(
        st.lists(st.sampled_from([-1, 0, 1]), min_size=size, max_size=size)
    )
    verdicts = np.asarray(given_, dtype=np.int8)
    group = {row: {row} for row in range(N)}
    for left, right in closed:
        group[left] |= {right}
        group[right] |= {left}
    parted = {(a, b) for one, other in apart for a in group[one] for b in group[other]}
    expected = [
        1 if (a, b) in closed else -1 if {(a, b), (b, a)} & parted else before
        for (a, b), before in zip(
            zip(asked.left.tolist(), asked.right.tolist(), strict=True),
            given_,
            strict=True,
        )
    ]
    settled = _located(links).settled(asked, verdicts)
    assert settled.tolist() == expected
    assert settled.dtype == np.int8


def test_pins_hold_for_the_entity_of_their_record_and_the_later_one_counts() -> None:
    pins = [
        *((0, "city", "York"), (1, "city", "Leeds"), (2, "city", "Ulm")),
        *((9, "city", "Rome"), (0, "mail", "a@b", True), (1, "mail", "a@b", True)),
        *((0, "mail", "c@d", True), (1, "fax", None), (0, "fax", None)),
        (0, "town", "York"),
    ]
    labels = np.asarray([0, 0, 1, 2, 3, 4])
    located = _located((), pins)
    assert located.overrides(labels) == (
        (
            *(Override(1, "city", "Leeds"), Override(2, "city", "Ulm")),
            Override(1, "mail", "a@b", never=True),
            *(Override(0, "mail", "c@d", never=True), Override(0, "fax", None)),
        ),
        1,
    )
    assert located.n_absent == 2


def test_ids_of_several_records_must_name_the_source() -> None:
    ids, sources = Column.encode(["7", "8", "7"]), Column.encode(["crm", "crm", "店"])
    finder = RecordFinder(3, ids, sources)
    with pytest.raises(cm.InvalidInputError, match="name 1 records by an id that"):
        locate(Decisions([(7, 8, True)]), finder, COLUMNS)  # type: ignore[arg-type]
    links: Any = [(("店", 7), 8, True)]
    assert _tuples(locate(Decisions(links), finder, COLUMNS).constraints().must) == {
        (1, 2)
    }


def test_what_does_not_hold_is_said() -> None:
    assert not list(left_out(0, 0))
    absent, contradicted = left_out(2, 3)
    assert absent.text.startswith("2 decisions name records")
    assert contradicted.text.startswith("3 pinned values gave way")
