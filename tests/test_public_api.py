"""What `import custmerge` gives: a list, documented, light, of one version."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import custmerge as cm
from custmerge import _public, exceptions

ROOT = Path(__file__).parent.parent
DOCUMENTED = [name for name in cm.__all__ if name != "__version__"]
OPTIONAL = (
    *("pandas", "polars", "pyarrow", "sklearn", "altair", "matplotlib", "IPython"),
    *("hypothesis", "pytest", "openpyxl", "anywidget"),
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


def loaded_by(code: str) -> set[str]:
    """Return the modules that are loaded once a program of its own has run."""
    return set(printed(f"import sys\n{code}\nprint(*sys.modules)").split())


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_reviewing_in_a_file_or_notebook_needs_no_keys_of_a_terminal() -> None:
    loaded = loaded_by("import custmerge as cm\ncm.label, cm.write_review")
    assert "custmerge.reviewing.notebook" in loaded
    assert loaded.isdisjoint({"custmerge.reviewing.keyboard", "termios"})


@pytest.mark.parametrize(
    "code", ["import custmerge", "import custmerge as cm; dir(cm)"]
)
def test_import_loads_nothing_before_a_name_is_asked_for(code: str) -> None:
    loaded = loaded_by(code)
    assert {name for name in loaded if name.startswith("custmerge")} == {"custmerge"}
    assert {*OPTIONAL, *SLOW, "numpy", "rapidfuzz", "tqdm"} & packages(loaded) == set()
    assert "importlib.metadata" not in loaded


def test_a_first_name_pulls_in_no_optional_package() -> None:
    loaded = loaded_by("from custmerge import resolve")
    assert {*OPTIONAL, *SLOW, "tqdm"} & packages(loaded) == set()
    assert "importlib.metadata" not in loaded


def test_help_of_the_command_loads_no_numpy() -> None:
    loaded = loaded_by(
        "from custmerge import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass"
    )
    assert "numpy" not in packages(loaded)


def test_version_alone_loads_no_module_of_the_package() -> None:
    loaded = loaded_by("import custmerge; custmerge.__version__")
    assert {name for name in loaded if name.startswith("custmerge")} == {"custmerge"}


def test_listed_names_are_those_that_are_loaded() -> None:
    named = {name for name in vars(_public) if not name.startswith("__")}
    assert named - {"annotations"} == set(DOCUMENTED)


def test_no_public_name_is_a_module_that_would_take_its_place() -> None:
    found = {item.name for item in pkgutil.iter_modules(cm.__path__)}
    assert found & set(cm.__all__) == set()


def test_dir_has_all_public_names() -> None:
    assert set(cm.__all__) <= set(dir(cm))


def test_star_import_gives_all_public_names() -> None:
    names = printed("from custmerge import *\nprint(*dir())").split()
    assert set(cm.__all__) <= set(names)


def test_modules_are_had_by_name_without_an_import() -> None:
    name = printed("import custmerge as cm; print(cm.comparators.__name__)")
    assert name == "custmerge.comparators"


def test_a_module_alone_does_not_load_all_others() -> None:
    assert "custmerge.pipeline" not in loaded_by("from custmerge import comparators")


def test_a_name_that_there_is_not_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'custmerge' has no attribute 'reslove'"):
        _ = getattr(cm, "reslove")  # noqa: B009  to mypy there is no such name


def test_a_dependency_that_is_missing_is_named() -> None:
    said = printed(
        "import sys, custmerge\n"
        "sys.modules['numpy'] = None\n"
        "try: custmerge.resolve\n"
        "except ModuleNotFoundError as error: print(error.name)\n"
        "try: custmerge.records\n"
        "except ModuleNotFoundError as error: print(error.name)"
    )
    assert said.split() == ["numpy", "numpy"]


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - {"__version__"}))
def test_public_name_is_pickled_as_itself(name: str) -> None:
    value = getattr(cm, name)
    assert pickle.loads(pickle.dumps(value)) is value  # noqa: S301  our own bytes


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


@pytest.mark.parametrize(
    "page", ["README.md", "docs/index.md", "docs/zh/index.md", "mkdocs.yml"]
)
def test_every_how_to_page_is_named_where_people_look(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    how_tos = sorted((ROOT / "docs" / "how-to").glob("*.md"))
    assert how_tos
    assert [path.name for path in how_tos if f"how-to/{path.name}" not in text] == []
