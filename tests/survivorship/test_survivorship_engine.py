"""The engine: its promises, and that it does what the slow way does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.exceptions import (
    ColumnNotFoundError,
    InvalidConfigError,
    InvalidInputError,
)
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import Record, RecordTable
from custmerge.survivorship import (
    Chain,
    Survivors,
    default_rule,
    first,
    longest,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    shortest,
    source_priority,
    survive,
    survivorship_rule,
)

FIELDS = ("street", "city", "zip", "name", "at", "source")
GROUP = ("street", "city", "zip")


@survivorship_rule
def vowels(value: str, record: Record) -> float:
    """Rank unlike any built-in rule, and give NaN at times."""
    count = sum(letter in "aeiou" for letter in value)
    return count if record["name"] != "nan" else float("nan")


@dataclass(frozen=True)
class Case:
    records: list[dict[str, str | None]]
    labels: list[int]
    rules: dict[str, Chain]

    @property
    def table(self) -> RecordTable:
        cells = {name: [row[name] for row in self.records] for name in FIELDS}
        return RecordTable.from_columns(cells, len(self.records))

    def survivors(self, groups: Sequence[Sequence[str]] = ()) -> Survivors:
        return survive(self.table, np.array(self.labels, np.int64), self.rules, groups)

    def entities(self) -> list[list[int]]:
        rows: list[list[int]] = [[] for _ in set(self.labels)]
        for row, label in enumerate(self.labels):
            rows[label].append(row)
        return rows


# What each rule says of one row of an entity, the obvious way; None is no information.
Say = Callable[[Case, list[int], int, str], float | None]
SAYINGS: dict[str, tuple[SurvivorshipRule, Say]] = {
    "most_recent": (most_recent("at"), lambda case, rows, row, field: when(case, row)),
    "oldest": (
        oldest("at"),
        lambda case, rows, row, field: None if (at := when(case, row)) is None else -at,
    ),
    "most_frequent": (
        most_frequent(),
        lambda case, rows, row, field: sum(
            case.records[other][field] == case.records[row][field] for other in rows
        ),
    ),
    "most_complete": (
        most_complete(),
        lambda case, rows, row, field: len(present(case.records[row].values())),
    ),
    "longest": (
        longest(),
        lambda case, rows, row, field: len(case.records[row][field] or ""),
    ),
    "shortest": (
        shortest(),
        lambda case, rows, row, field: -len(case.records[row][field] or ""),
    ),
    "source_priority": (
        source_priority(["crm", "web"], "source"),
        lambda case, rows, row, field: {"crm": 2.0, "web": 1.0}.get(
            case.records[row]["source"] or ""
        ),
    ),
    "vowels": (
        vowels,
        lambda case, rows, row, field: (
            None
            if case.records[row]["name"] == "nan"
            else vowels(case.records[row][field] or "", case.records[row])
        ),
    ),
    "first": (first(), lambda case, rows, row, field: -row),
}
ORDERLESS = sorted(set(SAYINGS) - {"first"})


def when(case: Case, row: int) -> float | None:
    text = case.records[row]["at"]
    return None if text is None else date.fromisoformat(text).toordinal()


def present(cells: object) -> list[str]:
    return [cell for cell in cells if cell is not None]  # type: ignore[attr-defined]


def survivor_first(survivors: Survivors, entity: int, rows: list[int]) -> list[int]:
    """Return an entity's rows in the order in which equal ones are named."""
    return sorted(rows, key=lambda row: (row != survivors.masters[entity], row))


def slow(case: Case, rows: list[int], unit: tuple[str, ...]) -> tuple[int, str]:
    """Return one entity's winning row and what decided, without any array."""

    def texts(row: int) -> tuple[str | None, ...]:
        return tuple(case.records[row][field] for field in unit)

    leads = [f for f in unit if any(case.records[row][f] is not None for row in rows)]
    if not leads:
        return rows[0], "missing"
    lead = leads[0]
    holding = [row for row in rows if case.records[row][lead] is not None]
    sayings = [(rule.name, SAYINGS[rule.name][1]) for rule in case.rules[lead].rules]
    if len(unit) > 1:
        sayings.append(("most_complete", lambda *args: len(present(texts(args[2])))))
    running, reason = holding, "only_value"
    for name, say in sayings:
        if len({texts(row) for row in running}) == 1:
            return running[0], reason
        said = {row: say(case, holding, row, lead) for row in running}
        best = max((x for x in said.values() if x is not None), default=None)
        running, reason = [row for row in running if said[row] == best], name
    if len({texts(row) for row in running}) == 1:
        return running[0], reason
    order = [tuple((text is None, text or "") for text in texts(r)) for r in running]
    return running[order.index(min(order))], "tie_break"


def cells(*texts: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *texts))


