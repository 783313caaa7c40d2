from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings, strategies as st

from custmerge.comparators import Address, BoundedScorer, TokenCosine
from custmerge.comparators.addresses import _ELSEWHERE, _LEFT_OUT

PARTS = st.sampled_from(
    [
        "广东省 ",
        "深圳市 ",
        "南山区 ",
        "福田区 ",
        "世纪大道",
        "路",
        "号",
        "弄",
        "栋",
        "单元",
        "层",
        "室",
        "12",
        "3",
        "b1",
        "7",
        " ",
        "st",
    ]
)
ADDRESSES = st.lists(
    st.lists(PARTS, min_size=1, max_size=8).map("".join).filter(str.strip),
    min_size=2,
    max_size=5,
    unique=True,
)
DIVISIONS = [["广东省"], ["深圳市"], ["南山区", "福田区"]]
LEVELS = ["号", "[弄巷]", "栋", "单", "层", "[室户]", "期", "区", "[组队]"]


def _numbers(address: str, level: str) -> set[str]:
    found = re.findall(f"([0-9a-z]+){level}", address)
    if level == "[室户]":
        found += re.findall("(?<=[\u3400-\uffff])([0-9a-z]+)$", address)
    return set(found)


def _division(address: str, names: list[str]) -> str:
    words = address.split(" ")[:3]
    return next((word for word in reversed(words) if word in names), "")


def _told(address: str) -> str:
    words = address.split(" ")
    known = [name for names in DIVISIONS for name in names]
    last = max([i for i, word in enumerate(words[:3]) if word in known], default=0)
    kept = " ".join(words[last:])
    letters = dict(zip("号弄巷栋单层室户期区组队", "nllbufrrpqtt", strict=True))
    return re.sub(
        f"([0-9a-z])([{''.join(letters)}])",
        lambda found: f"{found[1]}{letters[found[2]]} ",
        kept,
    )


def _factor(a: str, b: str) -> float:
    factor = 1.0
    for names in DIVISIONS:
        one, other = _division(a, names), _division(b, names)
        if one and other and one != other:
            factor *= _ELSEWHERE
    for level in LEVELS:
        left, right = _numbers(a, level), _numbers(b, level)
        if bool(left) != bool(right):
            factor *= _LEFT_OUT
        elif left and not left & right:
            factor *= _ELSEWHERE
    return factor


@given(values=ADDRESSES)
@settings(max_examples=60, deadline=None)
def test_similarity_is_the_cosine_less_for_each_level_apart(values: list[str]) -> None:
    left, right = np.indices((len(values),) * 2).reshape(2, -1)
    scorer = Address().prepare(values)
    scores = scorer(left, right)
    cosines = TokenCosine().prepare([_told(value) for value in values])(left, right)
    factors = [_factor(values[a], values[b]) for a, b in zip(left, right, strict=True)]
    np.testing.assert_allclose(scores, cosines * np.asarray(factors), rtol=1e-4)
    assert isinstance(scorer, BoundedScorer)
    assert (scores <= scorer.bound(left, right)).all()


def test_numbers_of_one_level_that_share_one_do_not_contradict() -> None:
    one, other = "中山路5号2号门", "中山路5号"
    cosine = TokenCosine().compare(["中山路5n 2n 门"], ["中山路5n "])
    assert Address().compare([one], [other]) == cosine


def test_levels_above_the_county_that_are_left_out_cost_nothing() -> None:
    whole = "广东省 深圳市 南山区 科技路1号"
    others = ["南山区 科技路1号", "广东省 深圳市 福田区 科技路1号"]
    within, beside = Address().compare([whole, whole], others)
    assert float(beside) < float(within) == 1


def test_addresses_without_chinese_are_compared_by_their_words_alone() -> None:
    left, right = ["12 high st unit 5", "5a"], ["12 high st unit 6", "5b"]
    same = Address().compare(left, right) == TokenCosine().compare(left, right)
    assert same.all()
