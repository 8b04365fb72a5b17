"""A few clients that each send their next request once the last one is answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tools.bench.connection import connect, take_answer


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a case.

    Attributes:
        n_requests: How many were answered.
        cpu_seconds: What the service's processes spent on them.
        latencies: Seconds from sending to the whole answer, float of shape (n_requests,).
    """

    n_requests: int
    cpu_seconds: float
    latencies: NDArray[np.float64]

    @property
    def cpu_per_request(self) -> float:
        """Seconds of CPU time for each request."""
        return self.cpu_seconds / self.n_requests


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    received: bytearray
    sent_at: float


def run(
    port: int,
    request: bytes | Sequence[bytes],
    *,
    seconds: float,
    cpu_clock: Callable[[], float],
    n_clients: int = 4,
) -> Run:
    """Sends a request, or several in turn, over and over for some time.

    Args:
        port: Where the service listens.
        request: The bytes of the request, or of each.
        seconds: For how long.
        cpu_clock: What the service has spent so far, in seconds.
        n_clients: How many connections are kept busy at once.

    Raises:
        RuntimeError: An answer has another status than 200.
    """
    latencies: list[float] = []
    following = cycle([request] if isinstance(request, bytes) else request)
    with selectors.EpollSelector() as selector:
        for _ in range(n_clients):
            client = _Client(connect(port, blocking=False), bytearray(), 0.0)
            selector.register(client.socket, selectors.EVENT_READ, client)
        clients = [cast("_Client", key.data) for key in selector.get_map().values()]
        cpu_before = cpu_clock()
        end = time.perf_counter() + seconds
        for client in clients:
            client.sent_at = time.perf_counter()
            client.socket.send(next(following))
        n_waiting = n_clients
        while n_waiting:
            for key, _ in selector.select(timeout=30):
                client = key.data
                client.received += client.socket.recv(1 << 16)
                answer = take_answer(client.received)
                if answer is None:
                    continue
                now = time.perf_counter()
                if answer.status != 200:
                    raise RuntimeError(f"status {answer.status}: {answer.body[:500]!r}")
                latencies.append(now - client.sent_at)
                if now >= end:
                    n_waiting -= 1
                    continue
                client.sent_at = now
                client.socket.send(next(following))
        cpu_seconds = cpu_clock() - cpu_before
        for client in clients:
            client.socket.close()
    return Run(len(latencies), cpu_seconds, np.array(latencies))
