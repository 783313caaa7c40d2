from __future__ import annotations

import csv
import importlib
import random
import re
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from stdnum.cn import ric

import custmerge as cm
from custmerge.evaluation import pairwise

Table = dict[str, list[str | None]]

N_RECORDS = 3000


@pytest.fixture(scope="module")
def english(generator: ModuleType) -> Table:
    table: Table = generator.generate(N_RECORDS, "en", seed=1)
    return table


@pytest.fixture(scope="module")
def chinese_table(generator: ModuleType) -> Table:
    table: Table = generator.generate(N_RECORDS, "zh", seed=1)
    return table


def _people_by(table: Table, *names: str) -> list[set[str | None]]:
    """Return, for each combination of values, the people who have it."""
    found = defaultdict(set)
    columns = [table[name] for name in names]
    for person, *cells in zip(table["cluster_id"], *columns, strict=True):
        if all(cells):
            found[tuple(cells)].add(person)
    return list(found.values())


def _chooser() -> random.Random:
    return random.Random(0)  # noqa: S311  no secret hangs on it


@pytest.mark.parametrize("language", ["en", "zh", "zh_mixed"])
def test_the_same_seed_gives_the_same_table(
    generator: ModuleType, language: str
) -> None:
    first, second = (generator.generate(200, language, seed=3) for _ in range(2))
    assert first == second


def test_mixed_sources_write_as_they_do_elsewhere_but_for_script_and_masks(
    generator: ModuleType,
) -> None:
    table = generator.generate(N_RECORDS, "zh_mixed", seed=1)
    of_source: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, name, phone in zip(
        table["来源"], table["姓名"], table["手机"], strict=True
    ):
        of_source[source]["names"] += [name] if name else []
        of_source[source]["phones"] += [phone] if phone else []
    traditional = sum("陳" in name for name in of_source["官网"]["names"])
    assert traditional > 10 * sum("陈" in name for name in of_source["官网"]["names"])
    latin = [name for name in of_source["客服"]["names"] if name.isascii()]
    assert len(latin) > 0.8 * len(of_source["客服"]["names"])
    masked = [phone for phone in of_source["小程序"]["phones"] if "****" in phone]
    assert len(masked) > 0.6 * len(of_source["小程序"]["phones"])
    assert not any("*" in phone for phone in of_source["门店"]["phones"])


def test_another_seed_gives_another_table(generator: ModuleType) -> None:
    assert generator.generate(200, seed=3) != generator.generate(200, seed=4)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("n_records", [1, 2, 17])
def test_small_tables_have_the_length_asked_for(
    generator: ModuleType, language: str, n_records: int
) -> None:
    table = generator.generate(n_records, language)
    assert {len(cells) for cells in table.values()} == {n_records}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_are_of_other_people_with_other_mailboxes(
    generator: ModuleType, language: str
) -> None:
    tables = list(generator.parts(900, language, 1, size=400))
    assert [len(table["cluster_id"]) for table in tables] == [400, 400, 100]
    ids = [table[generator.ID[language]] for table in tables]
    assert [*ids[0], *ids[1], *ids[2]] == [f"r{row:03d}" for row in range(1, 901)]
    people = [set(table["cluster_id"]) for table in tables]
    assert len(set.union(*people)) == sum(map(len, people))
    assert tables[0] != tables[1]


def test_a_mailbox_is_never_given_out_in_two_parts() -> None:
    population = importlib.import_module("population")
    names = ["ann@mail.com", "ann@mail.com", "bo@mail.com"]
    given = [population._unique(names, taken).tolist() for taken in (0, 10_000)]
    assert given[0] == ["ann@mail.com", "ann.101@mail.com", "bo@mail.com"]
    assert not set(given[0]) & set(given[1])


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_parts_are_written_one_after_the_other(
    generator: ModuleType, tmp_path: Path, ending: str
) -> None:
    pandas = pytest.importorskip("pandas")
    whole, parted = tmp_path / f"whole.{ending}", tmp_path / f"parted.{ending}"
    table: Table = {}
    for part in generator.parts(50, "en", 0, size=20):
        for name, cells in part.items():
            table.setdefault(name, []).extend(cells)
    generator.write([table], whole)
    generator.write(generator.parts(50, "en", 0, size=20), parted)
    read = pandas.read_csv if ending == "csv" else pandas.read_parquet
    assert read(whole).equals(read(parted))


