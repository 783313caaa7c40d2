"""The command line: what it writes, what it shows, and how it fails."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import custmerge as cm
from custmerge import cli, io
from custmerge.cli import main
from custmerge.io import read, write

SENTINEL = "Zebulon"
CUSTOMERS = """\
customer_id,first name,last name,email,mobile,city
c1,Zebulon,Quux,zeb.quux@mail.com,020 7946 0001,London
c2,Bo,Chan,bo@chan.org,0113 496 0002,Leeds
c3,Zebulon,Quux,zeb.quux@mail.com,+44 20 7946 0001,London
c4,Maria,Rossi,maria@rossi.it,0161 496 0004,Manchester
"""
SHOP = """\
first name,last name,email,mobile,city
Bo,Chan,bo@chan.org,0113 496 0002,Leeds
"""
TABLES = (
    *("entities", "assignments", "crosswalk", "pairs", "review"),
    *("lineage", "losers", "conflicts"),
)


@pytest.fixture
def customers(tmp_path: Path) -> str:
    return saved(tmp_path / "customers.csv", CUSTOMERS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "merged"


def saved(path: Path, text: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def width_of(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in line)


def test_resolve_writes_all_tables_as_csv(customers: str, folder: Path) -> None:
    assert main(["resolve", customers, "-o", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == {f"{t}.csv" for t in TABLES}


def test_evaluate_shows_how_good_the_result_is(
    customers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = saved(tmp_path / "truth.csv", "id,cluster_id\nc1,1\nc2,2\nc3,1\nc4,2\n")
    errors = tmp_path / "errors.csv"
    argv = ["evaluate", customers, "--id", "customer_id", "--truth", truth]
    assert main([*argv, "-o", str(errors)]) == 0
    shown = capsys.readouterr().out
    assert "pairwise" in shown
    assert "0 splits, 1 merges" in shown
    missed = [(row["left_id"], row["right_id"]) for row in rows_of(errors)]
    assert missed == [("c2", "c4")]
    saved(Path(truth), "left_id,right_id,same\nc1,c3,1\n")
    assert main([*argv, "-o", str(errors)]) == 0
    assert rows_of(errors) == []
    assert errors.read_text().startswith("error,left_id")


def test_relink_re_points_a_file_by_the_crosswalk(
    customers: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["resolve", customers, "-o", str(folder), "--quiet"])
    orders = saved(
        tmp_path / "orders.csv", "order,buyer,kind\n1,c3,x\n2,c1,x\n3,c9,x\n"
    )
    linked = tmp_path / "linked.csv"
    crosswalk = str(folder / "crosswalk.csv")
    argv = ["relink", orders, "--crosswalk", crosswalk, "--on", "buyer"]
    assert main([*argv, "--unique", "kind", "-o", str(linked)]) == 0
    buyers = [row["buyer"] for row in rows_of(linked)]
    assert buyers[0] == buyers[1]
    assert buyers[2] == "c9"
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[:2] for line in told] == [["custmerge", " warning"]] * 2


def test_relink_of_a_table_without_rows_keeps_its_header(
    customers: str, folder: Path, tmp_path: Path
) -> None:
    main(["resolve", customers, "-o", str(folder), "--quiet"])
    orders = saved(tmp_path / "orders.csv", "order,customer_id\n")
    crosswalk = str(folder / "crosswalk.csv")
    linked = tmp_path / "linked.csv"
    assert main(["relink", orders, "--crosswalk", crosswalk, "-o", str(linked)]) == 0
    assert linked.read_text(encoding="utf-8").strip() == "order,customer_id"


def test_duplicates_get_one_entity(customers: str, folder: Path) -> None:
    main(["resolve", customers, "-o", str(folder)])
    entities = {
        row["record_id"]: row["entity_id"]
        for row in rows_of(folder / "assignments.csv")
    }
    assert entities["c1"] == entities["c3"]
    assert len(set(entities.values())) == 3


def test_resolve_writes_parquet(customers: str, folder: Path) -> None:
    assert main(["resolve", customers, "-o", str(folder), "--format", "parquet"]) == 0
    assert parquet.read_table(folder / "entities.parquet").num_rows == 3
    assert parquet.read_table(folder / "review.parquet").column_names[:2] == [
        "left_id",
        "right_id",
    ]


def test_output_goes_to_a_folder_of_its_own_by_default(
    customers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["resolve", customers])
    assert (tmp_path / "custmerge-output" / "entities.csv").is_file()


def test_summary_shows_counts_columns_golden_records_and_files(
    customers: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["resolve", customers, "-o", str(folder)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["entities", "3"] in lines
    assert ["email", "email", "compared", "by", "email"] in [line[:5] for line in lines]
    assert ["customer_id", "record", "id", "not", "compared"] in [
        line[:5] for line in lines
    ]
    assert ["0", "2"] in [line[:2] for line in lines if SENTINEL in line]
    assert [str(folder / "review.csv")] in lines


def test_summary_shows_warnings_and_none_is_issued(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path / "a.csv", "name,email\nAnn Lee,\nBo Chan,\n")
    assert main(["resolve", path, "-o", str(folder), "--kind", "email=email"]) == 0
    output = capsys.readouterr()
    assert "'email' holds no usable value" in output.out.partition("Warnings")[2]
    assert not output.err


def test_summary_of_wide_and_chinese_records_fits_the_terminal(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ",".join(
        ["姓名", "手机", "公司", *(f"column number {i}" for i in range(20))]
    )
    record = ",".join(
        ["欧阳娜娜", "13912345678", "北京小桔科技有限公司" * 4, *["长" * 30] * 20]
    )
    path = saved(tmp_path / "a.csv", f"{header}\n{record}\n{record}\n")
    assert main(["resolve", path, "-o", str(folder)]) == 0
    shown = capsys.readouterr().out.partition("\nWarnings")[0].splitlines()
    golden = shown[next(i for i, line in enumerate(shown) if "Golden" in line) :]
    assert "欧阳娜娜" in "".join(golden)
    assert max(map(width_of, golden)) <= 100
    assert "without" in golden[0]


def test_columns_of_the_summary_line_up_under_wide_characters(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "姓名,email\n欧阳娜娜,na@mail.com\n欧阳娜娜,na@mail.com\n"
    main(["resolve", saved(tmp_path / "a.csv", text), "-o", str(folder)])
    lines = capsys.readouterr().out.splitlines()
    start = next(i for i, line in enumerate(lines) if "Golden" in line)
    header, record = lines[start + 1 : start + 3]
    before = header[: header.index("email")], record[: record.index("na@mail.com")]
    assert width_of(before[0]) == width_of(before[1])


def test_summary_holds_no_control_characters_of_the_data(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "name\x1b[2J,email\nAnn\x1b[31m\a Lee,a@b.org\nAnn\x1b[31m\a Lee,a@b.org\n"
    assert main(["resolve", saved(tmp_path / "a.csv", text), "-o", str(folder)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_quiet_shows_nothing(
    customers: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", customers, "-o", str(folder), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_masked_tables_and_summary_show_no_name_and_link_by_the_key(
    customers: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = saved(folder.parent / "key", "our secret")
    main(["resolve", customers, "-o", str(folder), "--mask-key", key])
    shown = capsys.readouterr().out
    written = [(folder / f"{name}.csv").read_text("utf-8") for name in TABLES]
    assert not any(SENTINEL in text for text in (shown, *written))
    emails = [row["email"] for row in rows_of(folder / "entities.csv")]
    main(["resolve", customers, "-o", str(folder), "--quiet", "--mask-key", key])
    assert emails == [row["email"] for row in rows_of(folder / "entities.csv")]
    main(["resolve", customers, "-o", str(folder), "--quiet", "--mask"])
    assert emails != [row["email"] for row in rows_of(folder / "entities.csv")]


def test_losers_and_conflicts_are_written_plain_or_masked(
    tmp_path: Path, folder: Path
) -> None:
    text = """\
