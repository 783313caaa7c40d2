"""Users' own rules, and what a configuration may write for a rule."""

from __future__ import annotations

import functools
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from custmerge.exceptions import InvalidConfigError, PluginError
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Record, RecordTable
from custmerge.survivorship import (
    SURVIVORSHIP_RULES,
    Chain,
    FunctionRule,
    as_survivorship_rule,
    first,
    longest,
    most_frequent,
    most_recent,
    shortest,
    source_priority,
    survive,
    survivorship_rule,
    survivorship_spec,
)

TABLE = RecordTable.from_mappings(
    [
        {"name": "Ann", "source": "web"},
        {"name": "Anne", "source": "crm"},
        {"name": None, "source": "crm"},
        {"name": "Secret", "source": "web"},
    ]
)
PAIR = np.array([0, 0, 0, 1])


def from_source(value: str, record: Record, wanted: str) -> float:
    return float(record["source"] == wanted)


def recorder(seen: list[str]) -> FunctionRule:
    """Return a rule that notes the values it is called with."""

    def note(value: str, record: Record) -> float:
        seen.append(value)
        return 0.0

    return survivorship_rule(note)


def lift(function: Any) -> FunctionRule:
    return survivorship_rule(function)


@dataclass(frozen=True, slots=True)
class Constant:
    result: Any
    name: str = "constant"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        if isinstance(self.result, Exception):
            raise self.result
        ranks: Ranks = self.result
        return ranks


def test_decorated_rule_ranks_by_value_and_record() -> None:
    rule = lift(lambda value, record: record["source"] == "crm")
    assert survive(TABLE, PAIR, {"name": rule}).rows["name"].tolist() == [1, 3]


def test_decorated_rule_is_named_after_its_function() -> None:
    @survivorship_rule
    def prefer_long(value: str, record: Record) -> float:
        return len(value)

    assert prefer_long.name == "prefer_long"


def test_decorated_rule_stays_callable() -> None:
    rule = lift(lambda value, record: len(value) + len(record))
    assert rule("Ann", {"name": "Ann"}) == 4


def test_function_sees_the_texts_of_the_whole_record() -> None:
    expected = {"name": None, "source": "crm"}
    rule = lift(lambda value, record: (value, record) == ("crm", expected))
    assert rule.rank(TABLE, "source", np.array([2])).tolist() == [1.0]


def test_function_is_called_only_where_different_values_compete() -> None:
    table = RecordTable.from_columns(
        {"name": ["Solo", "Same", "Same", "A", "B", None, "One", None]}, 8
    )
    seen: list[str] = []
    rule = recorder(seen)
    survive(table, np.array([0, 1, 1, 2, 2, 2, 3, 3]), {"name": rule})
    assert seen == ["A", "B"]


def test_function_after_another_rule_is_called_only_for_the_tied() -> None:
    table = RecordTable.from_columns({"name": ["Al", "Bo", "Christopher"]}, 3)
    seen: list[str] = []
    rule = recorder(seen)
    survive(table, np.zeros(3, np.int64), {"name": shortest().then(rule)})
    assert seen == ["Al", "Bo"]


def test_nan_from_a_function_never_survives() -> None:
    rule = lift(lambda value, record: float("nan") if value == "Anne" else -np.inf)
    assert survive(TABLE, PAIR, {"name": rule}).lineage(0, "name")[0] == 0


def test_function_rule_chains() -> None:
    rule = lift(lambda value, record: 1).then(longest())
    assert survive(TABLE, PAIR, {"name": rule}).lineage(0, "name") == (1, "longest")


def test_many_records_reach_the_function_in_order() -> None:
    texts = [str(number) for number in range(20_000)]
    table = RecordTable.from_columns({"name": texts}, len(texts))
    rule = lift(lambda value, record: float(record["name"]))
    rows = np.arange(len(texts))[::-1].astype(np.int64)
    assert rule.rank(table, "name", rows).tolist() == rows.tolist()


def test_function_that_raises_is_named_without_the_value() -> None:
    rule = lift(lambda value, record: int(value))
    with pytest.raises(
        PluginError, match="survivorship rule '<lambda>' raised"
    ) as info:
        rule.rank(TABLE, "name", np.array([3]))
    assert "Secret" not in str(info.value)
    assert "'name'" in info.value.__notes__[0]


@pytest.mark.parametrize("result", [None, "1", [1.0], 1j])
def test_function_that_returns_no_number_is_an_error(result: object) -> None:
    rule = lift(lambda value, record: result)
    with pytest.raises(PluginError, match="a rank must be a number"):
        rule.rank(TABLE, "name", np.array([0]))


