from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.strategies import people

import custmerge as cm
from custmerge.inference import configure
from custmerge.inference.plan import _evenly
from custmerge.records import RecordTable
from custmerge.survivorship import owner_rule


def _table(
    columns: dict[str, list[Any]] | None = None, **extra: list[Any]
) -> RecordTable:
    """Twenty people with more or other columns."""
    rows = people(20)
    cells = {name: [row[name] for row in rows] for name in rows[0]}
    return RecordTable.from_columns({**(columns or cells), **extra}, 20)


def _fields(config: cm.Config) -> dict[str, cm.Field]:
    return {field.name: field for field in config.fields}


def test_columns_of_people_become_fields_of_their_kinds() -> None:
    kinds = {f.name: str(f.kind) for f in configure(_table()).compared}
    assert kinds == {
        "first_name": "given_name",
        "last_name": "family_name",
        "email": "email",
        "phone": "phone",
        "address": "address",
        "city": "city",
        "birth_date": "birth_date",
    }


def test_every_field_says_why() -> None:
    assert all(field.why for field in configure(_table()).fields)


def test_every_column_belongs_to_a_field_or_a_role() -> None:
    table = _table(customer_id=[f"C{i:05}" for i in range(20)], blank=[None] * 20)
    config = configure(table)
    fields = {name for field in config.fields for name in field.columns}
    assert config.id == "customer_id"
    assert fields | {config.id} == set(table)


def test_given_name_may_be_exchanged_with_the_family_name() -> None:
    assert _fields(configure(_table()))["first_name"].swaps_with == "last_name"


def test_address_and_city_survive_as_one_and_count_once() -> None:
    fields = _fields(configure(_table()))
    assert fields["address"].group == fields["city"].group == "address"
    assert fields["city"].depends_on == ("address",)


def test_several_phones_are_one_field_of_which_any_counts() -> None:
    phones = [f"020 7946 {i:04d}" for i in range(100, 120)]
    fields = _fields(configure(_table(mobile=phones)))
    assert fields["phone"].columns == ("phone", "mobile")
    assert fields["phone"].combine == "any"