def test_mailboxes_of_a_role_and_swapped_names_occur(english: Table) -> None:
    roles = [mail for mail in english["email"] if mail and mail.startswith("info@")]
    assert len(roles) > 5
    names = zip(english["given_name"], english["family_name"], strict=True)
    seen = {(a.lower(), b.lower()) for a, b in names if a and b}
    assert sum((b, a) in seen for a, b in seen if a != b) > 5


@pytest.mark.parametrize("table", ["english", "chinese_table"])
def test_most_people_have_one_record_and_none_more_than_six(
    request: pytest.FixtureRequest, table: str
) -> None:
    sizes = Counter(Counter(request.getfixturevalue(table)["cluster_id"]).values())
    assert set(sizes) == {1, 2, 3, 4, 5, 6}
    assert sizes[1] > sizes[2] > sizes[3] > sizes[6]


@pytest.mark.parametrize("table", ["english", "chinese_table"])
def test_the_truth_is_the_last_column_and_ids_are_unique(
    request: pytest.FixtureRequest, table: str
) -> None:
    columns = request.getfixturevalue(table)
    names = list(columns)
    assert names[-1] == "cluster_id"
    assert len(set(columns[names[0]])) == N_RECORDS


def test_households_share_surname_and_address(english: Table) -> None:
    shared = _people_by(english, "family_name", "address")
    assert sum(len(people) > 1 for people in shared) > 20


def test_shared_mailboxes_belong_to_many_strangers(english: Table) -> None:
    assert max(len(people) for people in _people_by(english, "email")) > 8


def test_switchboards_belong_to_many_strangers(english: Table) -> None:
    assert max(len(people) for people in _people_by(english, "phone")) > 8


def test_namesakes_are_common(english: Table) -> None:
    shared = _people_by(english, "given_name", "family_name")
    assert sum(len(people) > 1 for people in shared) > 20


def test_some_people_have_records_at_two_addresses(english: Table) -> None:
    homes = defaultdict(set)
    for person, city in zip(english["cluster_id"], english["city"], strict=True):
        if city:
            homes[person].add(city.lower())
    assert sum(len(cities) > 1 for cities in homes.values()) > 20


def test_rare_names_stand_beside_common_ones(english: Table) -> None:
    counts = Counter(english["family_name"])
    assert max(counts.values()) > 20
    assert sum(count == 1 for count in counts.values()) > 100


@pytest.mark.parametrize("placeholder", ["test@test.com", "n/a", "1900-01-01"])
def test_placeholders_occur(english: Table, placeholder: str) -> None:
    assert any(placeholder in cells for cells in english.values())


def test_each_source_writes_dates_in_one_way(english: Table) -> None:
    crm = [
        date
        for source, date in zip(english["source"], english["birth_date"], strict=True)
        if source == "crm" and date
    ]
    assert all(date.count("-") == 2 for date in crm)


def test_ghosts_are_alone(english: Table) -> None:
    evidence = [english[name] for name in list(english)[2:-2]]
    ghosts = [
        person
        for person, *cells in zip(english["cluster_id"], *evidence, strict=True)
        if not any(cells)
    ]
    counts = Counter(english["cluster_id"])
    assert ghosts
    assert {counts[person] for person in ghosts} == {1}


def test_chinese_resident_numbers_mostly_pass_their_check(
    chinese_table: Table,
) -> None:
    given = chinese_table["身份证"]
    numbers = [number for number in given if number and number[:-1].isdigit()]
    valid = sum(ric.calc_check_digit(number) == number[-1] for number in numbers)
    assert 0.9 < valid / len(numbers) < 1


