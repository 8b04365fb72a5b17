"""A PostgreSQL of our own in a folder, made with the machine's own programs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.ports import free_port

_DEBIAN: Final = Path("/usr/lib/postgresql")


def find_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, the newest version; ``None`` without any."""
    in_path = shutil.which("pg_ctl")
    if in_path:
        return Path(in_path).resolve().parent
    versions = sorted(
        (folder for folder in _DEBIAN.glob("*/bin") if (folder / "pg_ctl").exists()),
        key=lambda folder: float(folder.parent.name),
    )
    return versions[-1] if versions else None


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A database server that listens on 127.0.0.1 only.

    Attributes:
        programs: Where its programs are.
        folder: Its data; belongs to the user postgres where we are root, which it refuses to be.
        port: Where it listens.
    """

    programs: Path
    folder: Path
    port: int

    @classmethod
    def create(
        cls, folder: Path, programs: Path | None = None, port: int | None = None
    ) -> PostgreSQL:
        """Makes an empty one; it does not run yet.

        Raises:
            FileNotFoundError: PostgreSQL is not installed.
        """
        programs = programs or find_programs()
        if programs is None:
            raise FileNotFoundError("PostgreSQL's programs are not installed (postgresql-15)")
        server = cls(programs, folder, port or free_port())
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server._run(
            "initdb",
            *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
            *("--no-sync", "--wal-segsize=1"),
        )
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {server.port}\nlisten_addresses = '127.0.0.1'\n"
                "unix_socket_directories = ''\nshared_buffers = 16MB\n"
                "min_wal_size = 2MB\nmax_wal_size = 8MB\n"
            )
        return server

    @property
    def url(self) -> str:
        """How the service reaches it directly."""
        return self.url_through(self.port)

    def url_through(self, port: int) -> str:
        """How the service reaches it through something that listens at another port."""
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        """Starts it and waits until it takes connections; nothing happens when it runs."""
        if not self._runs():
            self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self.folder}/server.log")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; ``immediate`` is a crash. Nothing happens when it does not run."""
        if self._runs():
            self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def kill(self) -> None:
        """Ends all its processes at once, as the loss of power would."""
        killed = self._signal(signal.SIGKILL)
        deadline = time.monotonic() + 30
        while any(_lives(process) for process in killed) and time.monotonic() < deadline:
            time.sleep(0.02)
        # Where nobody collects the dead, pg_ctl would take the server for a living one.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def pause(self) -> None:
        """Lets it stand still: connections stay open, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> list[int]:
        """Sends a signal to all its processes; returns them. Some may have ended meanwhile."""
        processes = self._processes()
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        return processes

    def _processes(self) -> list[int]:
        """The server and its children; none when it does not run."""
        try:
            server = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return []
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # After the name, which may hold anything: state, then the parent.
                state, parent = status.read_text().rpartition(")")[2].split()[:2]
                process = int(status.parent.name)
                if server in (process, int(parent)) and state != "Z":
                    found.append(process)
        return found

    def _runs(self) -> bool:
        return self._code("pg_ctl", "status") == 0

    def _run(self, program: str, *arguments: str) -> None:
        code = self._code(program, *arguments)
        if code:
            raise RuntimeError(f"{program} {' '.join(arguments)} ended with {code}")

    def _code(self, program: str, *arguments: str) -> int:
        command = [str(self.programs / program), *arguments, f"--pgdata={self.folder}"]
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            command = [
                *("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"),
                *("--init-groups", *command),
            ]
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            # A file, not a pipe: the server inherits it and would keep a pipe open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
        return done.returncode


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
