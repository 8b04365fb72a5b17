"""Programs that run beside this one, each with its log, and ended with all their children."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class NotReadyError(Exception):
    """Something that was waited for has not come."""


def wait_until(
    condition: Callable[[], bool], what: str, *, seconds: float = 60, every: float = 0.1
) -> float:
    """Waits until a condition holds.

    Args:
        condition: What is looked at; an ``OSError`` means that it does not hold yet.
        what: What is waited for, for the error.
        seconds: How long at most.
        every: The pause between two looks.

    Returns:
        How many seconds it took.

    Raises:
        NotReadyError: It still does not hold.
    """
    begin = time.monotonic()
    while True:
        try:
            if condition():
                return time.monotonic() - begin
        except OSError:
            pass
        if time.monotonic() - begin > seconds:
            raise NotReadyError(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)


@dataclass(slots=True)
class Program:
    """A program that can be started again and again.

    Attributes:
        command: With its arguments.
        log: The file of what it prints.
        environment: Added to this process's own at each start, read anew each time.
        stop_signal: What ends it in order.
        cwd: Where it runs.
    """

    command: Sequence[str]
    log: Path
    environment: Callable[[], Mapping[str, str]] = field(default=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    cwd: Path | None = None
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number; it must have been started."""
        assert self._process is not None  # noqa: S101 - a mistake of the caller
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it, if it does not run already."""
        if self.is_running():
            return
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                list(self.command),
                cwd=self.cwd,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def stop(self, seconds: float = 20) -> None:
        """Ends it in order, and by force what is left of it after some seconds."""
        if self._process is None:
            return
        if self.is_running():
            self._process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def reload(self) -> None:
        """Tells it to begin anew without stopping."""
        os.kill(self.pid, signal.SIGHUP)

    def tail(self, lines: int = 30) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, the oldest first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(parts[1]) == pid:
            found.append(int(stat.parent.name))
    return sorted(found)
