"""How many requests a worker takes on at once, and how it comes to a stop.

The limit is kept by the server's protocol (``http_protocol.py``), where a request that is not yet
begun is seen: most are answered without a pause, so that inside of the application there is hardly
ever more than one, however many wait for their turn.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

logger = logging.getLogger(__name__)

#: Questions after the worker's health, with the names that Dockerflow gives them. They are cheap,
#: and whoever is refused an answer would take the worker for a dead one.
HEALTH_PATHS: Final = ("/healthz", "/readyz", "/__lbheartbeat__", "/__heartbeat__")

#: Under which name the server finds it in the state that the application's start leaves.
STATE: Final = "tonight_capacity"

_SILENT_SECONDS: Final = 60.0


@dataclass(slots=True)
class Capacity:
    """What one worker can take.

    Attributes:
        limit: Requests at once.
        paths: The addresses without parameters, by which refused requests are counted.
        is_draining: Whether it was told to stop.
    """

    limit: int
    paths: frozenset[str] = field(default=frozenset())
    is_draining: bool = False
    _said_at: float = -_SILENT_SECONDS

    @classmethod
    def of(cls, limit: int, paths: frozenset[str]) -> Capacity:
        """With a limit, or with 0 for none."""
        return cls(limit or sys.maxsize, paths)

    def note_full(self) -> None:
        """Says that requests are turned away, now and then."""
        now = time.monotonic()
        if now - self._said_at >= _SILENT_SECONDS:
            self._said_at = now
            logger.warning(
                "%d requests at once are too many: others are turned away",
                self.limit,
                extra={"event": "shedding"},
            )


@contextmanager
def draining_before_the_stop(capacity: Capacity, seconds: float) -> Iterator[None]:
    """Lets a worker that gets SIGTERM first say that it is not ready, and stop some time later.

    Meanwhile everything is answered, and each connection closed after its answer. SIGINT, from a
    terminal, stops at once. Must be entered in the event loop; without a server that has set a
    handler of its own nothing is changed.
    """
    stop = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(stop):
        yield
        return
    loop = asyncio.get_running_loop()

    def begin() -> None:
        # A supervisor and the parent process may both send it.
        if not capacity.is_draining:
            capacity.is_draining = True
            logger.info("stopping in %g seconds", seconds, extra={"event": "stopping"})
            loop.call_later(seconds, stop, signal.SIGTERM, None)

    def on_signal(_: int, __: FrameType | None) -> None:
        loop.call_soon_threadsafe(begin)

    signal.signal(signal.SIGTERM, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
