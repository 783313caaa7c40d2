"""Whole files of known truth in which households or e-mails lead astray."""

from __future__ import annotations

import random
import warnings

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
