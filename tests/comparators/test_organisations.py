"""Companies among persons, places and branches; see also `test_ranking`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.comparators import FullName, OrganisationName
from custmerge.organisations import is_branch

COMPANY = "上海益民食品"
NAMES = st.lists(
    st.sampled_from(
        ["上海", "北京", "浙江", "益民", "食品", "贸易", "分行", "五金", "店"]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("上海益民食品", "益民食品", 0.9, 1),
        ("上海益民食品", "北京益民食品", 0, 0.45),
        ("浙江益民食品", "杭州益民食品", 0.85, 1),
        ("杭州益民食品", "宁波益民食品", 0, 0.45),
        ("王记五金店", "王记五金经营部", 0.85, 1),
        ("王记五金店", "李记五金店", 0, 0.65),
        ("招商银行", "招商银行上海分行", 0.6, 0.7),
        ("招商银行北京分行", "招商银行上海分行", 0, 0.45),
    ],
)
def test_place_and_word_for_shop_say_little_unless_places_are_two(
    left: str, right: str, least: float, most: float
) -> None:
    assert least <= OrganisationName().compare([left], [right])[0] <= most


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("华为技术有限公司", "华为技术股份有限公司", 1.0),
        ("阿里巴巴", "阿里巴巴中国网络技术有限公司", 0.95),
        ("华为技术有限公司", "华为", 0.57),
        ("王伟五金有限公司", "王伟", 0.57),
    ],
)
def test_company_among_persons_is_compared_as_companies_are(
    left: str, right: str, score: float
) -> None:
    found = FullName().compare([left, right], [right, left])
    assert found == pytest.approx(score, abs=1e-3)


def test_legal_forms_of_one_company_do_not_make_its_short_name_less_sure() -> None:
    values = ["阿里巴巴", "阿里巴巴网络有限公司", "阿里巴巴网络股份有限公司"]
    score = FullName().prepare(values)
    assert score(np.asarray([0]), np.asarray([1])) == pytest.approx(0.95)


@given(NAMES, NAMES)
@settings(max_examples=60)
def test_no_other_place_makes_names_more_alike(left: str, right: str) -> None:
    compare = OrganisationName().compare
    if is_branch(left) or is_branch(right):
        return
    here = compare([f"上海{left}"], [f"上海{right}"])
    elsewhere = compare([f"上海{left}"], [f"北京{right}"])
    assert elsewhere <= here
