from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

import custmerge as cm
from custmerge.comparators import Exact, JaroWinkler
from custmerge.config import KIND_DEFAULTS, prior_chance, prior_match

every_kind = pytest.mark.parametrize("kind", list(cm.Kind))


@cm.comparator
def same_initial(left: str, right: str) -> float:
    return float(left[0] == right[0])


@cm.normalizer
def shout(value: str) -> str:
    return value.upper()


@cm.survivorship_rule
def from_crm(value: str, record: object) -> float:
    return 1.0


@every_kind
def test_kind_has_defaults_that_a_field_takes(kind: cm.Kind) -> None:
    field, defaults = cm.Field("a", kind), KIND_DEFAULTS[kind]
    assert field.comparator is not None
    assert field.normalizer.name == defaults.normalize
    assert field.comparator.name == defaults.compare
    assert field.levels == defaults.levels
    assert field.columns == ("a",)


@every_kind
def test_kind_by_name_and_by_member_make_the_same_field(kind: cm.Kind) -> None:
    assert cm.Field("a", str(kind)) == cm.Field("a", kind)


@every_kind
def test_field_reads_back_from_what_it_writes(kind: cm.Kind) -> None:
    field = cm.Field("a", kind)
    assert cm.Field.from_dict(field.to_dict()) == field


def test_what_is_said_overrides_the_kind() -> None:
    field = cm.Field("a", "email", compare="exact", levels=(0.5, 1.0), frequency=False)
    assert field.compare == Exact()
    assert field.levels == (0.5, 1.0)
    assert field.frequency is False


def test_other_comparator_than_the_kinds_gets_even_levels() -> None:
    assert cm.Field("a", "city", compare="levenshtein").levels == (0.7, 0.85, 0.95, 1.0)


def test_field_that_is_not_compared_has_no_comparator() -> None:
    assert cm.Field("a", compare=None).comparator is None


def test_fields_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        cm.Field("a").name = "b"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("build", "problems"),
    [
        (lambda: cm.Field(""), ["name must be"]),
        (lambda: cm.Field("a", ["email"]), ["kind"]),  # type: ignore[arg-type]
        (lambda: cm.Field("a", "colour"), ["kind must be one of", "'email'"]),
        (lambda: cm.Field("a", columns="bc"), ["columns must be a list"]),  # type: ignore[arg-type]
        (lambda: cm.Field("a", combine="sum"), ["combine must be one of"]),  # type: ignore[arg-type]
        (lambda: cm.Field("a", split="("), ["split must be a regular expression"]),
        (lambda: cm.Field("a", by_column={"a": "x"}), ["by_column: 'x'"]),
        (lambda: cm.Field("a", by_column={"b": "text"}), ["must name columns of"]),
        (lambda: cm.Field("a", lines=(("b",),)), ["must name columns of"]),
        (lambda: cm.Field("a", lines=("b",)), ["lines must be a list of lists"]),  # type: ignore[arg-type]
        (
            lambda: cm.Field("a", levels=(0.9, 0.5)),
            ["levels must be a list"],
        ),
        (
            lambda: cm.Field("a", levels=(0.5, 0.5)),
            ["levels must be a list"],
        ),
        (
            lambda: cm.Field("a", levels=(0.0, 1.0)),
            ["levels must be a list"],
        ),
        (
            lambda: cm.Field("a", levels=(0.5, 1.1)),
            ["levels must be a list"],
        ),
        (
            lambda: cm.Field("", "colour", combine="sum", levels=(2.0,)),  # type: ignore[arg-type]
            ["name must be", "kind must be", "combine must be", "levels must be"],
        ),
        (
            lambda: cm.Field("a", normalize="x", compare="y", survive="z"),
            ["field 'a'", "normalize: 'x'", "compare: 'y'", "survive: 'z'", "exact"],
        ),
    ],
)
def test_all_problems_of_a_field_are_in_one_message(
    build: Callable[[], object], problems: list[str]
) -> None:
    with pytest.raises(cm.InvalidConfigError) as error:
        build()
    assert [text for text in problems if text not in str(error.value)] == []


@pytest.mark.parametrize(
    "row",
    [
        {"name": 5},
        {"name": "a", "levels": ["x"]},
        {"name": "a", "columns": 5},
        {"name": "a", "columns": [5]},
        {"name": "a", "shared": "much"},
        {"name": "a", "shared": 0.5},
        {"name": "a", "shared": {"household": 1.5}},
        {"name": "a", "shared": {"household": "much"}},
        {"name": "a", "depends_on": "b"},
        {"name": "a", "depends_on": [5]},
        {"name": "a", "swaps_with": ""},
        {"name": "a", "separator": 5},
    ],
)
def test_value_of_the_wrong_type_is_a_config_error(row: dict[str, object]) -> None:
    with pytest.raises(cm.InvalidConfigError):
        cm.Config((cm.Field.from_dict(row),))


