from __future__ import annotations

import csv
from pathlib import Path

import pytest

from custmerge.normalizers import NORMALIZERS, as_normalizer

CASES = Path(__file__).parent.parent / "cases"


def rows() -> list[tuple[str, str, str | None]]:
    found = []
    for name in NORMALIZERS:
        with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found += [
                (name, row["input"], row["expected"] or None)
                for row in csv.DictReader(file, strict=True)
            ]
    return found


@pytest.mark.parametrize(("name", "value", "expected"), rows())
def test_standard_form_is_the_expected_one(
    name: str, value: str, expected: str | None
) -> None:
    assert as_normalizer(name).normalize([value]) == [expected]
