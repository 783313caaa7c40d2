from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from tests.strategies import FEW

from custmerge.classifier.shares import FLOOR, monotone


def _shares(n_levels: int) -> st.SearchStrategy[tuple[float, ...]]:
    part = st.sampled_from([1e-4, 0.01, 0.3, 1.0])
    parts = st.lists(part, min_size=n_levels, max_size=n_levels)
    return parts.map(lambda drawn: tuple(one / sum(drawn) for one in drawn))


def _monotone_row(above: list[float], below: list[float]) -> NDArray[np.float64]:
    """Pool adjacent violators in one row, the first that violates each time."""
    blocks = [[a, b, 1] for a, b in zip(above, below, strict=True)]
    while True:
        falling = [
            i
            for i, (one, next_) in enumerate(pairwise(blocks))
            if one[0] / one[1] > next_[0] / next_[1]
        ]
        if not falling:
            break
        i = falling[0]
        pooled = [a + b for a, b in zip(blocks[i], blocks[i + 1], strict=True)]
        blocks[i : i + 2] = [pooled]
    ratio = np.concatenate([np.full(int(n), a / b) for a, b, n in blocks])
    floored = np.maximum(ratio, FLOOR / np.asarray(below))
    raised = np.maximum.accumulate(floored) * below
    return np.asarray(raised / raised.sum())


@FEW
@given(
    st.integers(2, 6).flatmap(
        lambda n: st.lists(st.tuples(_shares(n), _shares(n)), min_size=1, max_size=4)
    )
)
def test_levels_are_pooled_in_each_row_by_itself(
    rows: list[tuple[tuple[float, ...], tuple[float, ...]]],
) -> None:
    above, below = (np.asarray(side) for side in zip(*rows, strict=True))
    expected = [_monotone_row(list(a), list(b)) for a, b in rows]
    levels = np.ones((above.shape[1], 1, 1), dtype=bool)
    one, other = (side.T[:, np.newaxis] for side in (above, below))
    found = monotone(one, other, levels)[:, 0].T
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert (np.diff(found / below, axis=1) >= -1e-9 * (found / below)[:, 1:]).all()