def test_unknown_entries_are_listed_with_the_known_ones() -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"\['color'\].*'columns'"):
        cm.Field.from_dict({"name": "a", "color": 1})


def test_field_without_name_is_an_error() -> None:
    with pytest.raises(cm.InvalidConfigError, match="no name"):
        cm.Field.from_dict({"kind": "email"})


@pytest.mark.parametrize(
    "field",
    [
        cm.Field("a", compare=None),
        cm.Field("a", group=None, swaps_with=None, depends_on=(), shared={}),
        cm.Field("a", swaps_with="b", depends_on=("b", "c")),
        cm.Field("a", "phone", ("b", "c"), "any"),
        cm.Field("a", "date", ("y", "m"), separator="-", why="two columns"),
        cm.Field(
            "a", "city", group="address", shared={"household": 0.5}, frequency=False
        ),
        cm.Field("a", compare={"name": "jaro_winkler", "prefix_weight": 0.2}),
        cm.Field("a", compare="exact", levels=(1.0,)),
        cm.Field("a", normalize={"name": "phone", "region": "CN"}),
        cm.Field("a", normalize=["text", "city"]),
        cm.Field("a", normalize=["text", shout]),
        cm.Field("a", normalize=shout, compare=same_initial, survive=from_crm),
        cm.Field("a", survive=cm.most_recent("updated").then(cm.longest())),
    ],
    ids=repr,
)
def test_configured_field_reads_back_from_what_it_writes(field: cm.Field) -> None:
    assert cm.Field.from_dict(field.to_dict()) == field


def test_field_writes_only_what_differs_beside_its_plugins() -> None:
    assert set(cm.Field("a", "email").to_dict()) == {
        "name",
        "kind",
        "normalize",
        "compare",
        "survive",
    }


def test_function_without_a_place_cannot_be_written() -> None:
    def local(left: str, right: str) -> float:
        return 1.0

    for function in (local, lambda left, right: 1.0):
        field = cm.Field("a", compare=function)
        with pytest.raises(cm.InvalidConfigError, match="module level"):
            field.to_dict()


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (cm.Field("a"), "Field('a', kind='text')"),
        (cm.Field("a", "city", compare=None), "Field('a', kind='city', compare=None)"),
        (
            cm.Field("a", "text", compare=JaroWinkler(), group="g"),
            "Field('a', kind='text', group='g', compare='jaro_winkler')",
        ),
    ],
)
def test_repr_shows_what_differs_from_the_kind(field: cm.Field, shown: str) -> None:
    assert repr(field) == shown


def test_fields_pickle() -> None:
    field = cm.Field("a", compare=same_initial, normalize=shout)
    assert pickle.loads(pickle.dumps(field)) == field  # noqa: S301  our own bytes


@every_kind
def test_expectations_of_a_kind_are_distributions(kind: cm.Kind) -> None:
    defaults = KIND_DEFAULTS[kind]
    n_levels = len(defaults.levels) + 1
    for shares in (
        prior_match(defaults.match, n_levels),
        prior_chance(defaults.chance, n_levels),
    ):
        assert len(shares) == n_levels
        assert min(shares) > 0
        assert sum(shares) == pytest.approx(1, abs=2e-3)


@every_kind
def test_agreement_is_expected_to_speak_for_a_match(kind: cm.Kind) -> None:
    defaults = KIND_DEFAULTS[kind]
    n_levels = len(defaults.levels) + 1
    match = prior_match(defaults.match, n_levels)
    chance = prior_chance(defaults.chance, n_levels)
    assert match[-1] > chance[-1]
    assert match[0] < chance[0]


def test_expectations_are_those_of_the_kind_unless_said() -> None:
    usual = cm.Field("email", "email").expected
    said = cm.Field("email", "email", expected={"agree": 0.95}).expected
    assert usual == {"agree": 0.6, "differ": 0.3, "chance": 1e-4}
    assert said["agree"] == 0.95
    assert said["agree"] + said["differ"] < 1
    assert said["chance"] == usual["chance"]


def test_expectations_survive_a_file() -> None:
    field = cm.Field("email", "email", expected={"agree": 0.95, "chance": 0.01})
    assert cm.Field.from_dict(field.to_dict()) == field
    assert "expected" not in cm.Field("email", "email").to_dict()


@pytest.mark.parametrize(
    "expected",
    [{"agree": 1.0}, {"agree": 0.7, "differ": 0.5}, {"often": 0.5}, ["agree"], None],
)
def test_impossible_expectations_are_named(expected: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match="expected must be shares"):
        cm.Field("email", "email", expected=expected)  # type: ignore[arg-type]
