"""Models as JSON files: versioned, plain data, no code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from custmerge.exceptions import ModelError

__all__ = ["read_document", "write_document"]

_FORMAT = "custmerge-model"
_VERSION = 1


def write_document(
    path: str | PathLike[str], model: str, parameters: Mapping[str, Any]
) -> None:
    """Write a model's parameters; `model` says which model they are of."""
    head = {"format": _FORMAT, "version": _VERSION, "model": model}
    text = json.dumps({**head, **parameters}, indent=2, ensure_ascii=False)
    Path(path).write_text(text + "\n", encoding="utf-8")


def read_document(path: str | PathLike[str]) -> dict[str, Any]:
    """Return what `write_document` wrote, `model` among it.

    Raises:
        ModelError: The file is no model, or was written by a newer version.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read as a model: {type(error).__name__}"
        raise ModelError(message) from error
    if not isinstance(document, dict) or document.pop("format", None) != _FORMAT:
        message = f"{path} is not a custmerge model; models are written by model.save()"
        raise ModelError(message)
    version = document.pop("version", None)
    if version != _VERSION:
        message = f"{path} has model format {version}; this version reads {_VERSION}"
        raise ModelError(message)
    return document
