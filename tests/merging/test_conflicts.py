from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import dirty_texts

import custmerge as cm
from custmerge.contacts import ContactValues
from custmerge.io import read
from custmerge.merging import Conflict, find_conflicts, merge
from custmerge.merging.exclusion import AGREE, apart, exclusive_fields, standard, usable
from custmerge.records import RecordTable

CONFIG = cm.Config(
    (
        cm.Field("born", "birth_date"),
        cm.Field("ssn", "identifier"),
        cm.Field("phone", "phone"),
        cm.Field("rep", compare=None, survive=cm.oldest("made")),
        cm.Field("made", compare=None),
    ),
    owner="rep",
)


def _found(
    rows: Sequence[dict[str, Any]],
    labels: Sequence[int],
    config: cm.Config = CONFIG,
    contacts: dict[str, ContactValues] | None = None,
) -> tuple[Conflict, ...]:
    entities = np.asarray(labels, dtype=np.int64)
    survivors = merge(RecordTable.from_mappings(rows), entities, config)
    return find_conflicts(read(list(rows)), entities, config, survivors, contacts or {})


def _rows(**columns: Sequence[object]) -> list[dict[str, Any]]:
    every = {"born": [], "ssn": [], "phone": [], "rep": [], "made": [], **columns}
    n_rows = max(map(len, every.values()))
    return [
        {name: cells[i] if i < len(cells) else None for name, cells in every.items()}
        for i in range(n_rows)
    ]


def test_two_birth_dates_are_a_conflict_of_one_customer() -> None:
    rows = _rows(born=["1990-05-03", "1971-08-20", "1990-05-03", "20.8.71"])
    [found] = _found(rows, [0, 0, 0, 1])
    assert (found.entity, found.field, found.kind) == (0, "born", "birth_date")
    assert found.severity == "high"
    assert found.values == ("1990-05-03", "1971-08-20")
    assert found.rows == ((0, 2), (1,))
    assert (found.kept, found.winner, found.kept_row) == ("1990-05-03", 0, 0)


@pytest.mark.parametrize(
    ("kind", "values", "severity"),
    [
        ("birth_date", ["1990", "1990-05-03", "n/a"], "low"),
        ("birth_date", ["31/02/1990", "1990-05-03"], "low"),
        ("identifier", ["1101********1234", "110105199912311234"], "medium"),
        ("gender", ["男", "1"], "medium"),
        ("email", ["ann@lee.org; a@lee.cn", "ann@lee.org"], "medium"),
        ("phone", ["138****8888", "13812348888"], "medium"),
    ],
)
def test_what_unanimity_leaves_missing_is_a_conflict(
    kind: str, values: Sequence[str], severity: str
) -> None:
    field = cm.Field("x", kind, survive=cm.unanimous())
    rows = [{"x": value} for value in [*values, values[0]]]
    labels = [0] * len(values) + [1]
    [found] = _found(rows, labels, cm.Config((field,)))
    assert (found.entity, found.field, found.kind) == (0, "x", kind)
    assert (found.severity, found.kept, found.rule) == (severity, None, "unanimous")
    assert set(found.values) >= {value for value in values if value != "n/a"}


def test_columns_that_are_no_field_conflict_where_they_are_to_be_unanimous() -> None:
    config = cm.Config((cm.Field("name"),), survivorship={"tier": "unanimous"})
    rows = [{"name": "王伟", "tier": tier} for tier in ("Gold", "GOLD", "金", "-")]
    [found] = _found(rows, [0, 0, 0, 0], config)
    assert (found.field, found.values) == ("tier", ("GOLD", "金"))


@given(
    st.sampled_from(["birth_date", "identifier", "phone", "text"]),
    st.lists(st.tuples(dirty_texts(), st.integers(0, 1)), min_size=2, max_size=6),
)
@settings(max_examples=60)
def test_value_is_missing_for_want_of_unanimity_only_where_a_conflict_is_listed(
    kind: str, cells: list[tuple[str, int]]
) -> None:
    rows = [{"x": text} for text, _ in cells]
    labels = np.unique([label for _, label in cells], return_inverse=True)[1]
    field = cm.Field("x", kind, survive=cm.unanimous())
    config = cm.Config((field,))
    table = RecordTable.from_mappings(rows)
    golden = merge(table, labels, config).golden(table)["x"].decode()
    listed = {found.entity for found in _found(rows, labels.tolist(), config)}
    held = set(labels[table["x"].present].tolist())
    assert {entity for entity in held if golden[entity] is None} <= listed


