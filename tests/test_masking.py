from __future__ import annotations

import re

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from tests.strategies import dirty_texts

import custmerge as cm
from custmerge.masking import Mask
from custmerge.protocols import SurvivorshipRule

COLUMNS = ("id", "name", "email", "phone", "city", "notes", "source")
RECORDS: list[dict[str, str | None]] = [
    {
        "id": "c1",
        "name": "Ann Lee",
        "email": "ann.lee@mail.com",
        "phone": "020 7946 0001",
        "city": "Leeds",
        "notes": "rang on Monday",
        "source": "crm",
    },
    {
        "id": "w7",
        "name": "LEE, Ann",
        "email": "Ann.Lee@mail.com",
        "phone": "+44 20 7946 0001",
        "city": "Leeds",
        "notes": None,
        "source": "web",
    },
    {
        "id": "w8",
        "name": "欧阳晓雯",
        "email": "xw@ouyang.cn",
        "phone": "138 0013 8111",
        "city": "上海",
        "notes": None,
        "source": "web",
    },
]
PRIVATE = re.compile("ann[ .]lee|lee, ann|7946|rang|欧阳|ouyang|8111", re.IGNORECASE)
CONFIG = cm.Config(
    fields=(
        cm.Field("name", kind="full_name"),
        cm.Field("email", kind="email"),
        cm.Field("phone", kind="phone", normalize={"name": "phone", "region": "GB"}),
        cm.Field("city", kind="city"),
        cm.Field("notes", compare=None),
    ),
    id="id",
    source="source",
)
TABLES = (
    *("entities", "assignments", "pairs", "review", "lineage", "losers"),
    *("conflicts", "owners", "relations", "contacts", "crosswalk"),
)


@pytest.fixture(scope="module")
def result() -> cm.Resolution:
    return cm.resolve(RECORDS, config=CONFIG)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_shows_what_tells_a_person(result: cm.Resolution, table: str) -> None:
    assert not PRIVATE.search(str(getattr(result.masked(), table)))
    assert len(getattr(result.masked(), table)) == len(getattr(result, table))


def test_what_many_have_in_common_and_ids_are_shown(result: cm.Resolution) -> None:
    shown = result.masked().entities[1]
    assert {name: shown[name] for name in ("id", "city", "source")} == {
        "id": "w8",
        "city": "上海",
        "source": "web",
    }


def test_times_of_change_are_shown() -> None:
    rows = [{"name": "Ann Lee", "at": "2024-01-01"}]
    config = cm.Config((cm.Field("name", kind="full_name"),), updated_at="at")
    mask = Mask.of(config, ("name", "at"), "key")
    assert mask.records(rows, ("name", "at"))[0]["at"] == "2024-01-01"


def test_one_value_has_one_token_however_it_is_written() -> None:
    mask = Mask.of(CONFIG, COLUMNS, "key")
    first, second, other = mask.records(RECORDS, COLUMNS)
    assert (first["email"], first["phone"]) == (second["email"], second["phone"])
    assert other["email"] != first["email"]
    assert first["email"].startswith("email:")
    assert second["notes"] is None


def test_tokens_are_those_of_the_key_alone(result: cm.Resolution) -> None:
    said = [result.masked(key).entities[0]["email"] for key in ("a", b"a", "b")]
    assert said[0] == said[1] != said[2]


def test_without_a_key_nothing_can_be_linked(result: cm.Resolution) -> None:
    assert result.masked().entities[0]["name"] != result.masked().entities[0]["name"]


def test_columns_are_kept_or_hidden_as_asked(result: cm.Resolution) -> None:
    shown = result.masked(keep=["notes"], hide=["city", "id"]).entities[0]
    assert shown["notes"] == "rang on Monday"
    assert "Leeds" not in shown["city"]
    assert shown["id"] not in ("c1", "w7")