@given(
    st.lists(st.text("0+\0é中\ud800\uffff\U00010000", max_size=12), unique=True),
    st.integers(1, 5),
)
def test_sample_is_at_even_distances_among_sorted_values(
    values: list[str], n_wanted: int
) -> None:
    step = max(len(values) // n_wanted, 1)
    assert _evenly(values, n_wanted) == sorted(values)[::step][:n_wanted]


def test_phones_are_read_in_the_region_where_most_are_valid() -> None:
    numbers = [f"(02) 9374 {i:04d}" for i in range(4000, 4020)]
    table = RecordTable.from_columns({"phone": numbers}, 20)
    normalizer = _fields(configure(table))["phone"].normalizer
    assert normalizer.region == "AU"  # type: ignore[attr-defined]


def test_several_given_names_are_joined() -> None:
    fields = _fields(configure(_table(middle_name=["Marie", "Rose"] * 10)))
    joined = [f for f in fields.values() if len(f.columns) > 1]
    assert all(field.combine == "join" for field in joined)
    assert {"first_name", "middle_name"} <= {
        name for field in fields.values() for name in field.columns
    }


def test_year_month_and_day_are_one_date() -> None:
    table = RecordTable.from_columns(
        {
            "birth_day": [str(1 + i) for i in range(20)],
            "birth_month": [str(1 + i % 12) for i in range(20)],
            "birth_year": [str(1950 + i) for i in range(20)],
            "name": [f"Ann {row['last_name']}" for row in people(20)],
        },
        20,
    )
    fields = _fields(configure(table))
    assert fields["birth_date"].columns == ("birth_year", "birth_month", "birth_day")
    assert fields["birth_date"].separator == "-"


def test_full_name_is_redundant_beside_its_parts() -> None:
    rows = people(20)
    table = _table(full_name=[f"{r['first_name']} {r['last_name']}" for r in rows])
    field = _fields(configure(table))["full_name"]
    assert field.comparator is None
    assert "parts" in field.why


def test_full_name_whose_parts_are_mostly_missing_is_compared() -> None:
    rows = people(20)
    cells: dict[str, list[Any]] = {
        "full_name": [f"{r['first_name']} {r['last_name']}" for r in rows],
        "first_name": [None] * 15 + [r["first_name"] for r in rows[15:]],
        "last_name": [None] * 15 + [r["last_name"] for r in rows[15:]],
    }
    over = [f for f in configure(_table(cells)).compared if "full_name" in f.columns]
    assert {str(field.kind) for field in over} == {"given_name", "family_name"}


def test_whole_name_is_compared_by_its_given_and_its_family_part() -> None:
    names = [f"{row['first_name']} {row['last_name']}" for row in people(20)]
    table = RecordTable.from_columns({"name": names}, 20)
    parts = configure(table).compared
    assert [(f.name, f.columns, f.normalizer.name) for f in parts] == [
        ("given_name", ("name",), "given_of_full_name"),
        ("family_name", ("name",), "family_of_full_name"),
    ]
    assert parts[0].swaps_with == "family_name"


def test_several_whole_names_are_one_field_of_which_any_counts() -> None:
    names = [f"{row['first_name']} {row['last_name']}" for row in people(20)]
    table = RecordTable.from_columns({"name": names, "full_name": names}, 20)
    (field,) = configure(table).compared
    assert field.columns == ("name", "full_name")
    assert field.combine == "any"
    assert field.comparator is not None
    assert field.comparator.name == "full_name"


def test_columns_of_one_name_as_two_kinds_get_names_of_their_own() -> None:
    rows = people(20)
    table = _table(
        mobile=[row["phone"] for row in rows], phone_2=[row["phone"] for row in rows]
    )
    names = [field.name for field in configure(table).fields]
    assert len(names) == len(set(names))


def test_field_of_several_columns_is_named_apart_from_a_column_of_its_name() -> None:
    phones = [row["phone"] for row in people(20)]
    table = _table(mobile=phones, landline=phones)
    fields = _fields(configure(table, fields={"phone": "text"}))
    assert fields["phone"].columns in (("phone",), ("mobile", "landline"))
    assert {"phone", "mobile", "landline"} <= {
        name for field in fields.values() for name in field.columns
    }
    assert len(fields) == len(people(1)[0]) + 1


def test_order_of_day_and_month_is_read_from_the_column() -> None:
    dates = [f"{13 + i % 15}/{1 + i % 12:02d}/{1950 + i}" for i in range(20)]
    table = _table(birth_date=dates)
    normalizer = _fields(configure(table))["birth_date"].normalizer
    assert normalizer.normalize(["04/12/1990"]) == ["1990-12-04"]


def test_numbers_that_are_no_phones_have_some_region() -> None:
    table = RecordTable.from_columns({"phone": ["call me"] * 20}, 20)
    config = configure(table, fields={"phone": "phone"})
    assert _fields(config)["phone"].normalizer.normalize(["call me"]) == [None]


def test_kind_that_the_caller_gives_overrides_the_guess() -> None:
    config = configure(_table(), fields={"city": "text", "address": cm.Kind.CITY})
    assert _fields(config)["city"].kind is cm.Kind.TEXT
    assert _fields(config)["address"].kind is cm.Kind.CITY
    assert "caller" in _fields(config)["city"].why


def test_column_that_is_no_evidence_is_kept_uncompared() -> None:
    field = _fields(configure(_table(), fields={"phone": None}))["phone"]
    assert field.comparator is None


def test_field_that_the_caller_gives_stands_as_it_is() -> None:
    own = cm.Field("contact", "email", ("email",), compare="exact")
    config = configure(_table(), fields={"email": own})
    settled = config.fields[0]
    assert settled == replace(
        own,
        group=None,
        swaps_with=None,
        depends_on=("first_name", "last_name"),
        shared=settled.shared,
    )
    assert set(settled.shares) == {"household"}
    assert "email" not in config.names


def test_roles_that_the_caller_gives_replace_those_guessed() -> None:
    numbers = [f"K{i:05}" for i in range(20)]
    table = _table(customer_id=numbers, key=numbers, system=["a", "b"] * 10)
    config = configure(table, id="key", source="system")
    assert (config.id, config.source) == ("key", "system")
    assert _fields(config)["customer_id"].comparator is None


def test_update_time_is_found() -> None:
    stamps = [f"2024-01-{i + 1:02d}T10:00:00" for i in range(20)]
    assert configure(_table(updated_at=stamps)).updated_at == "updated_at"


@pytest.mark.parametrize(
    "said",
    [
        {"fields": {"nope": "email"}},
        {"id": "nope"},
        {"source": "nope"},
        {"fields": {"email": cm.Field("email", columns=("nope",))}},
    ],
)
def test_unknown_column_is_an_error_that_lists_the_columns(
    said: dict[str, Any],
) -> None:
    with pytest.raises(cm.ColumnNotFoundError, match=r"'nope'.*'first_name'"):
        configure(_table(), **said)


def test_all_unknown_columns_are_in_one_message() -> None:
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['x', 'y', 'z'\]"):
        configure(_table(), fields={"y": None}, id="x", source="z")


@pytest.mark.parametrize("said", ["colour", 7, ["email"]])
def test_field_that_makes_no_sense_is_an_error_that_lists_the_kinds(said: Any) -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"fields\['email'\].*'postcode'"):
        configure(_table(), fields={"email": said})


