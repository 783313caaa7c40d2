"""Given names in English, and what they are short for."""

from __future__ import annotations

from functools import cache

__all__ = ["english_names", "full_forms"]


@cache
def _triplets() -> tuple[tuple[str, str, str], ...]:
    """Return names, how others relate to them, and these."""
    from nicknames import name_triplets  # noqa: PLC0415  reads its table

    return tuple(name_triplets())


def english_names() -> frozenset[str]:
    """Return common given names, most of them English, long and short.

    Those of the `nicknames` package's table.

    Examples:
        >>> {"robert", "bob"} <= english_names()
        True
    """
    return frozenset().union(*((name, other) for name, _, other in _triplets()))


@cache
def _full_forms() -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for full, relationship, short in _triplets():
        if relationship == "has_nickname":
            forms.setdefault(full, set()).add(full)
            forms.setdefault(short, {short}).add(full)
    return forms


def full_forms(name: str) -> set[str]:
    """Return the names an English name may stand for, itself among them.

    From the `nicknames` package's table; empty for names it does not list.

    Examples:
        >>> sorted(full_forms("bob"))
        ['bert', 'bob', 'bobby', 'robert']
    """
    return _full_forms().get(name, set())
