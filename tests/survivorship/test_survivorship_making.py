"""Rules that make values: what they make of hand-worked records, and of any."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.exceptions import ColumnNotFoundError, InvalidConfigError
from custmerge.kinds import Kind
from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable
from custmerge.survivorship import (
    Override,
    Survivors,
    Terms,
    as_survivorship_rule,
    collect,
    count,
    earliest,
    latest,
    longest,
    maximum,
    mean,
    minimum,
    most_recent,
    rfm,
    shortest,
    survive,
    survivorship_spec,
    total,
    trace,
    unanimous,
)

Rules = Mapping[str, SurvivorshipRule]


def table_of(**columns: Sequence[str | None]) -> RecordTable:
    return RecordTable.from_columns(columns, len(next(iter(columns.values()))))


def lower_case(table: RecordTable) -> Terms:
    """Normalize to lower case, split at semicolons, "?" being no value."""

    def standard(name: str, rows: Rows, kind: Kind | None) -> tuple[Column, Column]:
        stored = table[name].take(rows).split("; ")
        lowered = [None if text == "?" else text.lower() for text in stored.values]
        return stored, stored.replace(lowered)

    return Terms(standard=standard)


def merged(
    table: RecordTable, rules: Rules, labels: Sequence[int] | None = None
) -> Survivors:
    entities = np.array(labels or [0] * table.n_rows, np.int64)
    return survive(table, entities, rules, (), lower_case(table))


def made(rule: SurvivorshipRule, cells: Sequence[str | None]) -> object:
    """Return what a rule makes of the cells of one entity."""
    survivors = merged(table_of(value=cells), {"value": rule})
    return survivors.values.get("value", {}).get(0, "a cell")


def kept(rule: SurvivorshipRule, cells: Sequence[str | None]) -> str | None:
    """Return the text that a rule keeps of the cells of one entity."""
    table = table_of(value=cells)
    return merged(table, {"value": rule}).golden(table)["value"].decode()[0]


def test_collected_values_are_distinct_as_normalized_and_kept_as_stored() -> None:
    mails = ["B@x.cn", "a@x.cn", "b@x.cn", None]
    assert made(collect().then(longest()), mails) == ["B@x.cn", "a@x.cn"]


def test_collected_values_come_in_order_of_rank() -> None:
    table = table_of(mail=["old", "new", "mid"], at=["2020", "2024-1-1", "2022-1-1"])
    survivors = merged(table, {"mail": collect().then(most_recent("at"))})
    assert survivors.values["mail"][0] == ["new", "mid", "old"]
    assert survivors.lineage(0, "mail") == (1, "collect")


def test_collected_values_may_be_joined() -> None:
    rule = collect(joined=" | ").then(shortest())
    assert made(rule, ["电话回访", "VIP", "VIP"]) == "VIP | 电话回访"


def test_lists_in_cells_are_collected_by_their_items() -> None:
    assert made(collect().then(longest()), ["a; b", "B; c"]) == ["B", "c", "a"]


def test_values_without_a_normalized_form_are_collected_as_they_are() -> None:
    assert made(collect().then(longest()), ["?", "a", "?"]) == ["?", "a"]


def test_collecting_not_distinct_keeps_a_value_for_each_record() -> None:
    assert made(collect(distinct=False).then(longest()), ["a", "A", "a"]) == [
        *("A", "a", "a"),
    ]


def test_collecting_not_normalized_tells_texts_apart() -> None:
    assert made(collect(normalized=False).then(longest()), ["a", "A"]) == ["A", "a"]


def test_single_record_has_its_own_value_collected() -> None:
    survivors = merged(table_of(tag=["vip", None]), {"tag": collect()}, [0, 1])
    assert survivors.values["tag"] == {0: ["vip"]}
    assert survivors.lineage(1, "tag") == (1, "missing")


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        (total(), ["3", "4", None], 7),
        (total(), ["0.1", "0.2"], 0.3),
        (total(), ["1", "2.50"], 3.5),
        (total(), ["many", None], None),
        (mean(), ["1", "2", "x"], 1.5),
        (count(), ["x", None, "x"], 2),
        (count(), [None], 0),
        (total(), ["9007199254740993"], 9007199254740992.0),
    ],
)
def test_numbers_are_aggregated(
    rule: SurvivorshipRule, cells: Sequence[str | None], expected: object
) -> None:
    result = made(rule, cells)
    assert result == expected
    assert type(result) is type(expected)


def test_total_of_whole_numbers_is_an_integer_and_of_others_a_float() -> None:
    table = table_of(n=["1", "2", "5"], x=["1.5", "0.5", "5"])
    survivors = merged(table, {"n": total(), "x": total()}, [0, 0, 1])
    assert [type(value) for value in survivors.values["n"].values()] == [int, int]
    assert [type(value) for value in survivors.values["x"].values()] == [float, float]


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        (minimum(), ["10", "9", "9.0"], "9"),
        (maximum(), ["10", "9", "x"], "10"),
        (maximum(), ["x", None], None),
        (earliest(), ["2024-01-31", "2023年5月1日", "soon"], "2023年5月1日"),
        (latest(), ["2024-01-31", "31.12.2024", None], "31.12.2024"),
        (unanimous(), ["Ann", "ANN", None], "ANN"),
        (unanimous(), ["Ann", "Bo"], None),
        (unanimous(), ["?", "Ann", "ANN"], "ANN"),
        (unanimous(), ["Ann", "?", "Bo"], None),
        (unanimous(), ["?", "?"], "?"),
        (unanimous(), ["Ann; Bo", "BO; ann"], "Ann; Bo"),
        (unanimous(), ["Ann; Bo", "Ann"], None),
        (unanimous(), [None, None], None),
    ],
)
def test_very_cell_of_a_record_is_kept(
    rule: SurvivorshipRule, cells: Sequence[str | None], expected: str | None
) -> None:
    assert kept(rule.then(longest()), cells) == expected  # type: ignore[attr-defined]


def test_value_that_a_record_holds_is_not_marked_as_computed() -> None:
    table = table_of(low=["2", "1"], sum=["2", "1"], at=["x", "y"])
    survivors = merged(table, {"low": minimum(), "sum": total(), "at": unanimous()})
    assert survivors.computed == {"sum"}
    assert survivors.lineage(0, "low") == (1, "minimum")
    assert survivors.lineage(0, "at")[1] == "unanimous"


def test_records_that_agree_leave_nothing_to_decide() -> None:
    table = table_of(vat=["1", None, "1"], low=["2", "2", None])
    survivors = merged(table, {"vat": unanimous(), "low": minimum()})
    assert survivors.lineage(0, "vat") == (0, "only_value")
    assert survivors.lineage(0, "low") == (0, "only_value")


def test_new_golden_column_is_made_of_another() -> None:
    table = table_of(day=["2024-02-02", "2023-01-01"])
    rules: Rules = {"first_day": earliest("day"), "days": collect(of="day")}
    survivors = merged(table, rules)
    assert list(survivors.golden(table)) == ["day", "first_day", "days"]
    assert survivors.golden(table)["first_day"].decode() == ["2023-01-01"]
    assert survivors.columns["first_day"] == "day"


def test_column_that_a_new_golden_column_is_made_of_must_exist() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"\['nothing', 'spent'\]"):
        merged(table_of(a=["1"]), {"sum": total("spent"), "nothing": total()})


def test_rfm_of_a_merged_customer() -> None:
    table = table_of(
        last=["2025-01-01", "2025-03-01", "2025-03-11"],
        orders=["2", "3", None],
        spend=["10.5", "1", "7"],
    )
    rules = rfm(last_order="last", orders="orders", spend="spend")
    values = merged(table, rules, [0, 0, 1]).values
    assert {name: values[name].get(0) for name in rules} == {
        "recency": 10,
        "frequency": 5,
        "monetary": 11.5,
    }
    assert {name: values[name].get(1) for name in rules} == {
        "recency": 0,
        "frequency": None,
        "monetary": 7.0,
    }


def test_recency_counts_from_the_day_that_is_given() -> None:
    table = table_of(last=["2025-01-01"], n=["1"])
    rules = rfm(last_order="last", orders="n", spend="n", as_of=date(2025, 2, 1))
    assert merged(table, rules).values["recency"] == {0: 31}


def test_recency_of_nothing_readable_is_missing() -> None:
    rules = rfm(last_order="last", orders="last", spend="last")
    values = merged(table_of(last=["soon", None]), rules, [0, 1]).values
    assert values["recency"] == {0: None}


def test_day_that_is_no_date_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="as_of"):
        rfm(last_order="last", orders="n", spend="n", as_of="some day")


def test_rule_that_makes_values_must_come_first() -> None:
    with pytest.raises(InvalidConfigError, match=r"\['collect'\].*must come first"):
        longest().then(collect())


@pytest.mark.parametrize("joined", [1, ["; "]])
def test_values_are_joined_with_a_text(joined: object) -> None:
    with pytest.raises(InvalidConfigError, match="joined"):
        collect(joined=joined)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rule",
    [
        collect(joined="; ").then(longest()),
        unanimous(),
        *(build("n") for build in (total, mean, count, minimum, maximum)),
        *rfm(last_order="a", orders="b", spend="c", as_of="2025-01-01").values(),
    ],
    ids=str,
)
def test_rule_is_read_back_from_a_configuration(rule: SurvivorshipRule) -> None:
    assert as_survivorship_rule(survivorship_spec(rule)) == rule


def test_column_with_a_rule_that_makes_values_leaves_its_group() -> None:
    table = table_of(street=["1 Elm", "2 Oak"], note=["a", "b"])
    rules: Rules = {"street": longest(), "note": collect()}
    survivors = survive(table, np.zeros(2, np.int64), rules, [("street", "note")])
    assert survivors.values["note"] == {0: ["a", "b"]}


def test_value_that_is_never_right_is_not_made_of() -> None:
    table = table_of(spend=["1", "100", "2"], tag=["vip", None, None])
    never = [Override(0, "spend", 100, never=True), Override(0, "tag", "vip", True)]
    rules: Rules = {"spend": total(), "tag": collect()}
    survivors = survive(table, np.zeros(3, np.int64), rules, (), Terms(overrides=never))
    assert survivors.values == {"spend": {0: 3}, "tag": {0: None}}
    assert survivors.lineage(0, "tag")[1] == "never"


def test_what_could_not_be_read_has_lost_and_what_was_added_up_has_not() -> None:
    table = table_of(spend=["1", "many", "2"])
    survivors, losses = trace(table, np.zeros(3, np.int64), {"spend": total()})
    assert losses.rows.tolist() == [1]
    assert survivors.rule_names[losses.rules[0]] == "total"


NUMBERS = st.one_of(
    st.none(),
    st.sampled_from(["x", "?"]),
    st.integers(-99, 99).map(str),
    st.decimals(-9, 9, places=2).map(str),
)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(NUMBERS, st.integers(0, 3)), max_size=12))
def test_aggregates_do_what_the_slow_way_does(
    cells: list[tuple[str | None, int]],
) -> None:
    dense = {
        label: place for place, label in enumerate(dict.fromkeys(e for _, e in cells))
    }
    labels = [dense[label] for _, label in cells]
    table = RecordTable.from_columns({"n": [text for text, _ in cells]}, len(cells))
    rules: Rules = {
        "sum": total("n"),
        "mean": mean("n"),
        "count": count("n"),
        "low": minimum("n"),
        "high": maximum("n"),
    }
    survivors = merged(table, rules, labels)
    golden = survivors.golden(table)
    for entity in range(len(dense)):
        texts = [t for (t, _), e in zip(cells, labels, strict=True) if e == entity]
        numbers = [Decimal(t) for t in texts if t not in (None, "x", "?")]
        values = {name: survivors.values.get(name, {}).get(entity) for name in rules}
        assert values["count"] == sum(text is not None for text in texts)
        if not numbers:
            assert values["sum"] is values["mean"] is None
            assert golden["low"].decode()[entity] is None
            continue
        assert values["sum"] == float(sum(numbers))
        assert math.isclose(
            float(str(values["mean"])), float(sum(numbers)) / len(numbers), abs_tol=1e-9
        )
        low, high = (golden[name].decode()[entity] for name in ("low", "high"))
        assert Decimal(str(low)) == min(numbers)
        assert Decimal(str(high)) == max(numbers)
        assert low in texts
        assert high in texts


@settings(max_examples=60, deadline=None)
@given(
    records=st.lists(
        st.tuples(
            st.sampled_from([None, "a", "A", "bb", "BB; a", "?"]), st.integers(0, 2)
        ),
        max_size=10,
    ),
    data=st.data(),
)
def test_collected_and_unanimous_values_depend_on_no_order(
    records: list[tuple[str | None, int]], data: st.DataObject
) -> None:
    entities = sorted({label for _, label in records})
    shuffled = data.draw(st.permutations(records))
    outcomes = []
    for rows in (records, shuffled):
        labels = [entities.index(label) for _, label in rows]
        table = RecordTable.from_columns({"t": [text for text, _ in rows]}, len(rows))
        rules: Rules = {"all": collect(of="t").then(longest()), "t": unanimous()}
        survivors = merged(table, rules, labels)
        golden = survivors.golden(table)
        outcomes.append((survivors.values.get("all"), golden["t"].decode()))
        for entity in range(len(entities)):
            held = [t for (t, _), e in zip(rows, labels, strict=True) if e == entity]
            parts = {p for text in held if text for p in text.split("; ")}
            collected = survivors.values.get("all", {}).get(entity) or []
            assert isinstance(collected, list)
            assert set(collected) <= parts
            assert {p.lower() for p in collected} == {p.lower() for p in parts}
            assert len(collected) == len({p.lower() for p in parts})
            said = {text.lower() for text in held if text} - {"?"}
            agree = len(said) < 2
            held = [text for text in held if text and text.lower() in said] or held
            assert golden["t"].decode()[entity] in (held if agree else [None])
    assert outcomes[0] == outcomes[1]


DATES = [
    {"name": "Ann Lee", "email": "ann@lee.org", "at": "2023-05-01"},
    {"name": "Ann Lee", "email": "ann@lee.org", "at": "1 June 2021"},
    {"name": "Ann Lee", "email": "ann@lee.org", "at": "soon"},
]


def test_extremes_are_read_as_dates_where_a_column_holds_dates() -> None:
    rules: dict[str, SurvivorshipRule]
    rules = {"first": cm.minimum(of="at"), "last": cm.maximum(of="at")}
    result = cm.resolve(DATES, survivorship=rules)
    golden = result.entities[0]
    assert (golden["first"], golden["last"]) == ("1 June 2021", "2023-05-01")
    assert not [text for text in result.warnings if "could read" in text]


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_extremes_of_few_numbers_are_those_of_numbers() -> None:
    records = [{**DATES[0], "n": cell} for cell in ("80", "1,200", "x", "y", "z")]
    result = cm.resolve(records, survivorship={"n": cm.maximum()})
    assert result.entities[0]["n"] == "1,200"


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
@pytest.mark.parametrize(
    "rule", [cm.total(), cm.mean(), cm.minimum(), cm.maximum(), cm.earliest()]
)
def test_aggregate_that_reads_nothing_is_a_warning(rule: SurvivorshipRule) -> None:
    records = [{**row, "n": cell} for row, cell in zip(DATES, "xyz", strict=True)]
    result = cm.resolve(records, survivorship={"n": rule})
    (said,) = [text for text in result.warnings if "could read no value" in text]
    assert said.startswith(f"{rule.name} could read no value of the column 'n'")
    assert not any(repr(cell) in said for cell in "xyz")
    empty = [{**row, "n": None} for row in DATES]
    for calm in (
        empty,
        [*records, {**DATES[0], "n": "7"}, {**DATES[0], "n": "2021-01-01"}],
    ):
        found = cm.resolve(calm, survivorship={"n": rule}).warnings
        assert not any("could read no value" in text for text in found)


def test_what_agrees_nowhere_is_no_warning() -> None:
    result = cm.resolve(DATES, survivorship={"at": cm.unanimous()})
    assert result.entities[0]["at"] is None
    assert not any("could read" in text for text in result.warnings)