def test_several_phones_are_no_conflict() -> None:
    assert not _found(_rows(phone=["020 7946 0018", "020 7946 0099"]), [0, 0])


def test_part_of_a_date_takes_no_part_in_the_conflict_of_others() -> None:
    rows = _rows(born=["1990", "1990-05-03", "1990-11-24"])
    [found] = _found(rows, [0, 0, 0])
    assert found.values == ("1990-05-03", "1990-11-24")


def test_severity_is_that_of_the_values_farthest_apart() -> None:
    slip = _rows(born=["1990-05-03", "1990-03-05"])
    [found] = _found(slip, [0, 0])
    assert found.severity == "low"
    [found] = _found([*slip, *_rows(born=["1962-11-30"])], [0, 0, 0])
    assert found.severity == "high"


def test_worst_come_first_then_by_entity() -> None:
    rows = _rows(
        born=["1990-05-03", "1990-03-05", "1990-05-03", "1971-08-20"],
        rep=["A", "B", "A", "B"],
        ssn=["AB123", "XY987", "AB123", "AB124"],
    )
    found = _found(rows, [0, 0, 1, 1])
    assert [(c.severity, c.entity, c.field) for c in found] == [
        ("high", 0, "ssn"),
        ("high", 1, "born"),
        ("medium", 0, "rep"),
        ("medium", 1, "rep"),
        ("medium", 1, "ssn"),
        ("low", 0, "born"),
    ]


def test_owner_is_who_the_rule_says_and_the_others_lose() -> None:
    rows = _rows(
        rep=["李娜", "张伟", "李娜", "公海"],
        made=["2024-02-01", "2023-07-15", "2025-01-01", "2020-01-01"],
    )
    config = cm.Config(CONFIG.fields[:3], owner="rep", created_at="made")
    [found] = _found(rows, [0, 0, 0, 0], config)
    assert found.values == ("李娜", "张伟")
    assert (found.kept, found.winner, found.rule) == ("张伟", 1, "oldest")


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (cm.oldest("made"), "Bo Chan"),
        (cm.most_recent("active"), "Ann Lee"),
        (cm.source_priority(["shop", "crm"], "from"), "Cy Diaz"),
    ],
)
def test_ready_rules_decide_the_owner(rule: Any, kept: str) -> None:
    rows = [
        {"rep": "Ann Lee", "made": "2024-02-01", "active": "2025-05-05", "from": "crm"},
        {"rep": "Bo Chan", "made": "2023-07-15", "active": "2024-01-09", "from": "crm"},
        {
            "rep": "Cy Diaz",
            "made": "2025-06-30",
            "active": "2025-01-01",
            "from": "shop",
        },
    ]
    config = cm.Config((cm.Field("rep", compare=None, survive=rule),), owner="rep")
    [found] = _found(rows, [0, 0, 0], config)
    assert found.kept == kept
    assert len(found.values) == 3


def test_value_that_stands_for_a_missing_one_excludes_nothing() -> None:
    rows = _rows(ssn=["AB123", "XY987"])
    nobodys = ContactValues(
        ("XY987",), np.array([9]), np.array([9]), np.array([3], np.int8)
    )
    assert len(_found(rows, [0, 0])) == 1
    assert not _found(rows, [0, 0], contacts={"ssn": nobodys})


def test_golden_value_may_be_made_of_a_column_without_conflicts() -> None:
    rows = _rows(ssn=["AB123", "XY987"], phone=["020 7946 0001", None])
    rule = cm.collect(of="phone", joined="; ")
    config = cm.Config((cm.Field("ssn", "identifier", survive=rule),))
    [found] = _found(rows, [0, 0], config)
    assert (found.kept, found.winner) == ("020 7946 0001", None)


def test_field_that_holds_several_values_in_a_record_excludes_nothing() -> None:
    fields = (cm.Field("id", "identifier", ("a", "b"), "any"),)
    rows: list[dict[str, Any]] = [
        {"a": "AB123", "b": "CD456"},
        {"a": "XY987", "b": None},
    ]
    assert not _found(rows, [0, 0], cm.Config(fields))


