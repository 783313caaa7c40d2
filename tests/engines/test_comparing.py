from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import columns, names, pairs_of

import custmerge as cm
from custmerge.comparators import AnyComparator, JaroWinkler, TokenCosine
from custmerge.engines.comparing import (
    Comparison,
    agreed_codes,
    compare_crossed,
    compare_rows,
)
from custmerge.pairs import Pairs
from custmerge.protocols import Scores
from custmerge.records import Column

N_ROWS = 6


@dataclass(frozen=True)
class Returns:
    """A comparator that returns what it is told to, right or wrong."""

    result: object
    name: str = "returns"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result  # type: ignore[return-value]


def _values_of(column: Column, row: int) -> list[str]:
    return [column.values[code] for code in column.slots[row].tolist() if code >= 0]


def _slow(column: Column, comparator: JaroWinkler, pairs: Pairs) -> list[float]:
    """Pair by pair: the best of all pairs of values, nan where a side has none."""
    best = []
    for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        scores = [
            1.0 if a == b else float(comparator.compare([a], [b])[0])
            for a in _values_of(column, left)
            for b in _values_of(column, right)
        ]
        best.append(max(scores, default=float("nan")))
    return best


def _compare(column: Column, comparator: AnyComparator, pairs: Pairs) -> Scores:
    return compare_rows(column, Comparison("name", column.values, comparator), pairs)


@pytest.mark.parametrize("width", [1, 2])
@given(data=st.data())
def test_distinct_pairs_give_what_pair_by_pair_gives(
    width: int, data: st.DataObject
) -> None:
    column = data.draw(columns(names(), N_ROWS, width))
    pairs = data.draw(pairs_of(N_ROWS))
    found = _compare(column, JaroWinkler(), pairs)
    assert found == pytest.approx(_slow(column, JaroWinkler(), pairs), nan_ok=True)


@given(st.lists(st.sampled_from(["ann", "anne", "bob", None]), min_size=7, max_size=9))
def test_few_values_in_many_pairs_give_what_pair_by_pair_gives(
    cells: list[str | None],
) -> None:
    column = Column.encode(cells)
    pairs = Pairs(*np.triu_indices(len(cells), k=1))
    comparison = Comparison("name", column.values, JaroWinkler())
    found = compare_rows(column, comparison, pairs)
    assert found == pytest.approx(_slow(column, JaroWinkler(), pairs), nan_ok=True)
    n_values = len(column.values)
    assert comparison.n_compared == n_values * (n_values - 1) // 2


@pytest.mark.parametrize("width", [1, 2])
@given(data=st.data())
def test_score_is_missing_exactly_where_a_side_is(
    width: int, data: st.DataObject
) -> None:
    column = data.draw(columns(names(), N_ROWS, width))
    pairs = data.draw(pairs_of(N_ROWS))
    found = _compare(column, TokenCosine(), pairs)
    missing = ~(column.present[pairs.left] & column.present[pairs.right])
    assert np.isnan(found).tolist() == missing.tolist()


@given(columns(names(), N_ROWS), pairs_of(N_ROWS), st.integers(1, 4))
def test_asking_in_parts_gives_the_same_scores(
    column: Column, pairs: Pairs, size: int
) -> None:
    whole = _compare(column, TokenCosine(), pairs)
    comparison = Comparison("name", column.values, TokenCosine())
    parts = [compare_rows(column, comparison, part) for part in pairs.chunks(size)]
    joined = np.concatenate([np.empty(0, np.float32), *parts])
    assert joined == pytest.approx(whole, nan_ok=True)


@given(columns(names(), N_ROWS), pairs_of(N_ROWS), st.floats(0, 1))
def test_scores_that_do_not_matter_are_right_or_too_low(
    column: Column, pairs: Pairs, least: float
) -> None:
    exact = _compare(column, JaroWinkler(), pairs)
    comparison = Comparison("name", column.values, JaroWinkler())
    for _ in range(2):
        found = compare_rows(column, comparison, pairs, least=least)
        matters = (exact >= least) | np.isnan(exact)
        assert np.array_equal(found[matters], exact[matters], equal_nan=True)
        assert (found[~matters] < least).all()
    # What was bounded is not remembered.
    assert np.array_equal(
        compare_rows(column, comparison, pairs), exact, equal_nan=True
    )


