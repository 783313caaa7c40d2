"""A normalizer made of a user's function, or of several normalizers in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from custmerge._adapters import call_each, import_plugin, qualified_name
from custmerge.exceptions import PluginError
from custmerge.protocols import Normalizer

__all__ = ["Chain", "FunctionNormalizer", "normalizer"]


@dataclass(frozen=True, slots=True)
class FunctionNormalizer:
    """A user's function as a normalizer; still callable as that function.

    Attributes:
        function: Returns the standard form of one value, or `None`.
    """

    function: Callable[[str], str | None]

    @property
    def name(self) -> str:
        """The function's name."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    @property
    def reference(self) -> str:
        """Where to import it from, as `"package.module:attribute"`."""
        return qualified_name(self.function)

    def __repr__(self) -> str:
        return f"FunctionNormalizer({self.name!r})"

    def __call__(self, value: str, /) -> str | None:
        """Return what the function returns."""
        return self.function(value)

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the function's result for each value; blank text is `None`.

        Raises:
            PluginError: The function raised, or returned neither text nor `None`.
        """
        arguments = ((value,) for value in values)
        results = call_each(self.function, arguments, "normalizer", _problem)
        return [
            result if result and not result.isspace() else None for result in results
        ]

    def __reduce__(self) -> tuple[Callable[[str], FunctionNormalizer], tuple[str]]:
        # By reference: the decorated name hides the function from pickle.
        return _restored, (self.reference,)


def _restored(reference: str) -> FunctionNormalizer:
    found: Any = import_plugin(reference)
    return found if isinstance(found, FunctionNormalizer) else FunctionNormalizer(found)


def _problem(result: object) -> str | None:
    if result is None or isinstance(result, str):
        return None
    return f"returned a {type(result).__name__}; it must return text or None"


def normalizer(function: Callable[[str], str | None]) -> FunctionNormalizer:
    """Make a normalizer of a function that sees one present value at a time.

    Examples:
        >>> @normalizer
        ... def strip_title(value: str) -> str | None:
        ...     return value.removeprefix("dr ").strip() or None
        >>> strip_title("dr ann"), strip_title.normalize(["dr ann", "dr "])
        ('ann', ['ann', None])
    """
    return FunctionNormalizer(function)


@dataclass(frozen=True, slots=True)
class Chain:
    """Several normalizers as one: each is given what the one before it returned.

    Attributes:
        steps: The normalizers, first to last.

    Examples:
        >>> from custmerge.normalizers import Text
        >>> Chain((Text(), normalizer(lambda value: value[:2]))).normalize(["ANN", "-"])
        ['an', None]
    """

    steps: tuple[Normalizer, ...]

    @property
    def name(self) -> str:
        """The names of the steps."""
        return " > ".join(step.name for step in self.steps)

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return each value after the last step; `None` after any step stays so."""
        results: list[str | None] = list(values)
        for step in self.steps:
            results = _apply(step, results)
        return results


def _apply(step: Normalizer, values: Sequence[str | None]) -> list[str | None]:
    present = [value for value in values if value is not None]
    normalized = step.normalize(present)
    if len(normalized) != len(present):
        message = (
            f"normalizer {step.name!r} returned {len(normalized)} results for "
            f"{len(present)} values; it must return one for each"
        )
        raise PluginError(message)
    following = iter(normalized)
    return [None if value is None else next(following) for value in values]
