from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.contacts import OFFICE, ContactValues, of_offices
from custmerge.engines.frequencies import Frequencies
from custmerge.engines.judging import judge, without_placeholders
from custmerge.normalizing import normalize
from custmerge.records import Column, RecordTable

PERSON = (
    cm.Field("given", "given_name"),
    cm.Field("family", "family_name"),
    cm.Field("born", "birth_date"),
    cm.Field("phone", "phone"),
)
PHONE = "+1 212 555 0100"
Rows = list[dict[str, object]]


def _judged(rows: Rows, fields: tuple[cm.Field, ...] = PERSON) -> ContactValues:
    return judge(normalize(RecordTable.from_mappings(rows), fields), fields)["phone"]


def _person(given: str, family: str, born: str | None = None) -> dict[str, object]:
    return {"given": given, "family": family, "born": born, "phone": PHONE}


def test_value_of_one_person_is_personal_however_often_entered() -> None:
    rows: Rows = [_person("Ann", "Lee", "1980-02-01")] * 9
    found = _judged(rows)
    assert found.uses == (cm.ContactUse.PERSONAL,)
    assert found.counts_of(0) == (9, 1)


def test_misspelt_name_is_bridged_by_the_birth_date() -> None:
    rows: Rows = [
        _person("Ann", "Lee", "1980-02-01"),
        _person("Xnn", "Lee", "1980-02-01"),
        _person("Ann", "Lee", "1989-02-01"),
    ]
    assert _judged(rows).counts_of(0) == (3, 1)


_PEOPLE = st.builds(
    _person,
    st.sampled_from(["Ann", "Bo", "Ann Bo", "Carl", ""]),
    st.just("Lee"),
    st.sampled_from(["1980-02-01", "1989-02-01", "1970-05-06", None]),
)


@given(st.lists(_PEOPLE, min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_people_are_the_records_that_names_and_birth_dates_link(rows: Rows) -> None:
    keys = [{*str(row["given"]).split(), *filter(None, [row["born"]])} for row in rows]
    groups: list[set[object]] = []
    for held in filter(None, keys):
        linked = [group for group in groups if group & held]
        groups = [group for group in groups if not group & held]
        groups.append(held.union(*linked))
    # Where nothing is known of any, each record is one's own.
    assert _judged(rows).counts_of(0) == (len(rows), len(groups) or len(rows))


def test_family_phone_is_a_household_s() -> None:
    rows: Rows = [_person(given, "Lee") for given in ("Ann", "Bo", "Carl", "Dora")]
    found = _judged(rows)
    assert found.uses == (cm.ContactUse.HOUSEHOLD,)
    assert found.counts_of(0) == (4, 4)


def test_switchboard_is_shared() -> None:
    names = ["Lee", "Chan", "Novak", "Moreau", "Silva"]
    rows: Rows = [
        _person(g, f)
        for g, f in zip(["Ann", "Bo", "Carl", "Dora", "Ed"], names, strict=True)
    ]
    assert _judged(rows).uses == (cm.ContactUse.SHARED,)


def test_value_of_a_crowd_stands_for_a_missing_one() -> None:
    rows: Rows = [
        {**_person("A", "B"), "given": chr(97 + i // 26) + chr(98 + i % 20) + "o"}
        for i in range(100)
    ] + [{"given": "Zoe", "family": "Quist", "phone": "+1 212 555 1000"}]
    table = normalize(RecordTable.from_mappings(rows), PERSON)
    judged = judge(table, PERSON)
    assert judged["phone"].uses[0] is cm.ContactUse.PLACEHOLDER
    cleaned = without_placeholders(table, judged)["phone"]
    assert cleaned.present.tolist() == [False] * 100 + [True]
    assert cleaned.values == table["phone"].values


def test_values_of_unknown_people_count_by_records() -> None:
    nobody = dict.fromkeys(("given", "family", "born"))
    rows: Rows = [{**nobody, "phone": PHONE}] * 3
    assert _judged(rows).counts_of(0) == (3, 3)


def test_value_held_once_is_personal() -> None:
    assert _judged([_person("Ann", "Lee")]).uses == (cm.ContactUse.PERSONAL,)


def test_organisations_have_no_households() -> None:
    fields = (cm.Field("company", "organisation"), PERSON[3])
    rows: Rows = [{"company": name, "phone": PHONE} for name in ("Acme", "Bolt")]
    assert _judged(rows, fields).uses == (cm.ContactUse.SHARED,)


def test_contacts_of_a_result_list_what_is_shared_first() -> None:
    rows: Rows = [_person(given, "Lee") for given in ("Ann", "Bo", "Carl")]
    rows += [{"given": "Zoe", "family": "Quist", "phone": "+1 212 555 0199"}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(rows)
    assert result.contacts == [
        {
            "field": "phone",
            "value": "+12125550100",
            "use": "household",
            "n_records": 3,
            "n_people": 3,
        }
    ]


def test_frequency_counts_people() -> None:
    column = Column.encode(["a", "a", "a", "b"])
    counts = np.asarray([3, 1]), np.asarray([1, 1]), np.zeros(2, np.int8)
    common = Frequencies.of(column, None, ContactValues(column.values, *counts))
    assert common.shares[:2].tolist() == [0.25, 0.25]


def test_mailbox_of_a_company_is_of_some_people_however_few_are_there() -> None:
    column = Column.encode(["info@a.com", "info@a.com", *map(str, range(98))])
    n_people = np.ones(99, np.int64)
    counts = column.counts(), n_people, np.zeros(99, np.int8)
    is_office = of_offices(column.values)
    contacts = ContactValues(column.values, *counts, is_office)
    common = Frequencies.of(column, None, contacts)
    assert common.shares[:2].tolist() == pytest.approx([OFFICE / 100, 1 / 100])


OFFICES = [
    *("info@acme.com", "sales@acme.cn", "客服@例子.中国", "kefu@huawei.com"),
    *("+864008101234", "+868008101234"),
]
OTHERS = [
    *("ann@acme.com", "info.ann@acme.com", "ann.info@acme.com", "informer@acme.com"),
    *("sales", "ann@info.com", "+861062345678", "+8613912345678", "+14008101234"),
    *("+8640081012345", "4008101234", "infoacme.com"),
]


@given(st.lists(st.sampled_from(OFFICES + OTHERS), max_size=9))
def test_mailboxes_and_hotlines_of_companies_are_told_by_their_look(
    values: list[str],
) -> None:
    assert of_offices(values).tolist() == [value in OFFICES for value in values]


@pytest.mark.parametrize(
    ("column", "value"), [("邮箱", "info@acme.cn"), ("电话", "400-810-1234")]
)
def test_contact_of_a_company_is_shared_by_the_people_who_meet_there(
    column: str, value: str
) -> None:
    people = [("王小明", value), ("李雷", value), ("韩梅梅", value)]
    rows = [{"姓名": name, column: contact} for name, contact in people]
    [found] = cm.resolve([*rows, {"姓名": "赵敏", column: "+86 10 62345678"}]).contacts
    assert (found["use"], found["n_people"]) == ("shared", 3)
