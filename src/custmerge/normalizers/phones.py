"""Phone numbers, in E.164 where they can be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, count

from custmerge.exceptions import InvalidConfigError
from custmerge.normalizers.hiding import ending, starred, telling
from custmerge.normalizers.lines import Results, lines_unlike, normalize_lines

__all__ = ["Phone", "dialled", "is_assigned", "is_number_of", "plain_numbers"]

_SHORTEST = 5
# What phonenumbers leaves to us: it knows no Chinese words, and digits that are no
# number keep theirs.
_EXTENSION = re.compile(
    r"(?<=[0-9)])[\s,;.(/-]*(?:extension|extn|ext|x|#|转|轉|分机|分機)[\s.:=#]*"
    r"[0-9]{1,7}\)?\s*$",
    re.IGNORECASE,
)
# After a whole number of China, where others have no fourth part.
_SWITCHBOARD = re.compile(
    r"^([^0-9+(]*(?:(?:\+|00)?86[ -]?)?"
    r"(?:\(?0?[1-9][0-9]{1,2}\)?[ -]?[0-9]{4}[ -]?[0-9]{3,4}|"
    r"[48]00-?[0-9]{3,4}-?[0-9]{3,4}))-[0-9]{1,5}\s*$"
)
_REMARK = re.compile(r"\s*\([^0-9()]*\)?\s*$")
_HIDDEN = re.compile(r"[0-9]|[*]")
_CHINESE_CODE = re.compile(r"(?:00)?86(?=1[0-9*]{10}$)")
# phonenumbers parses no longer text.
_LONGEST = 250
_SHAPE = r"\+?[0-9(][0-9 ().-]{0,30}"
_FORMATTED, _UNUSUAL = re.compile(_SHAPE), lines_unlike(_SHAPE)
_NEVER = "(?!)"
"""The pattern that fits nothing."""
_NO_REGION = "ZZ"
"""What phonenumbers returns for what is no country code (ISO 3166: user-assigned)."""
_TYPES = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)
"""The types of telephones that phonenumbers tells apart."""
# Typed where a form insists on a number.
_PLACEHOLDERS = frozenset(
    {"1234567890", "0123456789", "123456789", "12345678", "1234567", "123456", "12345"}
    | {"13800138000", "13800000000", "12345678901", "12345678910"}
)
# Shorter ones end real international numbers too.
_WHOLE_PLACEHOLDERS = frozenset(number for number in _PLACEHOLDERS if len(number) > 9)
_DOUBTFUL_ENDS = frozenset(
    (
        "",
        *(number[-9:] for number in _WHOLE_PLACEHOLDERS),
        *(9 * d for d in "0123456789"),
    )
)


@dataclass(frozen=True, slots=True)
class Phone:
    """Normalizes a phone number to E.164, without its extension.

    What cannot be a number of any country keeps its digits if there are at least
    five, as local numbers do; shorter ones and numbers that stand for none are `None`.
    A masked number keeps its mask, if it shows seven digits at least or its last four.

    Attributes:
        region: The country of numbers without a country code, as ISO 3166 alpha-2.

    Examples:
        >>> Phone().normalize(["(415) 555-2671 x12", "+86 139-1234-5678", "555-2671"])
        ['+14155552671', '+8613912345678', '5552671']
        >>> Phone("AU").normalize(["0412 345 678", "000 000 000", "n/a"])
        ['+61412345678', None, None]
        >>> Phone("CN").normalize(["+86 138 **** 8888", "尾号8888", "138 **** ****"])
        ['138****8888', '**8888', None]
        >>> Phone("CN").normalize(["010-6234 5678-801", "400-810-1234 转 2"])
        ['+861062345678', '+864008101234']
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
        return normalize_lines(
            values,
            _UNUSUAL,
            lambda text: _phones(text, self.region),
            lambda value: _phone(value, self.region),
        )


def is_number_of(value: str, region: str) -> bool:
    """Whether a number, dialled in a region, is one of the region's own.

    Examples:
        >>> [is_number_of(text, "GB") for text in ("020 7946 0018", "+1 415 555 2671")]
        [True, False]
    """
    import phonenumbers  # noqa: PLC0415  40 ms that files without phones can save

    numbering = _numbering(region)
    digits = dialled(value) if _FORMATTED.fullmatch(value) else ""
    # What begins with 00 goes abroad for `plain` wherever it is dialled.
    found = numbering and not digits.startswith("00") and numbering.plain.match(digits)
    if numbering and found and found[1]:
        number = phonenumbers.PhoneNumber(int(numbering.code), int(found[1]))
    else:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            return False
    return bool(phonenumbers.is_valid_number_for_region(number, region))


