"""Comparators for the parts of a person's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rapidfuzz.distance import JaroWinkler as _JaroWinkler

from custmerge.comparators.strings import pairwise
from custmerge.protocols import Scores

__all__ = ["FamilyName", "GivenName", "full_forms", "share_nickname"]

# Where one name merely does not contradict the other, it scores a fixed value. They
# lie on the Jaro-Winkler scale, on which names two typing errors apart reach 0.88.
NICKNAME = 0.95
CONTAINED = 0.91
INITIAL = 0.87


@cache
def _full_forms() -> dict[str, set[str]]:
    from nicknames import name_triplets  # noqa: PLC0415  reads its table

    forms: dict[str, set[str]] = {}
    for full, relationship, short in name_triplets():
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


def share_nickname(left: str, right: str) -> bool:
    """Return whether one name is used for the other, or both for a third.

    Examples:
        >>> share_nickname("bob", "robert"), share_nickname("bob", "rob")
        (True, True)
        >>> share_nickname("bob", "alice")
        False
    """
    return not full_forms(left).isdisjoint(full_forms(right))


def _contained(left: str, right: str) -> bool:
    """Whether all words of one name are words of the other."""
    a, b = set(left.split()), set(right.split())
    return a <= b or b <= a


def _initials_agree(left: str, right: str) -> bool:
    """Whether one name is only the other's initial."""
    return (len(left) == 1 or len(right) == 1) and left[0] == right[0]


def _raise_where(
    scores: Scores,
    left: Sequence[str],
    right: Sequence[str],
    tests: Sequence[tuple[float, Callable[[str, str], bool]]],
) -> Scores:
    """Raise each score to the value of every test its pair passes."""
    for floor, test in tests:
        low = np.flatnonzero(scores < floor)
        passed = [test(left[i], right[i]) for i in low.tolist()]
        scores[low[np.asarray(passed, dtype=bool)]] = floor
    return scores


@dataclass(frozen=True, slots=True)
class GivenName:
    """Jaro-Winkler, but nicknames, initials and left-out second names count as alike.

    A pair's score is at least 0.95 for nicknames of one name, 0.91 where the words of
    one are among the other's, 0.87 where one is the other's initial.

    Examples:
        >>> GivenName().compare(["bob", "j"], ["robert", "john"]).round(2).tolist()
        [0.949..., 0.870...]
    """

    name: str = "given_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        scores = pairwise(left, right, _JaroWinkler.normalized_similarity)
        tests = [
            (NICKNAME, share_nickname),
            (CONTAINED, _contained),
            (INITIAL, _initials_agree),
        ]
        return _raise_where(scores, left, right, tests)


@dataclass(frozen=True, slots=True)
class FamilyName:
    """Jaro-Winkler, but a part of a double name counts as alike (at least 0.91).

    Examples:
        >>> FamilyName().compare(["smith jones"], ["jones"]).round(2).tolist()
        [0.910...]
    """

    name: str = "family_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        scores = pairwise(left, right, _JaroWinkler.normalized_similarity)
        return _raise_where(scores, left, right, [(CONTAINED, _contained)])