def test_hidden_ids_and_sources_have_the_golden_token_in_all_tables() -> None:
    records = [
        {"id": f"no-{i}", "source": source, "name": name, "email": email, "rep": rep}
        for i, source, name, email, rep in (
            (1, "crm", "Ann Lee", "ann@lee.org", "Joe Doe"),
            (2, "shop", "Ann Lee", "ann@lee.org", "Sue Roe"),
            (3, "crm", "Bo Lee", "bo@lee.org", "Sue Roe"),
        )
    ]
    config = cm.Config(CONFIG.fields[:2], id="id", source="source", owner="rep")
    result = cm.resolve(records, config=config)
    masked = result.masked("key", hide=["id", "source"])
    text = "".join(str(getattr(masked, table)) for table in TABLES)
    assert not re.search("no-[123]|'crm|'shop", text)
    token = {row["entity_id"]: row["id"] for row in masked.entities}
    assert all(
        row["survivor_id"] == token[row["entity_id"]] for row in masked.crosswalk
    )
    own = [(row["source"], row["record_id"]) for row in masked.assignments]
    assert [(row["source"], row["record_id"]) for row in masked.crosswalk] == own
    (conflict,) = masked.conflicts
    assert conflict["record_ids"] == "; ".join(map(":".join, own[:2]))
    (owner,) = masked.owners
    assert owner["record_ids"] in map(":".join, own)
    ids = {record_id for _, record_id in own}
    assert {row["record_id"] for row in masked.lineage if row["record_id"]} <= ids
    assert all({pair["left_id"], pair["right_id"]} <= ids for pair in masked.pairs)


def test_ids_that_differ_in_case_have_tokens_of_their_own() -> None:
    rows = [{"id": "a; 1", "name": "Ann Lee"}, {"id": "A; 1", "name": "Bo Chan"}]
    config = cm.Config(CONFIG.fields[:1], id="id")
    mask = Mask.of(config, ("id", "name"), "key", hide=["id"])
    masked = mask.named("assignments", [{"record_id": row["id"]} for row in rows])
    assert len({row["record_id"] for row in masked}) == 2
    assert not any(";" in row["record_id"] for row in masked)


@pytest.mark.parametrize("cell", ["a@b.org; d@e.org", "a@b.org,d@e.org"])
def test_each_value_of_a_cell_has_a_token_in_all_tables(cell: str) -> None:
    rows = [{"name": "Ann Lee", "email": cell}, {"name": "Bo", "email": "D@E.org"}]
    config = cm.Config(CONFIG.fields[:2])
    masked = cm.resolve(rows, config=config, cannot_link=[(0, 1)]).masked("key")
    several, one = (row["email"] for row in masked.entities)
    assert several.split("; ")[1] == one
    assert [row["value"] for row in masked.lineage[2:]] == [several, one]


def test_name_read_as_two_fields_has_one_token_for_both() -> None:
    fields = (
        cm.Field("given", kind="given_name", columns=("name",)),
        cm.Field("family", kind="family_name", columns=("name",)),
    )
    mask = Mask.of(cm.Config(fields), ("name",), "key")
    rows = [{"name": "Ann"}, {"name": "ann"}, {"name": "Bo"}]
    one, same, other = (row["name"] for row in mask.records(rows, ("name",)))
    assert one == same != other
    assert one.startswith("given_name+family_name:")


def test_owners_are_masked_like_the_owner_column() -> None:
    rows = [
        {"name": "Ann Lee", "email": "ann@lee.org", "rep": "Joe Doe"},
        {"name": "Ann Lee", "email": "ann@lee.org", "rep": "Sue Roe"},
        {"name": "Bo Chan", "email": "bo@chan.org", "rep": "Joe Doe"},
    ]
    masked = cm.resolve(rows, fields={"rep": "owner"}).masked("key")
    reps = {row["rep"] for row in masked.entities}
    (owner,) = masked.owners
    told = {owner["owner"], owner["kept_by"]}
    assert reps < told
    (conflict,) = masked.conflicts
    assert set(conflict["values"].split("; ")) == told


def test_listed_ids_are_hidden_where_there_are_no_sources() -> None:
    mask = Mask.of(CONFIG, COLUMNS, "key", hide=["id"])
    records = [{"record_id": name, "source": None} for name in ("c1", "c2", "a, b")]
    (row,) = mask.listed([{"record_ids": "c1; c2, a, b"}], records)
    tokens = [one["record_id"] for one in mask.named("assignments", records)]
    assert row["record_ids"].startswith(f"{tokens[0]}; {tokens[1]}, text:")


