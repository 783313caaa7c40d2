from __future__ import annotations

from types import ModuleType

import pytest


def test_usual_numbers_are_as_the_library_has_them(
    normalizers: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--values", "60", "--regions", "US,CN,GB", "--records", "0"]
    assert normalizers.main(arguments) == 0
    assert capsys.readouterr().out.count("phone") == 3


def test_values_of_a_table_are_compared_by_field(normalizers: ModuleType) -> None:
    table = {"surname": ["Lee", "Dr. Chan"], "phone": ["020 7946 0001", "x"]}
    rows = list(normalizers.of_table("crm", table))
    assert [(label, n, differ) for label, n, differ, *_ in rows] == [
        ("crm surname", 2, 0),
        ("phone GB", 2, 0),
    ]


def test_numbers_of_a_region_are_the_same_every_time(normalizers: ModuleType) -> None:
    numbers = normalizers.numbers_of
    assert numbers("DE", 20) == numbers("DE", 20) != numbers("FR", 20)
