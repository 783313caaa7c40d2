"""Measured quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from custmerge.normalizers.text import fold

__all__ = ["Number"]

_CURRENCY = (
    "usd|eur|gbp|cny|rmb|jpy|aud|cad|chf|hkd|inr|sek|nok|dkk|"
    "us\\$|a\\$|c\\$|hk\\$|r\\$|[$€£¥₹₩₽元円]"
)
_QUANTITY = re.compile(
    rf"(?P<open>\()?(?:{_CURRENCY})? ?(?P<sign>[+-])? ?(?:{_CURRENCY})? ?"
    rf"(?P<number>[0-9.][0-9., ']*)(?P<power>e[+-]?[0-9]{{1,3}})? ?"
    rf"(?:{_CURRENCY}|%)?(?P<close>\))?"
)
_GROUPED = {
    # By decimal mark: what parts groups of thousands, and how such a number looks.
    ".": re.compile(r"[0-9]{1,3}(?:[, '][0-9]{3})+(?:\.[0-9]*)?"),
    ",": re.compile(r"[0-9]{1,3}(?:[. '][0-9]{3})+(?:,[0-9]*)?"),
}
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?")
_SIMPLE = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")


@dataclass(frozen=True, slots=True)
class Number:
    """Normalizes a quantity to a decimal number without trailing zeros.

    Currency, percent sign and thousands separators are dropped. A lone comma or dot
    is the decimal mark, unless it is a comma that parts thousands.

    Examples:
        >>> Number().normalize(["$1,234.50", "1.234,5 €", "12%", "(7)", "many"])
        ['1234.5', '1234.5', '12', '-7', None]
    """

    name: str = "number"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return each quantity as a plain decimal number; `None` where it is none."""
        return [_number(value) for value in values]


def _number(value: str) -> str | None:
    found = _QUANTITY.fullmatch(fold(value))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    digits = _plain_decimal(found["number"].strip())
    if digits is None:
        return None
    # Exact: formatting rounds nothing, and the power has at most three digits.
    text = format(Decimal(digits + (found["power"] or "")), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.lstrip("0") or "0"
    text = f"0{text}" if text.startswith(".") else text
    negative = (found["sign"] == "-") != bool(found["open"])
    return f"-{text}" if negative and text != "0" else text


def _plain_decimal(text: str) -> str | None:
    """Return digits with at most a decimal dot, or `None` if this is no number."""
    if _GROUPED["."].fullmatch(text) or _INDIAN.fullmatch(text):
        return re.sub(r"[, ']", "", text)
    # One dot is a decimal mark: "1.234" is what programs write.
    if _GROUPED[","].fullmatch(text) and (text.count(".") != 1 or "," in text):
        return re.sub(r"[. ']", "", text).replace(",", ".")
    return text.replace(",", ".") if _SIMPLE.fullmatch(text) else None
