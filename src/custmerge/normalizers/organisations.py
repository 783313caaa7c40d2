"""Names of organisations."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from custmerge.normalizers.text import fold, join_initials, meaningful, plain

__all__ = ["COMPANY_WORDS", "LEGAL_FORMS", "Organisation", "company_name"]

LEGAL_FORMS = frozenset(
    # English-speaking countries, India, Singapore, Malaysia, Indonesia
    "inc incorporated corp corporation co company llc llp lp ltd limited plc pty pte "
    "pvt private proprietary sdn bhd berhad tbk "
    # German, Dutch, French, Spanish, Portuguese, Italian
    "gmbh mbh ag aktiengesellschaft kg kgaa ohg gbr ug ev eg se bv nv vof sa sas sarl "
    "sasu eurl scs srl spa snc sl slu sau ltda lda eireli "
    # Nordic, Baltic, central and eastern European
    "ab aktiebolag as asa aps oy oyj kft zrt nyrt doo sro ooo oao zao pao jsc ojsc "
    "cjsc pjsc "
    # Russian, Japanese
    "ооо оао зао пао ао тоо 株 株式会社 有限会社 kk".split()
)
"""Words, folded and without dots, that say what an organisation legally is."""

# Longest first: a list of words is dropped as one.
_LEGAL_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "gesellschaft mit beschrankter haftung",
        "societatea cu raspundere limitata",
        "общество с ограниченной ответственностью",
        "open joint stock company",
        "public joint stock company",
        "открытое акционерное общество",
        "закрытое акционерное общество",
        "публичное акционерное общество",
        "limited liability company",
        "limited liability partnership",
        "public limited company",
        "joint stock company",
        "societa per azioni",
        "акционерное общество",
        "sociedad anonima",
        "sociedade anonima",
        "societe anonyme",
        "besloten vennootschap",
        "naamloze vennootschap",
        "sa de cv",
        "sp z oo",
        "sp zoo",
    )
)
# What is written for one legal form, beside its usual short form.
_SPELLINGS = {
    "ab": "aktiebolag",
    "ag": "aktiengesellschaft",
    "bhd": "berhad",
    "bv": "besloten vennootschap",
    "co": "company",
    "corp": "corporation",
    "gmbh": "gesellschaft mit beschrankter haftung|mbh",
    "inc": "incorporated",
    "jsc": "joint stock company|open joint stock company|public joint stock company|"
    "ojsc|cjsc|pjsc|oao|zao|pao|ао|оао|зао|пао|акционерное общество|"
    "открытое акционерное общество|закрытое акционерное общество|"
    "публичное акционерное общество",
    "llc": "limited liability company|ooo|ооо|общество с ограниченной ответственностью",
    "llp": "limited liability partnership",
    "ltd": "limited",
    "nv": "naamloze vennootschap",
    "plc": "public limited company",
    "pvt": "private",
    "sa": "sociedad anonima|sociedade anonima|societe anonyme",
    "spa": "societa per azioni",
    "sp zoo": "sp z oo",
    "srl": "societatea cu raspundere limitata",
}
_USUAL_FORMS = {
    spelling: form
    for form, spellings in _SPELLINGS.items()
    for spelling in spellings.split("|")
}
_LEADING = frozenset(
    "the pt llc srl jsc ojsc cjsc pjsc ооо оао зао пао ао тоо ooo oao zao pao "
    "株 株式会社".split()
)
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
_CHINESE_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "股份",
    "株式会社",
    "有限会社",
)
_JAPANESE_FORM = re.compile("(?:株式会社)+(?=.)")
COMPANY_WORDS = LEGAL_FORMS | _LEADING | {phrase[-1] for phrase in _LEGAL_PHRASES}
"""Words one of which is at one end of each name with a legal form."""
# A branch or a subsidiary is not the company itself.
_CHINESE_BRANCHES = ("分公司", "子公司", "支公司")
# The Nordic way to write initials: A/S.
_SLASH_IN_INITIALS = re.compile(r"(?<=\b[^\W\d_])/(?=[^\W\d_]\b)")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Normalizes the name of an organisation; its legal form is dropped.

    Words that are often written for short are, such as `intl` for international.

    Examples:
        >>> Organisation().normalize(
        ...     ["The Müller & Söhne GmbH & Co. KG", "J. P. Morgan"]
        ... )
        ['muller and sohne', 'jp morgan']
        >>> Organisation().normalize(["International Services Group", "Intl Svcs Grp."])
        ['intl svc grp', 'intl svc grp']
        >>> Organisation().normalize(["遠光軟件股份有限公司", "Co. Ltd", "n/a"])
        ['远光软件', 'co', None]
    """

    name: str = "organisation"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each organisation's name."""
        return [_organisation(value) for value in values]


def _organisation(value: str) -> str | None:
    text = meaningful(fold(value))
    if text is None:
        return None
    words = _without_leading_forms(_without_trailing_forms(_words(text)))
    return meaningful(" ".join([_SHORT_FORMS.get(word, word) for word in words]))


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
    return " ".join((*words[start:end], *forms)) if forms else None


def _words(text: str) -> list[str]:
    text = _SLASH_IN_INITIALS.sub("", join_initials(text))
    return plain(text.replace("&", " and ").replace("(株)", " ")).split()


def _forms(words: Sequence[str]) -> Iterator[str]:
    """Yield the usual short form of each legal form in a list of such."""
    start = 0
    while start < len(words):
        length = max(1, _leading_form_length([*words[start:], ""], 0))
        spelling = " ".join(words[start : start + length])
        start += length
        if spelling not in ("and", "the"):
            yield _USUAL_FORMS.get(spelling, spelling)


def _without_trailing_forms(words: list[str]) -> list[str]:
    end = len(words)
    while end:
        shorter = end - _form_length(words, end)
        stem = _without_chinese_form(words[end - 1])
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
    for phrase in _LEGAL_PHRASES:
        if end > len(phrase) and tuple(words[end - len(phrase) : end]) == phrase:
            return len(phrase)
    return int(end > 1 and words[end - 1] in LEGAL_FORMS)


def _leading_form_length(words: list[str], start: int) -> int:
    """Return how many words from `start` on are one legal form that may be dropped."""
    n_left = len(words) - start
    for phrase in _LEGAL_PHRASES:
        if n_left > len(phrase) and tuple(words[start : start + len(phrase)]) == phrase:
            return len(phrase)
    return int(n_left > 1 and words[start] in _LEADING)


def _without_chinese_form(word: str) -> str:
    end = len(word)
    while word.endswith(_CHINESE_FORMS, 0, end):
        if word.endswith(_CHINESE_BRANCHES, 0, end):
            break
        longest = next(f for f in _CHINESE_FORMS if word.endswith(f, 0, end))
        if len(longest) == end:
            break
        end -= len(longest)
    return word[:end]


def _without_leading_forms(words: list[str]) -> list[str]:
    start = 0
    while start < len(words):
        length = _leading_form_length(words, start)
        prefix = _JAPANESE_FORM.match(words[start])
        if length:
            start += length
        elif prefix is not None:
            words[start] = words[start][prefix.end() :]
        else:
            break
    return words[start:]
