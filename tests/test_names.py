from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.names import (
    CHINESE_SURNAMES,
    COMPOUND_SURNAMES,
    families_spelt,
    family_words,
    from_wade_giles,
    kana_read,
    latin,
    look_alikes,
    pinyin,
    romanized,
    script,
    spellings_abroad,
    split_name,
    wade_giles,
)
from custmerge.names.wade_giles import is_pinyin, syllables, to_wade_giles


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("晓雯", "xiaowen"),
        ("欧阳", "ouyang"),
        # Surnames that are read in a way of their own.
        ("单", "shan"),
        ("曾", "zeng"),
        ("解", "xie"),
        ("仇", "qiu"),
        ("区", "ou"),
        ("朴", "piao"),
        ("查", "zha"),
        ("尉迟", "yuchi"),
        ("万俟", "moqi"),
        # The letter that keyboards lack.
        ("吕", "lu"),
        ("吕", "lv"),
        ("吕", "lyu"),
    ],
)
def test_name_is_written_in_pinyin_as_people_write_it(name: str, spelled: str) -> None:
    assert spelled in romanized(name)


@pytest.mark.parametrize("text", ["", "ann", "ann 王", "田なか", "김민수", "王" * 50])
def test_what_is_no_chinese_name_has_no_pinyin(text: str) -> None:
    assert romanized(text) == frozenset()


def test_every_surname_can_be_read() -> None:
    assert all(romanized(name) for name in CHINESE_SURNAMES)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("王晓明", "wang xiaoming"),
        ("张伟", "zhang wei"),
        ("欧阳晓雯", "ouyang xiaowen"),
        ("单田芳", "shan tianfang"),
        ("曾国藩", "zeng guofan"),
        ("解晓东", "xie xiaodong"),
        ("尉迟恭", "yuchi gong"),
        ("王", "wang"),
        ("约翰史密斯", "yuehanshimisi"),
        ("김정은", "gim jeongeun"),
        ("남궁민수", "namgung minsu"),
        ("иван", "ivan"),
        ("ольга михайловна", "olga mikhaylovna"),
        ("ελενη παππα", "eleni pappa"),
        ("たろう", "tarou"),
        ("バラクオバマ", "barakuobama"),
        ("ბარაკ ობამა", "barak obama"),
        ("राहुल गांधी", "rahul gamdhi"),
        ("田中太郎", "tanaka tailang"),
        ("佐々木", "sasaki"),
        ("박", "bak"),
        ("ann lee", "ann lee"),
        ("əliyev", "eliyev"),
        ("", ""),
    ],
)
def test_name_in_any_script_is_written_in_latin_letters(
    name: str, spelled: str
) -> None:
    assert latin(name) == spelled


@given(st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_latin_letters_of_any_text_are_small_and_part_words_once(text: str) -> None:
    found = latin(f"{text}王")
    assert re.fullmatch("[a-z0-9]+(?: [a-z0-9]+)*", found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", ""),
        ("josé", ""),
        ("王伟", "CJK"),
        ("たろう", "HIRAGANA"),
        ("김", "HANGUL"),
        ("wang 伟", "CJK"),
        ("иван", "CYRILLIC"),
        ("😀", ""),
    ],
)
def test_script_is_that_of_the_first_letter_not_latin(text: str, found: str) -> None:
    assert script(text) == found


def test_only_chinese_names_have_a_reading() -> None:
    assert pinyin("晓明") == pinyin("小铭") == "xiaoming"
    assert pinyin("ann") == pinyin("иван") == pinyin("たろう") == pinyin("") == ""


@pytest.mark.parametrize(
    ("surname", "spelled"),
    [
        ("陈", "chan"),
        ("王", "wong"),
        ("黄", "wong"),
        ("李", "lee"),
        ("欧阳", "auyeung"),
        ("蔡", "tsai"),
        ("张", "cheung"),
        ("张", "chang"),
        ("谢", "hsieh"),
        ("林", "lim"),
        ("김", "kim"),
        ("이", "rhee"),
        ("박", "park"),
    ],
)
def test_chinese_surnames_are_known_as_spelt_abroad(surname: str, spelled: str) -> None:
    assert spelled in spellings_abroad(surname)


def test_spellings_abroad_are_of_chinese_surnames_and_not_their_pinyin() -> None:
    known = [s for s in CHINESE_SURNAMES | COMPOUND_SURNAMES if spellings_abroad(s)]
    assert len(known) > 40
    assert not any(spellings_abroad(surname) & romanized(surname) for surname in known)
    assert spellings_abroad("ann") == spellings_abroad("") == frozenset()


def test_hundred_and_fifty_families_are_known_as_spelt_abroad() -> None:
    known = [name for name in CHINESE_SURNAMES if spellings_abroad(name)]
    assert len(known) >= 150


@given(st.sampled_from(sorted(CHINESE_SURNAMES | COMPOUND_SURNAMES)))
def test_spelling_abroad_leads_back_to_the_family(surname: str) -> None:
    for spelling in spellings_abroad(surname):
        read = families_spelt(spelling)
        assert (
            is_pinyin(spelling) or read & romanized(surname) or latin(surname) in read
        )


