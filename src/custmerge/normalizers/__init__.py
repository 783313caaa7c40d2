"""Normalizers: bring the distinct values of a field to a standard form.

A built-in is named in a configuration (`normalize="email"`) or built with parameters
(`Phone("CN")`); a function becomes one with `@normalizer`; a list is applied in turn.
"""

from __future__ import annotations

from custmerge.normalizers.addresses import Address
from custmerge.normalizers.coercion import (
    NORMALIZERS,
    IntoNormalizer,
    as_normalizer,
    normalizer_spec,
)
from custmerge.normalizers.dates import Date
from custmerge.normalizers.documents import (
    BirthDateOfIdentifier,
    GenderOfIdentifier,
    is_valid_identifier,
)
from custmerge.normalizers.emails import Email, EmailDomain, EmailLocal
from custmerge.normalizers.genders import Gender
from custmerge.normalizers.handles import ChineseMobile, QqNumber
from custmerge.normalizers.identifiers import Identifier
from custmerge.normalizers.names import (
    FamilyOfFullName,
    FullName,
    GivenOfFullName,
    PersonName,
)
from custmerge.normalizers.numbers import Number
from custmerge.normalizers.organisations import Organisation
from custmerge.normalizers.phones import Phone
from custmerge.normalizers.places import City, Country, Postcode, Region
from custmerge.normalizers.plugins import Chain, FunctionNormalizer, normalizer
from custmerge.normalizers.text import Category, Text
from custmerge.normalizers.urls import Url

__all__ = [
    "NORMALIZERS",
    "Address",
    "BirthDateOfIdentifier",
    "Category",
    "Chain",
    "ChineseMobile",
    "City",
    "Country",
    "Date",
    "Email",
    "EmailDomain",
    "EmailLocal",
    "FamilyOfFullName",
    "FullName",
    "FunctionNormalizer",
    "Gender",
    "GenderOfIdentifier",
    "GivenOfFullName",
    "Identifier",
    "IntoNormalizer",
    "Number",
    "Organisation",
    "PersonName",
    "Phone",
    "Postcode",
    "QqNumber",
    "Region",
    "Text",
    "Url",
    "as_normalizer",
    "is_valid_identifier",
    "normalizer",
    "normalizer_spec",
]
