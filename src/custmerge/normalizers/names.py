"""Names of persons: whole, or a given or family name alone."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from custmerge.names import (
    CHINESE_SURNAMES,
    COMPOUND_SURNAMES,
    JAPANESE_READINGS,
    SPELT_ABROAD,
    family_words,
    split_name,
)
from custmerge.normalizers.cjk import HAN, is_cjk, to_simplified
from custmerge.normalizers.lines import (
    Results,
    lines_unlike,
    normalize_lines,
    plain_lines,
)
from custmerge.normalizers.organisations import (
    COMPANY_WORDS,
    LEGAL_FORMS,
    company_name,
)
from custmerge.normalizers.text import NAME_PLACEHOLDERS, fold, meaningful, plain

__all__ = [
    "FamilyOfFullName",
    "FullName",
    "GivenName",
    "GivenOfFullName",
    "PersonName",
]

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend herr frau "
    "fraulein mme mlle monsieur madame mademoiselle senor senora senorita sr sra srta "
    "dott dipl ing".split()
)
_BEFORE_SURNAME = _TITLES - {"sir", "dame", "lord", "lady"}
# The longer first: each is tried in this order.
_HONORIFICS = (
    *("董事长", "总经理", "先生", "女士", "小姐", "太太", "夫人", "老师", "经理"),
    *("教授", "医生", "博士", "主任", "院长", "师傅", "同学", "总监", "董事"),
    *("厂长", "校长", "店长", "部长", "局长", "处长", "科长", "书记", "主管"),
    *("某某", "律师", "会计", "大夫", "阿姨", "大哥", "大姐", "总"),
    *("様", "さん", "씨", "님"),
)
# What follows a family name alone.
_AFTER_SURNAME = "总董工哥姐叔姨嫂某氏局处科"
_FAMILIAR = "小老"
"""What comes before a family name alone, among colleagues and friends."""
_SUFFIXES = frozenset(
    "jr jnr sr snr ii iii iv phd md mba esq mr mrs ms dr prof".split()
) | frozenset(_HONORIFICS)
_PLACEHOLDERS = NAME_PLACEHOLDERS | {
    # Whoever it was that bought something.
    *("customer", "new customer", "cash customer", "walk-in", "walk in"),
    *("walk-in customer", "walk in customer", "guest user", "test user"),
    *"客户 客戶 新客户 顾客 顧客 用户 用戶 新用户 匿名用户 微信用户".split(),
    *"会员 會員 游客 遊客 散客 访客 訪客 客人".split(),
}
# What tells a father from his son; the second of a name is the junior.
_GENERATIONS = {"sr": "sr", "snr": "sr", "jr": "jr", "jnr": "jr"} | {
    "ii": "ii",
    "iii": "iii",
    "iv": "iv",
}
# Words that belong to the family name they precede.
_PARTICLES = frozenset(
    "van von der den de la le las los du da di del della dos das do el al bin ibn ben "
    "abu abd abdul bint binti ter ten te zu zum zur vom af av st san santa".split()
)
_OTHER_WORDS = _TITLES | _SUFFIXES | _PARTICLES | _PLACEHOLDERS | {"ph"}
_COMPANY_AND_OTHER_WORDS = _OTHER_WORDS | COMPANY_WORDS
_HONORIFIC_ENDS = frozenset(title[-1] for title in _HONORIFICS).union(_AFTER_SURNAME)
_UNUSUAL = lines_unlike("[A-Za-z]+(?: [A-Za-z]+)*|[\u4e00-\u9fff]{1,8}")
_LONGEST_CJK_NAME = 4
_SURNAMES = COMPOUND_SURNAMES | CHINESE_SURNAMES
# Those that serve as given names too are left out: Xiao Wen is no Mr Wen.
_COMMON_SURNAMES = frozenset(SPELT_ABROAD).difference("文龙华安成乐阳梅江金")
# As `split_name` has it, of names that begin with a surname.
_SURNAME = (
    f"(?>{'|'.join(COMPOUND_SURNAMES)}|(?=.{{4}}$)(?:{'|'.join(JAPANESE_READINGS)})"
    f"|[{''.join(CHINESE_SURNAMES)}])"
)
_CHINESE_GIVEN = rf"(?=.{{2,{_LONGEST_CJK_NAME}}}$){_SURNAME}(.+)"
_CHINESE_FAMILY = rf"(?=.{{2,{_LONGEST_CJK_NAME}}}$)({_SURNAME}).+"
# 李敏(前台代收), 张总【采购】: nobody is called so.
_REMARKED = re.compile(rf"([{HAN}]{{2,4}}) ?[(\[【].*")
_HYPHENATED = re.compile(r"\w+ \w+-\w+")
_PHD = re.compile(r"\bph d\b")
_LETTERS = f"{HAN}\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
_PARTED_CJK = cache(partial(re.compile, f"([{_LETTERS}]+)([ ,·•‧・]) ?([{_LETTERS}]+)"))
_MASKED = cache(partial(re.compile, rf"((?:{_SURNAME})?)[{HAN}]?(\*+)([{HAN}]{{0,2}})"))


@dataclass(frozen=True, slots=True)
class PersonName:
    """Normalizes a given or a family name; titles are dropped unless nothing remains.

    Examples:
        >>> PersonName().normalize(["Dr. José", "O'Neil-Smith Jr.", "Null", "unknown"])
        ['jose', 'oneil smith', 'null', None]
        >>> PersonName().normalize(["陳 先生", "Dr"])
        ['陈', 'dr']
    """

    name: str = "person_name"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each name."""
        return _normalize(values, _person_name)


