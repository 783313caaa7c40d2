"""E-mail addresses, and their local parts and domains."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from custmerge.normalizers.lines import Results, lines_unlike, normalize_lines
from custmerge.normalizers.text import NAME_PLACEHOLDERS, fold, meaningful

__all__ = ["SUSPECT", "Email", "EmailDomain", "EmailLocal"]

# Of such addresses email-validator returns the same text, in lower case, or an error,
# after which that text is kept all the same; a test compares the two.
_PLAIN = r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9.-]*[A-Za-z0-9]"
_COMMON = re.compile(rf"(?!.*[xX][nN]--){_PLAIN}")
_UNUSUAL = lines_unlike(_PLAIN)
_IN_ANGLES = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>")
_LEADING = re.compile(r"(?:[^\W\d_]+:|e-mail:|[\s'\"<(\[.,;:])+")
# How an address is written so that programs that collect them pass it over.
_DISGUISED = re.compile(
    r"([\w.%+-]+)(?: ?[(\[{<] ?at ?[)\]}>] ?| at |#)"
    r"((?:[\w-]+(?:\.| ?[(\[{] ?dot ?[)\]}] ?| dot ))+[^\W\d_]{2,})"
)
_DOT = re.compile(r" ?(?:[(\[{] ?dot ?[)\]}]| dot ) ?")
_TRAILING = "'\">)].,;: "

# Local parts at which nobody reads.
_NO_MAILBOX = frozenset(
    "noreply no-reply no_reply donotreply do-not-reply noemail no-email nomail "
    "none unknown test n/a 123 1234 12345 123456 111 000 abc xxx".split()
)
# Local parts that say nothing where the domain repeats them: a@a.com.
_SAME_AS_DOMAIN = frozenset("na null nil abc a aa aaa xxx email mail no".split())
SUSPECT = _NO_MAILBOX | _SAME_AS_DOMAIN
"""Local parts of addresses that may stand for none."""
# Gmail ignores dots: https://support.google.com/mail/answer/7436150
_DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True)
class Email:
    """Normalizes an e-mail address: lower case, without display name or spaces.

    A misspelt address is kept, so that it can be compared; what has no `@`, and
    addresses that stand for none, are `None`.

    Examples:
        >>> Email().normalize(["Ann Lee <Ann.Lee@Mail.COM>", "ann@mail..com"])
        ['ann.lee@mail.com', 'ann@mail..com']
        >>> Email().normalize(["test@test.com", "no-reply@mail.com", "none"])
        [None, None, None]
    """

    name: str = "email"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each address."""
        return normalize_lines(values, _UNUSUAL, _emails, _email)


@dataclass(frozen=True, slots=True)
class EmailLocal:
    """Takes the local part of an e-mail address, without `+tag` and Gmail's dots.

    Text without an `@` is taken for a local part.

    Examples:
        >>> EmailLocal().normalize(["A.Lee+shop@gmail.com", "a.lee@mail.com"])
        ['alee', 'a.lee']
    """

    name: str = "email_local"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the local part of each address."""
        return [_local(value) for value in values]


@dataclass(frozen=True, slots=True)
class EmailDomain:
    """Takes the domain of an e-mail address.

    Text without an `@` is taken for a domain if there is a dot in it.

    Examples:
        >>> EmailDomain().normalize(["ann@Mail.com", "mail.com", "ann"])
        ['mail.com', 'mail.com', None]
    """

    name: str = "email_domain"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the domain of each address."""
        return [_domain(value) for value in values]


def _emails(text: str) -> Results:
    """Return the standard form of usual lines."""
    text = text.lower()
    lines = text.split("\n")
    if "xn--" in text:
        return [_email(line) for line in lines]
    return [
        line if line.partition("@")[0] not in SUSPECT else _email(line)
        for line in lines
    ]


def _email(value: str) -> str | None:
    if _COMMON.fullmatch(value):
        text = value.lower()
    else:
        text = _repaired(value)
        if "@" not in text:
            return None
        if not text.isascii() or "xn--" in text:
            text = _settled(text)
    local, _, domain = text.partition("@")
    if not local or not domain or local in _NO_MAILBOX:
        return None
    if local in _SAME_AS_DOMAIN and local == domain.partition(".")[0]:
        return None
    return text


def _repaired(value: str) -> str:
    """Return folded text without spaces, display name, `mailto:` and stray marks."""
    text = fold(value)
    disguised = None if "@" in text else _DISGUISED.fullmatch(text)
    if disguised is not None:
        text = f"{disguised[1]}@{_DOT.sub('.', disguised[2])}"
    found = _IN_ANGLES.search(text)
    text = (found[1] if found else text).replace(" ", "").rstrip(_TRAILING)
    leading = _LEADING.match(text)
    # What was dropped may have kept letters from composing.
    return fold(text[leading.end() :] if leading else text)


def _settled(text: str) -> str:
    """Return the validator's form of an international address if that is final."""
    validated = _validated(text)
    return validated if _validated(validated) == validated else text


def _validated(text: str) -> str:
    from email_validator import (  # noqa: PLC0415  70 ms that most files can save
        EmailNotValidError,
        validate_email,
    )

    try:
        result = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return text
    return _repaired(result.normalized)


def _local(value: str) -> str | None:
    text = _address_or_text(value)
    if text is None:
        return None
    local, _, domain = text.partition("@")
    local = local.lstrip("+").partition("+")[0]
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "")
    local = _repaired(local)
    return None if local in _NO_MAILBOX else meaningful(local, NAME_PLACEHOLDERS)


def _domain(value: str) -> str | None:
    text = _address_or_text(value)
    domain = "" if text is None else _repaired(text.rpartition("@")[2])
    return meaningful(domain) if "." in domain else None


def _address_or_text(value: str) -> str | None:
    text = value if "@" in value else _repaired(value)
    return _email(text) if "@" in text else text
