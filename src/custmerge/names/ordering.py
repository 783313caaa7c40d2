"""Which names in Latin letters put the family first."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

from collections.abc import Sequence

from custmerge.names.surnames import READINGS, SPELT_ABROAD
from custmerge.names.wade_giles import is_pinyin, is_syllable, to_wade_giles

__all__ = ["family_words"]

_VIETNAMESE = frozenset(
    "nguyen tran pham huynh hoang phan bui vo dang duong ngo dinh truong trinh".split()
)
_VIETNAMESE_TOO = frozenset("le vu do ho ly mai lam".split())
"""Family names that begin others' names, too."""
_IN_PINYIN = frozenset(READINGS[family] for family in READINGS if family < "\uac00")
_COMMONNESS = {
    spelt: rank
    for rank, family in reversed([*enumerate(SPELT_ABROAD)])
    if family < "\uac00"
    for pinyin in [READINGS[family]]
    for spelt in (pinyin, to_wade_giles(pinyin), *SPELT_ABROAD[family])
}
"""How common the commonest Chinese family name is that is spelt so; 0: the most."""
_COMPOUND = frozenset(
    "ouyang shangguan situ sima zhuge huangfu dongfang murong linghu ximen yuwen "
    "gongsun duanmu xiahou zhangsun nangong".split()
)
_VIETNAMESE_MIDDLE = frozenset("van thi".split())


def family_words(words: Sequence[str], *, joined: bool = False) -> int:
    """Return how many first words of a name are the family's; 0: it comes last.

    So Vietnamese names are written, and Chinese ones where the first word is a family
    name, the last one none (of three words: a rarer one), and what follows the first is
    made of Chinese syllables.

    Args:
        words: The words.
        joined: Whether a hyphen joined the last two, as it does given names.

    Examples:
        >>> family_words(["nguyen", "van", "duc"]), family_words(["wang", "xiaoming"])
        (1, 1)
        >>> family_words(["xiaoming", "wang"]), family_words(["ann", "lee"])
        (0, 0)
        >>> family_words("tsai yi chen".split()), family_words("yi chen tsai".split())
        (0, 0)
        >>> family_words("tsai yi chen".split(), joined=True)
        1
    """
    first, last = words[0], words[-1]
    if first in _VIETNAMESE:
        return int(len(words) > 2 and last not in _VIETNAMESE)
    if first in _VIETNAMESE_TOO and len(words) > 2:
        return int(words[1] in _VIETNAMESE_MIDDLE)
    if first in _COMPOUND:
        return int(is_pinyin(" ".join(words[1:])))
    if len(words) == 2:
        is_chinese = first in _IN_PINYIN and last not in _IN_PINYIN
        return int(is_chinese and is_pinyin(last))
    if len(words) > 3 or first not in _COMMONNESS:
        return 0
    is_commoner = _COMMONNESS[first] < _COMMONNESS.get(last, len(_COMMONNESS))
    return int((joined or is_commoner) and all(map(is_syllable, words[1:])))
