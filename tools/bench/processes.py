"""What processes cost: CPU time and memory, as the kernel counts them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a process, in bytes.

    Attributes:
        private: What it alone uses (USS).
        proportional: The same, and its share of what it uses together with others (PSS).
        resident: All of its pages that are in memory (RSS).
    """

    private: int
    proportional: int
    resident: int


def cpu_seconds(pid: int) -> float:
    """What a process has spent, user and system, all its threads, to the nanosecond.

    ``/proc/PID/stat`` counts the same in hundredths of a second, which is too coarse for a short
    run.
    """
    clock = ctypes.c_int()
    error = _libc.clock_getcpuclockid(pid, ctypes.byref(clock))
    if error:
        raise ProcessLookupError(error, os.strerror(error), str(pid))
    return time.clock_gettime(clock.value)


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have.

    Those that end while they are counted are left out.
    """
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return found
    for task in tasks:
        # A thread that has ended meanwhile has left no file, or one that cannot be read.
        with contextlib.suppress(OSError):
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found


def memory(pid: int) -> Memory:
    """What a process holds at this moment."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    lines = re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)
    kilobytes = {name: int(value) for name, value in lines}
    return Memory(
        private=1024 * (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]),
        proportional=1024 * kilobytes["Pss"],
        resident=1024 * kilobytes["Rss"],
    )


def cores() -> tuple[set[int], set[int]]:
    """The cores for the service and for the load: different ones wherever there are two."""
    usable = sorted(os.sched_getaffinity(0))
    return {usable[0]}, {usable[-1]}


@contextmanager
def on_cores(wanted: set[int]) -> Iterator[None]:
    """Keeps this thread, and what is started inside, on some cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, wanted)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