def test_fields_must_be_a_mapping() -> None:
    with pytest.raises(cm.InvalidConfigError, match="fields must map"):
        configure(_table(), fields=["email"])  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["first_name", "last_name", "address", "postcode"])
def test_field_of_another_name_leaves_no_reference_behind(column: str) -> None:
    table = _table(
        postcode=[f"LS{i} 1AA" for i in range(1, 21)], gender=["F", "M"] * 10
    )
    kind = _fields(configure(table))[column].kind
    config = configure(table, fields={column: cm.Field("mine", kind, (column,))})
    assert "mine" in config.names


@pytest.mark.parametrize("column", ["last_name", "address"])
def test_field_over_columns_of_another_leaves_no_reference_behind(column: str) -> None:
    own = cm.Field("mine", "text", (column, "email"))
    assert "mine" in configure(_table(), fields={"email": own}).names


def test_column_without_a_name_is_kept() -> None:
    table = _table({"": [str(i) for i in range(20)], "email": ["a@b.org"] * 20})
    kept = {name for field in configure(table).fields for name in field.columns}
    config = configure(table)
    assert kept | {config.id} >= {"", "email"}


def test_records_without_columns_are_an_error() -> None:
    with pytest.raises(cm.InvalidInputError, match="no columns"):
        configure(RecordTable({}, 3))


def test_no_records_make_a_config_that_compares_nothing() -> None:
    assert configure(RecordTable({}, 0)).compared == ()


def test_columns_without_values_make_a_config() -> None:
    table = RecordTable.from_columns({"a": [None] * 3, "b": [""] * 3}, 3)
    assert set(configure(table).names) == {"a", "b"}


def test_type_of_the_records_is_a_role_that_can_be_given_or_taken() -> None:
    kinds = ["person", "company"] * 10
    table = _table(kind=kinds, entity_type=["contact", "lead"] * 10)
    assert configure(table).record_type == "entity_type"
    assert configure(table, fields={"kind": "record_type"}).record_type == "kind"
    assert configure(table, fields={"entity_type": None}).record_type == "kind"
    none = configure(table, fields={"entity_type": None, "kind": None})
    assert none.record_type is None


