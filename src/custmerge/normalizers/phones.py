"""Phone numbers, in E.164 where they can be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from custmerge.exceptions import InvalidConfigError

__all__ = ["Phone"]

_SHORTEST = 5
# What phonenumbers leaves to us: it knows no Chinese words, and digits that are no
# number keep theirs.
_EXTENSION = re.compile(
    r"(?<=[0-9)])[\s,;.(/-]*(?:extension|extn|ext|x|#|转|轉|分机|分機)[\s.:=#]*"
    r"[0-9]{1,7}\)?\s*$",
    re.IGNORECASE,
)
# phonenumbers parses no longer text.
_LONGEST = 250
_FORMATTED = re.compile(r"\+?[0-9(][0-9 ().-]{0,30}")
_FORMATTING = str.maketrans(dict.fromkeys(" ().-"))
# Typed where a form insists on a number.
_PLACEHOLDERS = frozenset(
    {"1234567890", "0123456789", "123456789", "12345678", "1234567", "123456", "12345"}
    | {"13800138000", "13800000000", "12345678901", "12345678910"}
)
# Shorter ones end real international numbers too.
_WHOLE_PLACEHOLDERS = frozenset(number for number in _PLACEHOLDERS if len(number) > 9)


@dataclass(frozen=True, slots=True)
class Phone:
    """Normalizes a phone number to E.164, without its extension.

    What cannot be a number of any country keeps its digits if there are at least
    five, as local numbers do; shorter ones and numbers that stand for none are `None`.

    Attributes:
        region: The country of numbers without a country code, as ISO 3166 alpha-2.

    Examples:
        >>> Phone().normalize(["(415) 555-2671 x12", "+86 139-1234-5678", "555-2671"])
        ['+14155552671', '+8613912345678', '5552671']
        >>> Phone("AU").normalize(["0412 345 678", "000 000 000", "n/a"])
        ['+61412345678', None, None]
    """

    region: str = "US"
    name: str = "phone"

    def __post_init__(self) -> None:
        if _numbering(self.region) is None:
            message = (
                f"phone region {self.region!r} is unknown; "
                "give an ISO 3166 alpha-2 code in upper case, such as 'US'"
            )
            raise InvalidConfigError(message)

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each number."""
        return [_phone(value, self.region) for value in values]


@dataclass(frozen=True, slots=True)
class _Numbering:
    """What a region's numbers look like, enough for the plain ones among them."""

    code: str
    national: re.Pattern[str]
    lengths: frozenset[int]
    prefix: re.Pattern[str] | None
    """What is dialled before national numbers; `None` if it rewrites them."""
    international: re.Pattern[str]
    is_main: bool
    """Whether the country code alone means this region."""

    def is_plain(self, number: str) -> bool:
        """Return whether these digits are a national number and nothing else."""
        return (
            len(number) in self.lengths
            and self.national.fullmatch(number) is not None
            and self.prefix is not None
            and self.prefix.match(number) is None
            and not number.startswith("0")
        )


@cache
def _numbering(region: str) -> _Numbering | None:
    import phonenumbers  # noqa: PLC0415  60 ms that files without phones can save

    found = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    numbers = None if found is None else found.general_desc
    if found is None or numbers is None or not numbers.national_number_pattern:
        return None
    code = str(found.country_code)
    # "$^" matches no digits: the region has no such prefix.
    return _Numbering(
        code=code,
        national=re.compile(numbers.national_number_pattern),
        lengths=frozenset(numbers.possible_length),
        prefix=None
        if found.national_prefix_transform_rule
        else re.compile(found.national_prefix_for_parsing or "$^"),
        international=re.compile(found.international_prefix or "$^"),
        is_main=phonenumbers.region_code_for_country_code(int(code)) == region,
    )


def _phone(value: str, region: str) -> str | None:
    # Only what may be a number: NFKC is not linear in long runs of marks.
    short = len(value) <= _LONGEST and not value.isascii()
    text = unicodedata.normalize("NFKC", value) if short else value
    number = _plain_number(text, region) or _parsed_number(text, region)
    return None if number is None or _stands_for_none(number) else number


def _plain_number(text: str, region: str) -> str | None:
    """Return the E.164 form of a common way to write a number, or `None`.

    It gives what phonenumbers gives, which a test compares, in a thirtieth of the time.
    """
    numbering = _numbering(region)
    if numbering is None or not _FORMATTED.fullmatch(text):
        return None
    digits = text.translate(_FORMATTING)
    code = numbering.code
    if digits.startswith("+"):
        rest = digits[1 + len(code) :]
        known = numbering.is_main and digits.startswith(code, 1)
        return digits if known and numbering.is_plain(rest) else None
    if numbering.international.match(digits):
        return None
    if numbering.is_plain(digits):
        return f"+{code}{digits}"
    return _without_prefix(digits, numbering)


def _without_prefix(digits: str, numbering: _Numbering) -> str | None:
    prefix, code = numbering.prefix, numbering.code
    found = prefix.match(digits) if prefix is not None and not prefix.groups else None
    if found is None or numbering.national.fullmatch(digits):
        return None
    if digits.startswith(code) and found[0] != code:
        return None
    rest = digits[found.end() :]
    return f"+{code}{rest}" if numbering.is_plain(rest) else None


def _parsed_number(text: str, region: str) -> str | None:
    """Return the number as E.164 if any reading of it is possible, else its digits."""
    if len(text) <= _LONGEST:
        text = _EXTENSION.sub("", text)
    digits = _digits(text)
    if len(digits) < _SHORTEST:
        return None
    # Most of the world dials 00 where others write a plus.
    plus = [f"+{digits[2:]}"] if digits.startswith("00") else []
    readings = (_e164(reading, region) for reading in (*plus, text, digits))
    return next((number for number in readings if number is not None), digits)


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) for digit in re.findall(r"\d", text))


def _e164(text: str, region: str) -> str | None:
    """Return the E.164 form of a possible number that is read back as itself."""
    number = _possible(text, region)
    return (
        number if number is not None and _possible(number, region) == number else None
    )


def _possible(text: str, region: str) -> str | None:
    import phonenumbers  # noqa: PLC0415  as above

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164


def _stands_for_none(number: str) -> bool:
    digits = number.removeprefix("+")
    if digits == number:
        return digits in _PLACEHOLDERS or len(set(digits)) == 1
    # A country code has at most three digits; eight equal ones after it can be real.
    return len(set(digits[-9:])) == 1 or any(
        digits[length:] in _WHOLE_PLACEHOLDERS for length in range(4)
    )
