from __future__ import annotations

import pytest

from custmerge.normalizers import is_valid_identifier


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        # Born 1953 in a district whose code python-stdnum knows from 1984 on.
        ("230103195308126196", True),
        ("110105194902310025", False),
        ("91110000600037341L", True),
        ("911100006000373411", False),
        ("AB-12", None),
        ("unknown", None),
        ("一" * 9 + "二" * 9, None),
    ],
)
def test_check_digit_of_known_numbers_is_verified(
    value: str, expected: bool | None
) -> None:
    assert is_valid_identifier(value) is expected
