from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.names import (
    CHINESE_SURNAMES,
    COMPOUND_SURNAMES,
    latin,
    pinyin,
    romanized,
    script,
    spellings_abroad,
)


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
    ],
)
def test_chinese_surnames_are_known_as_spelt_abroad(surname: str, spelled: str) -> None:
    assert spelled in spellings_abroad(surname)


def test_spellings_abroad_are_of_chinese_surnames_and_not_their_pinyin() -> None:
    known = [s for s in CHINESE_SURNAMES | COMPOUND_SURNAMES if spellings_abroad(s)]
    assert len(known) > 40
    assert not any(spellings_abroad(surname) & romanized(surname) for surname in known)
    assert spellings_abroad("晓雯") == spellings_abroad("ann") == frozenset()
