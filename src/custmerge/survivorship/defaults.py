"""Which rule a field gets when nobody chose one: by its kind."""

from __future__ import annotations

from typing import Final

from custmerge.kinds import Kind
from custmerge.protocols import SurvivorshipRule
from custmerge.survivorship.casing import mixed_case
from custmerge.survivorship.lengths import longest
from custmerge.survivorship.rules import most_complete, most_recent
from custmerge.survivorship.values import most_frequent, valid_first

__all__ = ["DEFAULT_RULES", "default_rule"]

# Every default but names' begins with what is valid, so that neither a slip nor a
# placeholder beats a value for being newer. Names have nothing to be valid by, and
# counting their standard forms puts placeholders last.
_VALID = valid_first()

# What several records confirm is hardly a slip; spellings of one value confirm it.
_CONFIRMED = most_frequent(normalized=True)

# Every default ends with the fullest record: it is the better kept one, and fields
# that fall back to it come from the same record.
_REST = most_frequent().then(most_complete())

# Customers move and change their address on the web: what is newest is in use, though
# older records may confirm what was before.
_CONTACT = _VALID.then(most_recent()).then(_CONFIRMED).then(_REST)

# As a contact, but of two spellings the longer tells more: "New York", not "NY", a
# telephone number with its country code.
_PLACE = (
    _VALID.then(most_recent()).then(_CONFIRMED).then(longest()).then(most_complete())
)

# A name hardly changes and is often cut: what most records agree on, and among equals
# "Jonathan", not "J.".
_LONGER = longest().then(most_recent()).then(most_complete())

# How many records are in capitals tells what systems they came from, not how persons
# are spelt. Companies may be: there, what most records have goes before.
_SPELLING = mixed_case().then(most_frequent())
_NAME = _CONFIRMED.then(_SPELLING).then(_LONGER)
_ORGANISATION = _CONFIRMED.then(most_frequent()).then(mixed_case()).then(_LONGER)

# A family name is seldom shortened, and changes with marriage.
_FAMILY_NAME = _CONFIRMED.then(_SPELLING).then(most_recent()).then(longest())
_FAMILY_NAME = _FAMILY_NAME.then(most_complete())

# A fact that never changes: a difference is an error, and errors are rarer than truth.
_FACT = _VALID.then(_CONFIRMED).then(most_recent()).then(_REST)

_UNKNOWN = most_recent().then(_REST)

_STATE = _VALID.then(_UNKNOWN)

DEFAULT_RULES: Final[dict[Kind, SurvivorshipRule]] = {
    Kind.GIVEN_NAME: _NAME,
    Kind.FAMILY_NAME: _FAMILY_NAME,
    Kind.FULL_NAME: _NAME,
    Kind.ORGANISATION: _ORGANISATION,
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
    | e-mail, URL | valid first, most recent, confirmed, most frequent, most complete |
    | phone, address, city, region, postcode, country | valid first, most recent, \
confirmed, longest, most complete |
    | given name, full name | confirmed, mixed case, most frequent, longest, \
most recent, most complete |
    | family name | confirmed, mixed case, most frequent, most recent, longest, \
most complete |
    | organisation | confirmed, most frequent, mixed case, longest, most recent, \
most complete |
    | birth date, identifier, gender | valid first, confirmed, most recent, \
most frequent, most complete |
    | date, category, number, text | valid first, most recent, most frequent, \
most complete |
    | no kind | most recent, most frequent, most complete |

    Confirmed is `most_frequent(normalized=True)`: the value of most records, in
    whatever spelling.

    Examples:
        >>> default_rule(None).name
        'most_recent, then most_frequent, then most_complete'
    """
    return _UNKNOWN if kind is None else DEFAULT_RULES[kind]
