"""Keys of people's names: how they sound, and what they are short for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import jellyfish

from custmerge.blockers.keying import MAX_WORDS, keys_of_values
from custmerge.names import full_forms, latin, romanized
from custmerge.protocols import Keys, Rows
from custmerge.records import Column, RecordTable

__all__ = ["Nicknames", "Phonetic"]


@dataclass(frozen=True, slots=True)
class Phonetic:
    """How each word of a name sounds in English (Metaphone, Philips 1990).

    Words in other scripts sound as their Latin letters do, Chinese ones as their
    Pinyin. Words that Metaphone cannot read are their own keys.

    Attributes:
        swaps_with: A field whose words are keys alike, so that records with given and
            family name exchanged share keys.

    Examples:
        >>> people = [{"given": "Ann", "family": "Lee"}, {"given": "Leigh"}]
        >>> table = RecordTable.from_mappings(people)
        >>> Phonetic("given", swaps_with="family").keys(table)
        (array([0, 0, 1]), array([0, 1, 1]))
    """

    field: str
    swaps_with: str | None = None
    name: str = "phonetic"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        names = table[self.field]
        if self.swaps_with is not None:
            names = Column.stack([names, table[self.swaps_with]])
        return keys_of_values(names, _sounds)


def _sounds(value: str) -> list[str]:
    words = value.split()[:MAX_WORDS]
    return [sound for word in words for sound in _sounds_of_word(word)]


@lru_cache(maxsize=1 << 16)  # names are asked for more than once in a run
def _sounds_of_word(word: str) -> tuple[str, ...]:
    spelled = [word] if word.isascii() else sorted(_spelled(word))
    return tuple(filter(None, map(jellyfish.metaphone, spelled))) or (word,)


def _spelled(word: str) -> set[str]:
    """Return how a word may be written in Latin letters; of a whole name, its parts."""
    readings = set(romanized(word))
    if readings and len(word) < _LEAST_WHOLE_NAME:
        return readings
    return readings.union(latin(word).split())


_LEAST_WHOLE_NAME = 3
"""Chinese letters from which on a word is rather a whole name than a part of one."""


@dataclass(frozen=True, slots=True)
class Nicknames:
    """The names that each word of an English given name may stand for.

    From the `nicknames` package's table: Bob and Robert share the key `robert`. Words
    it does not list have no key.

    Examples:
        >>> table = RecordTable.from_mappings([{"given": "bob"}, {"given": "robert"}])
        >>> rows, keys = Nicknames("given").keys(table)
        >>> bool(set(keys[rows == 0]) & set(keys[rows == 1]))
        True
    """

    field: str
    name: str = "nicknames"

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and keys; see `Blocker.keys`."""
        return keys_of_values(
            table[self.field],
            lambda value: [
                form
                for word in value.split()[:MAX_WORDS]
                for form in sorted(full_forms(word))
            ],
        )
