"""Which names in Latin letters put the family first."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

from collections.abc import Sequence

from custmerge.names.surnames import READINGS
from custmerge.names.wade_giles import is_pinyin

__all__ = ["family_words"]

_VIETNAMESE = frozenset(
    "nguyen tran pham huynh hoang phan bui vo dang duong ngo dinh truong trinh".split()
)
_VIETNAMESE_TOO = frozenset("le vu do ho ly mai lam".split())
"""Family names that begin others' names, too."""
_IN_PINYIN = frozenset(READINGS[family] for family in READINGS if family < "\uac00")
_VIETNAMESE_MIDDLE = frozenset("van thi".split())


def family_words(words: Sequence[str]) -> int:
    """Return how many first words of a name are the family's; 0: it comes last.

    So Vietnamese names are written, and Chinese ones in Pinyin where the first word is
    a family name and the last one none.

    Examples:
        >>> family_words(["nguyen", "van", "duc"]), family_words(["wang", "xiaoming"])
        (1, 1)
        >>> family_words(["xiaoming", "wang"]), family_words(["ann", "lee"])
        (0, 0)
    """
    first, last = words[0], words[-1]
    if first in _VIETNAMESE:
        return int(len(words) > 2 and last not in _VIETNAMESE)
    if first in _VIETNAMESE_TOO and len(words) > 2:
        return int(words[1] in _VIETNAMESE_MIDDLE)
    is_chinese = first in _IN_PINYIN and last not in _IN_PINYIN
    return int(is_chinese and len(words) == 2 and is_pinyin(last))
