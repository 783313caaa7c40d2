from __future__ import annotations

from collections.abc import Callable

import opencc
import pytest
from hypothesis import example, given, settings, strategies as st

from custmerge.normalizers.cjk import to_simplified

_WORDS = st.sampled_from(
    [
        # Changed in these words only, in two steps, otherwise in longer words.
        *("深沈", "反覆", "英哩", "甦生", "毛坏", "薴", "不瞭解", "一目瞭然", "乾隆"),
        *("沈", "覆", "瞭", "了解", "慰藉", "乾", "陳", "鄭", "王", "\U00029db3"),
        *("\n", " ", "a", "か"),
    ]
)


@pytest.fixture(scope="module")
def convert() -> Callable[[str], str]:
    converted: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return converted


@given(st.one_of(st.lists(_WORDS, max_size=8).map("".join), st.text(max_size=8)))
@example("苧薴\n深沈")
@example("王\n陳")
@settings(max_examples=60, deadline=None)
def test_text_is_simplified_as_opencc_does_it_till_nothing_changes(
    convert: Callable[[str], str], text: str
) -> None:
    simplified = convert(text)
    while (again := convert(simplified)) != simplified:
        simplified = again
    assert to_simplified(text) == simplified
