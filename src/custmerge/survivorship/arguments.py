"""What the arguments of survivorship rules must be, told when a rule is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from custmerge.exceptions import InvalidConfigError
from custmerge.protocols import SurvivorshipRule

__all__ = ["argument_problems", "check_arguments", "is_column"]


def is_column(value: object) -> bool:
    """Whether it may be the name of a column."""
    return isinstance(value, str) and bool(value)


def _is_optional_column(value: object) -> bool:
    return value is None or is_column(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_columns(value: object) -> bool:
    return value is None or (
        isinstance(value, (list, tuple)) and all(map(is_column, value))
    )


_COLUMN = (_is_optional_column, "the name of a column, such as 'updated_at'")
_FLAG = (_is_flag, "True or False")

_WANTED: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "by": _COLUMN,
    "of": _COLUMN,
    "column": _COLUMN,
    "columns": (_are_columns, "a list of column names"),
    "missing": (("last", "first").__contains__, "'last' or 'first'"),
    "day_first": (lambda value: value in (None, True, False), "True, False or None"),
    "distinct": _FLAG,
    "normalized": _FLAG,
    "names": _FLAG,
    "joined": (
        lambda value: value is None or isinstance(value, str),
        "a text such as '; ', or None",
    ),
}
"""For each argument of the built-in rules a test of it and what would be right."""


def argument_problems(rule: SurvivorshipRule) -> list[str]:
    """Return what is wrong with the arguments of a built-in rule, without the values.

    Examples:
        >>> from custmerge.survivorship import longest
        >>> argument_problems(longest())
        []
    """
    return [
        f"{name} must be {wanted}"
        for name, (is_right, wanted) in _WANTED.items()
        if hasattr(rule, name) and not is_right(getattr(rule, name))
    ]


def check_arguments(rule: SurvivorshipRule) -> None:
    """Check the arguments of a rule that was just built.

    Raises:
        InvalidConfigError: Some do not fit; the message lists all of them.
    """
    problems = argument_problems(rule)
    if problems:
        raise InvalidConfigError(f"{rule.name}: " + "; ".join(problems))
