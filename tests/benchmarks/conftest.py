"""The benchmark scripts as modules; they are no package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="session", autouse=True)
def _benchmarks_on_path() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="session")
def generator(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("generate")


@pytest.fixture(scope="session")
def dirt(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("dirt")


@pytest.fixture(scope="session")
def chinese(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("chinese")


@pytest.fixture(scope="session")
def datasets(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("datasets")


@pytest.fixture(scope="session")
def variants(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("variants")


@pytest.fixture(scope="session")
def normalizers(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("normalizers")


@pytest.fixture(scope="session")
def measures(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("measures")


@pytest.fixture(scope="session")
def quality(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("quality")


@pytest.fixture(scope="session")
def speed(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("speed")


@pytest.fixture(scope="session")
def ranking(_benchmarks_on_path: None) -> ModuleType:
    return importlib.import_module("ranking")