def test_cells_of_separators_alone_have_a_token() -> None:
    mask = Mask.of(CONFIG, COLUMNS, "key")
    (row,) = mask.records([{"email": " ; "}], COLUMNS)
    assert row["email"].startswith("email:")


def test_computed_columns_are_masked_but_for_numbers() -> None:
    mask = Mask.of(CONFIG, ("email",), "key")
    rows = [{"all_emails": ["a@b.de", "c@d.de"], "spend": 7.5}]
    shown = mask.records(rows, ("email",))[0]
    assert shown["spend"] == 7.5
    assert [text.split(":")[0] for text in shown["all_emails"]] == ["text", "text"]


def test_numbers_computed_of_masked_columns_are_masked_but_counts() -> None:
    records = [
        {"id": i, "name": "王小明", "mobile": 13912345678, "spend": 5} for i in "ab"
    ]
    rules: dict[str, SurvivorshipRule] = {
        "best": cm.maximum(of="mobile"),
        "sum": cm.total(of="mobile").then(cm.longest()),
        "known": cm.count(of="mobile"),
        "money": cm.total(of="spend"),
    }
    result = cm.resolve(records, fields={"mobile": "phone"}, survivorship=rules)
    golden = result.masked("k").entities[0]
    assert (golden["known"], golden["money"]) == (2, 10)
    assert [golden[name].partition(":")[1] for name in ("best", "sum")] == [":", ":"]
    assert result.masked("k", hide="spend").entities[0]["money"] != 10
    assert result.masked("k", keep="mobile").entities[0]["best"] == 13912345678


def test_all_unknown_columns_are_told_and_none_is_both_kept_and_hidden(
    result: cm.Resolution,
) -> None:
    with pytest.raises(cm.ColumnNotFoundError, match=r"keep .*'x'.* and hide .*'y'"):
        result.masked("k", keep=["x"], hide="y")
    with pytest.raises(cm.InvalidInputError, match=r"'name'.* kept and hidden"):
        result.masked("k", keep=["name"], hide="name")


def test_input_columns_named_as_those_of_entities_are_masked_beside_them() -> None:
    records = [{"name": "Ann Lee", "entity_id": "E-77", "n_records": "zwei"}]
    hidden = ["entity_id", "n_records"]
    shown = cm.resolve(records).masked("key", hide=hidden).entities[0]
    assert (shown["entity_id"], shown["n_records"]) == (0, 1)
    assert shown["entity_id_input"] != "E-77"
    assert shown["n_records_input"] != "zwei"


def test_frames_come_back_as_what_they_were() -> None:
    for library in (pd, pl):
        frame = library.DataFrame(RECORDS)
        masked = cm.resolve(frame, config=CONFIG).masked("key").entities
        assert type(masked) is type(frame)
        assert not PRIVATE.search(str(masked.to_dict()))


def test_representation_counts_and_shows_no_value(result: cm.Resolution) -> None:
    assert repr(result.masked()) == "Masked(4 of 7 columns masked)"


def test_empty_key_and_unknown_columns_are_refused(result: cm.Resolution) -> None:
    with pytest.raises(cm.InvalidInputError, match="key of a mask is empty"):
        result.masked("")
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['nmae'\].*'notes'"):
        result.masked(keep=["nmae"])
    with pytest.raises(cm.InvalidInputError, match="type int; give a secret as text"):
        result.masked(5)  # type: ignore[arg-type]
    with pytest.raises(cm.InvalidInputError, match="hide must be a list of names"):
        result.masked(hide=5)  # type: ignore[arg-type]


@given(st.lists(dirty_texts(), max_size=4))
def test_any_text_can_be_masked_and_missing_stays_missing(texts: list[str]) -> None:
    mask = Mask.of(CONFIG, ("email",), "key")
    rows = [{"email": text} for text in texts]
    masked = [row["email"] for row in mask.records(rows, ("email",))]
    assert [one is None for one in masked] == [not text.strip() for text in texts]
