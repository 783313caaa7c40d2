from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import tables

import custmerge as cm
from custmerge.blockers import BLOCKERS, ExactKey, Phonetic, Prefix
from custmerge.engines.blocking import Blocking, block
from custmerge.pairs import Pairs
from custmerge.protocols import Blocker
from custmerge.records import RecordTable

PLENTY = 10**6


@dataclass(frozen=True)
class Returns:
    """A blocker that returns what it is told to, right or wrong."""

    result: object
    name: str = "returns"

    def keys(self, table: RecordTable, /) -> object:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def _as_set(found: Blocking) -> set[tuple[int, int]]:
    pairs = found.candidates.pairs
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def _slow(table: RecordTable, blockers: Sequence[Blocker]) -> set[tuple[int, int]]:
    """The pairs of rows that share a key of any blocker."""
    pairs: set[tuple[int, int]] = set()
    for blocker in blockers:
        blocks: dict[int, set[int]] = {}
        rows, keys = blocker.keys(table)
        for row, key in zip(rows.tolist(), keys.tolist(), strict=True):
            blocks.setdefault(key, set()).add(row)
        for rows_of_key in blocks.values():
            pairs |= set(combinations(sorted(rows_of_key), 2))
    return pairs


def _people() -> st.SearchStrategy[RecordTable]:
    return tables(("name", "city"), max_rows=10)


ANY = st.lists(
    st.tuples(st.sampled_from(sorted(BLOCKERS)), st.sampled_from(["name", "city"])),
    max_size=3,
    unique=True,
).map(lambda chosen: [BLOCKERS[name](field) for name, field in chosen])


@given(_people(), ANY)
def test_rows_that_share_a_key_are_paired_where_the_budget_allows(
    table: RecordTable, blockers: list[Blocker]
) -> None:
    assert _as_set(block(table, blockers, PLENTY)) == _slow(table, blockers)


@given(_people(), ANY)
def test_pairs_are_sorted_unique_and_never_of_a_row_with_itself(
    table: RecordTable, blockers: list[Blocker]
) -> None:
    pairs = block(table, blockers, PLENTY).candidates.pairs
    assert (pairs.left < pairs.right).all()
    assert (np.diff(pairs.keys(max(len(table), 1))) > 0).all()


@given(_people(), ANY)
def test_another_blocker_never_loses_a_pair(
    table: RecordTable, blockers: list[Blocker]
) -> None:
    fewer = block(table, blockers[1:], PLENTY)
    assert _as_set(fewer) <= _as_set(block(table, blockers, PLENTY))


@given(_people(), ANY, st.integers(0, 60))
def test_order_of_blockers_does_not_matter(
    table: RecordTable, blockers: list[Blocker], budget: int
) -> None:
    forth, back = (block(table, b, budget) for b in (blockers, blockers[::-1]))
    assert _as_set(forth) == _as_set(back)


@given(_people(), ANY)
def test_unblocked_records_are_those_in_no_pair(
    table: RecordTable, blockers: list[Blocker]
) -> None:
    found = block(table, blockers, PLENTY)
    paired = {row for pair in _as_set(found) for row in pair}
    assert found.candidates.unpaired.tolist() == sorted(set(range(len(table))) - paired)


def _crowd(n_rows: int) -> RecordTable:
    """One city, ten families, everybody with a name of their own."""
    return RecordTable.from_columns(
        {
            "city": ["leeds"] * n_rows,
            "family": [f"family {i % 10}" for i in range(n_rows)],
            "given": [f"given {i}" for i in range(n_rows)],
        },
        n_rows,
    )


def test_budget_bounds_the_pairs() -> None:
    keys = [ExactKey("city"), ExactKey("family")]
    assert len(block(_crowd(100), keys, 200).candidates.pairs) <= 200


