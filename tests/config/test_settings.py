from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
import tomli_w
from hypothesis import given, strategies as st

import custmerge as cm
from custmerge.blockers import BLOCKERS, ExactKey, Phonetic, Prefix
from custmerge.config.fields import AUTO

NAME = cm.Field("name", "full_name")
EMAIL = cm.Field("email", "email")


@cm.blocker("name")
def initial(name: str) -> str:
    return name[0]


def same_length(left: str, right: str) -> bool:
    return len(left) == len(right)


def _texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


def _shares() -> st.SearchStrategy[Mapping[str, float] | Literal["auto"]]:
    shares = st.dictionaries(_texts(), st.floats(0.01, 0.99), max_size=2)
    return st.one_of(st.just(AUTO), shares)


@st.composite
def _fields(draw: st.DrawFn, name: str) -> cm.Field:
    return cm.Field(
        name,
        draw(st.sampled_from(cm.Kind)),
        tuple(draw(st.lists(_texts(), max_size=2))),
        draw(st.sampled_from(["join", "any"])),
        draw(_texts()),
        split=draw(st.sampled_from(["auto", "", "[;,]"])),
        compare=draw(st.sampled_from(["auto", None, "exact", "jaro_winkler"])),
        levels=draw(st.sampled_from([(), (0.5,), (0.25, 1.0)])),
        group=draw(st.just("auto") | st.none() | _texts()),
        swaps_with=draw(st.sampled_from(["auto", None])),
        depends_on=draw(st.sampled_from(["auto", ()])),
        shared=draw(_shares()),
        frequency=draw(st.none() | st.booleans()),
        why=draw(st.text(st.characters(codec="utf-8"))),
    )


@st.composite
def _configs(draw: st.DrawFn) -> cm.Config:
    names = draw(st.lists(_texts(), min_size=1, max_size=3, unique=True))
    fields = tuple(draw(_fields(name)) for name in names)
    compared = [field.name for field in fields if field.comparator is not None]
    key = st.fixed_dictionaries(
        {
            "name": st.sampled_from(sorted(BLOCKERS)),
            "field": st.sampled_from(compared or names),
        }
    )
    keys = st.lists(key, max_size=3 if compared else 0)
    blockers = draw(st.just("auto") | keys.map(tuple))
    role = st.none() | _texts()
    low, high = draw(st.sampled_from([(0.0, 1.0), (0.1, 0.9), (0.25, 0.5)]))
    return cm.Config(
        fields,
        blockers,
        draw(role),
        draw(role),
        draw(role),
        record_type=draw(role),
        owner=draw(role),
        pairs_per_record=draw(st.integers(1, 1_000)),
        threshold=draw(st.floats(0.01, 0.99)),
        one_per_source=draw(st.booleans() | st.just("auto")),
        review=(low, high),
        seed=draw(st.integers(0, 2**31)),
    )


@given(_configs())
def test_config_reads_back_from_its_toml(config: cm.Config) -> None:
    assert cm.Config.from_toml(config.to_toml()) == config


@given(config=_configs())
def test_config_reads_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, config: cm.Config
) -> None:
    path = tmp_path_factory.mktemp("configs") / "config.toml"
    config.save(path)
    assert cm.load_config(path) == config


def test_config_with_our_own_blockers_reads_back() -> None:
    config = cm.Config((NAME, EMAIL), ("email", initial, Prefix("name", 3)))
    assert cm.Config.from_toml(config.to_toml()) == config


def test_fields_of_unlike_columns_read_back() -> None:
    given = cm.Field(
        "given",
        "given_name",
        ("first", "middle", "name"),
        "first",
        lines=(("first", "middle"),),
        by_column={"name": "given_of_full_name", "middle": {"name": "date"}},
    )
    config = cm.Config((given,))
    assert cm.Config.from_toml(config.to_toml()) == config


def test_fields_may_be_a_list() -> None:
    assert cm.Config([NAME]) == cm.Config((NAME,))  # type: ignore[arg-type]


def test_blockers_follow_from_the_kinds_of_compared_fields() -> None:
    kept = cm.Field("phone", "phone", compare=None)
    config = cm.Config((EMAIL, kept))
    assert {(b.name, b.field) for b in config.plugins} == {  # type: ignore[attr-defined]
        ("exact", "email"),
        ("spelling", "email"),
    }


def test_keys_by_sound_follow_names_that_are_exchanged() -> None:
    names = (cm.Field("given", "given_name"), cm.Field("family", "family_name"))
    for fields in (names, names[::-1]):
        config = cm.Config(fields)
        sounds = [b for b in config.plugins if b.name == "phonetic"]
        assert sounds == [Phonetic("given", swaps_with="family")]
        assert "given or family (phonetic)" in str(config)
    assert Phonetic("family") in cm.Config(names[1:]).plugins


