"""What `custmerge.resolve(records)` reaches with no configuration.

    python benchmarks/quality.py
    python benchmarks/quality.py --sets febrl3,rldata10000 --json results.json
    python benchmarks/quality.py --sets none --generated 100000
    python benchmarks/quality.py --sets febrl3 --peers --venvs DIR
    python benchmarks/quality.py --shuffled --plots DIR
    python benchmarks/quality.py --without relations,tf
    python benchmarks/quality.py --ablate
    python benchmarks/quality.py --subsamples

The sets are folders, as `datasets` describes, in the folder that the environment
variable CUSTMERGE_DATA names, else in `../shared/data` beside the project. Each runs
in a process of its own, so that its peak memory is its own. With `--peers`, Splink and
goldenmatch run on the same files, each in its own virtual environment, made on the
first run. Floors are the goals of the project, met or not; timings have none. The
README beside this file says what each table means.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from datasets import load, write_blind
from measures import Row, measure, score
from ranking import rank
from variants import ABLATIONS, resolve_without, subsample

HERE = Path(__file__).resolve().parent
FLOORS = {
    "anonlink_5party": 0.92,
    "dupehell_crm_medium": 0.80,
    "early_childhood_sites": 0.85,
    "febrl3": 0.998,
    "febrl4": 0.998,
    "fodors_zagats": 0.97,
    "historical_half": 0.90,
    "pp_census_2020_2030": 0.97,
    "rldata10000": 0.95,
    "splink_fake_1000": 0.95,
    "zh_stock_short_full_half": 0.92,
}
"""The pairwise F1 that each set is to reach."""
PAIR_SETS = {"opensanctions_name_bench": "name", "zh_address_pairs": "address"}
"""Sets of labelled pairs for one comparator, with the column that it compares."""
LEAST_PRECISION = {"opensanctions_name_bench": 0.90}
"""The average precision that custmerge's comparator is to reach."""
GENERATED_FLOORS = {
    "generated_en_100000": 0.96,
    "generated_zh_100000": 0.96,
    "generated_zh_mixed_100000": 0.96,
}
"""The same of the generator's default tables, whose largest entity may have no more
than twice the records of the true largest."""
LARGEST_ECE = 0.05
"""The calibration error over the compared pairs that no set is to exceed."""
SHARES = (0.01, 0.05, 0.10, 0.25, 0.50)
"""What `--subsamples` leaves of each set."""
PEERS = {"splink": "splink==5.0.0", "goldenmatch": "goldenmatch==3.22.0"}
COLUMNS = {
    "tool": "{}", "set": "{}", "records": "{:,}", "precision": "{:.3f}",
    "recall": "{:.3f}", "f1": "{:.3f}", "b_cubed": "{:.3f}", "largest": "{}",
    "candidates": "{:,}", "blocked": "{:.3f}", "ece": "{:.3f}", "seconds": "{:.1f}",
    "input_mb": "{:.0f}", "peak_mb": "{:.0f}", "order": "{}", "floor": "{:.3f}",
    "verdict": "{}",
}  # fmt: skip
"""`blocked` is the recall of blocking; `largest` is the largest entity, found/true."""
ESTIMATES = {
    "set": "{}", "precision": "{:.3f}", "est_precision": "{:.3f}", "recall": "{:.3f}",
    "est_recall": "{:.3f}", "f1": "{:.3f}", "est_f1": "{:.3f}", "blocked": "{:.3f}",
    "est_blocked": "{:.3f}",
}  # fmt: skip
"""What is true, and what `result.diagnostics` estimates without knowing it."""
RANKS = {
    "set": "{}", "pairs": "{:,}", "comparator": "{}", "same": "{:.3f}",
    "same_or_partial": "{:.3f}", "floor": "{:.3f}", "verdict": "{}",
}  # fmt: skip
"""Average precisions of what ranks single pairs."""


def run_alone(
    tool: str, folder: Path, python: Path, arguments: Sequence[str] = ()
) -> Row:
    """Return the row of one tool on one set, run in a process of its own.

    Args:
        tool: Its name.
        folder: The set.
        python: The tool's Python.
        arguments: What custmerge's own run is told beside the set.
    """
    if tool == "custmerge":
        script = str(HERE / "quality.py")
        return last_json(
            run_script([python, script, "--alone", str(folder), *arguments])
        )
    dataset = load(folder)
    with tempfile.TemporaryDirectory() as scratch:
        records, answer = Path(scratch, "records.csv"), Path(scratch, "answer.csv")
        write_blind(dataset, records)
        runner = HERE / "peers" / f"{tool}_run.py"
        output = run_script([python, str(runner), str(records), str(answer)])
        with answer.open(encoding="utf-8", newline="") as file:
            entities = {row["id"]: row["entity_id"] for row in csv.DictReader(file)}
    first = next(iter(dataset.records[0]))
    # Who is in no cluster of the peer's is alone.
    labels = [
        entities.get(str(record[first]), record[first]) for record in dataset.records
    ]
    return {**score(labels, dataset), **last_json(output)}