@pytest.mark.parametrize("result", [True, 3, 2.5, np.float32(1), np.bool_(True)])
def test_function_may_return_any_number(result: float) -> None:
    rule = lift(lambda value, record: result)
    assert rule.rank(TABLE, "name", np.array([0])).tolist() == [float(result)]


def test_decorated_rule_pickles_by_reference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    module = tmp_path / "my_survivorship_rules.py"
    module.write_text(
        "from custmerge.survivorship import survivorship_rule\n"
        "@survivorship_rule\n"
        "def decorated(value, record):\n"
        "    return 7\n"
        "def plain(value, record):\n"
        "    return 8\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    decorated = as_survivorship_rule("my_survivorship_rules:decorated")
    plain = as_survivorship_rule("my_survivorship_rules:plain")
    assert pickle.loads(pickle.dumps(decorated)) is decorated  # noqa: S301
    assert pickle.loads(pickle.dumps(plain)) == plain  # noqa: S301
    assert survivorship_spec(plain) == "my_survivorship_rules:plain"


def test_partial_function_pickles_by_itself() -> None:
    rule = lift(functools.partial(max, 1))
    copy = pickle.loads(pickle.dumps(rule))  # noqa: S301
    assert (copy.name, copy(2, 3)) == ("partial", 3)


def test_rule_of_a_local_function_tells_how_to_make_it_pickle() -> None:
    pickled = pickle.dumps(lift(lambda value, record: 0.0))
    with pytest.raises(InvalidConfigError, match="defined at module level"):
        pickle.loads(pickled)  # noqa: S301


def test_name_becomes_the_built_in() -> None:
    assert as_survivorship_rule("longest") == longest()


def test_mapping_becomes_the_built_in_with_parameters() -> None:
    given = {"name": "source_priority", "sources": ["crm"], "column": "source"}
    assert as_survivorship_rule(given) == source_priority(["crm"], "source")


def test_list_becomes_a_chain() -> None:
    given: Any = ["most_frequent", {"name": "most_recent", "by": "at"}, longest()]
    expected = most_frequent().then(most_recent("at")).then(longest())
    assert as_survivorship_rule(given) == expected


def test_rule_is_taken_as_it_is() -> None:
    rule = Constant(0.0)
    assert as_survivorship_rule(rule) is rule


def test_plain_function_becomes_a_rule() -> None:
    rule = as_survivorship_rule(functools.partial(from_source, wanted="crm"))
    assert survive(TABLE, PAIR, {"name": rule}).rows["name"].tolist() == [1, 3]


def test_built_in_without_its_parentheses_is_the_built_in() -> None:
    assert as_survivorship_rule(longest) == longest()  # type: ignore[arg-type]


def test_source_priority_by_its_name_alone_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="list of sources"):
        as_survivorship_rule("source_priority")


@pytest.mark.parametrize("given", ["newest", 7, None, {"name": "newest"}, object()])
def test_anything_else_is_an_error_that_lists_the_built_ins(given: Any) -> None:
    with pytest.raises(InvalidConfigError, match=r"most_frequent.*source_priority"):
        as_survivorship_rule(given)


def test_wrong_parameter_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="parameters"):
        as_survivorship_rule({"name": "longest", "by": "at"})


def test_empty_list_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="at least one rule"):
        as_survivorship_rule([])


@pytest.mark.parametrize(
    "rule",
    [
        longest(),
        most_recent("at", missing="first"),
        source_priority(["crm", "web"], "source"),
        Chain((most_frequent(), most_recent("at"), first())),
    ],
    ids=repr,
)
def test_what_a_file_says_of_a_rule_reads_back(rule: SurvivorshipRule) -> None:
    spec: Any = survivorship_spec(rule)
    assert as_survivorship_rule(spec) == rule


def test_built_ins_are_listed_in_order_of_name() -> None:
    assert list(SURVIVORSHIP_RULES) == sorted(SURVIVORSHIP_RULES)


def test_rule_class_that_raises_is_named_with_the_field() -> None:
    rule = Constant(ZeroDivisionError())
    with pytest.raises(PluginError, match=r"'constant'.*field 'name' raised ZeroDiv"):
        survive(TABLE, PAIR, {"name": rule})


def test_our_own_errors_pass_through_a_rule_unchanged() -> None:
    rule = Constant(InvalidConfigError("mine"))
    with pytest.raises(InvalidConfigError, match=r"^mine$"):
        survive(TABLE, PAIR, {"name": rule})


def test_rule_class_that_does_not_rank_each_row_is_an_error() -> None:
    with pytest.raises(PluginError, match=r"shape \(3,\) for 2 rows"):
        survive(TABLE, PAIR, {"name": Constant(np.zeros(3))})
