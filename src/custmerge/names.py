"""What is known of people's names: short forms, Chinese surnames, how they sound."""

from __future__ import annotations

from functools import cache
from itertools import product
from math import prod

__all__ = ["CHINESE_SURNAMES", "english_names", "full_forms", "romanized"]

_MOST_READINGS = 100
"""Ways to read one name; more are not a person's name."""

# The hundred family surnames and what is common today besides, simplified; those that
# serve as given names far more often are left out.
CHINESE_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    "苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于"
    "时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢"
    "莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆荣翁荀羊惠甄曲封储靳汲邴"
    "糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申"
    "扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎"
    "戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那"
    "简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃仝佟冼区麦练展苟揭"
)
"""Chinese family names of one character."""


@cache
def _triplets() -> tuple[tuple[str, str, str], ...]:
    """Return names, how others relate to them, and these."""
    from nicknames import name_triplets  # noqa: PLC0415  reads its table

    return tuple(name_triplets())


def english_names() -> frozenset[str]:
    """Return common given names, most of them English, long and short.

    Those of the `nicknames` package's table.

    Examples:
        >>> {"robert", "bob"} <= english_names()
        True
    """
    return frozenset().union(*((name, other) for name, _, other in _triplets()))


@cache
def _full_forms() -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for full, relationship, short in _triplets():
        if relationship == "has_nickname":
            forms.setdefault(full, set()).add(full)
            forms.setdefault(short, {short}).add(full)
    return forms


def full_forms(name: str) -> set[str]:
    """Return the names an English name may stand for, itself among them.

    From the `nicknames` package's table; empty for names it does not list.

    Examples:
        >>> sorted(full_forms("bob"))
        ['bert', 'bob', 'bobby', 'robert']
    """
    return _full_forms().get(name, set())


def romanized(name: str) -> frozenset[str]:
    """Return all ways to write a Chinese name in Hanyu Pinyin, without tones.

    Characters that are read in several ways, as those that surnames read in a way of
    their own, give several. From the tables of `pypinyin`; empty where a letter is not
    Chinese or the text is longer than a name.

    Examples:
        >>> sorted(romanized("晓雯")), sorted(romanized("单"))
        (['xiaowen'], ['chan', 'dan', 'shan'])
        >>> romanized("ann")
        frozenset()
    """
    if name.isascii():
        return frozenset()
    readings = [_readings(letter) for letter in name]
    if not 0 < prod(map(len, readings)) <= _MOST_READINGS:
        return frozenset()
    return frozenset(map("".join, product(*readings)))


@cache
def _readings(letter: str) -> frozenset[str]:
    """Return how a Chinese letter is read; ü as people without the key write it."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  reads its tables

    found = pinyin(letter, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = {reading for readings in found for reading in readings}
    plain = {reading for reading in readings if reading.isascii()}
    return frozenset(
        written
        for reading in plain
        for written in (
            {reading, reading.replace("v", "u"), reading.replace("v", "yu")}
        )
    )