def last_json(output: str) -> Row:
    row: Row = json.loads(output.strip().splitlines()[-1])  # peers may chat before it
    return row


def run_script(command: Sequence[str | Path]) -> str:
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
    """Return custmerge's row with its floor and what of its goals it misses."""
    floor = (FLOORS | GENERATED_FLOORS).get(row["set"])
    if floor is None:
        return row
    missed = list(_missed(row, floor))
    return {
        **row,
        "floor": floor,
        "verdict": f"FAIL: {', '.join(missed)}" if missed else "pass",
    }


def _missed(row: Row, floor: float) -> Iterator[str]:
    if row.get("f1", 0.0) < floor:  # an error holds no floor
        yield "f1"
    if row.get("ece", 0.0) > LARGEST_ECE:
        yield "ece"
    if row.get("order") == "MATTERS":
        yield "order"
    if row["set"] in GENERATED_FLOORS and "largest" in row:
        found, true = map(int, row["largest"].split("/"))
        if found > 2 * true:
            yield "largest"


def render(rows: Sequence[Row], columns: Mapping[str, str] = COLUMNS) -> str:
    """Return the rows as a table in plain text; an error takes the place of numbers."""
    cells = [list(columns)]
    cells += [
        [
            form.format(row[name]) if row.get(name) is not None else "-"
            for name, form in columns.items()
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


def _wanted(options: argparse.Namespace) -> list[str]:
    return [name for name in options.sets.split(",") if name not in ("", "none")]


def _present(names: Iterable[str]) -> list[Path]:
    """Return the folders of sets; what is not there stops the run."""
    data = os.environ.get("CUSTMERGE_DATA")
    root = Path(data) if data else HERE.parent.parent / "shared" / "data"
    found = [root / name for name in names]
    absent = [folder.name for folder in found if not (folder / "records.csv").exists()]
    if absent:
        message = (
            f"no records.csv for {', '.join(absent)} in {root}; set CUSTMERGE_DATA"
        )
        raise SystemExit(message)
    return found


def ranked(options: argparse.Namespace) -> list[Row]:
    """Return a row for each comparator on each set of pairs that is wanted."""
    folders = _present([name for name in _wanted(options) if name in PAIR_SETS])
    rows = [row for folder in folders for row in rank(folder, PAIR_SETS[folder.name])]
    return [verdict_of_ranks(row, rows) for row in rows]


def verdict_of_ranks(row: Row, rows: Sequence[Row]) -> Row:
    """Return a row; custmerge's says whether its precision is as high as it should be.

    It is to reach the set's floor, and to be above each of the plain comparators.
    """
    floor = LEAST_PRECISION.get(row["set"])
    if floor is None or not row["comparator"].startswith("custmerge"):
        return row
    others = [r["same"] for r in rows if r["set"] == row["set"] and r is not row]
    passed = row["same"] >= floor and row["same"] > max(others)
    return {**row, "floor": floor, "verdict": "pass" if passed else "FAIL: same"}


def folders(options: argparse.Namespace, scratch: Path) -> list[Path]:
    """Return the folders to run on; generated tables are written to `scratch`."""
    wanted = [name for name in _wanted(options) if name not in PAIR_SETS]
    found = _present(wanted)
    for language in ("en", "zh", "zh_mixed") if options.generated else ():
        folder = scratch / f"generated_{language}_{options.generated}"
        folder.mkdir()
        run_script([
            sys.executable, str(HERE / "generate.py"), "--language", language,
            "--records", str(options.generated),
            "--output", str(folder / "records.csv"),
        ])  # fmt: skip
        found.append(folder)
    return found


def interpreters(peers: Iterable[str], venvs: Path) -> dict[str, Path]:
    """Return the Python of each tool; a peer's environment is made where missing."""
    found = {"custmerge": Path(sys.executable)}
    for tool in peers:
        home = venvs / tool
        found[tool] = home / "bin" / "python"
        if not found[tool].exists():
            print(f"installing {PEERS[tool]} into {home}", file=sys.stderr)
            run_script([sys.executable, "-m", "venv", str(home)])
            run_script([found[tool], "-m", "pip", "install", "--quiet", PEERS[tool]])
    return found


def crossed(rows: Sequence[Row], by: str) -> str:
    """Return a table of the F1 of each set (down) in each variant (across)."""
    variants = list(dict.fromkeys(row[by] for row in rows))
    lines: dict[str, Row] = {}
    for row in rows:
        line = lines.setdefault(row["set"], {"set": row["set"]})
        line[row[by]] = row.get("f1")
    return render(
        list(lines.values()), {"set": "{}", **dict.fromkeys(variants, "{:.3f}")}
    )


def variants(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return the variants to run, by name, with the arguments that make them."""
    without = ["--without", options.without] if options.without else []
    found = {"all": [*without, "--shuffled"] if options.shuffled else without}
    if options.ablate:
        found |= {f"-{name}": ["--without", name] for name in ABLATIONS}
    if options.subsamples:
        shares = [(f"{share:.0%}", str(share)) for share in SHARES]
        found |= {name: [*without, "--share", share] for name, share in shares}
    return found


def run(options: argparse.Namespace) -> list[Row]:
    """Return a row for each tool, set and variant, told about as they are run."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        pythons = interpreters(PEERS if options.peers else (), options.venvs)
        for folder in folders(options, Path(scratch)):
            for tool, python in pythons.items():
                own = tool == "custmerge"
                for name, arguments in (variants(options) if own else {"": []}).items():
                    row: Row = {"tool": tool, "set": folder.name, "variant": name}
                    try:
                        row |= run_alone(tool, folder, python, arguments)
                    except (RuntimeError, OSError) as error:
                        row["error"] = str(error)
                    whole = name == "all" and not options.without
                    rows.append(judged(row) if own and whole else row)
                    told = render(rows[-1:]).splitlines()[-1]
                    print(told, name, file=sys.stderr)
    return rows


def main() -> None:
    options = _options()
    if options.alone:
        print(json.dumps(alone(options)))
        return
    rows = run(options)
    # Not before: a process begins with the peak memory of the one that starts it.
    ranks = ranked(options)
    whole = [row for row in rows if row["variant"] in ("all", "")]
    own = [row for row in whole if row["tool"] == "custmerge"]
    tables = [render(whole), render(own, ESTIMATES)] if rows else []
    if ranks:
        tables.append(render(ranks, RANKS))
    if options.ablate or options.subsamples:
        tables.append(crossed([row for row in rows if row["variant"]], "variant"))
    print("\n\n".join(tables))
    if options.json:
        options.json.write_text(json.dumps(rows + ranks, indent=2) + "\n", "utf-8")
    if options.plots:
        plot(own, options.plots)
    if any(row.get("verdict", "").startswith("FAIL") for row in rows + ranks):
        raise SystemExit(1)


def alone(options: argparse.Namespace) -> Row:
    """Return the row of the one set that this process runs on."""
    dataset = load(options.alone)
    if options.share < 1:
        dataset = subsample(dataset, options.share)
    without = [name for name in options.without.split(",") if name]
    return measure(dataset, resolve_without(without), shuffle=options.shuffled)


def plot(rows: Sequence[Row], folder: Path) -> None:
    """Write one reliability diagram for each set."""
    from plots import plot_reliability  # noqa: PLC0415  needs the group bench

    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        if "reliability" in row:
            path = folder / f"{row['set']}.svg"
            plot_reliability(row["reliability"], row["set"], row["ece"], path)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sets",
        default=",".join([*FLOORS, *PAIR_SETS]),
        help="comma-separated, or none",
    )
    parser.add_argument("--generated", type=int, default=0, metavar="RECORDS")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    parser.add_argument("--peers", action="store_true", help="run other tools as well")
    parser.add_argument("--venvs", type=Path, default=Path(".venv-peers"))
    parser.add_argument(
        "--without",
        default="",
        metavar="NAMES",
        help=f"switch capabilities off: {', '.join(ABLATIONS)}",
    )
    parser.add_argument(
        "--ablate", action="store_true", help="switch each capability off in turn"
    )
    parser.add_argument(
        "--subsamples", action="store_true", help="run on parts of each set as well"
    )
    parser.add_argument(
        "--shuffled", action="store_true", help="check that order does not matter"
    )
    parser.add_argument("--plots", type=Path, help="write reliability diagrams there")
    parser.add_argument("--share", type=float, default=1.0, help=argparse.SUPPRESS)
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
