"""What is known of people's names: short forms, surnames, scripts, how they sound."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import product
from math import prod

__all__ = [
    "CHINESE_SURNAMES",
    "COMPOUND_SURNAMES",
    "english_names",
    "full_forms",
    "latin",
    "pinyin",
    "romanized",
    "script",
    "spellings_abroad",
]

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
COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 诸葛 上官 尉迟 夏侯 司徒 皇甫 慕容 公孙 令狐 宇文 长孙 东方 端木 南宫 "
    "独孤 轩辕 申屠 西门 澹台 公冶 太史 闾丘 赫连 呼延 淳于 单于 拓跋 百里 东郭 钟离 "
    "남궁 황보 제갈 선우 독고 사공".split()
)
"""Chinese, then Korean family names of two characters."""
# How family names are read, where other words are mostly read in another way.
_SURNAME_READINGS = dict(
    entry.split(":")
    for entry in "单:shan 曾:zeng 解:xie 仇:qiu 区:ou 查:zha 朴:piao 任:ren 盖:ge "
    "翟:zhai 华:hua 宁:ning 缪:miao 乐:yue 覃:qin 燕:yan 万:wan 石:shi 沈:shen "
    "尉迟:yuchi 长孙:zhangsun 单于:chanyu".split()
)
# Spellings of family names from Cantonese, Hokkien and Wade-Giles, which are in use in
# Hong Kong, Macau, Taiwan, Singapore and Malaysia, beside Hanyu Pinyin.
_SPELLINGS = {
    family: frozenset(spellings.split(","))
    for entry in "陈:chan,tan,chern 李:lee,lei 王:wong,ong 黄:wong,ng,ooi,hwang,wee "
    "张:cheung,chang,teo,cheong,tiong 林:lam,lim 吴:ng,goh 刘:lau,liew,low,lew "
    "杨:yeung,yeo,young,yeoh 郑:cheng,tay,tee 周:chow,chou,chau 许:hui,hsu,koh,khoo "
    "蔡:choi,tsai,chua,choy 谢:tse,hsieh,chia 徐:tsui,hsu,chui 朱:chu,choo "
    "郭:kwok,kuo,quek,kok 曾:tsang,tseng,chng 梁:leung,leong,neo 罗:law,lo,loh "
    "叶:yip,yeh,yap 萧:siu,hsiao,seow 肖:siu,hsiao,seow 邓:tang,teng 冯:fung,pang "
    "余:yee 赵:chiu,chao 孙:suen 胡:wu,woo,oh 高:ko,kao 沈:sum,sim 潘:poon,phua "
    "袁:yuen 卢:lo,loo 苏:so,soh 江:kong,chiang,kang 钟:chung 方:fong,png 戴:tai "
    "石:shek,shih 关:kwan 侯:hau 彭:phang 廖:liu,liew 洪:hung,ang 何:ho "
    "司徒:szeto,seeto 欧阳:auyeung,auyang".split()
    for family, _, spellings in [entry.partition(":")]
}
_UNSPACED = re.compile("[\u4e00-\u9fff]{2,4}|[\uac00-\ud7a3]{2,4}")
_NOT_LETTERS = re.compile("[^a-z0-9 ]+")


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


def spellings_abroad(surname: str) -> frozenset[str]:
    """Return how a Chinese family name is also spelt outside the mainland.

    Several families share one spelling, so it says less than Hanyu Pinyin.

    Examples:
        >>> sorted(spellings_abroad("陈"))
        ['chan', 'chern', 'tan']
    """
    return _SPELLINGS.get(surname, frozenset())


def script(text: str) -> str:
    """Return what a text is written in, by its first letter beyond the Latin ones.

    The first word of that letter's name in Unicode; empty for Latin letters.

    Examples:
        >>> script("иван"), script("王伟"), script("müller")
        ('CYRILLIC', 'CJK', '')
    """
    if text.isascii():
        return ""
    for letter in text:
        if not letter.isascii() and letter.isalpha():
            word = unicodedata.name(letter, "").partition(" ")[0]
            if word != "LATIN":
                return word
    return ""


def latin(name: str) -> str:
    """Return a normalized name in small Latin letters, as words.

    Chinese and Korean names of up to four characters become family and given name.
    From the tables of `anyascii`, which give each character its usual reading, and
    for Chinese surnames their own.

    Examples:
        >>> latin("欧阳晓雯"), latin("김정은"), latin("Сергей Лавров")
        ('ouyang xiaowen', 'gim jeongeun', 'sergey lavrov')
    """
    if name.isascii():
        return name
    parts = [name]
    if _UNSPACED.fullmatch(name):
        n_family = 1 + (name[:2] in COMPOUND_SURNAMES)
        parts = [name[:n_family], name[n_family:]]
    words = [_SURNAME_READINGS.get(part) or _ascii(part) for part in parts]
    return " ".join(" ".join(words).split())


@cache
def _anyascii() -> Callable[[str], str]:
    from anyascii import anyascii  # noqa: PLC0415  reads its tables

    convert: Callable[[str], str] = anyascii
    return convert


def _ascii(text: str) -> str:
    return _NOT_LETTERS.sub("", _anyascii()(text).lower())


def pinyin(name: str) -> str:
    """Return how a name all in Chinese characters is mostly read, else nothing.

    Without tones, so that names that sound alike, as input methods offer them, have
    one reading.

    Examples:
        >>> pinyin("晓明"), pinyin("小铭"), pinyin("ann")
        ('xiaoming', 'xiaoming', '')
    """
    return _ascii(name) if _HAN.fullmatch(name) else ""


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
