"""Files whose fields come in unlike shapes, resolved with nothing configured."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable

import custmerge as cm
from custmerge.evaluation import Score, pairwise

# ruff: noqa: SIM905  name lists read better as text
GIVEN = (
    "James Mary John Linda Robert Patricia Michael Barbara David Jennifer Richard "
    "Maria Charles Susan Joseph Margaret Thomas Dorothy Liam Emma Noah Ava Oscar Ruth"
).split()
FAMILY = (
    "Smith Jones Taylor Brown Wilson Evans Johnson Roberts Walker Wright Robinson "
    "Thompson White Hughes Edwards Green Hall Wood Harris Lewis Clarke Ortega Novak "
    "Lindqvist Okafor Brandt Whitfield Tanaka Fischer Moreau"
).split()
STREETS = "Oak Maple Elm Cedar Mill Church Station Victoria Park High".split()

Row = dict[str, str | None]
Rows = list[Row]


def _person(draw: random.Random) -> Row:
    given, family = draw.choice(GIVEN), draw.choice(FAMILY)
    year, month, day = (
        draw.randint(1940, 2004),
        draw.randint(1, 12),
        draw.randint(1, 28),
    )
    tail = draw.choice(["", str(draw.randint(1, 99))])
    return {
        "given": given,
        "family": family,
        "email": f"{given[0]}.{family}{tail}@mail.com".lower(),
        "phone": f"+44 20 7{draw.randint(100, 999)} {draw.randint(1000, 9999)}",
        "street": f"{draw.randint(1, 200)} {draw.choice(STREETS)} Street",
        "city": draw.choice(["Leeds", "York", "Bath", "Derby"]),
        "postcode": f"LS{draw.randint(1, 20)} {draw.randint(1, 9)}AB",
        "born": f"{year}-{month:02}-{day:02}",
    }


def _typo(draw: random.Random, text: str | None) -> str | None:
    """Return the text with one letter changed, for one in eight."""
    if not text or draw.random() > 1 / 8:
        return text
    at = draw.randrange(len(text))
    return text[:at] + draw.choice("abcdefghij0123456789") + text[at + 1 :]


def _copy(draw: random.Random, person: Row) -> Row:
    """Return a dirty copy: some cells mistyped, some missing, a contact changed."""
    copy = {
        key: _typo(draw, value)
        if key in {"given", "family"} or draw.random() > 0.15
        else None
        for key, value in person.items()
    }
    if draw.random() < 0.2:
        copy["phone"] = _person(draw)["phone"]
    return copy


def _score(rows: object, truth: list[int]) -> Score:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return pairwise(cm.resolve(rows).labels, truth)


def _pairs_of(
    seed: int, make: Callable[[random.Random, Row, int], Row], n: int = 150
) -> tuple[Rows, list[int]]:
    """Return two copies of each of `n` persons, each made a row by `make`."""
    draw = random.Random(seed)  # noqa: S311  no secrets here
    rows: Rows = []
    for _ in range(n):
        person = _person(draw)
        rows += [make(draw, _copy(draw, person), i) for i in range(2)]
    return rows, [i // 2 for i in range(2 * n)]


def test_records_of_different_types_are_never_one_entity() -> None:
    draw = random.Random(1)  # noqa: S311  no secrets here
    rows: Rows = []
    truth: list[int] = []
    for i in range(120):
        person = _person(draw)
        for kind in ("Contact", "Lead", "Contact", "Lead"):
            rows.append({"record_type": kind, **_copy(draw, person)})
            truth.append(2 * i + (kind == "Lead"))
    assert _score(rows, truth).f1 > 0.95
    untyped = [
        {**row, "record_type": None} if i % 9 == 0 else row
        for i, row in enumerate(rows)
    ]
    labels = cm.resolve(untyped).labels.tolist()
    kinds = {
        (label, row["record_type"])
        for label, row in zip(labels, untyped, strict=True)
        if row["record_type"]
    }
    assert len({label for label, _ in kinds}) == len(kinds)
