"""Numbers that name one customer."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.hiding import ending, starred, telling
from custmerge.normalizers.lines import (
    Results,
    lines_unlike,
    normalize_lines,
    settled,
)
from custmerge.normalizers.text import PLACEHOLDERS, fold, meaningful, solid

__all__ = ["Identifier", "code_of", "with_check"]

_SHORTEST = 3
# All but the star, and what may say that only the end of a number follows.
_UNUSUAL = lines_unlike(r"(?![Ll]ast|[Ee]nding)[0-9A-Za-z][ -)+-~]*")
_MASK = re.compile(r"[*]{2,}")
_DOCUMENT = re.compile(
    r"(?:居民|公民)?(?:身[份分][证證]|[护護]照|回[乡鄉][证證]|台胞[证證]|通行[证證]|"
    r"居住[证證]|[证證]件|(?:统一|統一)?(?:社会|社會)?信用代[码碼]|[税稅])"
    r"字?(?:[号號][码碼]?)?\W*(?=[0-9a-z*])"
)
"""What is written before a number to say of what it is."""
_PARTING = f"{string.punctuation} ".encode()
_DOUBTFUL = frozenset(solid(placeholder).upper() for placeholder in PLACEHOLDERS)
# The line break first, for which a long text is searched fast.
_TOO_ALIKE = re.compile(rf"\n((.)\2*|.{{,{_SHORTEST - 1}}})$", re.MULTILINE)
_CROSSED = re.compile(r"\n(.*[0-9]XXX.*|XXX.*)$", re.MULTILINE)
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_OLD = re.compile(rf"\n([1-8][0-9]{{5}})([0-9]{{2}}{_DAY}[0-9]{{3}})$", re.MULTILINE)
"""A resident identity number of before 1999: no century, no check digit."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Normalizes an identifier: upper case, letters and digits only.

    Fewer than three characters, or one character throughout, identify nobody. What
    says of what document it is ("身份证号:") is dropped, and a Chinese resident
    identity number of 15 digits becomes the one of 18 that took its place in 1999: with
    the century 19 and the check digit (GB 11643).

    A masked one keeps its mask, if it shows seven characters at least or its last four;
    of one that shows its end alone two stars stand for the rest, as nobody knows how
    much that is.

    Examples:
        >>> Identifier().normalize(["ab-123 456", "000-00-0000", "7"])
        ['AB123456', None, None]
        >>> Identifier().normalize(["110105491231002", "身份证：11010519491231002x"])
        ['11010519491231002X', '11010519491231002X']
        >>> Identifier().normalize(["1101**********1234", "尾号1234", "1101****"])
        ['1101**********1234', '**1234', None]
    """

    name: str = "identifier"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each identifier."""
        return normalize_lines(values, _UNUSUAL, _identifiers, _identifier)


def _identifiers(text: str) -> Results:
    """Return the standard form of usual lines."""
    codes = text.upper().encode().translate(None, _PARTING).decode()
    lines = f"\n{codes}"
    too_alike = [found[1] for found in _TOO_ALIKE.finditer(lines)]
    if "XXX" in codes:
        too_alike += [found[1] for found in _CROSSED.finditer(lines)]
    renewed = _OLD.sub(_renewed, lines)[1:]
    return settled(renewed, text, _DOUBTFUL.union(too_alike), _identifier)


def _renewed(found: re.Match[str]) -> str:
    """Return the line of the number that took an old one's place."""
    return f"\n{with_check(f'{found[1]}19{found[2]}')}"


def with_check(digits: str) -> str:
    """Return seventeen digits and the check digit of GB 11643: ISO 7064, MOD 11-2.

    Examples:
        >>> with_check("11010519491231002")
        '11010519491231002X'
    """
    # Powers of two modulo 11 are what the standard's weights are, and 13 is 2 there.
    return digits + "10X98765432"[int(digits + "0", 13) % 11]


def _identifier(value: str) -> str | None:
    code = code_of(value)
    return None if code is None else _OLD.sub(_renewed, f"\n{code}")[1:]


def code_of(value: str) -> str | None:
    """Return the letters and digits of a number, those of an old one as they are.

    Examples:
        >>> code_of("身份证 110105-491231-002")
        '110105491231002'
    """
    text = meaningful(fold(value))
    if text is None:
        return None
    end = ending(text)
    if end is not None:
        return telling(f"*{end}")
    text = starred(_DOCUMENT.sub("", text, count=1))
    if _MASK.search(text):
        return telling("*".join(solid(part).upper() for part in text.split("*")))
    text = meaningful(solid(text))
    if text is None:
        return None
    code = text.upper()
    return code if len(code) >= _SHORTEST and code.strip(code[0]) else None