RECORDS = st.fixed_dictionaries(
    {
        "street": cells("a", "ee", "bb", "é", "李"),
        "city": cells("x", "y"),
        "zip": cells("1", "22"),
        "name": cells("nan", "ann", "Ann", "anna"),
        "at": cells("2020-01-01", "2021-05-05", "1999-12-31"),
        "source": cells("crm", "web", "erp"),
    }
)


@st.composite
def cases(draw: st.DrawFn, rules: Sequence[str] = tuple(SAYINGS)) -> Case:
    records = draw(st.lists(RECORDS, max_size=14))
    drawn = draw(
        st.lists(st.integers(0, 4), min_size=len(records), max_size=len(records))
    )
    dense = {label: place for place, label in enumerate(dict.fromkeys(drawn))}
    chains = st.lists(st.sampled_from(rules), min_size=1, max_size=3).map(
        lambda names: Chain(tuple(SAYINGS[name][0] for name in names))
    )
    return Case(
        records,
        [dense[label] for label in drawn],
        {field: draw(chains) for field in FIELDS},
    )


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_engine_does_what_the_slow_way_does(case: Case) -> None:
    survivors = case.survivors()
    for entity, rows in enumerate(case.entities()):
        standing = survivor_first(survivors, entity, rows)
        for field in FIELDS:
            assert survivors.lineage(entity, field) == slow(case, standing, (field,))


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_groups_do_what_the_slow_way_does(case: Case) -> None:
    survivors = case.survivors([GROUP])
    for entity, rows in enumerate(case.entities()):
        winner, reason = slow(case, survivor_first(survivors, entity, rows), GROUP)
        for field in GROUP:
            held = case.records[winner][field] is not None
            expected = (winner, reason if held else "missing")
            assert survivors.lineage(entity, field) == expected


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_golden_values_were_held_by_the_entity_in_that_field(case: Case) -> None:
    survivors = case.survivors()
    golden = survivors.golden(case.table)
    for entity, rows in enumerate(case.entities()):
        for field, value in golden.record(entity).items():
            row, reason = survivors.lineage(entity, field)
            held = [case.records[other][field] for other in rows]
            assert row in rows
            assert value == case.records[row][field]
            assert (value is None) == (not present(held)) == (reason == "missing")


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_single_records_survive_unchanged(case: Case) -> None:
    golden = case.survivors([GROUP]).golden(case.table)
    for entity, rows in enumerate(case.entities()):
        if len(rows) == 1:
            assert golden.record(entity) == case.records[rows[0]]


@settings(max_examples=60, deadline=None)
@given(case=cases(ORDERLESS), groups=st.sampled_from([(), (GROUP,)]), data=st.data())
def test_order_of_the_records_does_not_matter(
    case: Case, groups: tuple[tuple[str, ...], ...], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(case.records))))
    shuffled = Case(
        [case.records[row] for row in order],
        [case.labels[row] for row in order],
        case.rules,
    )
    before, after = case.survivors(groups), shuffled.survivors(groups)
    entities = range(len(set(case.labels)))
    assert [before.golden(case.table).record(entity) for entity in entities] == [
        after.golden(shuffled.table).record(entity) for entity in entities
    ]
    assert {field: codes.tolist() for field, codes in before.decided.items()} == {
        field: codes.tolist() for field, codes in after.decided.items()
    }


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_groups_never_mix_records(case: Case) -> None:
    rows = case.survivors([GROUP]).rows
    assert rows["street"].tolist() == rows["city"].tolist() == rows["zip"].tolist()


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_group_is_missing_only_where_all_its_columns_are(case: Case) -> None:
    golden = case.survivors([GROUP]).golden(case.table)
    for entity, rows in enumerate(case.entities()):
        held = [case.records[row][field] for row in rows for field in GROUP]
        survived = [golden.record(entity)[field] for field in GROUP]
        assert bool(present(survived)) == bool(present(held))


Rules = Mapping[str, SurvivorshipRule]


def table_of(**columns: Sequence[str | None]) -> RecordTable:
    return RecordTable.from_columns(columns, len(next(iter(columns.values()))))


def one_entity(
    table: RecordTable,
    rules: Rules,
    groups: Sequence[Sequence[str]] = (),
) -> Survivors:
    return survive(table, np.zeros(table.n_rows, np.int64), rules, groups)


def test_rule_is_not_asked_where_the_records_agree() -> None:
    table = table_of(city=[None, "Ulm", "Ulm"])
    assert one_entity(table, {"city": longest()}).lineage(0, "city") == (
        1,
        "only_value",
    )


def test_field_that_no_record_holds_is_taken_from_the_first_row() -> None:
    table = table_of(city=["Ulm", None, None])
    survivors = survive(table, np.array([0, 1, 1]), {"city": longest()})
    assert survivors.lineage(1, "city") == (1, "missing")


