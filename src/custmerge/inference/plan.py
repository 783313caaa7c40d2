"""What the columns are taken for, made into a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat

import numpy as np

from custmerge.classifier import BranchNames, Rule
from custmerge.config import Config, Field
from custmerge.exceptions import (
    ColumnNotFoundError,
    InvalidConfigError,
    InvalidInputError,
)
from custmerge.inference.accidents import TESTED, agrees_by_accident
from custmerge.inference.columns import ColumnGuess, guess_columns
from custmerge.inference.derived import with_derived
from custmerge.inference.fields import UNNAMED, fields_of
from custmerge.inference.phrases import SIMPLIFIED
from custmerge.kinds import Kind, Role
from custmerge.normalizers.phones import is_number_of
from custmerge.organisations import may_name_branches
from custmerge.records import Column, RecordTable
from custmerge.survivorship import owner_rule

__all__ = ["IntoField", "configure"]

IntoField = Kind | Role | str | Field | None
"""What a caller may say of a column: its kind or role, a whole field, or not to compare
it."""

_COVERED = 0.95
"""Share of records with a full name whose parts make that name redundant."""
_MAY_BE_CONSTANT = (
    *(Kind.CITY, Kind.POSTCODE, Kind.REGION, Kind.COUNTRY, Kind.GENDER),
    *(Kind.CATEGORY, Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.URL),
)
"""Kinds of which many records of many customers may hold one value. Where all have one
name or e-mail, they may well be one customer's."""
_FEW = 10
"""Records so few that one customer may have entered them all."""
_REGIONS = (
    "US",
    "GB",
    "AU",
    "CN",
    "DE",
    "FR",
    "IN",
    "JP",
    "HK",
    "TW",
    "SG",
    "IT",
    "ES",
    "KR",
)
_SAMPLE = 100


def configure(
    table: RecordTable,
    *,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
    sources: Column | None = None,
) -> Config:
    """Return the configuration that fits a table's columns.

    Args:
        table: The records.
        fields: What columns are, as `resolve` takes it.
        id: The column with record ids.
        source: The column that names the source.
        sources: The source of each record, where it is known beside the columns.

    Raises:
        ColumnNotFoundError: A column that the caller names does not exist.
        InvalidConfigError: What the caller says of a column makes no sense.
    """
    _check_said(table, fields)
    given = dict(fields or {})
    _check_names(table, given, id, source)
    guesses = [_overridden(guess, given) for guess in guess_columns(table, sources)]
    guesses = _with_roles(guesses, _given_roles(given, id, source))
    likeliest = sorted(guesses, key=lambda guess: guess.confidence)
    roles = {guess.role: guess.column for guess in likeliest if guess.role}
    planned = _plan(table, guesses, roles.get(Role.CREATED_AT))
    planned = with_derived(table, _merge_fields(planned, given), given)
    if not planned:
        planned = [Field(name, compare=None) for name in table] or [
            Field("record", compare=None)
        ]
    return Config(
        tuple(planned),
        id=roles.get(Role.ID),
        source=roles.get(Role.SOURCE),
        updated_at=roles.get(Role.UPDATED_AT),
        created_at=roles.get(Role.CREATED_AT),
        record_type=roles.get(Role.RECORD_TYPE),
        owner=roles.get(Role.OWNER),
        rules=tuple(_branch_rules(table, planned)),
    )


def _branch_rules(table: RecordTable, planned: Iterable[Field]) -> Iterator[Rule]:
    """Yield what keeps branches and their company apart, where names tell of any.

    Where records name a person as often, only those that name two: one person is known
    by the company here and by the branch there.
    """
    fields = [field for field in planned if field.comparator is not None]
    people = [field for field in fields if field.kind in _PEOPLE]
    for field in fields:
        names = (table[column].values for column in field.columns)
        if field.kind is Kind.ORGANISATION and any(map(may_name_branches, names)):
            most = _n_present(table, field)
            known = [one for one in people if _n_present(table, one) >= most]
            unlike = {one.name: one.levels[0] for one in known[:1]}
            where = {field.name: BranchNames()}
            yield Rule("differ", below=unlike, where=where, name="branch")


_PEOPLE = (Kind.GIVEN_NAME, Kind.FULL_NAME)


def _n_present(table: RecordTable, field: Field) -> int:
    return max(int(table[column].present.sum()) for column in field.columns)


