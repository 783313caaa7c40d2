"""Whole files of known truth in which households or e-mails lead astray."""

from __future__ import annotations

import random
import warnings
from itertools import combinations, pairwise as neighbours, product

import pytest

import custmerge as cm
from custmerge.evaluation import Score, pairwise

# ruff: noqa: SIM905  name lists read better as text
GIVEN = (
    "james mary john linda robert patricia michael barbara david jennifer richard "
    "maria charles susan joseph margaret thomas dorothy liam emma noah ava"
).split()
FAMILY = (
    "smith jones taylor brown wilson evans thomas johnson roberts walker wright "
    "robinson thompson white hughes edwards green hall wood harris lewis clarke"
).split()

Rows = list[dict[str, object]]


def _households(seed: int) -> tuple[Rows, list[int]]:
    """Families of one to four at one address; two in five members entered twice."""
    draw = random.Random(seed)  # noqa: S311  no secrets here
    rows: Rows = []
    truth: list[int] = []
    for _ in range(200):
        home = {
            "last_name": draw.choice(FAMILY) + draw.choice(["", "ton", "ford", "ley"]),
            "address": f"{draw.randint(1, 300)} {draw.choice(FAMILY)} street",
            "postcode": str(draw.randint(10_000, 10_400)),
            "phone": f"212555{draw.randint(1000, 9999)}",
        }
        for given in draw.sample(GIVEN, draw.choice([1, 2, 3, 4])):
            person = max(truth, default=-1) + 1
            for _ in range(1 + (draw.random() < 0.4)):
                rows.append({"first_name": given, **home})
                truth.append(person)
    return rows, truth


def _score(rows: Rows, truth: list[int]) -> Score:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return pairwise(cm.resolve(rows).labels, truth)


def test_members_of_a_household_stay_apart_and_their_copies_together() -> None:
    assert _score(*_households(1)).f1 > 0.98


def test_households_of_few_birth_dates_keep_their_copies() -> None:
    rows, truth = _households(2)
    dated = [row | {"birth_date": None} for row in rows]
    for row in dated[::10]:
        row["birth_date"] = "1980-05-17"
    assert _score(dated, truth).f1 > 0.98


def test_whole_names_tell_the_members_of_a_household_apart_too() -> None:
    rows, truth = _households(2)
    whole: Rows = [
        {
            "name": f"{row['first_name']} {row['last_name']}",
            **{key: row[key] for key in ("address", "postcode", "phone")},
        }
        for row in rows
    ]
    assert _score(whole, truth).f1 > 0.98