def test_whole_names_fill_in_where_the_parts_stand_on_other_records() -> None:
    rows = people(20)
    cells: dict[str, list[Any]] = {
        "first_name": [None] * 10 + [r["first_name"] for r in rows[10:]],
        "last_name": [None] * 10 + [r["last_name"] for r in rows[10:]],
        "name": [f"{r['first_name']} {r['last_name']}" for r in rows[:10]]
        + [None] * 10,
    }
    given, family = configure(RecordTable.from_columns(cells, 20)).compared
    assert (given.columns, given.combine) == (("first_name", "name"), "first")
    assert family.columns == ("last_name", "name")
    assert family.by_column["name"].name == "family_of_full_name"  # type: ignore[union-attr]
    assert given.swaps_with == "family_name"


def test_companies_on_other_records_than_the_names_of_persons_stay_companies() -> None:
    rows = people(20)
    cells: dict[str, list[Any]] = {
        "first_name": [None] * 10 + [r["first_name"] for r in rows[10:]],
        "last_name": [None] * 10 + [r["last_name"] for r in rows[10:]],
        "name": [f"Zorblax {i} Quux" for i in range(10)] + [None] * 10,
    }
    fields = _fields(configure(RecordTable.from_columns(cells, 20)))
    assert str(fields["name"].kind) == "organisation"


@pytest.mark.parametrize(
    "columns",
    [
        ("home_street", "home_unit", "office_street"),
        ("BillingStreet", "BillingUnit", "ShippingStreet"),
        ("address1_line1", "address1_unit", "address2_line1"),
        ("家庭住址", "家庭单元", "公司地址"),
    ],
)
def test_two_addresses_are_values_of_their_own(columns: tuple[str, ...]) -> None:
    cells = {c: [f"{i} Oak Street" for i in range(20)] for c in columns}
    field = _fields(configure(RecordTable.from_columns(cells, 20)))["address"]
    assert field.combine == "any"
    assert field.lines == (columns[:2],)


def test_lines_of_one_address_are_joined() -> None:
    names = ("street_number", "home_street", "address_line_1", "address_line_2")
    cells = {c: [f"{i} Oak Street" for i in range(20)] for c in names[:2]}
    field = _fields(configure(RecordTable.from_columns(cells, 20)))["address"]
    assert (field.combine, field.columns) == ("join", names[:2])
    cells = {c: [f"{i} Oak Street" for i in range(20)] for c in names[2:]}
    field = _fields(configure(RecordTable.from_columns(cells, 20)))["address"]
    assert (field.combine, field.columns) == ("join", names[2:])


@pytest.mark.parametrize("alias", ["legal_name", "Trading Name", "DBA", "公司简称"])
def test_names_of_one_organisation_are_one_field(alias: str) -> None:
    names = [f"Zorb{letter}ax Quux" for letter in "abcdefghijklmnopqrst"]
    table = RecordTable.from_columns({"name": names, alias: names[::-1]}, 20)
    (field,) = configure(table).compared
    assert field.columns == ("name", alias)
    assert (str(field.kind), field.combine) == ("organisation", "any")


def test_what_all_records_share_is_not_compared() -> None:
    fields = _fields(configure(_table(city=["Leeds"] * 20, country=["GB"] * 20)))
    assert fields["city"].comparator is None
    assert "what all records share" in fields["country"].why


def test_what_few_records_share_is_compared() -> None:
    table = RecordTable.from_columns({"city": ["Leeds"] * 5}, 5)
    assert configure(table).compared_names == ("city",)


