from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.inference import shapes
from custmerge.inference.readings import has_few_values, read_hard, read_values
from custmerge.inference.shapes import shapes_of
from custmerge.inference.values import profile_values
from custmerge.kinds import Kind, Role
from custmerge.records import Column

CELLS = st.none() | st.text(max_size=30) | st.from_regex(r"[\d/.\-+ ]{1,20}")


def read(*values: object) -> Kind | Role | None:
    reading = read_values(profile_values(Column.encode(values)))
    return reading.kind or reading.role


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("ann.lee@example.org", "email"),
        ("a@example.org; b@example.org", "email"),
        ("https://example.org/x?y=1", "url"),
        ("www.example.org", "url"),
        ("http://localhost", "url"),
        ("+44 20 7946 0018", "phone"),
        ("(312) 555-0142", "phone"),
        ("312-555-0142 x6348", "phone"),
        ("404/876-8532", "phone"),
        ("13912345678", "phone"),
        ("010-62345678", "phone"),
        ("5211600", "phone_like"),
        ("1990-12-31", "date"),
        ("19901231", "date"),
        ("31/12/1990", "date"),
        ("12.31.90", "date"),
        ("1990年12月31日", "date"),
        ("3 march 1990", "date"),
        ("mar 3, 1990", "date"),
        ("3 de marzo de 1990", "date"),
        ("2022-07-06 10:00:00", "timed"),
        ("2022-07-06t10:00:00z", "timed"),
        ("sw1a 2bj", "postcode"),
        ("k1a 0b1", "postcode"),
        ("60601-1234", "postcode"),
        ("60601", "zip"),
        ("110101199003074578", "identity_number"),
        ("91350100m000100y43", "identity_number"),
        ("8629 wyoming ave", "address"),
        ("hauptstraße 12", "address"),
        ("12 rue de la paix", "address"),
        ("上海市浦东新区世纪大道100号", "address"),
        ("acme holdings ltd", "organisation"),
        ("müller gmbh", "organisation"),
        ("joe's grill", "organisation"),
        ("rossi s.r.l.", "organisation"),
        ("远光软件股份有限公司", "organisation"),
        ("张伟", "han_name"),
        ("欧阳娜娜", "han_name"),
        ("william", "given_name"),
        ("william walker", "person"),
        ("walker, william", "person"),
        ("mrs.", "salutation"),
        ("先生", "salutation"),
        ("weiblich", "gender"),
        ("女", "gender"),
        ("-1,234.50", "number"),
        ("$12.5", "number"),
        ("6f1e0a9c-1111-4a2b-8c3d-0123456789ab", "uuid"),
        ("r000123", "serial"),
        ("j.", "initial"),
    ],
)
def test_text_has_its_shape(text: str, shape: str) -> None:
    assert shape in shapes_of(text)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("01-08-1924", "phone"),
        ("123-45-6789", "phone"),
        ("4111 1111 1111 1111", "phone"),
        ("219112.983", "phone_like"),
        ("1990-13-32", "date"),
        ("32/01/1990", "date"),
        ("13/13/1990", "date"),
        ("19901350", "date"),
        ("ann at example", "email"),
        ("北京张三贸易有限公司", "han_name"),
        ("王府井路", "han_name"),
        ("william walker ltd", "person"),
        ("ann lee", "organisation"),
        ("北京市海淀区科技有限公司", "address"),
    ],
)
def test_text_lacks_a_neighbouring_shape(text: str, shape: str) -> None:
    assert shape not in shapes_of(text)


NARROW = (
    r"[-+]?\d{1,9}|[-+]?\d{1,4}[.,]\d{1,3}|(18|19|20)\d\d|[0-3]?\d",
    (
        r"\d{4,6}|\d{5}-\d{4}|[a-z]{1,2}-?\d{4,5}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|"
        r"[a-z]\d[a-z] ?\d[a-z]\d|\d{4} ?[a-z]{2}|[1-9]\d{5}19\d\d1[0-2]2\d{4}[\dx]|"
        r"[0-9a-h]{2}\d{6}[0-9a-h]{10}"
    ),
)
"""Kinds of numbers, and of codes."""


@settings(max_examples=60)
@given(st.one_of([st.from_regex(pattern, fullmatch=True) for pattern in NARROW]))
def test_value_of_a_narrow_shape_has_the_wide_one_that_it_is_looked_for_in(
    text: str,
) -> None:
    narrower = dict(shapes._NARROWER)
    for wide in ("number", "code"):
        found = [name for name in narrower[wide] if shapes._SHAPES[name](text)]
        assert not found or shapes._SHAPES[wide](text), found


