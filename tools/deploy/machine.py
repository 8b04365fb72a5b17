"""The slots of compose.yaml on this machine: what runs in them, and what is done with them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.compose import Stack
from tools.containers import docker
from tools.deploy.images import release_of
from tools.deploy.live import SERVICES, Slot, StoppedError
from tools.deploy.records import Release

#: How long a stop may take; compose.yaml says so too.
_STOP_SECONDS: Final = 40

#: Runs inside, where the port of the metrics is.
_METRICS: Final = (
    "import urllib.request as r; "
    "print(r.urlopen('http://127.0.0.1:9464/metrics', timeout=5).read().decode())"
)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a release follows another.

    Attributes:
        stack: What runs by compose.yaml.
        place: See ``live.folder``.
    """

    stack: Stack
    place: Path

    def running(self, slot: Slot) -> Release:
        """The release in a slot, whether or not it answers.

        Raises:
            StoppedError: There is none.
        """
        container = self.container(slot)
        if not container:
            raise StoppedError("Nothing is in use here yet: make up")
        return release_of(docker("inspect", "--format", "{{.Image}}", container))

    def front(self) -> str:
        """Where requests of others come in.

        Raises:
            StoppedError: The proxy does not run.
        """
        return self._proxy(8000)

    def waiting(self) -> str:
        """Where the slot that takes no requests can be asked."""
        return self._proxy(8001)

    def back_up(self, release: Release) -> None:
        """Makes a backup with a release.

        Raises:
            StoppedError: There is none.
        """
        self._once(release, "backup", "tonight", "db", "backup", otherwise="no backup was made")

    def migrate(self, release: Release) -> None:
        """Brings the database to the schema of a release; all steps of it, or none.

        Raises:
            StoppedError: Nothing was changed.
        """
        self._once(release, "migrations", otherwise="its migration failed, and changed nothing")

    def start(self, slot: Slot, release: Release) -> None:
        """Starts a release in a slot, anew when something is there."""
        service = SERVICES[slot]
        stack = self.stack.of(release.image)
        stack.quietly("rm", "--stop", "--force", service)
        stack.quietly("up", "--detach", "--no-deps", f"--scale={service}=1", service)

    def why_gone(self, slot: Slot) -> str | None:
        """Why a slot's release does not run, or not any more; ``None`` while it does."""
        container = self.container(slot)
        if not container:
            return "its container is gone"
        state = json.loads(docker("inspect", "--format", "{{json .}}", container))
        if state["State"]["Running"] and not state["RestartCount"]:
            return None
        # Not with which code: it may have been started again meanwhile.
        return f"it ended, saying {docker('logs', '--tail=1', container, error_too=True)!r}"

    def metrics(self, slot: Slot) -> str:
        """What a slot's release says on its own listener.

        Raises:
            StoppedError: Nothing.
        """
        try:
            return docker("exec", self.container(slot), "python", "-c", _METRICS)
        except subprocess.CalledProcessError as error:
            raise StoppedError("its metrics cannot be read") from error

    def stop(self, slot: Slot) -> None:
        """Has a slot finish what it has begun, and stop; its container and its log stay."""
        self.stack.quietly("stop", f"--timeout={_STOP_SECONDS}", SERVICES[slot])

    def follow(self, release: Release) -> None:
        """Has the daily backup made by a release: the one whose schema the database has."""
        if self.stack.read("ps", "--quiet", "backup").strip():
            self.stack.of(release.image).quietly("up", "--detach", "--no-deps", "backup")

    def container(self, slot: Slot) -> str:
        """A slot's container, also one that has stopped; nothing when there is none."""
        found = self.stack.read("ps", "--all", "--quiet", SERVICES[slot]).split()
        return found[0] if found else ""

    def _proxy(self, port: int) -> str:
        try:
            return self.stack.address("proxy", port)
        except subprocess.CalledProcessError as error:
            raise StoppedError("The proxy does not run: make up") from error

    def _once(self, release: Release, *command: str, otherwise: str) -> None:
        """Runs a command in a container of its own, which is removed afterwards."""
        try:
            self.stack.of(release.image).quietly("run", "--rm", "--no-deps", "--no-TTY", *command)
        except subprocess.CalledProcessError as error:
            last = error.stderr.strip().splitlines()[-1:]
            raise StoppedError(f"{otherwise}: {''.join(last)}") from error
