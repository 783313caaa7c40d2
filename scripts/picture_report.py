"""Write the pictures of the page "Share a report"; needs Chromium and its driver."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

import custmerge as cm

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "how-to"
WIDTH, HEIGHT = 1200, 860
SHOWN = {
    "report-overview": "scrollTo(0, 0)",
    "report-customer": "openCustomer(customers.find(one => one.size === 4))",
    "report-links": "openCustomer(customers.find(one => one.size === 6)); "
    "document.querySelector('dialog').scrollTo({top: 780, behavior: 'instant'})",
    "report-pair": "review.place = 22; draw(); "
    "document.querySelector('.card').scrollIntoView()",
}
"""What to do before each picture is taken."""


def main() -> None:
    """Write one picture after the other."""
    options, service = ChromeOptions(), Service(which("chromedriver"))
    for name in ("headless=new", "no-sandbox", "hide-scrollbars"):
        options.add_argument(f"--{name}")
    with TemporaryDirectory() as folder, Chrome(options, service) as browser:
        report = Path(folder, "report.html")
        cm.resolve(ROOT / "examples" / "customers.csv").report(report)
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1}
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {**size, "mobile": False}
        )
        for name, before in SHOWN.items():
            browser.get(report.as_uri())
            browser.execute_script(
                "document.documentElement.style.scrollBehavior = 'auto'"
            )
            browser.execute_script(before)
            taken = browser.execute_cdp_cmd("Page.captureScreenshot", {})
            (PICTURES / f"{name}.png").write_bytes(b64decode(taken["data"]))


if __name__ == "__main__":
    main()
