"""In which encoding a text file is written."""

from __future__ import annotations

import codecs
import re
from functools import cache, partial
from pathlib import Path

from custmerge.exceptions import InvalidInputError

__all__ = ["text_encoding"]

_MARKS = (
    # UTF-32's little-endian mark starts with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_COMMON_CHINESE = frozenset(
    "姓名称电话手机邮箱编号生日性别男女地址公司客户联系人备注身份证统一社会信用代码来源"
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶"
    "蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹欧阳司"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红文建志海春晓雯慧婷雪琳宇浩俊"
    "省市区县镇乡村路街道巷弄号楼幢栋单元层室大厦广场花园小段"
    "北京上海天津重庆江苏浙河山东西南湖广四川福安徽深圳杭州成都武汉台中香港九龙新界"
    "有限责任股份科技集团商贸实业的一是不了在我他国"
    "稱電話機郵編號別聯絡備註證統會碼來張劉陳楊黃趙吳孫馬羅鄭許鄧馮蕭葉蔣蘇呂盧鐘譚範陸"
    "賈韋鄒閻歐陽偉靜麗強軍艷濤剛華蘭紅誌曉區縣鎮鄉樓單層廈廣場園東慶蘇漢臺灣龍責團貿實業"
    "國戶"
)
"""Words of column headers, the commonest family names and letters of given ones, and
parts of addresses and company names, simplified and traditional: on them Chinese
customer data cannot be short."""
_CHINESE = cache(partial(re.compile, r"[\u4e00-\u9fff]"))
_CHINESE_TEXT = cache(
    partial(re.compile, r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026·]")
)
_HANGUL = cache(partial(re.compile, r"[\uac00-\ud7a3]"))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LATIN = re.compile(r"[\x09-\u024f]")
_CHINESE_SHARE = 0.9
"""Of what is not ASCII, so much must be ideographs or their punctuation."""
_COMMON_SHARE = 0.15
"""So many ideographs must be common ones: the bytes of other encodings also decode as
Chinese, but to ideographs from everywhere in the tables."""
_KOREAN_SHARE = 0.95
"""Of the two-byte characters of Korean text, so many are syllables; of a Chinese one
read as Korean, half."""
_FEWEST = 4
"""Characters by which Korean text can be told."""
_CHINESE_ENCODINGS = ("gb18030", "big5hkscs")


def text_encoding(path: Path) -> str:
    """Return the name of the encoding that a text file can be opened with.

    UTF-8 and UTF-16 with or without a mark, UTF-32 with one, and GB18030 (so GBK and
    GB2312) or Big5 where the text that it yields is Chinese.

    Raises:
        InvalidInputError: None of them, or Chinese in either of two; the message names
            the line.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    # A UTF-8 mark is optional, and left out by this codec.
    encoding = next(
        (name for mark, name in _MARKS if head.startswith(mark)), None
    ) or _unmarked_utf16(head)
    line = _bad_line(path, encoding)
    if line is None:
        return encoding
    found = _chinese_encodings(path, head) if encoding == "utf-8-sig" else []
    if len(found) == 1:
        return found[0]
    if found:
        message = (
            f"{str(path)!r} is no UTF-8 text, and its few Chinese characters may be "
            f"GB18030 or Big5: see line {line}; save the file as UTF-8, or read it "
            "with its own encoding and pass the table, such as "
            "pandas.read_csv(path, encoding='big5')"
        )
        raise InvalidInputError(message)
    message = (
        f"{str(path)!r} is no {encoding.removesuffix('-sig').upper()} text: line "
        f"{line} has the first byte that cannot be read; save the file as UTF-8, or "
        "read it with its own encoding and pass the table, such as "
        "pandas.read_csv(path, encoding=...)"
    )
    raise InvalidInputError(message)


def _bad_line(path: Path, encoding: str) -> int | None:
    """Return the line, counted from 1, of the first byte that cannot be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    feeds = returns = 0
    try:
        with path.open("rb") as file:
            while block := file.read(_CHUNK):
                text = decoder.decode(block)
                feeds += text.count("\n")
                returns += text.count("\r")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        # Lines end in "\n", "\r\n" or "\r", the same all through a file.
        return 1 + max(feeds + before.count(b"\n"), returns + before.count(b"\r"))
    return None


def _unmarked_utf16(head: bytes) -> str:
    """Return UTF-16 of one byte order where its delimiters show it, else UTF-8."""
    for encoding in ("utf-16-le", "utf-16-be") if b"\0" in head else ():
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")
        known = len(_CHINESE_TEXT().findall(text)) + len(_LATIN.findall(text))
        if "\n" in text and "\0" not in text and known >= _CHINESE_SHARE * len(text):
            return encoding
    return "utf-8-sig"


def _chinese_encodings(path: Path, head: bytes) -> list[str]:
    """Return the encodings in which a file is likeliest to be Chinese text."""
    shares = {
        encoding: _common_share(_decoded(head, encoding))
        for encoding in _CHINESE_ENCODINGS
        if _bad_line(path, encoding) is None
    }
    most = max(shares.values(), default=0.0)
    if most < _COMMON_SHARE or (most < 0.5 and _is_korean(head)):
        return []
    return [encoding for encoding, share in shares.items() if share == most]


def _decoded(head: bytes, encoding: str) -> str:
    """Return text whose last character may be cut."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _common_share(text: str) -> float:
    """Return how many ideographs are common ones; 0 where other letters are many."""
    foreign = len(_NOT_ASCII.findall(text))
    if len(_CHINESE_TEXT().findall(text)) < _CHINESE_SHARE * foreign:
        return 0.0
    ideographs = _CHINESE().findall(text)
    common = sum(character in _COMMON_CHINESE for character in ideographs)
    return common / max(len(ideographs), 1)


def _is_korean(head: bytes) -> bool:
    text = _decoded(head, "cp949")
    foreign = len(_NOT_ASCII.findall(text))
    return foreign >= _FEWEST and (
        len(_HANGUL().findall(text)) >= _KOREAN_SHARE * foreign
    )