def test_entity_of_very_many_values_is_in_conflict_whatever_they_are() -> None:
    rows = _rows(ssn=[f"AB1{i:03}" for i in range(500)])
    [found] = _found(rows, [0] * 500)
    assert (found.severity, len(found.values)) == ("high", 500)


CELLS = st.fixed_dictionaries(
    {
        "born": st.sampled_from(
            [None, "1990", "1990-05-03", "3/5/1990", "1990-03-05", "1961-02-28", "?"]
        ),
        "ssn": st.sampled_from(
            [None, "AB-123", "ab123", "AB124", "XY987", "AB***", "110105194912310021"]
        ),
        "phone": st.none(),
        "rep": st.sampled_from([None, "Ann Lee", "Lee, Ann", "张伟", "公海"]),
        "made": st.sampled_from([None, "2023-01-01", "2024-01-01"]),
    }
)
LABELLED = st.lists(st.tuples(CELLS, st.integers(0, 2)), min_size=1, max_size=8)


def _split(
    labelled: Sequence[tuple[dict[str, Any], int]],
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the rows and their labels, these without gaps."""
    known = sorted({label for _, label in labelled})
    return [row for row, _ in labelled], [known.index(label) for _, label in labelled]


def _obvious(rows: list[dict[str, Any]], labels: list[int]) -> set[tuple[object, ...]]:
    """Return entity, field and texts of the conflicts, one pair after the other."""
    table = RecordTable.from_mappings(rows)
    found: dict[tuple[int, str], set[str]] = {}
    for kind, field in exclusive_fields(CONFIG):
        forms = standard(table, field).decode()
        for a, b in combinations(range(len(rows)), 2):
            one, other = forms[a], forms[b]
            if labels[a] != labels[b] or not one or not other or one == other:
                continue
            can = usable(kind, field, [one, other], None).all()
            if can and apart(kind, [one], [other])[0] > AGREE:
                found.setdefault((labels[a], field.name), set()).update((one, other))
    return {(*where, frozenset(forms)) for where, forms in found.items()}


@given(LABELLED)
def test_conflicts_are_those_found_pair_by_pair(
    labelled: list[tuple[dict[str, Any], int]],
) -> None:
    rows, labels = _split(labelled)
    table = RecordTable.from_mappings(rows)
    forms = {
        field.name: standard(table, field) for _, field in exclusive_fields(CONFIG)
    }
    fast = {
        (c.entity, c.field, frozenset(forms[c.field].decode()[r[0]] for r in c.rows))
        for c in _found(rows, labels)
    }
    assert fast == _obvious(rows, labels)


@given(LABELLED)
def test_values_are_those_that_the_named_records_of_the_entity_hold(
    labelled: list[tuple[dict[str, Any], int]],
) -> None:
    rows, labels = _split(labelled)
    for found in _found(rows, labels):
        assert len(found.values) > 1
        for text, held in zip(found.values, found.rows, strict=True):
            assert all(labels[row] == found.entity for row in held)
            assert text in {rows[row][found.field] for row in held}
        assert found.kept == rows[found.kept_row][found.field]
        assert found.winner is None or found.kept_row in found.rows[found.winner]


@given(LABELLED, st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter(
    labelled: list[tuple[dict[str, Any], int]], random: Any
) -> None:
    def said(chosen: list[tuple[dict[str, Any], int]]) -> list[tuple[object, ...]]:
        rows, labels = _split(chosen)
        return [
            (c.entity, c.field, c.severity, c.values, c.kept, c.winner, c.rule)
            for c in _found(rows, labels)
        ]

    shuffled = random.sample(labelled, len(labelled))
    assert said(shuffled) == said(labelled)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_records_alone_are_in_no_conflict(rows: list[dict[str, Any]]) -> None:
    assert not _found(rows, range(len(rows)))


CUSTOMERS = [
    {
        "编号": "A1",
        "姓名": "王小明",
        "手机": "13812345671",
        "身份证号": "11010519491231002X",
        "负责人": "张伟",
        "创建时间": "2023-01-05",
    },
    {
        "编号": "A2",
        "姓名": "王小明",
        "手机": "13812345671",
        "身份证号": "110105********002X",
        "负责人": "李娜",
        "创建时间": "2024-02-05",
    },
    {
        "编号": "A3",
        "姓名": "王小明",
        "手机": "13812345671",
        "身份证号": None,
        "负责人": "李娜",
        "创建时间": "2024-03-05",
    },
    {
        "编号": "B1",
        "姓名": "欧阳建国",
        "手机": "13912345672",
        "身份证号": None,
        "负责人": "李娜",
        "创建时间": "2022-03-05",
    },
]


def test_two_reps_of_one_customer_are_told_who_keeps_it() -> None:
    result = cm.resolve(CUSTOMERS)
    assert result.labels.tolist() == [0, 0, 0, 1]
    assert result.conflicts == [
        {
            "entity_id": 0,
            "field": "负责人",
            "kind": "owner",
            "severity": "medium",
            "n_values": 2,
            "values": "李娜; 张伟",
            "record_ids": "A2, A3; A1",
            "kept": "张伟",
            "rule": "oldest",
            "kept_id": "A1",
        }
    ]
    assert result.owners == [
        {
            "entity_id": 0,
            "owner": "李娜",
            "record_ids": "A2, A3",
            "kept_by": "张伟",
            "rule": "oldest",
            "kept_id": "A1",
        }
    ]
    assert result.entities[0]["负责人"] == "张伟"


def test_ids_say_their_source_where_there_are_several() -> None:
    sources = {"crm": CUSTOMERS[:1], "web": CUSTOMERS[1:]}
    [owner] = cm.resolve(sources, id="编号").owners
    assert owner["record_ids"] == "web:A2, web:A3"
    assert (owner["kept_id"], owner["kept_source"]) == ("A1", "crm")


def test_tables_keep_their_columns_and_types_without_conflicts() -> None:
    frame = pd.DataFrame({"id": [1, 2], "name": "Ann Lee", "rep": ["Cy Diaz", None]})
    result = cm.resolve(frame, id="id", fields={"rep": "owner"})
    for table in (result.conflicts, result.owners):
        assert isinstance(table, pd.DataFrame)
        assert table.empty
        assert table["entity_id"].dtype == "int64"
        assert table["kept_id"].dtype == "int64"


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_tables_come_back_as_what_the_records_were(frame: Any) -> None:
    records = [
        {"id": 1, "name": "Ann Lee", "mail": "ann@lee.org", "type": "person"},
        {"id": 2, "name": "Ann Lee", "mail": "ann@lee.org", "type": "company"},
        {"id": 3, "name": "Bo Chan", "mail": "bo@chan.org", "type": "person"},
        {"id": 4, "name": "Bo Chan", "mail": "bo@chan.org", "type": None},
    ]
    known: Any = {"id": "id", "fields": {"type": "record_type"}}
    apart = cm.resolve(frame(records), **known).conflicts
    joined = cm.resolve(frame(records), **known, must_link=[(1, 2)]).conflicts
    assert isinstance(joined, frame)
    assert len(apart) == 0
    assert list(joined["kind"]) == ["record_type"]
    assert list(joined["severity"]) == ["high"]
    assert list(joined["values"]) == ["company; person"]
    assert list(joined["record_ids"]) == ["2; 1"]


def test_no_records_are_in_no_conflict() -> None:
    result = cm.resolve([])
    assert not len(result.conflicts)
    assert not len(result.owners)


def test_tables_of_conflicts_do_not_depend_on_the_order_of_the_records() -> None:
    rows = [
        {"id": id_, "name": "王小明", "phone": "13912345678", "born": born, "rep": rep}
        for id_, born, rep in (
            ("c9", "1990-05-03", "李娜"),
            ("c10", "1990-05-03", "张伟"),
            ("c11", "1971-11-30", "张伟"),
            ("c8", "1990/5/3", "李娜"),
        )
    ]
    links = [("c9", row["id"]) for row in rows[1:]]
    config = cm.Config(
        (
            cm.Field("name", "full_name"),
            cm.Field("phone", "phone"),
            cm.Field("born", "birth_date"),
        ),
        id="id",
        owner="rep",
    )
    told = [
        (result.conflicts, result.owners)
        for order in permutations(rows)
        for result in [cm.resolve(list(order), config=config, must_link=links)]
    ]
    assert told == told[:1] * 24
    listed = [row["record_ids"] for row in told[0][0]]
    assert listed == ["c8, c9, c10; c11", "c10, c11; c8, c9"]