id,name,email,birth date
k1,王小明,xm@mail.cn,1990-05-03
k2,王小明,xm@mail.cn,1990-05-08
"""
    path = saved(tmp_path / "客户.csv", text)
    for option, is_masked in (("--quiet", False), ("--mask", True)):
        assert main(["resolve", path, "-o", str(folder), "--quiet", option]) == 0
        lost = rows_of(folder / "losers.csv")[-1]
        [conflict] = rows_of(folder / "conflicts.csv")
        assert (lost["field"], lost["lost_to"]) == ("birth date", "tie_break")
        assert (conflict["field"], conflict["n_values"]) == ("birth date", "2")
        assert is_masked != (lost["value"] == "1990-05-08")
        assert is_masked != (conflict["values"] == "1990-05-03; 1990-05-08")


def test_masked_columns_are_hidden_and_kept_as_asked(
    customers: str, folder: Path
) -> None:
    asked = ["--hide", "customer_id", "--hide", "city", "--keep", "email"]
    main(["resolve", customers, "-o", str(folder), "--quiet", *asked])
    rows = rows_of(folder / "entities.csv")
    assert rows[1]["email"] == "bo@chan.org"
    assert rows[1]["city"].startswith("city:")
    crosswalk = (folder / "crosswalk.csv").read_text("utf-8")
    assert rows[1]["customer_id"] in crosswalk
    assert "c2" not in crosswalk.split(",")


def test_a_report_is_written_and_masked_as_the_tables_are(
    customers: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = folder.parent / "report.html"
    main(["resolve", customers, "-o", str(folder), "--report", str(report)])
    assert SENTINEL in report.read_text("utf-8")
    assert str(report) in capsys.readouterr().out
    main(["resolve", customers, "-o", str(folder), "--mask", "--report", str(report)])
    assert SENTINEL not in report.read_text("utf-8")


def test_timings_are_shown_beside_the_summary(
    customers: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["resolve", customers, "-o", str(folder), "--quiet", "--timings"])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split()[0] for line in shown.err.splitlines()][1::11] == [
        "read",
        "total",
    ]


def test_several_files_are_sources_named_by_their_stems(
    customers: str, tmp_path: Path, folder: Path
) -> None:
    shop = saved(tmp_path / "shop.csv", SHOP)
    assert main(["resolve", customers, shop, "-o", str(folder)]) == 0
    rows = rows_of(folder / "assignments.csv")
    assert [row["source"] for row in rows] == ["customers"] * 4 + ["shop"]
    assert rows[1]["entity_id"] == rows[4]["entity_id"]


def test_files_of_one_stem_are_sources_named_by_their_paths(
    customers: str, tmp_path: Path, folder: Path
) -> None:
    other = saved(tmp_path / "old" / "customers.csv", CUSTOMERS)
    assert main(["resolve", customers, other, "-o", str(folder)]) == 0
    sources = {row["source"] for row in rows_of(folder / "assignments.csv")}
    assert sources == {customers, other}


def test_a_file_given_twice_is_an_error(
    customers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", customers, customers]) == 2
    assert "more than once" in capsys.readouterr().err


def test_kind_says_what_a_column_is(
    customers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["config", customers, "--kind", "city=text", "--kind", "mobile=none"])
    config = cm.Config.from_toml(capsys.readouterr().out)
    assert {"city": "text"}.items() <= {
        field.name: str(field.kind) for field in config.fields
    }.items()
    assert "mobile" not in config.compared_names


def test_id_and_source_say_which_columns_these_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path / "a.csv", "a,b,name\n1,x,Ann Lee\n2,y,Bo Chan\n")
    main(["config", path, "--id", "a", "--source", "b"])
    config = cm.Config.from_toml(capsys.readouterr().out)
    assert (config.id, config.source) == ("a", "b")


def test_printed_config_resolves_as_no_config_does(
    customers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["config", customers])
    config = saved(tmp_path / "config.toml", capsys.readouterr().out)
    main(["resolve", customers, "-o", str(tmp_path / "a")])
    main(["resolve", customers, "-o", str(tmp_path / "b"), "--config", config])
    for table in TABLES:
        file = f"{table}.csv"
        assert (tmp_path / "a" / file).read_text() == (
            tmp_path / "b" / file
        ).read_text()


def test_decisions_made_before_hold(
    customers: str, folder: Path, tmp_path: Path
) -> None:
    result = cm.resolve(customers)
    result.split(0, [["c3"]]).decisions.save(tmp_path / "decisions.json")
    options = ["--decisions", str(tmp_path / "decisions.json")]
    assert main(["resolve", customers, *options, "-o", str(folder)]) == 0
    entities = {
        row["record_id"]: row["entity_id"]
        for row in rows_of(folder / "assignments.csv")
    }
    assert entities["c1"] != entities["c3"]
    wrong = ["--decisions", customers]
    assert main(["resolve", customers, *wrong, "-o", str(folder)]) == 2


def test_saved_config_and_model_give_the_same_entities(
    customers: str, tmp_path: Path
) -> None:
    config, model = str(tmp_path / "config.toml"), str(tmp_path / "model.json")
    saving = ["--save-config", config, "--save-model", model]
    using = ["--config", config, "--model", model]
    main(["resolve", customers, "-o", str(tmp_path / "a"), *saving])
    main(["resolve", customers, "-o", str(tmp_path / "b"), *using])
    pairs = [(tmp_path / name / "pairs.csv").read_text() for name in "ab"]
    assert pairs[0] == pairs[1]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_tables_without_rows_keep_their_header(
    tmp_path: Path, folder: Path, ending: str
) -> None:
    path = saved(tmp_path / "a.csv", "name,email\n")
    assert main(["resolve", path, "-o", str(folder), "--format", ending]) == 0
    tables = {table: read(folder / f"{table}.{ending}") for table in TABLES}
    assert tables["entities"].columns == ("entity_id", "n_records", "name", "email")
    assert tables["lineage"].columns[:2] == ("entity_id", "field")
    assert tables["pairs"].columns[:4] == tables["review"].columns[:4]


def test_tables_without_rows_have_the_columns_of_those_with(
    customers: str, tmp_path: Path
) -> None:
    header = CUSTOMERS.splitlines(keepends=True)[0]
    empty = saved(tmp_path / "empty.csv", header)
    said = [f"{c}={k}" for c, k in (("email", "email"), ("city", "city"))]
    said += [f"{c}=text" for c in ("first name", "last name", "mobile")]
    for path, name in ((customers, "full"), (empty, "empty")):
        options = [word for pair in said for word in ("--kind", pair)]
        folder = str(tmp_path / name)
        main(["resolve", path, "-o", folder, "--id", "customer_id", *options])
    for table in TABLES:
        headers = {
            (tmp_path / name / f"{table}.csv").read_text().splitlines()[0]
            for name in ("full", "empty")
        }
        assert len(headers) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.csv"], "'nowhere.csv' does not exist"),
        (["customers.csv", "--id", "nr"], "['nr'] do not exist"),
        (["customers.csv", "--kind", "city=town"], "'city'"),
        (["customers.csv", "--config", "nowhere.toml"], "nowhere.toml"),
        (["customers.csv", "--model", "nowhere.json"], "nowhere.json"),
        (["customers.csv", "--config", "a.toml", "--id", "city"], "--config says"),
        (["customers.csv", "-o", "customers.csv"], "customers.csv: File exists"),
        (["customers.csv", "--memory", "1kB"], "memory=None"),
        (["customers.csv", "--memory", "much"], "'much' is no size"),
        (["customers.csv", "--save-config", "no/where.toml"], "no/where.toml: No such"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    arguments: list[str],
    says: str,
    customers: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(Path(customers).parent)
    assert main(["resolve", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("custmerge: error: ")
    assert error.count("\n") == 1
    assert says in error
    assert SENTINEL not in error


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["resolve"],
        ["resolve", "a.csv", "--kind", "phone"],
        ["resolve", "a.csv", "--format", "xml"],
    ],
)
def test_wrong_arguments_exit_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2
    assert "usage: custmerge" in capsys.readouterr().err


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["--version"])
    assert exited.value.code == 0
    assert capsys.readouterr().out == f"custmerge {cm.__version__}\n"


def test_interrupt_exits_with_code_130(
    customers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cm, "resolve", interrupted)
    assert cli.main(["resolve", customers]) == 130


def test_interrupted_writing_leaves_what_was_there(
    customers: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    saved(folder / "entities.csv", "old")

    def interrupted(table: object, path: Path, columns: tuple[str, ...]) -> None:
        if path.stem == "review":
            raise KeyboardInterrupt
        write(table, path, columns)

    monkeypatch.setattr(io, "write", interrupted)
    assert cli.main(["resolve", customers, "-o", str(folder)]) == 130
    assert [path.name for path in folder.iterdir()] == ["entities.csv"]
    assert (folder / "entities.csv").read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("more", "progress"), [([], None), (["--no-progress"], False), (["--quiet"], False)]
)
def test_progress_is_up_to_the_terminal_unless_switched_off(
    more: list[str],
    progress: bool | None,
    customers: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[object] = []
    resolve = cm.resolve

    def noted(*args: Any, progress: bool | None, **more: Any) -> cm.Resolution:
        given.append(progress)
        return resolve(*args, **more)

    monkeypatch.setattr(cm, "resolve", noted)
    assert cli.main(["resolve", customers, "-o", str(folder), *more]) == 0
    assert given == [progress]


def run(arguments: list[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "custmerge", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def test_module_runs_as_a_program(customers: str, folder: Path) -> None:
    with run(
        ["resolve", customers, "-o", str(folder)], PYTHONIOENCODING="ascii"
    ) as ran:
        output, errors = ran.communicate()
    assert (ran.returncode, errors) == (0, "")
    assert "Golden records" in output


def test_closed_pipe_ends_quietly(customers: str, folder: Path) -> None:
    with run(["resolve", customers, "-o", str(folder)]) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        errors = ran.stderr.read()
    assert (ran.wait(), errors) == (141, "")


def test_quality_shows_counts_and_shares_and_no_value(
    customers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["quality", customers]) == 0
    shown = capsys.readouterr().out
    assert "ghosts" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["email", "before", "100.0%", "100.0%", "75.0%"] in lines
    assert ["email", "after", "100.0%", "100.0%", "100.0%"] in lines
    assert SENTINEL not in shown
    assert "zeb.quux" not in shown


def test_quality_writes_issues_and_records_if_asked(tmp_path: Path) -> None:
    rows = CUSTOMERS + "c5,asdf,asdf,nobody,0000000000,\n"
    path, folder = saved(tmp_path / "a.csv", rows), tmp_path / "found"
    assert main(["quality", path, "--id", "customer_id", "-o", str(folder)]) == 0
    issues = {
        (row["record_id"], row["issue"]) for row in rows_of(folder / "issues.csv")
    }
    assert issues == {("c5", "test"), ("c5", "syntax"), ("c5", "placeholder")}
    records = rows_of(folder / "records.csv")
    assert [row["is_ghost"] for row in records] == ["false"] * 4 + ["true"]


def test_quality_writes_before_it_shows(
    customers: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: object) -> None:
        message = "stdout is closed"
        raise cm.CustmergeError(message)

    monkeypatch.setattr(cli, "_show", closed)
    assert main(["quality", customers, "-o", str(folder)]) == 2
    assert {path.name for path in folder.iterdir()} == {"issues.csv", "records.csv"}


def test_quality_goes_by_the_checks_of_a_config(
    customers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = cm.infer_config(customers)
    checks = (cm.Check("city", pattern="[A-K].*"),)
    replace(config, checks=checks).save(tmp_path / "a.toml")
    folder = tmp_path / "found"
    arguments = ["--config", str(tmp_path / "a.toml"), "-o", str(folder)]
    assert main(["quality", customers, *arguments]) == 0
    assert len(rows_of(folder / "issues.csv")) == 4
    assert "pattern" in capsys.readouterr().out


def test_files_without_issues_have_a_header(customers: str, folder: Path) -> None:
    assert main(["quality", customers, "-o", str(folder)]) == 0
    [header] = (folder / "issues.csv").read_text().splitlines()
    assert header == "record_id,source,entity_id,field,issue,severity"
