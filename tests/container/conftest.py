"""The real image in a real engine.

Without an engine the tests are skipped with the reason, but fail where CI is set: a pipeline that
skips them would look green without having looked.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2 as httpx
import pytest

from tools import containers, image
from tools.containers import docker

#: What a careful host gives it, and no more.
HARDENED = (
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--pids-limit=100",
)
PORT = 8000


@dataclass(frozen=True, slots=True)
class Container:
    """A container that runs.

    Attributes:
        name: The engine's name of it.
        url: Where its published port is.
    """

    name: str
    url: str

    def execute(self, *command: str) -> str:
        """Runs a command in it; returns what it printed."""
        return docker("exec", self.name, *command)

    def fails(self, *command: str) -> bool:
        """Whether a command in it fails."""
        try:
            self.execute(*command)
        except subprocess.CalledProcessError:
            return True
        return False

    def state(self, what: str) -> str:
        """A part of its state, such as ``ExitCode``."""
        return docker("inspect", "--format", f"{{{{.State.{what}}}}}", self.name)

    def logs(self) -> str:
        """All that it has said, on either stream."""
        return docker("logs", self.name, error_too=True)


def until(condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Waits for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether it takes requests."""
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def running(name: str, *options: str, port: int = PORT) -> Iterator[Container]:
    """A container of an image that takes requests; it is removed with its volumes afterwards."""
    started = docker("run", "--detach", f"--publish=127.0.0.1::{port}", *options, name)
    try:
        address = docker("port", started, str(port)).splitlines()[0]
        container = Container(started, f"http://{address}")
        try:
            until(lambda: answers(container.url), "it takes requests")
        except AssertionError:
            pytest.fail(container.logs())
        yield container
    finally:
        docker("rm", "--force", "--volumes", started)


def is_published(name: str) -> bool:
    """Whether a registry answers that has an image."""
    try:
        docker("pull", "--quiet", image.reference(name))
    except subprocess.CalledProcessError:
        return False
    return True


@pytest.fixture(scope="session")
def built() -> str:
    """The image of this commit, on the published base or, without a registry, on its stand-in."""
    if not containers.is_there():
        if "CI" in os.environ:
            pytest.fail(containers.NO_ENGINE)
        pytest.skip(containers.NO_ENGINE)
    return image.build(on_stand_in=not is_published(image.base_name()))


@pytest.fixture(scope="session")
def hardened(built: str) -> Iterator[Container]:
    """A container with nothing that it does not need; several tests look at it."""
    with running(built, *HARDENED) as container:
        yield container