def test_rows_of_large_blocks_are_paired_where_they_share_a_second_key() -> None:
    found = block(_crowd(100), [ExactKey("city"), Prefix("family", 20)], 1_000)
    refined = [item for item in found.reports if "&" in item.key]
    assert [item.key for item in refined] == ["city & family"]
    assert refined[0].n_pairs == len(found.candidates.pairs) == 10 * (10 * 9 // 2)
    assert refined[0].n_capped == 0


def test_block_that_nothing_refines_is_reported() -> None:
    found = block(_crowd(100), [ExactKey("city")], 100)
    assert len(found.candidates.pairs) == 0
    assert [(item.key, item.n_capped, item.largest) for item in found.reports] == [
        ("city:exact", 1, 100)
    ]


def test_block_that_only_keys_of_its_own_field_could_refine_is_reported() -> None:
    keys: list[Blocker] = [ExactKey("city"), Prefix("city")]
    found = block(_crowd(100), keys, 100)
    assert len(found.candidates.pairs) == 0
    assert sum(item.n_capped for item in found.reports) == 2


def test_block_of_rows_that_lack_the_second_key_is_reported() -> None:
    columns: dict[str, list[str | None]] = {
        "city": ["leeds"] * 100,
        "family": [None] * 100,
        "given": [f"given {i}" for i in range(100)],
    }
    table = RecordTable.from_columns(columns, 100)
    found = block(table, [ExactKey("city"), ExactKey("family")], 100)
    assert len(found.candidates.pairs) == 0
    assert sum(item.n_capped for item in found.reports) == 1


def test_copies_of_a_record_do_not_make_a_block_too_large() -> None:
    # Ten families, each recorded in two ways, fifty times each.
    table = RecordTable.from_columns(
        {
            "family": [f"family {i // 100}" for i in range(1_000)],
            "city": [f"city {i // 50}" for i in range(1_000)],
        },
        1_000,
    )
    found = block(table, [ExactKey("family")], 100)
    assert _as_set(found) == {(i, i + 50) for i in range(0, 1_000, 100)}
    assert found.reports[-1].key == "family without copies"
    assert found.reports[-1].n_pairs == 10
    assert not any(item.n_capped for item in found.reports)


@pytest.mark.parametrize(("n_copies", "n_capped"), [(50, 0), (20, 1)])
def test_blocks_too_large_even_without_copies_are_reported(
    n_copies: int, n_capped: int
) -> None:
    columns = {
        "family": ["li"] * 200,
        "given": [f"{i // n_copies}" for i in range(200)],
    }
    found = block(RecordTable.from_columns(columns, 200), [ExactKey("family")], 40)
    assert len(found.candidates.pairs) == (0 if n_capped else 4 * 3 // 2)
    assert sum(item.n_capped for item in found.reports) == n_capped


def test_reports_count_blocks_and_pairs_of_each_key() -> None:
    found = block(_crowd(30), [ExactKey("family"), ExactKey("given")], PLENTY)
    report = {item.key: item for item in found.reports}
    assert set(report) == {"family:exact"}
    assert report["family:exact"].n_blocks == 10
    assert report["family:exact"].n_pairs == 30


@given(_people(), ANY, st.integers(0, 60))
def test_pair_is_caught_by_the_fields_it_shares_a_key_of_whatever_the_budget(
    table: RecordTable, blockers: list[Blocker], budget: int
) -> None:
    everything = list(combinations(range(len(table)), 2))
    pairs = Pairs.of([a for a, _ in everything], [b for _, b in everything])
    fields, shared = block(table, blockers, budget).caught_by(pairs)
    assert sorted(fields) == sorted({str(getattr(b, "field", "")) for b in blockers})
    for i, field in enumerate(fields):
        caught = _slow(table, [b for b in blockers if getattr(b, "field", "") == field])
        assert shared[:, i].tolist() == [pair in caught for pair in everything]


def test_keys_of_two_fields_count_as_caught_only_where_a_field_has_none_alone() -> None:
    both = Phonetic("given", swaps_with="family")
    pairs = Pairs.of([0], [10])
    cases: list[tuple[list[Blocker], dict[str, bool]]] = [
        ([], {"given+family": True}),
        ([ExactKey("given")], {"given": False, "given+family": True}),
        ([ExactKey("given"), ExactKey("family")], {"given": False, "family": True}),
    ]
    for alone, expected in cases:
        fields, shared = block(_crowd(20), [*alone, both], PLENTY).caught_by(pairs)
        assert dict(zip(fields, shared[0].tolist(), strict=True)) == expected


def test_exchanged_names_are_not_refined_by_either_name() -> None:
    keys: list[Blocker] = [
        Phonetic("given", swaps_with="family"),
        ExactKey("family"),
    ]
    found = block(_crowd(200), keys, 100)
    assert not [item.key for item in found.reports if "&" in item.key]


def test_budget_that_refined_blocks_leave_goes_to_larger_blocks() -> None:
    found = block(_crowd(100), [ExactKey("family")], 600)
    assert len(found.candidates.pairs) == 10 * (10 * 9 // 2)


def test_no_blockers_or_no_rows_give_no_pairs() -> None:
    assert len(block(_crowd(5), [], PLENTY).candidates.pairs) == 0
    found = block(_crowd(0), [ExactKey("city")], PLENTY)
    assert len(found.candidates.pairs) == len(found.candidates.unpaired) == 0


def test_keys_may_be_any_integers_and_repeat() -> None:
    rows = np.array([0, 1, 1, 2, 0])
    keys = np.array([-5, -5, -5, 2**62, -5])
    found = block(_crowd(3), [Returns((rows, keys))], PLENTY)  # type: ignore[list-item]
    assert _as_set(found) == {(0, 1)}


@pytest.mark.parametrize(
    "result",
    [
        (np.array([0, 1]), np.array([0])),
        (np.array([[0, 1]]), np.array([[0, 1]])),
        (np.array([0, 3]), np.array([0, 0])),
        (np.array([-1, 0]), np.array([0, 0])),
        (np.array([0, 1]), ["secret", "secret"]),
        None,
        np.array([0]),
        ([0], [0], [0]),
        ValueError("secret"),
    ],
    ids=str,
)
def test_blocker_that_breaks_its_contract_is_named(result: object) -> None:
    with pytest.raises(cm.PluginError, match="blocker 'returns'") as error:
        block(_crowd(3), [Returns(result)], PLENTY)  # type: ignore[list-item]
    assert "secret" not in str(error.value)