def test_a_resident_number_belongs_to_one_person(chinese_table: Table) -> None:
    assert {len(people) for people in _people_by(chinese_table, "身份证")} == {1}


def test_chinese_typos_keep_the_reading(chinese: ModuleType) -> None:
    wrong = chinese._same_sound(_chooser(), "伟")
    assert wrong != "伟"
    assert chinese.pinyin(wrong) == chinese.pinyin("伟")


@pytest.mark.parametrize("text", ["a", "Ann", "12 Oak St", "mc-donald", "李"])
def test_a_typo_never_empties_a_cell(dirt: ModuleType, text: str) -> None:
    chooser = _chooser()
    assert all(dirt.typo(chooser, text) for _ in range(200))


def test_a_digit_typo_changes_digits_only(dirt: ModuleType) -> None:
    chooser = _chooser()
    typos = [dirt.digit_typo(chooser, "(312) 555-0147") for _ in range(50)]
    shapes = {"".join("9" if c.isdigit() else c for c in text) for text in typos}
    assert shapes == {"(999) 999-9999"}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_written_table_reads_back_the_same(
    generator: ModuleType, tmp_path: Path, ending: str
) -> None:
    pandas = pytest.importorskip("pandas")
    table = generator.generate(50, "zh")
    path = tmp_path / f"table.{ending}"
    generator.write([table], path)
    read = (
        pandas.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        if ending == "csv"
        else pandas.read_parquet(path)
    )
    read = read.astype(object).where(read.notna(), None)
    assert read.to_dict("list") == table


def test_the_example_files_are_what_the_generator_writes(
    generator: ModuleType, tmp_path: Path
) -> None:
    for table, path in (
        (generator.example(), generator.EXAMPLE),
        (generator.example_truth(), generator.EXAMPLE_TRUTH),
        (generator.example_zh()[0], generator.EXAMPLE_ZH),
        (generator.orders_zh(), generator.ORDERS_ZH),
    ):
        generator.write([table], tmp_path / path.name)
        assert (tmp_path / path.name).read_text("utf-8") == path.read_text("utf-8")


def test_the_customers_of_the_example_are_found(generator: ModuleType) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(generator.EXAMPLE)
    score = pairwise(result.labels, generator.example_truth()[generator.TRUTH])
    assert score.f1 >= 0.9


def test_the_customers_of_the_chinese_example_are_found(generator: ModuleType) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(generator.EXAMPLE_ZH)
    assert pairwise(result.labels, generator.example_zh()[1]).f1 >= 0.9
    assert len(result.quality.ghosts) == len(generator.GHOSTS_ZH)


def test_the_chinese_example_holds_nobodys_number(generator: ModuleType) -> None:
    with generator.EXAMPLE_ZH.open(encoding="utf-8", newline="") as file:
        customers = list(csv.DictReader(file))
    ghosts = {value for ghost in generator.GHOSTS_ZH for value in ghost.values()}
    for name, reserved in (
        ("手机", r"(\+86 )?1\d\d[- ]?(0000|\*{4})[- ]?\d{4}"),
        ("邮箱", r".+\.example"),
        ("身份证", r"\d{6}\*{8}\d{3}[0-9X]"),
    ):
        values = {customer[name] for customer in customers} - ghosts - {""}
        assert len(values) > 5
        assert all(re.fullmatch(reserved, value) for value in values), name


def test_orders_of_the_chinese_example_are_its_customers(
    generator: ModuleType,
) -> None:
    customers = set(generator.example_zh()[0]["客户编号"])
    assert set(generator.orders_zh()["客户编号"]) < customers


def test_the_example_holds_no_truth_and_nobodys_mailbox(generator: ModuleType) -> None:
    with generator.EXAMPLE.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    assert "cluster_id" not in records[0]
    mails = [record["email"] for record in records if "@" in record["email"]]
    assert all(mail.endswith(".example") for mail in mails)
