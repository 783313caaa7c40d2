from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.inference.columns import ColumnGuess, broken_ids, guess_columns
from custmerge.kinds import Kind, Role
from custmerge.records import RecordTable

GIVEN = ["James", "Mary", "Robert", "Linda", "Michael", "Susan", "David", "Karen"]
FAMILY = ["Ortega", "Lindqvist", "Okafor", "Brandt", "Novak", "Whitfield", "Tanaka"]


def guess_of(**columns: list[object]) -> dict[str, ColumnGuess]:
    n_rows = len(next(iter(columns.values())))
    guesses = guess_columns(RecordTable.from_columns(columns, n_rows))
    return {guess.column: guess for guess in guesses}


def meaning(guess: ColumnGuess) -> str:
    part = f".{guess.part}" if guess.part else ""
    return f"{guess.kind or guess.role}{part}"


def people(n: int) -> list[object]:
    return [f"{GIVEN[i % len(GIVEN)]} {FAMILY[i % len(FAMILY)]}" for i in range(n)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([f"user{i}@example.org" for i in range(40)], "email"),
        ([f"+44 20 7946 {i:04}" for i in range(40)], "phone"),
        ([f"139{i:08}" for i in range(40)], "phone"),
        (
            [f"{i % 28 + 1:02}/{i % 12 + 1:02}/{1950 + i}" for i in range(40)],
            "birth_date",
        ),
        ([f"https://example.org/{i}" for i in range(40)], "url"),
        ([f"{i} Maple Avenue" for i in range(1, 40)], "address"),
        (people(40), "full_name"),
        (GIVEN * 3, "given_name"),
        ([f"{name} Holdings Ltd" for name in FAMILY], "organisation"),
        ([f"{a}{b}" for a in "王李张刘陈" for b in "伟芳娜强"], "full_name"),
        ([f"杭州{a}科技有限公司" for a in "东西南北"], "organisation"),
        ([f"杭州市西湖区文三路{i}号" for i in range(9)], "address"),
        ([f"11010119{70 + i}0307457X" for i in range(9)], "identifier"),
        (["sw1a 2bj", "g4 0hz", "n13 5pp"], "postcode"),
    ],
)
def test_anonymous_column_is_known_by_its_values(
    cells: list[object], expected: str
) -> None:
    assert meaning(guess_of(c1=cells)["c1"]) == expected


def test_values_overrule_a_header_that_they_cannot_be() -> None:
    guess = guess_of(phone=[f"user{i}@example.org" for i in range(9)])["phone"]
    assert guess.kind is Kind.EMAIL


def test_header_is_believed_where_values_could_be_what_it_says() -> None:
    guess = guess_of(fax=["5211600", "6380773", "3485528"])["fax"]
    assert guess.kind is Kind.PHONE


def test_header_whose_kind_most_values_miss_falls_back_to_the_values() -> None:
    guess = guess_of(website=["Yes", "No", "No"] * 40)["website"]
    assert guess.kind is Kind.CATEGORY


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (people(20), "full_name"),
        ([f"user{i}@example.org" for i in range(9)], "email"),
        ([f"(312) 555-{i:04}" for i in range(9)], "phone"),
    ],
)
def test_values_decide_what_a_contact_is(cells: list[object], expected: str) -> None:
    assert meaning(guess_of(contact=cells)["contact"]) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (people(20), "full_name"),
        ([f"{name} Grill" for name in FAMILY], "organisation"),
        (["张伟", "李娜", "王芳"], "full_name"),
        (["远光软件股份有限公司", "华新国际集团"], "organisation"),
    ],
)
def test_values_decide_whose_name_it_is(cells: list[object], expected: str) -> None:
    for header in ("name", "客户名称"):
        assert meaning(guess_of(**{header: cells})[header]) == expected


def test_name_beside_both_parts_of_it_is_the_full_name() -> None:
    guesses = guess_of(
        first_name=["Ada", "Alan"],
        last_name=["Byron", "Turing"],
        name=["Ada Byron", "Alan Turing"],
    )
    assert guesses["name"].kind is Kind.FULL_NAME


def test_name_beside_another_persons_name_is_an_organisation() -> None:
    guesses = guess_of(
        first_name=["Ada", "Alan"],
        last_name=["Byron", "Turing"],
        name=["Zorb", "Quux"],
    )
    assert guesses["name"].kind is Kind.ORGANISATION


def test_name_beside_a_given_name_alone_is_the_family_name() -> None:
    guesses = guess_of(vorname=["Jürgen", "Ursula"], name=["Schmidt", "Weber"])
    assert guesses["name"].kind is Kind.FAMILY_NAME