@pytest.mark.parametrize(
    ("pinyin", "spelled"),
    [
        entry.split(":")
        for entry in [
            *("ba:pa", "pa:pa", "ming:ming", "fang:fang", "de:te", "tong:tung"),
            *("nian:nien", "lv:lu", "lie:lieh", "ge:ko", "guo:kuo", "gui:kuei"),
            *("kai:kai", "he:ho", "hua:hua", "jie:chieh", "jun:chun", "jiang:chiang"),
            *(
                "qian:chien",
                "quan:chuan",
                "qing:ching",
                "xiao:hsiao",
                "xue:hsueh",
                "xu:hsu",
            ),
            *(
                "zhi:chih",
                "zhong:chung",
                "zhen:chen",
                "chi:chih",
                "shi:shih",
                "shuo:shuo",
            ),
            *("ren:jen", "rong:jung", "ri:jih", "zi:tzu", "zong:tsung", "cai:tsai"),
            *("ci:tzu", "si:ssu", "song:sung", "ya:ya", "yan:yen", "ye:yeh"),
            *("yi:i", "you:yu", "yong:yung", "yun:yun", "wei:wei", "wen:wen"),
            *("er:erh", "duo:to", "luo:lo", "ruo:jo", "xiong:hsiung"),
        ]
    ],
)
def test_syllable_is_written_in_wade_giles(pinyin: str, spelled: str) -> None:
    assert to_wade_giles(pinyin) == spelled


@given(st.lists(st.sampled_from(syllables()), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_wade_giles_is_read_as_the_pinyin_that_it_stands_for(parts: list[str]) -> None:
    spelled = " ".join(map(to_wade_giles, parts))
    written = "".join(parts).replace("v", "u")
    assert written in from_wade_giles(spelled) or is_pinyin(spelled)


@pytest.mark.parametrize(
    "name", ["xiaoming", "mei ling", "dan", "john", "elizabeth", "robert", "晓明", ""]
)
def test_what_need_not_be_wade_giles_is_not_read_as_such(name: str) -> None:
    assert from_wade_giles(name) == frozenset()


def test_wade_giles_of_characters_is_not_their_pinyin() -> None:
    assert wade_giles("志伟") == {"chihwei"}
    assert wade_giles("丽丽") == wade_giles("ann") == wade_giles("иван") == frozenset()


@pytest.mark.parametrize(
    ("name", "given_name", "family"),
    [
        ("王晓明", "晓明", "王"),
        ("王", None, "王"),
        ("欧阳", None, "欧阳"),
        ("欧阳晓雯", "晓雯", "欧阳"),
        ("晓雯欧阳", "晓雯", "欧阳"),
        ("小明", "小明", None),
        ("田中太郎", "太郎", "田中"),
        ("田中华", "中华", "田"),
        ("佐藤健", "健", "佐藤"),
        ("佐藤", None, "佐藤"),
        ("田中さくら", "さくら", "田中"),
        ("タナカ", "タナカ", None),
        ("约翰史密斯", "约翰史密斯", None),
        ("김정은", "정은", "김"),
    ],
)
def test_whole_name_is_parted(
    name: str, given_name: str | None, family: str | None
) -> None:
    assert split_name(name) == (given_name, family)


@pytest.mark.parametrize(
    ("name", "n_family"),
    [
        ("wang xiaoming", 1),
        ("xiaoming wang", 0),
        ("zhang wei", 0),
        ("han solo", 0),
        ("nguyen van duc", 1),
        ("duc nguyen", 0),
        ("nguyen duc", 0),
        ("le thi hoa", 1),
        ("le roy jones", 0),
        ("ann lee", 0),
        ("ouyang xiaowen", 1),
        ("ouyang xiao wen", 1),  # 文 is a family name as well
        ("xiaowen ouyang", 0),
        ("zhuge liang", 1),
        ("wang xiao ming", 1),
        ("xiao ming wang", 0),
        ("wong tai man", 1),
        ("chen yi chun", 1),
        ("hsu chih ming", 1),
        ("tai man wong", 0),
        ("tsai yi chen", 0),  # Chen is the commoner family name
        ("lee ann marie", 0),
        ("young john paul", 0),
        ("wang da ming zhi", 0),
    ],
)
def test_family_comes_first_where_names_are_written_so(
    name: str, n_family: int
) -> None:
    assert family_words(name.split()) == n_family


@pytest.mark.parametrize(
    ("name", "n_family"),
    [
        ("tsai yi chen", 1),
        ("wang xiao ming", 1),
        ("lee smith jones", 0),
        ("jean paul li", 0),
    ],
)
def test_a_hyphen_joins_given_names(name: str, n_family: int) -> None:
    assert family_words(name.split(), joined=True) == n_family


def test_only_kana_is_read_as_kana() -> None:
    assert kana_read("サトウ") == kana_read("さとう") == "sato"
    assert kana_read("佐藤") == kana_read("sato") == kana_read("") == ""


@given(st.text("明朋晓己已巳侯候王", min_size=1, max_size=3))
def test_names_that_look_alike_look_alike_both_ways(name: str) -> None:
    others = [*look_alikes(name)]
    assert name not in others
    assert all(len(other) == len(name) for other in others)
    assert all(name in look_alikes(other) for other in others)
