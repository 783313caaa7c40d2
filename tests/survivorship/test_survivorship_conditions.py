"""Rules that ask something of the record, with expectations worked out by hand."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.protocols import SurvivorshipRule
from custmerge.records import Record, RecordTable
from custmerge.survivorship import (
    When,
    as_survivorship_rule,
    bind,
    columns_read,
    first,
    longest,
    most_frequent,
    most_recent,
    oldest,
    prefer,
    shortest,
    survive,
    survivorship_spec,
    valid_first,
    when,
)

TABLE = RecordTable.from_mappings(
    [
        {"phone": "0101", "from": "web", "checked": False, "at": "2025-05-05"},
        {"phone": "0202", "from": "CRM", "checked": True, "at": "2024-04-04"},
        {"phone": "0303", "from": "crm", "checked": None, "at": "2023-03-03"},
        {"phone": "0202", "from": "web", "checked": True, "at": "2022-02-02"},
    ]
)
ALL = np.arange(4)


def survivor(rule: SurvivorshipRule, *rows: int) -> tuple[int, str]:
    chosen = list(rows) or list(range(4))
    cells = {
        name: [TABLE[name].decode()[row] for row in chosen] for name in TABLE.columns
    }
    table = RecordTable.from_columns(cells, len(chosen))
    labels = np.zeros(len(chosen), np.int64)
    row, decided = survive(table, labels, {"phone": rule}).lineage(0, "phone")
    return chosen[row], decided


def is_odd(value: str, record: Record) -> bool:
    return value in {"0101", "0303"}


def meets(condition: Any) -> list[bool]:
    ranks: list[float] = prefer(condition).rank(TABLE, "phone", ALL).tolist()
    return [bool(rank) for rank in ranks]


def test_record_must_hold_the_cell() -> None:
    assert meets({"checked": True}) == [False, True, False, True]
    assert meets({"checked": "true"}) == [False, True, False, True]


def test_case_width_and_spaces_do_not_count() -> None:
    assert meets({"from": " ｃＲＭ "}) == [False, True, True, False]


def test_any_of_a_list_will_do() -> None:
    assert meets({"from": ["crm", "web"]}) == [True] * 4


@pytest.mark.parametrize("missing", [None, "", [None], ["", "x"]])
def test_cell_can_be_asked_to_be_missing(missing: object) -> None:
    assert meets({"checked": missing}) == [False, False, True, False]


def test_all_cells_of_a_condition_must_hold() -> None:
    assert meets({"checked": True, "from": "crm"}) == [False, True, False, False]


def test_condition_may_be_a_function_of_value_and_record() -> None:
    assert meets(is_odd) == [True, False, True, False]
    assert meets(lambda value, record: record["from"] == "web")[0]


def test_preferred_record_wins_though_another_is_newer() -> None:
    assert survivor(prefer({"checked": True}).then(most_recent("at"))) == (1, "prefer")


def test_where_no_record_is_preferred_the_next_rule_decides() -> None:
    rule = prefer({"from": "fax"}).then(most_recent("at"))
    assert survivor(rule) == (0, "most_recent")


def test_furthest_lifecycle_stage_is_a_chain_of_preferences() -> None:
    # HubSpot keeps the stage that is furthest, whichever record is the primary one.
    table = RecordTable.from_columns(
        {"stage": ["lead", "Customer", "opportunity", "lead"], "at": "1234"}, 4
    )
    furthest = prefer({"stage": "customer"}).then(prefer({"stage": "opportunity"}))
    survivors = survive(table, np.array([0, 0, 0, 1]), {"stage": furthest})
    assert survivors.golden(table)["stage"].decode() == ["Customer", "lead"]


def test_among_records_that_meet_it_the_rule_decides() -> None:
    rule = when({"from": "crm"}, oldest("at"), most_recent("at"))
    assert survivor(rule) == (2, "when")


def test_otherwise_decides_where_none_meets_it() -> None:
    rule = when({"from": "crm"}, oldest("at"), most_recent("at"))
    assert survivor(rule, 0, 3) == (0, "when")


def test_record_that_meets_it_wins_though_the_other_rule_ranks_higher() -> None:
    rule = when({"from": "crm"}, first(), most_frequent())
    assert survivor(rule, 0, 2) == (2, "when")


def test_each_side_counts_its_own_records_alone() -> None:
    table = RecordTable.from_columns(
        {"city": ["Ulm", "Ulm", "Bonn", "Bonn", "Bonn"], "from": "aabbb"}, 5
    )
    labels = np.zeros(5, np.int64)
    rule = when({"from": "a"}, most_frequent(), most_frequent())
    assert survive(table, labels, {"city": rule}).lineage(0, "city") == (0, "when")
    table = RecordTable.from_columns(
        {"city": ["Ulm", "Bonn", "Bonn", "Ulm", "Ulm"], "from": "aaabb"}, 5
    )
    assert survive(table, labels, {"city": rule}).lineage(0, "city") == (1, "when")


def test_what_the_rule_leaves_tied_goes_to_the_next() -> None:
    rule = when({"from": "web"}, longest(), longest()).then(oldest("at"))
    assert survivor(rule) == (3, "oldest")


def test_rules_of_when_may_be_chains_and_when_again() -> None:
    inner = when({"checked": True}, oldest("at"), longest().then(most_recent("at")))
    rule = when({"from": "crm"}, inner, first())
    assert survivor(rule) == (1, "when")
    assert survivor(rule, 0, 2) == (2, "when")


def test_several_entities_are_ranked_each_by_itself() -> None:
    labels = np.array([0, 0, 1, 1])
    rule = when({"from": "crm"}, most_frequent(), most_recent("at"))
    found = survive(TABLE, labels, {"phone": rule}).rows["phone"]
    assert found.tolist() == [1, 2]


def test_columns_and_kinds_reach_the_rules_within() -> None:
    rule = when({"tier": "gold"}, most_recent(), valid_first().then(oldest()))
    bound = bind(rule, {Role.UPDATED_AT: "at"}, Kind.EMAIL)
    assert bound == when(
        {"tier": "gold"}, most_recent("at"), valid_first("email").then(oldest("at"))
    )
    assert columns_read(bound) == ("tier", "at", "at")
    assert columns_read(prefer({"a": 1, "b": 2})) == ("a", "b")
    assert columns_read(prefer(is_odd)) == ()


def test_ranks_are_the_records_where_neither_value_nor_others_count() -> None:
    assert prefer({"a": "b"}).whole_record
    assert not prefer(is_odd).whole_record
    assert when({"a": "b"}, first(), most_recent("at").then(first())).whole_record
    assert not when({"a": "b"}, first(), most_recent("at").then(longest())).whole_record
    assert not when(is_odd, first(), first()).whole_record


@pytest.mark.parametrize("condition", [{}, 7, "verified", int, {1: "x"}])
def test_condition_that_is_none_is_refused(condition: Any) -> None:
    with pytest.raises(InvalidConfigError, match="cells by column"):
        prefer(condition)


def test_rules_of_when_must_be_rules() -> None:
    with pytest.raises(InvalidConfigError, match="needs two rules"):
        when({"a": "b"}, longest(), "shortest")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "spec"),
    [
        (
            prefer({"verified": True, "from": ["web", "CRM"]}),
            {
                "name": "prefer",
                "condition": {"verified": "true", "from": ["crm", "web"]},
            },
        ),
        (
            when({"deleted": None}, longest().then(first()), most_recent("at")),
            {
                "name": "when",
                "condition": {"deleted": ""},
                "rule": ["longest", "first"],
                "otherwise": {"name": "most_recent", "by": "at"},
            },
        ),
        (
            prefer({"a": "b"}).then(when({"c": "d"}, longest(), shortest())),
            [
                {"name": "prefer", "condition": {"a": "b"}},
                {
                    "name": "when",
                    "condition": {"c": "d"},
                    "rule": "longest",
                    "otherwise": "shortest",
                },
            ],
        ),
    ],
)
def test_they_are_written_to_a_configuration_and_read_back(
    rule: SurvivorshipRule, spec: Any
) -> None:
    assert survivorship_spec(rule) == spec
    assert as_survivorship_rule(spec) == rule


def test_condition_function_is_written_as_its_reference() -> None:
    spec = survivorship_spec(prefer(is_odd))
    assert isinstance(spec, dict)
    assert spec["condition"].endswith(":is_odd")
    assert hash(prefer({"a": "b"})) == hash(prefer({"a": ["b"]}))


def test_local_function_cannot_be_written() -> None:
    with pytest.raises(InvalidConfigError, match="module level"):
        survivorship_spec(prefer(lambda value, record: True))


def test_rules_by_cells_survive_pickling() -> None:
    rule = when({"a": ["b", None]}, prefer({"c": "d"}), longest().then(first()))
    assert pickle.loads(pickle.dumps(rule)) == rule  # noqa: S301


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.booleans()),
        min_size=1,
        max_size=7,
    ),
    st.sampled_from([longest(), most_frequent(), first(), shortest().then(first())]),
    st.sampled_from([most_frequent(), most_frequent().then(first())]),
)
@settings(max_examples=60, deadline=None)
def test_when_is_the_one_rule_or_the_other_on_the_records_it_goes_for(
    cells: list[tuple[str, str, bool]],
    rule: SurvivorshipRule,
    otherwise: SurvivorshipRule,
) -> None:
    table = RecordTable.from_columns(
        {
            "entity": [entity for entity, _, _ in cells],
            "value": [value for _, value, _ in cells],
            "vip": [vip for _, _, vip in cells],
        },
        len(cells),
    )
    codes = table["entity"].codes.astype(np.int64)
    found = survive(table, codes, {"value": When({"vip": ("true",)}, rule, otherwise)})
    for entity in range(len(table["entity"].values)):
        rows = np.flatnonzero(codes == entity)
        vips = np.array([cells[row][2] for row in rows])
        chosen, judge = (rows[vips], rule) if vips.any() else (rows, otherwise)
        alone = RecordTable.from_columns(
            {"value": [cells[row][1] for row in chosen]}, len(chosen)
        )
        expected = survive(alone, np.zeros(len(chosen), np.int64), {"value": judge})
        golden = found.golden(table)["value"].decode()[entity]
        assert golden == expected.golden(alone)["value"].decode()[0]


@pytest.mark.parametrize(
    "rule",
    [
        cm.total(),
        cm.collect(),
        cm.unanimous().then(cm.longest()),
    ],
)
def test_when_takes_no_rules_that_make_values(rule: SurvivorshipRule) -> None:
    for rules in ((rule, cm.longest()), (cm.longest(), rule)):
        with pytest.raises(cm.InvalidConfigError, match="in when make values"):
            cm.when({"tier": "gold"}, *rules)
    inner = {"name": "when", "condition": {"a": "b"}, "rule": "longest"}
    with pytest.raises(cm.InvalidConfigError, match="in when make values"):
        cm.Config(
            (cm.Field("name"),), survivorship={"name": {**inner, "otherwise": "total"}}
        )
