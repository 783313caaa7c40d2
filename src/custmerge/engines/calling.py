"""Calling plug-ins: what they raise, said without what they were given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from custmerge.exceptions import CustmergeError, PluginError

__all__ = ["call"]

Result = TypeVar("Result")


def call(label: str, function: Callable[..., Result], *arguments: object) -> Result:
    """Return what a plug-in's method returns.

    Args:
        label: The stage, the plug-in and the field, for the message.
        function: The method.
        arguments: What it is given.

    Raises:
        PluginError: It raised. The message names the error's type alone, since its text
            may hold a value.
    """
    try:
        return function(*arguments)
    except CustmergeError:
        raise
    except Exception as error:
        message = f"{label} raised {type(error).__name__}"
        raise PluginError(message) from error
