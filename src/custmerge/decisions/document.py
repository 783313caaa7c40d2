"""Decisions of people, by the ids of records: kept, saved, and given back later."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from custmerge.answers import as_answer
from custmerge.exceptions import InvalidInputError
from custmerge.finding import as_path, check_type, is_two
from custmerge.merging.cells import as_json, from_json
from custmerge.records import as_text

__all__ = [
    "Decisions",
    "IntoDecisions",
    "Link",
    "Pin",
    "load_decisions",
]

_FORMAT = "custmerge-decisions"
_VERSION = 1
_MAX_LISTED = 5
_UTF_8 = ("utf-8", "surrogatepass")
"""Halves of characters, as damaged tables hold them, must not be lost either."""
WANTED = (
    "each must be (record, record, same): two record ids, or row numbers where there "
    "is no id column, (source, id) for each with several sources, and true or false"
)
"""What links are to be, in words."""


class Link(NamedTuple):
    """Two records, and whether they are one customer.

    Attributes:
        left: A record: its id, or `(source, id)` with several sources.
        right: The other record.
        same: Whether both are one customer.
    """

    left: object
    right: object
    same: bool


class Pin(NamedTuple):
    """A value that the customer of a record has in a field, or never has.

    Attributes:
        record: The record: its id, or `(source, id)` with several sources.
        field: The column.
        value: The value; `None`, with `never` false, is none at all.
        never: Whether the value is one that must not survive.
    """

    record: object
    field: str
    value: object
    never: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Decisions:
    """What people decided: which records are one customer, and what values are right.

    Records go by id, so that decisions hold as well when records were added or come
    in another order. Row numbers, where there is no id column, do not bear that. The
    number 7 and the text "7" name one record.

    Attributes:
        links: Pairs of records that are the same or are not, each pair once, in an
            order of their ids. Of several about one pair the last one given counts.
        pins: Values of golden records, in the order in which they were decided. Of
            several for one field of a record the last one counts; of those with
            `never`, the last one of each value.

    Raises:
        InvalidInputError: An entry is no decision; the message says which ones.

    Examples:
        >>> import custmerge as cm
        >>> decisions = cm.Decisions([("A7", "B2", True), ("A7", "C1", False)])
        >>> later = cm.Decisions([("C1", "A7", True)], [("A7", "city", "York")])
        >>> both = decisions | later
        >>> both
        Decisions(same 2, different 0, pinned 1, never 0)
        >>> both.links[1]
        Link(left='A7', right='C1', same=True)
        >>> cm.Decisions.from_json(both.to_json()) == both
        True
    """

    links: tuple[Link, ...] = ()
    pins: tuple[Pin, ...] = ()

    def __post_init__(self) -> None:
        links = {}
        for link in _each("links", self.links, _as_link, WANTED):
            links[key_of(link.left), key_of(link.right)] = link
        pins: dict[object, Pin] = {}
        wanted = "each must be (record, column, value), and true after it for never"
        for pin in _each("pins", self.pins, _as_pin, wanted):
            text = as_text(pin.value) if pin.never else None
            place = (key_of(pin.record), pin.field, pin.never, text)
            pins.pop(place, None)
            pins[place] = pin
        object.__setattr__(self, "links", tuple(links[key] for key in sorted(links)))
        object.__setattr__(self, "pins", tuple(pins.values()))

    def __len__(self) -> int:
        return len(self.links) + len(self.pins)

    def __or__(self, later: Decisions) -> Decisions:
        """Return these decisions and later ones, which replace these."""
        return Decisions(self.links + later.links, self.pins + later.pins)

    def __repr__(self) -> str:
        n_same = sum(link.same for link in self.links)
        n_never = sum(pin.never for pin in self.pins)
        return (
            f"Decisions(same {n_same:,}, different {len(self.links) - n_same:,}, "
            f"pinned {len(self.pins) - n_never:,}, never {n_never:,})"
        )

    def to_json(self) -> str:
        """Return the decisions as versioned JSON; equal decisions give equal text.

        Ids and values keep their types: text, numbers, true and false, and as
        `custmerge.merging.cells` has them dates, times, decimal numbers and the like,
        and lists of these.

        Raises:
            InvalidInputError: A value is of another type.
        """
        links = [
            [_record_to_json(left), _record_to_json(right), same]
            for left, right, same in self.links
        ]
        pins = [
            {
                "record": _record_to_json(pin.record),
                "field": pin.field,
                "never" if pin.never else "value": as_json(pin.value),
            }
            for pin in self.pins
        ]
        head = f'"format": "{_FORMAT}",\n"version": {_VERSION}'
        parts = [_lines("links", links), _lines("pins", pins)]
        return "{\n" + ",\n".join([head, *parts]) + "\n}\n"

    @classmethod
    def from_json(cls, text: str) -> Decisions:
        """Return the decisions that `to_json` wrote.

        Raises:
            InvalidInputError: The text is none, or was written by a newer version.
        """
        return _from_json(text, "the text")

    def save(self, path: str | PathLike[str]) -> None:
        """Write the decisions to a JSON file, which `load_decisions` reads.

        The file is replaced at once: whoever stops it halfway has what was there.

        Raises:
            InvalidInputError: A value is of a type that JSON has no place for.
            OSError: The file cannot be written.

        Examples:
            >>> import custmerge as cm
            >>> cm.Decisions([(1, 2, True)]).save("decisions.json")  # doctest: +SKIP
        """
        content = self.to_json().encode(*_UTF_8)
        target = Path(path).resolve()
        scratch = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            scratch.write_bytes(content)
            scratch.replace(target)
        except OSError as error:  # nobody knows the scratch file by name
            error.filename, error.filename2 = os.fspath(path), None
            raise
        finally:
            scratch.unlink(missing_ok=True)


IntoDecisions = (
    Decisions
    | Iterable[tuple[object, object, object]]
    | Iterable[Mapping[str, object]]
    | Mapping[str, object]
    | str
    | PathLike[str]
)
"""Decisions: those of a result, a saved file, triples `(record, record, same)`, or
whatever else `Resolution.decide` takes."""


def load_decisions(path: str | PathLike[str]) -> Decisions:
    """Return the decisions that `Decisions.save` wrote.

    Raises:
        InvalidInputError: The file is none, or was written by a newer version.

    Examples:
        >>> import custmerge as cm
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     cm.Decisions([("A7", "B2", True)]).save(f"{folder}/decisions.json")
        ...     cm.load_decisions(f"{folder}/decisions.json")
        Decisions(same 1, different 0, pinned 0, never 0)
    """
    target = as_path(path)
    try:
        text = target.read_bytes().decode(*_UTF_8)
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read as decisions: {type(error).__name__}"
        raise InvalidInputError(message) from error
    return _from_json(text, str(path))


def key_of(record: object) -> tuple[str, str]:
    """Return what records are told apart by: the texts of source and id."""
    source, id_ = record if is_two(record) else (None, record)
    return as_text(source) or "", as_text(id_) or ""


# -- Entries ----------------------------------------------------------------------


def _each(
    name: str,
    given: Iterable[Any],
    made: Callable[[Any], Any],
    wanted: str,
) -> list[Any]:
    """Return each entry as it is to be.

    Raises:
        InvalidInputError: Some cannot be; the message says which.
    """
    entries = [made(entry) for entry in given]
    wrong = [str(place) for place, entry in enumerate(entries) if entry is None]
    if wrong:
        more = ", …" if len(wrong) > _MAX_LISTED else ""
        message = (
            f"{len(wrong)} entries of the {name} are no decisions (positions "
            f"{', '.join(wrong[:_MAX_LISTED])}{more}); {wanted}"
        )
        raise InvalidInputError(message)
    return entries


def _as_link(entry: object) -> Link | None:
    if not isinstance(entry, (tuple, list)) or len(entry) != len(Link._fields):
        return None
    left, right = sorted(map(_record, entry[:2]), key=key_of)
    is_known = key_of(left)[1] and key_of(right)[1] and key_of(left) != key_of(right)
    same = as_answer(entry[2])
    return Link(left, right, same) if is_known and same is not None else None


def _as_pin(entry: object) -> Pin | None:
    if not isinstance(entry, (tuple, list)) or len(entry) not in (3, 4):
        return None
    record, field, value, never = (*entry, False)[:4]
    value = _plain(value)
    if not key_of(record)[1] or not isinstance(field, str):
        return None
    if not isinstance(never, bool) or (never and as_text(value) is None):
        return None
    return Pin(_record(record), field, value, never)


def _record(name: object) -> object:
    return tuple(map(_plain, name)) if is_two(name) else _plain(name)


def _plain(cell: object) -> object:
    """Return a cell as Python has it, every gap as `None`."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, (tuple, np.ndarray)):
        cell = list(cell)
    return None if as_text(cell) is None else cell