def test_field_name_stands_for_its_exact_value() -> None:
    assert cm.Config((EMAIL,), ("email",)).plugins == (ExactKey("email"),)


def test_only_fields_with_a_comparator_are_compared() -> None:
    config = cm.Config((NAME, cm.Field("notes", compare=None)))
    assert config.compared_names == ("name",)
    assert config.names == ("name", "notes")


@pytest.mark.parametrize(
    ("build", "problems"),
    [
        (lambda: cm.Config(()), ["at least one Field"]),
        (lambda: cm.Config("name"), ["at least one Field"]),  # type: ignore[arg-type]
        (lambda: cm.Config(("name", NAME, 3)), ["entries [0, 2]", "type Field"]),  # type: ignore[arg-type]
        (lambda: cm.Config((NAME, NAME)), ["2 fields are named 'name'"]),
        (lambda: cm.Config((NAME,), "email"), ["blockers must be 'auto' or a list"]),
        (lambda: cm.Config((NAME,), ("email",)), ["'email' is not a blocker"]),
        (
            lambda: cm.Config((NAME,), (ExactKey("x"),)),
            ["needs 'x'", "no compared field"],
        ),
        (
            lambda: cm.Config((EMAIL,), (initial,)),
            ["'initial' needs 'name', which is no compared field"],
        ),
        (
            lambda: cm.Config((NAME, cm.Field("a", compare=None)), (ExactKey("a"),)),
            ["needs 'a'", "no compared field"],
        ),
        (
            lambda: cm.Config(
                (
                    cm.Field("a", levels=(0.5, 1.0)),
                    cm.Field("b", levels=(1.0,)),
                    cm.Field("c", depends_on=("a", "b")),
                )
            ),
            ["'c'", "number of levels"],
        ),
        (lambda: cm.Config((NAME,), threshold=1.0), ["threshold must be"]),
        (lambda: cm.Config((NAME,), pairs_per_record=0), ["at least 1"]),
        (lambda: cm.Config((NAME,), one_per_source="yes"), ["one_per_source must be"]),
        (lambda: cm.Config((NAME,), review=(0.9, 0.1)), ["two ascending"]),
        (lambda: cm.Config((NAME,), review=(0.5,)), ["two ascending"]),  # type: ignore[arg-type]
        (
            lambda: cm.Config((NAME,), threshold=7, pairs_per_record=0),
            ["threshold must be", "pairs_per_record must be"],
        ),
        (
            lambda: cm.Config((NAME,), ("nope", ExactKey("x"))),
            ["'nope'"],
        ),
        (
            lambda: cm.Config((NAME,), ("nope", ExactKey("x")), threshold=7),
            ["'nope'", "'x'", "threshold"],
        ),
        (
            lambda: cm.Config((cm.Field("a", swaps_with="b"),)),
            ["'a'", "'b'"],
        ),
        (
            lambda: cm.Config((cm.Field("a", depends_on=("b",)),)),
            ["'a'", "'b'"],
        ),
        (
            lambda: cm.Config(
                (cm.Field("a", depends_on=("b",)), cm.Field("b", depends_on=("a",)))
            ),
            ["'a'"],
        ),
        (
            lambda: cm.Config(
                (cm.Field("a", depends_on=("b",)), cm.Field("b", compare=None))
            ),
            ["'a'", "'b'"],
        ),
    ],
)
def test_all_problems_of_a_config_are_in_one_message(
    build: Callable[[], object], problems: list[str]
) -> None:
    with pytest.raises(cm.InvalidConfigError) as error:
        build()
    assert [text for text in problems if text not in str(error.value)] == []


def test_review_bounds_must_be_probabilities() -> None:
    with pytest.raises(cm.InvalidConfigError, match="review"):
        cm.Config((NAME,), review=(-1.0, 7.0))


def test_unknown_entries_are_listed_with_the_known_ones() -> None:
    text = 'colour = 1\n[[fields]]\nname = "a"\n'
    with pytest.raises(cm.InvalidConfigError, match=r"\['colour'\].*'blockers'"):
        cm.Config.from_toml(text)


@pytest.mark.parametrize(
    "text", ["", "fields = 3", "seed = 1", "not toml", "[fields]\nname = 'a'"]
)
def test_text_that_describes_no_config_is_an_error(text: str) -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"TOML|fields"):
        cm.Config.from_toml(text)


def _toml(**entries: object) -> str:
    return tomli_w.dumps({"fields": [{"name": "a"}], **entries})


@pytest.mark.parametrize(
    "entries",
    [
        {"threshold": "high"},
        {"pairs_per_record": "many"},
        {"review": 5},
        {"review": ["a", "b"]},
        {"seed": "x"},
        {"seed": -1},
        {"id": 5},
        {"blockers": 5},
        {"fields": [5]},
    ],
)
def test_entry_of_the_wrong_type_is_a_config_error(entries: dict[str, object]) -> None:
    with pytest.raises(cm.InvalidConfigError):
        cm.Config.from_toml(_toml(**entries))


