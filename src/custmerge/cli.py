"""The command line: files in, files and a summary out."""

from __future__ import annotations

import argparse
import os
import sys
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import Any

import numpy as np

import custmerge as cm
from custmerge.io import read, write

__all__ = ["main"]

_TABLES = ("entities", "assignments", "pairs", "review", "lineage")
_HEADERS = {
    "entities": ("entity_id", "n_records"),
    "assignments": ("record_id", "source", "entity_id", "confidence"),
    "pairs": ("left_id", "right_id", "weight", "probability"),
    "review": ("left_id", "right_id", "weight", "probability"),
    "lineage": (
        *("entity_id", "field", "record_id", "source"),
        *("value", "rule", "tie", "origin"),
    ),
}
"""The columns of a table without rows, which as a list of dicts does not say them."""

_WIDTH = 100
"""Terminal columns that the summary keeps to."""
_WIDEST_CELL = 28
_N_SHOWN = 5
"""Golden records in the summary."""
_NOT_COMPARED = "none"
"""How `--kind` says that a column is no evidence."""

_NO_LIMIT = "none"
"""How `--memory` says that any amount will do."""
_USER_ERROR = 2
_INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""
_PIPE_CLOSED = 141
"""128 and the number of SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: The arguments; by default those of the process.

    Examples:
        >>> from custmerge.cli import main
        >>> main(["resolve", "customers.csv", "-o", "merged"])  # doctest: +SKIP
        0
    """
    options = _parser().parse_args(argv)
    try:
        options.run(options)
        sys.stdout.flush()
    except cm.CustmergeError as error:
        return _failed(str(error))
    except BrokenPipeError:
        # Python flushes once more on its way out; nobody is left to read it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _failed(message: str) -> int:
    print("custmerge: error:", " ".join(message.split()), file=sys.stderr)
    return _USER_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "custmerge",
        description="Find the records that describe the same customer and merge them.",
        allow_abbrev=False,
    )
    version = f"%(prog)s {cm.__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    records = _records_parser()
    _add_resolve(commands, records)
    config = commands.add_parser(
        "config",
        parents=[records],
        allow_abbrev=False,
        help="print how the columns are understood, as TOML",
        description="Print the inferred configuration as TOML. Save it, edit it, and "
        "pass it back with: custmerge resolve FILE --config FILE.toml",
    )
    config.set_defaults(run=_config)
    return parser


def _records_parser() -> argparse.ArgumentParser:
    """Return the arguments that say what the records are."""
    parser = argparse.ArgumentParser(add_help=False)
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="FILE",
        help="CSV, TSV or Parquet; several files are several sources",
    )
    add("--id", metavar="COLUMN", help="the column with unique record ids")
    add("--source", metavar="COLUMN", help="the column that names a record's source")
    add(
        "--kind",
        action="append",
        default=[],
        type=_column_kind,
        metavar="COLUMN=KIND",
        help="what a column is, such as mobile=phone, or notes=none to compare it with "
        "nothing; may be repeated",
    )
    return parser


def _column_kind(text: str) -> tuple[str, str | None]:
    column, _, kind = text.rpartition("=")
    if not column or not kind:
        message = "give a column and its kind, such as mobile=phone"
        raise argparse.ArgumentTypeError(message)
    return column, None if kind == _NOT_COMPARED else kind


def _add_resolve(commands: Any, records: argparse.ArgumentParser) -> None:  # noqa: ANN401  argparse has no public name for it
    parser = commands.add_parser(
        "resolve",
        parents=[records],
        allow_abbrev=False,
        help="find and merge the records of each customer",
        description="Find the records that describe the same customer, and write "
        f"the tables {', '.join(_TABLES)}.",
    )
    add = parser.add_argument
    add("--config", metavar="FILE.toml", help="do what this configuration says")
    add("--model", metavar="FILE.json", help="use these weights instead of learning")
    add("--decisions", metavar="FILE.json", help="keep to what was decided before")
    add("--save-config", metavar="FILE", help="write the configuration that was used")
    add("--save-model", metavar="FILE", help="write the weights that were used")
    add(
        "-o",
        "--output",
        default="custmerge-output",
        metavar="DIR",
        help="where to write; files of the same names are replaced (%(default)s)",
    )
    add("--format", choices=("csv", "parquet"), default="csv", help="(%(default)s)")
    add("--timings", action="store_true", help="show on stderr what each stage took")
    add(
        "--memory",
        default="auto",
        type=lambda text: None if text == _NO_LIMIT else text,
        metavar="SIZE",
        help="refuse what is expected to take more memory, such as 2GiB; by default "
        "what is available, with none anything",
    )
    add("--no-progress", action="store_true", help="show no progress bar")
    add("--quiet", action="store_true", help="show no summary and no progress bar")
    parser.set_defaults(run=_resolve)


def _config(options: argparse.Namespace) -> None:
    config = cm.infer_config(_records(options.files), **_columns_said(options))
    # TOML is UTF-8, whatever the terminal's encoding.
    sys.stdout.flush()
    sys.stdout.buffer.write(config.to_toml().encode())


def _resolve(options: argparse.Namespace) -> None:
    said = _columns_said(options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)  # the summary shows them
        result = cm.resolve(
            _records(options.files),
            config=None if options.config is None else cm.load_config(options.config),
            model=None if options.model is None else cm.load_model(options.model),
            decisions=options.decisions,
            memory=options.memory,
            progress=False if options.no_progress or options.quiet else None,
            **said,
        )
    written = _write(result, Path(options.output), options.format)
    if options.save_config is not None:
        result.config.save(options.save_config)
        written.append(Path(options.save_config))
    if options.save_model is not None:
        result.model.save(options.save_model)
        written.append(Path(options.save_model))
    if not options.quiet:
        _show(_summary(result, written))
    if options.timings:
        print(result.timings, file=sys.stderr)


