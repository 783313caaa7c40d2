"""Text brought to one form: width, case, accents, punctuation, placeholders.

The other normalizers build on these functions. Each keeps to one rule: applied to its
own result it changes nothing.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.cjk import is_cjk, join_cjk, to_simplified

__all__ = [
    "LONG_RUN",
    "NAME_PLACEHOLDERS",
    "PLACEHOLDERS",
    "Category",
    "Text",
    "fold",
    "fold_accents",
    "join_initials",
    "meaningful",
    "plain",
    "plain_words",
    "solid",
]

# C0, DEL and C1 except those that are white space, soft hyphen, zero-width and
# direction marks, variation selectors, byte order mark, lone surrogates.
_INVISIBLE_RANGES = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_RANGES}]")
_LONGEST_RUN = 30
LONG_RUN = re.compile(rf"([^\w\s\x00-\x7f]{{{_LONGEST_RUN}}})[^\w\s\x00-\x7f]+")
"""What `fold` cuts off. NFKC is quadratic in the length of a run of combining marks;
UAX #15 calls runs of up to 30 safe, and no language needs more."""

_APOSTROPHES, _QUOTES, _DASHES = "‘’‚‛′´ʹʻʼ", "“”„‟″«»", "‐‑‒–—―−"
_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_QUOTES, '"'),
        **dict.fromkeys(_DASHES, "-"),
    }
)
_REPLACED = re.compile(f"[{_INVISIBLE_RANGES}{_APOSTROPHES}{_QUOTES}{_DASHES}]")
# Latin letters that have no canonical decomposition.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
    }
)
_MARKS = re.compile(
    r"(?<=[a-z])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]+"
)
_SPACES = str.maketrans(dict.fromkeys(string.punctuation, " "))
_NOT_WORD = re.compile(r"[^\w\s]|_")
_NO_APOSTROPHES = str.maketrans(dict.fromkeys("'`"))
# The dot first, for which a long text is searched fast.
_INITIALS = re.compile(r"\.(?<=\b[^\W\d_]\.) *(?=[^\W\d_]\b)")
_SAYS_NOTHING = re.compile(r"[!-/:-@\[-`{-~ ]+|x{3,}")

NAME_PLACEHOLDERS = frozenset(
    {
        "unknown",
        "not known",
        "n/a",
        "n.a.",
        "none",
        "no name",
        "not available",
        "not applicable",
        "not provided",
        "not specified",
        "undefined",
        "anonymous",
        "test",
        "testing",
        "asdf",
        "qwerty",
        *("无", "無", "未知", "暂无", "暫無", "不详", "不詳", "没有", "沒有"),
        *("未填", "未填写", "未提供", "测试", "測試", "匿名"),
    }
)
"""Folded texts that stand for no value, and are no plausible name of a person."""

PLACEHOLDERS = NAME_PLACEHOLDERS | {
    "null",
    "nil",
    "nan",
    "na",
    "unk",
    "blank",
    "empty",
    "missing",
    "tba",
    "tbd",
    *("same", "same as above", "as above", "see above", "see notes", "ditto"),
    *("空", "同上", "略", "保密", "不明", "不清楚", "待定", "待补充", "待補充"),
}
"""Folded texts that stand for no value; Null, Nil, Nan and Na are also real names."""


def fold(value: str) -> str:
    """Return the text without regard to case, width, invisible characters or spacing.

    NFKC, casefold, typographic quotes and dashes made ASCII, white space collapsed.

    Examples:
        >>> fold("  ＡＣＭＥ\u200b  Straße ")
        'acme strasse'
    """
    if value.isascii() and value.isprintable():
        return " ".join(value.lower().split())
    # Unicode knows texts whose NFKC casefold is not yet its own (UAX #15, section 2.3).
    while (folded := _fold_once(value)) != value:
        value = folded
    return folded


def _fold_once(text: str) -> str:
    if _REPLACED.search(text):
        text = _INVISIBLE.sub("", text.translate(_TYPOGRAPHIC))
    if len(text) > _LONGEST_RUN:
        text = LONG_RUN.sub(r"\1", text)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_accents(text: str) -> str:
    """Return folded text with the accents of Latin letters dropped, others kept.

    Examples:
        >>> fold_accents("łukasz müller, が")
        'lukasz muller, が'
    """
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", text).translate(_LETTERS)
    return unicodedata.normalize("NFC", _MARKS.sub("", letters))


def plain(text: str) -> str:
    """Return folded text as words of letters and digits, parted by single spaces.

    Apostrophes are dropped, other punctuation and symbols part words; accents are
    dropped, Chinese is simplified, and what is written without spaces has none.

    Examples:
        >>> plain("o'neil-smith"), plain("josé (pepe)"), plain("陳 大文")
        ('oneil smith', 'jose pepe', '陈大文')
    """
    if text.isascii():
        if text.isalnum():
            return text
        spaced = text.translate(_NO_APOSTROPHES).translate(_SPACES)
        return " ".join(spaced.split())
    if is_cjk(text):
        return to_simplified(text)
    # Apostrophes first: what they part may compose, and only then loses its accent.
    letters = fold_accents(text.translate(_NO_APOSTROPHES))
    words = " ".join(_NOT_WORD.sub(_space_unless_mark, letters).split())
    return to_simplified(join_cjk(words))


def _space_unless_mark(found: re.Match[str]) -> str:
    return found[0] if unicodedata.category(found[0]).startswith("M") else " "


def join_initials(text: str) -> str:
    """Return text without the dots and spaces between single letters.

    Examples:
        >>> join_initials("j. p. morgan s.a.")
        'jp. morgan sa.'
    """
    return _INITIALS.sub("", text) if "." in text else text


def solid(text: str) -> str:
    """Return folded text as its letters and digits alone, without accents.

    Examples:
        >>> solid("sw1a-1aa"), solid("京·a 12345")
        ('sw1a1aa', '京a12345')
    """
    if text.isascii() and text.isalnum():
        return text
    letters = unicodedata.normalize("NFD", text).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(filter(str.isalnum, letters)))


def meaningful(text: str, placeholders: frozenset[str] = PLACEHOLDERS) -> str | None:
    """Return folded text, or `None` where it is empty or stands for no value.

    Examples:
        >>> meaningful("n/a"), meaningful("--"), meaningful("ann")
        (None, None, 'ann')
    """
    if not text or text in placeholders or _SAYS_NOTHING.fullmatch(text):
        return None
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """Normalizes any text: `None` for placeholders, else the folded text.

    Examples:
        >>> Text().normalize(["  Main  OFFICE ", "N/A", "Ｑ４", "-"])
        ['main office', None, 'q4', None]
    """

    name: str = "text"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the folded text of each value."""
        return [meaningful(fold(value)) for value in values]


@dataclass(frozen=True, slots=True)
class Category:
    """Normalizes one of few labels: as `Text`, but punctuation does not count.

    Examples:
        >>> Category().normalize(["Walk-in", "walk in", "unknown"])
        ['walk in', 'walk in', None]
    """

    name: str = "category"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the words of each label."""
        return [plain_words(value) for value in values]


def plain_words(value: str, placeholders: frozenset[str] = PLACEHOLDERS) -> str | None:
    """Return the plain words of a raw value, or `None` where it holds none.

    Examples:
        >>> plain_words("Île-de-France"), plain_words("N/A")
        ('ile de france', None)
    """
    text = meaningful(fold(value), placeholders)
    return None if text is None else meaningful(plain(text), placeholders)
