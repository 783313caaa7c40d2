from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from tests.strategies import vectors

import custmerge as cm
from custmerge.classifier import (
    FellegiSunter,
    FieldWeights,
    Training,
    load_model,
    probability,
)
from custmerge.classifier.model import Rows
from custmerge.pairs import SimilarityVectors

NAME = FieldWeights(
    "name",
    (0.8, 1.0),
    ((0.1, 0.2, 0.7),),
    ((0.9, 0.08, 0.02),),
    (((0.2, 0.1, 0.7),),),
    mean_frequency=0.02,
)
EMAIL = FieldWeights(
    "email", (1.0,), ((0.3, 0.7),), ((0.999, 0.001),), (((0.999, 0.001),),)
)
CITY = FieldWeights(
    "city",
    (1.0,),
    ((0.1, 0.9), (0.4, 0.6), (0.01, 0.99)),
    ((0.8, 0.2), (0.85, 0.15), (0.02, 0.98)),
    (((0.8, 0.2), (0.85, 0.15), (0.02, 0.98)),),
    parents=("email",),
    mean_frequency=0.1,
)
PLAIN = FellegiSunter((NAME, EMAIL), 1e-3, (0.0,), ("household",))
TREE = FellegiSunter((EMAIL, CITY), 1e-3, (0.0,), ("household",))
FAMILY = FellegiSunter(
    (NAME, EMAIL), 1e-3, (1e-2,), ("household",), Training(False, 7, 99, "tired")
)
FIRM = FellegiSunter(
    (
        replace(NAME, related=(*NAME.related, NAME.unrelated)),
        replace(EMAIL, related=(*EMAIL.related, ((0.6, 0.4),))),
    ),
    1e-3,
    (1e-2, 2e-2),
    ("household", "branch"),
)
"""Households share the name, branches the e-mail."""
PHONE = FieldWeights("phone", (1.0,), ((0.4, 0.6),), ((0.998, 0.002),))
WEB = FieldWeights(
    "web",
    (1.0,),
    ((0.1, 0.9), (0.4, 0.6), (0.01, 0.99)),
    ((0.8, 0.2), (0.85, 0.15), (0.02, 0.98)),
    parents=("email", "phone"),
)

all_models = pytest.mark.parametrize("model", [PLAIN, FAMILY, FIRM])


def _floats(values: list[float]) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


def _one(**scores: float) -> SimilarityVectors:
    return SimilarityVectors(
        {name: _floats([score]) for name, score in scores.items()}, {}
    )


@st.composite
def _models(draw: st.DrawFn) -> FellegiSunter:
    def table(n_rows: int, n_levels: int) -> Rows:
        part = st.floats(1e-3, 1)
        row = st.lists(part, min_size=n_levels, max_size=n_levels)
        rows = draw(st.lists(row, min_size=n_rows, max_size=n_rows))
        return tuple(tuple(part / sum(parts) for part in parts) for parts in rows)

    def related(n_rows: int, n_levels: int) -> tuple[Rows, ...]:
        return tuple(table(n_rows, n_levels) for _ in rates)

    share = st.floats(1e-9, 0.3)
    rates = tuple(draw(st.lists(share | st.just(0.0), max_size=2)))
    parents = draw(st.sampled_from([(), ("name",), ("name", "nick")]))
    n_rows = 4 if parents else 1
    names = [
        FieldWeights(name, (0.8, 1.0), table(1, 3), table(1, 3), related(1, 3))
        for name in ("name", "nick")
    ]
    email = FieldWeights(
        "email",
        (1.0,),
        table(n_rows, 2),
        table(n_rows, 2),
        related(n_rows, 2),
        parents,
        mean_frequency=0.01,
    )
    relatives = ("household", "branch")[: len(rates)]
    return FellegiSunter((*names, email), draw(share), rates, relatives)


@given(_models(), vectors(["name", "nick", "email"]))
def test_contributions_add_up_to_the_weight_exactly(
    model: FellegiSunter, drawn: SimilarityVectors
) -> None:
    parts = model.contributions(drawn)
    total = np.zeros(len(drawn))
    for part in parts.values():
        total = total + part
    assert (total == model.weights(drawn)).all()


@given(_models(), vectors(["name", "nick", "email"]))
def test_weights_are_finite(model: FellegiSunter, drawn: SimilarityVectors) -> None:
    assert np.isfinite(model.weights(drawn)).all()


