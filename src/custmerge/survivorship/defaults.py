"""Which rule a field gets when nobody chose one: by its kind."""

from __future__ import annotations

from typing import Final

from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship.rules import most_complete, most_recent
from custmerge.survivorship.values import longest, most_frequent

__all__ = ["DEFAULT_RULES", "default_rule"]

# Every default ends with the fullest record: it is the better kept one, and fields
# that fall back to it come from the same record.

# Customers move and change their address on the web: what is newest is in use.
_CONTACT = most_recent().then(most_frequent()).then(most_complete())

# As a contact, but of two spellings the longer tells more: "New York", not "NY", a
# telephone number with its country code.
_PLACE = most_recent().then(most_frequent()).then(longest()).then(most_complete())

# A name hardly changes and is often cut: what most records agree on, and among equals
# "Jonathan", not "J.".
_NAME = most_frequent().then(longest()).then(most_recent()).then(most_complete())

# A family name is seldom shortened, and changes with marriage.
_FAMILY_NAME = most_frequent().then(most_recent()).then(longest()).then(most_complete())

# A fact that never changes: a difference is an error, and errors are rarer than truth.
_FACT = most_frequent().then(most_recent()).then(most_complete())

_STATE = most_recent().then(most_frequent()).then(most_complete())

DEFAULT_RULES: Final[dict[Kind, SurvivorshipRule]] = {
    Kind.GIVEN_NAME: _NAME,
    Kind.FAMILY_NAME: _FAMILY_NAME,
    Kind.FULL_NAME: _NAME,
    Kind.ORGANISATION: _NAME,
    Kind.EMAIL: _CONTACT,
    Kind.PHONE: _PLACE,
    Kind.URL: _CONTACT,
    Kind.ADDRESS: _PLACE,
    Kind.CITY: _PLACE,
    Kind.REGION: _PLACE,
    Kind.POSTCODE: _PLACE,
    Kind.COUNTRY: _PLACE,
    Kind.BIRTH_DATE: _FACT,
    Kind.IDENTIFIER: _FACT,
    Kind.GENDER: _FACT,
    Kind.DATE: _STATE,
    Kind.CATEGORY: _STATE,
    Kind.NUMBER: _STATE,
    Kind.TEXT: _STATE,
}
"""The rule of each kind, its timestamp column left open for `bind`."""


def default_rule(kind: Kind | None) -> SurvivorshipRule:
    """Return the rule for fields of a kind; `None` is a column without a kind.

    | Kind | Rule |
    | --- | --- |
    | e-mail, URL | most recent, most frequent, most complete |
    | phone, address, city, region, postcode, country | most recent, most frequent, \
longest, most complete |
    | given name, full name, organisation | most frequent, longest, most recent, \
most complete |
    | family name | most frequent, most recent, longest, most complete |
    | birth date, identifier, gender | most frequent, most recent, most complete |
    | date, category, number, text, no kind | most recent, most frequent, \
most complete |

    Examples:
        >>> default_rule(Kind.BIRTH_DATE).name
        'most_frequent, then most_recent, then most_complete'
    """
    return _STATE if kind is None else DEFAULT_RULES[kind]
