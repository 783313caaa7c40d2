from __future__ import annotations

import string

from hypothesis import given, settings, strategies as st

from custmerge.normalizers import PersonName, Text
from custmerge.normalizers.addresses import _LONG_FORMS, _SHORT_FORMS
from custmerge.normalizers.countries import COUNTRIES
from custmerge.normalizers.text import PLACEHOLDERS, fold, plain


@given(st.text(string.printable, max_size=20))
@settings(max_examples=60, deadline=None)
def test_ascii_text_is_folded_as_all_text_is(value: str) -> None:
    # The fast path must not differ: a letter that vanishes forces the slow one.
    assert fold(value) == fold(value + "\u200b")


@given(st.text(string.printable, max_size=20))
@settings(max_examples=60, deadline=None)
def test_ascii_text_is_made_plain_as_all_text_is(value: str) -> None:
    assert plain(f"{fold(value)} é").split()[:-1] == plain(fold(value)).split()


def test_placeholders_are_written_as_they_are_looked_up() -> None:
    assert {fold(placeholder) for placeholder in PLACEHOLDERS} == PLACEHOLDERS


def test_every_placeholder_is_missing() -> None:
    assert set(Text().normalize(sorted(PLACEHOLDERS))) == {None}


def test_no_common_surname_is_a_placeholder() -> None:
    surnames = ["Null", "Nil", "Nan", "Na", "Blank", "Tester", "Nunn"]
    assert None not in PersonName().normalize(surnames)


def test_long_run_of_marks_is_cut() -> None:
    assert Text().normalize(["a" + "\u0323" * 500]) == Text().normalize(
        ["a" + "\u0323" * 50]
    )


def test_short_forms_of_addresses_are_final() -> None:
    assert not set(_SHORT_FORMS) & set(_LONG_FORMS)


def test_no_long_form_of_an_address_has_two_short_forms() -> None:
    longs = [long for forms in _LONG_FORMS.values() for long in forms.split()]
    assert len(longs) == len(set(longs))


def test_country_names_are_written_as_they_are_looked_up() -> None:
    assert [name for name in COUNTRIES if plain(fold(name)) != name] == []