@pytest.mark.parametrize("model", [FAMILY, TREE])
@given(drawn=vectors(["name", "email", "city"]))
def test_weights_are_the_same_however_many_pairs_are_weighed_together(
    model: FellegiSunter, drawn: SimilarityVectors
) -> None:
    whole = model.weights(drawn)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("custmerge.classifier.model._AT_ONCE", 1)
        assert model.weights(drawn).tolist() == whole.tolist()


@given(_models(), vectors(["name", "nick", "email"]))
def test_missing_side_adds_no_evidence(
    model: FellegiSunter, drawn: SimilarityVectors
) -> None:
    parts = model.contributions(drawn)
    for field, scores in drawn.scores.items():
        assert (parts[field][np.isnan(scores)] == 0).all()


@all_models
def test_pair_about_which_nothing_is_known_weighs_the_prior(
    model: FellegiSunter,
) -> None:
    parts = model.contributions(_one(name=np.nan, email=np.nan))
    assert parts["(prior)"] == model.prior
    assert parts["name"] == parts["email"] == 0


def test_prior_is_the_log_odds_of_match_against_unrelated() -> None:
    assert PLAIN.prior == pytest.approx(np.log2(0.001 / 0.999))
    assert FAMILY.prior == pytest.approx(np.log2(0.001 / 0.989))
    assert FIRM.prior == pytest.approx(np.log2(0.001 / 0.969))


@given(_models(), vectors(["name", "nick", "email"]))
def test_looking_like_relatives_never_adds_weight(
    model: FellegiSunter, drawn: SimilarityVectors
) -> None:
    assert (model.contributions(drawn)["(related)"] <= 0).all()


def test_probability_is_the_posterior_of_the_three_classes() -> None:
    """Bayes' rule, written out for a pair alike in name with unlike e-mails."""
    pair = _one(name=0.85, email=0.0)
    match = 1e-3 * 0.2 * 0.3
    related = 1e-2 * 0.1 * 0.999
    unrelated = (1 - 1e-3 - 1e-2) * 0.08 * 0.999
    expected = match / (match + related + unrelated)
    assert probability(FAMILY.weights(pair))[0] == pytest.approx(expected)


def test_two_classes_of_relatives_both_take_weight_off() -> None:
    """Bayes' rule again, with a fourth class."""
    pair = _one(name=0.85, email=1.0)
    match = 1e-3 * 0.2 * 0.7
    household = 1e-2 * 0.1 * 0.001
    branch = 2e-2 * 0.08 * 0.4
    unrelated = (1 - 1e-3 - 1e-2 - 2e-2) * 0.08 * 0.001
    expected = -np.log2((unrelated + household + branch) / unrelated)
    assert FIRM.contributions(pair)["(related)"][0] == pytest.approx(expected)
    chance = match / (match + household + branch + unrelated)
    assert probability(FIRM.weights(pair))[0] == pytest.approx(chance)


def test_class_of_relatives_without_pairs_takes_nothing_off() -> None:
    pair = _one(name=1.0, email=1.0)
    nobody = replace(FIRM, related_rates=(0.0, 0.0))
    assert nobody.contributions(pair)["(related)"] == 0


def test_weight_rises_with_the_level_where_relatives_do_not_count() -> None:
    weights = [PLAIN.weights(_one(name=s, email=np.nan))[0] for s in (0.1, 0.9, 1.0)]
    assert weights == sorted(weights)
    assert len(set(weights)) == 3


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        (np.nan, np.log2(0.9 / 0.2)),
        (0.0, np.log2(0.6 / 0.15)),
        (1.0, np.log2(0.99 / 0.98)),
    ],
)
def test_field_adds_what_its_parent_did_not_say(email: float, expected: float) -> None:
    parts = TREE.contributions(_one(email=email, city=1.0))
    assert parts["city"][0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("email", "phone", "expected"),
    [
        (1.0, 1.0, np.log2(0.99 / 0.98)),
        (1.0, 0.0, np.log2(0.6 / 0.15)),
        (0.0, 1.0, np.log2(0.6 / 0.15)),
        (0.0, np.nan, np.log2(0.9 / 0.2)),
        (np.nan, 1.0, np.log2(0.9 / 0.2)),
    ],
)
def test_field_of_two_parents_goes_by_the_lesser_of_their_levels(
    email: float, phone: float, expected: float
) -> None:
    model = FellegiSunter((replace(EMAIL, related=()), PHONE, WEB), 1e-3)
    parts = model.contributions(_one(email=email, phone=phone, web=1.0))
    assert parts["web"][0] == pytest.approx(expected)


