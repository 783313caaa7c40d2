"""The command line: files in, files and a summary out."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shutil import get_terminal_size
from tempfile import TemporaryDirectory
from typing import Any

import custmerge as cm

__all__ = ["main"]

_TABLES = (
    *("entities", "assignments", "crosswalk", "pairs", "review"),
    *("lineage", "losers", "conflicts"),
)
_HEADERS = {
    "entities": ("entity_id", "n_records"),
    "assignments": ("record_id", "source", "entity_id", "confidence"),
    "crosswalk": (
        *("record_id", "source", "survivor_id", "survivor_source", "entity_id"),
    ),
    "pairs": ("left_id", "right_id", "weight", "probability"),
    "review": ("left_id", "right_id", "weight", "probability"),
    "lineage": (
        *("entity_id", "field", "record_id", "source"),
        *("value", "rule", "tie", "origin"),
    ),
    "losers": (
        *("entity_id", "field", "record_id", "source"),
        *("value", "lost_to", "survivor_id"),
    ),
    "conflicts": (
        *("entity_id", "field", "kind", "severity", "n_values", "values"),
        *("record_ids", "kept", "rule", "kept_id"),
    ),
    "errors": ("error", "left_id", "right_id", "weight", "probability"),
    "issues": ("record_id", "source", "entity_id", "field", "issue", "severity"),
    "records": ("record_id", "source", "entity_id", "score", "is_ghost", "reasons"),
}
"""The columns of a table without rows, which as a list of dicts does not say them."""

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
    _add_quality(commands, records)
    _add_evaluate(commands, records)
    _add_review(commands, records)
    config = commands.add_parser(
        "config",
        parents=[records],
        allow_abbrev=False,
        help="print how the columns are understood, as TOML",
        description="Print the inferred configuration as TOML. Save it, edit it, and "
        "pass it back with: custmerge resolve FILE --config FILE.toml",
    )
    config.set_defaults(run=_config)
    _add_relink(commands)
    return parser


def _records_parser() -> argparse.ArgumentParser:
    """Return the arguments that say what the records are."""
    parser = argparse.ArgumentParser(add_help=False)
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="FILE",
        help="CSV, TSV, Parquet or Excel (.xlsx); several files are several sources",
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
    add(
        "--mask",
        action="store_true",
        help="mask names, contacts and the like, in the files and the summary",
    )
    add(
        "--mask-key",
        metavar="FILE",
        help="the file with the secret that masks: the same one, the same tokens",
    )
    for name, what in (("hide", "mask this column too"), ("keep", "do not mask it")):
        add(
            f"--{name}",
            action="append",
            default=[],
            metavar="COLUMN",
            help=f"{what}, whatever it is, and mask the rest; may be repeated",
        )
    add("--format", choices=("csv", "parquet"), default="csv", help="(%(default)s)")
    add("--report", metavar="FILE.html", help="write a report that opens in a browser")
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


def _add_quality(commands: Any, records: argparse.ArgumentParser) -> None:  # noqa: ANN401  as above
    parser = commands.add_parser(
        "quality",
        parents=[records],
        allow_abbrev=False,
        help="show what is wrong with the records, and how many are of nobody",
        description="Show how many records have which issue, and how complete, valid "
        "and unique each field is before and after merging.",
    )
    add = parser.add_argument
    add("--config", metavar="FILE.toml", help="do what this configuration says")
    add("-o", "--output", metavar="DIR", help="where to write issues.csv, records.csv")
    parser.set_defaults(run=_quality)


def _resolved(
    options: argparse.Namespace, decisions: str | None = None
) -> cm.Resolution:
    """Return the result, with what is told of the files, not of the merging."""
    said = _columns_said(options)
    config = None if options.config is None else cm.load_config(options.config)
    with _recorded() as found:
        records = _records(options.files)
        result = cm.resolve(records, config=config, decisions=decisions, **said)
    _warn(found, besides=result.warnings)
    return result


def _quality(options: argparse.Namespace) -> None:
    result = _resolved(options)
    if options.output is not None:
        from custmerge.io import write  # noqa: PLC0415  as below

        Path(options.output).mkdir(parents=True, exist_ok=True)
        for name in ("issues", "records"):
            table = getattr(result.quality, name)
            columns = () if len(table) else _HEADERS[name]
            write(table, Path(options.output, f"{name}.csv"), columns)
    # Who reads it may close the pipe after a few lines.
    _show([str(result.quality)])


def _add_evaluate(commands: Any, records: argparse.ArgumentParser) -> None:  # noqa: ANN401  as above
    parser = commands.add_parser(
        "evaluate",
        parents=[records],
        allow_abbrev=False,
        help="measure the result against what is known to be true",
        description="Show precision, recall and F1 with 95 % intervals, and how many "
        "pairs were missed by what, given true clusters or labelled pairs.",
    )
    add = parser.add_argument
    wanted = "ids and cluster_id, or left_id, right_id and same"
    add("--truth", required=True, metavar="FILE", help=f"a table of {wanted}")
    add("--config", metavar="FILE.toml", help="do what this configuration says")
    add("-o", "--output", metavar="FILE", help="where to write examples of errors")
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> None:
    result = _resolved(options)
    found = cm.evaluate(result, options.truth)
    if options.output is not None:
        from custmerge.io import write  # noqa: PLC0415  as below

        write(
            found.errors,
            options.output,
            () if len(found.errors) else _HEADERS["errors"],
        )
    _show([str(found)])


def _add_review(commands: Any, records: argparse.ArgumentParser) -> None:  # noqa: ANN401  as above
    parser = commands.add_parser(
        "review",
        parents=[records],
        allow_abbrev=False,
        help="answer which doubtful pairs are one customer",
        description="Show the doubtful pairs one after the other, the most telling "
        "first. Every answer is kept at once in the file of decisions, with which "
        "resolve, and review the next time, begin.",
    )
    add = parser.add_argument
    add("--config", metavar="FILE.toml", help="do what this configuration says")
    add(
        "--decisions",
        default="decisions.json",
        metavar="FILE.json",
        help="what was decided before, and where to keep it (%(default)s)",
    )
    add("--n", type=int, metavar="N", help="ask about so many pairs at most")
    parser.set_defaults(run=_review)


def _review(options: argparse.Namespace) -> None:
    # Nothing else needs the keys of a terminal, which not every system has.
    from custmerge.reviewing import review_lines, start_review  # noqa: PLC0415
    from custmerge.reviewing.keyboard import pressed_keys  # noqa: PLC0415

    kept = options.decisions if Path(options.decisions).exists() else None
    session = start_review(_resolved(options, kept), options.decisions, options.n)
    is_typed = sys.stdin.isatty()
    # Iterating over the file itself would wait for more than a line.
    lines = nullcontext((iter(sys.stdin.readline, ""), lambda: None))
    try:
        with pressed_keys() if is_typed else lines as (typed, forget):

            def show(text: str) -> None:
                forget()
                _show([text], end="")

            review_lines(
                session,
                typed,
                show,
                width=get_terminal_size().columns,
                colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
                keys=is_typed,
            )
    except KeyboardInterrupt:
        _show(["\n"], end="")
        raise
    finally:
        n_kept = len(session.decisions)
        kept_in = f"{n_kept:,} decisions are kept in {options.decisions}"
        _show([f"{session.changes}", kept_in if n_kept else "nothing is decided yet"])


def _add_relink(commands: Any) -> None:  # noqa: ANN401  as above
    parser = commands.add_parser(
        "relink",
        allow_abbrev=False,
        help="re-point a table, such as orders, to the surviving customers",
        description="Write a table whose customer ids are those of the survivors.",
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="CSV, TSV, Parquet or Excel, such as orders.csv")
    add("--crosswalk", required=True, metavar="FILE", help="as resolve wrote it")
    add("--on", default="customer_id", metavar="COLUMN", help="the ids (%(default)s)")
    add("--source", metavar="COLUMN", help="their source: a column, or the only one")
    add(
        "--unique",
        action="append",
        default=[],
        metavar="COLUMN",
        help="what no customer may have twice; may be repeated, for combinations",
    )
    add("-o", "--output", required=True, metavar="FILE", help="it is replaced")
    parser.set_defaults(run=_relink)


def _relink(options: argparse.Namespace) -> None:
    from custmerge.io import read, write  # noqa: PLC0415  the help can do without

    with _recorded() as found:
        linked = cm.relink(
            options.file,
            options.crosswalk,
            options.on,
            source=options.source,
            unique=options.unique,
        )
    write(linked, options.output, read(options.file).columns)
    _warn(found)


def _config(options: argparse.Namespace) -> None:
    config = cm.infer_config(_records(options.files), **_columns_said(options))
    # TOML is UTF-8, whatever the terminal's encoding.
    sys.stdout.flush()
    sys.stdout.buffer.write(config.to_toml().encode())


@contextmanager
def _recorded() -> Iterator[list[warnings.WarningMessage]]:
    """Yield the warnings that come up in the context, which are not shown."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", cm.CustmergeWarning)
        yield found