def is_assigned(number: str) -> bool:
    """Whether a number in E.164 may be a telephone's, by its country's numbering plan.

    Examples:
        >>> [is_assigned(number) for number in ("+8613812345678", "+861381234567")]
        [True, False]
        >>> is_assigned("2079460018")
        False
    """
    import phonenumbers  # noqa: PLC0415  as above

    if not number.startswith("+"):
        return False
    if _assigned(_main_region(number[1:4])).fullmatch(number):
        return True
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(parsed))


@cache
def _assigned(region: str) -> re.Pattern[str]:
    """Return what fits a region's numbers in E.164.

    phonenumbers says the same of them, which a test compares, in 20 times the time.
    """
    import phonenumbers  # noqa: PLC0415  as above

    code = phonenumbers.country_code_for_region(region)
    return re.compile(rf"\+{code}(?:{_numbers(region)})")


def _numbers(region: str) -> str:
    """Return the pattern of a region's national numbers of telephones of any type."""
    import phonenumbers  # noqa: PLC0415  as above

    found = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    types = [getattr(found, name) for name in _TYPES] if found else []
    patterns = [_uncaptured(item and item.national_number_pattern) for item in types]
    return "|".join(dict.fromkeys(patterns)) or _NEVER


def plain_numbers(region: str) -> str:
    """Return the pattern of numbers, as dialled in a region, that are its own.

    None of them stands for no number. A test compares with `Phone` and `is_assigned`.

    Examples:
        >>> plain = re.compile(plain_numbers("CN"))
        >>> [bool(plain.fullmatch(text)) for text in ("13912348765", "13800138000")]
        [True, False]
    """
    import phonenumbers  # noqa: PLC0415  as above

    found = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    prefix = found and found.national_prefix
    is_rewritten = found and found.national_prefix_transform_rule
    prefixed = f"|{prefix}" if prefix and not is_rewritten else ""
    code = phonenumbers.country_code_for_region(region)
    alike = "|".join(9 * digit for digit in "0123456789")
    # Looked for last, where nearly all that is no number has failed.
    endings = "".join(f"(?<!{number})" for number in (*sorted(_PLACEHOLDERS), alike))
    return rf"(?:\+{code}{prefixed})?(?:{_numbers(region)}){endings}"


@dataclass(frozen=True, slots=True)
class _Numbering:
    """A region's country code, and its plain numbers among lines of digits.

    Attributes:
        code: The country code.
        plain: Finds in each line the national number, empty where there is none. It
            gives what phonenumbers gives, which a test compares, in a hundredth of the
            time.
    """

    code: str
    plain: re.Pattern[str]


@cache
def _numbering(region: str) -> _Numbering | None:
    import phonenumbers  # noqa: PLC0415  60 ms that files without phones can save

    own = _rules(region)
    if own is None:
        return None
    code = own.code
    # By this region's rules phonenumbers reads what is written with a country code.
    main = _rules(phonenumbers.region_code_for_country_code(int(code))) or own
    number = own.number + (main.number if main != own else "")
    # The commonest first: what is a number as it stands has none of what may precede.
    plain = (
        rf"(?!\+|00|{own.abroad})"
        rf"(?:{number}|(?:{own.prefixed}|{own.no_number}{code}){number})|"
        rf"(?:\+|00){code}(?:{main.prefixed})?{main.number}"
    )
    return _Numbering(code, re.compile(rf"^(?:(?:{plain})([0-9]+)|.*)$", re.MULTILINE))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What phonenumbers knows of a region's numbers, as patterns without groups."""

    code: str
    national: str
    lengths: str
    prefix: str
    """What is dialled before national numbers."""
    is_rewritten: bool
    """Whether national numbers are another thing without it."""
    abroad: str
    """What is dialled before international numbers."""

    @property
    def no_number(self) -> str:
        """What stands before anything but a national number."""
        return f"(?!{self.national}$)"

    @property
    def number(self) -> str:
        """What stands before a national number that begins with no prefix."""
        return f"(?!0|{self.prefix})(?=(?:{self.lengths})$)(?={self.national}$)"

    @property
    def prefixed(self) -> str:
        """What fits the prefix of a national number."""
        if self.is_rewritten:
            return _NEVER
        # Of a number that begins with the country code that is taken off first.
        prefix, code = f"(?>{self.prefix})", self.code
        return f"{self.no_number}(?:(?!{code}){prefix}|{prefix}(?<=^{code}))"


