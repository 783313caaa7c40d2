"""Names of organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from custmerge.normalizers.cjk import join_cjk, to_simplified
from custmerge.normalizers.legal_forms import (
    LEADING_FORMS,
    LEGAL_FORMS,
    LEGAL_PHRASES,
    LEGAL_PREFIX,
    USUAL_FORMS,
)
from custmerge.normalizers.text import fold, join_initials, meaningful, plain
from custmerge.organisations import is_form, is_place, with_plain_place, without_form

__all__ = ["COMPANY_WORDS", "LEGAL_FORMS", "Organisation", "company_name"]

# What a word is written for short, and the long forms and other short ones; as in USPS
# Publication 28 (appendix G), one short form for singular and plural. Left out are
# those that are short for several words, such as dist and comm.
_LONG_FORMS = {
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "7th": "seventh",
    "8th": "eighth",
    "9th": "ninth",
    "10th": "tenth",
    "acad": "academy",
    "admin": "administration",
    "assoc": "association associations associate associates assn assocs asso",
    "bldg": "building bld",
    "bros": "brothers",
    "cmnty": "community",
    "cncl": "council",
    "coll": "college",
    "constr": "construction",
    "ctr": "center centers centre centres cntr ctrs",
    "dept": "department",
    "dev": "development devel",
    "educ": "education",
    "elem": "elementary",
    "engr": "engineering engrg",
    "entpr": "enterprise enterprises entprs",
    "equip": "equipment",
    "fdn": "foundation fndn",
    "ft": "fort",
    "govt": "government",
    "grp": "group",
    "hldg": "holding holdings hldgs",
    "hosp": "hospital",
    "hts": "heights",
    "ins": "insurance",
    "inst": "institute",
    "intl": "international intnl",
    "invt": "investment investments invts",
    "lab": "laboratory laboratories labs",
    "lib": "library",
    "mfg": "manufacturing",
    "mgmt": "management mgt",
    "mktg": "marketing",
    "mt": "mount",
    "natl": "national",
    "org": "organization organisation",
    "pharm": "pharmacy",
    "pharma": "pharmaceutical pharmaceuticals",
    "prod": "product products prods",
    "prop": "property properties props",
    "rlty": "realty",
    "sch": "school schools schl",
    "soc": "society",
    "st": "saint",
    "svc": "service services svcs serv",
    "sys": "system systems syst",
    "tech": "technology technologies",
    "telecom": "telecommunication telecommunications",
    "transp": "transportation",
    "univ": "university",
}
_SHORT_FORMS = {
    long: short for short, longs in _LONG_FORMS.items() for long in longs.split()
}
_PREFIX = re.compile(LEGAL_PREFIX)
COMPANY_WORDS = LEGAL_FORMS | LEADING_FORMS | {phrase[-1] for phrase in LEGAL_PHRASES}
"""Words one of which is at one end of each name with a legal form."""
# As of ㈱ and ㈜: joint-stock, limited and other companies, in Japan and in Korea.
_BRACKETED_FORM = re.compile("\\([株有合财주유재사]\\)")
_BRACKETED = re.compile("\\(([\u4e00-\u9fff]{2,8})\\)")
_PHRASES_TO = {
    last: [phrase for phrase in LEGAL_PHRASES if phrase[-1] == last]
    for last in {phrase[-1] for phrase in LEGAL_PHRASES}
}
# Single letters before a name are initials.
_PHRASES_FROM = {
    first: [phrase for phrase in LEGAL_PHRASES if phrase[0] == first]
    for first in {phrase[0] for phrase in LEGAL_PHRASES if len(phrase[0]) > 1}
}
# The Nordic way to write initials: A/S.
_SLASH_IN_INITIALS = re.compile(r"(?<=\b[^\W\d_])/(?=[^\W\d_]\b)")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Normalizes the name of an organisation; its legal form is dropped.

    Words that are often written for short are, such as `intl` for international. In
    Chinese a place comes first, without 省 or 市.

    Examples:
        >>> Organisation().normalize(
        ...     ["The Müller & Söhne GmbH & Co. KG", "J. P. Morgan"]
        ... )
        ['muller and sohne', 'jp morgan']
        >>> Organisation().normalize(["International Services Group", "Intl Svcs Grp."])
        ['intl svc grp', 'intl svc grp']
        >>> Organisation().normalize(["遠光軟件股份有限公司", "Co. Ltd", "n/a"])
        ['远光软件', 'co', None]
        >>> Organisation().normalize(["上海市益民有限公司", "益民（上海）有限责任公司"])
        ['上海益民', '上海益民']
    """

    name: str = "organisation"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each organisation's name."""
        return [_organisation(value) for value in values]