def test_name_beside_a_family_name_alone_is_the_given_name() -> None:
    guesses = guess_of(nombre=["Lucía", "Pedro"], apellidos=["Gil Ruiz", "Sanz Mora"])
    assert guesses["nombre"].kind is Kind.GIVEN_NAME


def test_name_of_something_else_is_a_category() -> None:
    guess = guess_of(programme_name=["Head Start", "Child Care"] * 50)["programme_name"]
    assert guess.kind is Kind.CATEGORY


def test_names_on_many_records_each_are_names_still() -> None:
    guess = guess_of(name=["Robert Brandt", "Linda Novak"] * 50)["name"]
    assert guess.kind is Kind.FULL_NAME


def test_name_that_answers_a_question_is_a_category() -> None:
    assert guess_of(client=["yes", "no"] * 50)["client"].kind is Kind.CATEGORY


def test_unique_id_is_the_record_id() -> None:
    assert guess_of(id=[1, 2, 3])["id"].role is Role.ID


def test_only_one_column_is_the_record_id() -> None:
    guesses = guess_of(vendor_id=[7, 8, 9], id=[1, 2, 3], customer_id=[4, 5, 6])
    assert [guess.role for guess in guesses.values()] == [
        Role.IGNORE,
        Role.ID,
        Role.IGNORE,
    ]


def test_id_that_repeats_is_an_identifier() -> None:
    assert guess_of(customer_id=[1, 1, 2])["customer_id"].kind is Kind.IDENTIFIER


def test_id_with_gaps_is_not_the_record_id() -> None:
    assert guess_of(id=[1, None, 2])["id"].role is not Role.ID


def test_id_that_repeats_across_sources_is_the_record_id() -> None:
    guesses = guess_of(source=["a", "a", "b", "b"], id=[1, 2, 1, 2])
    assert guesses["id"].role is Role.ID


def test_id_that_repeats_within_a_source_is_not_the_record_id() -> None:
    guesses = guess_of(source=["a", "a", "b", "b"], id=[1, 1, 1, 2])
    assert guesses["id"].role is not Role.ID


@pytest.mark.parametrize(
    "header", ["soc_sec_id", "ssn", "身份证号", "统一社会信用代码"]
)
def test_number_of_a_person_is_evidence_even_where_unique(header: str) -> None:
    columns: dict[str, list[object]] = {header: [71001, 71002, 71003]}
    assert guess_of(**columns)[header].kind is Kind.IDENTIFIER


def test_emails_are_compared_even_as_an_id() -> None:
    guess = guess_of(user_id=["a@example.org", "b@example.org"])["user_id"]
    assert guess.kind is Kind.EMAIL


def test_id_of_few_groups_is_a_category() -> None:
    assert guess_of(store_id=[1, 2] * 50)["store_id"].kind is Kind.CATEGORY


def test_emails_under_a_header_that_may_hold_anything_are_emails() -> None:
    guess = guess_of(category=["a@example.org", "b@example.org"])["category"]
    assert guess.kind is Kind.EMAIL


def test_category_that_holds_prose_is_text() -> None:
    cells: list[object] = ["the caller asked us to ring back next week about it"]
    assert guess_of(category=cells)["category"].kind is Kind.TEXT


def test_contact_details_without_a_shape_of_their_own_may_be_local_numbers() -> None:
    assert guess_of(联系方式=["5211600", "6380773"])["联系方式"].kind is Kind.PHONE


def test_few_values_on_every_record_are_its_source() -> None:
    assert guess_of(source=["crm", "shop"] * 5)["source"].role is Role.SOURCE


def test_source_missing_on_many_records_is_not_the_source() -> None:
    assert guess_of(source=["crm", None] * 50)["source"].role is None


def test_lead_source_is_a_category() -> None:
    assert (
        guess_of(lead_source=["web", "fair"] * 5)["lead_source"].kind is Kind.CATEGORY
    )


@pytest.mark.parametrize(
    ("header", "role"),
    [("updated_at", Role.UPDATED_AT), ("创建时间", Role.CREATED_AT)],
)
def test_time_of_the_record_is_a_role(header: str, role: Role) -> None:
    columns: dict[str, list[object]] = {header: ["2024-05-01 10:00:00"]}
    assert guess_of(**columns)[header].role is role


def test_time_of_the_record_must_look_like_a_date() -> None:
    guess = guess_of(created=["Ada Byron", "Alan Turing"])["created"]
    assert guess.role is not Role.CREATED_AT


def test_change_is_surer_than_activity_to_date_a_record() -> None:
    dates: list[object] = ["2024-05-01", "2024-06-01"]
    guesses = guess_of(更新时间=dates, 最后跟进时间=dates)
    assert {guess.role for guess in guesses.values()} == {Role.UPDATED_AT}
    assert guesses["更新时间"].confidence > guesses["最后跟进时间"].confidence


