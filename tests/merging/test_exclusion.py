from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.strategies import dirty_texts, tables

import custmerge as cm
from custmerge.merging.exclusion import (
    AGREE,
    DIFFER,
    SLIP,
    apart,
    as_written,
    exclusive_fields,
    standard,
    usable,
)
from custmerge.records import RecordTable

FORMS = {
    "identifier": cm.Field("x", "identifier"),
    "birth_date": cm.Field("x", "birth_date"),
    "gender": cm.Field("x", "gender"),
    "owner": cm.Field("x", normalize="full_name"),
}


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        ("birth_date", "1990-05-03", "1990", AGREE),
        ("birth_date", "1990年5月3日", "1990年5月", AGREE),
        ("birth_date", "1990-05-03", "1990-03-05", SLIP),
        ("birth_date", "1990-05-03", "1990-05-08", SLIP),
        ("birth_date", "1990-05-03", "1909-05-03", SLIP),
        ("birth_date", "1990", "1990-01-01", AGREE),
        ("birth_date", "1990-05-23", "1985-01-01", SLIP),
        ("birth_date", "1990-05-03", "1991", DIFFER),
        ("birth_date", "1990-05-03", "1992-05-14", DIFFER),
        ("identifier", "AB-10 05", "ab1005", AGREE),
        ("identifier", "110105********002X", "11010519491231002X", AGREE),
        ("identifier", "110105********002X", "110105194912310038", DIFFER),
        ("identifier", "**************002X", "110105********002x", AGREE),
        ("identifier", "xxx-xx-4320", "078-05-4320", AGREE),
        ("identifier", "xxx-xx-4320", "078-05-4321", DIFFER),
        ("identifier", "#12345", "#99912345", DIFFER),
        ("identifier", "##12345", "99912345", AGREE),
        ("identifier", "110105491231002", "11010519491231002X", AGREE),
        ("identifier", "110105491231002", "11010519501231002X", DIFFER),
        ("identifier", "0012345", "12345", AGREE),
        ("identifier", "M100234", "M100243", SLIP),
        ("identifier", "M100234", "M100235", SLIP),
        ("identifier", "M100234", "M100999", DIFFER),
        ("gender", "男", "male", AGREE),
        ("gender", "男", "女", DIFFER),
        ("gender", "1", "F", AGREE),
        ("gender", "1", "2", DIFFER),
        ("owner", "Lee, Ann", "Ann Lee", AGREE),
        ("owner", "张伟", "李娜", DIFFER),
    ],
)
def test_values_exclude_each_other(
    kind: str, left: str, right: str, expected: int
) -> None:
    table = RecordTable.from_columns({"x": [left, right]}, 2)
    a, b = standard(table, FORMS[kind]).decode()
    assert a is not None
    assert b is not None
    for pair in ((a, b), (b, a)):
        found = AGREE if a == b else apart(kind, [pair[0]], [pair[1]])[0]
        assert found == expected


@given(st.sampled_from(sorted(FORMS)), st.tuples(dirty_texts(), dirty_texts()))
def test_exclusion_of_anything_is_symmetric(kind: str, cells: tuple[str, str]) -> None:
    table = RecordTable.from_columns({"x": list(cells)}, 2)
    a, b = standard(table, FORMS[kind]).decode()
    if a is not None and b is not None and a != b:
        [found] = apart(kind, [a], [b])
        assert found == apart(kind, [b], [a])[0]
        assert found in (AGREE, SLIP, DIFFER)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("identifier", "110105194912310021"),
        ("identifier", "n/a"),
        ("identifier", "******"),
        ("birth_date", "31/02/1990"),
        ("birth_date", "1900-01-01"),
        ("gender", "unknown"),
        ("owner", "公海"),
        ("owner", "Unassigned"),
    ],
)
def test_values_that_are_nobodys_exclude_nothing(kind: str, value: str) -> None:
    table = RecordTable.from_columns({"x": [value]}, 1)
    column = standard(table, FORMS[kind])
    can = usable(kind, FORMS[kind], column.values, None)
    assert not any(can[code] for code in column.codes if code >= 0)


def test_fields_are_exclusive_by_kind_or_role() -> None:
    fields = (
        cm.Field("name", "full_name"),
        cm.Field("phone", "phone"),
        cm.Field("born", "birth_date"),
        cm.Field("rep", compare=None),
    )
    config = cm.Config(fields, owner="rep", record_type="what")
    found = [(kind, field.name) for kind, field in exclusive_fields(config)]
    assert found == [
        ("owner", "rep"),
        ("record_type", "what"),
        ("birth_date", "born"),
    ]


def test_fields_that_are_to_be_unanimous_are_exclusive() -> None:
    @cm.survivorship_rule
    def unanimous(value: str, record: object) -> float:
        return 0.0

    rule = unanimous.then(cm.longest())
    config = cm.Config((cm.Field("segment", "category", survive=rule),))
    assert [kind for kind, _ in exclusive_fields(config)] == ["category"]


def test_texts_are_as_written_also_where_columns_are_joined() -> None:
    table = RecordTable.from_columns({"y": [1990, None], "m": ["Mai", "5"]}, 2)
    field = cm.Field("born", "birth_date", ("y", "m"), separator="-")
    assert as_written(table, field).decode() == ["1990-Mai", "5"]


@given(tables(("x",), dirty_texts))
def test_standard_form_of_an_unmasked_identifier_is_the_fields_own(
    table: RecordTable,
) -> None:
    field = FORMS["identifier"]
    column = standard(table, field)
    for text, form in zip(table["x"].decode(), column.decode(), strict=True):
        if text is not None and form is not None and "*" not in form:
            assert form == field.normalizer.normalize([text])[0]
