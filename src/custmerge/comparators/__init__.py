"""How alike two values of a field are.

A comparator is an object with a `name` and a vectorised `compare(left, right)`, or a
plain function under `@comparator`. It sees only present, normalized, unequal values,
each distinct pair once; equal values score 1 without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from custmerge._adapters import call_each, coerce, import_plugin, qualified_name
from custmerge.comparators.addresses import Address
from custmerge.comparators.contacts import (
    EmailParts,
    IdentifierCharacters,
    PhoneDigits,
)
from custmerge.comparators.dates import DateParts
from custmerge.comparators.names import FamilyName, GivenName
from custmerge.comparators.numbers import RelativeDifference
from custmerge.comparators.organisations import OrganisationName
from custmerge.comparators.strings import (
    BoundedScorer,
    Exact,
    JaroWinkler,
    Levenshtein,
)
from custmerge.comparators.tokens import FullName, TokenCosine
from custmerge.protocols import Comparator, Scores, VocabularyComparator

__all__ = [
    "COMPARATORS",
    "Address",
    "AnyComparator",
    "BoundedScorer",
    "DateParts",
    "EmailParts",
    "Exact",
    "FamilyName",
    "FullName",
    "FunctionComparator",
    "GivenName",
    "IdentifierCharacters",
    "IntoComparator",
    "JaroWinkler",
    "Levenshtein",
    "OrganisationName",
    "PhoneDigits",
    "RelativeDifference",
    "TokenCosine",
    "as_comparator",
    "comparator",
]

AnyComparator = Comparator | VocabularyComparator
IntoComparator = AnyComparator | Callable[[str, str], float] | str | Mapping[str, Any]
"""What a configuration takes for a comparator; see `as_comparator`."""

COMPARATORS: Mapping[str, Callable[..., AnyComparator]] = {
    "address": Address,
    "date": DateParts,
    "email": EmailParts,
    "exact": Exact,
    "family_name": FamilyName,
    "full_name": FullName,
    "given_name": GivenName,
    "identifier": IdentifierCharacters,
    "jaro_winkler": JaroWinkler,
    "levenshtein": Levenshtein,
    "number": RelativeDifference,
    "organisation": OrganisationName,
    "phone": PhoneDigits,
    "token_cosine": TokenCosine,
}
"""The built-in comparators by name."""


@dataclass(frozen=True, slots=True)
class FunctionComparator:
    """A comparator made of a plain function of two texts; still callable as it was."""

    function: Callable[[str, str], float]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def reference(self) -> str:
        """The function's place, `"package.module:attribute"`."""
        return qualified_name(self.function)

    def __repr__(self) -> str:
        return f"FunctionComparator({self.name!r})"

    def __call__(self, left: str, right: str) -> float:
        """Return what the function returns."""
        return self.function(left, right)

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return import_plugin, (self.reference,)

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Call the function on each pair; see `Comparator.compare`."""
        arguments = zip(left, right, strict=True)
        results = call_each(self.function, arguments, "comparator", _score_problem)
        return np.asarray(results, dtype=np.float32)


def _score_problem(score: object) -> str | None:
    if type(score) is float and 0 <= score <= 1:  # nearly all are
        return None
    if isinstance(score, (bool, int, float, np.number)) and 0 <= float(score) <= 1:
        return None
    what = "a score outside" if isinstance(score, (int, float)) else "no number in"
    return f"returned {what} [0, 1]; return 1.0 for equal and 0.0 for unlike values"


def comparator(function: Callable[[str, str], float]) -> FunctionComparator:
    """Make a comparator of a function of two texts that returns a score in [0, 1].

    The function must be symmetric. It is called once for each distinct pair of
    unequal values, never with a missing one.

    Examples:
        >>> import custmerge as cm
        >>> @cm.comparator
        ... def same_area(left: str, right: str) -> float:
        ...     return float(left[:2] == right[:2])
        >>> same_area("SW1A", "SW3B")
        1.0
        >>> same_area.compare(["SW1A", "N1"], ["SW3B", "E2"]).tolist()
        [1.0, 0.0]
    """
    return FunctionComparator(function)


def as_comparator(given: IntoComparator) -> AnyComparator:
    """Return the comparator that a name, function, object or reference stands for.

    Raises:
        InvalidConfigError: It stands for none; the message lists the built-in names.

    Examples:
        >>> as_comparator("jaro_winkler")
        JaroWinkler(prefix_weight=0.1, name='jaro_winkler')
    """
    protocols = (Comparator, VocabularyComparator)
    found = coerce(given, "comparator", protocols, COMPARATORS, FunctionComparator)
    return cast("AnyComparator", found)
