from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.normalizers import Organisation
from custmerge.normalizers.legal_forms import (
    LEADING_FORMS,
    LEGAL_FORMS,
    LEGAL_PHRASES,
    USUAL_FORMS,
)
from custmerge.normalizers.text import fold, plain
from custmerge.organisations import (
    are_apart,
    business_core,
    is_branch,
    is_branch_of,
    is_place,
    place_of,
    place_of_branch,
    with_plain_place,
    without_form,
)

PHRASES = {" ".join(phrase) for phrase in LEGAL_PHRASES}
LANGUAGES = {
    *("有限公司", "股份有限公司", "（集团）有限公司", "株式会社", "（株）", "주식회사"),
    *(" (주)", " GmbH", " S.A.R.L.", " S.p.A.", " Sp. z o.o.", " Α.Ε.", " ش.م.م"),
    *(" จำกัด (มหาชน)", " Ltd. Şti.", ' בע"מ', " Co., Ltd.", " Pty. Ltd.", " A/S"),
}
PLACES = st.sampled_from(
    [
        "浙江",
        "浙江省",
        "杭州市",
        "杭州",
        "上海市",
        "上海",
        "市",
        "市政",
        "吉林",
        "南",
        "",
    ]
)


@pytest.mark.parametrize(
    "form", sorted(LEGAL_FORMS | LEADING_FORMS | PHRASES | USUAL_FORMS.keys())
)
def test_legal_forms_are_written_as_in_normalized_names(form: str) -> None:
    assert plain(fold(form)) == form


def test_only_legal_forms_have_usual_ones() -> None:
    assert USUAL_FORMS.keys() <= LEGAL_FORMS | PHRASES


@pytest.mark.parametrize("form", sorted(LANGUAGES))
@pytest.mark.parametrize("name", ["飞鸟", "Acme", "Ромашка", "トヨタ", "삼성"])
def test_legal_form_after_a_name_is_dropped(name: str, form: str) -> None:
    with_form, without = Organisation().normalize([name + form, name])
    assert with_form == without


@given(st.lists(PLACES, max_size=5).map("".join))
@settings(max_examples=60, deadline=None)
def test_place_is_the_same_however_it_is_written(name: str) -> None:
    written = with_plain_place(name)
    assert with_plain_place(written) == written
    assert place_of(written) // 1000 == place_of(name) // 1000


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("上海益民", "上海市"),
        ("浙江益民", "浙江省"),
        ("浙江杭州益民", "杭州市"),
        ("杭州益民", "杭州市"),
        ("浙江上海益民", "浙江省"),
        ("内蒙古包头钢铁", "包头市"),
        ("延边天池", "延边朝鲜族自治州"),
        ("台北富邦", "台北市"),
        ("香港中旅", "香港"),
        ("澳门博彩", "澳门"),
        ("海口椰树", "海南省海口市"),
        ("上海银行", "上海市"),
        ("中国银行", ""),
        ("东方航空", ""),
        ("平安保险", ""),
        ("九龙仓", ""),
        ("朝阳区百货", ""),
        ("益民上海", ""),
        ("acme", ""),
        ("", ""),
    ],
)
def test_place_is_the_province_or_city_in_front(name: str, place: str) -> None:
    assert place_of(name) == place_of(place)
    assert (place_of(name) > 0) == bool(place)


def test_cities_are_in_their_province_and_in_no_other() -> None:
    places = ["浙江", "杭州", "宁波", "江苏", "江苏", "吉林"]
    others = ["杭州", "浙江杭州", "杭州", "杭州", "", "吉林省吉林市"]
    left, right = (np.asarray([*map(place_of, side)]) for side in (places, others))
    apart = [False, False, True, True, False, False]
    assert are_apart(left, right).tolist() == apart
    assert are_apart(right, left).tolist() == apart


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海市", True),
        ("浙江杭州", True),
        ("中国", True),
        ("益民", False),
        ("", False),
    ],
)
def test_place_is_a_name_of_nothing_but_places(name: str, *, expected: bool) -> None:
    assert is_place(name) is expected


@pytest.mark.parametrize(
    ("branch", "company", "expected"),
    [
        ("招商银行上海分行", "招商银行", True),
        ("招商银行南京路支行", "招商银行", True),
        ("华为技术北京分公司", "华为技术", True),
        ("华为技术驻京办事处", "华为技术", True),
        ("老王五金东门分店", "老王五金", True),
        ("老王五金东门门市部", "老王五金", True),
        ("삼성전자 부산지점", "삼성전자", True),
        ("acme leeds branch", "acme", True),
        ("acme leeds office", "acme", True),
        ("acme north leeds branch office", "acme", True),
        ("招商银行分行", "招商银行", False),
        ("招商银行上海分行", "招商证券", False),
        ("招商银行上海分行", "招商银行北京分行", False),
        ("招商银行", "招商银行", False),
        ("招商银行信用卡中心", "招商银行", False),
        ("老王五金门市部", "老王五金", False),
        ("acme branch", "acme", False),
        ("acme head office", "acme", False),
        ("acmeville leeds branch", "acme", False),
        ("post office", "post", False),
        ("acme", "acme leeds branch", False),
    ],
)
def test_branch_is_named_after_its_company(
    branch: str, company: str, *, expected: bool
) -> None:
    assert is_branch_of(branch, company) is expected


def test_main_office_is_no_branch() -> None:
    assert not is_branch("acme head office")
    assert not is_branch("acme registered office")
    assert is_branch("acme leeds office")


@given(st.text("有限公司股份集团分行上", max_size=12))
@settings(max_examples=60, deadline=None)
def test_dropping_legal_forms_again_changes_nothing(name: str) -> None:
    once = without_form(name)
    assert without_form(once) == once
    assert bool(once) == bool(name)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("招商银行上海分行", "上海"),
        ("招商银行浙江杭州支行", "杭州"),
        ("上海银行北京分行", "北京"),
        ("上海银行", ""),
        ("招商银行南门支行", ""),
        ("acme leeds branch", ""),
    ],
)
def test_place_of_a_branch_is_the_last_it_names(name: str, place: str) -> None:
    assert place_of_branch(name) == place_of(place)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海王记五金店", "王记五金"),
        ("王记五金商行", "王记五金"),
        ("浙江省杭州市王记五金经营部", "王记五金"),
        ("王记五金", "王记五金"),
        ("王记店", None),
        ("上海五金店", None),
        ("上海银行", None),
        ("王记五金上海分店", None),
        ("acme shop", None),
    ],
)
def test_core_of_a_business_says_neither_where_nor_what_shop(
    name: str, core: str | None
) -> None:
    assert business_core(name) == core