def _organisation(value: str) -> str | None:
    text = meaningful(fold(value))
    if text is None:
        return None
    words = _without_leading_forms(
        _without_trailing_forms(_words(_without_brackets(text)))
    )
    found = " ".join([_SHORT_FORMS.get(word, word) for word in words])
    return meaningful(with_plain_place(found))


def company_name(text: str) -> str | None:
    """Return the words of a folded name, the usual short form of its legal form last.

    `None` where the name has no legal form: it may be a person's.

    Examples:
        >>> company_name("oao gazprom"), company_name("banco santander, s.a.")
        ('gazprom jsc', 'banco santander sa')
        >>> company_name("the beatles")
    """
    words = _words(text)
    end = len(_without_trailing_forms(words.copy()))
    start = end - len(_without_leading_forms(words[:end]))
    forms = (*_forms(words[:start]), *_forms(words[end:]))
    return join_cjk(" ".join((*words[start:end], *forms))) if forms else None


def _words(text: str) -> list[str]:
    text = _SLASH_IN_INITIALS.sub("", join_initials(text))
    return plain(text.replace("&", " and ")).split()


def _without_brackets(text: str) -> str:
    """Return a name without (株) and the like, the Chinese place in brackets first."""
    if text.isascii():
        return text
    text = _BRACKETED_FORM.sub(" ", text)
    for found in _BRACKETED.finditer(text):
        place = to_simplified(found[1])
        if is_place(place):
            return f"{place}{text[: found.start()]}{text[found.end() :]}"
    return text


def _forms(words: Sequence[str]) -> Iterator[str]:
    """Yield the usual short form of each legal form in a list of such."""
    start = 0
    while start < len(words):
        length = max(1, _leading_form_length([*words[start:], ""], 0))
        spelling = " ".join(words[start : start + length])
        start += length
        if spelling not in ("and", "the"):
            yield USUAL_FORMS.get(spelling, spelling)


def _without_trailing_forms(words: list[str]) -> list[str]:
    end = len(words)
    while end:
        shorter = end - _form_length(words, end)
        stem = without_form(words[end - 1])
        if shorter < end:
            # The "and" of "GmbH and Co" goes with it.
            end = shorter - (shorter > 1 and words[shorter - 1] == "and")
        elif stem != words[end - 1]:
            words[end - 1] = stem
        else:
            break
    return words[:end]


def _form_length(words: list[str], end: int) -> int:
    """Return how many words before `end` are one legal form that may be dropped."""
    for phrase in _PHRASES_TO.get(words[end - 1], ()):
        if end > len(phrase) and tuple(words[end - len(phrase) : end]) == phrase:
            return len(phrase)
    last = words[end - 1]
    return int(end > 1 and (last in LEGAL_FORMS or is_form(last)))


def _leading_form_length(words: list[str], start: int) -> int:
    """Return how many words from `start` on are one legal form that may be dropped."""
    n_left = len(words) - start
    for phrase in _PHRASES_FROM.get(words[start], ()):
        if n_left > len(phrase) and tuple(words[start : start + len(phrase)]) == phrase:
            return len(phrase)
    return int(n_left > 1 and words[start] in LEADING_FORMS)


def _without_leading_forms(words: list[str]) -> list[str]:
    start = 0
    while start < len(words):
        length = _leading_form_length(words, start)
        prefix = _PREFIX.match(words[start])
        if length:
            start += length
        elif prefix is not None:
            words[start] = words[start][prefix.end() :]
        else:
            break
    return words[start:]
