"""What the engine relies on in a normalizer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from custmerge.normalizers import IntoNormalizer, as_normalizer
from custmerge.records import as_text
from custmerge.testing.awkward import labelled
from custmerge.testing.subjects import PICKLING, Subject

__all__ = ["check_normalizer"]


def check_normalizer(
    normalizer: IntoNormalizer, values: Iterable[str] = (), *, awkward: bool = True
) -> None:
    """Check that a normalizer keeps its contract; return nothing where it does.

    It must be total (raise for no text), return one text or `None` for each value and
    never a blank text, be element-wise (each value as if alone, in any order) and
    idempotent (its own results unchanged), and survive pickling.

    Args:
        normalizer: The normalizer, or what a configuration takes for one.
        values: Your own values, typical of the field. Blank ones are passed over.
        awkward: Whether to add `AWKWARD_TEXTS`.

    Raises:
        PluginError: A law is broken; the message says which, on what.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.testing import check_normalizer
        >>> check_normalizer("email", ["Ann.Lee@Example.com"])
        >>> @cm.normalizer
        ... def halved(value: str) -> str:
        ...     return value[: (len(value) + 1) // 2]
        >>> try:
        ...     check_normalizer(halved, ["Ann Lee"])
        ... except cm.PluginError as error:
        ...     print(error)
        normalizer 'halved' is not idempotent: it changes its own result for values[0]
    """
    plugin = as_normalizer(normalizer)
    subject = Subject.of("normalizer", plugin)
    labels = labelled(values, awkward=awkward)
    texts, names = tuple(labels), tuple(labels.values())
    alone = []
    for text, label in labels.items():
        result = _standard_form(subject, plugin.normalize, text, label)
        if result is not None:
            again = _standard_form(subject, plugin.normalize, result, label)
            subject.require(
                f"is not idempotent: it changes its own result for {label}",
                kept=again == result,
            )
        alone.append(result)
    both_ways = (*texts, *reversed(texts))
    together = subject.call(plugin.normalize, both_ways, on="many values together")
    unlike = _first_difference(together, [*alone, *reversed(alone)])
    label = (*names, *reversed(names))[unlike]
    subject.require(
        f"is not element-wise: among others it gives {label} another result than alone",
        kept=unlike < 0,
    )
    nothing = subject.call(plugin.normalize, (), on="no values")
    subject.require("must return nothing for no values", kept=not len(nothing))
    restored = subject.pickled(plugin).normalize(texts)
    subject.require(PICKLING, kept=_first_difference(restored, alone) < 0)


def _standard_form(
    subject: Subject, normalize: Callable[..., Any], text: str, label: str
) -> str | None:
    results = subject.call(normalize, (text,), on=label)
    subject.require(
        f"must return one result for each value; for one, {label}, it returned "
        f"{len(results)}",
        kept=len(results) == 1,
    )
    result = results[0]
    subject.require(
        f"must return text or None; for {label} it returned a {type(result).__name__}",
        kept=result is None or isinstance(result, str),
    )
    subject.require(
        f"must return None where there is no standard form; for {label} it returned "
        "blank text",
        kept=result is None or as_text(result) is not None,
    )
    return None if result is None else str(result)


def _first_difference(given: Sequence[object], wanted: Sequence[object]) -> int:
    """Return the first position at which two sequences differ; -1 where none does."""
    unlike = (i for i, want in enumerate(wanted) if list(given[i : i + 1]) != [want])
    return next(unlike, -1 if len(given) == len(wanted) else len(wanted) - 1)
