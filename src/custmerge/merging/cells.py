"""Cells as JSON that says their types, so that they come back as what they were.

Text, whole and finite numbers, truth values, `None` and lists are JSON's own. Others
are an object of one key, such as `{"$date": "2024-05-01"}`:

| Key | Value |
| --- | --- |
| `$date`, `$time` | ISO 8601 |
| `$datetime` | ISO 8601; with `zone` beside it where the time zone has a name |
| `$timedelta` | days, seconds, microseconds |
| `$decimal`, `$uuid` | as text |
| `$float` | `nan`, `inf`, `-inf` |
| `$bytes` | hexadecimal |
| `$tuple`, `$set` | a list |
| `$dict` | a list of keys and values |

Cells of numpy and pandas are those of Python: their missing ones `None`, times exact
to the microsecond (without a time zone, to the nanosecond).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from custmerge.exceptions import InvalidInputError
from custmerge.records import as_text

__all__ = ["as_json", "canonical", "from_json", "is_same", "plain"]

_OWN = frozenset({str, int, bool, type(None)})
"""Types of Python that JSON has too."""
_NUMBERS = frozenset({int, float, Decimal})
_PANDAS_MISSING = frozenset({"NAType", "NaTType"})


def plain(cell: object) -> Any:  # noqa: ANN401  any type but those of libraries
    """Return a cell as `from_json` returns it: of Python's own type.

    Raises:
        InvalidInputError: No JSON is known for its type.

    Examples:
        >>> import numpy as np
        >>> plain(np.int64(7)), plain(np.datetime64("NaT"))
        (7, None)
    """
    return cell if type(cell) in _OWN else from_json(as_json(cell))


def as_json(cell: object) -> Any:  # noqa: ANN401  what the json module takes
    """Return a cell as JSON that says its type.

    Raises:
        InvalidInputError: No JSON is known for its type.

    Examples:
        >>> from datetime import date
        >>> as_json("王小明"), as_json(date(2024, 5, 1)), as_json(float("nan"))
        ('王小明', {'$date': '2024-05-01'}, {'$float': 'nan'})
    """
    if type(cell) in _OWN:
        return cell
    if type(cell).__name__ in _PANDAS_MISSING:
        return None
    if isinstance(cell, (np.generic, np.ndarray)):
        return _of_numpy(cell)
    for kind, written in _WRITTEN.items():
        if isinstance(cell, kind):
            return written(cell)
    message = (
        f"a value of the type {type(cell).__name__} has no form in JSON; give text, a "
        "number, a date, or a list of these"
    )
    raise InvalidInputError(message)


def from_json(document: Any) -> Any:  # noqa: ANN401  as above
    """Return the cell that JSON stands for.

    Raises:
        InvalidInputError: It is an object of another key.

    Examples:
        >>> from_json({"$date": "2024-05-01"}), from_json(["vip", None])
        (datetime.date(2024, 5, 1), ['vip', None])
    """
    if isinstance(document, list):
        return [from_json(item) for item in document]
    if not isinstance(document, dict):
        return document
    key = next(iter(document), "")
    if key == "$datetime":
        return _read_datetime(document[key], document.get("zone"))
    if key not in _READ:
        known = ", ".join(["$datetime", *_READ])
        message = f"an object in JSON must have one of the keys {known}"
        raise InvalidInputError(message)
    return _READ[key](document[key])


def canonical(document: object) -> str:
    """Return JSON as one text, whatever the order of its keys."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def is_same(left: object, right: object) -> bool:
    """Return whether two cells hold the same: equal, equal as text, or both missing.

    A decimal equals every number of its value, since a column of decimals writes each
    number with as many digits.

    Examples:
        >>> is_same(7, "7.0"), is_same(7.0, "7"), is_same(None, float("nan"))
        (False, True, True)
        >>> is_same(23.1, Decimal("23.10")), is_same("23.1", Decimal("23.10"))
        (True, False)
    """
    if left is right:
        return True
    texts = as_text(left), as_text(right)
    is_of_decimals = all(type(cell) in _NUMBERS for cell in (left, right)) and (
        Decimal in (type(left), type(right))
    )
    if is_of_decimals and None not in texts:
        # By way of the texts: the float 23.1 is not the decimal 23.1.
        return Decimal(texts[0] or "") == Decimal(texts[1] or "")
    return texts[0] == texts[1]


def _of_numpy(cell: Any) -> object:  # noqa: ANN401  scalars and arrays
    """Return JSON for a cell of numpy; `.tolist()` makes numbers of nanoseconds."""
    if isinstance(cell, np.datetime64):
        in_microseconds = cell.astype("datetime64[us]")
        if np.isnat(cell) or in_microseconds == cell:
            return as_json(in_microseconds.item())
        return {"$datetime": np.datetime_as_string(cell.astype("datetime64[ns]"))}
    if isinstance(cell, np.timedelta64):
        cell = cell.astype("timedelta64[us]")
    return as_json(cell.tolist())


def _written_datetime(cell: datetime) -> dict[str, str]:
    zone = getattr(cell.tzinfo, "key", None)
    # The text of pandas' Timestamp has all nine digits.
    return {"$datetime": cell.isoformat()} | ({"zone": zone} if zone else {})


def _read_datetime(text: str, zone: str | None) -> object:
    _, _, fraction = text.partition(".")
    if len(fraction) == 9 and fraction.isdecimal():
        return np.datetime64(text)
    moment = datetime.fromisoformat(text)
    return moment if zone is None else moment.astimezone(ZoneInfo(zone))


def _written_float(cell: float) -> object:
    return float(cell) if math.isfinite(cell) else {"$float": str(float(cell))}


def _read_float(text: str) -> float:
    # One and the same, so that plans that hold it are equal.
    return math.nan if text == "nan" else float(text)


def _listed(cells: Any) -> list[object]:  # noqa: ANN401  any iterable
    return [as_json(cell) for cell in cells]


def _written_set(cell: Any) -> object:  # noqa: ANN401  any set
    return {"$set": sorted(_listed(cell), key=canonical)}


_WRITTEN: Mapping[type, Callable[[Any], object]] = {
    str: str,
    bool: bool,
    int: int,
    float: _written_float,
    datetime: _written_datetime,
    date: lambda cell: {"$date": cell.isoformat()},
    time: lambda cell: {"$time": cell.isoformat()},
    timedelta: lambda cell: {
        "$timedelta": [cell.days, cell.seconds, cell.microseconds]
    },
    Decimal: lambda cell: {"$decimal": str(cell)},
    UUID: lambda cell: {"$uuid": str(cell)},
    bytes: lambda cell: {"$bytes": cell.hex()},
    list: _listed,
    tuple: lambda cell: {"$tuple": _listed(cell)},
    set: _written_set,
    frozenset: _written_set,
    Mapping: lambda cell: {"$dict": [_listed(item) for item in cell.items()]},
}
"""How cells are written: the first type that they are of."""

_READ: Mapping[str, Callable[[Any], object]] = {
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$timedelta": lambda parts: timedelta(*parts),
    "$decimal": Decimal,
    "$uuid": UUID,
    "$float": _read_float,
    "$bytes": bytes.fromhex,
    "$tuple": lambda items: tuple(map(from_json, items)),
    "$set": lambda items: set(map(from_json, items)),
    "$dict": lambda items: {from_json(key): from_json(cell) for key, cell in items},
}
