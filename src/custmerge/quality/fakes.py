"""Values that are right in form and yet nobody's: test entries and reserved ones."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.kinds import Kind
from custmerge.normalizers import Phone
from custmerge.normalizers.text import fold, plain
from custmerge.quality.units import PERSONS
from custmerge.records import Column

__all__ = [
    "DISPOSABLE_DOMAINS",
    "fakes",
    "is_also_a_name",
    "n_test_words",
    "test_words",
]

# Domains that nobody can own a mailbox at: RFC 2606, which RFC 6761 confirms.
_RESERVED_DOMAINS = frozenset(
    "example.com example.net example.org example test invalid localhost".split()
)
DISPOSABLE_DOMAINS = frozenset(
    "mailinator.com mailinator.net guerrillamail.com guerrillamail.info grr.la "
    "sharklasers.com 10minutemail.com 10minutemail.net 20minutemail.com yopmail.com "
    "yopmail.fr yopmail.net temp-mail.org tempail.com tempmailo.com tempr.email "
    "tempinbox.com throwawaymail.com trashmail.com trash-mail.com wegwerfmail.de "
    "maildrop.cc mailnesia.com mailcatch.com mailsac.com mailforspam.com mintemail.com "
    "getnada.com nada.email getairmail.com dispostable.com discard.email fakeinbox.com "
    "emailondeck.com minuteinbox.com inboxkitten.com moakt.com mohmal.com mytemp.email "
    "spam4.me spambox.us anonbox.net jetable.org mail.tm bccto.me chacuo.net "
    "027168.com linshiyouxiang.net".split()
)
"""Mailboxes that are thrown away: the best-known services, English and Chinese.

All of them are among the thousands that https://github.com/disposable-email-domains
keeps, which is a package of its own; how to use that is in "Find ghost customers".
"""
# North American numbers that are kept for fiction: 555-0100 to 555-0199, as the North
# American Numbering Plan Administrator says of 555 line numbers.
_RESERVED_PHONE = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}")

# What is typed to see whether a form works: the word itself, or keys side by side.
_TEST_WORD = re.compile(
    r"test|testing|testtest|(?:asdf(?:gh?j?k?l?)?)+|(?:qwer(?:ty?(?:uiop)?)?)+|"
    r"(?:zxcv(?:bn?m?)?)+|qazwsx"
)
# What a test entry may add to that.
_BESIDE = frozenset(
    "user account customer client contact name first last company person record "
    "entry data inc ltd llc gmbh 1 2 3 12 123".split()
)
_CHINESE = re.compile(
    "((?:测试)+)(用户|账号|帐号|账户|客户|公司|数据|人员|姓名|专用)?[0-9]*"
)
# One of these, of any width, is in each of them.
_HINT = re.compile("test|asdf|qwer|zxcv|qazwsx|[测測\uff01-\uff5e]", re.IGNORECASE)
_DIGITS = re.compile("(?<=[a-z])[0-9]{1,3}$")
_ALSO_NAMES = frozenset({"test", "none"})
# How nobody is called who gives no name.
_TITLES = frozenset("mr mrs ms 先生 女士 小姐 太太 夫人".split())


def is_also_a_name(value: str) -> bool:
    """Whether what stands for no name is somebody's name too.

    Examples:
        >>> [is_also_a_name(name) for name in ("Test", "None", "Unknown")]
        [True, True, False]
    """
    return value.strip().lower() in _ALSO_NAMES


def n_test_words(value: str) -> int:
    """Return how many words a test entry has; 0 where a text is none.

    A test entry is a name, or another text, that was typed to see whether a form works.

    Examples:
        >>> names = ["Test", "asdf asdf", "test user 1", "测试", "测试用户", "Al Test"]
        >>> [n_test_words(name) for name in names]
        [1, 2, 3, 1, 2, 0]
    """
    if not _HINT.search(value):
        return 0
    text = plain(fold(value))
    found = _CHINESE.fullmatch(text.replace(" ", ""))
    if found is not None:
        return len(found[1]) // 2 + bool(found[2])
    words = [_DIGITS.sub("", word) for word in text.split()]
    tests = [word for word in words if _TEST_WORD.fullmatch(word)]
    is_test = tests and all(word in _BESIDE or word in tests for word in words)
    return len(words) if is_test else 0


def test_words(columns: Sequence[Column], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many words of a test entry the columns of each row are together.

    Examples:
        >>> columns = [Column.encode(["Test", "Zack"]), Column.encode(["User", "Test"])]
        >>> test_words(columns, np.arange(2))
        array([2, 0])
    """
    taken = [column.take(rows).by_appearance() for column in columns]
    joined = Column.join(taken, " ")
    return np.asarray([*map(n_test_words, joined.values), 0])[joined.codes]


def fakes(kind: Kind, values: Sequence[str], region: str) -> list[str | None]:
    """Return the issue of each value that is nobody's though it may be well formed.

    Args:
        kind: What the values are.
        values: Present values, each once.
        region: The country of phone numbers without a country code.

    Examples:
        >>> fakes(Kind.EMAIL, ["a@example.org", "a@mailinator.com", "a@mail.com"], "")
        ['reserved', 'disposable', None]
        >>> fakes(Kind.PHONE, ["(212) 555-0123", "(212) 555-1234"], "US")
        ['reserved', None]
    """
    find = _FAKES.get(kind)
    return [None] * len(values) if find is None else find(values, region)


def _fake_emails(values: Sequence[str], _: str) -> list[str | None]:
    return [_fake_email(value) for value in values]


def _fake_email(value: str) -> str | None:
    local, at, domain = value.rpartition("@")
    if not at:
        return None
    domain = domain.rstrip("> .").lower()
    # At other domains test may be somebody's name.
    is_name = is_also_a_name(local) and local.lower() != domain.partition(".")[0]
    return "test" if n_test_words(local) and not is_name else _kept_for(domain)


def _kept_for(domain: str) -> str | None:
    parts = domain.split(".")
    ends = {".".join(parts[i:]) for i in range(len(parts))}
    if ends & _RESERVED_DOMAINS:
        return "reserved"
    return "disposable" if ends & DISPOSABLE_DOMAINS else None


def _fake_phones(values: Sequence[str], region: str) -> list[str | None]:
    return [
        "reserved" if number and _RESERVED_PHONE.fullmatch(number) else None
        for number in Phone(region).normalize(values)
    ]


def _fake_persons(values: Sequence[str], _: str) -> list[str | None]:
    return [
        "test" if n_test_words(value) else "placeholder" if _is_no_name(value) else None
        for value in values
    ]


def _is_no_name(value: str) -> bool:
    """Whether a text is a title alone, or has digits and no letter."""
    text = value.strip(" .").lower()
    return text in _TITLES or text.isdecimal()


def _fake_names(values: Sequence[str], _: str) -> list[str | None]:
    return ["test" if n_test_words(value) else None for value in values]


_FAKES: Mapping[Kind, Callable[[Sequence[str], str], list[str | None]]] = {
    Kind.EMAIL: _fake_emails,
    Kind.PHONE: _fake_phones,
    Kind.ORGANISATION: _fake_names,
    **dict.fromkeys(PERSONS, _fake_persons),
}
