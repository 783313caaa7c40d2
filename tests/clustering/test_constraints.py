from __future__ import annotations

import numpy as np
import pytest

import custmerge as cm
from custmerge.clustering import Constraints, free_of_duplicates, hardly_repeating
from custmerge.pairs import Pairs


def _pairs(*rows: tuple[int, int]) -> Pairs:
    return Pairs.of([a for a, _ in rows], [b for _, b in rows])


def test_records_linked_one_after_the_other_must_all_be_one() -> None:
    told = Constraints(must=_pairs((0, 3), (3, 1)))
    assert told.groups(4).tolist() == [0, 0, 2, 0]


def test_pairs_of_one_source_are_forbidden_unless_it_is_unknown() -> None:
    told = Constraints(sources=np.asarray([0, 1, 0, -1, -1]))
    pairs = _pairs((0, 1), (0, 2), (0, 3), (3, 4))
    assert told.forbids(pairs).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    "told",
    [
        Constraints(_pairs((0, 1), (1, 2)), _pairs((0, 2))),
        Constraints(_pairs((0, 1), (1, 2)), sources=np.asarray([5, 1, 5])),
    ],
    ids=["cannot", "sources"],
)
def test_contradiction_is_an_error_that_names_the_callers_rows(
    told: Constraints,
) -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[0, 1, 2\], which must"):
        told.groups(3)
    moved = told.renamed(np.asarray([2, 0, 1]))
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[0, 1, 2\], which must"):
        moved.groups(3)


def test_renaming_rows_moves_every_constraint_with_them() -> None:
    told = Constraints(_pairs((0, 1)), _pairs((1, 2)), np.asarray([4, 5, 6]))
    moved = told.renamed(np.asarray([2, 0, 1]))
    assert (moved.must.left.tolist(), moved.must.right.tolist()) == ([0], [2])
    assert (moved.cannot.left.tolist(), moved.cannot.right.tolist()) == ([0], [1])
    assert moved.sources is not None
    assert moved.sources.tolist() == [5, 6, 4]
    back = moved.renamed(np.asarray([1, 2, 0]))
    assert back.called is not None
    assert back.called.tolist() == [0, 1, 2]


def test_constraints_of_some_rows_are_those_among_them_by_their_new_numbers() -> None:
    told = Constraints(
        _pairs((0, 1), (2, 5)), _pairs((5, 1), (3, 4)), np.arange(6), np.arange(10, 16)
    )
    some = told.among(np.asarray([5, 1, 2]))
    assert (some.must.left.tolist(), some.must.right.tolist()) == ([0], [2])
    assert (some.cannot.left.tolist(), some.cannot.right.tolist()) == ([0], [1])
    assert some.sources is not None
    assert some.called is not None
    assert (some.sources.tolist(), some.called.tolist()) == ([5, 1, 2], [15, 11, 12])
    plain = Constraints(_pairs((0, 1))).among(np.asarray([1, 0]))
    assert plain.called is not None
    assert (plain.sources, plain.called.tolist()) == (None, [1, 0])


def test_sources_yield_only_where_records_of_one_must_be_one_entity() -> None:
    sources = np.asarray([0, 1, 0, 1, 2, 2])
    told = Constraints(_pairs((4, 5)), sources=sources)
    yielding = told.yielding_to(_pairs((0, 1), (1, 2), (3, 4)))
    assert yielding.sources is not None
    assert yielding.sources.tolist() == [-1, -1, -1, 1, 2, 2]
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[4, 5\]"):
        yielding.groups(6)
    assert Constraints().yielding_to(_pairs((0, 1))).sources is None


def test_pairs_of_both_constraints_hold() -> None:
    both = Constraints(_pairs((0, 1)), sources=np.asarray([7, 8, 9])) | Constraints(
        _pairs((1, 2)), _pairs((0, 2))
    )
    assert both.must.right.tolist() == [1, 2]
    assert both.cannot.left.tolist() == [0]
    assert both.sources is not None
    assert both.sources.tolist() == [7, 8, 9]


def _matches(n_across: int, n_inside: int) -> Pairs:
    """Matches of each record with the other source's, and inside the first one."""
    across = [(i, 1_000 + i) for i in range(n_across)]
    inside = [(2 * i, 2 * i + 1) for i in range(n_inside)]
    return _pairs(*across, *inside)


@pytest.mark.parametrize(
    ("n_across", "n_inside", "expected"),
    [(60, 0, True), (500, 5, True), (500, 20, False), (40, 0, False), (0, 0, False)],
)
def test_sources_are_free_of_duplicates_where_matches_lie_across_them(
    n_across: int, n_inside: int, expected: bool
) -> None:
    sources = np.repeat([0, 1], 1_000)
    assert free_of_duplicates(sources, _matches(n_across, n_inside)) is expected


@pytest.mark.parametrize(
    ("n_across", "n_inside", "expected"),
    [(5, 0, True), (4, 0, False), (40, 2, True), (40, 5, False), (500, 40, True)],
)
def test_few_matches_across_sources_tell_that_these_hardly_repeat_customers(
    n_across: int, n_inside: int, expected: bool
) -> None:
    sources = np.repeat([0, 1], 1_000)
    assert hardly_repeating(sources, _matches(n_across, n_inside)) is expected


def test_one_source_with_duplicates_is_enough_to_allow_them() -> None:
    sure = _matches(500, 4)
    sources = np.repeat([0, 1], 1_000)
    assert free_of_duplicates(sources, sure)
    sources[:8] = 2  # a third, small source, all of whose matches are its own
    assert not free_of_duplicates(sources, sure)


def test_only_known_sources_count() -> None:
    sure = _matches(500, 50)
    sources = np.repeat([0, 1], 1_000)
    assert not free_of_duplicates(sources, sure)
    sources[:100] = -1
    assert free_of_duplicates(sources, sure)
