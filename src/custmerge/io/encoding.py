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
    "姓名称电话手机邮箱编号生日性别男女地址公司客户联系人备注身份证"
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"
    "省市区县镇乡村路街道巷弄号楼幢栋单元层室大厦广场花园小区"
    "北京上海天津重庆江苏浙河山东西南湖广四川福建安徽深圳杭州成都武汉"
    "有限责任股份科技集团商贸实业的一是不了在我他中国"
)
"""Words of column headers, the commonest family names, and parts of addresses and
company names: on them Chinese customer data cannot be short."""
_CHINESE = cache(partial(re.compile, r"[\u4e00-\u9fff]"))
_CHINESE_TEXT = cache(
    partial(re.compile, r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026·]")
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_CHINESE_SHARE = 0.9
"""Of what is not ASCII, so much must be ideographs or their punctuation."""
_COMMON_SHARE = 0.1
"""So many ideographs must be common ones: the bytes of other encodings also decode as
GB18030, but to ideographs from everywhere in its table."""


def text_encoding(path: Path) -> str:
    """Return the name of the encoding that a text file can be opened with.

    UTF-8 with or without a mark, UTF-16 and UTF-32 with one, and GB18030 (so GBK and
    GB2312) where the text it yields is Chinese.

    Raises:
        InvalidInputError: None of them; the message names the line.
    """
    with path.open("rb") as file:
        head = file.read(4)
    # A UTF-8 mark is optional, and left out by this codec.
    encoding = next(
        (name for mark, name in _MARKS if head.startswith(mark)), "utf-8-sig"
    )
    line = _bad_line(path, encoding)
    if line is None:
        return encoding
    if encoding == "utf-8-sig" and _is_chinese(path.read_bytes()):
        return "gb18030"
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


def _is_chinese(data: bytes) -> bool:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = len(_NOT_ASCII.findall(text))
    ideographs = _CHINESE().findall(text)
    common = sum(character in _COMMON_CHINESE for character in ideographs)
    return len(
        _CHINESE_TEXT().findall(text)
    ) >= _CHINESE_SHARE * foreign and common >= max(1, _COMMON_SHARE * len(ideographs))
