"""Administrative divisions of China: provinces, cities and counties, by their names.

Those of the mainland are the codes of GB/T 2260 with their names since 1980, which
python-stdnum holds to check resident numbers; those of Hong Kong, Macau and Taiwan are
here, with numbers of our own. All names are in simplified characters.
"""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["bare_division", "division_levels", "split_divisions"]

_ENDING = re.compile(
    "(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|[省市区县盟旗])$"
)
# The 55 recognized minorities, whose names autonomous divisions bear.
_PEOPLES = re.compile(
    "(?:(?:蒙古|维吾尔|壮|回|藏|苗|彝|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|"
    "佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|"
    "阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺|高山|各)族|蒙古|维吾尔|哈萨克|柯尔克孜)+$"
)
_INITIALS = dict(
    entry.split(":")
    for entry in "京:11 津:12 冀:13 晋:14 蒙:15 辽:21 吉:22 黑:23 沪:31 苏:32 浙:33 "
    "皖:34 闽:35 赣:36 鲁:37 豫:41 鄂:42 湘:43 粤:44 桂:45 琼:46 渝:50 川:51 黔:52 "
    "滇:53 藏:54 陕:61 甘:62 青:63 宁:64 新:65".split()
)
"""What stands for a province, as in a column of them."""
_ELSEWHERE = """\
71 台湾省
台北市 中正区 大同区 中山区 松山区 大安区 万华区 信义区 士林区 北投区 内湖区 南港区 \
文山区
新北市 板桥区 三重区 中和区 永和区 新庄区 新店区 土城区 芦洲区 树林区 汐止区 莺歌区 \
三峡区 淡水区 瑞芳区 五股区 泰山区 林口区 深坑区 石碇区 坪林区 三芝区 石门区 八里区 \
平溪区 双溪区 贡寮区 金山区 万里区 乌来区
桃园市 桃园区 中坜区 平镇区 八德区 杨梅区 芦竹区 大溪区 龙潭区 龟山区 大园区 观音区 \
新屋区 复兴区
台中市 中区 东区 南区 西区 北区 西屯区 南屯区 北屯区 丰原区 大里区 太平区 清水区 \
沙鹿区 大甲区 东势区 梧栖区 乌日区 神冈区 大肚区 大雅区 后里区 雾峰区 潭子区 龙井区 \
外埔区 和平区 石冈区 大安区 新社区
台南市 中西区 东区 南区 北区 安平区 安南区 永康区 归仁区 新化区 左镇区 玉井区 楠西区 \
南化区 仁德区 关庙区 龙崎区 官田区 麻豆区 佳里区 西港区 七股区 将军区 学甲区 北门区 \
新营区 后壁区 白河区 东山区 六甲区 下营区 柳营区 盐水区 善化区 大内区 山上区 新市区 \
安定区
高雄市 楠梓区 左营区 鼓山区 三民区 盐埕区 前金区 新兴区 苓雅区 前镇区 旗津区 小港区 \
凤山区 大寮区 鸟松区 林园区 仁武区 大树区 大社区 冈山区 路竹区 桥头区 梓官区 弥陀区 \
永安区 燕巢区 田寮区 阿莲区 茄萣区 湖内区 旗山区 美浓区 内门区 杉林区 甲仙区 六龟区 \
茂林区 桃源区 那玛夏区
基隆市 仁爱区 信义区 中正区 中山区 安乐区 暖暖区 七堵区
新竹市 东区 北区 香山区
嘉义市 东区 西区
新竹县
苗栗县
彰化县
南投县
云林县
嘉义县
屏东县
宜兰县
花莲县
台东县
澎湖县
金门县
连江县
81 香港
港岛 中西区 湾仔区 东区 南区
九龙 油尖旺区 深水埗区 九龙城区 黄大仙区 观塘区
新界 葵青区 荃湾区 屯门区 元朗区 北区 大埔区 沙田区 西贡区 离岛区
82 澳门
澳门半岛
氹仔
路环
"""
_OTHER_NAMES = {
    "香港特别行政区": "81",
    "香港岛": "8101",
    "澳门特别行政区": "82",
    "台北县": "7102",
    "桃园县": "7103",
    "台中县": "7104",
    "台南县": "7105",
    "高雄县": "7106",
}
"""Long and former names, and whose they are."""


@dataclass(frozen=True, slots=True)
class _Division:
    """An administrative division.

    Attributes:
        code: Of two digits for a province, four for a city, six for a county; it begins
            with that of the division it is in.
        name: The name with what it is: 深圳市.
        until: The last year in which it was called so.
    """

    code: str
    name: str
    until: str = "9999"


