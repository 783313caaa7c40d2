"""Checking what a configuration holds, every entry before the first complaint."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, TypeGuard

__all__ = [
    "Rules",
    "is_ascending",
    "is_between",
    "is_count",
    "is_expected",
    "is_list",
    "is_name",
    "is_optional_flag",
    "is_optional_name",
    "is_pattern",
    "is_shares",
    "is_table",
    "is_text",
    "is_texts",
    "problems_of",
]

Rules = Mapping[str, tuple[Callable[[Any], bool], str]]
"""For each attribute, a test of its value and what would be right, in words."""


def problems_of(owner: object, rules: Rules) -> list[str]:
    """Return what is wrong with an object's attributes; the values are not shown."""
    return [
        f"{attribute} must be {wanted}"
        for attribute, (is_right, wanted) in rules.items()
        if not is_right(getattr(owner, attribute))
    ]


def is_text(value: object) -> bool:
    """Whether it is a text."""
    return isinstance(value, str)


def is_name(value: object) -> bool:
    """Whether it is a text of at least one character."""
    return isinstance(value, str) and bool(value)


def is_optional_name(value: object) -> bool:
    """Whether it is a name, or nothing."""
    return value is None or is_name(value)


def is_list(value: object) -> bool:
    """Whether it is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_pattern(value: object) -> bool:
    """Whether it is a regular expression, or an empty text."""
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except re.error:
        return False


def is_table(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a mapping of names."""
    return isinstance(value, Mapping) and all(map(is_name, value))


def is_count(value: object) -> bool:
    """Whether it is a whole number of at least 1."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_between(value: object, low: float, high: float) -> bool:
    """Whether it is a number between two others, not one of them."""
    return _is_number(value) and low < value < high


def is_texts(value: object) -> bool:
    """Whether it is a list of texts."""
    return isinstance(value, (list, tuple)) and all(map(is_text, value))


def is_optional_flag(value: object) -> bool:
    """Whether it is true, false or nothing."""
    return value is None or isinstance(value, bool)


def is_shares(value: object) -> bool:
    """Whether it is a mapping of names to numbers between 0 and 1."""
    if not isinstance(value, Mapping):
        return False
    names = all(map(is_name, value))
    return names and all(is_between(share, 0, 1) for share in value.values())


def is_expected(value: object) -> bool:
    """Whether it is a mapping that says what is expected of a field; see `Field`."""
    if not isinstance(value, Mapping) or not is_shares(value):
        return False
    known = set(value) <= {"agree", "differ", "chance"}
    return known and value.get("agree", 0) + value.get("differ", 0) <= 1


def is_ascending(value: object, above: float, up_to: float) -> bool:
    """Whether it is a list of numbers, each larger than the one before."""
    if not isinstance(value, (list, tuple)) or not all(map(_is_number, value)):
        return False
    rises = all(a < b for a, b in pairwise(value))
    return rises and all(above <= number <= up_to for number in value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
