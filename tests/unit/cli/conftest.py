from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tonight.cli.app import app
from tonight.settings import Settings

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _logs_of_one_run() -> Iterator[None]:
    # A run logs to the standard error that its runner gives it and takes back.
    logger = logging.getLogger("tonight")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers.clear()
    yield
    logger.handlers[:], logger.level, logger.propagate = before


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    """A data folder of the test's own, in which the model is already trained."""
    return settings.data_dir


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Runs ``tonight`` with arguments and environment variables."""

    def invoke(*arguments: str, **environment: str) -> Result:
        variables = {"TONIGHT_DATA_DIR": str(data_dir), "TONIGHT_TIMEZONE": "UTC", **environment}
        return CliRunner(env=variables).invoke(app, arguments, prog_name="tonight")

    return invoke


@pytest.fixture(params=[b'{"version": "1.2.3"}'])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that answers every request with the same body."""
    stopped = threading.Event()

    def answer() -> None:
        while True:
            connection, _ = server.accept()
            with connection:
                if stopped.is_set():
                    return
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + request.param)

    with socket.create_server(("127.0.0.1", 0)) as server:
        host = server.getsockname()
        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{host[1]}"
        stopped.set()
        socket.create_connection(host).close()
        thread.join()
