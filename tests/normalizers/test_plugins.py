from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from custmerge.exceptions import InvalidConfigError, PluginError
from custmerge.normalizers import (
    NORMALIZERS,
    Chain,
    FunctionNormalizer,
    IntoNormalizer,
    Phone,
    Text,
    as_normalizer,
    normalizer,
)
from custmerge.protocols import Normalizer


@normalizer
def strip_title(value: str) -> str | None:
    return value.removeprefix("dr ")


@normalizer
def fail(value: str) -> str | None:
    raise KeyError(value)


@normalizer
def count(value: str) -> str | None:
    return len(value)  # type: ignore[return-value]


def lower(value: str) -> str:
    return value.lower()


@dataclass(frozen=True)
class Forgetful:
    name: str = "forgetful"

    def normalize(self, values: Sequence[str]) -> list[str | None]:
        return []


def test_decorated_function_is_called_as_before() -> None:
    assert strip_title("dr ann") == "ann"


def test_decorated_function_normalizes() -> None:
    assert strip_title.normalize(["dr ann", "bo"]) == ["ann", "bo"]


def test_decorated_function_has_its_name() -> None:
    assert strip_title.name == "strip_title"


def test_decorated_function_is_a_normalizer() -> None:
    assert isinstance(strip_title, Normalizer)


def test_reference_names_module_and_function() -> None:
    assert strip_title.reference == f"{__name__}:strip_title"


def test_blank_result_is_missing() -> None:
    assert strip_title.normalize(["dr ", "dr  "]) == [None, None]


def test_raising_function_is_a_plugin_error_without_the_value() -> None:
    with pytest.raises(PluginError, match="'fail' raised KeyError") as caught:
        fail.normalize(["secret"])
    assert "secret" not in str(caught.value)


def test_result_other_than_text_is_a_plugin_error() -> None:
    with pytest.raises(PluginError, match="'count' returned a int"):
        count.normalize(["a"])


def test_lifted_function_pickles_by_reference() -> None:
    restored = pickle.loads(pickle.dumps(as_normalizer("json:dumps")))  # noqa: S301
    assert restored.reference == "json:dumps"


def test_decorated_function_is_restored_as_itself() -> None:
    assert pickle.loads(pickle.dumps(strip_title)) is strip_title  # noqa: S301


def test_chain_applies_each_step_to_what_the_last_returned() -> None:
    chain = as_normalizer(["text", strip_title])
    assert chain.normalize([" DR  Ann ", "n/a", "Bo"]) == ["ann", None, "bo"]


def test_chain_is_named_after_its_steps() -> None:
    assert as_normalizer(["text", strip_title]).name == "text > strip_title"


def test_step_that_loses_values_is_a_plugin_error() -> None:
    with pytest.raises(PluginError, match="'forgetful' returned 0 results for 2"):
        Chain((Forgetful(), Text())).normalize(["a", "b"])


@pytest.mark.parametrize("name", NORMALIZERS)
def test_built_in_is_found_by_name(name: str) -> None:
    assert type(as_normalizer(name)) is NORMALIZERS[name]


def test_mapping_gives_parameters() -> None:
    assert as_normalizer({"name": "phone", "region": "CN"}) == Phone("CN")


def test_normalizer_stands_for_itself() -> None:
    text = Text()
    assert as_normalizer(text) is text


def test_plain_function_is_lifted() -> None:
    lifted = as_normalizer(lower)
    assert isinstance(lifted, FunctionNormalizer)
    assert lifted.normalize(["ANN"]) == ["ann"]


def test_reference_is_imported() -> None:
    assert as_normalizer("custmerge.normalizers:Text.normalize").name == "normalize"


@pytest.mark.parametrize(
    "into", ["no such", [], {"name": "phone", "colour": 1}, 7, "no.module:x", Text]
)
def test_what_stands_for_no_normalizer_is_an_error(into: IntoNormalizer) -> None:
    with pytest.raises(InvalidConfigError):
        as_normalizer(into)