def _check_said(table: RecordTable, fields: object) -> None:
    """Check that there are columns, and that `fields` is a mapping of them."""
    if table.n_rows and not table.columns:
        message = (
            f"the {table.n_rows} records have no columns; each record must map at "
            "least one column's name to a cell"
        )
        raise InvalidInputError(message)
    if fields is not None and not isinstance(fields, Mapping):
        message = (
            "fields must map columns to what they are, such as "
            f'{{"mobile": "phone", "notes": None}}, not be a {type(fields).__name__}'
        )
        raise InvalidConfigError(message)


def _check_names(
    table: RecordTable,
    fields: Mapping[str, IntoField],
    id: str | None,  # noqa: A002  the word users know
    source: str | None,
) -> None:
    """Check that what the caller names exists; all that does not, in one message."""
    if not table.columns:  # no records: they could not say their columns
        return
    named = [*fields, *(name for name in (id, source) if name is not None)]
    for field in fields.values():
        if isinstance(field, Field):
            named += [name for name in field.columns if name != field.name]
    unknown = sorted({name for name in named if name not in table})
    if unknown:
        message = f"the columns {unknown} do not exist; the columns are {list(table)}"
        raise ColumnNotFoundError(message)


def _given_roles(
    given: Mapping[str, IntoField],
    id: str | None,  # noqa: A002  the word users know
    source: str | None,
) -> dict[str, Role]:
    """Return the columns that the caller gives a role, and that role."""
    roles = {
        column: Role(said)
        for column, said in given.items()
        if isinstance(said, str) and said in set(Role)
    }
    named = {Role.ID: id, Role.SOURCE: source}
    return roles | {name: role for role, name in named.items() if name is not None}


def _with_roles(
    guesses: Iterable[ColumnGuess], given: Mapping[str, Role]
) -> list[ColumnGuess]:
    """Let the roles that the caller gives replace those that were guessed."""
    settled = []
    for guess in guesses:
        role = given.get(guess.column)
        if role is not None:
            said = replace(guess, kind=None, role=role, evidence="given by the caller")
            settled.append(said)
        elif guess.role in given.values():
            settled.append(replace(guess, role=Role.IGNORE))
        else:
            settled.append(guess)
    return settled


def _overridden(guess: ColumnGuess, given: Mapping[str, IntoField]) -> ColumnGuess:
    if guess.column not in given:
        return guess
    said = given[guess.column]
    told = replace(
        guess, kind=None, role=None, part=None, evidence="given by the caller"
    )
    if said is None or isinstance(said, Field):
        return replace(told, role=Role.IGNORE)
    if said in list(Role):
        return replace(told, role=Role(said))
    try:
        return replace(told, kind=Kind(said))
    except ValueError:
        message = (
            f"fields[{guess.column!r}] must be a Field, None (not compared), or one of "
            f"{[str(name) for name in (*Kind, *Role)]}"
        )
        raise InvalidConfigError(message) from None


def _merge_fields(planned: list[Field], given: Mapping[str, IntoField]) -> list[Field]:
    """Put the caller's own fields in the place of what was planned."""
    own = {name: field for name, field in given.items() if isinstance(field, Field)}
    replaced = {column for field in own.values() for column in field.columns}
    kept = [field for field in planned if not replaced & set(field.columns)]
    return [*own.values(), *kept]


def _plan(
    table: RecordTable, guesses: Sequence[ColumnGuess], created_at: str | None
) -> list[Field]:
    """Return one field for each thing that the columns say about a customer."""
    left_out = _left_out(table, guesses)
    by_kind: dict[Kind, list[ColumnGuess]] = {}
    for guess in guesses:
        if guess.kind is not None and guess.role is None:
            by_kind.setdefault(guess.kind, [])
            if guess.column not in left_out:
                by_kind[guess.kind].append(guess)
    planned = _refined(table, fields_of(by_kind))
    kept = {column for field in planned for column in field.columns}
    roles = (Role.ID, Role.SOURCE)
    rest = [
        _kept(guess, left_out.get(guess.column, guess.evidence), created_at)
        for guess in guesses
        if guess.column not in kept and guess.role not in roles
    ]
    return _distinctly_named([*planned, *rest])


def _kept(guess: ColumnGuess, why: str, created_at: str | None) -> Field:
    """Return the field of a column that is no evidence, but survives."""
    name, columns = guess.column or UNNAMED, (guess.column,)
    field = Field(name, columns=columns, compare=None, why=why)
    if guess.role is Role.OWNER:
        return replace(field, survive=owner_rule(created_at))
    # A customer has been one since the first record of any system.
    is_first = guess.role is Role.CREATED_AT
    return replace(field, survive="smallest") if is_first else field


