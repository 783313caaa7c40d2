"""Each built-in rule, with expectations worked out by hand."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from custmerge.exceptions import ColumnNotFoundError, InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.protocols import SurvivorshipRule
from custmerge.records import RecordTable
from custmerge.survivorship import (
    DEFAULT_RULES,
    SURVIVORSHIP_RULES,
    Chain,
    MostComplete,
    MostRecent,
    SourcePriority,
    assigned,
    bind,
    columns_read,
    default_rule,
    first,
    largest,
    longest,
    mixed_case,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    prefer,
    shortest,
    smallest,
    source_priority,
    source_trust,
    survive,
    valid_first,
    when,
)

# One customer, four records.
CUSTOMER = RecordTable.from_mappings(
    [
        {"name": "Jo Li", "fax": None, "at": "2021-03-01", "source": "web"},
        {"name": "Joanne Li", "fax": "77", "at": "2023-07-09", "source": "shop"},
        {"name": "J. Li", "fax": None, "at": "2019-01-15", "source": "crm"},
        {"name": "Jo Li", "fax": None, "at": None, "source": "erp"},
    ]
)

MAKING = {name for name, rule in SURVIVORSHIP_RULES.items() if hasattr(rule, "make")}
BUILT_INS: list[SurvivorshipRule] = [
    most_recent(),
    most_recent("at", missing="first", day_first=True),
    oldest("at"),
    most_frequent(),
    most_frequent(normalized=True, kind="phone"),
    most_complete(),
    most_complete(["name", "fax"]),
    longest(),
    mixed_case(),
    shortest(),
    source_priority(["crm", "web"], "source"),
    first(),
    largest(),
    smallest(),
    valid_first(),
    assigned(),
    valid_first("email", region="CN"),
    source_trust({"crm": 90, "web": 50}, column="source"),
    prefer({"source": "crm"}),
    when({"source": "crm"}, most_recent("at"), longest()),
    most_frequent().then(longest()),
    *(SURVIVORSHIP_RULES[name]() for name in sorted(MAKING)),
]


def survivor(rule: SurvivorshipRule, table: RecordTable = CUSTOMER) -> tuple[int, str]:
    labels = np.zeros(table.n_rows, np.int64)
    return survive(table, labels, {"name": rule}).lineage(0, "name")


def ranks(rule: SurvivorshipRule, table: RecordTable = CUSTOMER) -> list[float]:
    result: list[float] = rule.rank(table, "name", np.arange(table.n_rows)).tolist()
    return result


def names(*texts: str) -> RecordTable:
    return RecordTable.from_columns({"name": texts}, len(texts))


def test_most_recent_takes_the_latest_record() -> None:
    assert survivor(most_recent("at")) == (1, "most_recent")


def test_most_recent_can_prefer_records_without_a_timestamp() -> None:
    assert survivor(most_recent("at", missing="first")) == (3, "most_recent")


def test_oldest_takes_the_earliest_record_that_has_a_timestamp() -> None:
    assert survivor(oldest("at")) == (2, "oldest")


def test_most_frequent_takes_the_text_of_most_records() -> None:
    assert survivor(most_frequent()) == (0, "most_frequent")


def test_most_complete_takes_the_fullest_record() -> None:
    assert survivor(most_complete()) == (1, "most_complete")


def test_most_complete_can_count_some_columns_only() -> None:
    assert ranks(most_complete(["fax", "at"])) == [1.0, 2.0, 1.0, 0.0]


def test_longest_takes_the_text_with_the_most_characters() -> None:
    assert survivor(longest()) == (1, "longest")


def test_shortest_takes_the_text_with_the_fewest_characters() -> None:
    table = names("Jo Lin", "Jo", "Joanne")
    assert survivor(shortest(), table) == (1, "shortest")


def test_length_counts_characters_not_bytes() -> None:
    assert ranks(longest(), names("李小龙", "Ann B")) == [3.0, 5.0]


def test_source_priority_takes_the_first_listed_source_that_is_there() -> None:
    rule = source_priority(["sap", "erp", "crm"], "source")
    assert survivor(rule) == (3, "source_priority")


def test_unlisted_sources_come_below_listed_ones() -> None:
    assert survivor(source_priority(["crm"], "source")) == (2, "source_priority")


def test_unlisted_sources_are_equal_among_themselves() -> None:
    rule = source_priority(["sap"], "source").then(longest())
    assert survivor(rule) == (1, "longest")


def test_first_takes_the_record_given_first() -> None:
    assert survivor(first(), names("Zoe", "Ann", "Bo")) == (0, "first")


def test_then_decides_what_the_first_rule_left_tied() -> None:
    table = names("Jo Li", "Joanne Li", "Ann", "Joanne Li", "Jo Li")
    assert survivor(most_frequent().then(shortest()), table) == (0, "shortest")


def test_then_is_not_asked_where_the_first_rule_decided() -> None:
    assert survivor(most_frequent().then(longest())) == (0, "most_frequent")


def test_then_only_chooses_among_the_tied() -> None:
    table = names("Bo", "Bo", "Al", "Al", "Christopher")
    assert survivor(most_frequent().then(longest()), table) == (2, "tie_break")


def test_most_frequent_after_another_rule_counts_all_records_of_the_entity() -> None:
    table = RecordTable.from_columns(
        {"name": ["Bo", "Al", "Bo"], "at": ["2024-01-01", "2024-01-01", "2020-01-01"]},
        3,
    )
    rule = most_recent("at").then(most_frequent())
    assert survivor(rule, table) == (0, "most_frequent")


def test_three_rules_fall_through_in_order() -> None:
    rule = source_priority(["sap"], "source").then(most_recent()).then(longest())
    assert survivor(rule) == (1, "longest")


def test_chain_ranks_by_its_rules_in_order_when_called_as_one_rule() -> None:
    table = names("Jo", "Ann", "Al", "Jo", "Al")
    assert ranks(most_frequent().then(longest()), table) == [2.0, 1.0, 2.0, 2.0, 2.0]
    assert ranks(longest().then(most_frequent()), table) == [1.0, 2.0, 1.0, 1.0, 1.0]


def test_chain_ranks_missing_information_below_all_else() -> None:
    assert ranks(most_recent("at").then(longest())) == [3.0, 4.0, 2.0, 1.0]


def test_chains_are_flat() -> None:
    nested = Chain((most_frequent().then(longest()), first().then(shortest())))
    assert nested.rules == (most_frequent(), longest(), first(), shortest())


def test_chain_of_something_else_is_refused() -> None:
    with pytest.raises(InvalidConfigError, match="rules only"):
        longest().then("shortest")  # type: ignore[arg-type]


def test_empty_chain_is_refused() -> None:
    with pytest.raises(InvalidConfigError, match="at least one rule"):
        Chain(())


def test_unbound_most_recent_leaves_the_decision_to_the_next_rule() -> None:
    assert survivor(most_recent().then(longest())) == (1, "longest")


def test_unbound_oldest_leaves_the_decision_to_the_next_rule() -> None:
    assert survivor(oldest().then(longest())) == (1, "longest")


def test_timestamp_column_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ColumnNotFoundError, match="'changed'"):
        most_recent("changed").rank(CUSTOMER, "name", np.arange(4))


def test_unbound_source_priority_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="which column names the source"):
        ranks(source_priority(["crm"]))


def test_bind_fills_in_the_column_of_updates() -> None:
    roles = {Role.UPDATED_AT: "changed", Role.CREATED_AT: "made"}
    assert bind(most_recent(), roles) == most_recent("changed")


def test_most_recent_falls_back_to_the_column_of_creation() -> None:
    assert bind(most_recent(), {Role.CREATED_AT: "made"}) == most_recent("made")


def test_bind_fills_in_the_column_of_creation_for_oldest() -> None:
    roles = {Role.UPDATED_AT: "changed", Role.CREATED_AT: "made"}
    assert bind(oldest(), roles) == oldest("made")


def test_bind_fills_in_the_column_of_sources() -> None:
    bound = bind(source_priority(["crm"]), {Role.SOURCE: "system"})
    assert bound == source_priority(["crm"], "system")


@pytest.mark.parametrize(
    "rule", [most_recent("at"), oldest("at"), source_priority(["a"], "at"), longest()]
)
def test_bind_keeps_what_is_given(rule: SurvivorshipRule) -> None:
    roles = {Role.UPDATED_AT: "x", Role.CREATED_AT: "x", Role.SOURCE: "x"}
    assert bind(rule, roles) == rule


def test_bind_without_a_known_role_leaves_the_column_open() -> None:
    assert bind(most_recent(), {}) == most_recent()


def test_bind_reaches_into_chains() -> None:
    bound = bind(most_frequent().then(most_recent()), {Role.UPDATED_AT: "changed"})
    assert bound == most_frequent().then(most_recent("changed"))


def test_columns_that_a_chain_reads_are_those_of_its_rules() -> None:
    chain = most_recent("at").then(most_complete(["fax"])).then(oldest("made"))
    assert columns_read(chain.then(source_priority(["a"], "system"))) == (
        "at",
        "fax",
        "made",
        "system",
    )


@pytest.mark.parametrize("rule", [most_recent(), oldest(), source_priority(["a"])])
def test_rule_with_an_open_column_reads_none(rule: SurvivorshipRule) -> None:
    assert columns_read(rule) == ()


@pytest.mark.parametrize("sources", ["crm", [], ["crm", "crm"]])
def test_source_priority_needs_a_list_of_different_sources(sources: list[str]) -> None:
    with pytest.raises(InvalidConfigError, match="source_priority"):
        source_priority(sources)


def test_missing_is_last_or_first() -> None:
    with pytest.raises(InvalidConfigError, match="'last' or 'first'"):
        MostRecent(missing="never")  # type: ignore[arg-type]


def test_columns_to_count_are_a_list() -> None:
    with pytest.raises(InvalidConfigError, match="list of column names"):
        MostComplete("name")


def test_lists_and_tuples_of_parameters_make_equal_rules() -> None:
    assert SourcePriority(["a"]) == SourcePriority(("a",))
    assert hash(MostComplete(["a"])) == hash(MostComplete(("a",)))


@pytest.mark.parametrize("rule", BUILT_INS, ids=repr)
def test_built_in_rules_survive_pickling(rule: SurvivorshipRule) -> None:
    assert pickle.loads(pickle.dumps(rule)) == rule  # noqa: S301


@pytest.mark.parametrize("rule", BUILT_INS, ids=repr)
def test_built_in_rules_satisfy_the_protocol(rule: SurvivorshipRule) -> None:
    assert isinstance(rule, SurvivorshipRule)
    result = rule.rank(CUSTOMER, "name", np.array([2, 0], np.int64))
    assert result.dtype == np.float64
    assert result.shape == (2,)


@pytest.mark.parametrize("rule", BUILT_INS, ids=repr)
def test_built_in_rules_rank_no_rows(rule: SurvivorshipRule) -> None:
    assert rule.rank(CUSTOMER, "name", np.zeros(0, np.int64)).tolist() == []


def test_every_built_in_is_listed_by_its_name() -> None:
    rules = [rule for rule in BUILT_INS if not isinstance(rule, Chain)]
    assert {rule.name: type(rule) for rule in rules} == SURVIVORSHIP_RULES


def test_every_kind_has_a_default_rule() -> None:
    assert set(DEFAULT_RULES) == set(Kind)


@pytest.mark.parametrize("kind", [None, *Kind])
def test_default_rules_need_no_column(kind: Kind | None) -> None:
    assert columns_read(default_rule(kind)) == ()


def golden_by_default(
    kind: Kind, values: list[str], region: str | None = None
) -> str | None:
    """Return what survives of one customer's values, oldest first."""
    at = [f"{2010 + year}-01-01" for year in range(len(values))]
    table = RecordTable.from_columns({"value": values, "at": at}, len(values))
    rule = bind(default_rule(kind), {Role.UPDATED_AT: "at"}, kind, region)
    survivors = survive(table, np.zeros(len(values), np.int64), {"value": rule})
    return survivors.golden(table)["value"].decode()[0]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        # Customers change their contacts, but not to what is none.
        (Kind.EMAIL, ["a@x.org", "a@x.org", "b@x.org"], "b@x.org"),
        (Kind.EMAIL, ["a@x.org", "b@x..org", "n/a", "test@test.com"], "a@x.org"),
        (Kind.PHONE, ["13912348765", "13800138000", "1391234876"], "13912348765"),
        (Kind.ADDRESS, ["1 Oak St", "2 Elm St", "unknown"], "2 Elm St"),
        (Kind.CITY, ["北京", "上海", "无"], "上海"),
        # What several records confirm is right, in whatever spelling.
        (Kind.BIRTH_DATE, ["1980-02-01", "1980年2月1日", "1980-03-01"], "1980年2月1日"),
        (Kind.BIRTH_DATE, ["1980-02-01", "1980-02-30", "1980-02-30"], "1980-02-01"),
        (Kind.GIVEN_NAME, ["Jonathn", "JONATHAN", "Jonathan"], "Jonathan"),
        (Kind.GIVEN_NAME, ["J.", "Jonathan", "Jon"], "Jonathan"),
        (Kind.GIVEN_NAME, ["Ann", "Unknown", "Unknown"], "Ann"),
        (Kind.FULL_NAME, ["王晓明", "王小明", "王小明先生"], "王小明先生"),
        (Kind.FAMILY_NAME, ["Smith", "Jones", "smith", "Lee"], "Smith"),
        (
            Kind.IDENTIFIER,
            ["11010519491231002X", "110105194912310021", "110105194912310021"],
            "11010519491231002X",
        ),
    ],
)
def test_default_survivor_of_a_kind(
    kind: Kind, values: list[str], expected: str
) -> None:
    region = "CN" if kind is Kind.PHONE else None
    assert golden_by_default(kind, values, region) == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_placeholder_never_survives_a_value_by_default(kind: Kind) -> None:
    value = {Kind.EMAIL: "a@x.org", Kind.BIRTH_DATE: "1980-02-01", Kind.GENDER: "f"}
    held = value.get(kind, "Ann 020 7946 0001 Ltd" if kind is not Kind.NUMBER else "7")
    assert golden_by_default(kind, [held, "unknown", "unknown"], "GB") == held


def test_frequency_can_be_counted_by_standard_form() -> None:
    table = names("ann", "Bo", "Bo", "ANN", "Ann", "n/a", "n/a", "n/a", "n/a")
    rule = most_frequent(normalized=True, kind="given_name")
    assert ranks(rule, table) == [3.0, 2.0, 2.0, 3.0, 3.0, 0.0, 0.0, 0.0, 0.0]
    assert ranks(most_frequent(normalized=True), table) == ranks(most_frequent(), table)


def test_standard_forms_are_those_of_the_fields_kind() -> None:
    bound = bind(most_frequent(normalized=True), {}, Kind.PHONE, "GB")
    table = names("020 7946 0018", "+44 20 7946 0018", "020 7946 0019")
    assert ranks(bound, table) == [2.0, 2.0, 1.0]
    assert bind(most_frequent(), {}, Kind.PHONE, "GB") == most_frequent()


def test_kind_of_values_must_be_known() -> None:
    with pytest.raises(InvalidConfigError, match="'e-mail'"):
        most_frequent(normalized=True, kind="e-mail")
