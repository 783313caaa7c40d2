from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.strategies import pairs_of, tables

import custmerge as cm
from custmerge.engines.evidence import Evidence
from custmerge.normalizing import normalize
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

NAMES = (
    cm.Field("given", "given_name", swaps_with="family"),
    cm.Field("family", "family_name"),
)


def _of(table: RecordTable, fields: tuple[cm.Field, ...]) -> Evidence:
    """Take all rows for records that differ."""
    return Evidence.of(table, fields, np.arange(len(table)))


def _evidence(rows: list[dict[str, object]], fields: tuple[cm.Field, ...]) -> Evidence:
    return _of(normalize(RecordTable.from_mappings(rows), fields), fields)


@given(tables(("given", "family")), pairs_of(8))
def test_score_is_missing_exactly_where_a_side_is(
    table: RecordTable, pairs: Pairs
) -> None:
    pairs = pairs.take(pairs.right < len(table))
    vectors = _of(table, NAMES).similarity(pairs)
    for name, scores in vectors.scores.items():
        present = table[name].present
        missing = ~(present[pairs.left] & present[pairs.right])
        assert np.isnan(scores).tolist() == missing.tolist()


@given(tables(("given", "family")), pairs_of(8))
def test_frequency_is_that_of_the_commoner_value(
    table: RecordTable, pairs: Pairs
) -> None:
    pairs = pairs.take(pairs.right < len(table))
    shares = _of(table, NAMES).similarity(pairs).frequencies["family"]
    texts = table["family"].decode()
    held = [text for text in texts if text is not None]
    for left, right, share in zip(
        pairs.left.tolist(), pairs.right.tolist(), shares.tolist(), strict=True
    ):
        both = [texts[row] for row in (left, right)]
        if None in both:
            assert np.isnan(share)
        else:
            expected = max(map(held.count, both)) / len(held)
            assert share == pytest.approx(expected)


@given(tables(("given", "family")), pairs_of(8))
def test_what_matters_little_is_left_out_where_not_exact(
    table: RecordTable, pairs: Pairs
) -> None:
    pairs = pairs.take(pairs.right < len(table))
    evidence = _of(table, NAMES)
    exact = evidence.similarity(pairs)
    rough = evidence.similarity(pairs, exact=False)
    for field in evidence.fields:
        name, least = field.name, field.levels[0]
        alike = exact.scores[name] >= least
        assert (rough.scores[name] >= least).tolist() == alike.tolist()
        assert rough.scores[name][alike] == pytest.approx(exact.scores[name][alike])
        found = rough.frequencies[name]
        assert found[alike].tolist() == exact.frequencies[name][alike].tolist()
        assert np.isnan(found[exact.scores[name] < min(least, 0.86)]).all()


def test_frequency_is_a_share_of_records() -> None:
    field = cm.Field("phone", columns=("home", "work"), combine="any")
    rows: list[dict[str, object]] = [{"home": "1", "work": "1"}] * 3
    vectors = _evidence(rows, (field,)).similarity(Pairs.of([0], [1]))
    assert vectors.frequencies["phone"].tolist() == [1.0]


def test_exchanged_names_are_alike_but_a_little_less() -> None:
    rows: list[dict[str, object]] = [
        {"given": "clara", "family": "moreau"},
        {"given": "moreau", "family": "clara"},
        {"given": "clara", "family": "moreau"},
    ]
    vectors = _evidence(rows, NAMES).similarity(Pairs.of([0, 0], [1, 2]))
    for scores in vectors.scores.values():
        assert scores.tolist() == pytest.approx([0.97, 1.0])


def test_names_unlike_both_ways_stay_unlike() -> None:
    rows: list[dict[str, object]] = [
        {"given": "clara", "family": "moreau"},
        {"given": "moreau", "family": "hoffmann"},
    ]
    vectors = _evidence(rows, NAMES).similarity(Pairs.of([0], [1]))
    assert max(scores[0] for scores in vectors.scores.values()) < 0.86


def test_two_fields_may_swap_with_the_same_third() -> None:
    fields = (
        cm.Field("nick", "given_name", swaps_with="family"),
        cm.Field("given", "given_name", swaps_with="family"),
        cm.Field("family", "family_name"),
    )
    rows: list[dict[str, object]] = [
        {"nick": "zoe", "given": "clara", "family": "moreau"},
        {"nick": "moreau", "given": "bruno", "family": "zoe"},
        {"nick": "kim", "given": "olga", "family": "petrov"},
    ]
    scores = _evidence(rows, fields).similarity(Pairs.of([0], [1])).scores
    assert scores["nick"].tolist() == pytest.approx([0.97])
    assert scores["given"][0] < 0.86


def test_fields_without_comparator_are_no_evidence() -> None:
    fields = (cm.Field("a"), cm.Field("b", compare=None))
    evidence = _evidence([{"a": "x", "b": "y"}] * 2, fields)
    assert evidence.names == ("a",)
    assert set(evidence.similarity(Pairs.of([0], [1])).scores) == {"a"}
