from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge.engines.sampling import draw
from custmerge.pairs import Pairs

ALL = Pairs(*np.triu_indices(60, k=1))


@given(st.integers(1, 2_000), st.sets(st.integers(0, len(ALL) - 1), max_size=9))
def test_what_is_drawn_stands_for_all_and_what_is_certain_for_itself(
    n_wanted: int, chosen: set[int]
) -> None:
    certain = ALL.take(np.asarray(sorted(chosen), dtype=np.int64))
    some, counts = draw(ALL, n_wanted, certain)
    is_certain = some.among(certain)
    assert is_certain.sum() == len(certain)
    assert (counts[is_certain] == 1).all()
    if not is_certain.all():
        assert counts.sum() == pytest.approx(len(ALL))


def test_about_as_many_are_drawn_as_wanted() -> None:
    some, _ = draw(ALL, 600, Pairs.of([], []))
    assert 500 < len(some) < 700


def test_whether_a_pair_is_drawn_depends_on_its_rows_alone() -> None:
    half = ALL.take(np.arange(0, len(ALL), 2))
    half = half.take(half.right == 59) | half
    some, _ = draw(half, len(half) // 2, Pairs.of([], []))
    again, _ = draw(ALL, len(ALL) // 2, Pairs.of([], []))
    assert (again.among(half).sum()) == len(some)
