from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from custmerge.classifier import correlations

few = settings(max_examples=60, deadline=None)
rows = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.integers(-1, 3)), min_size=1
)
N_LEVELS = (3, 2, 4)


def _levels(drawn: list[tuple[int, int, int]]) -> NDArray[np.int8]:
    return np.asarray(drawn, dtype=np.int8)


def test_many_pairs_show_pearsons_correlation() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(0, 4, 100_000)
    second = np.where(rng.random(100_000) < 0.6, first, rng.integers(0, 4, 100_000))
    levels = np.stack([first, second], axis=1).astype(np.int8)
    found = correlations(levels, (4, 4), np.ones(100_000))[0, 1]
    assert found == pytest.approx(np.corrcoef(first, second)[0, 1], abs=1e-3)


@few
@given(rows, st.data())
def test_a_weight_stands_for_as_many_pairs(
    drawn: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    times = data.draw(
        st.lists(st.integers(0, 4), min_size=len(drawn), max_size=len(drawn))
    )
    weighted = correlations(_levels(drawn), N_LEVELS, np.asarray(times, np.float64))
    repeated = np.repeat(_levels(drawn), times, axis=0)
    one_by_one = correlations(repeated, N_LEVELS, np.ones(sum(times)))
    assert weighted == pytest.approx(one_by_one, abs=1e-9)


@few
@given(rows)
def test_correlations_are_symmetric_and_bounded(
    drawn: list[tuple[int, int, int]],
) -> None:
    found = correlations(_levels(drawn), N_LEVELS, np.ones(len(drawn)))
    assert found == pytest.approx(found.T)
    assert (abs(found) <= 1).all()


@few
@given(rows)
def test_pairs_that_miss_a_field_say_nothing_about_it(
    drawn: list[tuple[int, int, int]],
) -> None:
    levels = _levels(drawn)
    held = levels[(levels[:, :2] >= 0).all(axis=1)]
    found = correlations(levels, N_LEVELS, np.ones(len(levels)))[0, 1]
    of_held = correlations(held, N_LEVELS, np.ones(len(held)))[0, 1]
    assert found == pytest.approx(of_held, abs=1e-9)


def test_three_pairs_out_of_step_with_thousands_are_no_correlation() -> None:
    levels = np.asarray([[1, 1]] * 5_000 + [[0, 0]] * 3, dtype=np.int8)
    assert 0 < correlations(levels, (2, 2), np.ones(len(levels)))[0, 1] < 0.5


def test_correlations_are_those_of_all_rows_however_many_are_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels = np.random.default_rng(0).integers(-1, 3, (50, 3)).astype(np.int8)
    weights = np.linspace(0.1, 9, len(levels))
    whole = correlations(levels, (3, 3, 3), weights)
    # By import_module: the package has a function of the module's name.
    module = import_module("custmerge.classifier.correlations")
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    parted = correlations(levels, (3, 3, 3), weights)
    assert abs(parted - whole).max() < 1e-12
    assert abs(whole[0, 1]) > 1e-3
