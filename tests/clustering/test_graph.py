from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st

from custmerge.clustering.graph import Held

N_ROWS = 6
SOURCES = st.lists(st.integers(-1, 2), min_size=N_ROWS, max_size=N_ROWS)
NAMES = st.lists(st.integers(-1, N_ROWS - 1), min_size=N_ROWS, max_size=N_ROWS)


def _held(sources: list[int], names: list[int]) -> dict[int, set[int]]:
    """Return the sources of each name, the slow way."""
    held: dict[int, set[int]] = {name: set() for name in range(N_ROWS)}
    for source, name in zip(sources, names, strict=True):
        if source >= 0 and name >= 0:
            held[name].add(source)
    return held


@settings(max_examples=60)
@given(SOURCES, NAMES, NAMES)
def test_nodes_share_a_source_that_both_hold(
    sources: list[int], names: list[int], near: list[int]
) -> None:
    held = Held.of(np.asarray(sources))
    nodes = held.called(np.asarray(names))
    parts = held.called(np.asarray(near))
    asked = np.repeat(np.arange(N_ROWS), N_ROWS), np.tile(np.arange(N_ROWS), N_ROWS)
    ones, others = _held(sources, names), _held(sources, near)
    expected = [bool(ones[a] & others[b]) for a in range(N_ROWS) for b in range(N_ROWS)]
    assert nodes.shared(parts, *asked).tolist() == expected
