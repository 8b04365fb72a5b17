"""How the workers of one service speak for each other; see decision 0016.

Each worker takes a number, and answers with its metrics on a Unix socket. Whoever is asked for
all of them asks each, and keeps what it heard in a file: a worker that was killed is still counted,
and the one who takes its number goes on from there. So no sum ever falls.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final

from tonight.observability import metrics
from tonight.observability.logs import change_level
from tonight.observability.registry import Metric, State, merged

logger = logging.getLogger(__name__)

MAX_WORKERS: Final = 64

#: How long a worker may take to answer. It does so in a thread of its own.
_SECONDS: Final = 5.0
_STATE: Final = b"state\n"
#: The file that says when the first worker of all has started.
_STARTED: Final = "started"


class Worker:
    """This process, as one of the service's workers.

    Args:
        folder: Where the workers of one service find each other; see ``meeting_place``.
        refresh: Sets the gauges anew.

    Attributes:
        number: Between 0 and the number of workers; taken by one process at a time.
    """

    def __init__(self, folder: Path, refresh: Callable[[], None]) -> None:
        self._folder = folder
        self._refresh = refresh
        self._socket: socket.socket | None = None
        self._lock_file: IO[str] | None = None
        self.number = 0

    def start(self) -> None:
        """Takes a number and answers from now on.

        Raises:
            OSError: The folder cannot be used.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        found = self._folder.lstat()
        if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
            raise PermissionError(f"{self._folder} belongs to somebody else")
        self.number, self._lock_file = self._take_number()
        if not any(_is_taken(self._file(n, "lock")) for n in self._others()):
            # The first of all: what lies here is of a service that has ended.
            for old in self._folder.glob("*.json"):
                old.unlink(missing_ok=True)
            (self._folder / _STARTED).write_text(str(time.time()), "ascii")
        for name, state in self._kept(self.number).items():
            metric = metrics.ALL.get(name)
            if metric is not None and metric.kind != "gauge":
                metric.take(state)
        path = self._file(self.number, "sock")
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(16)
        threading.Thread(target=self._answer, name="metrics", daemon=True).start()

    def stop(self) -> None:
        """Leaves what was counted to the others, and the number to the next."""
        if self._socket is None or self._lock_file is None:
            return
        with contextlib.suppress(OSError):
            self._keep(self.number, self.state())
        stopped, self._socket = self._socket, None
        stopped.close()
        self._file(self.number, "sock").unlink(missing_ok=True)
        self._lock_file.close()

    @property
    def service_started(self) -> float:
        """When the service has started, whichever workers have come and gone since."""
        try:
            return float((self._folder / _STARTED).read_text("ascii"))
        except (OSError, ValueError):
            return time.time()

    def state(self) -> dict[str, State]:
        """What this worker has measured."""
        self._refresh()
        return {name: metric.state() for name, metric in metrics.ALL.items()}

    def merged(self) -> dict[str, Metric]:
        """What all workers have measured, those that have ended included."""
        living: list[Mapping[str, State]] = []
        gone: list[Mapping[str, State]] = []
        for number in range(MAX_WORKERS):
            if not self._file(number, "lock").exists():
                continue
            state = self.state() if number == self.number else self._ask_for_state(number)
            if state is None:
                gone.append(self._kept(number))
                continue
            self._keep(number, state)
            resident = state[metrics.WORKER_RESIDENT.name]
            state = {
                **state,
                metrics.WORKER_RESIDENT.name: [[[str(number)], one[1]] for one in resident],
            }
            living.append(state)
        result = merged(metrics.ALL.values(), living, gone)
        result[metrics.WORKERS.name].clear()
        result[metrics.WORKERS.name].put(len(living))
        return result

    def change_level(self, level: str) -> int:
        """Changes what all workers log, at once.

        Returns:
            How many have done so.

        Raises:
            ValueError: There is no such level.
        """
        change_level(level)
        others = (self._ask(number, f"level {level}\n".encode()) for number in self._others())
        return 1 + sum(answer is not None for answer in others)

    def _others(self) -> list[int]:
        numbers = (n for n in range(MAX_WORKERS) if self._file(n, "lock").exists())
        return [number for number in numbers if number != self.number]

    def _file(self, number: int, ending: str) -> Path:
        return self._folder / f"{number}.{ending}"

    def _take_number(self) -> tuple[int, IO[str]]:
        for number in range(MAX_WORKERS):
            file = self._file(number, "lock").open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            return number, file
        raise OSError(f"there are {MAX_WORKERS} workers already")

    def _kept(self, number: int) -> dict[str, State]:
        try:
            state = json.loads(self._file(number, "json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def _keep(self, number: int, state: Mapping[str, State]) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state, file)
        Path(name).replace(self._file(number, "json"))

    def _ask_for_state(self, number: int) -> dict[str, State] | None:
        answer = self._ask(number, _STATE)
        if not answer:
            return None
        try:
            state = json.loads(answer)
        except ValueError:
            return None  # it ended in the middle of its answer
        return state if isinstance(state, dict) else None

    def _ask(self, number: int, question: bytes) -> bytes | None:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_SECONDS)
                connection.connect(str(self._file(number, "sock")))
                connection.sendall(question)
                pieces = []
                while piece := connection.recv(1 << 16):
                    pieces.append(piece)
                return b"".join(pieces)
        except OSError:
            return None

    def _answer(self) -> None:
        listening = self._socket
        while listening is not None:
            try:
                connection, _ = listening.accept()
            except OSError:
                if self._socket is None:
                    return  # the worker stops
                time.sleep(0.1)  # too many files are open, say
                continue
            try:
                with connection:
                    self._answer_one(connection)
            except OSError:
                pass  # who asked has gone
            except Exception:
                # Whatever goes wrong with one answer, the next one is given: a worker that is
                # silent would keep every scrape waiting.
                logger.exception("a worker could not say what it has measured")

    def _answer_one(self, connection: socket.socket) -> None:
        connection.settimeout(_SECONDS)
        question = connection.recv(100)
        if question == _STATE:
            connection.sendall(json.dumps(self.state()).encode())
        elif question.startswith(b"level "):
            with contextlib.suppress(ValueError):
                change_level(question[6:].decode().strip())
                connection.sendall(b"done")


def meeting_place(data_dir: Path, port: int) -> Path:
    """Where the workers of one service find each other: those with the same data and port.

    The name is short, as that of a Unix socket must be.

    Raises:
        FileNotFoundError: No folder for temporary files can be written.
    """
    key = hashlib.sha256(f"{data_dir.resolve()}:{port}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tonight-{os.geteuid()}-{key}"


def _is_taken(lock: Path) -> bool:
    with contextlib.suppress(OSError), lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
