"""Model files read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any

from custmerge.classifier.documents import read_document
from custmerge.classifier.model import FellegiSunter, from_document
from custmerge.classifier.predicates import PREDICATES
from custmerge.classifier.rules import Rules
from custmerge.classifier.scores import WeightedScore
from custmerge.exceptions import ModelError

__all__ = ["load_model"]

SavedModel = FellegiSunter | Rules | WeightedScore


def load_model(path: str | PathLike[str]) -> Any:  # noqa: ANN401  any of the models
    """Return the model that its `save` wrote; no code is executed.

    Raises:
        ModelError: The file is no model, or was written by a newer version.

    Examples:
        >>> import custmerge as cm
        >>> model = cm.load_model("model.json")  # doctest: +SKIP
    """
    document = read_document(path)
    model = document.pop("model", "fellegi_sunter")
    if model not in _READERS:
        message = f"{path} holds an unknown model; known are {sorted(_READERS)}"
        raise ModelError(message)
    try:
        return _READERS[model](document)
    except (TypeError, ValueError, KeyError) as error:
        message = f"{path} is a damaged model: {error}"
        raise ModelError(message) from error


def _rules(document: Mapping[str, Any]) -> Rules:
    """Return rules of built-in predicates alone: a reference would import code."""
    for row in document["rules"]:
        for given in row.get("where", {}).values():
            named = given.get("name") if isinstance(given, dict) else given
            if named not in PREDICATES:
                message = f"predicates must be of {sorted(PREDICATES)}"
                raise ValueError(message)
    return Rules(**document)


def _weighted_score(document: Mapping[str, Any]) -> WeightedScore:
    return WeightedScore(**document)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], SavedModel]] = {
    "fellegi_sunter": from_document,
    "rules": _rules,
    "weighted_score": _weighted_score,
}