def _rules(region: str) -> _Rules | None:
    import phonenumbers  # noqa: PLC0415  as above

    found = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    numbers = None if found is None else found.general_desc
    if found is None or numbers is None or not numbers.national_number_pattern:
        return None
    return _Rules(
        code=str(found.country_code),
        national=_uncaptured(numbers.national_number_pattern),
        lengths=_of_lengths(numbers.possible_length),
        prefix=_uncaptured(found.national_prefix_for_parsing),
        is_rewritten=bool(found.national_prefix_transform_rule),
        abroad=_uncaptured(found.international_prefix),
    )


def _of_lengths(lengths: Sequence[int]) -> str:
    """Return what fits digits of these lengths: of a range, without trying each."""
    shortest, longest = min(lengths), max(lengths)
    if set(lengths) == set(range(shortest, longest + 1)):
        return f"[0-9]{{{shortest},{longest}}}"
    return "|".join(f"[0-9]{{{length}}}" for length in lengths)


def _uncaptured(pattern: str | None) -> str:
    if not pattern:
        return _NEVER
    # `\d` also fits other scripts' digits, which takes longer to find out.
    plain = re.sub(r"\((?!\?)", "(?:", pattern.replace(r"\d", "[0-9]"))
    return f"(?:{plain})"


def _phones(text: str, region: str) -> Results:
    """Return the standard form of lines of digits and what parts them."""
    numbering, lines = _numbering(region), text.split("\n")
    if numbering is None:
        return [_phone(line, region) for line in lines]
    found = numbering.plain.findall(dialled(text))
    start = f"\n+{numbering.code}"
    numbers: list[str | None] = [*start.join(["", *found]).split("\n")[1:]]
    is_doubtful = map(_DOUBTFUL_ENDS.__contains__, [number[-9:] for number in found])
    for place in compress(count(), is_doubtful):
        numbers[place] = _phone(lines[place], region)
    return numbers


def dialled(text: str) -> str:
    """Return numbers without the marks that part their digits.

    Examples:
        >>> dialled("(415) 555-2671")
        '4155552671'
    """
    return (
        text.encode("utf-8", "surrogatepass")
        .translate(None, b" ().-")
        .decode("utf-8", "surrogatepass")
    )


def _phone(value: str, region: str) -> str | None:
    # Only what may be a number: NFKC is not linear in long runs of marks.
    short = len(value) <= _LONGEST and not value.isascii()
    text = unicodedata.normalize("NFKC", value) if short else value
    if len(text) <= _LONGEST:
        end = ending(text)
        if end is not None and end.isdecimal():
            return telling(f"*{end}")
        text = starred(text)
        text = _SWITCHBOARD.sub(r"\1", _EXTENSION.sub("", _REMARK.sub("", text)))
        if "*" in text:
            shown = "".join(_HIDDEN.findall(text))
            return telling(_CHINESE_CODE.sub("", shown))
    number = _plain_number(text, region) or _parsed_number(text, region)
    return None if number is None or _stands_for_none(number) else number


def _plain_number(text: str, region: str) -> str | None:
    """Return the E.164 form of a common way to write a number, or `None`."""
    if not _FORMATTED.fullmatch(text):
        return None
    digits = dialled(text)
    if digits.startswith(("+", "00")):
        region = _main_region(digits.lstrip("+").removeprefix("00")[:3])
    numbering = _numbering(region)
    found = None if numbering is None else numbering.plain.match(digits)
    if numbering is None or found is None or not found[1]:
        return None
    return f"+{numbering.code}{found[1]}"


@cache
def _main_region(start: str) -> str:
    """Return the main region of the country code in an international number's start."""
    import phonenumbers  # noqa: PLC0415  as above

    # Country codes have up to three digits, and none begins with another.
    codes = [int(start[:length] or 0) for length in (1, 2, 3)]
    regions = (phonenumbers.region_code_for_country_code(code) for code in codes)
    return next((name for name in regions if name != _NO_REGION), _NO_REGION)


def _parsed_number(text: str, region: str) -> str | None:
    """Return the number as E.164 if any reading of it is possible, else its digits."""
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