def test_birth_date_may_be_spread_over_columns() -> None:
    guesses = guess_of(by=[1961, 1934], bm=[8, 2], bd=[3, 11])
    assert [meaning(guess) for guess in guesses.values()] == [
        "birth_date.year",
        "birth_date.month",
        "birth_date.day",
    ]


def test_whole_dates_under_the_header_of_a_part_are_whole() -> None:
    guess = guess_of(birth_day=["1961-08-03", "1934-02-11"])["birth_day"]
    assert meaning(guess) == "birth_date"


def test_street_with_its_number_is_a_line() -> None:
    guess = guess_of(street=["12 Maple Ave", "7 Oak St"])["street"]
    assert meaning(guess) == "address.line"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["Mr", "Mrs.", "Dr"], "full_name.title"), (["Engineer", "Nurse"], "category")],
)
def test_values_decide_which_title_it_is(cells: list[object], expected: str) -> None:
    assert meaning(guess_of(title=cells)["title"]) == expected


@pytest.mark.parametrize(
    ("cells", "day_first"),
    [(["31/12/1990"], True), (["12/31/1990"], False), (["1990-12-31"], None)],
)
def test_dates_say_whether_the_day_comes_first(
    cells: list[object], day_first: bool | None
) -> None:
    assert guess_of(dob=cells)["dob"].day_first is day_first


def test_coded_genders_are_genders() -> None:
    assert guess_of(sex=[0, 1, 1, 0])["sex"].kind is Kind.GENDER


def test_empty_column_keeps_what_its_header_says() -> None:
    guess = guess_of(email=[None, ""])["email"]
    assert guess.kind is Kind.EMAIL
    assert "holds nothing" in guess.evidence


def test_empty_id_is_not_the_record_id() -> None:
    assert guess_of(record_id=[None, None])["record_id"].role is Role.IGNORE


def test_constant_column_is_called_constant() -> None:
    guess = guess_of(city=["Anytown", "Anytown"])["city"]
    assert guess.kind is Kind.CITY
    assert "constant" in guess.evidence


def test_evidence_says_how_many_values_fit() -> None:
    cells: list[object] = [
        "+44 20 7946 0018",
        "+44 20 7946 0019",
        "x",
        "+1 312 555 0142",
    ]
    assert guess_of(mobile=cells)["mobile"].evidence == (
        "header 'mobile', and 75 % of the values look like phone numbers"
    )


DIRTY_HEADERS = st.text(max_size=12) | st.sampled_from(
    [
        "id",
        "name",
        "title",
        "source",
        "dob",
        "phone",
        "created_at",
        "customer_id",
        "联系人",
    ]
)
DIRTY_CELLS = (
    st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.dates()
)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 6))
def test_every_column_has_one_guess_in_order(data: st.DataObject, n_rows: int) -> None:
    cells = st.lists(DIRTY_CELLS, min_size=n_rows, max_size=n_rows)
    columns = data.draw(st.dictionaries(DIRTY_HEADERS, cells, max_size=5))
    guesses = guess_columns(RecordTable.from_columns(columns, n_rows))
    assert [guess.column for guess in guesses] == list(columns)
    assert all((guess.kind is None) != (guess.role is None) for guess in guesses)
    assert all(0 <= guess.confidence <= 1 for guess in guesses)
    assert sum(guess.role is Role.ID for guess in guesses) <= 1
    assert sum(guess.role is Role.SOURCE for guess in guesses) <= 1


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["id", "name", "email", "phone", "city", "c1", "title", "状态"]),
    st.lists(st.from_regex(r"zq[a-z@.0-9]{3,9}", fullmatch=True), min_size=1),
)
def test_evidence_holds_no_value(header: str, cells: list[object]) -> None:
    evidence = guess_of(**{header: cells})[header].evidence
    assert evidence
    assert not any(str(cell) in evidence for cell in cells)


REAL = {
    "anonlink_5party": "id source given_name family_name birth_date gender city number "
    "phone",
    "dupehell_crm_medium": "id record_type given_name family_name email phone category "
    "organisation url city region country category created_at organisation identifier "
    "category number category address.line postcode url ignore ignore",
    "febrl4": "id source given_name family_name address.street_number address.line "
    "address.line city postcode region birth_date identifier",
    "fodors_zagats": "id source organisation address city phone category",
    "historical_half": "id full_name full_name given_name family_name birth_date "
    "city.birth postcode gender category",
    "pp_census_2020_2030": "id source given_name given_name.middle family_name number "
    "birth_date address.street_number address.street address.unit city region postcode "
    "category category gender category",
    "rldata10000": "id given_name given_name family_name family_name birth_date.year "
    "birth_date.month birth_date.day",
    "splink_fake_1000": "id given_name family_name birth_date city email",
    "zh_address_pairs": "id address",
    "zh_stock_short_full_half": "id source organisation",
}
PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CUSTMERGE_DATA", PROJECT.parent / "shared" / "data"))