@cache
def division_levels() -> Mapping[str, int]:
    """Return the level of each whole name, the largest that bears it.

    0 for provinces, 1 for cities, 2 for counties.

    Examples:
        >>> levels = division_levels()
        >>> levels["广东省"], levels["深圳市"], levels["南山区"], levels["信义区"]
        (0, 1, 2, 2)
    """
    levels: dict[str, int] = {}
    for division in _all():
        level = len(division.code) // 2 - 1
        levels[division.name] = min(level, levels.get(division.name, level))
    return levels


def bare_division(name: str) -> str:
    """Return the short name of a division, any other text as it is.

    Examples:
        >>> [*map(bare_division, ["内蒙古自治区", "深圳市", "浦东新区", "沪", "津市"])]
        ['内蒙古', '深圳', '浦东', '上海', '津市']
    """
    if name.isascii():
        return name
    if name in _INITIALS:
        name = _names_by_code()[_INITIALS[name]]
    if name in _bearers() and name not in division_levels():
        name = _names_by_code()[_bearers()[name][0]]
    return _bare(name) if name in _bearers() else name


def split_divisions(text: str) -> tuple[Sequence[str], str]:
    """Return the divisions that an address begins with, in full, and the rest.

    Levels above the named ones are added where only one division can be meant. A name
    without its ending counts as a province's or city's at the start, and as that of a
    division in the one before it; but not as the beginning of a road's.

    Args:
        text: An address in simplified characters, without spaces.

    Examples:
        >>> split_divisions("广东深圳南山科技路1号")
        (('广东省', '深圳市', '南山区'), '科技路1号')
        >>> split_divisions("浦东新区世纪大道100号")
        (('上海市', '浦东新区'), '世纪大道100号')
        >>> split_divisions("朝阳区建国路88号"), split_divisions("南京路1号")
        ((('朝阳区',), '建国路88号'), ((), '南京路1号'))
    """
    head = _HEAD.match(text)
    codes, place = _read_head(head[0]) if head else _read(text, 0, ())
    if head and place == head.end():
        codes, place = _read(text, place, codes)
    return (_names(codes), text[place:]) if codes else ((), text)


Codes = tuple[str, ...]
"""The codes of all divisions that a name may mean."""
_BEFORE = re.compile("(?:[0-9]{6})?(?:中华人民共和国|中国)?(?=[\u4e00-\u9fff])")
"""A postcode and the country."""
_HEAD = re.compile("[^0-9a-z ]{1,20}(?<=[省市区县旗])(?![民场政委]|中心)")
"""What may hold all divisions: of a million addresses only some thousand."""
_NO_CITY = re.compile("[民场政委]|中心")
"""What goes on a word that only begins like the name of a city."""
_NO_NAME = re.compile(
    "[省市区县州盟旗仔]|新?[东南西北中上下前后]{0,2}[一二三四五六七八九十环]*"
    "(?:[路街道巷弄里桥站村镇乡屯庄山湖河江港湾城府苑园厦]|大[道街厦楼学]|胡同|机场|广场|"
    "公[园寓]|[花家]园|小[区学]|中学|医院|银行|[酒饭]店|宾馆|[商市]场)"
)
"""What follows a name that is not the division's: of a road, or a house."""


@lru_cache(maxsize=1 << 14)
def _read_head(text: str) -> tuple[Codes, int]:
    return _read(text, 0, ())


def _read(text: str, place: int, codes: Codes) -> tuple[Codes, int]:
    """Return the divisions that are named from a place on, and where they end."""
    start = place
    before = None if codes else _BEFORE.match(text)
    found, end = _next_division(text, before.end() if before else place, codes)
    while found:
        codes, place = found, end
        found, end = _next_division(text, place, codes)
    return codes, place if codes else start


def _next_division(text: str, place: int, within: Codes) -> tuple[Codes, int]:
    """Return the divisions that are named at a place, in others, and where that ends.

    Those that they are in may be named again.
    """
    for spelling in _by_start().get(text[place : place + 2], ()):
        if text.startswith(spelling, place):
            end = place + len(spelling)
            # "济南市中区" is "济南" and "市中区".
            if text[end - 1] == "市" and text[end - 1 : end + 2] in _bearers():
                end -= 1
            codes = _inner(spelling, within)
            if codes and not _goes_on(text, end, codes):
                return codes, end
            break
    if within and text.startswith("市辖区", place):
        return within, place + 3
    return (), place


def _goes_on(text: str, end: int, codes: Codes) -> bool:
    """Whether what follows a name makes another word of it."""
    last = text[end - 1]
    if last == "市":
        return _NO_CITY.match(text, end) is not None
    if last in "省区县州盟旗" or not _NO_NAME.match(text, end):
        return False
    return not _next_division(text, end, codes)[0]


