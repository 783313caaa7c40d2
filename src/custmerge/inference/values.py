"""What a column's values look like: the share of each shape, and a few statistics."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from custmerge.inference.vocabulary import (
    ABOUT,
    COMPANIES,
    GENDERS,
    HAN_ADDRESS,
    ORGANISATION,
    OTHER_GIVEN_NAMES,
    PERSONS,
    SALUTATIONS,
    STATUSES,
    STREET,
    SURNAMES,
)
from custmerge.records import Column

__all__ = ["ValueProfile", "profile_values", "shapes_of"]


_SAMPLE = 400
"""Distinct values looked at; a share is then known to about five points."""

_MAX_LENGTH = 200
"""Longer texts have the shape of their start, so that no pattern runs long."""
_TIME = r"(?:[ tT]\d{1,2}:\d{2}.*)?"
_MONTH = (
    r"(?:jan|ene|feb|fév|fev|mar|mär|mrz|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|"
    r"ago|aoû|aou|sep|oct|okt|out|nov|dec|dez|déc|dic)[^\W\d_]*\.?"
)
_ISO_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)" + _TIME)
_COMPACT_DATE = re.compile(r"((?:18|19|20)\d\d)([01]\d)([0-3]\d)")
_DAY_MONTH_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_WORD_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?[ -]?(?:de )?{_MONTH}|{_MONTH} \d{{1,2}})"
    rf"(?: de|,)?[ -]*(\d{{4}})"
)
_RESIDENT_ID = re.compile(
    r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]"
)
_CREDIT_CODE = re.compile(
    r"(?=.*[a-z])[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}"
)
_CARD_LIKE = re.compile(r"\d{3}-\d{2}-\d{4}|\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{3,4}")
_PHONE = re.compile(r"\+?[\d(][\d\s().\-/]{5,}\d(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?")
_EXTENSION = re.compile("x|ext|#")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(
        r"(?:mailto:)?[^@\s;,]+@[^@\s;,]+(?:[;,]\s*[^@\s;,]+@[^@\s;,]+)*"
    ),
    "url": re.compile(r"(?:https?://|www\.)\S+|(?:[a-z\d-]+\.)+[a-z]{2,}(?:/\S*)?"),
    "uuid": re.compile(
        r"\{?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?|[\da-f]{24,64}"
    ),
    "serial": re.compile(r"(?=.*\d)[a-z\d]{1,12}[-_#]?\d{2,}"),
    "code": re.compile(r"(?=.*\d)[a-z\d]+(?:[-_./ ][a-z\d]+)*"),
    "integer": re.compile(r"[-+]?\d+"),
    "number": re.compile(
        r"[-+]?[$€£¥]?\s?(?:\d+|\d{1,3}(?:[,']\d{3})+)(?:[.,]\d+)?\s?%?"
    ),
    "decimal": re.compile(r"[-+]?\d+[.,]\d+"),
    "year": re.compile(r"(?:18|19|20)\d\d"),
    "month": re.compile(rf"0?[1-9]|1[0-2]|{_MONTH}"),
    "day": re.compile(r"0?[1-9]|[12]\d|3[01]"),
    "zip": re.compile(r"\d{4,6}|\d{5}-\d{4}|[a-z]{1,2}-?\d{4,5}"),
    "postcode": re.compile(
        r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|"
        r"\d{4} ?[a-z]{2}|\d{5}-\d{4}|\d{3}-\d{4}"
    ),
    "initial": re.compile(r"[^\W\d_]\.?"),
    "words": re.compile(r"[^\W\d_][^\d@_]*"),
}


@dataclass(frozen=True, slots=True)
class ValueProfile:
    """What the values of a column look like.

    Attributes:
        n_rows: How many rows the column has.
        present: How many of them hold a value that is not a placeholder.
        distinct: How many distinct values they hold.
        shapes: For each shape seen, the share of the held values that have it.
        mean_length: The mean number of characters.
        mean_tokens: The mean number of words; each Han character is not a word.
        day_first: For dates, whether the day precedes the month; `None` where the
            values do not tell.
        median_year: The median year of the dates.
        year_spread: How many years lie between the 10th and the 90th percentile.

    Examples:
        >>> profile = profile_values(Column.encode(["31/12/1990", "1/2/1994"]))
        >>> profile.share("date", "phone"), profile.day_first, profile.is_unique
        (1.0, True, True)
    """

    n_rows: int
    present: int
    distinct: int
    shapes: Mapping[str, float]
    mean_length: float
    mean_tokens: float
    day_first: bool | None
    median_year: float
    year_spread: float

    def share(self, *shapes: str) -> float:
        """Return the share of the commonest of some shapes."""
        return max(self.shapes.get(shape, 0.0) for shape in shapes)

    @property
    def distinct_share(self) -> float:
        """How many distinct values there are for each value held."""
        return self.distinct / self.present if self.present else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every row holds a value."""
        return 0 < self.present == self.n_rows

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice."""
        return 0 < self.present == self.distinct


_PLACEHOLDER = re.compile(
    r"[\W_]*|n/?a|nan|nil|null|none|not? (?:available|applicable|provided)|unknown|"
    r"unbekannt|inconnu|desconocido|tbd|tba|无|無|未知|暂无|不详"
)


def profile_values(column: Column) -> ValueProfile:
    """Return what a column's values look like, each weighted by how often it occurs.

    Of many distinct values a sample is looked at, chosen by their hash: the same one
    whatever the order of the rows.

    Examples:
        >>> column = Column.encode(["ann@example.org", "bo@example.org", None, "?"])
        >>> profile = profile_values(column)
        >>> profile.share("email"), profile.present, profile.distinct
        (1.0, 2, 2)
    """
    counts = column.counts()
    texts = {place: _clean(column.values[place]) for place in _sample(column.values)}
    blank = [place for place, text in texts.items() if _PLACEHOLDER.fullmatch(text)]
    held = sorted(texts.keys() - blank)
    weights = counts[held].astype(np.float64)
    weights /= max(weights.sum(), 1.0)
    kept = [texts[place] for place in held]
    shapes = [shapes_of(text[:_MAX_LENGTH]) for text in kept]
    years, order = _date_statistics(kept, shapes, weights)
    return ValueProfile(
        n_rows=len(column),
        present=int(column.present.sum()) - int(counts[blank].sum()),
        distinct=int(np.count_nonzero(counts)) - len(blank),
        shapes=_shares(shapes, weights),
        mean_length=float(weights @ [len(text) for text in kept]) if kept else 0.0,
        mean_tokens=float(weights @ [len(t.split()) for t in kept]) if kept else 0.0,
        day_first=order,
        median_year=float(np.median(years)) if years else 0.0,
        year_spread=float(np.ptp(np.percentile(years, (10, 90)))) if years else 0.0,
    )


def _sample(values: Sequence[str]) -> list[int]:
    if len(values) <= _SAMPLE:
        return list(range(len(values)))
    # All in C: a million values are hashed on the way.
    encoded = map(str.encode, values, repeat("utf-8"), repeat("surrogatepass"))
    hashes = np.fromiter(map(zlib.crc32, encoded), dtype=np.int64, count=len(values))
    least = np.partition(hashes, _SAMPLE)[_SAMPLE]
    return np.flatnonzero(hashes < least).tolist()


def _clean(value: str) -> str:
    text = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(text.split()).strip("'\"` ")


def _shares(
    shapes: Sequence[frozenset[str]], weights: NDArray[np.float64]
) -> dict[str, float]:
    shares: dict[str, float] = {}
    for found, weight in zip(shapes, weights.tolist(), strict=True):
        for shape in found:
            shares[shape] = shares.get(shape, 0.0) + weight
    return {shape: min(share, 1.0) for shape, share in sorted(shares.items())}


def shapes_of(text: str) -> frozenset[str]:
    """Return every shape that a value has; one value may have several.

    Examples:
        >>> sorted(shapes_of("1990-12-31"))
        ['code', 'date', 'digits']
        >>> "organisation" in shapes_of("acme ltd")
        True
    """
    has_digit = any(map(str.isdigit, text))
    wanted = _WITH_DIGIT if has_digit else _WITHOUT_DIGIT
    found = {name for name, has_shape in wanted if has_shape(text)}
    found |= {"digits"} if has_digit else set()
    for wider, narrower in _NARROWER:
        if wider in found:
            found.update(name for name, has_shape in narrower if has_shape(text))
    found |= _labels(text)
    if "date" in found:  # eight digits with separators look like a telephone number
        found -= {"phone", "phone_like", "serial"}
    if not found & {"email", "phone", "date", "url"}:
        found.update(name for name, has_shape in _LOOSE if has_shape(text))
    return frozenset(found)


class _Date(NamedTuple):
    year: int
    first: int | None = None
    second: int | None = None


def _read_date(text: str) -> _Date | None:
    """Return the date; with both numbers where day and month may be exchanged."""
    match = _ISO_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is not None:
        year, month, day = (int(group or 1) for group in match.groups())
        return _Date(year) if _is_day_and_month(month, day) else None
    match = _DAY_MONTH_DATE.fullmatch(text)
    if match is not None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 0 if year > 99 else 1900 if year > 30 else 2000
        return _Date(year, first, second) if _is_day_and_month(first, second) else None
    match = _WORD_DATE.fullmatch(text)
    return _Date(int(match[1])) if match is not None else None


def _is_day_and_month(first: int, second: int) -> bool:
    return 1 <= min(first, second) <= 12 and max(first, second) <= 31


def _date_statistics(
    texts: Sequence[str],
    shapes: Sequence[frozenset[str]],
    weights: NDArray[np.float64],
) -> tuple[list[int], bool | None]:
    """Return the years of the dates, and whether their day precedes the month."""
    years: list[int] = []
    day_first = month_first = 0.0
    for text, found, weight in zip(texts, shapes, weights.tolist(), strict=True):
        date = _read_date(text[:_MAX_LENGTH]) if "date" in found else None
        if date is not None:
            years.append(date.year)
            day_first += weight * ((date.first or 0) > 12)
            month_first += weight * ((date.second or 0) > 12)
    return years, None if day_first == month_first else day_first > month_first


def _is_phone_like(text: str) -> bool:
    """Whether the text can be a telephone number, perhaps local or bare digits."""
    if not _PHONE.fullmatch(text):
        return False
    n_digits = sum(map(str.isdigit, _EXTENSION.split(text, 1)[0]))
    return 6 <= n_digits <= 15 and not _PATTERNS["decimal"].fullmatch(text)


def _is_phone(text: str) -> bool:
    """Whether what can be a telephone number is written as hardly anything else is."""
    if _CARD_LIKE.fullmatch(text):
        return False
    if text.isdigit():
        # Chinese mobiles; North American and trunk-prefixed numbers without separators.
        return bool(re.fullmatch(r"1[3-9]\d{9}|0\d{8,10}|[2-9]\d\d[2-9]\d{6}", text))
    return sum(map(str.isdigit, text)) >= 9 or text[0] in "+("


def _is_address(text: str) -> bool:
    numbered = re.search(r"\d", text) and re.search(r"[^\W\d_]{3}", text)
    latin = numbered and (
        STREET.search(text) or re.match(r"\d+[a-z]?,? .*[^\W\d_]{3}", text)
    )
    if latin or text.isascii() or len(text) < 6:
        return bool(latin)
    return len(HAN_ADDRESS.findall(text)) >= 2 and not text.endswith("公司")


def _is_han_name(text: str) -> bool:
    return (
        2 <= len(text) <= 4
        and text[0] in SURNAMES
        and all("\u4e00" <= c <= "\u9fff" for c in text)
        and not ORGANISATION.search(text)
        and not HAN_ADDRESS.search(text[-1])
    )


def _labels(text: str) -> set[str]:
    """Return what a label says: of a status, or whether of a person or a company."""
    # Of a Chinese label, without "customer".
    told = text if text.isascii() else _NOT_TOLD.sub(" ", text)
    words = frozenset(_WORD.findall(told))
    if _TELLING.isdisjoint(words):
        return set()
    found = {"status"} if STATUSES & words else set()
    named = words - ABOUT
    if named:
        found |= {"person_type"} if named <= PERSONS else set()
        found |= {"company_type"} if named <= COMPANIES else set()
    return found


_WORD = re.compile(r"[^\W_]+")
_NOT_TOLD = re.compile("客[户戶]|[类類]型?$")
_TELLING = STATUSES | PERSONS | COMPANIES


@cache
def _given_names() -> frozenset[str]:
    """Return common given names, most of them English."""
    from nicknames import name_triplets  # noqa: PLC0415  reads its table

    names = ((name, other) for name, _, other in name_triplets())
    return OTHER_GIVEN_NAMES.union(*names)


def _is_given_name(text: str) -> bool:
    return text in _given_names()


def _is_person(text: str) -> bool:
    """Whether the text has several words, and a known given name at either end."""
    words = re.split(r"[\s,]+", text)
    return (
        2 <= len(words) <= 5
        and not re.search(r"\d", text)
        and (
            words[0] in _given_names()
            or words[-1] in _given_names()
            or ("," in text and words[1] in _given_names())
        )
        and not ORGANISATION.search(text)
    )


_SHAPES: Mapping[str, Callable[[str], object]] = {
    **{name: pattern.fullmatch for name, pattern in _PATTERNS.items()},
    "date": _read_date,
    "timed": lambda text: ":" in text,
    "phone": _is_phone,
    "phone_like": _is_phone_like,
    "identity_number": lambda text: (
        _RESIDENT_ID.fullmatch(text) or _CREDIT_CODE.fullmatch(text)
    ),
    "address": _is_address,
    "organisation": ORGANISATION.search,
    "han_name": _is_han_name,
    "given_name": _is_given_name,
    "person": _is_person,
    "gender": lambda text: text in GENDERS,
    "salutation": lambda text: text.rstrip(".") in SALUTATIONS,
}


def _shapes(names: str) -> tuple[tuple[str, Callable[[str], object]], ...]:
    return tuple((name, _SHAPES[name]) for name in names.split())


_WITH_DIGIT = _shapes("email url uuid serial code number date phone_like")
_WITHOUT_DIGIT = _shapes(
    "email url uuid month initial words han_name given_name person gender salutation"
)
_NARROWER = (
    ("number", _shapes("integer decimal year month day")),
    ("code", _shapes("zip postcode identity_number")),
    ("date", _shapes("timed")),
    ("phone_like", _shapes("phone")),
)
"""Shapes that only values of a wider one can have."""
_LOOSE = _shapes("address organisation")
"""Shapes that are looked for where no stricter one is found."""
