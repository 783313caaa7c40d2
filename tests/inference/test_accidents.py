from __future__ import annotations

import random

import pytest

from custmerge.inference.accidents import agrees_by_accident
from custmerge.kinds import Kind
from custmerge.records import Column


def _drawn(kind: str, draw: random.Random) -> str:
    match kind:
        case "amount":
            return f"{draw.lognormvariate(4, 1):.2f}"
        case "share":
            return str(draw.random())
        case "day":
            return f"202{draw.randint(0, 9)}-{draw.randint(1, 12):02}-17"
        case "date":
            return (
                f"20{draw.randint(10, 19)}-{draw.randint(1, 12)}-{draw.randint(1, 28)}"
            )
    return str(draw.randint(1, 10**9))


@pytest.mark.parametrize("kind", ["amount", "share", "number"])
@pytest.mark.parametrize("n_shared", [0, 30])
def test_values_that_copies_share_stand_out(kind: str, n_shared: int) -> None:
    draw = random.Random(n_shared)  # noqa: S311  no secrets here
    values = [_drawn(kind, draw) for _ in range(200)]
    column = Column.encode([*values, *values[:n_shared]])
    assert agrees_by_accident(column, Kind.NUMBER) == (n_shared == 0)


@pytest.mark.parametrize("n_shared", [0, 30])
def test_dates_that_copies_share_stand_out(n_shared: int) -> None:
    draw = random.Random(n_shared)  # noqa: S311  no secrets here
    values = [_drawn("date", draw) for _ in range(200)]
    column = Column.encode([*values, *values[:n_shared]])
    assert agrees_by_accident(column, Kind.DATE) == (n_shared == 0)


def test_serial_numbers_of_two_sources_agree_by_accident() -> None:
    column = Column.encode([str(i % 150) for i in range(300)])
    assert agrees_by_accident(column, Kind.IDENTIFIER)


@pytest.mark.parametrize(
    "cells",
    [[], ["1"] * 100, [str(i) for i in range(10)], [f"AB-{i}" for i in range(100)]],
)
def test_where_nothing_can_be_told_nothing_is_said(cells: list[str]) -> None:
    assert not agrees_by_accident(Column.encode(cells), Kind.NUMBER)


def test_default_of_zero_is_no_agreement() -> None:
    draw = random.Random(1)  # noqa: S311  no secrets here
    cells = [_drawn("amount", draw) for _ in range(200)] + ["0"] * 40
    assert agrees_by_accident(Column.encode(cells), Kind.NUMBER)
