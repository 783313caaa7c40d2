"""What a rule may ask of two values beyond their similarity.

A predicate is an object with a `name` and a vectorised `holds(left, right)`, or a plain
function of two texts. It sees only present, normalized values, each distinct pair once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import call_each, coerce, import_plugin, qualified_name
from custmerge.protocols import Predicate

__all__ = [
    "PREDICATES",
    "FunctionPredicate",
    "IntoPredicate",
    "NumbersApart",
    "YearsApart",
    "as_predicate",
]

IntoPredicate = Predicate | Callable[[str, str], bool] | str | Mapping[str, Any]
"""What a rule takes for a predicate; see `as_predicate`."""

_YEAR = re.compile(r"([0-9]{4})(?:-[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True)
class YearsApart:
    """Holds where the years of two dates differ by more than so many.

    Attributes:
        more_than: The difference in years up to which it does not hold.

    Examples:
        >>> YearsApart(2).holds(["1990-05-03", "1990"], ["1992-01-01", "1993-05"])
        array([False,  True])
    """

    more_than: float
    name: str = "years_apart"

    def holds(self, left: Sequence[str], right: Sequence[str], /) -> NDArray[np.bool_]:
        """Compare each pair; see `Predicate.holds`. No date, no difference."""
        return _apart(_year, left, right, self.more_than)


@dataclass(frozen=True, slots=True)
class NumbersApart:
    """Holds where two numbers differ by more than so much.

    Attributes:
        more_than: The difference up to which it does not hold.

    Examples:
        >>> NumbersApart(0.5).holds(["1", "1"], ["1.5", "1.6"])
        array([False,  True])
    """

    more_than: float
    name: str = "numbers_apart"

    def holds(self, left: Sequence[str], right: Sequence[str], /) -> NDArray[np.bool_]:
        """Compare each pair; see `Predicate.holds`. No number, no difference."""
        return _apart(_number, left, right, self.more_than)


def _apart(
    read: Callable[[str], float],
    left: Sequence[str],
    right: Sequence[str],
    more_than: float,
) -> NDArray[np.bool_]:
    a, b = (np.asarray([read(text) for text in side], float) for side in (left, right))
    apart: NDArray[np.bool_] = np.abs(a - b) > more_than
    return apart


def _year(text: str) -> float:
    found = _YEAR.fullmatch(text)
    return float(found[1]) if found else np.nan


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


@dataclass(frozen=True, slots=True)
class FunctionPredicate:
    """A predicate made of a plain function of two texts."""

    function: Callable[[str, str], bool]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def reference(self) -> str:
        """The function's place, `"package.module:attribute"`."""
        return qualified_name(self.function)

    def __repr__(self) -> str:
        return f"FunctionPredicate({self.name!r})"

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return _imported, (self.reference,)

    def holds(self, left: Sequence[str], right: Sequence[str], /) -> NDArray[np.bool_]:
        """Call the function on each pair; see `Predicate.holds`."""
        arguments = zip(left, right, strict=True)
        answers = call_each(self.function, arguments, "predicate", _answer_problem)
        return np.asarray(answers, dtype=np.bool_)


def _imported(reference: str) -> FunctionPredicate:
    return FunctionPredicate(import_plugin(reference))


def _answer_problem(answer: object) -> str | None:
    is_answer = isinstance(answer, (bool, np.bool_))
    return None if is_answer else "returned neither True nor False"


PREDICATES: Mapping[str, Callable[..., Predicate]] = {
    "numbers_apart": NumbersApart,
    "years_apart": YearsApart,
}
"""The built-in predicates by name."""


def as_predicate(given: IntoPredicate) -> Predicate:
    """Return the predicate that a mapping, function, object or reference stands for.

    Raises:
        InvalidConfigError: It stands for none; the message lists the built-in names.

    Examples:
        >>> as_predicate({"name": "years_apart", "more_than": 2})
        YearsApart(more_than=2, name='years_apart')
    """
    found = coerce(given, "predicate", Predicate, PREDICATES, FunctionPredicate)
    return cast("Predicate", found)
