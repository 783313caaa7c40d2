"""Numbers of which a part is hidden."""

from __future__ import annotations

import pytest

from custmerge.normalizers import Identifier, Phone
from custmerge.normalizers.hiding import starred


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("138xxxx8888", "138****8888"),
        ("138-XXXX-8888", "138-****-8888"),
        ("xxx xxx 8888", "*** *** 8888"),
        ("1381234xxxx", "1381234****"),
        ("1xx8", "1xx8"),
        ("Pius XXIII", "Pius XXIII"),
    ],
)
def test_crosses_beside_digits_hide_and_others_are_letters(
    text: str, expected: str
) -> None:
    assert starred(text) == expected


def test_long_runs_of_crosses_are_read_at_once() -> None:
    # Parted in all ways, these would take longer than anyone waits.
    texts = ["1" + "x" * 500, "1" + "xxx-" * 200, "xxx " * 200 + "a"]
    assert [starred(text)[1:4] for text in texts] == ["***", "xxx", "xx "]
    assert len(Identifier().normalize(texts)) == len(Phone("CN").normalize(texts)) == 3
