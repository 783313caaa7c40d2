from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import opencc
import pytest
from hypothesis import example, given, settings, strategies as st

from custmerge.normalizers.cjk import to_simplified

CASES = Path(__file__).parent.parent / "cases" / "characters.csv"
# By itself, Taiwan's 么 is 幺 elsewhere; mostly it is the simplified 麼.
ONE_IN_TAIWAN_ONLY = "么"

_WORDS = st.sampled_from(
    [
        # Changed in these words only, in two steps, otherwise in longer words.
        *("深沈", "反覆", "英哩", "甦生", "毛坏", "薴", "不瞭解", "一目瞭然", "乾隆"),
        *("沈", "覆", "瞭", "了解", "慰藉", "乾", "陳", "鄭", "王", "\U00029db3"),
        *("\n", " ", "a", "か"),
    ]
)


def _cases() -> list[tuple[str, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        return [(row["left"], row["right"], row["are"]) for row in rows]


@pytest.mark.parametrize(("left", "right", "are"), _cases())
def test_variants_of_a_character_are_one_and_look_alikes_are_two(
    left: str, right: str, are: str
) -> None:
    assert (to_simplified(left) == to_simplified(right)) == (are == "one")


@pytest.mark.parametrize("config", ["tw2s", "hk2s"])
def test_characters_of_taiwan_and_hong_kong_are_those_of_the_mainland(
    config: str,
) -> None:
    here = opencc.OpenCC(config).convert
    unlike = [
        letter
        for letter in map(chr, range(0x3400, 0xA000))
        if to_simplified(letter) != to_simplified(here(letter))
    ]
    assert "".join(unlike) in ("", ONE_IN_TAIWAN_ONLY)


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("々沢国圀あ"), max_size=8)
)
@settings(max_examples=60, deadline=None)
def test_simplifying_again_changes_nothing(text: str) -> None:
    once = to_simplified(text)
    assert to_simplified(once) == once


def test_repetition_mark_repeats_the_character_before_it() -> None:
    assert to_simplified("々木 佐々木 々々") == "々木 佐佐木 々々"
    assert to_simplified("代々々木") == "代代代木"


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