@dataclass(frozen=True, slots=True)
class GivenName:
    """Normalizes a given name; as `PersonName`, but father and son are told apart.

    Examples:
        >>> GivenName().normalize(["Dr. José", "John Jr.", "unknown"])
        ['jose', 'john jr', None]
    """

    name: str = "given_name"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each name."""
        return _normalize(values, _given_name)


@dataclass(frozen=True, slots=True)
class FullName:
    """Normalizes a person's whole name; "family, given" is put in speaking order.

    A name with a legal form is a company's; that form is written last and for short.

    Examples:
        >>> FullName().normalize(["Smith, Dr. John", "Mr John Smith, Jr.", "Acme, Inc"])
        ['john smith', 'john smith', 'acme inc']
        >>> FullName().normalize(["OAO Gazprom", "Open Joint Stock Company Gazprom"])
        ['gazprom jsc', 'gazprom jsc']
    """

    name: str = "full_name"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the standard form of each whole name."""
        return _normalize(
            values,
            _person_or_company,
            _without_familiar,
            others=_COMPANY_AND_OTHER_WORDS,
        )


@dataclass(frozen=True, slots=True)
class GivenOfFullName:
    """Takes the given names out of a whole name, with what tells father from son.

    Of somebody called by family name alone (王总, 小王, Mr Wang) there is none.

    A part of a part is another thing, so this is the one kind of normalizer, with
    `FamilyOfFullName`, that is not idempotent: give it whole names.

    Examples:
        >>> GivenOfFullName().normalize(["Ludwig van Beethoven", "Cher", "欧阳小明"])
        ['ludwig', 'cher', '小明']
        >>> GivenOfFullName().normalize(["John Smith, Jr.", "Smith III, John"])
        ['john jr', 'john iii']
        >>> GivenOfFullName().normalize(["王总", "老张", "Mr Wang", "王*明"])
        [None, None, None, None]
    """

    name: str = "given_of_full_name"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the given names of each whole name."""
        return _normalize(
            values, _given_of_full_name, lambda name: _parted(name)[0], _CHINESE_GIVEN
        )


@dataclass(frozen=True, slots=True)
class FamilyOfFullName:
    """Takes the family name out of a whole name; `None` for a single Latin word.

    A part of a part is another thing, so this is the one kind of normalizer, with
    `GivenOfFullName`, that is not idempotent: give it whole names.

    Examples:
        >>> FamilyOfFullName().normalize(["Ludwig van Beethoven", "Cher", "欧阳小明"])
        ['van beethoven', None, '欧阳']
        >>> FamilyOfFullName().normalize(["王总", "老张", "Mr Wang", "王*明"])
        ['王', '张', 'wang', '王']
    """

    name: str = "family_of_full_name"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        """Return the family name of each whole name."""
        return _normalize(
            values, _family_of_full_name, lambda name: _parted(name)[1], _CHINESE_FAMILY
        )


def _normalize(
    values: Sequence[str],
    of_one: Callable[[str], str | None],
    part: Callable[[str], str | None] = str,
    chinese: str = "([^ -~].*)",
    others: frozenset[str] = _OTHER_WORDS,
) -> list[str | None]:
    """Return the part of each name, of usual ones without looking at the rest.

    Args:
        values: The names.
        of_one: Returns the part of any name.
        part: Returns the part of a whole name of nothing but names.
        chinese: Where it is in a Chinese name, as a group of a pattern.
        others: Words that a name of nothing but names has not.
    """

    def of_lines(text: str) -> Results:
        return [
            found if found and name not in _PLACEHOLDERS else of_line(name, line)
            for found, name, line in _found(chinese, text)
        ]

    def of_line(name: str, line: str) -> str | None:
        if name.isascii():
            is_plain = others.isdisjoint((name, *name.split()))
            return part(name) if is_plain and name[:3] != "xxx" else of_one(line)
        stem = _without_honorific(name)
        return None if _PLACEHOLDERS.intersection((name, stem)) else part(stem)

    return normalize_lines(values, _UNUSUAL, of_lines, of_one)


def _found(chinese: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the part of each Chinese name, the whole name, and the line it is of."""
    names = plain_lines(text)
    found = _without_ending(chinese).findall(names)
    return zip(found, names.split("\n"), text.split("\n"), strict=True)