@pytest.mark.parametrize(
    ("name", "email"),
    [("sales_rep", "account_manager_email"), ("负责人", "业务员邮箱")],
)
def test_names_of_those_who_look_after_customers_are_no_evidence(
    name: str, email: str
) -> None:
    draw = random.Random(5)  # noqa: S311  no secrets here
    rows, _ = _households(1)
    staff = [f"{given.title()} {draw.choice(FAMILY).title()}" for given in GIVEN]
    owned = [
        {**row, name: (rep := draw.choice(staff)), email: f"{rep[:3]}@corp.com"}
        for row in rows
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        plain, told = cm.resolve(rows), cm.resolve(owned)
    assert told.config.owner == name
    assert told.config.compared_names == plain.config.compared_names
    assert told.labels.tolist() == plain.labels.tolist()


def _mailboxes(n_metrics: int) -> tuple[Rows, list[int]]:
    """Each person twice, by name and an e-mail made of it, with random numbers."""
    draw = random.Random(3)  # noqa: S311  no secrets here
    rows: Rows = []
    for _ in range(200):
        given, family = draw.choice(GIVEN), draw.choice(FAMILY)
        email = f"{given}.{family}{draw.randint(1, 99)}@mail.com"
        for _ in range(2):
            metrics = {f"metric_{i}": draw.random() for i in range(n_metrics)}
            rows.append({"name": f"{given} {family}", "email": email, **metrics})
    return rows, [i // 2 for i in range(len(rows))]


def test_email_made_of_a_name_does_not_count_the_name_twice() -> None:
    assert _score(*_mailboxes(0)).f1 > 0.95


def test_random_numbers_do_not_hold_copies_apart() -> None:
    assert _score(*_mailboxes(20)).f1 > 0.95


def _families(
    seed: int, change: str, one_in: int = 10
) -> tuple[Rows, list[int], list[int]]:
    """Families, one in so many with twins or with a child of a parent's name.

    Half the members are entered twice. Returns rows, persons and families.
    """
    draw = random.Random(seed)  # noqa: S311  no secrets here

    def birth_date(year: int) -> str:
        return f"{year}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"

    rows: Rows = []
    truth: list[int] = []
    families: list[int] = []
    for family in range(400):
        home = {
            "last_name": draw.choice(FAMILY) + draw.choice(["", "ton", "ford", "ley"]),
            "address": f"{draw.randint(1, 300)} {draw.choice(FAMILY)} street",
            "phone": f"212555{draw.randint(1000, 9999)}",
        }
        born = draw.randint(1930, 1970)
        names = draw.sample(GIVEN, draw.choice([1, 2, 3]) + 1)
        members = [
            {"first_name": name, "birth_date": birth_date(born + 25 * (i > 1))}
            for i, name in enumerate(names[1:])
        ]
        if family % one_in == 0:
            twin = {"first_name": names[0], "birth_date": members[0]["birth_date"]}
            child = members[0] | {"birth_date": birth_date(born + 27)}
            members.append({"twin": twin, "namesake": child}[change])
        for member in members:
            person = max(truth, default=-1) + 1
            for copy in range(1 + draw.choice([True, False])):
                typo = {"phone": None} if copy and draw.random() < 0.5 else {}
                rows.append({**home, **member, **typo})
                truth.append(person)
                families.append(family)
    return rows, truth, families


@pytest.mark.parametrize(("seed", "one_in"), [(3, 50), (4, 20), (5, 10), (3, 5)])
def test_parent_and_child_of_one_name_stay_apart(seed: int, one_in: int) -> None:
    rows, truth, _ = _families(seed, "namesake", one_in)
    assert _score(rows, truth).f1 > 0.99


def test_whole_names_tell_parent_and_child_apart_too() -> None:
    rows, truth, _ = _families(4, "namesake")
    whole: Rows = [
        {
            "name": f"{row['first_name']} {row['last_name']}",
            **{key: row[key] for key in ("address", "phone", "birth_date")},
        }
        for row in rows
    ]
    assert _score(whole, truth).f1 > 0.99


def test_few_families_show_parent_and_child_of_one_name() -> None:
    rows, truth, families = _families(3, "namesake")
    n_rows = families.index(60)
    assert _score(rows[:n_rows], truth[:n_rows]).f1 > 0.99


def test_wrong_birth_dates_do_not_part_a_customer() -> None:
    rows, truth, _ = _families(3, "namesake", one_in=1000)
    draw = random.Random(3)  # noqa: S311  no secrets here
    for before, row in neighbours(range(len(rows))):
        if truth[before] == truth[row] and draw.random() < 0.3:
            year, month = draw.randint(1930, 2000), draw.randint(1, 12)
            rows[row]["birth_date"] = f"{year}-{month:02}-{draw.randint(1, 28):02}"
    assert _score(rows, truth).recall > 0.98


@pytest.mark.parametrize(("seed", "one_in"), [(4, 50), (4, 20), (5, 10), (3, 5)])
def test_twins_stay_apart(seed: int, one_in: int) -> None:
    rows, truth, _ = _families(seed, "twin", one_in)
    assert _score(rows, truth).f1 > 0.98


def test_relatives_are_listed_with_what_they_share() -> None:
    rows, truth, families = _families(4, "twin")
    result = cm.resolve(rows)
    relatives = [row for row in result.relations if row["kind"] == "household"]
    people = {
        frozenset((truth[row["left_id"]], truth[row["right_id"]]))
        for row in relatives
        if families[row["left_id"]] == families[row["right_id"]]
    }
    kin = {
        frozenset((truth[i], truth[j]))
        for i, j in combinations(range(len(rows)), 2)
        if families[i] == families[j] and truth[i] != truth[j]
    }
    assert len(people) > 0.95 * len(kin)
    assert len(people) > 0.95 * len(relatives)
    assert "last_name; address; phone" in {row["shared"] for row in relatives}


@pytest.mark.parametrize(
    ("company", "spelt", "branch"),
    [
        ("招商银行股份有限公司", "招商银行", "招商银行股份有限公司上海分行"),
        ("Acme Ltd", "ACME Limited", "Acme Leeds Branch"),
    ],
)
def test_branch_is_related_to_its_company_however_much_they_share(
    company: str, spelt: str, branch: str
) -> None:
    home = {"phone": "021-58781234", "address": "上海市中山路12号"}
    rows: Rows = [{"company": name, **home} for name in (company, branch, spelt)]
    rows += [
        {
            "company": f"{name}{kind}",
            "phone": f"021-6{i}{j}7811",
            "address": f"{i}{j}号",
        }
        for i, name in enumerate(["永嘉", "益民", "Opal ", "Ruby "])
        for j, kind in enumerate(["贸易有限公司", "食品有限公司", "纺织有限公司"])
    ]
    result = cm.resolve(rows)
    assert result.labels[0] == result.labels[2] != result.labels[1]
    related = {(r["left_id"], r["right_id"]): r["kind"] for r in result.relations}
    assert "branch" in (related.get((0, 1)), related.get((1, 2)))
    rule = cm.Rule("match", at_least={"phone": 1.0})
    assert cm.resolve(rows, rules=[rule]).labels[1] == 0  # whoever says so is obeyed


def test_person_recorded_at_the_company_and_at_its_branch_is_one_customer() -> None:
    banks = ["招商银行", "建设银行", "中国银行"]
    given = "晓明 建国 丽华 志强 雪梅 文斌 海燕 国庆 思远 子涵".split()
    rows: Rows = []
    for i, name in enumerate(map("".join, product("王李张刘陈杨", given))):
        here = {"姓名": name, "手机": f"138{i * 7919 % 10**8:08d}"}
        rows += [{**here, "公司": f"{banks[i % 3]}股份有限公司"}]
        rows += [{**here, "公司": f"{banks[i % 3]}上海分行"}]
    labels = cm.resolve(rows).labels
    assert (labels[::2] == labels[1::2]).all()
    assert len(set(labels.tolist())) == len(rows) // 2


def test_person_whose_surname_changed_is_one_customer() -> None:
    rows, truth, _ = _families(5, "twin")
    draw = random.Random(5)  # noqa: S311  no secrets here
    for row in rows[1::20]:
        row["last_name"] = draw.choice(FAMILY)
    assert _score(rows, truth).recall > 0.97


def _firms(seed: int) -> tuple[Rows, list[int]]:
    """Registered names of firms in one file, and how people call them in another."""
    draw = random.Random(seed)  # noqa: S311  no secrets here
    trades = "widgets foods motors consulting shipping textiles energy software".split()
    called = [
        f"{a}{b} {trade}"
        for a in ("acme", "borealis", "cobalt", "drum", "ember", "falcon", "garnet")
        for b in ("", "tek", "line", "wood", "field")
        for trade in draw.sample(trades, 4)
    ]
    full = [f"{name} {draw.choice(['holding', 'of boston'])} inc" for name in called]
    rows: Rows = [
        {"source": file, "company": name}
        for file, names in (("crm", called), ("register", full))
        for name in names
    ]
    return rows, [*range(len(called))] * 2


def test_one_column_is_enough_where_each_source_holds_a_customer_once() -> None:
    rows, truth = _firms(7)
    assert _score(rows, truth).f1 > 0.95


@pytest.mark.parametrize("n_known", [25, 8])
def test_one_column_is_enough_in_a_few_dozen_records_of_two_sources(
    n_known: int,
) -> None:
    """The register knows some of the firms, and as many others."""
    rows, truth = _firms(7)
    n_firms, firms = len(rows) // 2, range(0, len(rows) // 2, 5)
    other = [*firms[:n_known], *range(3, 5 * (len(firms) - n_known), 5)]
    some = [*firms, *(n_firms + firm for firm in other)]
    score = _score([rows[row] for row in some], [truth[row] for row in some])
    assert score.f1 > 0.9


@pytest.mark.filterwarnings("ignore:field 'name' is all:custmerge.CustmergeWarning")
@pytest.mark.parametrize(("labels", "n_said"), [([], 1), ([(0, 1, True)], 0)])
def test_one_field_without_any_word_of_people_is_a_warning(
    labels: list[tuple[int, int, bool]], n_said: int
) -> None:
    rows = [{"name": f"{given} {FAMILY[i]}"} for i in range(9) for given in GIVEN[:4]]
    whole = {"name": cm.Field("name", kind="full_name")}
    warnings = cm.resolve(rows * 2, fields=whole, labels=labels).warnings
    assert sum("is all that was compared" in text for text in warnings) == n_said
