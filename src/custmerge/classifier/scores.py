"""A weighted mean of similarities, as hand-made matchers have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.documents import write_document
from custmerge.exceptions import InvalidConfigError
from custmerge.pairs import SimilarityVectors

__all__ = ["WeightedScore"]


@dataclass(frozen=True, slots=True)
class WeightedScore:
    """Weighs pairs by how far the weighted mean of their similarities is from a bound.

    Fields of which a side is missing are left out of the mean. The weight in bits is
    `scale * (mean - threshold)`, so that the match probability is a logistic function
    of the mean, `1 / (1 + 2 ** -weight)`. A pair with nothing to compare has the mean
    0.

    Attributes:
        fields: The weight of each field, above 0; fields not named do not count.
        threshold: The mean in (0, 1) at which a pair is as likely a match as not.
        scale: Bits by which the weight rises from a mean of 0 to one of 1. By default a
            mean of 0.1 above the threshold has a probability of 0.94.

    Raises:
        InvalidConfigError: The parts do not fit; the message lists all problems.

    Examples:
        >>> import custmerge as cm
        >>> model = cm.WeightedScore({"name": 2, "email": 1}, threshold=0.8)
        >>> records = [
        ...     {"name": "Ann Lee", "email": "lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "lee@mail.com"},
        ...     {"name": "Ann Lee", "email": None},
        ... ]
        >>> fields = {"name": cm.Field("name", kind="full_name")}
        >>> result = cm.resolve(records, fields=fields, model=model)
        >>> [row["entity_id"] for row in result.assignments]
        [0, 1, 0]
    """

    fields: Mapping[str, float]
    threshold: float = 0.8
    scale: float = 40.0

    def __post_init__(self) -> None:
        given: object = self.fields
        weights = list(given.values()) if isinstance(given, Mapping) else []
        rules = {
            "fields must map names to weights above 0": bool(weights)
            and all(map(_is_positive, weights)),
            "threshold must be a number in (0, 1)": _is_positive(self.threshold)
            and self.threshold < 1,
            "scale must be a number above 0": _is_positive(self.scale),
        }
        problems = [wanted for wanted, is_right in rules.items() if not is_right]
        if problems:
            message = "the weighted score does not fit: " + "; ".join(problems)
            raise InvalidConfigError(message)
        object.__setattr__(self, "fields", dict(self.fields))

    def weights(self, vectors: SimilarityVectors, /) -> NDArray[np.float64]:
        """Return the match weight of each pair in bits."""
        total = np.zeros(len(vectors))
        for part in self.contributions(vectors).values():
            total += part
        return total

    def contributions(
        self, vectors: SimilarityVectors, /
    ) -> dict[str, NDArray[np.float64]]:
        """Return the parts that add up to `weights`: each field, and `"(nothing)"`.

        A field adds what its similarity is above the threshold, or takes what it is
        below, by its share of the mean; the last is for pairs with nothing to compare.
        """
        present = {
            name: np.where(np.isnan(vectors.scores[name]), 0.0, weight)
            for name, weight in self.fields.items()
        }
        total = np.sum(list(present.values()), axis=0)
        parts = {
            name: self.scale
            * (np.nan_to_num(vectors.scores[name].astype(np.float64)) - self.threshold)
            * (held / np.maximum(total, min(self.fields.values())))
            for name, held in present.items()
        }
        parts["(nothing)"] = np.where(total > 0, 0.0, -self.scale * self.threshold)
        return parts

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model as JSON; `load_model` reads it back."""
        write_document(path, "weighted_score", asdict(self))


def _is_positive(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 < value < np.inf
