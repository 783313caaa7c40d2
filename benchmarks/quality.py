"""What `custmerge.resolve(records)` reaches with no configuration.

    python benchmarks/quality.py
    python benchmarks/quality.py --sets febrl3,rldata10000 --json results.json
    python benchmarks/quality.py --sets none --generated 100000
    python benchmarks/quality.py --sets febrl3 --peers --venvs DIR

The sets are folders, as `datasets` describes, in the folder that the environment
variable CUSTMERGE_DATA names, else in `../shared/data` beside the project. Each runs
in a process of its own, so that its peak memory is its own. With `--peers`, Splink and
goldenmatch run on the same files, each in its own virtual environment, made on the
first run. Floors are what a release must reach; timings have none.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

from custmerge.evaluation import b_cubed, pair_completeness, pairwise
from datasets import Dataset, load, write_blind

HERE = Path(__file__).resolve().parent
FLOORS = {
    "anonlink_5party": 0.80,
    "dupehell_crm_medium": None,
    "early_childhood_sites": 0.75,
    "febrl3": 0.99,
    "febrl4": 0.98,
    "fodors_zagats": 0.85,
    "historical_half": 0.84,
    "pp_census_2020_2030": 0.90,
    "rldata10000": 0.85,
    "splink_fake_1000": 0.85,
    "zh_stock_short_full_half": None,
}
"""The pairwise F1 that each set must reach; None where there is no floor yet."""
PEERS = {"splink": "splink==5.0.0", "goldenmatch": "goldenmatch==3.22.0"}
COLUMNS = {
    "tool": "{}", "set": "{}", "records": "{:,}", "precision": "{:.3f}",
    "recall": "{:.3f}", "f1": "{:.3f}", "b_cubed": "{:.3f}", "largest": "{}",
    "candidates": "{:,}", "blocked": "{:.3f}", "seconds": "{:.1f}",
    "input_mb": "{:.0f}", "peak_mb": "{:.0f}", "floor": "{:.2f}", "verdict": "{}",
}  # fmt: skip
"""`blocked` is the recall of blocking; `largest` is the largest entity, found/true."""

Row = dict[str, Any]
Resolve = Callable[[list[dict[str, str | None]]], Any]


def measure(dataset: Dataset, resolve: Resolve) -> Row:
    """Return how well `resolve` does on a set, and what it took."""
    input_mb = _peak_mb()
    start = time.perf_counter()
    result = resolve(dataset.records)
    labels = [row["entity_id"] for row in result.assignments]
    len(result.entities)  # golden records are made when first asked for
    seconds = time.perf_counter() - start
    peak_mb = _peak_mb()
    return {
        **score(labels, dataset),
        "candidates": len(result.compared),
        "blocked": pair_completeness(
            result.compared, dataset.truth, source=dataset.source
        ),
        "seconds": seconds,
        "input_mb": input_mb,
        "peak_mb": peak_mb,
    }


def score(labels: Sequence[Hashable], dataset: Dataset) -> Row:
    """Return how close a clustering is to the truth of a set."""
    pairs = pairwise(labels, dataset.truth, source=dataset.source)
    return {
        "set": dataset.name,
        "records": len(labels),
        "precision": pairs.precision,
        "recall": pairs.recall,
        "f1": pairs.f1,
        "b_cubed": b_cubed(labels, dataset.truth).f1,
        "largest": f"{_largest(labels)}/{_largest(dataset.truth)}",
    }


def _largest(labels: Iterable[Hashable]) -> int:
    return max(Counter(labels).values())


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there


def run_alone(tool: str, folder: Path, python: Path) -> Row:
    """Return the row of one tool on one set, run in a process of its own."""
    if tool == "custmerge":
        output = _run([python, str(HERE / "quality.py"), "--alone", str(folder)])
        return _last_json(output)
    dataset = load(folder)
    with tempfile.TemporaryDirectory() as scratch:
        records, answer = Path(scratch, "records.csv"), Path(scratch, "answer.csv")
        write_blind(dataset, records)
        runner = HERE / "peers" / f"{tool}_run.py"
        output = _run([python, str(runner), str(records), str(answer)])
        with answer.open(encoding="utf-8", newline="") as file:
            entities = {row["id"]: row["entity_id"] for row in csv.DictReader(file)}
    first = next(iter(dataset.records[0]))
    # Who is in no cluster of the peer's is alone.
    labels = [
        entities.get(str(record[first]), record[first]) for record in dataset.records
    ]
    return {**score(labels, dataset), **_last_json(output)}


def _last_json(output: str) -> Row:
    row: Row = json.loads(output.strip().splitlines()[-1])  # peers may chat before it
    return row


def _run(command: Sequence[str | Path]) -> str:
    """Return what a script prints.

    Raises:
        RuntimeError: It failed; the message is the first line of its error.
    """
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        errors = re.findall(
            r"^[\w.]+(?:Error|Exception)\b.*", done.stderr, re.MULTILINE
        )
        raise RuntimeError(errors[-1] if errors else f"exit code {done.returncode}")
    return done.stdout


def judged(row: Row) -> Row:
    """Return custmerge's row with its floor and whether it holds."""
    floor = FLOORS.get(row["set"])
    if floor is None:
        return row
    holds = row.get("f1", 0.0) >= floor  # an error holds no floor
    return {**row, "floor": floor, "verdict": "pass" if holds else "FAIL"}