@cache
def _inner(spelling: str, within: Codes) -> Codes:
    """Return the divisions of a name that are in others, or else those themselves."""
    found = _bearers().get(spelling, ())
    if within:
        inner = [code for code in found if any(_is_in(code, outer) for outer in within)]
        again = any(outer.startswith(code) for code in found for outer in within)
        found = within if again and not inner else tuple(inner)
    elif spelling not in _OTHER_NAMES and not _ENDING.search(spelling):
        first = found[0]
        is_clear = all(code.startswith(first) for code in found) or len(first) == 2
        found = (first,) if is_clear and len(first) < 6 else ()
        if not _ENDING.search(_names_by_code()[first]) and len(first) > 2:
            found = ()  # 九龙 and 新界 are names elsewhere too
    names = _names_by_code()
    return tuple(code for code in found if names[code] == names[found[0]])


def _is_in(inner: str, outer: str) -> bool:
    return inner != outer and inner.startswith(outer)


@cache
def _names(codes: Codes) -> tuple[str, ...]:
    """Return the names of what all divisions are in, and their own."""
    first, names = codes[0], _names_by_code()
    above = [first[:n] for n in (2, 4) if n < len(first)]
    shared = [a for a in above if a in names and all(c.startswith(a) for c in codes)]
    return tuple(names[code] for code in [*shared, first])


def _bare(name: str) -> str:
    """Return a name without what the division is and which people's it is."""
    bare = _ENDING.sub("", name)
    if name.endswith(("自治区", "自治州", "自治县", "自治旗")):
        without = _PEOPLES.sub("", bare)
        bare = without if len(without) > 1 else bare
    return bare if len(bare) > 1 else name


@cache
def _by_start() -> Mapping[str, list[str]]:
    """Return spellings by their first two letters, the longest first."""
    found: dict[str, list[str]] = {}
    for spelling in sorted(_bearers(), key=lambda text: (-len(text), text)):
        found.setdefault(spelling[:2], []).append(spelling)
    return found


@cache
def _bearers() -> Mapping[str, Codes]:
    """Return the codes of each spelling, larger divisions first, then later ones."""
    now: dict[str, list[str]] = {}
    once: dict[str, list[str]] = {}
    for division in sorted(_all(), key=lambda division: division.until, reverse=True):
        bare = _bare(division.name)
        spellings = {division.name, bare}
        if division.name.endswith("自治州"):
            spellings.add(f"{bare}州")
        for spelling in spellings:
            codes = once if division.until < _LONG_AGO else now
            codes.setdefault(spelling, []).append(division.code)
    now |= {name: [code] for name, code in _OTHER_NAMES.items()}
    return {
        spelling: tuple(sorted(dict.fromkeys(codes), key=len))
        for spelling, codes in (once | now).items()
    }


@cache
def _names_by_code() -> Mapping[str, str]:
    """Return the name of each code, the latest one."""
    ordered = sorted(_all(), key=lambda division: division.until)
    return {division.code: division.name for division in ordered}


@cache
def _all() -> tuple[_Division, ...]:
    return (*_mainland(), *_elsewhere())


_LINE = re.compile(r'^ *([0-9]+) \w+="(.+)"$', re.MULTILINE)
_NAME = re.compile(r"(?:\[[0-9]*-?([0-9]*)\])?([^,]+)")
"""The year in which a name ended, and the name."""
_LONG_AGO = "2000"
"""Names that ended before are hardly written any more."""
_NO_NAMES = re.compile("^(?:市辖区|市区|[市县]|林区)$|直辖")
"""What stands for several divisions where there is no city between."""


def _mainland() -> Iterator[_Division]:
    text = files("stdnum.cn").joinpath("loc.dat").read_text("utf-8")
    province = ""
    for digits, names in _LINE.findall(text):
        province = digits if len(digits) == 2 else province
        if len(digits) == 2 or province > "70":
            continue
        code = f"{province}{digits}".removesuffix("00").removesuffix("00")
        for ended, name in _NAME.findall(names):
            if not _NO_NAMES.search(name):
                yield _Division(code, name, ended or "9999")


def _elsewhere() -> Iterator[_Division]:
    province, n_cities = "", 0
    for line in _ELSEWHERE.splitlines():
        first, *inner = line.split()
        if first.isdigit():
            province, n_cities = first, 0
            yield _Division(province, inner[0])
            continue
        n_cities += 1
        code = f"{province}{n_cities:02d}"
        yield _Division(code, first)
        for i, name in enumerate(inner, start=1):
            yield _Division(f"{code}{i:02d}", name)
