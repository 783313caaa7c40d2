"""Names and numbers in messengers, which are other contacts at times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.identifiers import Identifier
from custmerge.normalizers.phones import Phone
from custmerge.normalizers.text import fold

__all__ = ["ChineseMobile", "QqNumber"]

_QQ = re.compile(
    r"(?:qq(?:[号號][码碼]?)?\W*)?([1-9][0-9]{4,10})|([1-9][0-9]{4,10})@qq\.com"
)
_MOBILE = re.compile(
    r"(?:(?:微信|电话|電話|手机|手機)[号號]?\W*|(?:wechat|weixin|wx|vx)\W*)?"
    r"((?:\+?86|0086)?[ -]?1[3-9][0-9](?:[ -]?[0-9]{4}){2})"
    r"\W*(?:微信同[号號]|同[号號])?\W*"
)


@dataclass(frozen=True, slots=True)
class QqNumber:
    """Normalizes a QQ number, also out of an e-mail address at qq.com.

    Other addresses are `None`, other texts as `Identifier` has them.

    Examples:
        >>> QqNumber().normalize(["QQ: 12345678", "12345678@qq.com", "ann@qq.com"])
        ['12345678', '12345678', None]
    """

    name: str = "qq"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the number in each value."""
        texts = [fold(value) for value in values]
        found = [_QQ.fullmatch(text) for text in texts]
        codes = Identifier().normalize(
            [
                number[1] or number[2] if number else text
                for number, text in zip(found, texts, strict=True)
            ]
        )
        return [
            None if not number and "@" in text else code
            for number, text, code in zip(found, texts, codes, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class ChineseMobile:
    """Takes the Chinese mobile number, in E.164, that is a name in a messenger.

    Many go by their telephone number in WeChat; all other names are `None`.

    Examples:
        >>> ChineseMobile().normalize(["微信 139 1234 5678", "wxid_a1b2", "12345678"])
        ['+8613912345678', None, None]
    """

    name: str = "chinese_mobile"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the number that each value is."""
        found = [_MOBILE.fullmatch(fold(value)) for value in values]
        numbers = Phone("CN").normalize(
            [number[1] if number else "" for number in found]
        )
        return [number or None for number in numbers]