def test_numbers_that_agree_by_accident_are_not_compared() -> None:
    odd = [str(7_919 * i % 10_007 / 100) for i in range(60)]
    same = [str(7_919 * (i // 2) % 10_007 / 100) for i in range(60)]
    cells = {"x": odd, "y": same, "income": odd, "tax_id": odd}
    fields = _fields(configure(RecordTable.from_columns(cells, 60)))
    compared = [name for name, field in fields.items() if field.comparator is not None]
    assert compared == ["y", "income", "tax_id"]


def test_suffix_of_a_name_goes_with_the_given_name() -> None:
    fields = _fields(configure(_table(suffix=["Jr.", None] * 10)))
    [given] = [field for field in fields.values() if str(field.kind) == "given_name"]
    assert (given.columns, given.combine) == (("first_name", "suffix"), "join")


def test_parts_of_a_birth_date_are_a_date_whose_year_comes_first() -> None:
    cells: dict[str, list[Any]] = {
        "birth_day": [str(1 + i) for i in range(20)],
        "birth_month": ["Jan", "02", "März", "avril"] * 5,
        "birth_year": [str(50 + i) for i in range(20)],
    }
    [field] = configure(RecordTable.from_columns(cells, 20)).compared
    assert field.normalizer.normalize(["50-Jan-1", "1952-März-3"]) == [
        "1950-01-01",
        "1952-03-03",
    ]


def test_names_of_persons_and_companies_are_not_taken_apart() -> None:
    names = [f"{row['first_name']} {row['last_name']}" for row in people(20)]
    names[::3] = [f"{name} Holdings Ltd" for name in names[::3]]
    [field] = configure(RecordTable.from_columns({"name": names}, 20)).compared
    assert field.comparator is not None
    assert (field.name, field.comparator.name) == ("name", "full_name")


def test_owner_is_no_evidence_and_who_was_first_keeps_the_customer() -> None:
    reps = ["Amelia Abbott", "Bruno Petrov"] * 10
    days = [f"2024-01-{i + 1:02}" for i in range(20)]
    config = configure(_table(sales_rep=reps, created_at=days))
    field = _fields(config)["sales_rep"]
    assert config.owner == "sales_rep"
    assert "sales_rep" not in config.compared_names
    assert field.survive == owner_rule("created_at")


def test_owner_may_be_given() -> None:
    table = _table(betreut=["Amelia Abbott", "Bruno Petrov"] * 10)
    assert configure(table).owner is None
    config = configure(table, fields={"betreut": "owner"})
    assert config.owner == "betreut"
    assert _fields(config)["betreut"].comparator is None
    assert _fields(config)["betreut"].survive == owner_rule(None)
    assert cm.Config.from_toml(config.to_toml()) == config


@pytest.mark.parametrize(
    ("name", "rules"),
    [("招商銀行上海分行", ["branch"]), ("Acme Leeds Branch", ["branch"]), ("Acme", [])],
)
def test_branches_are_kept_apart_where_names_tell_of_any(
    name: str, rules: list[str]
) -> None:
    table = RecordTable.from_columns({"company": [name, "Opal Ltd", "Ruby Inc"]}, 3)
    config = configure(table)
    assert [rule.name for rule in config.rules] == rules
    assert cm.Config.from_toml(config.to_toml()) == config


def test_branch_rule_asks_for_unlike_people_where_records_name_one_as_often() -> None:
    companies = ["招商银行上海分行", "建设银行", "永嘉食品"]
    people, some = ["王小明", "李娜", "陈建国"], ["王小明", None, None]
    for names, unlike in ((people, ["given_name"]), (some, [])):
        config = cm.infer_config({"公司": companies, "联系人": names})
        assert [[*rule.below] for rule in config.rules] == [unlike]


def test_region_and_kind_of_phones_are_known_where_cells_hold_several() -> None:
    cells = [
        "手机:139 1234 5678 电话:010-62345678",
        "13812340000/0755-88881234",
        "138****8888",
        "13712345678（微信同号）",
    ]
    [field] = cm.infer_config([{"联系方式": cell} for cell in cells]).compared
    assert (field.kind, field.region) == (cm.Kind.PHONE, "CN")
