"""What `custmerge.resolve(frame)` takes, and how that grows, on generated customers.

    python benchmarks/speed.py --sizes 1e2,1e3,1e4,1e5
    python benchmarks/speed.py --sizes 1e5,1e6 --peers splink,goldenmatch --venvs DIR
    python benchmarks/speed.py --sizes 1e3,1e4,3e4,1e5 --costs
    python benchmarks/speed.py --sizes 1e4,1e5,1e6 --json speed.json --plot growth.svg

Each size and each tool runs in a process of its own, on the table that `generate`
makes with its defaults (12 columns). Up to a thousand records the second call of a
process counts, the median of several, as a user's in a notebook; beyond, the first.
From `LARGE` records on, custmerge reads the Parquet file itself; below it is given a
pandas frame. What is timed ends when the golden records are built.

The floor is what nobody can do without who compares these values: to number the
distinct values of each column once, and to run rapidfuzz over the distinct pairs of
values of the pairs that were compared, once; it is not measured where custmerge reads
the file. Seconds of two runs can be compared only
if both had the machine to themselves; ratios of one run can always.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from scipy.optimize import nnls

import custmerge as cm
from custmerge.engines.costs import STAGES, Cost, Work
from custmerge.evaluation import pairwise
from custmerge.memory import peak_memory
from generate import TRUTH, parts, write
from measures import Row
from quality import PEERS, interpreters, last_json, render, run_alone, run_script

WARM = 1_000
"""Records up to which the second call in a process counts."""
REPEATS = 5
LARGE = 3_000_000
"""Records from which custmerge gets the path of the file, not a frame."""
COLUMNS = {
    "tool": "{}", "records": "{:,}", "seconds": "{:.3f}", "cpu": "{:.3f}",
    "per_second": "{:,.0f}", "pairs": "{:,}", "above_mb": "{:,.0f}",
    "peak_mb": "{:,.0f}", "f1": "{:.3f}", "ratio": "{:.2f}", "cpu_ratio": "{:.2f}",
    "to_floor": "{:.1f}", "growth": "{:.2f}",
}  # fmt: skip
"""`above_mb` is the peak above the frame, `ratio` a peer's seconds by custmerge's,
`cpu_ratio` the same of processor seconds, `to_floor` custmerge's seconds by the
floor's, and `growth` its seconds per record by those at the size before."""


def measured(frame: object) -> tuple[Row, cm.Resolution]:
    """Return what one call takes, golden records included, and its result."""
    _forget_peak()
    held = peak_memory() or 0
    start, cpu = time.perf_counter(), time.process_time()
    result = cm.resolve(frame)
    len(result.entities)  # golden records are made when first asked for
    row = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "above_mb": ((peak_memory() or 0) - held) / 2**20,
        "peak_mb": (peak_memory() or 0) / 2**20,
        "records": len(result.labels),
        "pairs": len(result.compared),
        "stages": result.timings.to_dict()["stages"],
    }
    return row, result


