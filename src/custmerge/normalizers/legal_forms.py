"""Legal forms by language, as they stand in normalized names.

Folded, in plain letters, and initials without dots: `s.a.` as `sa`, `ش.م.م` as `شمم`.
"""

# ruff: noqa: SIM905  word lists read better as text; letters of many scripts

from __future__ import annotations

__all__ = [
    "LEADING_FORMS",
    "LEGAL_FORMS",
    "LEGAL_PHRASES",
    "LEGAL_PREFIX",
    "USUAL_FORMS",
]

LEGAL_FORMS = frozenset(
    # English-speaking countries, India, Singapore, Malaysia, Indonesia, Philippines
    "inc incorporated corp corporation co company llc pllc lllp llp lp ltd limited plc "
    "pty pte pvt private proprietary dac clg cic sdn bhd berhad tbk persero "
    # German, Dutch, French, Spanish, Portuguese, Italian
    "gmbh ggmbh mbh ag aktiengesellschaft kg kgaa ohg gbr ug partg partgmbb "
    "haftungsbeschrankt ev eg se bv nv vof bvba sprl scrl asbl vzw sa sas sarl sasu "
    "eurl selarl sci scop scs srl srls spa snc scarl sl slu sll sau sac cia ltda lda "
    "unipessoal eireli "
    # Nordic, Baltic, central and eastern European, Turkish
    "ab aktiebolag hb kb as asa aps ehf oy oyj uab kft zrt nyrt doo dooel sro "
    "sti sirketi ooo oao zao pao jsc ojsc cjsc pjsc "
    # Russian, Ukrainian, Bulgarian, Kazakh
    "ооо оао зао пао нао ао тоо одо тов пат прат ат оод еоод ад еад "
    # Greek, Arabic, Hebrew, Vietnamese, Thai
    "αε αβεε οε εε επε ικε شمم شمل شمك ذمم المحدوده المحدودة tnhh ctcp "
    "จํากัด มหาชน บจก บมจ หจก "
    # Japanese, Korean
    "株式会社 有限会社 合同会社 kk gk 주식회사 유한회사".split()
)
"""Words that say what an organisation legally is; none that are names of people, such
as Vos."""

LEGAL_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in sorted(
        (
            "gesellschaft mit beschrankter haftung",
            "ges mbh",
            "societatea cu raspundere limitata",
            "общество с ограниченной ответственностью",
            "товариство з обмеженою відповідальністю",
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
            "societa a responsabilita limitata",
            "societe a responsabilite limitee",
            "societe par actions simplifiee",
            "sociedad de responsabilidad limitada",
            "sociedad limitada",
            "акционерное общество",
            "акціонерне товариство",
            "sociedad anonima",
            "sociedade anonima",
            "societe anonyme",
            "besloten vennootschap",
            "naamloze vennootschap",
            "spolka z ograniczona odpowiedzialnoscia",
            "spolka akcyjna",
            "anonim sirketi",
            "limited sirketi",
            "ltd sti",
            "kabushiki kaisha",
            "godo kaisha",
            "gufen youxian gongsi",
            "youxian gongsi",
            "s de rl de cv",
            "sapi de cv",
            "sab de cv",
            "sa de cv",
            "sa rl",
            "sp z oo",
            "sp zoo",
            "spol s ro",
            "sp k",
            "sp j",
            "p ltd",
            "α ε",
            "ο ε",
            "ε π ε",
            "ανωνυμη εταιρεια",
            "ανώνυμη εταιρεία",
            "ش م م",
            "ش م ل",
            "ذ م م",
            "בע מ",
            "cong ty trach nhiem huu han mot thanh vien",
            "cong ty trach nhiem huu han",
            "cong ty tnhh mot thanh vien",
            "cong ty tnhh mtv",
            "cong ty tnhh",
            "cong ty co phan",
            "cong ty cp",
            "cty tnhh mtv",
            "cty tnhh",
            "cty cp",
        ),
        key=lambda phrase: -len(phrase.split()),
    )
)
"""Words in a row that are one legal form, the longest first."""

# What is written for one legal form, beside its usual short form.
_SPELLINGS = {
    "ab": "aktiebolag",
    "ag": "aktiengesellschaft",
    "bhd": "berhad",
    "bv": "besloten vennootschap",
    "co": "company",
    "corp": "corporation",
    "gmbh": "gesellschaft mit beschrankter haftung|mbh|ges mbh",
    "inc": "incorporated",
    "jsc": "joint stock company|open joint stock company|public joint stock company|"
    "ojsc|cjsc|pjsc|oao|zao|pao|ао|оао|зао|пао|нао|ат|пат|прат|"
    "акционерное общество|открытое акционерное общество|акціонерне товариство|"
    "закрытое акционерное общество|публичное акционерное общество|ctcp|"
    "cong ty co phan|cong ty cp|cty cp",
    "kk": "kabushiki kaisha|株式会社",
    "llc": "limited liability company|ooo|ооо|тов|"
    "общество с ограниченной ответственностью|"
    "товариство з обмеженою відповідальністю|tnhh|cong ty tnhh|cty tnhh|"
    "cong ty trach nhiem huu han|cong ty tnhh mtv|cty tnhh mtv|"
    "cong ty tnhh mot thanh vien|cong ty trach nhiem huu han mot thanh vien",
    "llp": "limited liability partnership",
    "ltd": "limited",
    "nv": "naamloze vennootschap",
    "plc": "public limited company",
    "pvt": "private",
    "sa": "sociedad anonima|sociedade anonima|societe anonyme|αε|ανωνυμη εταιρεια|"
    "ανώνυμη εταιρεία",
    "sarl": "sa rl|societe a responsabilite limitee",
    "sas": "societe par actions simplifiee",
    "sl": "sociedad limitada",
    "spa": "societa per azioni",
    "sp zoo": "sp z oo|spolka z ograniczona odpowiedzialnoscia",
    "srl": "societatea cu raspundere limitata|societa a responsabilita limitata|"
    "sociedad de responsabilidad limitada",
    "sro": "spol s ro",
}
USUAL_FORMS = {
    spelling: form
    for form, spellings in _SPELLINGS.items()
    for spelling in spellings.split("|")
}
"""The usual short form of each that has several spellings."""

LEADING_FORMS = frozenset(
    "the pt cv ud uab llc srl jsc ojsc cjsc pjsc "
    "ооо оао зао пао нао ао тоо одо ип тов пат прат ат "
    "ooo oao zao pao شركة شركه บริษัท หจก บจก บมจ ctcp "
    "株式会社 有限会社 合同会社 주식회사 유한회사".split()
)
"""Legal forms, and other words that say nothing, before a name."""

LEGAL_PREFIX = "(?:株式会社|有限会社|合同会社|주식회사|유한회사|บริษัท)+(?=.)"
"""Legal forms before a name without a space, as a regular expression."""