@pytest.mark.parametrize("folder", REAL)
def test_real_columns_are_what_they_are(folder: str) -> None:
    path = DATA / folder / "records.csv"
    if not path.exists():
        pytest.skip("the development data are not here")
    with path.open(encoding="utf-8", newline="") as file:
        table = RecordTable.from_mappings(list(csv.DictReader(file)))
    guesses = [meaning(g) for g in guess_columns(table) if g.column != "cluster_id"]
    assert guesses == REAL[folder].split()


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("entity_type", ["account", "contact", "lead"], "record_type"),
        ("RecordType", ["Person Account", "Business Account"], "record_type"),
        ("SObject", ["Account", "Lead"], "record_type"),
        ("记录类型", ["客户", "联系人"], "record_type"),
        ("is_company", ["yes", "no"], "record_type"),
        ("entity_type", ["active", "closed"], "category"),
        ("record_type", ["prospect", "customer"], "category"),
        ("entity_type", ["account"], "ignore"),
        ("客户类型", ["个人客户", "企业客户"], "record_type"),
        ("客户类型", ["潜在客户", "正式客户"], "category"),
        ("Kundentyp", ["Privat", "Firma"], "record_type"),
        ("customer type", ["individual", "business"], "record_type"),
        ("customer type", ["prospect", "partner"], "category"),
        ("type", ["individual", "individuals"], "category"),
        ("c4", ["PERSON", "COMPANY"], "record_type"),
    ],
)
def test_types_of_records_are_told_from_what_changes(
    header: str, cells: list[object], expected: str
) -> None:
    assert meaning(guess_of(**{header: cells * 20})[header]) == expected


@pytest.mark.parametrize("header", ["Account Owner", "owner", "负责人", "sales_rep"])
def test_few_names_under_an_owners_header_are_employees(header: str) -> None:
    assert meaning(guess_of(**{header: people(40)[:8] * 5})[header]) == "owner"


def test_names_of_which_nearly_each_is_another_are_not_employees() -> None:
    names: list[object] = [f"{a}{b}" for a in "王李张刘陈杨赵黄" for b in "小明建国芳"]
    assert meaning(guess_of(负责人=names)["负责人"]) == "full_name"
    assert meaning(guess_of(业务员=names)["业务员"]) == "owner"


def test_words_beside_given_names_are_family_names() -> None:
    names: list[object] = [*GIVEN * 5]
    codes: list[object] = [f"A-{i}" for i in range(40)]
    family: list[object] = [f"{FAMILY[i % 7]}{'abcdefgh'[i % 8]}" for i in range(40)]
    after = guess_of(c1=names, c2=family, c3=family)
    assert [meaning(guess) for guess in after.values()][1:] == ["family_name", "text"]
    before = guess_of(c1=family, c2=names, c3=codes)
    assert meaning(before["c1"]) == "family_name"
    apart = guess_of(c1=names, c2=codes, c3=family)
    assert meaning(apart["c3"]) == "text"


def test_id_that_is_unique_within_named_sources_is_the_record_id() -> None:
    tables = {
        name: [{"id": 1, "name": "Ann Lee"}, {"id": 2, "name": "王小明"}]
        for name in ("crm", "web")
    }
    assert cm.infer_config(tables).id == "id"


def test_column_of_shared_ids_is_no_broken_record_id() -> None:
    rows = [{"household_id": i // 2, "id": i % 3} for i in range(12)]
    assert broken_ids(RecordTable.from_mappings(rows)) == {}


def test_few_missing_and_shared_ids_break_a_record_id_in_few_records_too() -> None:
    rows = [{"id": id_} for id_ in (1, 1, None, 4, 5, 6, 7)]
    told = broken_ids(RecordTable.from_mappings(rows))
    assert "1 records lack one and 2 share theirs" in told["id"].text


def test_broken_record_id_is_warned_of_once() -> None:
    names = ["Ann Lee", "Bo Chan", "王小明", "Eve Ma", "Fay Xu"]
    ids = [1, 1, 2, 3, 4]
    rows = [{"id": i, "name": name} for i, name in zip(ids, names, strict=True)]
    with pytest.warns(cm.CustmergeWarning) as found:
        cm.resolve(rows)
    about = [str(one.message) for one in found if "'id'" in str(one.message)]
    assert len(about) == 1
    assert "2 share theirs" in about[0]