def test_kinship_is_what_match_and_strangers_leave() -> None:
    pair = _one(name=1.0, email=0.0)
    match = float(probability(FAMILY.weights(pair))[0])
    home = float(FAMILY.kinship(pair)["household"][0])
    odds = {
        "unrelated": (1 - 1e-3 - 1e-2) * 0.02 * 0.999,
        "match": 1e-3 * 0.7 * 0.3,
        "household": 1e-2 * 0.7 * 0.999,
    }
    assert home == pytest.approx(odds["household"] / sum(odds.values()))
    assert match == pytest.approx(odds["match"] / sum(odds.values()))


def test_class_that_never_occurs_has_no_kin() -> None:
    assert PLAIN.kinship(_one(name=1.0, email=0.0))["household"].tolist() == [0.0]


def test_rare_value_counts_more_where_one_of_two_parents_differs() -> None:
    web = replace(WEB, mean_frequency=0.1)
    model = FellegiSunter((replace(EMAIL, related=()), PHONE, web), 1e-3)
    pair = _one(email=1.0, phone=0.0, web=1.0)
    rare = SimilarityVectors(pair.scores, {"web": _floats([1e-3])})
    gained = model.contributions(rare)["web"] - model.contributions(pair)["web"]
    assert gained[0] == pytest.approx(np.log2(0.1 / 1e-3))


def test_rare_value_says_nothing_more_where_the_parent_agrees_exactly() -> None:
    pair = _one(email=1.0, city=1.0)
    rare = SimilarityVectors(pair.scores, {"city": _floats([1e-5])})
    assert TREE.weights(rare) == TREE.weights(pair)


def _agreeing(frequency: float) -> float:
    vectors = SimilarityVectors(
        {"name": _floats([1.0]), "email": _floats([np.nan])},
        {"name": _floats([frequency])},
    )
    return float(PLAIN.contributions(vectors)["name"][0])


def test_agreement_on_a_rare_value_counts_more_than_on_a_common_one() -> None:
    assert _agreeing(0.001) > _agreeing(0.02) > _agreeing(0.5)


def test_value_of_mean_frequency_counts_what_its_level_counts() -> None:
    assert _agreeing(0.02) == pytest.approx(np.log2(0.7 / 0.02))


def test_rarity_adds_at_most_ten_bits() -> None:
    assert _agreeing(1e-9) == pytest.approx(np.log2(0.7 / 0.02) + 10)


def test_rare_value_counts_more_on_partial_agreement_too() -> None:
    rare = SimilarityVectors(
        {"name": _floats([0.9]), "email": _floats([np.nan])},
        {"name": _floats([1e-6])},
    )
    assert PLAIN.weights(rare) > PLAIN.weights(_one(name=0.9, email=np.nan))


def test_unlike_values_do_not_go_by_frequency() -> None:
    rare = SimilarityVectors(
        {"name": _floats([0.1]), "email": _floats([np.nan])},
        {"name": _floats([1e-6])},
    )
    assert PLAIN.weights(rare) == PLAIN.weights(_one(name=0.1, email=np.nan))


@given(st.lists(st.floats(-2_000, 2_000)))
def test_probabilities_rise_with_weight_and_mirror_at_zero(
    drawn: list[float],
) -> None:
    weights = np.sort(np.asarray(drawn))
    chances = probability(weights)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances) >= 0).all()
    assert chances + probability(-weights) == pytest.approx(1)


@pytest.mark.parametrize("name", ["prior", "related"])
def test_field_of_any_name_keeps_its_part_and_the_others(name: str) -> None:
    model = replace(FAMILY, fields=(replace(NAME, name=name), EMAIL))
    drawn = _one(**{name: 0.9}, email=1.0)
    plain = _one(name=0.9, email=1.0)
    assert model.weights(drawn)[0] == pytest.approx(FAMILY.weights(plain)[0])


@given(model=_models(), drawn=vectors(["name", "nick", "email"]))
def test_saved_model_loads_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    model: FellegiSunter,
    drawn: SimilarityVectors,
) -> None:
    path = tmp_path_factory.mktemp("models") / "model.json"
    model.save(path)
    loaded = load_model(path)
    assert loaded == model
    assert (loaded.weights(drawn) == model.weights(drawn)).all()


def test_training_report_is_saved_too(tmp_path: Path) -> None:
    FAMILY.save(tmp_path / "model.json")
    assert load_model(str(tmp_path / "model.json")).training == FAMILY.training


