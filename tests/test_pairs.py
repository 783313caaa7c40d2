from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, strategies as st
from tests.strategies import link_lists, pairs_of

from custmerge.pairs import Pairs, SimilarityVectors, repeated, sorting_order


def _listed(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def _as_set(pairs: Pairs) -> set[tuple[int, int]]:
    return set(_listed(pairs))


def _normal(rows: list[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(min(row), max(row)) for row in rows if row[0] != row[1]}


@given(link_lists(7))
def test_pairs_are_the_unordered_pairs_of_different_rows(
    rows: list[tuple[int, int]],
) -> None:
    pairs = Pairs.of([a for a, _ in rows], [b for _, b in rows])
    assert _as_set(pairs) == _normal(rows)


@given(link_lists(7))
def test_pairs_are_unique_sorted_and_smaller_row_left(
    rows: list[tuple[int, int]],
) -> None:
    pairs = Pairs.of([a for a, _ in rows], [b for _, b in rows])
    held = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert held == sorted(set(held))
    assert (pairs.left < pairs.right).all()


@given(pairs_of(6))
def test_keys_read_back_as_the_same_pairs(pairs: Pairs) -> None:
    assert _as_set(Pairs.from_keys(pairs.keys(6), 6)) == _as_set(pairs)


@given(pairs_of(6))
def test_keys_ascend(pairs: Pairs) -> None:
    assert (np.diff(pairs.keys(6)) > 0).all()


@given(pairs_of(6), pairs_of(6))
def test_union_holds_the_pairs_of_both(one: Pairs, two: Pairs) -> None:
    assert _as_set(one | two) == _as_set(one) | _as_set(two)


@given(pairs_of(6), st.data())
def test_merging_disjoint_pairs_keeps_order_and_says_where_each_came_from(
    every: Pairs, data: st.DataObject
) -> None:
    chosen = data.draw(
        st.lists(st.booleans(), min_size=len(every), max_size=len(every))
    )
    mine = np.asarray(chosen, dtype=bool)
    merged, order = every.take(mine).merged(every.take(~mine))
    assert _as_set(merged) == _as_set(every)
    assert (np.diff(merged.keys(6)) > 0).all()
    placed = np.concatenate([np.flatnonzero(mine), np.flatnonzero(~mine)])[order]
    assert placed.tolist() == list(range(len(every)))


@given(pairs_of(6), st.integers(1, 4))
def test_chunks_follow_one_another_to_the_whole(pairs: Pairs, size: int) -> None:
    chunks = list(pairs.chunks(size))
    assert all(0 < len(chunk) <= size for chunk in chunks)
    keys = [key for chunk in chunks for key in chunk.keys(6).tolist()]
    assert keys == pairs.keys(6).tolist()


def test_vectors_without_fields_have_no_pairs() -> None:
    assert len(SimilarityVectors({}, {})) == 0


def test_joined_vectors_follow_one_another_and_can_be_reordered() -> None:
    scores = np.asarray([0.1, 0.2, 0.3], dtype=np.float32)
    shares = np.asarray([1, 2, 3], dtype=np.float32)
    one = SimilarityVectors({"a": scores[:2]}, {"a": shares[:2]})
    two = SimilarityVectors({"a": scores[2:]}, {"a": shares[2:]})
    taken = one.merged(two, np.array([2, 0]))
    assert len(taken) == 2
    assert taken.scores["a"].tolist() == scores[[2, 0]].tolist()
    assert taken.frequencies["a"].tolist() == [3, 1]


@given(st.lists(st.integers(0, 3).map(lambda n: n << 62 | n) | st.integers(0, 9)))
def test_sorting_order_is_that_of_a_stable_sort(numbers: list[int]) -> None:
    hashes = np.asarray(numbers, dtype=np.uint64)
    expected = np.argsort(hashes, kind="stable")
    assert sorting_order(hashes).tolist() == expected.tolist()
    several = [i for i in expected.tolist() if numbers.count(numbers[i]) > 1]
    found = repeated(hashes).tolist()
    assert [i for i in found if numbers.count(numbers[i]) > 1] == several


@given(pairs_of(6), pairs_of(6), st.randoms())
def test_pairs_are_found_among_others_in_any_order(
    one: Pairs, two: Pairs, random: Random
) -> None:
    expected = [pair in _as_set(two) for pair in _listed(one)]
    assert one.among(two).tolist() == expected
    order = np.asarray(random.sample(range(len(one)), len(one)), dtype=np.int64)
    mixed = one.take(order)
    before = [sum(other < pair for other in _listed(two)) for pair in _listed(mixed)]
    assert two.places(mixed).tolist() == before


@given(pairs_of(6), pairs_of(6))
def test_union_with_fewer_pairs_keeps_the_type_of_the_rows(
    one: Pairs, two: Pairs
) -> None:
    many, few = sorted((one, two), key=len, reverse=True)
    narrow = Pairs(many.left.astype(np.int32), many.right.astype(np.int32))
    assert (narrow | few).left.dtype == np.int32
    assert _listed(narrow | few) == sorted(_as_set(one) | _as_set(two))
