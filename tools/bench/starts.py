"""How long a start takes until the first suggestion, and what the processes hold."""

from __future__ import annotations

import os
import re
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.connection import ask, encode
from tools.bench.processes import descendants, memory
from tools.bench.service import LIKED, command, serving

MEGABYTE: Final = 1_000_000
N_LATER: Final = 3
N_REQUESTS: Final = 400

#: How many targets there are.
N_STARTS: Final = 4

FIRST_SECONDS: Final = 10.0
LATER_SECONDS: Final = 2.0
PRIVATE_BYTES: Final = 150 * MEGABYTE
PROPORTIONAL_BYTES: Final = 200 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Starts:
    """Starts and memory.

    Attributes:
        first: Seconds until the first suggestion with an empty data folder: it is trained first.
        later: The same with a trained model, the median.
        training_peak: What the process that trains holds at most, in bytes (RSS).
        private: What each of two workers holds alone at most (USS), in bytes, after some requests.
        proportional: The same with its share of what both use (PSS).
    """

    first: float
    later: float
    training_peak: int
    private: int
    proportional: int

    def missed(self) -> list[str]:
        """The targets that are missed, in words."""
        targets = (
            ("the first start", self.first, FIRST_SECONDS, "s"),
            ("a later start", self.later, LATER_SECONDS, "s"),
            ("a worker's own memory", self.private, PRIVATE_BYTES, "bytes"),
            ("a worker's memory", self.proportional, PROPORTIONAL_BYTES, "bytes"),
        )
        return [
            f"{name}: {value:,.1f} {unit}, at most {most:,.0f}"
            for name, value, most, unit in targets
            if value > most
        ]


def measure_starts(data_dir: Path, cores: set[int]) -> Starts:
    """Measures; the data folder is empty before, and has a model afterwards.

    Args:
        data_dir: The folder.
        cores: What the service may use.
    """
    peaks: dict[int, int] = {}
    with _watched(peaks):
        first = _start(data_dir, cores)
    later = statistics.median(_start(data_dir, cores) for _ in range(N_LATER))
    # One alone would count the model's pages, which any number of workers share, as its own.
    with serving(data_dir, command(2, "tonight.web.app:create_app"), cores=cores) as service:
        for number in range(N_REQUESTS):
            ask(service.port, encode(f"/movie?seed={number}&genre=Drama&like={LIKED[number % 20]}"))
        held = [memory(worker) for worker in service.workers()]
    return Starts(
        first,
        later,
        max(peaks.values()),
        max(worker.private for worker in held),
        max(worker.proportional for worker in held),
    )


def _start(data_dir: Path, cores: set[int]) -> float:
    begin = time.perf_counter()
    arguments = command(1, "tonight.web.app:create_app")
    with serving(data_dir, arguments, cores=cores, first=encode("/movie")):
        return time.perf_counter() - begin


@contextmanager
def _watched(peaks: dict[int, int]) -> Iterator[None]:
    """Notes the most that each process below this one has held."""
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            for process in descendants(os.getpid()):
                with suppress(OSError, TypeError):
                    status = Path(f"/proc/{process}/status").read_text()
                    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
                    if found is not None:
                        peaks[process] = 1024 * int(found[1])

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
