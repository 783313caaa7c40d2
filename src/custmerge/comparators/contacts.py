"""Comparators for e-mail addresses and phone numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA

from custmerge.comparators.strings import pairwise
from custmerge.protocols import Scores

__all__ = ["EmailParts", "PhoneDigits"]

SAME_LINE = 0.95
"""Score of two numbers alike but for country and area code."""
LOCAL_DIGITS = 7
"""Digits a number keeps without its area code: the shortest common national length."""


@dataclass(frozen=True, slots=True)
class EmailParts:
    """Edit similarity of the local parts, lifted a little by an equal domain.

    The local part names the person, the domain mostly the provider; so equal local
    parts at different domains score 0.9 or more, and different ones at an equal
    domain what their own similarity is.

    Examples:
        >>> left = ["ann.lee@a.com", "ann.lee@a.com"]
        >>> EmailParts().compare(left, ["ann.lee@b.org", "ann.leo@a.com"]).round(2)
        array([0.92, 0.86], dtype=float32)
    """

    name: str = "email"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        local_left, domain_left = _split(left)
        local_right, domain_right = _split(right)
        local = pairwise(local_left, local_right, OSA.normalized_similarity)
        domain = pairwise(domain_left, domain_right, OSA.normalized_similarity)
        return np.asarray(0.9 * local + 0.1 * local * domain, dtype=np.float32)


def _split(emails: Sequence[str]) -> tuple[list[str], list[str]]:
    parts = [email.rpartition("@") for email in emails]
    return [local or domain for local, _, domain in parts], [part[2] for part in parts]


@dataclass(frozen=True, slots=True)
class PhoneDigits:
    """How many digits two numbers differ by.

    0.95 where they end in the same seven digits and one lacks (or differs in) what
    comes before; else 0.85 for one mistyped or exchanged digit, 0.7 for two, 0 beyond.

    Examples:
        >>> left = ["+61293741234", "+61293741234", "+61293741234"]
        >>> PhoneDigits().compare(left, ["93741234", "+61293741243", "+61255550000"])
        array([0.95, 0.85, 0.  ], dtype=float32)
    """

    name: str = "phone"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        distance = pairwise(left, right, OSA.distance)
        steps = np.asarray([1.0, 0.85, 0.7, 0.0], dtype=np.float32)
        scores = steps[np.minimum(distance, 3).astype(np.intp)]
        tails = zip(left, right, strict=True)
        same = [a[-LOCAL_DIGITS:] == b[-LOCAL_DIGITS:] for a, b in tails]
        long = [
            min(map(len, pair)) >= LOCAL_DIGITS
            for pair in zip(left, right, strict=True)
        ]
        scores[np.asarray(same, bool) & np.asarray(long, bool) & (distance > 0)] = (
            SAME_LINE
        )
        return scores
