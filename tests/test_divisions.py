from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.divisions import bare_division, division_levels, split_divisions

CITIES = {
    "广东省": ["深圳市", "广州市", "佛山市"],
    "江苏省": ["南京市", "苏州市"],
    "吉林省": ["吉林市", "长春市"],
    "内蒙古自治区": ["呼和浩特市"],
}
COUNTIES = {
    "深圳市": ["南山区", "福田区"],
    "广州市": ["越秀区", "天河区"],
    "佛山市": ["顺德区", "南海区"],
    "南京市": ["鼓楼区", "江宁区"],
    "苏州市": ["姑苏区", "昆山市"],
    "吉林市": ["船营区", "永吉县"],
    "长春市": ["朝阳区", "绿园区"],
    "呼和浩特市": ["新城区", "赛罕区"],
}
CHAINS = st.sampled_from(
    [
        (province, city, county)
        for province, cities in CITIES.items()
        for city in cities
        for county in COUNTIES[city]
    ]
)
RESTS = st.sampled_from(["科技园1号", "幸福路12号3栋", "阳光花园6栋", "", "人民医院"])


@given(chain=CHAINS, rest=RESTS, short=st.tuples(*[st.booleans()] * 3))
@settings(max_examples=60)
def test_abbreviated_names_are_those_in_full(
    chain: tuple[str, str, str], rest: str, short: tuple[bool, bool, bool]
) -> None:
    written = [
        bare_division(name) if is_short else name
        for name, is_short in zip(chain, short, strict=True)
    ]
    if short[2] and rest.startswith("人民"):
        return  # as of a hospital of its own
    assert split_divisions("".join(written) + rest) == (chain, rest)


@given(chain=CHAINS, rest=RESTS)
@settings(max_examples=60)
def test_province_left_out_follows_from_the_city(
    chain: tuple[str, str, str], rest: str
) -> None:
    assert split_divisions(f"{chain[1]}{chain[2]}{rest}") == (chain, rest)


@given(
    text=st.lists(
        st.sampled_from(
            [
                *("广东", "深圳", "南山", "市", "区", "省", "市辖区", "中", "朝阳"),
                *(
                    "吉林",
                    "北京市",
                    "上海",
                    "南京",
                    "东",
                    "路",
                    "1号",
                    "中国",
                    "518000",
                ),
                *("香港", "九龙", "台北市", "大安区", "海南", "州", "县", "济南", "仔"),
            ]
        ),
        max_size=6,
    ).map("".join)
)
@settings(max_examples=60)
def test_divisions_in_full_are_split_off_as_they_stand(text: str) -> None:
    names, rest = split_divisions(text)
    assert split_divisions("".join(names) + rest) == (names, rest)
    assert text.endswith(rest)
    assert set(names) <= division_levels().keys()


@pytest.mark.parametrize(
    "text",
    [
        *("南京路1号", "北京东路2号", "上海西站", "朝阳公园", "香港仔大道", "中山一路"),
        *("九龙坡正街", "深圳市民中心", "鼓楼医院", "和平村", "广东街3号", "", "3栋"),
    ],
)
def test_roads_and_houses_named_after_places_are_not_those(text: str) -> None:
    assert split_divisions(text) == ((), text)


def test_name_of_several_counties_has_only_what_they_are_all_in() -> None:
    assert split_divisions("鼓楼区1号")[0] == ("鼓楼区",)
    assert split_divisions("江苏省鼓楼区1号")[0] == ("江苏省", "鼓楼区")
    assert split_divisions("大安区1号")[0] == ("大安区",)  # of Taipei, Zigong, Taichung


def test_former_names_are_known() -> None:
    assert split_divisions("崇文区花市")[0] == ("北京市", "崇文区")
    assert split_divisions("台北县板桥区")[0] == ("台湾省", "新北市", "板桥区")
