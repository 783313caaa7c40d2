"""Chinese, Japanese and Korean text: simplified characters, no spaces within."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

__all__ = ["HAN", "is_cjk", "join_cjk", "to_simplified"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Chinese characters, as a range within a regular expression's brackets."""

# Without the combining voice marks, which would compose with what is before them.
_CJK = f"{HAN}\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
_HAN = cache(partial(re.compile, f"[{HAN}]"))
_ALL_CJK = cache(partial(re.compile, f"[{_CJK}]+"))
# The space first, for which a long text is searched fast.
_INNER_SPACE = cache(partial(re.compile, f" (?<=[{_CJK}] )(?=[{_CJK}])"))


def is_cjk(text: str) -> bool:
    """Return whether the text is all Chinese, Japanese or Korean letters.

    Examples:
        >>> is_cjk("王小明"), is_cjk("王 ming")
        (True, False)
    """
    return _ALL_CJK().fullmatch(text) is not None


def join_cjk(text: str) -> str:
    """Return the text without the single spaces between CJK letters.

    Examples:
        >>> join_cjk("王 小 明 wang")
        '王小明 wang'
    """
    return text if text.isascii() else _INNER_SPACE().sub("", text)


def to_simplified(text: str) -> str:
    """Return the text with traditional Chinese characters made simplified.

    Examples:
        >>> to_simplified("臺灣"), to_simplified("taiwan")
        ('台湾', 'taiwan')
    """
    if text.isascii() or not _HAN().search(text):
        return text
    convert = _converter()
    simplified = convert(text)
    # A few characters take two steps: U+85B4, U+82E7, U+82CE.
    while (again := convert(simplified)) != simplified:
        simplified = again
    return simplified


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415  its dictionaries load only where Chinese occurs

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