def _forget_peak() -> None:
    """Let the peak of this process start again at what it holds now (Linux proc(5))."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", "ascii")


def alone(path: Path) -> Row:
    """Return custmerge's row on the table in one Parquet file, without its truth."""
    names = [name for name in parquet.read_schema(path).names if name != TRUTH]
    n_records = parquet.read_metadata(path).num_rows
    frame = None if n_records >= LARGE else pd.read_parquet(path, columns=names)
    if n_records <= WARM:
        cm.resolve(frame)
        rows, results = zip(*(measured(frame) for _ in range(REPEATS)), strict=True)
        middle = [row["seconds"] for row in rows].index(
            sorted(row["seconds"] for row in rows)[REPEATS // 2]
        )
        row, result = rows[middle], results[middle]
    elif frame is not None:
        row, result = measured(frame)
    else:
        row, result = _measured_file(path, names)
    truth = pd.read_parquet(path, columns=[TRUTH])[TRUTH].tolist()
    found = pairwise(result.labels.tolist(), truth)
    floor = None if frame is None else _floor(frame, result)
    return {**row, "f1": found.f1, "floor": floor}


def _measured_file(path: Path, names: Sequence[str]) -> tuple[Row, cm.Resolution]:
    """Run on a file without the truth, written in batches beside the other."""
    blind = path.with_name("blind.parquet")
    schema = pa.schema([(name, pa.string()) for name in names])
    with parquet.ParquetWriter(blind, schema) as writer:
        for batch in parquet.ParquetFile(path).iter_batches(columns=list(names)):
            writer.write_batch(batch)
    return measured(str(blind))


def _floor(frame: pd.DataFrame, result: cm.Resolution) -> float:
    """Return the seconds that no way of comparing these values can do without."""
    start = time.perf_counter()
    coded = {name: pd.factorize(frame[name]) for name in frame.columns}
    seconds = time.perf_counter() - start
    compared = {name for f in result.config.compared for name in f.columns}
    for name in sorted(compared):
        codes, values = coded[name]
        low, high = (
            pick(codes[result.compared.left], codes[result.compared.right])
            for pick in (np.minimum, np.maximum)
        )
        differ = (low >= 0) & (low != high)
        keys = np.sort(low[differ] * np.int64(len(values)) + high[differ])
        left, right = np.divmod(keys[np.diff(keys, prepend=-1) > 0], len(values))
        texts = np.asarray(values, dtype=object)
        start = time.perf_counter()
        process.cpdist(
            texts[left], texts[right], scorer=JaroWinkler.similarity, workers=-1
        )
        seconds += time.perf_counter() - start
    return seconds


def run(
    sizes: Sequence[int], peers: Sequence[str], venvs: Path, tell: Callable[[Row], None]
) -> list[Row]:
    """Return a row for each size and tool."""
    rows: list[Row] = []
    pythons = interpreters(peers, venvs)
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / f"generated_en_{size}"
            folder.mkdir()
            write(parts(size), folder / "records.parquet")
            own = last_json(
                run_script([
                    sys.executable, str(Path(__file__)), "--alone",
                    str(folder / "records.parquet"),
                ])
            )  # fmt: skip
            rows.append({"tool": "custmerge", **own})
            if peers:
                write(parts(size), folder / "records.csv")
            tell(rows[-1])
            for tool in peers:
                rows.append(_peer(tool, folder, pythons[tool], size))
                tell(rows[-1])
    return _compared(rows)


def _peer(tool: str, folder: Path, python: Path, size: int) -> Row:
    row: Row = {"tool": tool, "records": size}
    try:
        return row | run_alone(tool, folder, python)
    except (RuntimeError, OSError) as error:
        return row | {"error": str(error)}


def _compared(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with what each says beside others of the same run."""
    own = {row["records"]: row for row in rows if row["tool"] == "custmerge"}
    sizes = sorted(own)
    before = dict(zip(sizes[1:], sizes, strict=False))
    found = []
    for row in rows:
        if "seconds" not in row:
            found.append(row)
            continue
        size, more = row["records"], {"per_second": row["records"] / row["seconds"]}
        if row["tool"] != "custmerge":
            more["ratio"] = row["seconds"] / own[size]["seconds"]
            more["cpu_ratio"] = row["cpu"] / own[size]["cpu"]
        else:
            if row["floor"]:
                more["to_floor"] = row["seconds"] / row["floor"]
            if size in before:
                earlier = own[before[size]]
                each = earlier["seconds"] / earlier["records"]
                more["growth"] = row["seconds"] / size / each
        found.append(row | more)
    return found


def by_stage(rows: Sequence[Row]) -> str:
    """Return a table of the seconds of each stage (down) at each size (across)."""
    own = [row for row in rows if "stages" in row]
    names = dict.fromkeys(
        chain.from_iterable([stage["name"] for stage in row["stages"]] for row in own)
    )
    lines: list[Row] = [{"stage": name} for name in names]
    for row in own:
        for line in lines:
            line[f"{row['records']:,}"] = _seconds(row).get(line["stage"])
    across = {f"{row['records']:,}": "{:.3f}" for row in own}
    return render(lines, {"stage": "{}", **across})


def costs(rows: Sequence[Row]) -> str:
    """Return what each stage takes for a record and for pairs of each kind.

    Least squares of relative errors, none negative, over the sizes of the run, each
    stage by the units that it goes by in `engines/costs.py`, where they belong.
    """
    own = [row for row in rows if "stages" in row]
    works = [Work(row["records"], _candidates(row)) for row in own]
    units = np.asarray(
        [(work.records, work.pairs, work.compared, work.sample) for work in works]
    )
    taken = {name: [_seconds(row)[name] for row in own] for name in STAGES}
    taken["memory"] = [row["above_mb"] * 2**20 for row in own]
    lines: list[Row] = []
    for name, found in taken.items():
        amounts = np.maximum(found, 1e-9)[:, np.newaxis]
        goes_by = np.asarray(STAGES.get(name, Cost(0, 1, 1, 1))) > 0
        by_unit, _ = nnls(units * goes_by / amounts, np.ones(len(own)))
        lines.append(
            {"stage": name, **dict(zip(Cost._fields, by_unit.tolist(), strict=True))}
        )
    return render(lines, {"stage": "{}", **dict.fromkeys(Cost._fields, "{:.3g}")})


def _candidates(row: Row) -> int:
    found = {stage["name"]: stage.get("pairs") for stage in row["stages"]}
    return int(found["block"] or row["pairs"])


def _seconds(row: Row) -> dict[str, float]:
    return {stage["name"]: stage["seconds"] for stage in row["stages"]}


def main() -> None:
    options = _options()
    if options.alone:
        print(json.dumps(alone(options.alone)))
        return
    peers = [name for name in options.peers.split(",") if name]
    sizes = [int(float(size)) for size in options.sizes.split(",")]
    rows = run(sizes, peers, options.venvs, _tell)
    print(render(rows, COLUMNS), by_stage(rows), sep="\n\n")
    if options.costs:
        print("", costs(rows), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    if options.plot:
        from plots import plot_growth  # noqa: PLC0415  needs the group bench

        plot_growth(rows, options.plot)


def _tell(row: Row) -> None:
    print(render([row], COLUMNS).splitlines()[-1], file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1e2,1e3,1e4", help="numbers of records")
    parser.add_argument("--peers", default="", help=f"some of {','.join(PEERS)}")
    parser.add_argument("--venvs", type=Path, default=Path(".venv-peers"))
    parser.add_argument("--costs", action="store_true", help="fit what stages take")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    parser.add_argument("--plot", type=Path, help="draw seconds by records, as SVG")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
