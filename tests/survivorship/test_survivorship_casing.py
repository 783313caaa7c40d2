"""Capitals: which spelling of a name survives, on hand-worked records and on any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.records import RecordTable
from custmerge.survivorship import bind, default_rule, first, survive


def kept(rule: SurvivorshipRule, texts: Sequence[str]) -> tuple[str | None, str]:
    """Return what survives of one entity's texts, and the rule that decided."""
    table = RecordTable.from_columns({"x": list(texts)}, len(texts))
    survivors = survive(table, np.zeros(len(texts), np.int64), {"x": rule})
    return survivors.golden(table)["x"].decode()[0], survivors.lineage(0, "x")[1]


@pytest.mark.parametrize(
    ("kind", "texts", "expected"),
    [
        (Kind.FAMILY_NAME, ["MILLER", "Miller"], "Miller"),
        (Kind.FAMILY_NAME, ["MILLER", "MILLER", "Miller", "miller"], "Miller"),
        (
            Kind.FAMILY_NAME,
            ["MCDONALD", "Mcdonald", *["McDonald"] * 2],
            "McDonald",
        ),
        (Kind.FAMILY_NAME, ["MILLER", "miller", "miller"], "miller"),
        (Kind.FAMILY_NAME, ["MILLER", "Smith", "MILLER"], "MILLER"),
        (Kind.GIVEN_NAME, ["ÉMILE", "Émile"], "Émile"),
        (Kind.FULL_NAME, ["WANG XIAOMING", "Wang Xiaoming", "王小明"], "Wang Xiaoming"),
        (Kind.FULL_NAME, ["王小明", "王小明", "李娜"], "王小明"),
        (Kind.ORGANISATION, ["IBM", "IBM", "Ibm"], "IBM"),
        (Kind.ORGANISATION, ["ACME TRADING", "Acme Trading"], "Acme Trading"),
    ],
)
def test_golden_names_are_in_mixed_case_where_somebody_wrote_them_so(
    kind: Kind, texts: list[str], expected: str
) -> None:
    rule = bind(default_rule(kind), {}, kind)
    for order in (texts, texts[::-1]):
        assert kept(rule, order)[0] == expected


def test_names_are_in_mixed_case_also_where_capitals_are_newer() -> None:
    records = [
        {"name": "Ann Miller", "email": "ann@miller.org", "updated_at": "2023-01-31"},
        {"name": "ANN MILLER", "email": "ann@miller.org", "updated_at": "2025-05-01"},
    ]
    result = cm.resolve(records)
    assert [row["name"] for row in result.entities] == ["Ann Miller"]
    [lost] = [row for row in result.losers if row["field"] == "name"]
    assert (lost["value"], lost["lost_to"]) == ("ANN MILLER", "mixed_case")


def test_ties_that_the_rules_leave_go_to_mixed_case_before_the_smallest_text() -> None:
    rule = cm.prefer(lambda value, record: True)
    assert kept(rule, ["BERLIN", "Berlin"]) == ("Berlin", "tie_break")
    assert kept(rule, ["ULM", "Berlin", "BERLIN"]) == ("Berlin", "tie_break")
    assert kept(rule, ["AACHEN", "Berlin", "BERLIN"]) == ("AACHEN", "tie_break")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(
                ["ann", "Ann", "ANN", "aNN", "Bo", "BO", "J.", "ß", "SS", "王"]
            ),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=60)
def test_text_in_one_case_ranks_below_the_same_in_both(
    records: list[tuple[int, str]],
) -> None:
    texts = [text for _, text in records]
    entities = np.array([entity for entity, _ in records])
    table = RecordTable.from_columns({"x": texts}, len(texts))
    ranks = cm.mixed_case().rank_within(table, "x", np.arange(len(texts)), entities)
    for (entity, text), rank in zip(records, ranks.tolist(), strict=True):
        others = [t for e, t in records if e == entity]
        beaten = (text.isupper() or text.islower()) and any(
            t.casefold() == text.casefold() and not (t.isupper() or t.islower())
            for t in others
        )
        assert rank == (0 if beaten else 1)


def test_mixed_case_is_read_from_files_and_chains() -> None:
    config = cm.Config((cm.Field("name", survive=["mixed_case", "first"]),))
    assert config.fields[0].rule == cm.mixed_case().then(first())
    assert cm.Config.from_toml(config.to_toml()) == config
