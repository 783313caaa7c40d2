"""Chinese means the same in either characters, and whatever its width and spacing."""

from __future__ import annotations

from functools import cache

import opencc
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.normalizers import as_normalizer

PIECES = {
    "full_name": ["欧阳", "陈", "张伟", "晓雯", "国藩", "先生", "总经理", "Wang", "Li"],
    "given_of_full_name": ["欧阳", "陈", "小", "晓雯", "国藩", "总", "*", "Wang"],
    "family_of_full_name": ["欧阳", "陈", "老", "晓雯", "国藩", "总", "*", "Wang"],
    "person_name": ["晓雯", "龙", "刘", "女士", "Ann"],
    "organisation": [
        "远光",
        "软件",
        "华为",
        "有限公司",
        "集团",
        "分公司",
        "ABC",
        "（",
        "上海",
    ],
    "address": ["上海市", "浦东", "大道", "二十三号", "12", "栋", "单元", "A座", "楼"],
    "city": ["上海", "广州", "市", "县"],
    "region": ["广东", "台湾", "省", "市"],
}
CASES = st.sampled_from(sorted(PIECES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.lists(st.sampled_from(PIECES[name]), min_size=1, max_size=5).map("".join),
    )
)
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@pytest.mark.parametrize("variant", ["s2t", "s2tw", "s2hk"])
@given(case=CASES)
@settings(max_examples=60, deadline=None)
def test_traditional_characters_have_the_form_of_simplified_ones(
    variant: str, case: tuple[str, str]
) -> None:
    name, value = case
    normalizer = as_normalizer(name)
    traditional = _converter(variant).convert(value)
    assert normalizer.normalize([traditional]) == normalizer.normalize([value])


@given(case=CASES)
@settings(max_examples=60, deadline=None)
def test_width_does_not_matter(case: tuple[str, str]) -> None:
    name, value = case
    normalizer = as_normalizer(name)
    assert normalizer.normalize([value.translate(WIDE)]) == normalizer.normalize(
        [value]
    )


@given(value=st.lists(st.sampled_from("欧阳陈晓雯国藩"), min_size=2, max_size=4))
@settings(max_examples=30, deadline=None)
def test_spaces_within_a_chinese_name_do_not_matter(value: list[str]) -> None:
    normalizer = as_normalizer("full_name")
    spaced = normalizer.normalize([" ".join(value), "\u3000".join(value)])
    assert [*spaced] == [*normalizer.normalize(["".join(value)])] * 2