def test_tie_goes_to_the_smallest_text() -> None:
    table = table_of(city=["Ulm", "Aue", "Aue", "Ulm"])
    assert one_entity(table, {"city": longest()}).lineage(0, "city") == (
        1,
        "tie_break",
    )


def test_rule_that_leaves_one_text_on_many_rows_has_decided() -> None:
    table = table_of(city=["Ulm", "Bonn", "Bonn"])
    assert one_entity(table, {"city": longest()}).lineage(0, "city") == (1, "longest")


def test_column_without_a_rule_gets_the_default() -> None:
    table = table_of(city=["Ulm", "Aue", "Ulm"])
    survivors = one_entity(table, {})
    assert survivors.lineage(0, "city") == (0, "most_frequent")
    assert "most_recent" in default_rule(None).name


def test_group_takes_the_row_that_the_rule_of_its_first_column_chooses() -> None:
    table = table_of(
        street=["1 Elm", "2 Oak"], city=["Ulm", None], at=["2020-01-01", "2021-01-01"]
    )
    rules: Rules = {"street": most_recent("at"), "city": oldest("at")}
    golden = one_entity(table, rules, [("street", "city")]).golden(table).record(0)
    assert (golden["street"], golden["city"]) == ("2 Oak", None)


def test_group_prefers_the_fuller_row_among_the_tied() -> None:
    table = table_of(street=["1 Elm", "1 Elm"], city=[None, "Ulm"])
    survivors = one_entity(table, {"street": longest()}, [("street", "city")])
    assert survivors.lineage(0, "street") == (1, "most_complete")


def test_tie_in_a_group_goes_by_the_texts_of_its_columns_in_order() -> None:
    table = table_of(street=["2 Oak", "1 Elm"], city=["Aalen", "Ulm"])
    survivors = one_entity(table, {"street": longest()}, [("street", "city")])
    assert survivors.lineage(0, "street") == (1, "tie_break")


def test_missing_cell_comes_after_every_text_in_a_tie_of_a_group() -> None:
    table = table_of(street=["1 Elm"] * 2, city=[None, "Ulm"], zip=["89073", None])
    survivors = one_entity(table, {"street": longest()}, [GROUP])
    assert survivors.lineage(0, "street") == (1, "tie_break")


def test_group_is_led_by_its_next_column_where_the_first_is_missing() -> None:
    table = table_of(street=[None, None], city=["Ulm", "Aalen"])
    survivors = one_entity(table, {"city": longest()}, [("street", "city")])
    assert survivors.lineage(0, "city") == (1, "longest")
    assert survivors.lineage(0, "street") == (1, "missing")


def test_rule_of_whole_records_is_asked_once_for_all_fields() -> None:
    calls: list[str] = []

    @dataclass(frozen=True)
    class LastRow:
        name: str = "last_row"
        whole_record: bool = True

        def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
            calls.append(field)
            return rows.astype(np.float64)

    table = table_of(a=["1", "2"], b=["3", "4"])
    survivors = one_entity(table, {"a": LastRow(), "b": LastRow()})
    assert (len(calls), survivors.rows["b"].tolist()) == (1, [1])


def test_entities_of_any_order_of_labels_are_kept_apart() -> None:
    table = table_of(city=["Ulm", "Aalen", "Bonn", "Au"])
    survivors = survive(table, np.array([1, 0, 1, 0]), {"city": longest()})
    assert survivors.golden(table)["city"].decode() == ["Aalen", "Bonn"]


def test_no_records_have_no_survivors() -> None:
    table = RecordTable.from_columns({"city": []}, 0)
    survivors = survive(table, np.zeros(0, np.int64), {"city": longest()})
    assert survivors.golden(table).n_rows == 0


def test_table_keeps_the_order_of_its_columns() -> None:
    table = table_of(a=["1"], b=["2"], c=["3"])
    assert list(one_entity(table, {}, [("c", "b")]).golden(table)) == ["a", "b", "c"]


@pytest.mark.parametrize("labels", [[0], [0, 2], [0, 1, 1]])
def test_labels_must_be_dense_and_one_for_each_row(labels: list[int]) -> None:
    with pytest.raises(InvalidInputError, match="entity labels for 2 rows"):
        survive(table_of(a=["1", "2"]), np.array(labels), {})


def test_unknown_columns_of_rules_and_groups_are_named_together() -> None:
    rules: Rules = {"x": longest(), "a": most_recent("y")}
    with pytest.raises(ColumnNotFoundError, match=r"\['x', 'y', 'z'\]"):
        one_entity(table_of(a=["1"]), rules, [("a", "z")])


def test_column_in_two_groups_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match=r"\['a'\]"):
        one_entity(table_of(a=["1"], b=["2"]), {}, [("a", "b"), ("a",)])
