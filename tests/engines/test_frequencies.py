from __future__ import annotations

import numpy as np
import pytest

from custmerge.engines.frequencies import Frequencies
from custmerge.pairs import Pairs
from custmerge.records import Column

N_SHOP, N_WEB = 3000, 9000
# The shop writes its own city; the web's customers live everywhere.
CITIES = ["leeds"] * N_SHOP + ["leeds", "york", "hull"] * (N_WEB // 3)
SOURCES = np.repeat([0, 1], [N_SHOP, N_WEB])
IN_SHOP, IN_WEB = (0, 1), (N_SHOP, N_SHOP + 3)


def _frequency(pair: tuple[int, int], sources: np.ndarray | None = SOURCES) -> float:
    column = Column.encode(CITIES)
    common = Frequencies.of(column, sources)
    pairs = Pairs.of([pair[0]], [pair[1]])
    return float(common.of_pairs(column, pairs, sources)[0])


def test_value_common_in_a_source_is_common_there() -> None:
    assert _frequency(IN_SHOP) > 0.8


def test_value_is_nowhere_rarer_than_among_all_records() -> None:
    assert _frequency(IN_WEB) == pytest.approx(0.5)
    assert _frequency(IN_SHOP, None) == pytest.approx(0.5)


def test_two_sources_meet_in_the_middle() -> None:
    within = [(N_SHOP + 500) / (N_SHOP + 1000), (N_WEB / 3 + 500) / (N_WEB + 1000)]
    expected = max(0.5, float(np.sqrt(np.prod(within))))
    assert _frequency((0, N_SHOP)) == pytest.approx(expected)
    assert expected > 0.5


def test_records_of_no_known_source_have_the_shares_of_all() -> None:
    unknown = np.full(len(CITIES), -1)
    assert _frequency(IN_SHOP, unknown) == pytest.approx(0.5)


def test_shared_value_counts_where_rows_hold_several() -> None:
    column = Column(("1", "2", "3"), np.asarray([[0, 1], [1, -1], [2, 0]], np.int32))
    common = Frequencies.of(column, None)
    found = common.of_pairs(column, Pairs.of([0, 1], [1, 2]), None)
    assert found.tolist() == pytest.approx([2 / 3, np.nan], nan_ok=True)
