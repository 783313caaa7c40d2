from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge import pairs as pairs_module
from custmerge.classifier import MISSING, Patterns, to_levels
from custmerge.classifier.levels import Levels


@st.composite
def _level_columns(draw: st.DrawFn, n_fields: int = 3) -> list[Levels]:
    n_pairs = draw(st.integers(0, 12))
    one = st.lists(st.integers(-1, 2), min_size=n_pairs, max_size=n_pairs)
    return [np.asarray(draw(one), dtype=np.int8) for _ in range(n_fields)]


def _of(columns: list[Levels]) -> Patterns:
    """Take all pairs for pairs of records that differ."""
    return Patterns.of(columns, np.zeros(len(columns[0])))


@given(st.lists(st.floats(0, 1, width=32)), st.sets(st.floats(0.01, 1), max_size=4))
def test_level_is_the_number_of_thresholds_reached(
    scores: list[float], thresholds: set[float]
) -> None:
    edges = sorted(thresholds)
    levels = to_levels(np.asarray(scores, dtype=np.float32), edges)
    slow = [sum(score >= edge - 1e-6 for edge in edges) for score in scores]
    assert levels.tolist() == slow


@pytest.mark.parametrize("threshold", [0.7, 0.86, 0.9, 0.92, 0.94, 0.95, 0.97, 1.0])
def test_score_set_to_a_threshold_reaches_it_in_float32(threshold: float) -> None:
    assert to_levels(np.asarray([threshold], dtype=np.float32), [threshold]) == [1]


def test_missing_side_has_no_level() -> None:
    scores = np.asarray([np.nan, 0.0], dtype=np.float32)
    assert to_levels(scores, (0.5,)).tolist() == [MISSING, 0]


@given(_level_columns())
def test_each_pair_shows_the_levels_of_its_pattern(columns: list[Levels]) -> None:
    patterns = _of(columns)
    assert (patterns.levels[patterns.of_pair] == np.stack(columns, axis=1)).all()


@given(_level_columns())
def test_patterns_are_distinct_and_counted(columns: list[Levels]) -> None:
    patterns = _of(columns)
    assert len(np.unique(patterns.levels, axis=0)) == len(patterns.levels)
    counted = np.bincount(patterns.of_pair, minlength=len(patterns.levels))
    assert patterns.counts.tolist() == counted.tolist()
    assert not patterns.n_copies.any()


@given(_level_columns(), st.data())
def test_pairs_of_copies_count_as_often_as_they_stand_for(
    columns: list[Levels], data: st.DataObject
) -> None:
    n_pairs = len(columns[0])
    drawn = st.lists(
        st.sampled_from([0.0, 1.0, 1.5, 40.0]), min_size=n_pairs, max_size=n_pairs
    )
    copies = np.asarray(data.draw(drawn), dtype=np.float64)
    patterns = Patterns.of(columns, copies)
    for pattern in range(len(patterns.levels)):
        own = copies[patterns.of_pair == pattern]
        assert patterns.n_copies[pattern] == own.sum()
        assert patterns.counts[pattern] == own.sum() + (own == 0).sum()


def test_more_fields_than_an_integer_holds_still_make_patterns() -> None:
    rng = np.random.default_rng(0)
    columns = [rng.integers(-1, 4, 20).astype(np.int8) for _ in range(60)]
    patterns = _of(columns)
    assert (patterns.levels[patterns.of_pair] == np.stack(columns, axis=1)).all()


def test_pairs_without_fields_all_show_the_empty_pattern() -> None:
    patterns = Patterns.of([], np.zeros(3))
    assert patterns.levels.shape == (1, 0)
    assert patterns.counts.tolist() == [3]


def test_labelled_pairs_are_patterns_of_their_own() -> None:
    levels = np.asarray([1, 1, 1, 0, 1], dtype=np.int8)
    labels = np.asarray([0, 1, -1, 0, 1], dtype=np.int8)
    patterns = Patterns.of([levels], np.zeros(5), labels)
    assert patterns.labels[patterns.of_pair].tolist() == labels.tolist()
    assert patterns.levels[patterns.of_pair, 0].tolist() == levels.tolist()
    assert sorted(patterns.counts.tolist()) == [1, 1, 1, 2]


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.7, 0.85, 0.999, 1.0])
def test_scores_next_to_a_threshold_reach_it_as_exact_numbers_do(
    threshold: float,
) -> None:
    near = np.full(9, threshold - 1e-6, dtype=np.float32)
    for i in range(9):
        for _ in range(abs(i - 4)):
            near[i] = np.nextafter(near[i], np.float32(np.sign(i - 4) * 2))
    reached = [int(float(score) >= threshold - 1e-6) for score in near]
    assert 0 < sum(reached) < 9
    assert to_levels(near, (threshold,)).tolist() == reached


@pytest.mark.parametrize("bits", [63, 6])
@given(
    st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 1)), min_size=1, max_size=30)
)
def test_patterns_are_the_distinct_rows_of_levels(
    bits: int, rows: list[tuple[int, int]]
) -> None:
    table = np.asarray(rows, dtype=np.int8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_module, "_SIGNED_BITS", bits)
        patterns = Patterns.of(list(table.T), np.zeros(len(rows)))
    assert [tuple(row) for row in patterns.levels.tolist()] == sorted({*rows})
    assert patterns.counts.tolist() == [rows.count(row) for row in sorted({*rows})]
    assert (patterns.levels[patterns.of_pair] == table).all()
