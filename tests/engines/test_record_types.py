from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from custmerge.engines.fitting import random_pairs
from custmerge.engines.record_types import (
    n_pairs_within,
    type_codes,
    with_type,
    within_types,
)
from custmerge.records import Column, RecordTable

N = 8
TYPES = hnp.arrays(np.int32, N, elements=st.integers(-1, 2))


def test_types_are_read_without_case_and_punctuation_and_missing_is_any() -> None:
    table = RecordTable.from_columns({"name": ["a", "b", "c", "d"]}, 4)
    types = Column.encode(["Contact", "contact ", "Account", "n/a"])
    assert type_codes(with_type(table, types)).tolist() == [0, 0, 1, -1]
    assert type_codes(table).tolist() == [-1] * 4


@given(TYPES)
def test_number_of_pairs_within_types_is_that_of_the_pairs(types: np.ndarray) -> None:
    assert n_pairs_within(types) == len(within_types(random_pairs(N, 0), types))
