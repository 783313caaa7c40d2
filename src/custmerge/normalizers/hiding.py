"""Numbers of which a part is hidden: by stars or crosses, or left out."""

from __future__ import annotations

import re

from custmerge.masked_numbers import LEAST_ENDING, LEAST_SHOWN

__all__ = ["ending", "starred", "telling"]

_STARS = str.maketrans("•●×", "***")
# Beside digits, so that no Roman numeral is taken for a mask.
# What is taken is not given back, or a long run would be parted in all ways.
_CROSSES = re.compile(
    "(?:^|[0-9][ -]?)(?:[xX]{3,}+[ -]?)++(?=[0-9])|[0-9][ -]?[xX]{4,}$"
)
_CROSS = re.compile("[xX]")
_ENDING = re.compile(
    r"\s*(?:尾[号號数數]|[末后後][4四]位|last (?:4|four)(?: digits)?|ending(?: in)?)"
    r"[^0-9A-Za-z]*([0-9]{3}[0-9X])\s*",
    re.IGNORECASE,
)


def ending(text: str) -> str | None:
    """Return what a text says a number ends in, if it says that.

    Examples:
        >>> ending("尾号1234"), ending("last 4: 123x"), ending("1234")
        ('1234', '123X', None)
    """
    found = _ENDING.fullmatch(text)
    return None if found is None else found[1].upper()


def starred(text: str) -> str:
    """Return a text with a star for whatever else hides a character.

    Examples:
        >>> starred("138xxxx8888"), starred("1101●●1234"), starred("XXII")
        ('138****8888', '1101**1234', 'XXII')
    """
    return _CROSSES.sub(lambda found: _CROSS.sub("*", found[0]), text.translate(_STARS))


def telling(number: str) -> str | None:
    """Return a number with stars if what it shows tells whose it is.

    That are seven characters at least, or the last four. Of one that shows its end
    alone two stars stand for the rest, as nobody knows how much that is.

    Examples:
        >>> telling("138****8888"), telling("*******8888"), telling("1381***")
        ('138****8888', '**8888', None)
    """
    start, _, end = number.rpartition("*")
    n_shown = len(number) - number.count("*")
    if n_shown < LEAST_SHOWN and len(end) < LEAST_ENDING:
        return None
    return number if start.strip("*") else f"**{end}"
