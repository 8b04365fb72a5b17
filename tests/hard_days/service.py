"""The real service in a process of its own, under conditions that a test sets."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.ports import free_port

ROOT: Final = Path(__file__).parents[2]

#: The service as ``tonight serve`` starts it, without the command line around it.
UVICORN: Final = (
    sys.executable,
    "-m",
    "uvicorn",
    "main:app",
    "--http",
    "tonight.web.http_protocol:BoundedHttpProtocol",
)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        log: The file of what it prints.
    """

    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def say(self, raw: bytes, patience_seconds: float = 10) -> bytes:
        """Sends raw bytes on a connection of their own; returns what comes back until its end."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.settimeout(patience_seconds)
            try:
                connection.sendall(raw)
                while piece := connection.recv(65_536):
                    answer += piece
            except ConnectionError:
                pass  # it was cut; what came before counts
        return answer


@contextmanager
def running(
    data_dir: Path,
    log: Path,
    *,
    command: Sequence[str] = UVICORN,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    """The service, from its first answer on; killed at the end with all its children."""
    service = Service(free_port(), log)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--port", str(service.port)],
            cwd=cwd,
            env=environment_of(data_dir, environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 120
        while not service_answers(service.port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield service
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a service with all its children, which are its process group."""
    if process.poll() is None and "COVERAGE_PROCESS_CONFIG" in os.environ:
        # Where it is measured what is run, a process writes that down when it ends by itself.
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def failing(
    data_dir: Path,
    *,
    command: Sequence[str] = UVICORN,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> tuple[int, str]:
    """Starts a service that cannot start; returns its exit code and what it printed."""
    done = subprocess.run(
        [*command, "--port", str(port or free_port())],
        cwd=cwd,
        env=environment_of(data_dir, environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def environment_of(data_dir: Path, more: Mapping[str, str] | None) -> dict[str, str]:
    """The environment of a service in a data folder."""
    return {
        **os.environ,
        "TONIGHT_DATA_DIR": str(data_dir),
        "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
        "TONIGHT_TIMEZONE": "UTC",
        **(more or {}),
    }


def service_answers(port: int) -> bool:
    """Whether something answers at a port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            return b"200" in connection.recv(100)
    except OSError:
        return False
