"""What is known of organisations' names: Chinese legal forms, places, branches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from custmerge.divisions import bare_division, division_levels, split_divisions

__all__ = [
    "are_apart",
    "are_of_one_company",
    "business_core",
    "is_branch",
    "is_branch_of",
    "is_form",
    "is_place",
    "may_name_branches",
    "place_of",
    "place_of_branch",
    "with_plain_place",
    "without_form",
]

Places = NDArray[np.int64]

# The longer first: each is tried in this order.
_FORMS = (
    *("股份有限公司", "有限责任公司", "责任有限公司", "集团公司", "股份公司"),
    *("有限公司", "无限公司", "两合公司", "总公司", "公司", "集团", "股份"),
    *("特殊普通合伙", "普通合伙", "有限合伙企业", "有限合伙", "合伙企业"),
    *("个人独资企业", "个人独资", "个体工商户", "个体户"),
    *("农民专业合作社", "专业合作社"),
    *("株式会社", "有限会社", "合同会社", "合资会社", "合名会社"),
    *("주식회사", "유한회사", "จํากัดมหาชน", "จํากัด"),
)
_NOT_THE_COMPANY = ("分公司", "子公司", "支公司")
"""Ends of names of which the last word is no legal form."""
_BRANCH = (
    "[分支子]公司|[分支][行店部所院校局社厂]|分中心|办事处|代表处|门市部|营业部|营业所|"
    "지점|지사|출장소"
)
_IS_BRANCH = re.compile(
    rf"(?:.(?:{_BRANCH})| (?:branch|branch office|office|filiale|succursale|sucursal|"
    r"niederlassung|zweigniederlassung|филиал))$"
)
_MAY_BE_BRANCH = re.compile(
    rf"{_BRANCH}|分廠|辦事處|代表處|門市部|營業部|營業所|"
    "branch|office|filiale|succursale|sucursal|niederlassung|филиал",
    re.IGNORECASE,
)
_SHOP = re.compile(
    "(?:商店|商行|商铺|经营部|经销部|门市部|门市|工作室|服务部|超市|店铺|小店|店|铺|坊|"
    "加工厂|工厂|厂|合作社|事务所)$"
)
"""What businesses of one person, mostly, say of themselves in place of a legal form."""
_SHORTEST_CORE = 3
_IS_MAIN = re.compile(r" (?:head|main|registered|central) office$")
_FORM_WITHIN = re.compile(
    r"(?<=.)(?:集团|控股)?(?:股份有限公司|有限责任公司|有限公司|株式会社|주식회사)"
    rf"(?=.+(?:{_BRANCH})$)"
)


def without_form(name: str) -> str:
    """Return a name that is written without spaces without its legal forms.

    In Chinese, Japanese, Korean or Thai. Several go one after the other, unless nothing
    else is left. The name of a branch loses those that stand within.

    Examples:
        >>> without_form("恒大集团有限公司"), without_form("投资合伙企业有限合伙")
        ('恒大', '投资')
        >>> without_form("招商银行股份有限公司上海分行"), without_form("有限公司")
        ('招商银行上海分行', '有限公司')
    """
    end = len(name)
    while name.endswith(_FORMS, 0, end) and not name.endswith(_NOT_THE_COMPANY, 0, end):
        longest = next(form for form in _FORMS if name.endswith(form, 0, end))
        if len(longest) == end:
            break
        end -= len(longest)
    name = name[:end]
    if "公司" not in name and "会社" not in name and "회사" not in name:
        return name
    while (shorter := _FORM_WITHIN.sub("", name)) != name:
        name = shorter
    return name


def is_form(word: str) -> bool:
    """Return whether a word is nothing but legal forms, as 集团有限公司 is."""
    return word.endswith(_FORMS) and without_form(word) in _FORMS


def is_branch(name: str) -> bool:
    """Return whether a normalized name is that of a branch or another dependency.

    Examples:
        >>> is_branch("招商银行上海分行"), is_branch("acme leeds branch")
        (True, True)
        >>> is_branch("招商银行"), is_branch("acme head office")
        (False, False)
    """
    return _IS_BRANCH.search(name) is not None and _IS_MAIN.search(name) is None


def is_branch_of(name: str, other: str) -> bool:
    """Return whether the first name is that of a branch of the other, the company.

    Its name begins as the company's does, and says which branch it is.

    Examples:
        >>> is_branch_of("招商银行上海分行", "招商银行")
        True
        >>> is_branch_of("招商银行上海分行", "招商证券")
        False
    """
    if not name.startswith(other) or not is_branch(name) or is_branch(other):
        return False
    kind = _IS_BRANCH.search(name)
    start = 0 if kind is None else kind.start()
    # Of words, the company's are whole ones.
    company = f"{other} " if " " in name else other
    return name.startswith(company) and len(company) <= start


def are_of_one_company(name: str, other: str) -> bool:
    """Return whether names are a company's and its branch's, or two branches' of one.

    Two branches are such whose names say that they are in two Chinese places.

    Examples:
        >>> are_of_one_company("招商银行", "招商银行上海分行")
        True
        >>> are_of_one_company("招商银行北京分行", "招商银行上海分行")
        True
        >>> are_of_one_company("招商银行上海分行", "建设银行上海分行")
        False
    """
    if is_branch_of(name, other) or is_branch_of(other, name):
        return True
    place, start = _branch_place(name)
    another, other_start = _branch_place(other)
    if name[:start] != other[:other_start]:
        return False
    return bool(are_apart(np.asarray([place]), np.asarray([another]))[0])


def are_apart(places: Places, others: Places) -> NDArray[np.bool_]:
    """Return which places are two, none within the other; 0 is no place.

    Args:
        places: Numbers as of `place_of`.
        others: As many.

    Examples:
        >>> are_apart(np.asarray([1000, 3000, 0]), np.asarray([2000, 3001, 1000]))
        array([ True, False, False])
    """
    are_cities = (places % _PER_PROVINCE > 0) & (others % _PER_PROVINCE > 0)
    differ = places // _PER_PROVINCE != others // _PER_PROVINCE
    differ |= are_cities & (places != others)
    return np.asarray((places > 0) & (others > 0) & differ, dtype=np.bool_)


def may_name_branches(values: Iterable[str]) -> bool:
    """Return whether any of some names, as they were written, may be a branch's.

    Examples:
        >>> may_name_branches(["ACME", "招商銀行臺北分行"]), may_name_branches(["ACME"])
        (True, False)
    """
    return _MAY_BE_BRANCH.search("\n".join(values)) is not None


def place_of(name: str) -> int:
    """Return the number of the Chinese province or city that a name begins with.

    Else 0. Those of the cities of a province are in the thousand after its own.

    Examples:
        >>> place_of("浙江杭州娃哈哈") == place_of("杭州娃哈哈") > place_of(
        ...     "浙江娃哈哈"
        ... ) > 0
        True
        >>> place_of("浙江杭州娃哈哈") // 1000 == place_of("浙江娃哈哈") // 1000
        True
        >>> place_of("娃哈哈")
        0
    """
    return max((place for place, _, _ in _places(name)), default=0)


def place_of_branch(name: str) -> int:
    """Return the number of the place that a Chinese branch says it is in, else 0.

    Examples:
        >>> place_of_branch("招商银行上海分行") == place_of("上海")
        True
        >>> place_of_branch("上海银行")
        0
    """
    return _branch_place(name)[0]


@lru_cache(maxsize=1 << 16)  # a name is asked for with each that it is compared with
def _branch_place(name: str) -> tuple[int, int]:
    """Return the number of the place of a branch, and where in its name that stands."""
    if name.isascii() or not is_branch(name):
        return 0, 0
    found = [*_division().finditer(name, 1)]
    return (_divisions()[found[-1][1]], found[-1].start()) if found else (0, 0)


def business_core(name: str) -> str | None:
    """Return a Chinese name without the place in front and a word for shop or factory.

    `None` where that leaves fewer than three characters, which say too little.

    Examples:
        >>> business_core("上海王记五金店"), business_core("王记五金商行")
        ('王记五金', '王记五金')
        >>> business_core("浙江杭州娃哈哈"), business_core("烟酒店")
        ('娃哈哈', None)
    """
    if name.isascii() or is_branch(name):
        return None
    start = max((end for _, _, end in _places(name)), default=0)
    core = _SHOP.sub("", name[start:])
    return core if len(core) >= _SHORTEST_CORE else None


def with_plain_place(name: str) -> str:
    """Return a name whose places at the front are written without 省 and 市.

    Examples:
        >>> with_plain_place("浙江省杭州市娃哈哈"), with_plain_place("上海市政")
        ('浙江杭州娃哈哈', '上海市政')
    """
    parts, rest = [], 0
    for _, short, end in _places(name):
        parts.append(short)
        rest = end
    return "".join(parts) + name[rest:]


def is_place(name: str) -> bool:
    """Return whether a name is that of China or a Chinese province or city, no more.

    Examples:
        >>> is_place("浙江杭州"), is_place("中国"), is_place("上海家化")
        (True, True, False)
    """
    ends = [end for _, _, end in _places(name)]
    return name == "中国" or ends[-1:] == [len(name)]


def _places(name: str) -> Iterator[tuple[int, str, int]]:
    """Yield number, short name and end of each place, the wider before the other."""
    if name.isascii() or name[:2] not in _starts():
        return
    found = _division().match(name)
    while found is not None:
        number = _divisions()[found[1]]
        yield number, _short(found[1]), found.end()
        if number % _PER_PROVINCE:
            break
        found = _division().match(name, found.end())
        if found and _divisions()[found[1]] // _PER_PROVINCE != number // _PER_PROVINCE:
            break


_IS_LARGE = re.compile("(?:[省市州盟]|地区|自治区|香港|澳门)$")
"""Of which provinces and cities the short names are those of no other things."""


@cache
def _divisions() -> Mapping[str, int]:
    """Return the numbers of provinces and cities by their names, whole and short.

    Where a province and a city are called the same, the name is the province's.
    Counties are left out: their short names are words that companies use too.
    """
    found: dict[str, int] = {}
    provinces: dict[str, int] = {}
    cities: dict[tuple[str, ...], int] = {}
    levels = division_levels()
    for name in sorted(levels, key=levels.__getitem__):
        if levels[name] < _COUNTY and _IS_LARGE.search(name):
            province, *city = split_divisions(name)[0]
            number = _PER_PROVINCE * provinces.setdefault(province, len(provinces) + 1)
            if city:
                number += cities.setdefault((province, *city), len(cities) + 1)
            found.setdefault(name, number)
            found.setdefault(bare_division(name), number)
    return found


_COUNTY = 2
"""The level of what lies within a city."""
_PER_PROVINCE = 1000
"""More than there are cities."""


_short = cache(bare_division)


@cache
def _starts() -> frozenset[str]:
    """Return how names of places begin, which few other names do."""
    return frozenset(name[:2] for name in _divisions())


@cache
def _division() -> re.Pattern[str]:
    names = sorted(_divisions(), key=len, reverse=True)
    # 市 may belong to the next word: 市政, 市场, 市民. 朝阳 is no part of 朝阳区.
    return re.compile(
        f"({'|'.join(names)})(?:[省市]+(?![政场民]))?(?<!市(?=[政场民]))(?![县区])"
    )