@pytest.mark.parametrize(
    ("values", "day_first"),
    [
        (("31/12/1990", "01/02/1990"), True),
        (("12/31/1990", "01/02/1990"), False),
        (("01/02/1990", "03/04/1990"), None),
        (("1990-12-31", "1990-01-02"), None),
        (("19901231",), None),
        (("31/12/1990", "30/12/1990", "12/31/1990"), True),
    ],
)
def test_order_of_day_and_month_follows_from_numbers_above_twelve(
    values: tuple[str, ...], day_first: bool | None
) -> None:
    assert profile_values(Column.encode(values)).day_first is day_first


def test_frequent_values_weigh_more() -> None:
    profile = profile_values(Column.encode(["a@example.org"] * 3 + ["Ann"]))
    assert profile.share("email") == pytest.approx(0.75)


def test_placeholders_are_not_values() -> None:
    profile = profile_values(Column.encode(["Ann", "n/a", "--", "UNKNOWN", "无"]))
    assert (profile.present, profile.distinct) == (1, 1)


def test_full_width_and_quoted_values_have_their_shape() -> None:
    profile = profile_values(Column.encode(["１９９０－１２－３１", "'1990-12-31'"]))
    assert profile.share("date") == pytest.approx(1.0)


def test_large_column_is_sampled_whatever_the_order_of_rows() -> None:
    cells = [f"{i}@example.org" if i % 3 else f"name {i}" for i in range(5000)]
    forwards = profile_values(Column.encode(cells))
    backwards = profile_values(Column.encode(cells[::-1]))
    assert forwards.shapes == pytest.approx(backwards.shapes)
    assert forwards.share("email") == pytest.approx(2 / 3, abs=0.05)


def test_births_are_dates_far_apart() -> None:
    assert read(*(f"{year}-05-17" for year in range(1940, 2000))) is Kind.BIRTH_DATE


def test_recent_dates_are_not_births() -> None:
    assert read(*(f"20{year}-05-17" for year in range(15, 25))) is Kind.DATE


def test_times_of_events_are_not_compared() -> None:
    assert read("2022-07-06 10:00:00", "2022-07-07 09:30:00") is Role.IGNORE


def test_serial_numbers_are_not_compared() -> None:
    assert read(*range(50)) is Role.IGNORE


def test_few_numbers_that_recur_are_a_category() -> None:
    assert read(*[1, 2, 3] * 100) is Kind.CATEGORY


def test_codes_that_repeat_are_identifiers() -> None:
    assert read(*[f"ab{i:06}" for i in range(50)] * 2) is Kind.IDENTIFIER


def test_few_values_are_a_category() -> None:
    assert read(*["gold", "silver", "bronze"] * 100) is Kind.CATEGORY


def test_measures_are_numbers() -> None:
    assert read("1.5", "2.75", "3.25", "2.75") is Kind.NUMBER


def test_prose_is_text() -> None:
    assert read("the caller asked us to ring back next week about it") is Kind.TEXT


def test_genders_are_known_by_their_codes() -> None:
    assert read(*["M", "F"] * 20) is Kind.GENDER


def test_names_do_not_speak_for_themselves() -> None:
    assert read_hard(profile_values(Column.encode(["william", "mary"]))) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=20))
def test_shares_and_confidence_lie_between_zero_and_one(
    cells: list[str | None],
) -> None:
    profile = profile_values(Column.encode(cells))
    assert all(0 < share <= 1 for share in profile.shapes.values())
    assert 0 <= read_values(profile).confidence <= 1
    assert 0 <= profile.distinct <= profile.present <= profile.n_rows


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_profile_does_not_depend_on_the_order_of_rows(
    cells: list[str | None], random: np.random.Generator
) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)
    profile, other = (profile_values(Column.encode(each)) for each in (cells, shuffled))
    assert profile.shapes == pytest.approx(other.shapes)
    assert has_few_values(profile) == has_few_values(other)
    assert profile.mean_length == pytest.approx(other.mean_length)


@settings(max_examples=60)
@given(st.lists(CELLS.filter(bool), max_size=8))
def test_texts_have_the_shapes_together_that_each_has_alone(texts: list[str]) -> None:
    together = shapes.shapes_found(texts).places
    for place, text in enumerate(texts):
        found = {shape for shape, places in together.items() if place in places}
        assert found == shapes_of(text)
