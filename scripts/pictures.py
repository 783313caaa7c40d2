"""Draw the pictures of the documentation anew, into docs/images.

python scripts/pictures.py

Needs the group docs.
"""

from __future__ import annotations

from pathlib import Path

import custmerge as cm
from custmerge.charts.drawing import Chart

ROOT = Path(__file__).parent.parent
CUSTOMERS = ROOT / "examples" / "customers.csv"
LABELS = ROOT / "examples" / "labels.csv"
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


def pictures() -> dict[str, Chart]:
    """Return each picture, by the name of its file."""
    few = cm.resolve([dict(zip(COLUMNS, row, strict=True)) for row in LINDQVISTS])
    result = cm.resolve(CUSTOMERS)
    return {
        "waterfall": cm.charts.waterfall(few.explain("C4", "C5")),
        "waterfall-of-relatives": cm.charts.waterfall(few.explain("C1", "C3")),
        "entity-graph": cm.charts.entity_graph(result, result.entity_of("C1022")),
        "weights": cm.charts.weight_distribution(result),
        "sweep": cm.charts.sweep(cm.sweep(result)),
    }


if __name__ == "__main__":
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    for name, chart in pictures().items():
        chart.properties(padding=PADDING).save(images / f"{name}.svg")
