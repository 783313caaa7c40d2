"""How fields bear on each other, where their kinds alone tell.

What says where somebody lives is one fact in several fields; e-mail addresses are made
of names, and a given name tells the gender; given and family names are exchanged at
times. Households share one set of fields, the branches of a company another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from custmerge.config.fields import AUTO, Field
from custmerge.kinds import Kind

__all__ = ["relate"]

_PLACE = (Kind.ADDRESS, Kind.POSTCODE, Kind.CITY, Kind.REGION, Kind.COUNTRY)
"""What says where somebody lives, from the narrow to the wide: each follows from the
one before."""
_GROUP = "address"


def relate(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields with everything settled that was left `"auto"`."""
    first: dict[Kind, Field] = {}
    for field in fields:
        if field.comparator is not None:
            first.setdefault(Kind(field.kind), field)
    has_organisation = Kind.ORGANISATION in first
    # The place of birth is a city too, but not where anybody lives.
    homes = {
        kind: first[kind] for kind in _PLACE if kind in first and first[kind].shared
    }
    return tuple(_settled(field, first, homes, has_organisation) for field in fields)


def _settled(
    field: Field,
    first: Mapping[Kind, Field],
    homes: Mapping[Kind, Field],
    has_organisation: bool,  # noqa: FBT001
) -> Field:
    at_home = len(homes) > 1 and field in homes.values()
    changes: dict[str, Any] = {}
    if field.group == AUTO:
        changes["group"] = _GROUP if at_home else None
    if field.swaps_with == AUTO:
        changes["swaps_with"] = _swap(field, first)
    if field.depends_on == AUTO:
        changes["depends_on"] = (
            () if field.comparator is None else _parents(field, first, homes)
        )
    if field.shared == AUTO:
        changes["shared"] = _shares(field, has_organisation=has_organisation)
    if not changes:
        return field
    settled = copy(field)  # nothing else needs checking again
    for attribute, value in changes.items():
        object.__setattr__(settled, attribute, value)
    return settled


def _swap(field: Field, first: Mapping[Kind, Field]) -> str | None:
    """Given names are exchanged with family names."""
    family = first.get(Kind.FAMILY_NAME)
    if family is None or field is not first.get(Kind.GIVEN_NAME):
        return None
    return family.name


def _parents(
    field: Field, first: Mapping[Kind, Field], homes: Mapping[Kind, Field]
) -> tuple[str, ...]:
    """Return the fields that a field follows from in part."""
    kind = Kind(field.kind)
    if kind is Kind.GENDER and Kind.GIVEN_NAME in first:
        return (first[Kind.GIVEN_NAME].name,)
    if kind is Kind.EMAIL:
        names = [first[k] for k in (Kind.GIVEN_NAME, Kind.FAMILY_NAME) if k in first]
        alike = len({len(name.levels) for name in names}) == 1
        return tuple(name.name for name in names) if alike else ()
    if field is homes.get(kind):
        wider = list(homes)
        above = wider.index(kind) - 1
        return (homes[wider[above]].name,) if above >= 0 else ()
    return ()


def _shares(field: Field, *, has_organisation: bool) -> dict[str, float]:
    """Return what each class of relatives shares of a field, where it shares any."""
    defaults = field.defaults
    shares = {"household": defaults.household}
    if has_organisation:
        shares["branch"] = defaults.branch
    return {relatives: share for relatives, share in shares.items() if share}
