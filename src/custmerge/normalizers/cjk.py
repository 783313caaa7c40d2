"""Chinese, Japanese and Korean text: simplified characters, no spaces within."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from itertools import chain

__all__ = ["HAN", "is_cjk", "join_cjk", "to_simplified"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Chinese characters, as a range within a regular expression's brackets."""

# Without the combining voice marks, which would compose with what is before them.
_CJK = f"{HAN}\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
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
    if text.isascii():
        return text
    # No word goes on in another line.
    done, parts, lines = 0, [], []
    for found in _traditional().finditer(text):
        start = max(done, text.rfind("\n", done, found.start()) + 1)
        parts.append(text[done:start])
        lines.append(text[start : found.end()])
        done = found.end()
    if not lines:
        return text
    simplified = _simplified("\n".join(lines)).split("\n")
    both = chain.from_iterable(zip(parts, simplified, strict=True))
    return "".join([*both, text[done:]])


def _simplified(text: str) -> str:
    simplified = _converter()(text)
    # A few characters take two steps: U+85B4, U+82E7, U+82CE.
    while simplified != text:
        text, simplified = simplified, _converter()(simplified)
    return simplified


# Characters that OpenCC changes within some words only, such as U+6C88.
_IN_WORDS = "\u54e9\u574f\u6c88\u7526\u77ad\u85c9\u8879\u8986"
_RARE = "\U00010000-\U0010ffff"
"""Beyond the Basic Multilingual Plane: so many that a search for each would be slow."""


@cache
def _traditional() -> re.Pattern[str]:
    """Return what finds the rest of a line from a character that may be changed."""
    han = "".join(map(chr, chain(range(0x3400, 0xA000), range(0xF900, 0xFB00))))
    # Spaces keep words from being found in it.
    simplified = _converter()(" ".join(han))[::2]
    changed = [a for a, b in zip(han, simplified, strict=True) if a != b]
    return re.compile(f"[{''.join(changed)}{_IN_WORDS}{_RARE}].*")


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415  its dictionaries load only where Chinese occurs

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
