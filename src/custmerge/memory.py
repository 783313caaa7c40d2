"""Memory: sizes read, what the process took, what the machine has."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path

from custmerge.exceptions import InvalidConfigError

__all__ = ["available_memory", "give_back", "peak_memory", "to_bytes"]

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_DECIMAL = ("B", "kB", "MB", "GB", "TB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB")
_UNITS = {
    unit.lower(): base**power
    for base, units in ((1000, _DECIMAL), (1024, _BINARY))
    for power, unit in enumerate(units)
}
"""Bytes of each unit, after ISO/IEC 80000-13: kB is 1,000, KiB is 1,024."""
_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def to_bytes(size: int | str) -> int:
    """Return a size in bytes.

    Args:
        size: A whole number of bytes, or text such as `"2GiB"` or `"512 MB"`: units of
            1,000 (kB, MB, GB, TB) or of 1,024 (KiB, MiB, GiB, TiB; ISO/IEC 80000-13).

    Raises:
        InvalidConfigError: It is no such size.

    Examples:
        >>> to_bytes("2GiB"), to_bytes("1.5 MB"), to_bytes(4096)
        (2147483648, 1500000, 4096)
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    matched = _SIZE.fullmatch(size) if isinstance(size, str) else None
    unit = _UNITS.get((matched[2] or "B").lower()) if matched else None
    n_bytes = 0 if matched is None or unit is None else int(float(matched[1]) * unit)
    if n_bytes <= 0:
        message = (
            f"{size!r} is no size of memory; give bytes as a whole number, or text "
            f"such as '2GiB' or '512MB'; units are {[*_DECIMAL, *_BINARY[1:]]}"
        )
        raise InvalidConfigError(message)
    return n_bytes


def give_back() -> None:
    """Give memory that was freed back to the system, where it keeps it (glibc).

    Else arrays of some megabytes, freed by one stage, may leave no room for those of
    the next: a quarter of the peak on a million records.
    """
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _c_library() -> object:
    """Return the C library that the process runs on; `None` where there is no glibc."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # noqa: PLC0415  only large runs need it

    return ctypes.CDLL(None)


def peak_memory() -> int | None:
    """Return the most memory the process has held so far, in bytes.

    `None` where the system does not tell (Windows).

    Examples:
        >>> (peak_memory() or 10**7) > 10**6
        True
    """
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:  # pragma: no cover
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, other systems kilobytes (getrusage(2)).
    return peak if sys.platform == "darwin" else peak * 1024


def available_memory() -> int | None:
    """Return how much memory may still be taken, in bytes.

    What Linux has free or can free, less where a container's limit leaves less; all
    that is built in on other Unix systems; `None` where nothing tells.

    Examples:
        >>> (available_memory() or 10**9) > 0
        True
    """
    known = [size for size in (_free(), _left_to_container()) if size is not None]
    return min(known, default=None)


def _free() -> int | None:
    if _MEMINFO.exists():
        matched = re.search(r"MemAvailable:\s+(\d+) kB", _MEMINFO.read_text("ascii"))
        if matched:
            return int(matched[1]) * 1024
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has none of it
        return None


def _left_to_container() -> int | None:
    """Return what the limit of the control group leaves; `None` without a limit."""
    try:
        limit, held = (
            (_CGROUP / name).read_text("ascii").strip()
            for name in ("memory.max", "memory.current")
        )
    except OSError:
        return None
    return max(int(limit) - int(held), 0) if limit.isdigit() else None
