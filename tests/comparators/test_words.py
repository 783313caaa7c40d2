from __future__ import annotations

import re

import pytest
from hypothesis import example, given, strategies as st

from custmerge.comparators.words import HAN, words_of


def tokenize(value: str) -> list[str]:
    """Take one text apart at a time."""
    tokens = []
    for part in re.findall(rf"[{HAN}]+|[^\s{HAN}]+", value):
        if re.match(f"[{HAN}]", part) and len(part) > 1:
            tokens += [part[i : i + 2] for i in range(len(part) - 1)]
        else:
            tokens.append(part)
    return tokens


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        ("", []),
        ("12 high st", ["12", "high", "st"]),
        ("中山路 8", ["中山", "山路", "8"]),
        ("王", ["王"]),
        ("a座b", ["a", "座", "b"]),
        ("中山路\n山路", ["中山", "山路"]),
    ],
)
def test_words_are_parted_by_blanks_and_chinese_into_bigrams(
    value: str, tokens: list[str]
) -> None:
    assert words_of([value])[2] == tokens


PARTS = st.sampled_from(
    ["st", "12", "a", "中", "山路", "\uf900", " ", "\n", "\u3000", ""]
)
TEXTS = st.lists(PARTS, max_size=9).map("".join) | st.text(max_size=9)


@pytest.mark.parametrize("letters_at_once", [4, 1000])
@given(values=st.lists(TEXTS, max_size=7))
@example(values=["", "st", ""])
@example(values=["\ud800 \x00", "\x1c\x85x"])
def test_words_of_many_texts_are_those_of_each(
    letters_at_once: int, values: list[str]
) -> None:
    expected = [list(dict.fromkeys(tokenize(value))) for value in values]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("custmerge.texts._AT_ONCE", letters_at_once)
        sizes, codes, words = words_of(values)
    assert sizes.tolist() == list(map(len, expected))
    flat = [word for each in expected for word in each]
    assert [words[code] for code in codes.tolist()] == flat
    assert words == list(dict.fromkeys(flat))
