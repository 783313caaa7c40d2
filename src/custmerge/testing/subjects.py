"""A plug-in under check: calling it, and saying what it breaks."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from custmerge.exceptions import PluginError

__all__ = ["PICKLING", "Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A plug-in under check, as messages call it."""

    stage: str
    name: str

    @classmethod
    def of(cls, stage: str, plugin: object) -> Subject:
        """Return the plug-in as one to check; `PluginError` where it has no name."""
        name = getattr(plugin, "name", None)
        if not isinstance(name, str) or not name:
            message = (
                f"the {stage}, a {type(plugin).__name__}, must have a name: a text of "
                "at least one character"
            )
            raise PluginError(message)
        return cls(stage, name)

    def require(self, law: str, *, kept: bool) -> None:
        """Raise `PluginError` that names the law, unless it is kept."""
        if not kept:
            message = f"{self.stage} {self.name!r} {law}"
            raise PluginError(message)

    def call(self, function: Callable[..., Any], *arguments: object, on: str) -> Any:  # noqa: ANN401  a plug-in may return anything
        """Return what a call returns; `on` says of what, should it raise."""
        try:
            return function(*arguments)
        except Exception as error:
            cause = error.__cause__ if isinstance(error, PluginError) else None
            raised = type(cause or error).__name__
            message = f"{self.stage} {self.name!r} raised {raised} on {on}"
            raise PluginError(message) from error

    def pickled(self, plugin: object) -> Any:  # noqa: ANN401  the plug-in's own type
        """Return the plug-in after a round trip through pickle."""
        try:
            return pickle.loads(pickle.dumps(plugin))  # noqa: S301  our own bytes
        except Exception as error:
            message = (
                f"{self.stage} {self.name!r} does not pickle ({type(error).__name__}); "
                "define it at module level, with parameters that pickle"
            )
            raise PluginError(message) from error


PICKLING = "gives other results after pickling"
"""What every stage says of a plug-in that pickling changes."""
