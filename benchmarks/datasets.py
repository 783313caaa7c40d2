"""Files with a known truth: `records.csv` and, in it or beside it, who is who.

A folder holds `records.csv`, whose first column is the record's id, perhaps a column
`source`, and empty cells are missing. The truth is the last column, `cluster_id`, or
`pairs.csv` with the ids of matching records as `id_l,id_r`.
"""

from __future__ import annotations

import csv
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

TRUTH = "cluster_id"
LINKED = ("febrl4", "fodors_zagats", "pp_census_2020_2030", "zh_stock_short_full_half")
"""Two clean files of one customer each: only pairs across them count."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Records without their truth, and the truth beside them."""

    name: str
    records: list[dict[str, str | None]]
    truth: list[Hashable]
    source: list[str | None] | None
    """For linked files, where each record comes from."""


def load(folder: Path) -> Dataset:
    """Read a folder's records and truth; the records come without the truth."""
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        records = [
            {name: cell or None for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]
    if TRUTH in records[0]:
        truth: list[Hashable] = [record.pop(TRUTH) for record in records]
    else:
        first = next(iter(records[0]))
        truth = _groups([str(record[first]) for record in records], folder)
    linked = folder.name in LINKED
    source = [record["source"] for record in records] if linked else None
    return Dataset(folder.name, records, truth, source)


def _groups(ids: list[str], folder: Path) -> list[Hashable]:
    """Return for each record the first record that matching pairs lead to."""
    parent = {record_id: record_id for record_id in ids}

    def root(record_id: str) -> str:
        while parent[record_id] != record_id:
            record_id = parent[record_id]
        return record_id

    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("label", "1") == "1":
                parent[root(row["id_r"])] = root(row["id_l"])
    return [root(record_id) for record_id in ids]


def write_blind(dataset: Dataset, path: Path) -> None:
    """Write the records without the truth, for tools that read a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, dataset.records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(dataset.records)