# -- JSON -------------------------------------------------------------------------


def _lines(name: str, rows: list[Any]) -> str:
    """Return a list as JSON, a row on each line, as version control likes it."""
    texts = [
        json.dumps(row, ensure_ascii=False, allow_nan=False, sort_keys=True)
        for row in rows
    ]
    inside = "".join(f"\n{text}," for text in texts).removesuffix(",")
    return f'"{name}": [{inside}{chr(10) if rows else ""}]'


def _record_to_json(record: object) -> object:
    if is_two(record):
        return [_id_to_json(part) for part in record]
    return _id_to_json(record)


def _id_to_json(part: object) -> object:
    """Return an id as JSON; ids of rare types, such as UUID, as their text."""
    is_plain = isinstance(part, (str, int)) or part is None
    return part if is_plain else as_text(part)


def _from_json(text: str, where: str) -> Decisions:
    wanted = "JSON that Decisions.to_json wrote"
    check_type(where, text, isinstance(text, (str, bytes)), wanted)
    try:
        document = json.loads(text)
    except ValueError as error:
        message = f"{where} is no JSON, and so no decisions"
        raise InvalidInputError(message) from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        message = f"{where} holds no decisions; Decisions.save writes them"
        raise InvalidInputError(message)
    if document.get("version") != _VERSION:
        message = (
            f"{where} has decisions of format {document.get('version')}; this version "
            f"reads {_VERSION}"
        )
        raise InvalidInputError(message)
    try:
        links = tuple(document["links"])
        pins = tuple(_pin_from_json(row) for row in document["pins"])
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        message = f"{where} holds damaged decisions; save them anew"
        raise InvalidInputError(message) from None  # it may show a value
    return Decisions(links, pins)


def _pin_from_json(row: Mapping[str, Any]) -> Pin:
    never = "never" in row
    value = from_json(row["never" if never else "value"])
    return Pin(row["record"], row["field"], value, never)
