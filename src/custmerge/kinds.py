"""What a column can be about: the vocabulary of schema inference and defaults."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CONTACT_KINDS", "Kind", "Role"]


class Kind(StrEnum):
    """What the values of a field are; it picks the field's default plug-ins.

    Examples:
        >>> import custmerge as cm
        >>> cm.Kind("email") is cm.Kind.EMAIL
        True
    """

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    FULL_NAME = "full_name"
    """A person's whole name in one column, or a name that may be either."""
    ORGANISATION = "organisation"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    """A whole address or the lines of one: number, street, unit."""
    CITY = "city"
    REGION = "region"
    POSTCODE = "postcode"
    COUNTRY = "country"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    """Any other date that belongs to the customer and may be compared."""
    IDENTIFIER = "identifier"
    """A number that names one customer: resident id, tax, loyalty, passport."""
    GENDER = "gender"
    CATEGORY = "category"
    """Few distinct values: segment, type, occupation."""
    NUMBER = "number"
    """A measured quantity: income, latitude, employees."""
    TEXT = "text"
    URL = "url"


CONTACT_KINDS = (Kind.EMAIL, Kind.PHONE, Kind.IDENTIFIER)
"""What two customers may share, and be related by, though they have nothing else."""


class Role(StrEnum):
    """What a column is for when it is not evidence about the customer.

    Examples:
        >>> import custmerge as cm
        >>> cm.Role("id") is cm.Role.ID
        True
    """

    ID = "id"
    """The caller's own record id; unique."""
    SOURCE = "source"
    """Which system the record came from."""
    UPDATED_AT = "updated_at"
    CREATED_AT = "created_at"
    RECORD_TYPE = "record_type"
    """What a record describes: a person or a company, an account or a contact."""
    OWNER = "owner"
    """The employee or team that looks after the record."""
    IGNORE = "ignore"
    """Kept in the golden record, compared with nothing."""