def _left_out(table: RecordTable, guesses: Sequence[ColumnGuess]) -> dict[str, str]:
    """Return the columns that say nothing beside the others, and why."""
    constant = {
        guess.column: f"{guess.evidence}; what all records share says nothing"
        for guess in guesses
        if guess.kind in _MAY_BE_CONSTANT and _is_constant(table[guess.column])
    }
    accidental = {
        guess.column: f"{guess.evidence}; no more records share one than by accident"
        for guess in guesses
        if guess.kind in TESTED
        and not guess.is_named
        and agrees_by_accident(table[guess.column], guess.kind)
    }
    return constant | accidental | _redundant_names(table, guesses)


def _is_constant(column: Column) -> bool:
    return len(column.values) == 1 and int(column.present.sum()) > _FEW


def _redundant_names(
    table: RecordTable, guesses: Sequence[ColumnGuess]
) -> dict[str, str]:
    """Return the whole names whose parts are there too: evidence counts once."""
    parts = [
        [table[g.column].present for g in guesses if g.kind is kind and not g.part]
        for kind in (Kind.GIVEN_NAME, Kind.FAMILY_NAME)
    ]
    if not all(parts):
        return {}
    held = np.logical_and.reduce([np.any(columns, axis=0) for columns in parts])
    return {
        guess.column: "its parts are compared as given and family name"
        for guess in guesses
        if guess.kind is Kind.FULL_NAME
        and guess.part is None
        and held[table[guess.column].present].mean() >= _COVERED
    }


def _refined(table: RecordTable, planned: Iterable[Field]) -> list[Field]:
    """Add what only the values show: the region of phone numbers."""
    return [
        replace(field, normalize={"name": "phone", "region": _region(table, field)})
        if field.kind is Kind.PHONE
        else field
        for field in planned
    ]


def _region(table: RecordTable, field: Field) -> str:
    """Return the region in which most of the numbers could be dialled."""
    values = [value for name in field.columns for value in table[name].values]
    sample = _evenly(values, _SAMPLE)
    if field.split:  # of several in one cell each is dialled by itself
        sample = [part for value in sample for part in re.split(field.split, value)]
    regions = _regions(table)
    best, most = regions[0], 0
    for region in regions:
        n_valid, n_left = 0, len(sample)
        for value in sample:
            if n_valid + n_left <= most:
                break
            n_left -= 1
            n_valid += is_number_of(value, region)
        if n_valid > most:
            best, most = region, n_valid
    return best


def _regions(table: RecordTable) -> tuple[str, ...]:
    """Return the regions, first those where people write as in the table.

    Few numbers may be of several: eleven digits of China's are in Britain too.
    """
    columns = [column.values for column in table.columns.values()]
    few = [value for values in columns if len(values) <= _SAMPLE for value in values]
    text = "".join([*table.columns, *few])
    likely = next((found for sign, found in _WRITTEN if sign.search(text)), ())
    if likely == _CHINESE and text.translate(SIMPLIFIED) != text:
        likely = ("TW", "HK", "CN")
    return tuple(dict.fromkeys([*likely, *_REGIONS]))


_CHINESE = ("CN", "HK", "TW")
_WRITTEN = (
    (re.compile("[\u3041-\u30fa]|番号|氏名"), ("JP",)),
    (re.compile("[\uac00-\ud7a3]"), ("KR",)),
    (re.compile("[\u4e00-\u9fff]"), _CHINESE),
)
"""Scripts, and the regions where they are written."""


def _evenly(values: Sequence[str], n_wanted: int) -> list[str]:
    """Return some values at even distances in their order.

    That of their first bytes, as numbers; only such as begin alike are sorted as texts.
    In UTF-8 bytes are in the order of characters.
    """
    step = max(len(values) // n_wanted, 1)
    encoded = map(str.encode, values, repeat("utf-8"), repeat("surrogatepass"))
    starts = np.asarray([*encoded], dtype="S8").view(">u8").astype(np.uint64)
    ordered = np.sort(starts)
    wanted = ordered[::step][:n_wanted]
    alike: dict[int, list[str]] = {start: [] for start in wanted.tolist()}
    for i in np.flatnonzero(np.isin(starts, wanted)).tolist():
        alike[int(starts[i])].append(values[i])
    places = np.arange(len(wanted)) * step - np.searchsorted(ordered, wanted)
    sorted_alike = {start: sorted(group) for start, group in alike.items()}
    return [
        sorted_alike[start][place]
        for start, place in zip(wanted.tolist(), places.tolist(), strict=True)
    ]


def _distinctly_named(fields: Iterable[Field]) -> list[Field]:
    named: dict[str, Field] = {}
    for field in fields:
        name = field.name
        while name in named:
            name = f"{name}_{field.columns[0]}"
        named[name] = field if name == field.name else replace(field, name=name)
    return list(named.values())
