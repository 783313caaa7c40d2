"""Which records are worth comparing: blocking keys.

A blocker gives rows keys and nothing else; the engine pairs rows that share a key,
refines blocks that are too large and reports what it left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, cast

import numpy as np

from custmerge._adapters import call_each, coerce, import_plugin, qualified_name
from custmerge.blockers.keying import keys_of_values
from custmerge.blockers.names import Nicknames, Phonetic
from custmerge.blockers.parts import DateKeys, ExactKey, LocalPart, Prefix, Suffix
from custmerge.blockers.spellings import Spelling
from custmerge.blockers.tokens import MinHash, RareTokens
from custmerge.exceptions import InvalidConfigError
from custmerge.protocols import Blocker, Keys, Rows
from custmerge.records import Column, RecordTable

__all__ = [
    "BLOCKERS",
    "DateKeys",
    "ExactKey",
    "FunctionBlocker",
    "IntoBlocker",
    "LocalPart",
    "MinHash",
    "Nicknames",
    "Phonetic",
    "Prefix",
    "RareTokens",
    "Spelling",
    "Suffix",
    "as_blocker",
    "blocker",
]

IntoBlocker = Blocker | str | Mapping[str, Any]
"""What a configuration takes for a blocker; see `as_blocker`."""


BLOCKERS: Mapping[str, Callable[..., Blocker]] = {
    "date_parts": DateKeys,
    "exact": ExactKey,
    "local_part": LocalPart,
    "minhash": MinHash,
    "nicknames": Nicknames,
    "phonetic": Phonetic,
    "prefix": Prefix,
    "rare_tokens": RareTokens,
    "spelling": Spelling,
    "suffix": Suffix,
}
"""The built-in blockers by name."""


@dataclass(frozen=True, slots=True)
class FunctionBlocker:
    """A blocker made of a plain function of some fields; still callable as it was."""

    function: Callable[..., str | Iterable[str] | None]
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def reference(self) -> str:
        """The function's place, `"package.module:attribute"`."""
        return qualified_name(self.function)

    def __repr__(self) -> str:
        return f"FunctionBlocker({self.name!r})"

    def __call__(self, *values: str) -> str | Iterable[str] | None:
        """Return what the function returns."""
        return self.function(*values)

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return import_plugin, (self.reference,)

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Call the function once for each distinct combination of present values."""
        columns = [table[field] for field in self.fields]
        slots = product(*(range(column.width) for column in columns))
        choices = [
            np.stack(
                [c.slots[:, i] for c, i in zip(columns, chosen, strict=True)], axis=1
            )
            for chosen in slots
        ]
        codes = np.concatenate(choices)
        held = np.flatnonzero((codes >= 0).all(axis=1))
        distinct, inverse = np.unique(codes[held], axis=0, return_inverse=True)
        arguments = (
            tuple(
                column.values[code] for column, code in zip(columns, row, strict=True)
            )
            for row in distinct.tolist()
        )
        results = call_each(self.function, arguments, "blocker", _key_problem)
        combined = Column(
            tuple(map(str, range(len(distinct)))), inverse.reshape(-1).astype(np.int32)
        )
        local, keys = keys_of_values(combined, lambda i: _key_list(results[int(i)]))
        rows = held[local] % max(table.n_rows, 1)
        order = np.argsort(rows, kind="stable")
        return rows[order], keys[order]


def _key_list(result: str | Iterable[str] | None) -> Iterable[str]:
    if result is None:
        return ()
    return (result,) if isinstance(result, str) else result


def _key_problem(result: object) -> str | None:
    if result is None or isinstance(result, str):
        return None
    if isinstance(result, (list, tuple, set, frozenset)):
        return None if all(isinstance(key, str) for key in result) else _WRONG_KEY
    return _WRONG_KEY


_WRONG_KEY = "returned no key; return a str, a list of str, or None for no key"


def blocker(
    *fields: str,
) -> Callable[[Callable[..., str | Iterable[str] | None]], FunctionBlocker]:
    """Make a blocker of a function of the named fields' values.

    The function returns a key, several, or `None`. It is called where all the fields
    are present, once for each distinct combination of their values.

    Examples:
        >>> import custmerge as cm
        >>> @cm.blocker("surname", "postcode")
        ... def surname_and_area(surname: str, postcode: str) -> str:
        ...     return f"{surname[:4]}|{postcode[:2]}"
        >>> surname_and_area("smithson", "sw1a")
        'smit|sw'
    """
    if not fields or not all(isinstance(field, str) for field in fields):
        message = '@blocker needs the names of its fields: @blocker("surname", "city")'
        raise InvalidConfigError(message)
    return lambda function: FunctionBlocker(function, fields)


def as_blocker(given: IntoBlocker, fields: Iterable[str] = ()) -> Blocker:
    """Return the blocker that a field's name, mapping, object or reference stands for.

    Args:
        given: A field's name stands for its exact value; a mapping has `name`, `field`
            and the blocker's parameters.
        fields: The fields' names.

    Raises:
        InvalidConfigError: It stands for none; the message lists the built-in names.

    Examples:
        >>> as_blocker("email", ["email"])
        ExactKey(field='email', name='exact')
        >>> as_blocker({"name": "prefix", "field": "surname", "length": 3})
        Prefix(field='surname', length=3, name='prefix')
    """
    if isinstance(given, str) and given in set(fields):
        return ExactKey(given)
    return cast("Blocker", coerce(given, "blocker", Blocker, BLOCKERS))
