"""What a user requires of a field's values, beside what custmerge knows by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, get_args

from custmerge._adapters import import_plugin, qualified_name
from custmerge.config.validation import Rules, is_list, is_name, problems_of
from custmerge.exceptions import InvalidConfigError

__all__ = ["Bound", "Check", "Severity", "as_check", "settled_checks"]

Severity = Literal["error", "warning"]
"""How bad a finding is: the value is wrong, or right in form but of no use."""

Bound = float | date | None
"""The least or the greatest value: a number or a day."""


@dataclass(frozen=True, slots=True)
class Check:
    """A requirement on the values of one field; a value that breaks it is an issue.

    What stands for no value (`n/a`) counts as missing, and a missing value breaks
    `required` alone.

    Attributes:
        field: The column, or the field where several columns make one value.
        required: Whether each record must hold a value; the issue is `"required"`.
        pattern: A regular expression that whole values must fit, white space around
            them left aside; the issue is `"pattern"`.
        minimum: The least number, or the first day; the issue is `"minimum"`. What is
            no number, or no whole date, does not reach it.
        maximum: The greatest number, or the last day; the issue is `"maximum"`.
        test: A function that tells of one value whether it is right, or where to
            import it from as `"package.module:attribute"`; the issue has its name.
        severity: `"error"` or `"warning"`.

    Raises:
        InvalidConfigError: The parts do not fit; the message lists all problems.

    Examples:
        >>> import custmerge as cm
        >>> records = [{"name": "Ann Lee", "age": 34}] * 2 + [{"name": "", "age": 340}]
        >>> checks = [cm.Check("name", required=True), cm.Check("age", maximum=130)]
        >>> quality = cm.resolve(records).quality.with_checks(*checks)
        >>> [(row["record_id"], row["issue"]) for row in quality.issues]
        [(2, 'required'), (2, 'maximum')]
    """

    field: str
    required: bool = False
    pattern: str | None = None
    minimum: Bound = None
    maximum: Bound = None
    test: Callable[[str], bool] | str | None = None
    severity: Severity = "error"

    def __post_init__(self) -> None:
        problems = problems_of(self, _RULES)
        if not problems:
            problems = self._contradictions()
        if problems:
            shown = repr(self.field) if is_name(self.field) else "of no field"
            message = f"check {shown}: {'; '.join(problems)}"
            raise InvalidConfigError(message)
        if isinstance(self.test, str):
            object.__setattr__(self, "test", import_plugin(self.test))

    def _contradictions(self) -> list[str]:
        problems = []
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            if isinstance(low, date) is not isinstance(high, date):
                problems.append("minimum and maximum must be two numbers or two days")
            elif low > high:  # type: ignore[operator]  # of one type, as was asked
                problems.append("minimum must not be above maximum")
        if not self.required and not any(
            part is not None for part in (self.pattern, low, high, self.test)
        ):
            problems.append(
                "it requires nothing; give required=True, pattern, minimum, maximum "
                "or test"
            )
        return problems

    @property
    def function(self) -> Callable[[str], bool] | None:
        """The function that tells whether a value is right."""
        return self.test  # type: ignore[return-value]  # settled when built

    @property
    def function_name(self) -> str:
        """The name of that function, which is the name of its issue."""
        return str(getattr(self.test, "__name__", type(self.test).__name__))

    def to_dict(self) -> dict[str, Any]:
        """Return the check as plain data, such as TOML takes; `as_check` reads it.

        Raises:
            InvalidConfigError: The function cannot be imported by a name.
        """
        row = {
            item.name: value
            for item in fields(self)
            if (value := getattr(self, item.name)) != item.default
        }
        if self.test is not None:
            row["test"] = _reference(self)
        return row


def as_check(given: object) -> Check:
    """Return the check that a configuration's entry stands for.

    Raises:
        InvalidConfigError: It is none, or has unknown entries.
    """
    if isinstance(given, Check):
        return given
    known = [item.name for item in fields(Check)]
    if not isinstance(given, Mapping) or "field" not in given:
        message = f"a check must be a Check, or a table with field and some of {known}"
        raise InvalidConfigError(message)
    unknown = sorted(set(given) - set(known))
    if unknown:
        message = f"a check has unknown entries {unknown}; a check has {known}"
        raise InvalidConfigError(message)
    return Check(**given)


def settled_checks(
    given: object, names: Iterable[Any]
) -> tuple[tuple[Check, ...], list[str]]:
    """Return the checks that a configuration's entries stand for, and what is wrong.

    Args:
        given: The entries.
        names: The fields and columns that there are.
    """
    if not is_list(given):
        return (), ["checks must be a list of checks"]
    settled, problems = [], []
    for entry in given:
        try:
            settled.append(as_check(entry))
        except InvalidConfigError as error:
            problems.append(str(error))
    known = sorted({name for name in names if is_name(name)})
    unknown = sorted({check.field for check in settled}.difference(known))
    problems += [
        f"a check is of {name!r}, which is none of {known}" for name in unknown
    ]
    return tuple(settled), problems


def _reference(check: Check) -> str:
    reference = qualified_name(check.function) if check.function is not None else ""
    if "<" in reference:  # <locals> or <lambda>
        message = (
            f"check {check.field!r}: the function {check.function_name!r} cannot be "
            "written to a file: define it at module level"
        )
        raise InvalidConfigError(message)
    return reference


def _is_expression(value: object) -> bool:
    try:
        return value is None or (isinstance(value, str) and bool(re.compile(value)))
    except re.error:
        return False


def _is_bound(value: object) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None or is_number or isinstance(value, date)


_RULES: Rules = {
    "field": (is_name, "the name of a field or a column"),
    "required": (lambda value: isinstance(value, bool), "true or false"),
    "pattern": (_is_expression, "a regular expression"),
    "minimum": (_is_bound, "a number or a day"),
    "maximum": (_is_bound, "a number or a day"),
    "test": (
        lambda value: value is None or isinstance(value, str) or callable(value),
        "a function of one text, or 'package.module:attribute'",
    ),
    "severity": (
        lambda value: value in get_args(Severity),
        f"one of {get_args(Severity)}",
    ),
}
