from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from custmerge._adapters import (
    call_each,
    coerce,
    import_plugin,
    qualified_name,
    spec_of,
)
from custmerge.exceptions import InvalidConfigError, PluginError
from custmerge.protocols import Comparator, Scores


@dataclass(frozen=True)
class Scaled:
    factor: float = 1.0
    steps: tuple[int, ...] = field(default_factory=tuple)
    name: str = "scaled"

    def compare(self, left: list[str], right: list[str], /) -> Scores:
        raise NotImplementedError


class Plain:
    name = "plain"

    def compare(self, left: list[str], right: list[str], /) -> Scores:
        raise NotImplementedError


BUILTINS = {"scaled": Scaled}
OURS = Plain()


def _coerce(given: object, lift: object = None) -> object:
    return coerce(given, "comparator", Comparator, BUILTINS, lift)  # type: ignore[arg-type]


def _anything_goes(_: object) -> None:
    return None


def test_function_is_called_once_for_each_tuple_in_order() -> None:
    calls: list[tuple[str, str]] = []

    def note(a: str, b: str) -> str:
        calls.append((a, b))
        return a + b

    results = call_each(note, [("a", "b"), ("c", "d")], "comparator", _anything_goes)
    assert results == ["ab", "cd"]
    assert calls == [("a", "b"), ("c", "d")]


def test_raising_function_is_named_without_its_values() -> None:
    def fails(value: str) -> str:
        raise KeyError(value)

    with pytest.raises(PluginError, match=r"normalizer 'fails' raised KeyError") as e:
        call_each(fails, [("secret",)], "normalizer", _anything_goes)
    assert "secret" not in str(e.value)
    assert isinstance(e.value.__cause__, KeyError)


def test_forbidden_result_is_reported_with_stage_and_function() -> None:
    with pytest.raises(PluginError, match="normalizer 'upper' returned rubbish"):
        call_each(str.upper, [("a",)], "normalizer", lambda _: "returned rubbish")


def test_callable_object_is_named_by_its_type() -> None:
    class Fails:
        def __call__(self, value: str) -> str:
            raise ValueError

    with pytest.raises(PluginError, match="'Fails'"):
        call_each(Fails(), [("a",)], "normalizer", _anything_goes)


def test_qualified_name_imports_back() -> None:
    assert import_plugin(qualified_name(math.sqrt)) is math.sqrt


@pytest.mark.parametrize(
    "reference",
    [
        "no_such_module:f",
        "math:no_such",
        "math",
        "math:",
        "math:a.b",
        ":sqrt",
        ".math:sqrt",
    ],
)
def test_reference_to_nothing_is_a_config_error(reference: str) -> None:
    with pytest.raises(InvalidConfigError, match=r"package\.module:attribute"):
        import_plugin(reference)


def test_name_stands_for_the_builtin() -> None:
    assert _coerce("scaled") == Scaled()


def test_mapping_gives_the_builtin_its_parameters() -> None:
    assert _coerce({"name": "scaled", "factor": 2.0}) == Scaled(2.0)


def test_object_with_the_method_is_itself() -> None:
    assert _coerce(OURS) is OURS


def test_reference_stands_for_what_it_names() -> None:
    assert _coerce(f"{__name__}:OURS") is OURS


def test_function_is_lifted_where_the_stage_allows_it() -> None:
    assert _coerce(len, lambda function: ("lifted", function)) == ("lifted", len)


@pytest.mark.parametrize("given", ["nope", 7, None, Plain, {"name": "nope"}, {}, len])
def test_anything_else_is_an_error_that_lists_the_builtins(given: object) -> None:
    with pytest.raises(InvalidConfigError, match=r"not a comparator.*'scaled'"):
        _coerce(given)


def test_wrong_parameters_are_a_config_error() -> None:
    with pytest.raises(InvalidConfigError, match=r"'scaled' do not fit"):
        _coerce({"name": "scaled", "colour": 1})


def test_builtin_is_written_by_name_and_changed_parameters() -> None:
    assert spec_of(Scaled(), BUILTINS) == "scaled"
    assert spec_of(Scaled(2.0), BUILTINS) == {"name": "scaled", "factor": 2.0}
    assert spec_of(Scaled(steps=(1,)), BUILTINS) == {"name": "scaled", "steps": (1,)}


def test_builtin_that_is_no_dataclass_is_written_by_name() -> None:
    assert spec_of(Plain(), {"plain": Plain}) == "plain"


def test_object_at_module_level_is_written_by_its_place() -> None:
    assert spec_of(OURS, BUILTINS) == f"{__name__}:OURS"


def test_nameless_object_cannot_be_written() -> None:
    with pytest.raises(InvalidConfigError, match="module level"):
        spec_of(Plain(), BUILTINS)