def test_hand_written_file_needs_only_what_differs() -> None:
    config = cm.Config.from_toml(
        '[[fields]]\nname = "email"\nkind = "email"\n\n'
        '[[fields]]\nname = "notes"\ncompare = "none"\n'
    )
    assert config == cm.Config((EMAIL, cm.Field("notes", compare=None)))


def test_plugin_in_a_file_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(cm.InvalidConfigError, match="no_such_module"):
        cm.Config.from_toml('[[fields]]\nname = "a"\ncompare = "no_such_module:f"\n')


def test_file_that_cannot_be_read_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("none", "binary"):
        with pytest.raises(cm.InvalidConfigError, match="cannot be read"):
            cm.load_config(tmp_path / name)


def test_toml_of_a_config_is_plain_to_read() -> None:
    document = tomllib.loads(cm.Config((EMAIL,), ("email",), id="key").to_toml())
    assert document["id"] == "key"
    assert document["blockers"] == [{"name": "exact", "field": "email"}]
    assert document["fields"][0]["kind"] == "email"


def test_text_of_a_config_shows_fields_reasons_and_keys() -> None:
    config = cm.Config(
        (cm.Field("email", "email", why="the header says so"), NAME),
        ("email", initial),
        id="key",
    )
    shown = str(config)
    assert repr(config) == "Config(2 of 2 fields compared, id 'key')"
    assert "2 of 2" in config._repr_html_()
    for part in (
        "2 of 2 fields compared",
        "id: column 'key'",
        "email: email",
        "(the header says so)",
        "blocking keys: email (exact), initial",
    ):
        assert part in shown


def test_config_without_keys_says_so() -> None:
    shown = str(cm.Config((cm.Field("notes", compare=None),)))
    assert "not compared" in shown
    assert "blocking keys: none" in shown


RULES = (
    cm.Rule("match", at_least={"email": 1.0}, name="one mailbox"),
    cm.Rule("differ", where={"email": same_length}, below={"email": 0.5}),
)


def test_rules_are_written_and_read_back() -> None:
    config = cm.Config((cm.Field("email", "email"),), rules=RULES)
    assert cm.Config.from_toml(config.to_toml()) == config
    assert "[[rules]]" in config.to_toml()
    assert "rules" not in cm.Config((cm.Field("email", "email"),)).to_toml()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("match", "rules must be a list of rules"),
        ([{"says": "maybe"}], "says must be one of"),
        (
            [{"says": "match", "at_least": {"name": 1}}],
            "looks at 'name', which is none of .*'email'",
        ),
        ([7], "a rule must be a Rule or a table"),
    ],
)
def test_rules_that_do_not_fit_are_refused(rules: Any, message: str) -> None:
    with pytest.raises(cm.InvalidConfigError, match=message):
        cm.Config((cm.Field("email", "email"),), rules=rules)


ADDRESS = (cm.Field("street", "address"), cm.Field("town", "city"), NAME)


def test_gaps_of_an_address_are_filled_by_its_line_unless_told_otherwise() -> None:
    assert cm.Config(ADDRESS).anchors == {"address": "street"}
    assert cm.Config((NAME, EMAIL)).anchors == {}
    assert cm.Config(ADDRESS, group_fill={}).anchors == {}
    assert "group_fill" not in cm.Config(ADDRESS).to_toml()


@pytest.mark.parametrize("group_fill", [{}, {"address": "town"}])
def test_master_and_gap_filling_are_written_and_read_back(
    group_fill: dict[str, str],
) -> None:
    master = cm.source_priority(["crm"], "src").then(cm.most_recent())
    config = cm.Config(ADDRESS, master=master, group_fill=group_fill)
    assert cm.Config.from_toml(config.to_toml()) == config
    assert cm.Config(ADDRESS, master="most_complete").master == cm.most_complete()


def test_all_that_is_wrong_with_survivorship_is_said_at_once() -> None:
    with pytest.raises(cm.InvalidConfigError) as caught:
        cm.Config(
            ADDRESS, master=["most_recent", "longest"], group_fill={"address": "name"}
        )
    assert "master: 'longest' judges the values of a field" in str(caught.value)
    assert "group_fill: 'name' is no field of the group 'address'" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"master": "newest"}, "master: 'newest' is not a survivorship rule"),
        ({"group_fill": "street"}, "group_fill must be 'auto' or a table"),
        ({"group_fill": 1}, "group_fill must be 'auto' or a table"),
    ],
)
def test_survivorship_that_does_not_fit_is_refused(given: Any, message: str) -> None:
    with pytest.raises(cm.InvalidConfigError, match=message):
        cm.Config(ADDRESS, **given)
