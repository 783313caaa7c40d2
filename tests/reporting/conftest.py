from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

import custmerge as cm

ROOT = Path(__file__).parents[2]
AWKWARD = {
    "Quorn": "<script>window.hacked = 1</script>",
    "Ibbotson": "</script><img src=x onerror=window.hacked=1>",
    "Vexley": "Line\u2028Sep\u2029arator",
    "Zyla": "&lt;b&gt; 'quoted' \"twice\"",
}
"""Given names that a page must take for text, by family names."""


@pytest.fixture(scope="session")
def result() -> cm.Resolution:
    """Return a result with duplicates, doubtful pairs, ghosts and awkward names."""
    with (ROOT / "examples" / "customers.csv").open(encoding="utf-8") as file:
        records: list[dict[str, str | None]] = [*csv.DictReader(file)]
    for family, name in AWKWARD.items():
        blank = dict.fromkeys(records[0], "")
        told = {"record_id": f"X{family}", "source": "crm", "given_name": name}
        records.append({**blank, **told, "family_name": family})
    return cm.resolve([{k: v or None for k, v in row.items()} for row in records])


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Return Chromium without a window; skip where there is none."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        message = "Chromium and its driver are not installed"
        if os.environ.get("CUSTMERGE_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("browser")
    options = ChromeOptions()
    options.binary_location = program
    for name in (
        *("headless=new", "no-sandbox", "disable-gpu", "disable-quic"),
        *("no-first-run", "disable-background-networking", "disable-sync"),
        *("disable-component-update", "disable-dev-shm-usage"),
        *("window-size=1280,900", f"user-data-dir={folder / 'profile'}"),
    ):
        options.add_argument(f"--{name}")
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    opened = Chrome(options=options, service=Service(driver))
    yield opened
    opened.quit()
