from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from tests.strategies import FEW, cells

from custmerge.exceptions import InvalidInputError
from custmerge.merging.cells import as_json, from_json, is_same, plain

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEY = UUID("12345678123456781234567812345678")


@pytest.mark.parametrize(
    "cell",
    [
        dt.datetime(2024, 5, 1, 12, 30, 0, 123456),  # noqa: DTZ001  as tables hold them
        dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC),
        dt.datetime(2024, 5, 1, 12, tzinfo=SHANGHAI),
        dt.time(12, 30),
        dt.timedelta(days=-1, microseconds=3),
        Decimal("1.50"),
        KEY,
        b"\x00\xff",
        math.inf,
        -0.0,
        2**70,
        ("vip", ["gold", None]),
        {"vip", "gold"},
        {"a": Decimal(1), 2: dt.date(2024, 5, 1)},
        {"$date": "no date"},
    ],
)
def test_cell_comes_back_from_json_as_it_was(cell: object) -> None:
    back = from_json(json.loads(json.dumps(as_json(cell))))
    assert (back, type(back)) == (cell, type(cell))
    assert repr(back) == repr(cell) or isinstance(cell, set)


@given(cells())
def test_every_cell_of_a_table_comes_back(cell: object) -> None:
    back = from_json(json.loads(json.dumps(as_json(cell))))
    assert type(back) is type(cell)
    assert back == cell or (back != back and cell != cell)  # noqa: PLR0124  NaN
    assert repr(plain(cell)) == repr(back)


def test_cells_of_libraries_become_those_of_python() -> None:
    noon = dt.datetime(2024, 5, 1, 12)  # noqa: DTZ001  as tables hold them
    given = [
        *(np.int64(7), np.float32(0.5), np.bool_(True), np.str_("王小明")),
        *(np.array([1, 2]), np.datetime64(noon, "ns"), np.timedelta64(1, "s")),
        *(pd.Timestamp(noon), pd.NA, pd.NaT, np.datetime64("NaT")),
    ]
    expected = [
        *(7, 0.5, True, "王小明", [1, 2], noon, dt.timedelta(seconds=1)),
        *(noon, None, None, None),
    ]
    made = [plain(cell) for cell in given]
    assert made == expected
    assert list(map(type, made)) == list(map(type, expected))


def test_nanoseconds_are_kept() -> None:
    text = "2024-05-01T12:30:00.123456789"
    for cell in (pd.Timestamp(text), np.datetime64(text)):
        assert as_json(cell) == {"$datetime": text}
    assert from_json({"$datetime": text}) == np.datetime64(text)


def test_not_a_number_is_one_object_so_that_plans_are_equal() -> None:
    assert plain(float("nan")) is plain(np.float64("nan"))


def test_cell_without_a_form_is_an_error_without_the_cell() -> None:
    class Secret:
        def __repr__(self) -> str:
            return "Zebulon"

    with pytest.raises(InvalidInputError, match="type Secret") as error:
        plain(Secret())
    assert "Zebulon" not in str(error.value)


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(InvalidInputError, match=r"\$decimal"):
        from_json({"$import": "os"})


@FEW
@given(cells(), cells())
def test_same_is_an_equivalence_that_equal_cells_are_in(a: object, b: object) -> None:
    assert is_same(a, a)
    assert is_same(a, b) == is_same(b, a)