def _warn(
    found: Iterable[warnings.WarningMessage], besides: Collection[str] = ()
) -> None:
    """Print recorded warnings, besides those that are shown elsewhere."""
    for warning in found:
        if str(warning.message) not in besides:
            print("custmerge: warning:", warning.message, file=sys.stderr)


def _resolve(options: argparse.Namespace) -> None:
    said = _columns_said(options)
    with _recorded() as found:
        result = cm.resolve(
            _records(options.files),
            config=None if options.config is None else cm.load_config(options.config),
            model=None if options.model is None else cm.load_model(options.model),
            decisions=options.decisions,
            memory=options.memory,
            progress=False if options.no_progress or options.quiet else None,
            **said,
        )
    _warn(found, besides=result.warnings)  # which the summary shows
    shown = _masked(result, options)
    written = _write(result, shown, Path(options.output), options.format)
    if options.save_config is not None:
        result.config.save(options.save_config)
        written.append(Path(options.save_config))
    if options.save_model is not None:
        result.model.save(options.save_model)
        written.append(Path(options.save_model))
    if options.report is not None:
        masked = shown if isinstance(shown, cm.Masked) else False
        result.report(options.report, masked=masked)
        written.append(Path(options.report))
    if not options.quiet:
        from custmerge.summaries import summarized  # noqa: PLC0415  as above

        _show(summarized(result, shown, written))
    if options.timings:
        print(result.timings, file=sys.stderr)


