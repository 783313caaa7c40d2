"""What a column's header says the column holds, in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from custmerge.inference.phrases import (
    CONTEXT,
    FLAGS,
    ONLY_WHOLE,
    OTHERS,
    PHRASES,
    SIMPLIFIED,
    TRAILING_NOISE,
)
from custmerge.kinds import Kind, Role

__all__ = ["HeaderMeaning", "read_header", "tokenize_header"]


@dataclass(frozen=True, slots=True)
class HeaderMeaning:
    """What a header says about its column.

    Attributes:
        kind: What the values should be; `None` where the role says enough.
        role: What the column is for, where it is not compared.
        part: Which part of the kind it holds: the month of a birth date, the unit of
            an address.
        open: Whether the header has several readings, so that the values must decide
            ("contact", "name"); `kind` is then the likeliest.
        confidence: In [0, 1]; less where only some of the header was understood.

    Examples:
        >>> meaning = read_header("billing_address_line_2")
        >>> meaning.part, meaning.confidence
        ('line', 0.9)
    """

    kind: Kind | None = None
    role: Role | None = None
    part: str | None = None
    open: bool = False
    confidence: float = 1.0


_MAX_HEADER = 200
"""Longer headers are prose; only their start is read."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[a-z]+|\d+|[^\W\da-z_]")
_PLAIN = re.compile(f"[a-z ]{{1,{_MAX_HEADER}}}")
_BRACKETED = re.compile(r"[(\[{【<].*?[)\]}】>]")


def tokenize_header(header: str) -> tuple[str, ...]:
    """Return a header's words in lower case, without accents; Han characters singly.

    Numbers and what marks the side of a join go, unless nothing else is left.

    Examples:
        >>> tokenize_header("MailingPostalCode")
        ('mailing', 'postal', 'code')
        >>> tokenize_header("Loyalty_Number__c"), tokenize_header("Straße 2")
        (('loyalty', 'number'), ('strasse',))
        >>> tokenize_header("手機號碼")
        ('手', '机', '号', '码')
    """
    if _PLAIN.fullmatch(header):
        return _without_noise(header.split())
    text = unicodedata.normalize("NFKC", header[:_MAX_HEADER])
    text = _BRACKETED.sub(" ", text) if _BRACKETED.sub("", text).strip() else text
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.casefold().translate(SIMPLIFIED)
    # Taiwan's word for contact.
    tokens = _TOKEN.findall(re.sub("[联连]络", "联系", text))
    return _without_noise([token for token in tokens if not token.isdigit()] or tokens)


def _without_noise(tokens: list[str]) -> tuple[str, ...]:
    while len(tokens) > 1 and tokens[-1] in TRAILING_NOISE:
        tokens.pop()
    return tuple(tokens)


@cache
def _lexicon() -> dict[str, HeaderMeaning]:
    """Return the meaning of each phrase, spaced and run together."""
    spaced: dict[str, HeaderMeaning] = {}
    meaning = HeaderMeaning()
    for line in PHRASES.splitlines():
        if not line.startswith(" "):
            meaning = _parse_meaning(line)
            continue
        for phrase in line.strip(" ,").split(", "):
            spaced[" ".join(tokenize_header(phrase))] = meaning
    joined = {phrase.replace(" ", ""): meaning for phrase, meaning in spaced.items()}
    return joined | spaced


def _parse_meaning(line: str) -> HeaderMeaning:
    is_open = line.endswith("?")
    name, _, part = line.removesuffix("?").partition(".")
    if name in set(Role):
        return HeaderMeaning(role=Role(name), open=is_open)
    return HeaderMeaning(Kind(name), None, part or None, is_open)


@lru_cache(maxsize=1024)
def read_header(header: str) -> HeaderMeaning | None:
    """Return what a header means, or `None` where it says nothing known.

    The whole header is looked for first, then its longest known ending ("work e-mail"),
    its longest known beginning ("teléfono del cliente"), then anything inside.

    Examples:
        >>> read_header("BillingCity").kind, read_header("Fecha de nacimiento").kind
        (<Kind.CITY: 'city'>, <Kind.BIRTH_DATE: 'birth_date'>)
        >>> read_header("客户手机号码").kind, read_header("c7")
        (<Kind.PHONE: 'phone'>, None)
        >>> read_header("account_manager_email").role
        <Role.OWNER: 'owner'>
    """
    tokens = tuple(_singular(token) for token in tokenize_header(header))
    lexicon = _lexicon()
    if f"{' '.join(tokens)} ".startswith(OTHERS):
        return HeaderMeaning(Kind.TEXT, confidence=0.8)
    owner = _whose_employee(tokens)
    if owner is not None:
        return replace(owner, confidence=0.8)
    for start, end, confidence in _spans(tokens):
        phrase = " ".join(tokens[start:end])
        rest = tokens[:start] + tokens[end:]
        understood = all(token in CONTEXT for token in rest)
        if phrase in lexicon and (understood or not _needs_context(phrase)):
            meaning = lexicon[phrase]
            if meaning.kind is Kind.ADDRESS and header.rstrip()[-1:].isdigit():
                meaning = replace(meaning, part=meaning.part or "line")
            trust = confidence if understood else confidence - 0.2
            return replace(meaning, confidence=trust)
        if not rest and len(tokens) > 1 and phrase.startswith(FLAGS):
            return HeaderMeaning(Kind.CATEGORY, confidence=0.8)
    return None


def _whose_employee(tokens: tuple[str, ...]) -> HeaderMeaning | None:
    """Return the owner's meaning where it is an employee's name, telephone or team."""
    lexicon = _lexicon()
    for end in range(1, len(tokens) if " ".join(tokens) not in lexicon else 0):
        meaning = lexicon.get(" ".join(tokens[:end]))
        is_owner = meaning is not None and meaning.role is Role.OWNER
        if is_owner and " ".join(tokens[end:]) in lexicon:
            return meaning
    return None


def _needs_context(phrase: str) -> bool:
    shortest = 2 if phrase.isascii() else 1
    return phrase in ONLY_WHOLE or (len(phrase) <= shortest and phrase != "id")


def _spans(tokens: tuple[str, ...]) -> Iterator[tuple[int, int, float]]:
    """Yield where to look for a phrase, best place first, and how far to trust it."""
    count = len(tokens)
    yield 0, count, 0.95
    for start in range(1, count):
        yield start, count, 0.9
    for end in range(count - 1, 0, -1):
        yield 0, end, 0.8
    for length in range(count - 2, 0, -1):
        for start in range(1, count - length):
            yield start, start + length, 0.7


def _singular(token: str) -> str:
    """Return a known word for the token: its singular, or the word it ends in."""
    lexicon = _lexicon()
    for ending in ("", "s", "es"):
        stem = token.removesuffix(ending)
        if stem in lexicon or stem in _words():
            return stem
    for word in sorted(CONTEXT):
        rest = token.removeprefix(word)
        if rest != token and len(rest) > 2 and rest in lexicon:
            return rest
    return token


@cache
def _words() -> frozenset[str]:
    return frozenset(word for phrase in _lexicon() for word in phrase.split()) | CONTEXT
