from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
from tests.strategies import pairs_of

from custmerge.clustering import bridging, components
from custmerge.pairs import Pairs

N = 8
TYPES = hnp.arrays(np.int32, N, elements=st.integers(-1, 2))


def _within(pairs: Pairs, types: np.ndarray) -> Pairs:
    left, right = types[pairs.left], types[pairs.right]
    return pairs.take((left == right) | (left < 0) | (right < 0))


@given(TYPES, pairs_of(N), st.data())
def test_without_bridging_links_no_component_holds_two_types(
    types: np.ndarray, pairs: Pairs, data: st.DataObject
) -> None:
    pairs = _within(pairs, types)
    weights = data.draw(hnp.arrays(np.float64, len(pairs), elements=st.floats(-9, 9)))
    bridges = bridging(pairs, weights, types, 0.0)
    labels = components(N, pairs.take((weights > 0) & ~bridges))
    for label in set(labels.tolist()):
        held = types[labels == label]
        assert len(set(held[held >= 0].tolist())) <= 1
    # And each link left out would have joined two types.
    for left, right in zip(
        pairs.left[bridges].tolist(), pairs.right[bridges].tolist(), strict=True
    ):
        both = types[np.isin(labels, [labels[left], labels[right]])]
        assert len(set(both[both >= 0].tolist())) == 2


def test_record_without_type_goes_with_its_stronger_link() -> None:
    links, types = Pairs.of([0, 1], [1, 2]), np.asarray([0, -1, 1], dtype=np.int32)
    found = bridging(links, np.asarray([3.0, 5.0]), types, 0.0)
    assert found.tolist() == [True, False]
