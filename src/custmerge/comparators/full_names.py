"""Comparator for whole names of persons, and of companies among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from custmerge.comparators.alignment import aligned
from custmerge.comparators.organisations import OrganisationName
from custmerge.comparators.sounds import ROMANIZED, Alone, Grades, Sounds, raise_to
from custmerge.comparators.strings import compare_prepared
from custmerge.names import (
    CHINESE_SURNAMES,
    families_spelt,
    from_wade_giles,
    latin,
)
from custmerge.organisations import is_branch, with_plain_place, without_form
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["FullName"]

_CHINESE: Grades = (0.55, 0.6, 0.7)
"""As of a name with one mistyped word; of a part of a name this says more."""
_SURNAME_ALONE = 0.5
"""Of many who bear it."""
_SPELT_ABROAD = 0.87
"""As of such a family name by itself: Wong may be 黄 or 王."""
_OF_PERSON = 0.6
"""What it is worth that a company bears a name that may be a person's."""
_LONGEST_PERSON = 3
"""Characters of a Chinese person's name with a family name of one."""


@dataclass(frozen=True, slots=True)
class FullName:
    """How far the words of two names meet, in any order.

    Typing errors, nicknames and initials meet in part, and so do names in several
    scripts, by their Latin letters. A name that leaves words out is like the other as
    far as it goes; names that put other words in their place are hardly alike, however
    many they share. Chinese names that sound alike score at least 0.7 if they have half
    of their characters in common, else 0.6, and 0.55 if one character looks like the
    other's. With the family name as it is spelt abroad (Lee, Wong) names meet the
    characters at 0.87 of what they meet in Pinyin. A family name alone (王总) scores
    0.5 beside a Chinese name of that family.
    The name of a company with a Chinese legal form is compared as `OrganisationName`
    does, and beside what may be a person's name keeps 0.6 of that.

    Examples:
        >>> left, right = ["smith bob", "smith bob"], ["robert smith", "b smith"]
        >>> FullName().compare(left, right).round(2)
        array([0.81, 0.57], dtype=float32)
        >>> FullName().compare(["欧阳晓雯"], ["xiaowen ouyang"]).round(2).tolist()
        [0.949...]
    """

    name: str = "full_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Weigh the words of each value; see `VocabularyComparator.prepare`."""
        in_one_script = aligned(values)
        sounds = Sounds.of(values)
        scripts = sounds.scripts
        if not len(scripts):
            return in_one_script
        settle_companies = _of_companies(values)
        in_latin = _InLatin.of(values)
        alone = Alone.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = np.empty(len(left), dtype=np.float32)
            differ = scripts[left] != scripts[right]
            scores[differ] = in_latin(left[differ], right[differ])
            scores[~differ] = in_one_script(left[~differ], right[~differ])
            sounds.raise_chinese(scores, left, right, _CHINESE)
            raise_to(scores, alone.among(left, right), _SURNAME_ALONE)
            if settle_companies is not None:
                settle_companies(scores, left, right)
            return scores

        return score


@dataclass(frozen=True, slots=True, eq=False)
class _InLatin:
    """Compares names in several scripts by their Latin letters.

    Attributes:
        score: Compares them as they are read.
        abroad: What else the names may be that put a family name as it is spelt
            abroad; the place of each of these readings by the place of the name, -1
            where there is none.
    """

    score: CodeScorer
    abroad: tuple[Codes, ...]

    @classmethod
    def of(cls, values: Sequence[str]) -> _InLatin:
        """Read each name."""
        read = [_in_pinyin(value) for value in values]
        abroad: list[Codes] = []
        for place, value in enumerate(values):
            for i, reading in enumerate(_read_abroad(value)):
                if i == len(abroad):
                    abroad.append(np.full(len(values), -1))
                abroad[i][place] = len(read)
                read.append(reading)
        return cls(aligned(read), tuple(abroad))

    def __call__(self, left: Codes, right: Codes) -> Scores:
        """Compare each pair by the readings that agree best."""
        scores = ROMANIZED * self.score(left, right)
        for readings in self.abroad:
            for one, other in ((left, right), (right, left)):
                places = np.flatnonzero(readings[one] >= 0)
                found = self.score(readings[one[places]], other[places])
                scores[places] = np.maximum(scores[places], _SPELT_ABROAD * found)
        return scores


def _read_abroad(name: str) -> Iterator[str]:
    """Yield what a name in Latin letters reads with its family in Pinyin.

    The family is the first word or the last, as it is spelt in Hong Kong or elsewhere.
    """
    words = name.split() if name.isascii() else []
    if len(words) > 1:
        for place in (0, -1):
            for family in sorted(families_spelt(words[place])):
                rest = words[1:] if place == 0 else words[:-1]
                yield f"{family} {_in_pinyin(' '.join(rest))}"


def _in_pinyin(name: str) -> str:
    """Return a name in Latin letters, words in Wade-Giles as Pinyin, and ü as u."""
    if not name.isascii():
        return latin(name)
    read = (min(from_wade_giles(word), default=word) for word in name.split())
    return _UMLAUT.sub(r"\1u\2", " ".join(read))


_UMLAUT = re.compile(r"\b([ln])(?:v|yu)(e?)\b")
"""A syllable with ü, as those without the key write it, and passports (GB/T 28039)."""


def _of_companies(
    values: Sequence[str],
) -> Callable[[Scores, Codes, Codes], None] | None:
    """Return what scores the pairs of which one is a Chinese company's name, or both.

    Names are a company's by their legal form, or as a branch's; `None`: none is.
    """
    n_values = len(values)
    bare = [value if value.isascii() else without_form(value) for value in values]
    is_company = np.fromiter(map(_is_company, bare, values), bool, n_values)
    if not is_company.any():
        return None
    names = [*map(with_plain_place, bare)]
    index = {name: code for code, name in enumerate(dict.fromkeys(names))}
    codes = np.fromiter(map(index.__getitem__, names), np.int64, n_values)
    compare = OrganisationName().prepare([*index])
    may_be_person = np.fromiter(map(_may_be_person, values), bool, n_values)
    is_latin = np.fromiter(map(str.isascii, values), bool, n_values)

    def settle(scores: Scores, left: Codes, right: Codes) -> None:
        of_company = is_company[left] | is_company[right]
        places = np.flatnonzero(of_company & ~is_latin[left] & ~is_latin[right])
        a, b = left[places], right[places]
        found = compare(codes[a], codes[b])
        found[may_be_person[a] | may_be_person[b]] *= _OF_PERSON
        scores[places] = found

    return settle


def _is_company(bare: str, name: str) -> bool:
    return bare != name or (not name.isascii() and is_branch(name))


def _may_be_person(name: str) -> bool:
    return len(name) <= _LONGEST_PERSON and name[:1] in CHINESE_SURNAMES