def _document() -> dict[str, Any]:
    fields = [
        {
            "name": "email",
            "thresholds": [1.0],
            "match": [[0.3, 0.7]],
            "unrelated": [[0.9, 0.1]],
            "related": [[[0.9, 0.1]]],
        }
    ]
    return {
        "format": "custmerge-model",
        "version": 1,
        "fields": fields,
        "match_rate": 0.001,
        "related_rates": [0.0],
        "relatives": ["household"],
        "training": {},
    }


def _load(tmp_path: Path, document: object) -> FellegiSunter:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    loaded: FellegiSunter = load_model(path)
    return loaded


def test_hand_written_model_loads(tmp_path: Path) -> None:
    assert _load(tmp_path, _document()).fields[0].name == "email"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "other"}, "not a custmerge model"),
        ({"version": 2}, "format 2; this version reads 1"),
        ({"colour": 1}, r"unknown entries \['colour'\]; known are"),
        ({"fields": None}, "damaged"),
        ({"fields": [{"name": "email"}]}, "damaged"),
        ({"fields": [{**_document()["fields"][0], "x": 1}]}, "damaged"),
        ({"fields": [{**_document()["fields"][0], "match": [[1.0]]}]}, "probabilities"),
        ({"fields": [{**_document()["fields"][0], "match": [[0.0, 1.0]]}]}, "above 0"),
        (
            {"fields": [{**_document()["fields"][0], "parents": ["x"]}]},
            "the parents of",
        ),
        ({"related_rates": []}, "an entry for each"),
        ({"related_rates": [0.1, 0.1]}, "an entry for each"),
        ({"related_rates": [-0.1]}, "related_rates must be shares"),
        ({"related_rates": 0.1}, "damaged"),
        ({"match_rate": 1.5}, "match_rate"),
        ({"match_rate": "high"}, "damaged"),
        ({"training": {"x": 1}}, "damaged"),
        ({"training": None}, "damaged"),
        (
            {"fields": [{**_document()["fields"][0], "match": [[float("nan"), 1.0]]}]},
            "above 0",
        ),
    ],
)
def test_damaged_model_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(cm.ModelError, match=message):
        _load(tmp_path, {**_document(), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": [7]},
        {"match_rate": -0.1, "related_rates": [0.3]},
        {"fields": [{**_document()["fields"][0], "match": [[0.3, 70.0]]}]},
        {"fields": [{**_document()["fields"][0], "thresholds": ["a"]}]},
        {"fields": [{**_document()["fields"][0], "name": ["a"]}]},
        {"fields": _document()["fields"] * 2},
        {"fields": [{**_document()["fields"][0], "thresholds": []}]},
        {
            "fields": [
                {
                    **_document()["fields"][0],
                    "thresholds": [1.0, 0.5],
                    "match": [[0.25, 0.25, 0.5]],
                    "unrelated": [[0.25, 0.25, 0.5]],
                    "related": [[[0.25, 0.25, 0.5]]],
                }
            ]
        },
    ],
)
def test_model_of_the_wrong_shape_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(cm.ModelError):
        _load(tmp_path, {**_document(), **changes})


def test_parents_of_unlike_many_levels_are_refused(tmp_path: Path) -> None:
    email = {**_document()["fields"][0], "parents": ["two", "three"]}
    email |= {key: [[0.3, 0.7]] * 3 for key in ("match", "unrelated")}
    email["related"] = [[[0.3, 0.7]] * 3]
    two = {**_document()["fields"][0], "name": "two"}
    three = {**two, "name": "three", "thresholds": [0.5, 1.0]}
    three |= {key: [[0.2, 0.3, 0.5]] for key in ("match", "unrelated")}
    three["related"] = [[[0.2, 0.3, 0.5]]]
    alike = {**_document(), "fields": [{**email, "parents": ["two"]}, two, three]}
    assert _load(tmp_path, alike).fields[0].parents == ("two",)
    with pytest.raises(cm.ModelError, match="as many levels each"):
        _load(tmp_path, {**_document(), "fields": [email, two, three]})


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "null", "\ufeff{}"])
def test_file_that_is_no_model_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(cm.ModelError, match="model"):
        load_model(path)


def test_missing_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(cm.ModelError, match="FileNotFoundError"):
        load_model(tmp_path / "none.json")


def test_binary_file_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(cm.ModelError, match="UnicodeDecodeError"):
        load_model(tmp_path / "m")


def test_repr_says_whether_training_converged() -> None:
    assert (
        repr(PLAIN)
        == "FellegiSunter(2 fields: name, email; prior -10.0 bits; converged)"
    )
    assert "NOT converged" in repr(FAMILY)
