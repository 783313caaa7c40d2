"""Draw the pictures of the documentation anew, into docs/images.

python scripts/pictures.py

Needs the group docs and, for what is a page and no chart, Chromium.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import custmerge as cm
from custmerge.charts.drawing import Chart

ROOT = Path(__file__).parent.parent
CUSTOMERS = ROOT / "examples" / "customers.csv"
PADDING = {"left": 48, "top": 16, "right": 32, "bottom": 16}
"""Room for names in the reader's font, which may be wider than the one here."""
COLUMNS = ("id", "name", "email", "phone", "city", "born")
MARIA, KARL = "maria@lindqvist.example", "karl.l@post.example"
LINDQVISTS = [
    ("C1", "Maria Lindqvist", MARIA, "020 7946 0011", "Leeds", "1971-02-01"),
    ("C2", "Lindqvist Maria", MARIA, None, "York", None),
    ("C3", "Karl Lindqvist", KARL, "020 7946 0011", "Leeds", "2001-05-30"),
    ("C4", "王小明", "xm.wang@mail.example", "138 1234 5678", "上海", "1985-03-12"),
    ("C5", "王小明", "xm.wang@mail.example", None, "上海市", "1985-03-12"),
    ("C6", "李娜", "lina@mail.example", "139 8765 4321", "北京", "1990-07-07"),
]
"""The records of docs/how-to/read-an-explanation.md."""


ANSWERS = [("C1039", "C1251", True), ("C1156", "C1220", True), ("C1169", "C1213", True)]
"""What was answered before the picture was taken."""
LABELLER = """<!doctype html><meta charset="utf-8"><style>{css}</style>
<body style="font-family: system-ui, sans-serif; margin: 16px">
<script type="module">
{esm}
const state = {state};
render({{ model: {{ get: () => state, on() {{}} }}, el: document.body }});
</script>"""


def charts(result: cm.Resolution) -> dict[str, Chart]:
    """Return each chart, by the name of its file."""
    few = cm.resolve([dict(zip(COLUMNS, row, strict=True)) for row in LINDQVISTS])
    return {
        "waterfall": cm.charts.waterfall(few.explain("C4", "C5")),
        "waterfall-of-relatives": cm.charts.waterfall(few.explain("C1", "C3")),
        "entity-graph": cm.charts.entity_graph(result, result.entity_of("C1022")),
        "weights": cm.charts.weight_distribution(result),
        "sweep": cm.charts.sweep(cm.sweep(result)),
    }


def photograph(page: Path, picture: Path, height: int) -> None:
    """Write a picture of a page.

    Args:
        page: An HTML file.
        picture: The PNG file.
        height: How much of it to show, in pixels.
    """
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.stderr.write(f"no Chromium here: {picture.name} stays as it was\n")
        return
    command = [browser, "--headless", "--no-sandbox", "--hide-scrollbars"]
    command += [
        f"--window-size=1000,{height}",
        f"--screenshot={picture}",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own


def photograph_labeller(result: cm.Resolution, picture: Path) -> None:
    """Write a picture of the notebook labeller, which is a page and no chart.

    Args:
        result: What it asks about.
        picture: The PNG file.
    """
    asked = cm.label(result.decide(ANSWERS), n=50)
    state = json.dumps(asked.state, ensure_ascii=False)
    with TemporaryDirectory() as scratch:
        page = Path(scratch) / "labeller.html"
        text = LABELLER.format(css=asked._css, esm=asked._esm, state=state)
        page.write_text(text, encoding="utf-8")
        photograph(page, picture, 440)


if __name__ == "__main__":
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    customers = cm.resolve(CUSTOMERS)
    for name, chart in charts(customers).items():
        chart.properties(padding=PADDING).save(images / f"{name}.svg")
    photograph_labeller(customers, images / "labeller.png")
