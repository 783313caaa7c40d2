"""What `import custmerge` gives: a list, documented, light, of one version."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import custmerge as cm
from custmerge import exceptions

ROOT = Path(__file__).parent.parent
DOCUMENTED = [name for name in cm.__all__ if name != "__version__"]
OPTIONAL = (
    *("pandas", "polars", "pyarrow", "sklearn", "altair", "matplotlib", "IPython"),
    *("hypothesis", "pytest"),
)
SLOW = (
    *("scipy", "phonenumbers", "narwhals", "email_validator", "nicknames", "opencc"),
    *("stdnum", "anyascii", "pypinyin"),
)
"""Packages that take long to load: not before something needs them."""


def modules() -> list[ModuleType]:
    """Return every module of the package, all imported."""
    found = pkgutil.walk_packages(cm.__path__, f"{cm.__name__}.")
    return [importlib.import_module(item.name) for item in found]


def test_public_names_are_sorted_and_distinct() -> None:
    assert list(cm.__all__) == sorted(set(cm.__all__))


def test_public_names_exist() -> None:
    assert [name for name in cm.__all__ if not hasattr(cm, name)] == []


def test_nothing_else_leaks_from_the_package() -> None:
    # By a fresh import: others' imports add submodules, as Python does anyway.
    leaked = printed(
        "import custmerge, types\n"
        "names = {name for name, value in vars(custmerge).items()\n"
        "         if not isinstance(value, types.ModuleType)}\n"
        "allowed = {'annotations', 'TYPE_CHECKING', *custmerge.__all__}\n"
        "print(*sorted(n for n in names - allowed if not n.startswith('__')))"
    )
    assert leaked == ""


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_every_module_lists_its_public_names_and_has_them(module: ModuleType) -> None:
    listed = getattr(module, "__all__", [])
    assert list(listed) == sorted(set(listed), key=isort_key)
    assert [name for name in listed if not hasattr(module, name)] == []


def isort_key(name: str) -> tuple[int, str]:
    """Return how ruff orders `__all__`: constants, then classes, then the rest."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


@pytest.mark.parametrize("name", DOCUMENTED)
def test_public_name_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(cm, name))


# Their base's example shows how each of them is caught.
ERRORS = {name for name in exceptions.__all__ if name != "CustmergeError"}


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - ERRORS))
def test_public_name_has_an_example(name: str) -> None:
    documented = getattr(cm, name)
    assert ">>>" in (inspect.getdoc(documented) or "")


@pytest.mark.parametrize("name", DOCUMENTED)
def test_first_line_of_a_docstring_is_a_sentence(name: str) -> None:
    first = (inspect.getdoc(getattr(cm, name)) or "").splitlines()[0]
    assert first.endswith(".")


def test_every_error_class_is_in_the_tree() -> None:
    strays = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, BaseException)
        and value.__module__.partition(".")[0] == cm.__name__
        and value.__module__ != exceptions.__name__
    ]
    assert strays == []


def test_every_error_has_the_root_and_a_builtin() -> None:
    for name in exceptions.__all__:
        error = getattr(exceptions, name)
        if error is not cm.CustmergeError and not issubclass(error, Warning):
            builtins = set(error.__mro__) - {Exception, BaseException, object}
            assert issubclass(error, cm.CustmergeError)
            assert any(base.__module__ == "builtins" for base in builtins)


def test_every_error_is_public() -> None:
    assert set(exceptions.__all__) <= set(cm.__all__)


def test_tree_in_the_docstring_names_every_error() -> None:
    drawn = exceptions.__doc__ or ""
    assert [name for name in exceptions.__all__ if name not in drawn] == []


def printed(code: str) -> str:
    """Return what a Python program of its own prints."""
    ran = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_import_pulls_in_no_optional_package() -> None:
    loaded = printed("import sys, custmerge; print(*sys.modules)").split()
    packages = {name.partition(".")[0] for name in loaded}
    assert {*OPTIONAL, *SLOW, "tqdm"} & packages == set()
    assert "importlib.metadata" not in loaded


def test_resolving_plain_records_pulls_in_no_optional_package() -> None:
    loaded = printed(
        "import sys, custmerge as cm\n"
        "r = cm.resolve([{'name': 'Ann Lee', 'email': 'a@b.org'}] * 2)\n"
        "r.entities, r.assignments, r.pairs, r.review, r.lineage\n"
        "print(*sys.modules)"
    )
    assert set(OPTIONAL) & set(loaded.split()) == set()


def test_version_is_the_projects() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert cm.__version__ == document["project"]["version"]


def test_top_entry_of_the_changelog_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries: list[str] = re.findall(r"^## \[?(\d[^\]\s]*)", changelog, re.MULTILINE)
    assert entries[0] == cm.__version__
