"""The fields that columns of one kind make, alone or together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from custmerge.config import Combine, Field
from custmerge.inference.columns import ColumnGuess
from custmerge.inference.headers import tokenize_header
from custmerge.inference.vocabulary import PLACES
from custmerge.kinds import Kind

__all__ = ["UNNAMED", "fields_of"]

Columns = Mapping[Kind, Sequence[ColumnGuess]]
"""The columns of each kind that are to be compared."""

UNNAMED = "unnamed"
"""The field of a column whose name is empty."""
_DATE_PARTS = ("year", "month", "day")
_ADDRESS_PARTS = ("street_number", "street", "line", None, "unit")
_UNTELLING = ("title", "reading")
"""Parts of a name that many share and that change, or that it makes again; not compared
beside it."""
_OF_FULL_NAME = {
    Kind.GIVEN_NAME: "given_of_full_name",
    Kind.FAMILY_NAME: "family_of_full_name",
}
_ALTERNATIVES = (
    *(Kind.EMAIL, Kind.PHONE, Kind.FULL_NAME),
    *(Kind.CITY, Kind.POSTCODE, Kind.REGION, Kind.COUNTRY),
)
_NUMBERED = re.compile(
    r"(?:addr(?:ess)?|adresse|地址)[ _-]?(\d)[ _.-]+\D", re.IGNORECASE
)


def fields_of(columns: Columns) -> list[Field]:
    """Return one field for each thing that the columns say about a customer."""
    has_parts = all(_whole(columns.get(kind, ())) for kind in _OF_FULL_NAME)
    names = _readings_as_names(columns.get(Kind.FULL_NAME, ()))
    full_names = _whole(names) if has_parts else []
    # Junior is said of the given name, which father and son have in common.
    suffixes = [guess for guess in names if guess.part == "suffix"] if has_parts else []
    planned = []
    for kind, guesses in {**columns, Kind.FULL_NAME: names}.items():
        if kind in _OF_FULL_NAME:
            after = suffixes if kind is Kind.GIVEN_NAME else []
            planned += _name_fields(kind, [*guesses, *after], full_names)
        elif kind is Kind.FULL_NAME:
            taken = (*full_names, *suffixes)
            planned += _kind_fields(kind, [g for g in guesses if g not in taken])
        else:
            planned += _kind_fields(kind, guesses)
    return planned


def _readings_as_names(guesses: Sequence[ColumnGuess]) -> Sequence[ColumnGuess]:
    """Take how names are read for the names where these do not stand beside it."""
    if _whole(guesses):
        return guesses
    return [replace(g, part=None) if g.part == "reading" else g for g in guesses]


def _whole(guesses: Iterable[ColumnGuess]) -> list[ColumnGuess]:
    """Return the columns that hold all of their kind, and not a part of it."""
    return [guess for guess in guesses if guess.part is None]


def _apart(kind: Kind, guesses: Iterable[ColumnGuess]) -> list[Field]:
    return [
        _single(kind, guess)
        for guess in guesses
        if guess.part is not None and guess.part not in _UNTELLING
    ]


def _kind_fields(kind: Kind, guesses: Sequence[ColumnGuess]) -> list[Field]:
    """Return the fields that the columns of one kind make."""
    if kind is Kind.BIRTH_DATE and any(guess.part in _DATE_PARTS for guess in guesses):
        return _spread_date(guesses)
    if kind is Kind.ADDRESS:
        return _address(guesses)
    if kind is Kind.ORGANISATION and any(guess.part == "alias" for guess in guesses):
        return _one_field(kind, guesses, "any")
    if kind is Kind.FULL_NAME and len(_whole(guesses)) == 1:
        return _name_parts(_whole(guesses)[0]) + _apart(kind, guesses)
    if kind in _ALTERNATIVES:
        return _one_field(kind, _whole(guesses), "any") + _apart(kind, guesses)
    return [_single(kind, guess) for guess in guesses]


def _name_fields(
    kind: Kind, guesses: Sequence[ColumnGuess], full_names: Sequence[ColumnGuess]
) -> list[Field]:
    """Return the given or the family name, out of whole names where it is missing."""
    whole = [guess for guess in guesses if guess.part in (None, "suffix")]
    apart = [guess for guess in guesses if guess not in whole]
    fields = _one_field(kind, whole, "join") + _apart(kind, apart)
    if not full_names:
        return fields
    joined = tuple(guess.column for guess in whole)
    others = tuple(guess.column for guess in full_names)
    fields[0] = replace(
        fields[0],
        name=str(kind),
        columns=(*joined, *others),
        combine="first",
        lines=(joined,) if len(joined) > 1 else (),
        by_column=dict.fromkeys(others, _OF_FULL_NAME[kind]),
        why=f"{fields[0].why}; where missing, out of the whole name: "
        f"{_reasons(full_names)}",
    )
    return fields


def _name_parts(guess: ColumnGuess) -> list[Field]:
    """Compare a whole name by its parts: relatives share but one of them."""
    return [
        Field(
            str(kind),
            kind,
            (guess.column,),
            normalize=normalizer,
            why=f"{guess.evidence}; this is its {part} part",
        )
        for (kind, normalizer), part in zip(
            _OF_FULL_NAME.items(), ("given", "family"), strict=True
        )
    ]


def _address(guesses: Sequence[ColumnGuess]) -> list[Field]:
    """Return one field of one or several addresses, each joined from its lines."""
    ordered = sorted(guesses, key=lambda guess: _place_of(guess.part))
    addresses: dict[str, list[str]] = {}
    for guess in ordered:
        addresses.setdefault(_which_address(guess.column), []).append(guess.column)
    streets = {_which_address(g.column) for g in guesses if g.part not in _LESS}
    if len(streets) < 2 or streets != set(addresses):
        return _one_field(Kind.ADDRESS, ordered, "join")
    [field] = _one_field(Kind.ADDRESS, ordered, "any")
    lines = tuple(tuple(columns) for columns in addresses.values() if len(columns) > 1)
    return [replace(field, lines=lines)]


_LESS = ("street_number", "unit")
"""Parts of an address that are none without the street."""


def _which_address(column: str) -> str:
    """Return which of several addresses a column is of: home, office, billing.

    Examples:
        >>> _which_address("BillingStreet"), _which_address("address2_line1")
        ('billing', '2')
    """
    numbered = _NUMBERED.match(column)
    if numbered is not None:
        return numbered[1]
    words = tokenize_header(column)
    found = [word for word in words if word in PLACES]
    text = "".join(words)
    found += [word for word in PLACES if not word.isascii() and word in text]
    return " ".join(sorted(found))


def _place_of(part: str | None) -> int:
    return _ADDRESS_PARTS.index(part) if part in _ADDRESS_PARTS else len(_ADDRESS_PARTS)


def _spread_date(guesses: Sequence[ColumnGuess]) -> list[Field]:
    """Join the year, month and day columns to one date, in ISO 8601 order."""
    by_part = {guess.part: guess for guess in reversed(guesses)}
    ordered = [by_part[part] for part in _DATE_PARTS if part in by_part]
    joined = Field(
        str(Kind.BIRTH_DATE),
        Kind.BIRTH_DATE,
        tuple(guess.column for guess in ordered),
        separator="-",
        normalize={"name": "date", "year_first": True},
        group=str(Kind.BIRTH_DATE),
        why=_reasons(ordered),
    )
    others = [guess for guess in guesses if guess not in ordered]
    return [joined, *(_single(Kind.BIRTH_DATE, guess) for guess in others)]


def _one_field(
    kind: Kind, guesses: Sequence[ColumnGuess], combine: Combine
) -> list[Field]:
    if len(guesses) < 2:
        return [_single(kind, guess) for guess in guesses]
    columns = tuple(guess.column for guess in guesses)
    return [Field(str(kind), kind, columns, combine, why=_reasons(guesses))]


def _single(kind: Kind, guess: ColumnGuess) -> Field:
    field = Field(guess.column or UNNAMED, kind, (guess.column,), why=guess.evidence)
    if kind in (Kind.BIRTH_DATE, Kind.DATE) and guess.day_first is not None:
        return replace(field, normalize={"name": "date", "day_first": guess.day_first})
    # Where somebody was born is no home that a family shares.
    return replace(field, shared={}) if guess.part == "birth" else field


def _reasons(guesses: Iterable[ColumnGuess]) -> str:
    return "; ".join(guess.evidence for guess in guesses)