def render(rows: Sequence[Row]) -> str:
    """Return the rows as a table in plain text; an error takes the place of numbers."""
    cells = [list(COLUMNS)]
    cells += [
        [
            form.format(row[name]) if row.get(name) is not None else "-"
            for name, form in COLUMNS.items()
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in cells
    ]
    errors = [f"  {row['error']}" if row.get("error") else "" for row in rows]
    return "\n".join(
        (line + error).rstrip()
        for line, error in zip(lines, ["", *errors], strict=True)
    )


def folders(options: argparse.Namespace, scratch: Path) -> list[Path]:
    """Return the folders to run on; generated tables are written to `scratch`."""
    data = os.environ.get("CUSTMERGE_DATA")
    root = Path(data) if data else HERE.parent.parent / "shared" / "data"
    wanted = [name for name in options.sets.split(",") if name not in ("", "none")]
    found = [root / name for name in wanted]
    absent = [folder.name for folder in found if not (folder / "records.csv").exists()]
    if absent:
        message = (
            f"no records.csv for {', '.join(absent)} in {root}; set CUSTMERGE_DATA"
        )
        raise SystemExit(message)
    for language in ("en", "zh") if options.generated else ():
        folder = scratch / f"generated_{language}_{options.generated}"
        folder.mkdir()
        _run([
            sys.executable, str(HERE / "generate.py"), "--language", language,
            "--records", str(options.generated),
            "--output", str(folder / "records.csv"),
        ])  # fmt: skip
        found.append(folder)
    return found


def interpreters(options: argparse.Namespace) -> dict[str, Path]:
    """Return the Python of each tool; a peer's environment is made where missing."""
    found = {"custmerge": Path(sys.executable)}
    for tool, requirement in PEERS.items() if options.peers else ():
        home = options.venvs / tool
        found[tool] = home / "bin" / "python"
        if not found[tool].exists():
            print(f"installing {requirement} into {home}", file=sys.stderr)
            _run([sys.executable, "-m", "venv", str(home)])
            _run([found[tool], "-m", "pip", "install", "--quiet", requirement])
    return found


def main() -> None:
    options = _options()
    if options.alone:
        import custmerge  # noqa: PLC0415  only here is its memory counted

        print(json.dumps(measure(load(options.alone), custmerge.resolve)))
        return
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        pythons = interpreters(options)
        for folder in folders(options, Path(scratch)):
            for tool, python in pythons.items():
                row: Row = {"tool": tool, "set": folder.name}
                try:
                    row |= run_alone(tool, folder, python)
                except (RuntimeError, OSError) as error:
                    row["error"] = str(error)
                rows.append(judged(row) if tool == "custmerge" else row)
                print(render(rows[-1:]).splitlines()[-1], file=sys.stderr)
    print(render(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    if any(row.get("verdict") == "FAIL" for row in rows):
        raise SystemExit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sets", default=",".join(FLOORS), help="comma-separated, or none"
    )
    parser.add_argument("--generated", type=int, default=0, metavar="RECORDS")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    parser.add_argument("--peers", action="store_true", help="run other tools as well")
    parser.add_argument("--venvs", type=Path, default=Path(".venv-peers"))
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
