"""The real service in processes of its own, on cores of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.connection import ask, encode
from tools.bench.processes import cpu_seconds, descendants, on_cores
from tools.ports import free_port

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 120
STOP_SECONDS: Final = 30

#: The limit is at work, and never reached: what it costs is part of a request.
NEVER_REACHED: Final = "1000000000"

#: Films that somebody may well like, for viewers of whom something is known.
LIKED: Final = (
    *("alien-1979", "heat-1995", "fargo-1996", "casablanca-1942", "toy-story-1995"),
    *("the-matrix-1999", "psycho-1960", "parasite-2019", "amelie-2001", "goodfellas-1990"),
    *("aliens-1986", "jaws-1975", "titanic-1997", "frozen-2013", "pretty-woman-1990"),
    *("pulp-fiction-1994", "vertigo-1958", "seven-1995", "chinatown-1974", "up-2009"),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        process: The process that was started; workers are its children.
    """

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in descendants(self.process.pid) if _is_worker(pid)] or [
            self.process.pid
        ]

    def cpu_clock(self) -> float:
        """The seconds of CPU time that its workers have spent."""
        return sum(map(cpu_seconds, self.workers()))


def command(n_workers: int = 1, app: str = "tools.bench.app:create_app") -> list[str]:
    """How the service is started: as ``tonight serve`` does."""
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", app, f"--workers={n_workers}"),
        *("--http", "tonight.web.http_protocol:BoundedHttpProtocol", "--loop", "asyncio"),
        *("--no-proxy-headers", "--no-server-header", "--no-access-log"),
    ]


@contextmanager
def serving(
    data_dir: Path,
    arguments: Sequence[str],
    *,
    cores: set[int],
    environment: Mapping[str, str] | None = None,
    first: bytes | None = None,
    root: Path = ROOT,
) -> Iterator[Service]:
    """Starts the service, and stops it at the end.

    Args:
        data_dir: Its data folder.
        arguments: The command without the port.
        cores: Where it may run.
        environment: More variables.
        first: The request whose answer is waited for; by default whether it is alive.
        root: The project that is served.

    Raises:
        RuntimeError: It does not start; says what it printed.
    """
    port = free_port()
    log = data_dir / "bench.log"
    with log.open("ab") as output, on_cores(cores):
        process = subprocess.Popen(
            [*arguments, f"--port={port}"],
            cwd=root,
            env={
                **os.environ,
                "TONIGHT_DATA_DIR": str(data_dir),
                "TONIGHT_RATE_LIMIT_PER_MINUTE": NEVER_REACHED,
                "TONIGHT_TIMEZONE": "UTC",
                **(environment or {}),
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(process, port, first or encode("/healthz"), log)
        yield Service(port, process)
    finally:
        _stop(process)


def viewer(port: int, movie_ids: Sequence[str]) -> dict[str, str]:
    """Lets a new viewer like some films; gives the cookies by which he is known."""
    cookies: dict[str, str] = {}
    for movie_id in movie_ids:
        body = json.dumps({"movie_id": movie_id, "kind": "liked"}).encode()
        answer = ask(port, encode("/api/v1/feedback", method="POST", cookies=cookies, body=body))
        if answer.status != 201:
            raise RuntimeError(f"{movie_id}: status {answer.status}: {answer.body[:500]!r}")
        cookies |= answer.cookies()
    return cookies


def _is_worker(pid: int) -> bool:
    """Whether a child of the service is one of its workers, and no helper of Python's."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return any(b"spawn_main" in argument for argument in arguments)


def _wait(process: subprocess.Popen[bytes], port: int, request: bytes, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if ask(port, request).status == 200:
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the service does not start:\n{log.read_text()[-4_000:]}")
        time.sleep(0.01)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
