"""What the plug-in decorators share: calling, coercing, naming, pickling."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from itertools import starmap
from typing import Any, TypeVar

from custmerge.exceptions import CustmergeError, InvalidConfigError, PluginError

__all__ = [
    "Spec",
    "call",
    "call_each",
    "coerce",
    "import_plugin",
    "qualified_name",
    "spec_of",
]

Result = TypeVar("Result")

Spec = str | dict[str, Any]
"""How a configuration file names a plug-in: a name, or a name with parameters."""


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


def call_each(
    function: Callable[..., Any],
    arguments: Iterable[tuple[Any, ...]],
    stage: str,
    check: Callable[[Any], str | None],
) -> list[Any]:
    """Call a user's function once for each tuple of arguments.

    Args:
        function: The user's function.
        arguments: The argument tuples.
        stage: The stage's name, for messages.
        check: Says what is wrong with a returned value, or `None`.

    Raises:
        PluginError: The function raised, or returned what its stage forbids. The
            message names stage and function, never the values.
    """
    results: list[Any] = []
    try:
        results.extend(starmap(function, arguments))  # those before an error are kept
    except Exception as error:
        message = (
            f"{stage} {_display_name(function)!r} raised {type(error).__name__} "
            f"on distinct value {len(results)} of those it was given"
        )
        raise PluginError(message) from error
    problem = next(filter(None, map(check, results)), None)
    if problem is not None:
        message = f"{stage} {_display_name(function)!r} {problem}"
        raise PluginError(message)
    return results


def _display_name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)


def qualified_name(function: Callable[..., Any]) -> str:
    """Return `"package.module:attribute"` of a module-level function or object."""
    module = getattr(function, "__module__", None) or "builtins"  # str.upper has none
    return f"{module}:{function.__qualname__}"


def import_plugin(reference: str) -> Any:
    """Return the object that `"package.module:attribute"` names.

    Raises:
        InvalidConfigError: The module or the attribute does not exist.
    """
    module, _, attribute = reference.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        message = (
            f"the plug-in {reference!r} cannot be imported ({error}); it must be "
            "'package.module:attribute', defined at module level and importable here"
        )
        raise InvalidConfigError(message) from error
    return found


def coerce(
    given: object,
    stage: str,
    protocol: type | tuple[type, ...],
    builtins: Mapping[str, Callable[..., Any]],
    lift: Callable[[Callable[..., Any]], Any] | None = None,
) -> Any:
    """Return the plug-in that a configuration's entry stands for.

    Args:
        given: A plug-in, a plain function, a built-in's name, a mapping with `name`
            and parameters, or `"package.module:attribute"`.
        stage: The stage's name, for messages.
        protocol: What the result must satisfy.
        builtins: The stage's built-in plug-ins by name.
        lift: Makes a plug-in of a plain function, where the stage allows that.

    Raises:
        InvalidConfigError: Nothing of the above; the message lists the built-ins.
    """
    # To ask a protocol takes long (50 µs in Python 3.11), and fields are made often.
    if type(given) in builtins.values():
        return given
    if isinstance(given, str) and ":" in given:
        given = import_plugin(given)
    if isinstance(given, str) and given in builtins:
        given = {"name": given}
    if isinstance(given, Mapping) and given.get("name") in builtins:
        return _build(given, stage, builtins)
    if isinstance(given, protocol) and not isinstance(given, type):
        return given
    # What has a reference was made a plug-in of another stage by its decorator.
    is_class, is_lifted = isinstance(given, type), hasattr(given, "reference")
    if lift is not None and callable(given) and not is_class and not is_lifted:
        return lift(given)
    named = given.get("name") if isinstance(given, Mapping) else given
    shown = repr(named) if isinstance(named, str) else f"a {type(given).__name__}"
    message = (
        f"{shown} is not a {stage}; give one of {sorted(builtins)}, an object with "
        f"the {stage}'s method, a decorated function, or 'package.module:attribute'"
    )
    raise InvalidConfigError(message)


def _build(
    given: Mapping[str, Any], stage: str, builtins: Mapping[str, Callable[..., Any]]
) -> Any:
    parameters = {key: value for key, value in given.items() if key != "name"}
    try:
        return builtins[given["name"]](**parameters)
    except TypeError as error:
        message = f"the parameters of {stage} {given['name']!r} do not fit: {error}"
        raise InvalidConfigError(message) from error


def spec_of(plugin: Any, builtins: Mapping[str, Callable[..., Any]]) -> Spec:
    """Return how a configuration file names a plug-in; `coerce` reads it back."""
    built_in = builtins.get(getattr(plugin, "name", ""))
    if built_in is not None and built_in is type(plugin):
        changed = _changed_parameters(plugin)
        return {"name": plugin.name, **changed} if changed else str(plugin.name)
    reference = getattr(plugin, "reference", None)
    if isinstance(reference, str):
        if "<" in reference:  # <locals> or <lambda>
            message = (
                f"the plug-in {plugin.name!r} cannot be written to a file: define it "
                "at module level, so that a file can refer to it"
            )
            raise InvalidConfigError(message)
        return reference
    return _by_module(plugin)


def _changed_parameters(plugin: Any) -> dict[str, Any]:
    if not is_dataclass(plugin):
        return {}
    return {
        item.name: getattr(plugin, item.name)
        for item in fields(plugin)
        if item.init and _default(item) != getattr(plugin, item.name)
    }


def _default(item: Any) -> Any:
    return (
        item.default_factory() if item.default_factory is not MISSING else item.default
    )


def _by_module(plugin: Any) -> Spec:
    module = importlib.import_module(type(plugin).__module__)
    for attribute, value in vars(module).items():
        if value is plugin:
            return f"{module.__name__}:{attribute}"
    message = (
        f"the plug-in {plugin.name!r} cannot be written to a file: give it a name at "
        f"module level in {module.__name__!r}, so that a file can refer to it"
    )
    raise InvalidConfigError(message)