@cache
def _without_ending(chinese: str) -> re.Pattern[str]:
    """Return what finds a part of each line that may not end with an honorific."""
    ends = f"(?<![{''.join(_HONORIFIC_ENDS)}])"
    return re.compile(
        f"^(?:(?![{_FAMILIAR}].{{1,2}}$){chinese}{ends}|.*)$", re.MULTILINE
    )


def _given_name(value: str) -> str | None:
    return _with_generation(_person_name(value), value)


def _given_of_full_name(value: str) -> str | None:
    return _with_generation(_split(value)[0], value)


def _family_of_full_name(value: str) -> str | None:
    return _split(value)[1]


def _with_generation(name: str | None, value: str) -> str | None:
    """Return a name with the suffix that the value has after its first word."""
    if name is None or not name.isascii():
        return name
    found = [w for w in _words(fold(value))[1:] if w in _GENERATIONS]
    last = name.rpartition(" ")[2]
    return f"{name} {_GENERATIONS[found[-1]]}" if found and last != found[-1] else name


def _person_name(value: str) -> str | None:
    text = meaningful(fold(value), _PLACEHOLDERS)
    if text is None or (text.isascii() and text.isalpha()):
        return text
    return _joined(_without_titles(_words(text)))


def _full_name(value: str) -> str | None:
    text = meaningful(fold(value), _PLACEHOLDERS)
    if text is None:
        return None
    if "*" in text:
        masked = _MASKED().fullmatch(to_simplified(text))
        if masked is not None and masked[1]:
            return masked[1]
    text = _REMARKED.sub(r"\1", text)
    words = _in_speaking_order(text) if "," in text else _words(text)
    name = _joined(_without_titles(words))
    return name and _without_familiar(name)


def _person_or_company(value: str) -> str | None:
    text = meaningful(fold(value), _PLACEHOLDERS)
    if text is None:
        return None
    return _joined((company_name(text) or "").split()) or _full_name(value)


def _words(text: str) -> list[str]:
    return _PHD.sub("phd", plain(text)).split()


def _joined(words: Sequence[str]) -> str | None:
    return meaningful(" ".join(words), _PLACEHOLDERS)