def _masked(
    result: cm.Resolution, options: argparse.Namespace
) -> cm.Resolution | cm.Masked:
    """Return what is shown of the result: all of it, or its masked tables."""
    key = options.mask_key
    if not (options.mask or key or options.hide or options.keep):
        return result
    secret = None if key is None else Path(key).read_bytes()
    return result.masked(secret, keep=options.keep, hide=options.hide)


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


def _write(
    result: cm.Resolution, shown: cm.Resolution | cm.Masked, folder: Path, ending: str
) -> list[Path]:
    """Write all tables or, where that fails or is interrupted, none."""
    from custmerge.io import write  # noqa: PLC0415  the help can do without

    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{name}.{ending}" for name in _TABLES]
    with TemporaryDirectory(prefix=".custmerge-", dir=folder) as scratch:
        for name, file in zip(_TABLES, names, strict=True):
            table = getattr(shown, name)
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
    elif name == "conflicts" and result.dataset.sources:
        columns += ("kept_source",)
    return columns


def _show(lines: Iterable[str], end: str = "\n") -> None:
    encoding = sys.stdout.encoding or "utf-8"
    text = "\n".join(lines)
    # A terminal of another encoding shows `?` rather than fail.
    print(text.encode(encoding, "replace").decode(encoding), end=end, flush=True)
