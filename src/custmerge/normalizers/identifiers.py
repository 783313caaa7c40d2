"""Numbers that name one customer, and whether their check digits are right."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.lines import (
    Results,
    lines_unlike,
    normalize_lines,
    settled,
)
from custmerge.normalizers.text import PLACEHOLDERS, fold, meaningful, solid

__all__ = ["Identifier", "is_valid_identifier"]

_SHORTEST = 3
_UNUSUAL = lines_unlike("[0-9A-Za-z][ -)+-~]*")  # all but the star
_MASK = re.compile(r"[*•●]{2,}")
_HIDDEN = re.compile(r"[*•●]")
_LEAST_SHOWN = 7
"""Characters of a masked number that still tell whose it is."""
_PARTING = f"{string.punctuation} ".encode()
_DOUBTFUL = frozenset(solid(placeholder).upper() for placeholder in PLACEHOLDERS)
# The line break first, for which a long text is searched fast.
_TOO_ALIKE = re.compile(rf"\n((.)\2*|.{{,{_SHORTEST - 1}}})$", re.MULTILINE)
_WHOLE = re.compile("[0-9A-Z]{18}")
"""What may be a resident identity number or a unified social credit code."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Normalizes an identifier: upper case, letters and digits only.

    Fewer than three characters, or one character throughout, identify nobody. A masked
    one keeps its mask, if it shows seven characters at least.

    Examples:
        >>> Identifier().normalize(["ab-123 456", "000-00-0000", "7"])
        ['AB123456', None, None]
        >>> Identifier().normalize(["1101**********1234", "**************1234"])
        ['1101**********1234', None]
    """

    name: str = "identifier"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each identifier."""
        return normalize_lines(values, _UNUSUAL, _identifiers, _identifier)


def _identifiers(text: str) -> Results:
    """Return the standard form of usual lines."""
    codes = text.upper().encode().translate(None, _PARTING).decode()
    too_alike = (found[1] for found in _TOO_ALIKE.finditer(f"\n{codes}"))
    return settled(codes, text, _DOUBTFUL.union(too_alike), _identifier)


def _identifier(value: str) -> str | None:
    text = meaningful(fold(value))
    if text is not None and _MASK.search(text):
        return _masked(text)
    text = None if text is None else meaningful(solid(text))
    if text is None:
        return None
    code = text.upper()
    return code if len(code) >= _SHORTEST and code.strip(code[0]) else None


def _masked(text: str) -> str | None:
    """Return the characters of a masked number, with a star for each hidden one."""
    parts = _HIDDEN.split(text)
    shown = [solid(part).upper() for part in parts]
    return "*".join(shown) if sum(map(len, shown)) >= _LEAST_SHOWN else None


def is_valid_identifier(value: str) -> bool | None:
    """Return whether the check digit is right; `None` if the number has none we know.

    Known are the Chinese resident identity number (GB 11643), whose birth date must
    exist too, and the unified social credit code (GB 32100), by python-stdnum. The
    place in an identity number is not looked up: it is where the card was issued, and
    so may be a county that the birth year did not know yet.

    Examples:
        >>> is_valid_identifier("11010519491231002X")
        True
        >>> is_valid_identifier("110105194912310021"), is_valid_identifier("AB-12")
        (False, None)
        >>> is_valid_identifier("1101**********1234")
    """
    from stdnum.cn import uscc  # noqa: PLC0415  needed for no normalizing

    code = _identifier(value)
    if code is None or _WHOLE.fullmatch(code) is None:
        return None
    looks_personal = code[:17].isdecimal() and code[6:8] in {"18", "19", "20"}
    return _is_resident_id(code) if looks_personal else bool(uscc.is_valid(code))


def _is_resident_id(code: str) -> bool:
    from stdnum.cn import ric  # noqa: PLC0415  as above
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        ric.get_birth_date(code)
    except ValidationError:
        return False
    return bool(ric.calc_check_digit(code) == code[-1])