def _in_speaking_order(text: str) -> list[str]:
    parts = _parts(text)
    if len(parts) == 2 and not _keeps_order(*parts):
        parts.reverse()
    # Two parts in Chinese become one word.
    return _words(" ".join(word for part in parts for word in part))


def _parts(text: str) -> list[list[str]]:
    """Return the words between commas; a part of titles alone does not count."""
    parts = [words for part in text.split(",") if (words := _words(part))]
    named = [part for part in parts if not _SUFFIXES.issuperset(part)]
    return [list(_without_titles(part)) for part in named or parts]


def _keeps_order(first: list[str], second: list[str]) -> bool:
    """Return whether the part before the comma comes first in speaking too."""
    # A word by itself before the comma is a family name, such as Sa.
    ends = {second[-1], *first[1:][-1:]}
    return not ends.isdisjoint(LEGAL_FORMS) or is_cjk(first[0])


def _without_titles(words: list[str]) -> Sequence[str]:
    start, end = 0, len(words)
    while end - start > 1 and words[start] in _TITLES:
        start += 1
    while end > start:
        last = words[end - 1]
        stem = _without_honorific(last)
        if end - start > 1 and last in _SUFFIXES:
            end -= 1
        elif stem != last:
            words[end - 1] = stem
        else:
            break
    return words[start:end]


def _without_honorific(word: str) -> str:
    end = len(word)
    while word[end - 1] in _HONORIFIC_ENDS:
        dropped = next(_honorific_lengths(word, end), 0)
        if not dropped:
            break
        end -= dropped
    return word[:end]


def _honorific_lengths(word: str, end: int) -> Iterator[int]:
    for title in _HONORIFICS:
        if len(title) < end and word.endswith(title, 0, end):
            yield len(title)
    if word[end - 1] in _AFTER_SURNAME and word[: end - 1] in _SURNAMES:
        yield 1


def _without_familiar(name: str) -> str:
    """Return the family name of one that is called so among friends, as Xiao Wang."""
    is_familiar = name[:1] in _FAMILIAR and name[1:] in _COMMON_SURNAMES
    return name[1:] if is_familiar else name


def _split(value: str) -> tuple[str | None, str | None]:
    """Return the given names and the family name of a whole name."""
    full_name = _full_name(value)
    if full_name is None:
        return None, None
    if full_name.isascii() and " " not in full_name and _is_addressed(value):
        return None, full_name
    parted = None if full_name.isascii() else _split_marked(value, full_name)
    joined = "-" in value and _HYPHENATED.fullmatch(fold(value)) is not None
    return parted or _parted(full_name, joined=joined)


def _is_addressed(value: str) -> bool:
    """Return whether a name follows a title that family names alone follow."""
    words = _words(fold(value))
    return len(words) > 1 and words[0] in _BEFORE_SURNAME


def _parted(full_name: str, *, joined: bool = False) -> tuple[str | None, str | None]:
    """Return the given names and the family name of a normalized whole name."""
    if is_cjk(full_name):
        return split_name(_without_familiar(full_name))
    words = full_name.split()
    if len(words) == 1:
        return full_name, None
    n_family = family_words(words, joined=joined)
    if n_family:
        return " ".join(words[n_family:]), " ".join(words[:n_family])
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _split_marked(value: str, full_name: str) -> tuple[str | None, str | None] | None:
    """Return given and family name where a space, a dot or a mask parts them."""
    text = to_simplified(fold(value))
    masked = _MASKED().fullmatch(text)
    if masked is not None:
        # One asterisk in front hides the family name, and nothing of the given one.
        given = masked[3] if (masked[1], masked[2]) == ("", "*") else None
        return given or None, masked[1] or None
    found = _PARTED_CJK().fullmatch(text)
    if found is None or found[1] + found[3] != full_name:
        return None
    # The dot parts foreign names, which keep their order; a space follows a surname.
    first_is_family = found[2] in " ,"
    return (found[3], found[1]) if first_is_family else (found[1], found[3])
