"""The built-in normalizers by name, and what a configuration may say for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from custmerge._adapters import Spec, coerce, spec_of
from custmerge.exceptions import InvalidConfigError
from custmerge.normalizers.addresses import Address
from custmerge.normalizers.dates import Date
from custmerge.normalizers.documents import BirthDateOfIdentifier, GenderOfIdentifier
from custmerge.normalizers.emails import Email, EmailDomain, EmailLocal
from custmerge.normalizers.genders import Gender
from custmerge.normalizers.handles import ChineseMobile, QqNumber
from custmerge.normalizers.identifiers import Identifier
from custmerge.normalizers.names import (
    FamilyOfFullName,
    FullName,
    GivenName,
    GivenOfFullName,
    PersonName,
)
from custmerge.normalizers.numbers import Number
from custmerge.normalizers.organisations import Organisation
from custmerge.normalizers.phones import Phone
from custmerge.normalizers.places import City, Country, Postcode, Region
from custmerge.normalizers.plugins import Chain, FunctionNormalizer
from custmerge.normalizers.text import Category, Text
from custmerge.normalizers.urls import Url
from custmerge.protocols import Normalizer

__all__ = ["NORMALIZERS", "IntoNormalizer", "as_normalizer", "normalizer_spec"]

IntoNormalizer: TypeAlias = (
    "Normalizer | Callable[[str], str | None] | str | Mapping[str, Any]"
    " | Sequence[IntoNormalizer]"
)
"""A normalizer, a function, a built-in's name, a mapping with `name` and parameters,
`"package.module:attribute"`, or several of these to apply in turn."""

NORMALIZERS: dict[str, type] = {
    "address": Address,
    "birth_date_of_identifier": BirthDateOfIdentifier,
    "category": Category,
    "chinese_mobile": ChineseMobile,
    "city": City,
    "country": Country,
    "date": Date,
    "email": Email,
    "email_domain": EmailDomain,
    "email_local": EmailLocal,
    "family_of_full_name": FamilyOfFullName,
    "full_name": FullName,
    "gender": Gender,
    "gender_of_identifier": GenderOfIdentifier,
    "given_name": GivenName,
    "given_of_full_name": GivenOfFullName,
    "identifier": Identifier,
    "number": Number,
    "organisation": Organisation,
    "person_name": PersonName,
    "phone": Phone,
    "postcode": Postcode,
    "qq": QqNumber,
    "region": Region,
    "text": Text,
    "url": Url,
}
"""The built-in normalizers by name."""


def as_normalizer(into: IntoNormalizer) -> Normalizer:
    """Return the normalizer that a configuration's entry stands for.

    Args:
        into: See `IntoNormalizer`; a list or tuple becomes a `Chain`.

    Raises:
        InvalidConfigError: It stands for none; the message lists the built-ins.

    Examples:
        >>> as_normalizer("email")
        Email(name='email')
        >>> as_normalizer({"name": "phone", "region": "CN"})
        Phone(region='CN', name='phone')
        >>> as_normalizer(["text", str.title]).normalize([" ANN  lee "])
        ['Ann Lee']
    """
    if isinstance(into, (list, tuple)):
        if not into:
            message = "an empty list is not a normalizer; name at least one step"
            raise InvalidConfigError(message)
        return Chain(tuple(as_normalizer(step) for step in into))
    found: Normalizer = coerce(
        into, "normalizer", Normalizer, NORMALIZERS, FunctionNormalizer
    )
    return found


def normalizer_spec(normalizer: Normalizer) -> Spec | list[Spec]:
    """Return how a configuration file writes a normalizer; `as_normalizer` reads it.

    Examples:
        >>> normalizer_spec(as_normalizer(["text", {"name": "phone", "region": "CN"}]))
        ['text', {'name': 'phone', 'region': 'CN'}]
    """
    if isinstance(normalizer, Chain):
        return [spec_of(step, NORMALIZERS) for step in normalizer.steps]
    return spec_of(normalizer, NORMALIZERS)
