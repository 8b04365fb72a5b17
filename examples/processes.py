"""A stage as its users have it: a process of its own, asked over the network.

``python -m examples.processes hello --port 8000`` serves one by its own command.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the headers, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Service:
    """A stage that runs; ``printed`` is there once it has stopped."""

    port: int
    process: subprocess.Popen[bytes]
    printed: str = ""


def command_of(stage: str) -> list[str]:
    """The command in the first line of a stage's ``main.py``: what is written is what is run."""
    first = (ROOT / "examples" / stage / "main.py").read_text("utf-8").splitlines()[0]
    found = re.search(r"``(.+)``", first)
    if found is None:
        raise ValueError(f"{stage}: the first line of main.py names no command")
    return shlex.split(found[1])


def ask(port: int, path: str, body: object = None) -> Answer:
    """One request, on a connection of its own; with a body it is a ``POST``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            heads = {"Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body), heads)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())
    finally:
        connection.close()


@contextmanager
def started(stage: str, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Starts a stage by its own command, on a free port, from its first answer on."""
    port = free_port()
    command = [sys.executable, "-m", *command_of(stage), "--port", str(port)]
    with running(command, port, environment) as service:
        yield service


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """Runs a command that serves at a port, from its first answer on until the end of the block.

    Raises:
        RuntimeError: It does not start; says what it printed.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        service = Service(port, process)
        try:
            _wait(service)
            yield service
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            output.seek(0)
            service.printed = output.read().decode()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(service: Service) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(service.port, "/movie")
        except OSError:
            if service.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{service.process.args!r} does not start") from None
            time.sleep(0.02)
        else:
            return


if __name__ == "__main__":
    os.execv(sys.executable, [sys.executable, "-m", *command_of(sys.argv[1]), *sys.argv[2:]])
