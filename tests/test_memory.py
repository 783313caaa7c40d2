from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import custmerge as cm
from custmerge import memory
from custmerge.memory import available_memory, peak_memory, to_bytes


@pytest.mark.parametrize(
    ("size", "n_bytes"),
    [
        (1, 1),
        ("7", 7),
        ("512MB", 512 * 10**6),
        ("2GiB", 2 * 2**30),
        ("2 gib", 2 * 2**30),
        (" 1.5 TB ", 1_500 * 10**9),
        ("3kB", 3_000),
        ("0.5KiB", 512),
    ],
)
def test_sizes_are_read_in_units_of_1000_and_of_1024(
    size: int | str, n_bytes: int
) -> None:
    assert to_bytes(size) == n_bytes


@pytest.mark.parametrize(
    "size", ["", "GiB", "2 G", "-1MB", "0", 0, -5, True, 1.5, None, "0.1B", "1e9"]
)
def test_what_is_no_size_is_an_error_that_says_what_would_be(size: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match="such as '2GiB' or '512MB'"):
        to_bytes(size)  # type: ignore[arg-type]


def test_the_peak_grows_with_what_is_held() -> None:
    before = peak_memory()
    if before is None:
        pytest.skip("the system does not tell")
    held = np.ones(before // 8 + 10**6)  # more than was ever held
    assert (peak_memory() or 0) > before
    assert held.size


def test_available_memory_is_what_linux_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 99 kB\nMemAvailable:   12345 kB\n", "ascii")
    monkeypatch.setattr(memory, "_MEMINFO", meminfo)
    monkeypatch.setattr(memory, "_CGROUP", tmp_path / "none")
    assert available_memory() == 12345 * 1024


def test_a_containers_limit_counts_where_it_leaves_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory.max").write_text("5000\n", "ascii")
    (tmp_path / "memory.current").write_text("2000\n", "ascii")
    monkeypatch.setattr(memory, "_CGROUP", tmp_path)
    assert available_memory() == 3000
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    assert (available_memory() or 10**9) > 3000


def test_without_any_word_of_memory_none_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> int:
        raise ValueError

    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "none")
    monkeypatch.setattr(memory, "_CGROUP", tmp_path)
    monkeypatch.setattr("os.sysconf", refuse, raising=False)
    assert available_memory() is None
