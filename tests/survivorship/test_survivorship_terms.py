"""The surviving record, the gaps of groups, what persons say, and who lost to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError
from custmerge.kinds import Kind
from custmerge.protocols import Rows, SurvivorshipRule
from custmerge.records import Column, RecordTable, as_text
from custmerge.survivorship import (
    Override,
    Survivors,
    Terms,
    longest,
    most_complete,
    most_recent,
    shortest,
    source_priority,
    survive,
    total,
    trace,
    unanimous,
)

Rules = Mapping[str, SurvivorshipRule]
ADDRESS = ("street", "city", "zip")


def table_of(**columns: Sequence[str | None]) -> RecordTable:
    return RecordTable.from_columns(columns, len(next(iter(columns.values()))))


def lower_case(table: RecordTable, **terms: object) -> Terms:
    def standard(name: str, rows: Rows, kind: Kind | None) -> tuple[Column, Column]:
        stored = table[name].take(rows)
        return stored, stored.replace([text.lower() for text in stored.values])

    return replace(Terms(standard=standard), **terms)  # type: ignore[arg-type]


def merged(
    table: RecordTable,
    rules: Rules,
    groups: Sequence[Sequence[str]] = (),
    **terms: object,
) -> Survivors:
    """Return what survives of one entity."""
    labels = np.zeros(table.n_rows, np.int64)
    return survive(table, labels, rules, groups, lower_case(table, **terms))


def lost(
    table: RecordTable,
    rules: Rules,
    groups: Sequence[Sequence[str]] = (),
    **terms: object,
) -> dict[tuple[str, int], str]:
    """Return what each losing cell of one entity lost to, by column and row."""
    labels = np.zeros(table.n_rows, np.int64)
    found, losses = trace(table, labels, rules, groups, lower_case(table, **terms))
    names = list(found.rows)
    return {
        (names[field], row): found.rule_names[rule]
        for field, row, rule in zip(
            losses.fields.tolist(),
            losses.rows.tolist(),
            losses.rules.tolist(),
            strict=True,
        )
    }


# The surviving record.


def test_surviving_record_is_the_most_complete_then_the_latest() -> None:
    table = table_of(
        id=["a", "b", "c"],
        name=["Ann", None, "Ann"],
        at=["2024-01-01", "2025-01-01", "2024-06-01"],
    )
    latest = most_complete().then(most_recent("at"))
    assert merged(table, {}, master=latest).masters.tolist() == [2]


def test_of_equal_records_that_of_the_smallest_id_survives() -> None:
    assert merged(table_of(id=["10", "9"]), {}, id="id").masters.tolist() == [1]
    assert merged(table_of(id=["b", "a"]), {}, id="id").masters.tolist() == [1]
    assert merged(table_of(name=["b", "a"]), {}).masters.tolist() == [0]


def test_id_and_source_come_from_the_surviving_record() -> None:
    table = table_of(id=["b", "a"], src=["web", "crm"], name=["Ann", None])
    survivors = merged(table, {}, id="id", mastered=["id", "src"])
    assert survivors.golden(table).record(0) == {"id": "b", "src": "web", "name": "Ann"}
    assert survivors.lineage(0, "src") == (0, "master")


def test_other_records_fill_the_gaps_of_the_surviving_one_best_first() -> None:
    table = table_of(
        name=["Ann", "Anne", "A."],
        fax=[None, "1", "2"],
        tel=[None, None, "3"],
        at=["2023-01-01", "2022-01-01", "2021-01-01"],
    )
    survivors = merged(table, {}, master=most_recent("at"), mastered=list(table))
    assert {name: survivors.lineage(0, name) for name in table} == {
        "name": (0, "master"),
        "fax": (1, "gap_filled"),
        "tel": (2, "gap_filled"),
        "at": (0, "master"),
    }


def test_group_of_the_surviving_record_is_not_mixed() -> None:
    table = table_of(
        street=["1 Elm", "2 Oak"], city=[None, "Ulm"], at=["2023-01-01", "2022-01-01"]
    )
    groups = [("street", "city")]
    survivors = merged(
        table, {}, groups, master=most_recent("at"), mastered=list(table)
    )
    assert survivors.golden(table).record(0)["city"] is None


def test_field_with_a_rule_of_its_own_keeps_it_beside_a_surviving_record() -> None:
    table = table_of(name=["Jo", "Joanne"], at=["2024-01-01", "2023-01-01"])
    rules: Rules = {"name": longest()}
    survivors = merged(table, rules, master=most_recent("at"), mastered=["at"])
    assert survivors.golden(table).record(0) == {"name": "Joanne", "at": "2024-01-01"}


def test_masters_of_many_entities_are_found_at_once() -> None:
    table = table_of(id=["1", "2", "3", "4"], src=["web", "crm", "web", "web"])
    terms = Terms(source_priority(["crm", "web"], "src"), id="id")
    survivors = survive(table, np.array([0, 0, 2, 1]), {}, (), terms)
    assert survivors.masters.tolist() == [1, 3, 2]


# The gaps of groups.

LATEST = {"street": most_recent("at")}


def address_of(*rows: tuple[str | None, str | None, str | None]) -> RecordTable:
    """Return addresses, the first the latest."""
    street, city, code = zip(*rows, strict=True)
    at = [f"20{99 - place}-01-01" for place in range(len(rows))]
    return table_of(street=street, city=city, zip=code, at=at)


def filled(table: RecordTable) -> tuple[list[str | None], list[str]]:
    survivors = merged(table, LATEST, [ADDRESS], anchors=["street"])
    golden = survivors.golden(table).record(0)
    reasons = [survivors.lineage(0, name)[1] for name in ADDRESS]
    return [golden[name] for name in ADDRESS], reasons


def test_gap_is_filled_by_a_record_of_the_same_street() -> None:
    table = address_of(("1 Elm", "Ulm", None), ("1 ELM", None, "89073"))
    assert filled(table) == (
        ["1 Elm", "Ulm", "89073"],
        ["most_recent", "most_recent", "gap_filled"],
    )


def test_gap_is_not_filled_from_another_street() -> None:
    table = address_of(("1 Elm", "Ulm", None), ("2 Oak", "Ulm", "89073"))
    assert filled(table)[0] == ["1 Elm", "Ulm", None]


def test_gap_is_not_filled_by_a_record_that_says_otherwise_elsewhere() -> None:
    table = address_of(("人民路1号", "北京", None), ("人民路1号", "上海", "200003"))
    assert filled(table)[0] == ["人民路1号", "北京", None]


def test_gaps_are_filled_by_one_record_the_fullest() -> None:
    table = address_of(
        ("1 Elm", None, None), ("1 Elm", "Bonn", None), ("1 Elm", "Ulm", "89073")
    )
    assert filled(table)[0] == ["1 Elm", "Ulm", "89073"]


def test_gap_is_not_filled_where_the_street_is_missing_too() -> None:
    table = address_of((None, "Ulm", None), (None, "Ulm", "89073"))
    assert filled(table)[0] == [None, "Ulm", "89073"]  # the fuller of two equals
    table = address_of((None, None, "89073"), (None, "Ulm", "89073"))
    assert filled(table)[1][0] == "missing"


def test_gaps_are_not_filled_without_anchors() -> None:
    table = address_of(("1 Elm", "Ulm", None), ("1 Elm", None, "89073"))
    golden = merged(table, LATEST, [ADDRESS]).golden(table).record(0)
    assert golden["zip"] is None


# What persons say.


def test_pinned_value_wins_and_is_shown_as_pinned() -> None:
    table = table_of(city=["Ulm", "Bonn"], name=["Ann", None])
    pinned = [Override(1, "city", "Köln"), Override(1, "name", "Anna")]
    survivors = merged(table, {"city": longest()}, overrides=pinned)
    assert survivors.golden(table).record(0) == {"city": "Köln", "name": "Anna"}
    assert survivors.lineage(0, "city") == (1, "pinned")
    assert survivors.values == {"city": {0: "Köln"}, "name": {0: "Anna"}}


def test_last_of_several_pinned_values_counts() -> None:
    table = table_of(city=["Ulm", "Bonn"])
    pinned = [Override(0, "city", "Köln"), Override(1, "city", "Trier")]
    assert merged(table, {}, overrides=pinned).values == {"city": {0: "Trier"}}


def test_pinned_value_takes_the_place_of_a_computed_one() -> None:
    table = table_of(spend=["1", "2"])
    pinned = [Override(0, "spend", 5)]
    survivors = merged(table, {"spend": total()}, overrides=pinned)
    assert survivors.values == {"spend": {0: 5}}
    assert survivors.origins("spend", np.array([True])).tolist() == [2]


def test_value_that_is_never_right_is_out_of_the_contest() -> None:
    table = table_of(city=["Ulmenhausen", "Bonn", "Ulmenhausen"])
    never = [Override(0, "city", "Ulmenhausen", never=True)]
    survivors = merged(table, {"city": longest()}, overrides=never)
    assert survivors.golden(table)["city"].decode() == ["Bonn"]
    assert survivors.lineage(0, "city") == (1, "only_value")


def test_field_is_missing_where_all_its_values_are_never_right() -> None:
    table = table_of(city=["Ulm", None], tel=["1", "2"])
    never = [Override(1, "city", "Ulm", never=True)]
    survivors = merged(table, {}, overrides=never)
    assert survivors.golden(table)["city"].decode() == [None]
    assert survivors.lineage(0, "city")[1] == "never"
    assert survivors.values == {"city": {0: None}}


def test_value_is_never_right_for_its_own_entity_alone() -> None:
    table = table_of(city=["Ulm", "Ulm"])
    terms = Terms(overrides=[Override(1, "city", "Ulm", never=True)])
    survivors = survive(table, np.array([0, 1]), {}, (), terms)
    assert survivors.golden(table)["city"].decode() == ["Ulm", None]


def test_group_gives_way_to_another_record_where_a_part_is_never_right() -> None:
    table = address_of(("1 Elm", "Ulm", "1"), ("2 Oak", "Bonn", "2"))
    never = [Override(0, "city", "Ulm", never=True)]
    survivors = merged(table, LATEST, [ADDRESS], overrides=never)
    assert survivors.golden(table)["street"].decode() == ["2 Oak"]


def test_what_is_out_by_its_group_lost_to_the_group() -> None:
    table = address_of(("1 Elm", "Ulm", "1"), ("2 Oak", "Bonn", "2"))
    never = [Override(0, "city", "Ulm", never=True)]
    found = lost(table, LATEST, [ADDRESS], overrides=never)
    assert found["street", 0] == found["zip", 0] == "group"
    assert found["city", 0] == "never"


def test_group_of_a_single_record_loses_only_what_is_never_right() -> None:
    table = address_of(("1 Elm", "Ulm", "1"))
    never = [Override(0, "city", "Ulm", never=True)]
    golden = merged(table, LATEST, [ADDRESS], overrides=never).golden(table).record(0)
    assert [golden[name] for name in ADDRESS] == ["1 Elm", None, "1"]


def test_surviving_record_gives_way_where_its_value_is_never_right() -> None:
    table = table_of(name=["Test", "Ann"], tel=["1", None])
    never = [Override(0, "name", "Test", never=True)]
    survivors = merged(table, {}, mastered=["name"], overrides=never)
    assert survivors.lineage(0, "name") == (1, "gap_filled")


def test_override_of_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"\['town'\]"):
        merged(table_of(city=["Ulm"]), {}, overrides=[Override(0, "town", "Ulm")])


# Who lost to what.


def test_losers_are_told_by_the_rule_that_ruled_them_out() -> None:
    table = table_of(
        name=["Ann", "Anne", "Anna", "Anne", None, "Anne Lee"],
        src=["crm", "crm", "crm", "crm", "crm", "web"],
    )
    rule = source_priority(["crm"], "src").then(longest())
    assert lost(table, {"name": rule, "src": longest()}) == {
        ("name", 0): "longest",
        ("name", 1): "tie_break",
        ("name", 3): "tie_break",
        ("name", 5): "source_priority",
    } | {("src", 5): "tie_break"}


def test_parts_of_a_group_lost_to_the_record_that_survived() -> None:
    table = address_of(
        ("1 Elm", "Ulm", None), ("2 Oak", "Bonn", "3"), (None, "Au", None)
    )
    assert lost(table, {**LATEST, "at": longest()}, [ADDRESS]) == {
        ("street", 1): "most_recent",
        ("city", 1): "group",
        ("city", 2): "group",
        ("zip", 1): "group",
        ("at", 0): "tie_break",
        ("at", 1): "tie_break",
    }


def test_values_lost_to_what_persons_say() -> None:
    table = table_of(city=["Ulm", "Bonn", "Köln"], tel=["1", "2", "2"])
    told = [Override(0, "city", "Köln"), Override(0, "tel", "2", never=True)]
    assert lost(table, {}, overrides=told) == {
        ("city", 0): "pinned",
        ("city", 1): "pinned",
        ("tel", 1): "never",
        ("tel", 2): "never",
    }


def test_values_that_disagree_all_lost() -> None:
    table = table_of(vat=["1", "2"])
    assert lost(table, {"vat": unanimous()}) == {
        ("vat", 0): "unanimous",
        ("vat", 1): "unanimous",
    }


def test_values_lost_to_the_surviving_record_or_the_one_that_filled_its_gap() -> None:
    table = table_of(
        name=["Ann", "Anne", "A."],
        fax=[None, "1", "2"],
        at=["2023-01-01", "2022-01-01", "2021-01-01"],
    )
    found = lost(table, {}, master=most_recent("at"), mastered=["name", "fax"])
    assert {key: rule for key, rule in found.items() if key[0] != "at"} == {
        ("name", 1): "master",
        ("name", 2): "master",
        ("fax", 2): "gap_filled",
    }


def test_trace_of_an_unknown_entity_is_an_error() -> None:
    with pytest.raises(InvalidInputError, match="no entity 1"):
        trace(table_of(city=["Ulm"]), np.zeros(1, np.int64), {}, entity=1)


# What holds of any records.


@dataclass(frozen=True)
class Case:
    records: list[dict[str, str | None]]
    labels: list[int]
    overrides: list[Override]
    master: bool

    @property
    def table(self) -> RecordTable:
        names = (*ADDRESS, "id", "at")
        cells = {name: [row[name] for row in self.records] for name in names}
        return RecordTable.from_columns(cells, len(self.records))

    @property
    def terms(self) -> Terms:
        mastered = [*ADDRESS, "id", "at"] if self.master else ["id"]
        return lower_case(
            self.table,
            id="id",
            mastered=mastered,
            anchors=["street"],
            overrides=self.overrides,
        )

    def traced(
        self, entity: int | None = None
    ) -> tuple[Survivors, list[tuple[str, int, str]]]:
        rules: Rules = {"street": longest(), "at": shortest()}
        labels = np.array(self.labels, np.int64)
        found, losses = trace(self.table, labels, rules, [ADDRESS], self.terms, entity)
        names = list(found.rows)
        cells = zip(losses.fields, losses.rows, losses.rules, strict=True)
        return found, [(names[f], int(r), found.rule_names[c]) for f, r, c in cells]


RECORDS = st.fixed_dictionaries(
    {
        "street": st.sampled_from([None, "a", "A", "bb"]),
        "city": st.sampled_from([None, "x", "y"]),
        "zip": st.sampled_from([None, "1", "22"]),
        "at": st.sampled_from([None, "2020-01-01", "2021-05-05"]),
    }
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    records = draw(st.lists(RECORDS, min_size=1, max_size=10))
    labels = draw(
        st.lists(st.integers(0, 3), min_size=len(records), max_size=len(records))
    )
    dense = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    rows = st.integers(0, len(records) - 1)
    told = st.builds(
        Override,
        rows,
        st.sampled_from(ADDRESS),
        st.sampled_from(["a", "x", "1", "new"]),
        st.booleans(),
    )
    return Case(
        [{"id": f"r{n}", **record} for n, record in enumerate(records)],
        [dense[label] for label in labels],
        draw(st.lists(told, max_size=3)),
        draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_golden_value_is_a_record_s_unless_a_person_says_otherwise(case: Case) -> None:
    table = case.table
    survivors, _ = case.traced()
    golden = survivors.golden(table)
    for entity in range(len(survivors.masters)):
        rows = [row for row, label in enumerate(case.labels) if label == entity]
        assert survivors.masters[entity] in rows
        for name in table:
            value = golden[name].decode()[entity]
            row, rule = survivors.lineage(entity, name)
            mine = [o for o in case.overrides if o.row in rows and o.field == name]
            pins = [o.value for o in mine if not o.never]
            nevers = {o.value for o in mine if o.never}
            held = {case.records[other][name] for other in rows} - {None}
            assert row in rows
            if pins:
                assert (value, rule) == (pins[-1], "pinned")
            elif value is None:
                assert name in ADDRESS[1:] or case.master or held <= nevers
                assert rule in ("missing", "never")
            else:
                assert value == case.records[row][name]
                assert value not in nevers


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_groups_are_mixed_only_where_the_street_is_the_same(case: Case) -> None:
    survivors, _ = replace_overrides(case).traced()
    for entity in range(len(survivors.masters)):
        rows = {int(survivors.rows[name][entity]) for name in ADDRESS}
        if len(rows) > 1:
            streets = {str(case.records[row]["street"]).lower() for row in rows}
            assert len(rows) == 2
            assert len(streets) == 1


def replace_overrides(case: Case) -> Case:
    return replace(case, overrides=[])


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_each_cell_survives_says_the_same_or_lost_to_something(case: Case) -> None:
    table = case.table
    survivors, losers = case.traced()
    golden = survivors.golden(table)
    found = {(name, row): rule for name, row, rule in losers}
    assert len(found) == len(losers)
    for row, (record, entity) in enumerate(zip(case.records, case.labels, strict=True)):
        for name, text in record.items():
            has_lost = text is not None and text != golden[name].decode()[entity]
            assert ((name, row) in found) == has_lost
            assert found.get((name, row)) not in ("only_value", "missing")


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_entity_alone_has_the_trace_that_it_has_among_others(case: Case) -> None:
    survivors, losers = case.traced()
    for entity in range(len(survivors.masters)):
        alone, lost_alone = case.traced(entity)
        assert [alone.lineage(0, name) for name in alone.rows] == [
            survivors.lineage(entity, name) for name in survivors.rows
        ]
        assert lost_alone == [one for one in losers if case.labels[one[1]] == entity]


@settings(max_examples=60, deadline=None)
@given(case=cases(), data=st.data())
def test_order_of_the_records_does_not_matter(case: Case, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(case.records))))
    places = {row: place for place, row in enumerate(order)}
    shuffled = Case(
        [case.records[row] for row in order],
        [case.labels[row] for row in order],
        [replace(told, row=places[told.row]) for told in case.overrides],
        case.master,
    )
    before, lost_before = case.traced()
    after, lost_after = shuffled.traced()
    texts = [found.golden(c.table) for found, c in ((before, case), (after, shuffled))]
    assert [texts[0][name].decode() for name in texts[0]] == [
        texts[1][name].decode() for name in texts[1]
    ]
    assert [case.records[row]["id"] for row in before.masters.tolist()] == [
        shuffled.records[row]["id"] for row in after.masters.tolist()
    ]
    assert sorted(
        (name, str(case.records[row]["id"]), rule) for name, row, rule in lost_before
    ) == sorted(
        (name, str(shuffled.records[row]["id"]), rule) for name, row, rule in lost_after
    )


def test_pinned_value_that_is_no_text_is_read_as_one() -> None:
    assert as_text(5.0) == "5"
    table = table_of(n=["5", "6"])
    assert lost(table, {}, overrides=[Override(0, "n", 5.0)]) == {("n", 1): "pinned"}
