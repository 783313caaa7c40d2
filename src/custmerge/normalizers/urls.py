"""Addresses on the web."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.text import fold, meaningful

__all__ = ["Url"]

# The longest registered scheme has 30-odd letters; the bound keeps matching linear.
_LEADING = re.compile(r"(?:[a-z][a-z0-9+.-]{0,40}://|//|www[0-9]?\.)+")


@dataclass(frozen=True, slots=True)
class Url:
    """Normalizes a web address: lower case, no scheme, `www.` or closing slash.

    Examples:
        >>> Url().normalize(["https://www.Example.com/", "example.com", "http://"])
        ['example.com', 'example.com', None]
    """

    name: str = "url"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each web address."""
        return [_url(value) for value in values]


def _url(value: str) -> str | None:
    text = meaningful(fold(value).replace(" ", ""))
    if text is None:
        return None
    leading = _LEADING.match(text)
    address = text[leading.end() :] if leading else text
    return meaningful(fold(address.rstrip("/")))