def _records(files: Sequence[str]) -> str | dict[str, str]:
    """Return the file, or files by the name of their source: stem, else whole path."""
    repeated = sorted({file for file in files if files.count(file) > 1})
    if repeated:
        message = f"files are given more than once: {', '.join(repeated)}"
        raise cm.InvalidInputError(message)
    if len(files) == 1:
        return files[0]
    stems = [Path(file).stem for file in files]
    names = stems if len(set(stems)) == len(stems) else files
    return dict(zip(names, files, strict=True))


def _columns_said(options: argparse.Namespace) -> dict[str, Any]:
    fields = dict(options.kind)
    said = {"id": options.id, "source": options.source, "fields": fields or None}
    if getattr(options, "config", None) and any(said.values()):
        message = (
            "--config says what --id, --source and --kind would; edit the "
            "configuration, or leave it out"
        )
        raise cm.InvalidConfigError(message)
    return said


def _write(result: cm.Resolution, folder: Path, ending: str) -> list[Path]:
    """Write all tables or, where that fails or is interrupted, none."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{name}.{ending}" for name in _TABLES]
    with TemporaryDirectory(prefix=".custmerge-", dir=folder) as scratch:
        for name, file in zip(_TABLES, names, strict=True):
            table = getattr(result, name)
            columns = () if len(table) else _header(result, name)
            write(table, Path(scratch, file), columns)
        for file in names:
            Path(scratch, file).replace(folder / file)
    return [folder / file for file in names]


def _header(result: cm.Resolution, name: str) -> tuple[str, ...]:
    columns = _HEADERS[name]
    if name == "entities":
        columns += result.dataset.columns
    elif name in ("pairs", "review"):
        columns += result.config.compared_names
        if result.dataset.sources:
            columns += ("left_source", "right_source")
        if name == "review":
            columns += ("reason",)
    return columns


def _summary(result: cm.Resolution, written: Iterable[Path]) -> list[str]:
    lines = _aligned([[name, f"{n:,}"] for name, n in result.summary.items()])
    lines += ["", "Columns", *_aligned(_understood(result))]
    lines += _golden_records(result)
    if result.warnings:
        lines += ["", "Warnings", *chain.from_iterable(map(_wrapped, result.warnings))]
    return [*lines, "", "Written", *(f"  {path}" for path in written)]


def _understood(result: cm.Resolution) -> list[list[str]]:
    """Return a row for each column: what it was taken for, its comparator, and why."""
    config = result.config
    roles = {
        config.id: "record id",
        config.source: "source",
        config.updated_at: "updated at",
    }
    rows = []
    for column in result.dataset.columns:
        fields = [field for field in config.fields if column in field.columns]
        compared = [f.comparator.name for f in fields if f.comparator is not None]
        kinds = [str(field.kind) for field in fields if field.comparator is not None]
        what = roles.get(column) or ", ".join(kinds) or "no evidence"
        by = f"compared by {', '.join(compared)}" if compared else "not compared"
        rows.append([column, what, by, "; ".join(field.why for field in fields)])
    return rows


def _golden_records(result: cm.Resolution) -> list[str]:
    """Return the first entities of several records as a table, as wide as fits."""
    merged = np.flatnonzero(result.sizes > 1)
    if not merged.size:
        return []
    table = read(result.entities)
    shown = merged[:_N_SHOWN].tolist()
    columns: list[list[str]] = []
    space = _WIDTH - 2
    for name in table.columns:
        cells = table.cells(name)
        texts = [name, *(_cell_text(cells[row]) for row in shown)]
        column = [_clipped(text, _WIDEST_CELL) for text in texts]
        space -= max(map(_width, column)) + 2
        if space < -2:  # the last column needs no gap after it
            break
        columns.append(column)
    left_out = len(table.columns) - len(columns)
    more = f", without {left_out} of their columns" if left_out else ""
    title = f"Golden records (first {len(shown)} of {merged.size:,} merged{more})"
    return ["", title, *_aligned(list(map(list, zip(*columns, strict=True))))]


def _wrapped(text: str) -> list[str]:
    return wrap(
        _printable(text), _WIDTH, initial_indent="  - ", subsequent_indent="    "
    )


def _cell_text(cell: object) -> str:
    missing = cell is None or cell != cell  # noqa: PLR0124  NaN is unequal to itself
    return "" if missing else str(cell)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, indented, each no wider than the terminal."""
    clean = [[_printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*clean, strict=True)]
    lines = []
    for row in clean:
        padded = (
            cell + " " * (width - _width(cell))
            for cell, width in zip(row, widths, strict=True)
        )
        lines.append(_clipped(f"  {'  '.join(padded)}".rstrip(), _WIDTH))
    return lines


def _printable(text: str) -> str:
    """Return text without what would move the cursor or change the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _clipped(text: str, width: int) -> str:
    """Return text of at most a width in terminal columns, cut with an ellipsis."""
    text = _printable(text)
    if _width(text) <= width:
        return text
    taken = 0
    for position, char in enumerate(text):
        taken += _width(char)
        if taken > width - 1:
            return f"{text[:position].rstrip()}…"
    return text


def _width(text: str) -> int:
    """Return how many terminal columns a text takes (Unicode UAX #11 and #44)."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _show(lines: Iterable[str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    text = "\n".join(lines)
    # A terminal of another encoding shows `?` rather than fail.
    print(text.encode(encoding, "replace").decode(encoding))
