from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import custmerge as cm
from custmerge.io import read_table
from custmerge.merging import Crosswalk, plan_children, plan_merge

CUSTOMERS: list[dict[str, Any]] = [
    {"id": 1, "name": "王小明", "email": "wang@mail.cn", "city": None, "vip": True},
    {"id": 2, "name": "Bo Chan", "email": "bo@chan.org", "city": "York", "vip": None},
    {"id": 3, "name": "王小明", "email": None, "city": "北京", "vip": None},
    {"id": 4, "name": "Ann Lee", "email": "ann@lee.org", "city": "Ulm", "vip": None},
    {"id": 5, "name": "王小明", "email": "wang@mail.cn", "city": None, "vip": None},
]
LINKS = [(1, 3), (1, 5)]
ORDERS = {"order": ["A", "B", "C"], "customer_id": [5, 2, 3]}


def resolved(customers: Any = CUSTOMERS, **said: Any) -> cm.Resolution:
    return cm.resolve(customers, must_link=LINKS, **said)


PLAN = resolved().merge_plan({"orders": ORDERS}, keys={"orders": "order"})


def test_step_says_who_survives_and_who_is_merged_away() -> None:
    (step,) = PLAN
    assert (step.survivor.id, [x.record.id for x in step.losers]) == (1, [3, 5])
    assert step.losers[0].values == CUSTOMERS[2]
    assert [loser.row for loser in step.losers] == [2, 4]


def test_only_fields_that_differ_are_written_with_their_alternatives() -> None:
    table = [
        {**row, "city": city} for row, city in zip(CUSTOMERS, "甲乙丙丁丙", strict=True)
    ]
    survive = {"city": cm.Field("city", kind="city", survive="most_frequent")}
    (step,) = resolved(table, fields=survive).merge_plan()
    (write,) = (write for write in step.writes if write.field == "city")
    survivor = next(row for row in table if row["id"] == step.survivor.id)
    assert (write.old, write.new) == (survivor["city"], "丙")
    told = [(o.value, [r.id for r in o.records]) for o in write.alternatives]
    assert told == [("甲", [1])]


def test_children_are_named_by_key_or_by_row() -> None:
    (step,) = PLAN
    moved = [(c.table, c.child, c.field, c.old, c.new) for c in step.children]
    assert moved == [
        ("orders", "A", "customer_id", 5, 1),
        ("orders", "C", "customer_id", 3, 1),
    ]
    (step,) = resolved().merge_plan({"orders": ORDERS})
    assert [child.child for child in step.children] == [0, 2]


def test_conflicts_go_to_the_steps_of_their_entities() -> None:
    result = resolved()
    conflict = {"field": "email", "values": "a; b", "severity": "high"}
    found = read_table([{"entity_id": 0, **conflict}, {"entity_id": 9}])
    walk = Crosswalk.of(result.dataset, result.config, result.labels * 0)
    plan = plan_merge(
        walk, result.labels, {n: [None] * 9 for n in CUSTOMERS[0]}, {}, found
    )
    assert [step.conflicts for step in plan] == [(conflict,)]
    (row,) = (row for row in plan.table if row["action"] == "review")
    told = (row["field"], row["old"], row["severity"])
    assert told == ("email", "a; b", "high")
    assert cm.MergePlan.from_jsonl(plan.to_jsonl()) == plan


def test_without_copies_there_is_nothing_to_do() -> None:
    plan = cm.resolve(CUSTOMERS, cannot_link=[*LINKS, (3, 5)]).merge_plan()
    assert (len(plan), plan.table) == (0, [])
    assert len(cm.resolve([]).merge_plan()) == 0


def test_records_need_ids() -> None:
    records = [{"name": "Ann Lee", "email": "ann@lee.org"}] * 2
    with pytest.raises(cm.InvalidConfigError, match="with id="):
        cm.resolve(records).merge_plan()


def test_keys_must_name_one_row_of_a_table_that_is_there() -> None:
    orders = {"order": ["A", "A", None], "customer_id": [1, 2, 3]}
    with pytest.raises(
        cm.InvalidInputError, match=r"'order' of the table 'orders'.* 2"
    ):
        resolved().merge_plan({"orders": orders}, keys={"orders": "order"})
    with pytest.raises(cm.InvalidConfigError, match="keys= names the tables"):
        resolved().merge_plan({"orders": orders}, keys={"tickets": "id"})


