"""Examples in Markdown run in a scratch folder that holds the project's examples."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent


@pytest.fixture(autouse=True)
def _scratch_folder(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let the reader's code write files without leaving any in the project."""
    if request.path.suffix == ".md":
        folder = tmp_path_factory.mktemp("reader")
        shutil.copytree(ROOT / "examples", folder / "examples")
        monkeypatch.chdir(folder)
