"""What the engine relies on in a comparator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators import (
    AnyComparator,
    BoundedScorer,
    IntoComparator,
    as_comparator,
)
from custmerge.protocols import Codes, CodeScorer, VocabularyComparator
from custmerge.testing.awkward import labelled
from custmerge.testing.subjects import PICKLING, Subject

__all__ = ["check_comparator"]

_TOLERANCE = 1e-6
"""What the order of adding up may change in a float32 in [0, 1]."""


def check_comparator(
    comparator: IntoComparator, values: Iterable[str] = (), *, awkward: bool = True
) -> None:
    """Check that a comparator keeps its contract; return nothing where it does.

    Its scores must be symmetric, in [0, 1], never NaN (but of a `BoundedScorer` that
    says that it is partial), and 1 for equal values; many pairs must score as each
    alone, no pairs be no error, and pickling change nothing.

    Args:
        comparator: The comparator, or what a configuration takes for one.
        values: Your own values, as the field's normalizer leaves them. Blank ones are
            passed over. Each is compared with each.
        awkward: Whether to add `AWKWARD_TEXTS`; `False` for a comparator whose
            normalizer lets none of them through.

    Raises:
        PluginError: A law is broken; the message says which, on what.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.testing import check_comparator
        >>> check_comparator("jaro_winkler", ["ann", "anne"])
        >>> @cm.comparator
        ... def starts_alike(left: str, right: str) -> float:
        ...     return float(right.startswith(left))
        >>> try:
        ...     check_comparator(starts_alike, ["ann", "anne"], awkward=False)
        ... except cm.PluginError as error:
        ...     print(error)
        comparator 'starts_alike' is not symmetric: values[0] and values[1]
    """
    plugin = as_comparator(comparator)
    subject = Subject.of("comparator", plugin)
    labels = labelled(values, awkward=awkward)
    texts, names = tuple(labels), tuple(labels.values())
    size = len(texts)
    scorer = _scorer_of(subject, plugin, texts)
    neighbours = np.arange(size), np.roll(np.arange(size), -1)
    alone = [
        _scores(subject, scorer, (left, right), f"{names[left[0]]} and its neighbour")
        for left, right in _one_by_one(*neighbours)
    ]
    everything = np.divmod(np.arange(size * size), size)
    scores = _scores(subject, scorer, everything, "many pairs together")
    square = scores.reshape(size, size)
    laws = {
        "returned NaN for": np.isnan(square) & ~_is_partial(scorer),
        "returned a score outside [0, 1] for": (square < 0) | (square > 1),
        "is not symmetric:": ~_close(square, square.T),
        "must score equal values 1, and does not for": np.diag(np.diag(square) != 1),
    }
    for law, broken in laws.items():
        pair = np.argwhere(broken)[:1].ravel().tolist()
        where = " and ".join(dict.fromkeys(names[i] for i in pair))
        subject.require(f"{law} {where}", kept=not pair)
    subject.require(
        "scores a pair among others unlike the same pair alone",
        kept=_agree(square[neighbours], np.ravel(alone)),
    )
    _scores(subject, scorer, np.divmod(np.empty(0, np.int64), 1), "no pairs")
    mirrored = _scorer_of(subject, plugin, texts[::-1])
    subject.require(
        "scores otherwise when the values come in another order",
        kept=_agree(_scores(subject, mirrored, everything, "pairs"), scores[::-1]),
    )
    restored = _scorer_of(subject, subject.pickled(plugin), texts)
    subject.require(
        PICKLING, kept=_agree(_scores(subject, restored, everything, "pairs"), scores)
    )


def _one_by_one(left: Codes, right: Codes) -> list[tuple[Codes, Codes]]:
    return [(left[i : i + 1], right[i : i + 1]) for i in range(len(left))]


def _close(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    close: NDArray[np.bool_] = np.isclose(a, b, rtol=0, atol=_TOLERANCE, equal_nan=True)
    return close


def _agree(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return bool(_close(a, b).all())


def _is_partial(scorer: CodeScorer) -> bool:
    return isinstance(scorer, BoundedScorer) and scorer.is_partial


def _scorer_of(
    subject: Subject, plugin: AnyComparator, texts: tuple[str, ...]
) -> CodeScorer:
    """Return what scores pairs of positions in the texts."""
    if isinstance(plugin, VocabularyComparator):
        scorer: CodeScorer = subject.call(plugin.prepare, texts, on="all values")
        return scorer
    return lambda left, right: plugin.compare(
        [texts[code] for code in left.tolist()],
        [texts[code] for code in right.tolist()],
    )


def _scores(
    subject: Subject, scorer: CodeScorer, codes: tuple[Codes, Codes], what: str
) -> NDArray[np.float64]:
    scores = np.asarray(subject.call(scorer, *codes, on=what), np.float64)
    subject.require(
        f"must return one score for each of {len(codes[0])} pairs; it returned an array"
        f" of shape {scores.shape}",
        kept=scores.shape == codes[0].shape,
    )
    return scores