@given(columns(names(), N_ROWS), pairs_of(N_ROWS), st.integers(0, 3))
def test_values_that_are_not_remembered_score_the_same(
    column: Column, pairs: Pairs, n_common: int
) -> None:
    common = np.arange(len(column.values))[::-1][:n_common]
    comparison = Comparison("name", column.values, JaroWinkler(), common)
    exact = _compare(column, JaroWinkler(), pairs)
    for _ in range(2):
        found = compare_rows(column, comparison, pairs)
        assert np.array_equal(found, exact, equal_nan=True)


@given(columns(names(), N_ROWS, 2), st.lists(pairs_of(N_ROWS), max_size=3))
def test_no_distinct_pair_is_asked_for_twice(
    column: Column, asked: list[Pairs]
) -> None:
    calls: Counter[frozenset[str]] = Counter()

    def count(left: str, right: str) -> float:
        calls[frozenset((left, right))] += 1
        return 0.5

    comparison = Comparison("name", column.values, cm.comparator(count))
    for pairs in asked:
        compare_rows(column, comparison, pairs)
    assert all(n == 1 and len(pair) == 2 for pair, n in calls.items())


def test_crossed_fields_are_as_alike_as_the_less_alike_crossing() -> None:
    both = Column.stack(
        [Column.encode(["ann", "lee", "lee"]), Column.encode(["lee", "ann", "bob"])]
    )
    first, second = (Column(both.values, both.codes[:, i]) for i in (0, 1))
    comparison = Comparison("name", both.values, JaroWinkler())
    pairs = Pairs.of([0, 0], [1, 2])
    assert compare_crossed(first, second, comparison, pairs).tolist() == [1.0, 0.0]


def test_crossing_with_a_missing_name_is_missing() -> None:
    values = ("ann", "lee")
    first = Column(values, np.array([0, 1], np.int32))
    second = Column(values, np.array([1, -1], np.int32))
    comparison = Comparison("name", values, JaroWinkler())
    crossed = compare_crossed(first, second, comparison, Pairs.of([0], [1]))
    assert np.isnan(crossed).all()


@given(columns(names(), N_ROWS, 2), pairs_of(N_ROWS))
def test_agreed_value_is_the_rarest_that_both_rows_hold(
    column: Column, pairs: Pairs
) -> None:
    counts = column.counts()
    codes = agreed_codes(column, pairs).tolist()
    for left, right, code in zip(
        pairs.left.tolist(), pairs.right.tolist(), codes, strict=True
    ):
        both = set(column.slots[left].tolist()) & set(column.slots[right].tolist())
        both -= {-1}
        assert (code in both) if both else code == -1
        assert code == -1 or counts[code] == min(counts[list(both)])


@pytest.mark.parametrize(
    "result",
    [
        [0.5],
        [0.5, 1.5],
        [0.5, -0.1],
        [0.5, float("nan")],
        [[0.5], [0.5]],
        ["secret", "secret"],
        None,
        ValueError("secret"),
    ],
    ids=str,
)
def test_comparator_that_breaks_its_contract_is_named(result: object) -> None:
    column = Column.encode(["a", "b", "c"])
    with pytest.raises(cm.PluginError, match=r"'returns' of field 'name'") as error:
        _compare(column, Returns(result), Pairs.of([0, 0], [1, 2]))
    assert "secret" not in str(error.value)


def test_comparator_is_not_called_where_there_is_nothing_to_compare() -> None:
    column = Column.encode(["a", "a", None])
    scores = _compare(column, Returns(ValueError()), Pairs.of([0, 0, 1], [1, 2, 2]))
    assert scores.tolist()[0] == 1.0
    assert np.isnan(scores[1:]).all()
