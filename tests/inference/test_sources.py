from __future__ import annotations

import pytest
from tests.strategies import people

import custmerge as cm
from custmerge.inference.sources import align, load
from custmerge.io import encode
from custmerge.records import RecordTable


def _renamed(**names: str) -> list[dict[str, object]]:
    return [
        {names.get(key, key): value for key, value in row.items()} for row in people(20)
    ]


def test_single_table_is_read_as_it_is() -> None:
    dataset = load(people(3))
    assert dataset.sources == ()
    assert dataset.columns == tuple(people(1)[0])


def test_columns_of_one_meaning_are_aligned_to_the_first_name() -> None:
    renamed = _renamed(phone="telephone", birth_date="dob", last_name="surname")
    dataset = load({"crm": people(20), "web": renamed})
    assert dataset.columns == tuple(people(1)[0])
    assert dataset.sources == ("crm", "web")
    assert len(dataset) == 40


def test_columns_of_one_name_stay_as_they_are() -> None:
    renamed = _renamed(phone="mobile")
    for row in renamed:
        row["phone"] = "020 7946 9999"
    dataset = load({"crm": people(20), "web": renamed})
    assert {"phone", "mobile"} <= set(dataset.columns)


def test_meaning_that_two_columns_share_is_not_aligned() -> None:
    crm = RecordTable.from_mappings([{"email": "a@b.org"}])
    web = RecordTable.from_mappings([{"mail": "a@b.org", "e_mail": "c@d.org"}])
    assert align({"crm": crm, "web": web})["web"] == {}


def test_numbers_of_one_document_are_aligned_where_there_are_several() -> None:
    headers = {
        "CRM": ("会员号", "证件号码", "统一社会信用代码"),
        "门店": ("会员编号", "身份证", "税号"),
        "台北": ("會員編號", "身分證字號", "統一編號"),
    }
    tables = {
        source: RecordTable.from_mappings([dict.fromkeys(columns, "A123456789")])
        for source, columns in headers.items()
    }
    renames = align(tables)
    for source in ("门店", "台北"):
        assert renames[source] == dict(
            zip(headers[source], headers["CRM"], strict=True)
        )


def test_numbers_of_two_documents_are_not_aligned() -> None:
    crm = RecordTable.from_mappings([{"护照号": "E12345678", "会员号": "7"}])
    web = RecordTable.from_mappings([{"身份证": "110101199003078515", "税号": "7"}])
    assert align({"crm": crm, "web": web})["web"] == {}


def test_third_source_is_aligned_to_the_first_names() -> None:
    tables = {
        name: RecordTable.from_mappings([{column: "ann@mail.org"}])
        for name, column in (("a", "email"), ("b", "mail"), ("c", "e-mail address"))
    }
    renames = align(tables)
    assert renames["b"] == {"mail": "email"}
    assert renames["c"] == {"e-mail address": "email"}


def test_sources_that_share_no_column_are_refused() -> None:
    with pytest.raises(cm.InvalidInputError, match=r"'web' shares no column"):
        load({"crm": [{"email": "a@b.org"}], "web": [{"height": 3.5}]})


def test_source_without_records_is_no_hindrance() -> None:
    assert len(load({"crm": people(2), "web": []})) == 2


def test_encoding_keeps_columns_and_rows() -> None:
    table = encode(load([{"a": 1, "b": None}, {"a": 1.0, "b": "x"}]))
    assert table["a"].decode() == ["1", "1"]
    assert table["b"].decode() == [None, "x"]
