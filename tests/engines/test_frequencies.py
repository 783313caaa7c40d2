from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge.engines import frequencies
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


def test_column_without_values_has_no_frequencies() -> None:
    column = Column.encode([None, None])
    sources = np.asarray([0, 1])
    common = Frequencies.of(column, sources)
    assert np.isnan(common.of_pairs(column, Pairs.of([0], [1]), sources)).all()


def test_sources_too_many_to_lay_out_have_the_same_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid_out = [_frequency(pair) for pair in (IN_SHOP, IN_WEB, (0, N_SHOP + 1))]
    monkeypatch.setattr(frequencies, "_MOST_CELLS", 0)
    monkeypatch.setattr(frequencies, "_CELLS_PER_ROW", 0)
    assert laid_out == [_frequency(pair) for pair in (IN_SHOP, IN_WEB, (0, N_SHOP + 1))]


def test_rarity_is_no_less_than_frequencies_make_it() -> None:
    column = Column(("1", "2", "3"), np.asarray([[0, 1], [1, -1], [2, 0]], np.int32))
    common = Frequencies.of(column, None)
    pairs = Pairs.of([0, 0], [1, 2])
    bits = np.log2(0.5 / common.of_pairs(column, pairs, None))
    rarity = common.rarity(column, 0.5)
    assert (np.minimum(rarity[pairs.left], rarity[pairs.right]) >= bits - 1e-6).all()
    single = Column.encode(CITIES)
    of_rows = Frequencies.of(single, None).rarity(single, 0.25)
    assert of_rows[[IN_SHOP[0], N_SHOP + 1]].tolist() == pytest.approx([-1.0, 0.0])


Held = tuple[str | None, int]


def _expected(counted: Sequence[Held], a: Held, b: Held) -> float:
    """Return how common two rows' values are, looked up one at a time."""
    if a[0] is None or b[0] is None:
        return np.nan
    held = [row for row in counted if row[0] is not None]
    found = []
    for value, _ in (a, b):
        share = sum(row[0] == value for row in held) / max(len(held), 1)
        found.append(share)
        within = []
        for _, source in (a, b):
            there = [row[0] for row in held if row[1] == source]
            drawn = (there.count(value) + 1000 * share) / (len(there) + 1000)
            within.append(drawn if value in there else np.nan)
        found.append(np.sqrt(np.prod(within)))
    return float(np.nanmax(found))


VALUES = ("leeds", "york", "hull")


@given(
    st.lists(
        st.tuples(st.sampled_from((*VALUES, None)), st.integers(-1, 2)),
        min_size=6,
        max_size=9,
    ),
    st.sampled_from([0, 2**23]),
)
def test_pairs_hold_the_commoner_value_by_all_records_or_their_sources(
    rows: list[Held], most_cells: int
) -> None:
    codes = [-1 if value is None else VALUES.index(value) for value, _ in rows]
    column = Column(VALUES, np.asarray(codes, dtype=np.int32))
    sources = np.asarray([source for _, source in rows], dtype=np.int64)
    pairs = Pairs(*np.triu_indices(len(rows), k=1))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frequencies, "_AT_ONCE", 4)
        patched.setattr(frequencies, "_MOST_CELLS", most_cells)
        patched.setattr(frequencies, "_CELLS_PER_ROW", 0)
        common = Frequencies.of(column.take(np.arange(4)), sources[:4])
        found = common.of_pairs(column, pairs, sources)
        few = common.of_pairs(column, pairs.take(np.asarray([0, 4])), sources)
    assert few.tolist() == pytest.approx(found[[0, 4]].tolist(), nan_ok=True)
    ends = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    expected = [_expected(rows[:4], rows[a], rows[b]) for a, b in ends]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)
