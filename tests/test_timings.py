from __future__ import annotations

import json
from itertools import pairwise

import pytest

import custmerge as cm
from custmerge.timings import Clock, StageTiming, Timings

STAGES = [
    *("read", "configure", "normalize", "contacts", "block", "compare", "learn"),
    *("weigh", "cluster", "diagnose", "merge"),
]
RECORDS = [
    {"name": name, "email": email}
    for name, email in [
        ("Ann Lee", "ann@mail.com"),
        ("Anne Lee", "ann@mail.com"),
        ("Bo Chan", "bo@chan.org"),
        ("Cy Fox", None),
    ]
]


@pytest.fixture(scope="module")
def timings() -> Timings:
    return cm.resolve(RECORDS).timings


def test_every_stage_is_timed_in_the_order_of_the_run(timings: Timings) -> None:
    assert [stage.name for stage in timings] == STAGES
    assert len(timings) == len(STAGES)


def test_the_stages_of_a_given_model_are_the_same() -> None:
    model = cm.WeightedScore({"email": 1})
    timings = cm.resolve(RECORDS, model=model).timings
    assert [stage.name for stage in timings] == STAGES


def test_stages_say_what_they_worked_on(timings: Timings) -> None:
    by_name = {stage.name: stage for stage in timings}
    assert by_name["read"].records == 4
    assert by_name["read"].values == 4 + 2  # names and e-mails
    assert (by_name["block"].pairs or 0) >= 1
    assert by_name["compare"].records is None
    assert (by_name["compare"].value_pairs or 0) >= 1


def test_peak_memory_never_falls(timings: Timings) -> None:
    peaks = [stage.peak_bytes or 0 for stage in timings]
    assert all(earlier <= later for earlier, later in pairwise(peaks))
    assert timings.peak_bytes == peaks[-1]


def test_no_records_take_all_stages_too() -> None:
    assert [stage.name for stage in cm.resolve([]).timings] == STAGES


def test_laps_add_up_to_all_the_time_since_the_clock_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = iter([10.0, 11.0, 13.5])
    cpu = iter([1.0, 1.5, 4.5])
    monkeypatch.setattr("custmerge.timings.perf_counter", lambda: next(ticks))
    monkeypatch.setattr("custmerge.timings.process_time", lambda: next(cpu))
    clock = Clock(_since=next(ticks), _cpu_since=next(cpu))
    clock.lap("read")
    clock.lap("block", pairs=2)
    assert [stage.seconds for stage in clock.timings] == [1.0, 2.5]
    assert clock.timings.seconds == 3.5
    assert [stage.cpu_seconds for stage in clock.timings] == [0.5, 3.0]
    assert clock.timings.cpu_seconds == 3.5


def test_a_listener_is_told_of_each_stage_when_it_ends() -> None:
    told: list[StageTiming] = []
    clock = Clock(told.append)
    clock.lap("read", records=3)
    assert told == list(clock.timings)


def test_a_repr_is_one_short_line(timings: Timings) -> None:
    assert repr(timings).startswith(f"Timings({len(timings.stages)} stages, ")
    assert "\n" not in repr(timings)


def test_the_table_lines_up_and_ends_with_the_total() -> None:
    stages = (
        StageTiming("read", 0.5, 0.25, records=1234, peak_bytes=2**20),
        StageTiming("compare", 1.25, 2, pairs=7, value_pairs=5, peak_bytes=2**30),
    )
    lines = str(Timings(stages)).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].split() == ["read", "0.500", "0.250", "1,234", "1.0", "MiB"]
    assert lines[2].split() == ["compare", "1.250", "2.000", "7", "5", "1.0", "GiB"]
    assert lines[3].split() == ["total", "1.750", "2.250", "1.0", "GiB"]


def test_a_notebook_shows_a_row_for_each_stage(timings: Timings) -> None:
    html = timings._repr_html_()
    assert html.count("<tr>") == len(STAGES) + 2  # the header and the total
    assert "<td>normalize</td>" in html


def test_timings_are_plain_data_for_json(timings: Timings) -> None:
    plain = json.loads(json.dumps(timings.to_dict()))
    assert [row["name"] for row in plain["stages"]] == STAGES
    assert plain["seconds"] == timings.seconds


def test_nothing_timed_takes_no_time() -> None:
    assert (Timings(()).seconds, Timings(()).peak_bytes) == (0, None)