def test_table_has_one_row_for_each_action_in_the_callers_form() -> None:
    rows = PLAN.table
    assert [row["action"] for row in rows].count("merge") == 2
    assert [row["record_id"] for row in rows if row["action"] == "re-point"] == [
        *("A", "C"),
    ]
    assert {row["survivor_id"] for row in rows} == {1}
    (write,) = (row for row in rows if row["field"] == PLAN.steps[0].writes[0].field)
    others = [other.value for other in PLAN.steps[0].writes[0].alternatives]
    assert write["alternatives"] == ("; ".join(map(str, others)) or None)
    frame = resolved(pl.DataFrame(CUSTOMERS)).merge_plan().table
    assert isinstance(frame, pl.DataFrame)
    assert frame["undo_token"].n_unique() == 1


def test_plan_is_the_same_from_json_lines_and_from_a_file(tmp_path: Path) -> None:
    frame = pd.DataFrame(CUSTOMERS).assign(
        at=pd.Timestamp("2024-05-01", tz="Asia/Tokyo")
    )
    for plan in (PLAN, resolved(frame).merge_plan({"orders": ORDERS})):
        plan.save(tmp_path / "plan.jsonl")
        loaded = cm.MergePlan.load(tmp_path / "plan.jsonl")
        assert loaded == plan == cm.MergePlan.from_jsonl(plan.to_jsonl())
        assert [row["action"] for row in loaded.table][:2] == ["merge", "merge"]


def test_each_line_is_json_and_missing_cells_are_null() -> None:
    frame = pd.DataFrame(CUSTOMERS).astype({"name": "string", "vip": "boolean"})
    text = resolved(frame).merge_plan().to_jsonl()
    _, step = map(json.loads, text.splitlines())
    assert step["losers"][1]["values"] == {**CUSTOMERS[4], "vip": None}
    assert "王小明" in text


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_plan_does_not_depend_on_the_order_of_records(order: list[int]) -> None:
    shuffled = resolved([CUSTOMERS[row] for row in order]).merge_plan(
        {"orders": ORDERS}, keys={"orders": "order"}
    )
    tokens = [step.undo_token for step in shuffled]
    assert tokens == [step.undo_token for step in PLAN]


def test_steps_are_in_the_order_of_survivors_and_children_in_that_of_keys() -> None:
    ids = [10, 2, "x", 9, 33, "a", 8]
    dataset = read_table({"id": ids})
    config = cm.Config((cm.Field("id"),), id="id")
    walk = Crosswalk.of(dataset, config, np.array([0, 1, 2, 0, 1, 2, 0]))
    orders = {"order": [20, 3, 1, 100], "customer_id": [9, 8, 33, 9]}
    children = plan_children(
        {"orders": orders}, "customer_id", None, {"orders": "order"}
    )
    labels = np.array([0, 1, 2, 0, 1, 2, 0])
    plan = plan_merge(walk, labels, {"id": [10, 2, "x"]}, children)
    assert [step.survivor.id for step in plan] == [2, 10, "x"]
    assert [loser.record.id for loser in plan.steps[1].losers] == [8, 9]
    assert [child.child for child in plan.steps[1].children] == [3, 20, 100]


def test_changed_plan_is_refused() -> None:
    changed = PLAN.to_jsonl().replace("北京", "上海")
    with pytest.raises(cm.PlanError, match="1 steps are not what was planned") as error:
        cm.MergePlan.from_jsonl(changed)
    assert "上海" not in str(error.value)
    (step,) = PLAN
    with pytest.raises(cm.PlanError, match="undo tokens"):
        replace(PLAN, steps=(replace(step, writes=()),)).verify()
    layout = replace(PLAN.layout, source="name")
    with pytest.raises(cm.PlanError, match="undo tokens"):
        replace(PLAN, layout=layout).verify()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "Zebulon",
        "[1]",
        PLAN.to_jsonl().replace('"version": 1', '"version": 2'),
        PLAN.to_jsonl() + '{"survivor": "Zebulon"}\n',
        PLAN.to_jsonl().replace('"id": 1', '"id": {"$decimal": "Zebulon"}'),
    ],
)
def test_what_is_no_plan_is_refused_without_its_text(text: str) -> None:
    with pytest.raises(cm.PlanError, match="is no line of a merge plan") as error:
        cm.MergePlan.from_jsonl(text)
    assert "Zebulon" not in str(error.value)


def test_file_that_is_no_text_is_refused_as_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(cm.PlanError, match="cannot be read as a merge plan"):
        cm.MergePlan.load(path)


def test_repr_of_a_step_holds_no_value_of_a_field() -> None:
    shown = repr(PLAN.steps)
    assert "'city'" in shown
    assert not any(text in shown for text in ("北京", "上海", "王小明"))


def test_repr_counts_and_holds_no_value() -> None:
    assert repr(PLAN) == (
        "MergePlan(steps 1, records merged away 2, fields to write 1, "
        "child cells to write 2, conflicts 0)"
    )
