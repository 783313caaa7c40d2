"""Which records are worth comparing: blocking keys.

A blocker gives rows keys and nothing else; the engine pairs rows that share a key,
refines blocks that are too large and reports what it left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import Any, cast

import jellyfish
import numpy as np

from custmerge._adapters import call_each, coerce, import_plugin, qualified_name
from custmerge.exceptions import InvalidConfigError
from custmerge.protocols import Blocker, Codes, Keys, Rows
from custmerge.records import Column, RecordTable

__all__ = [
    "BLOCKERS",
    "DateKeys",
    "ExactKey",
    "FunctionBlocker",
    "IntoBlocker",
    "LocalPart",
    "Phonetic",
    "Prefix",
    "RareTokens",
    "Suffix",
    "as_blocker",
    "blocker",
]

IntoBlocker = Blocker | str | Mapping[str, Any]
"""What a configuration takes for a blocker; see `as_blocker`."""


def _keys_of_values(
    column: Column, keys_of: Callable[[str], Iterable[str]]
) -> tuple[Rows, Keys]:
    """Give each row the keys of its distinct values; `keys_of` runs once for each."""
    index: dict[str, int] = {}
    found = [
        [
            index.setdefault(key, len(index))
            for key in dict.fromkeys(keys_of(value))
            if key
        ]
        for value in column.values
    ]
    return _spread(column, found)


def _spread(column: Column, keys: Sequence[Sequence[int]]) -> tuple[Rows, Keys]:
    """Carry the keys of distinct values to the rows that hold them."""
    rows, slots = np.nonzero(column.slots >= 0)
    codes: Codes = column.slots[rows, slots].astype(np.int64)
    counts = np.fromiter(map(len, keys), np.int64, len(keys))
    starts = np.cumsum(counts) - counts
    flat = np.fromiter(chain.from_iterable(keys), np.int64, int(counts.sum()))
    repeats = counts[codes]
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return np.repeat(rows, repeats), flat[np.repeat(starts[codes], repeats) + within]


@dataclass(frozen=True, slots=True)
class ExactKey:
    """The field's whole value.

    Examples:
        >>> table = RecordTable.from_mappings([{"zip": "N1"}, {}, {"zip": "N1"}])
        >>> ExactKey("zip").keys(table)
        (array([0, 2]), array([0, 0]))
    """

    field: str
    name: str = "exact"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        return _spread(column, [[code] for code in range(len(column.values))])


@dataclass(frozen=True, slots=True)
class Prefix:
    """The value's first characters, blanks aside.

    Attributes:
        length: How many characters; shorter values are their own key.
    """

    field: str
    length: int = 4
    name: str = "prefix"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return _keys_of_values(
            table[self.field], lambda value: [value.replace(" ", "")[: self.length]]
        )


@dataclass(frozen=True, slots=True)
class Suffix:
    """The value's last characters; the subscriber's part of a phone number.

    Attributes:
        length: How many characters; shorter values have no key.
    """

    field: str
    length: int = 7
    name: str = "suffix"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return _keys_of_values(
            table[self.field],
            lambda value: [value[-self.length :]] if len(value) >= self.length else [],
        )


@dataclass(frozen=True, slots=True)
class Phonetic:
    """How each word of a name sounds in English (Metaphone, Philips 1990).

    Words that Metaphone cannot read, such as Chinese ones, are their own keys.
    """

    field: str
    name: str = "phonetic"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return _keys_of_values(table[self.field], _sounds)


def _sounds(value: str) -> list[str]:
    words = value.split()[:_MAX_WORDS]
    sounds = [jellyfish.metaphone(word) if word.isascii() else "" for word in words]
    return [sound or word for sound, word in zip(sounds, words, strict=True)]


_MAX_WORDS = 20
"""Words of one value that give keys: no name has more, and a pasted page may."""


@dataclass(frozen=True, slots=True)
class DateKeys:
    """The year and month, and the day and month, of a date in ISO 8601 text."""

    field: str
    name: str = "date_parts"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return _keys_of_values(
            table[self.field],
            lambda value: [value[:7], value[4:]] if len(value) > 7 else [],
        )


@dataclass(frozen=True, slots=True)
class LocalPart:
    """What stands before the `@` of an e-mail address."""

    field: str
    name: str = "local_part"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return _keys_of_values(
            table[self.field], lambda value: [value.partition("@")[0]]
        )


@dataclass(frozen=True, slots=True)
class RareTokens:
    """The value's rarest words, and pairs of neighbouring words.

    Attributes:
        count: How many of a value's words are keys, the rarest first.
    """

    field: str
    count: int = 3
    name: str = "rare_tokens"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        column = table[self.field]
        words = [_words(value) for value in column.values]
        frequency: Counter[str] = Counter()
        for held, n_rows in zip(words, column.counts().tolist(), strict=True):
            frequency.update(dict.fromkeys(held, n_rows))
        # A word of one row pairs nothing, and must not take the place of one that does.
        shared = [[word for word in held if frequency[word] > 1] for held in words]
        rarest = {
            value: sorted(held, key=lambda word: (frequency[word], word))[: self.count]
            for value, held in zip(column.values, shared, strict=True)
        }
        return _keys_of_values(column, rarest.__getitem__)


def _words(value: str) -> list[str]:
    """Words, pairs of neighbouring words, and bigrams of unspaced scripts."""
    words = value.split()[: 2 * _MAX_WORDS]
    if len(words) == 1 and not value.isascii():
        word = words[0][: 4 * _MAX_WORDS]
        words = [word[i : i + 3] for i in range(max(1, len(word) - 2))]
        return list(dict.fromkeys(words))
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return list(dict.fromkeys([*words, *pairs]))


BLOCKERS: Mapping[str, Callable[..., Blocker]] = {
    "date_parts": DateKeys,
    "exact": ExactKey,
    "local_part": LocalPart,
    "phonetic": Phonetic,
    "prefix": Prefix,
    "rare_tokens": RareTokens,
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
        local, keys = _keys_of_values(combined, lambda i: _key_list(results[int(i)]))
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
