from __future__ import annotations

import numpy as np
import pandas as pd

import custmerge as cm
from custmerge.io import read_table
from custmerge.merging import Crosswalk
from custmerge.records import Column

CRM: list[dict[str, object]] = [
    {"id": "1", "name": "Ann Lee", "email": "ann.lee@mail.com", "phone": None},
    {"id": "2", "name": "王小明", "email": "wang@mail.cn", "phone": "13912345678"},
    {
        "id": "3",
        "name": "Ann Lee",
        "email": "ann.lee@mail.com",
        "phone": "020 7946 0001",
    },
]
WEB: list[dict[str, object]] = [
    {"id": "1", "name": "王小明", "email": "wang@mail.cn", "phone": "139 1234 5678"},
    {"id": "9", "name": "Bo Chan", "email": "bo@chan.org", "phone": "0113 496 0002"},
]


def test_crosswalk_has_each_record_in_input_order() -> None:
    result = cm.resolve(CRM)
    rows = result.crosswalk
    assert [row["record_id"] for row in rows] == ["1", "2", "3"]
    assert [row["entity_id"] for row in rows] == [0, 1, 0]
    assert rows[0]["survivor_id"] == rows[2]["survivor_id"]
    assert rows[1]["survivor_id"] == "2"
    assert set(rows[0]) == {
        *("record_id", "source", "survivor_id", "survivor_source", "entity_id"),
    }


def test_survivors_survive_themselves_and_are_of_their_entity() -> None:
    rows = cm.resolve({"crm": CRM, "web": WEB}, id="id").crosswalk
    own = {(row["source"], row["record_id"]): row for row in rows}
    for row in rows:
        survivor = own[row["survivor_source"], row["survivor_id"]]
        assert survivor["entity_id"] == row["entity_id"]
        assert survivor["survivor_id"] == survivor["record_id"]
        assert survivor["survivor_source"] == survivor["source"]


def test_survivor_is_the_record_of_the_golden_id() -> None:
    result = cm.resolve({"crm": CRM, "web": WEB}, id="id")
    golden = {row["entity_id"]: row["id"] for row in result.entities}
    assert all(
        row["survivor_id"] == golden[row["entity_id"]] for row in result.crosswalk
    )


def test_without_an_id_column_records_go_by_row_numbers() -> None:
    records = [{k: v for k, v in record.items() if k != "id"} for record in CRM]
    rows = cm.resolve(records).crosswalk
    assert [(row["record_id"], row["survivor_id"]) for row in rows] == [
        *((0, 2), (1, 1), (2, 2)),
    ]


def test_crosswalk_is_a_frame_with_the_ids_of_the_type_they_had() -> None:
    frame = pd.DataFrame(CRM).astype({"id": "int32"})
    crosswalk = cm.resolve(frame, id="id").crosswalk
    assert crosswalk["survivor_id"].dtype == "int32"


def test_no_records_have_an_empty_crosswalk() -> None:
    assert cm.resolve([]).crosswalk == []


def crosswalk(
    ids: list[object], sources: list[object], survivors: list[int]
) -> Crosswalk:
    """Return the crosswalk of records with these ids and sources."""
    dataset = read_table({"id": ids, "source": sources})
    config = cm.Config((cm.Field("id"),), id="id", source="source")
    return Crosswalk.of(dataset, config, np.array(survivors))


def test_ids_are_found_by_their_text() -> None:
    walk = crosswalk([7, 8], ["a", "a"], [0, 1])
    ids = Column.encode(["8", "7", None, "9", 7.0])
    assert walk.names.find(ids).tolist() == [1, 0, -1, -1, 0]


def test_id_of_several_sources_is_ambiguous_unless_one_survives_both() -> None:
    ids = Column.encode(["1", "2"])
    apart = crosswalk(["1", "2", "1"], ["a", "a", "b"], [0, 1, 2])
    merged = crosswalk(["1", "2", "1"], ["a", "a", "b"], [2, 1, 2])
    assert apart.names.find(ids).tolist() == [-2, 1]
    assert merged.names.find(ids).tolist() == [0, 1]


def test_source_tells_records_of_one_id_apart() -> None:
    walk = crosswalk(["1", "1", "1"], ["a", "b", None], [0, 1, 2])
    ids = Column.encode(["1", "1", "1", "1", None, "x"])
    sources = Column.encode(["b", "a", None, "c", "a", "a"])
    assert walk.names.find(ids, sources).tolist() == [1, 0, 2, -1, -1, -1]


def test_columns_that_sources_name_differently_are_one() -> None:
    web = [{"id": r["id"], "full name": r["name"], "mail": r["email"]} for r in WEB]
    rows = cm.resolve({"crm": CRM, "web": web}, id="id").crosswalk
    assert [row["record_id"] for row in rows] == ["1", "2", "3", "1", "9"]
