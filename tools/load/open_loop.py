"""Requests that come when they come, however long the ones before them take.

Viewers do not wait for each other. So a request's latency counts from the moment when it was due:
what waits in front of a service that is too slow is not left out of the figures.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.bench.connection import take_answer

#: Far more than the service takes at once: the rest waits here, and its time counts.
MAX_CONNECTIONS: Final = 2_000

#: How long the last answers are waited for.
PATIENCE_SECONDS: Final = 10.0

#: The status of a request that nobody has answered.
NO_ANSWER: Final = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of the requests, in the order in which they were due.

    Attributes:
        due: When each was due, in seconds from the beginning, float of shape (n,).
        seconds: From then to the whole answer, float of shape (n,).
        status: HTTP's, or ``NO_ANSWER``; integers of shape (n,).
        kind: Which request it was, as an index; integers of shape (n,).
    """

    due: NDArray[np.float64]
    seconds: NDArray[np.float64]
    status: NDArray[np.int64]
    kind: NDArray[np.int64]

    def only(self, mask: NDArray[np.bool_]) -> Answers:
        """Some of them."""
        return Answers(self.due[mask], self.seconds[mask], self.status[mask], self.kind[mask])

    @property
    def taken(self) -> Answers:
        """Those that were answered as they should be."""
        return self.only((self.status >= 200) & (self.status < 400))

    @property
    def turned_away(self) -> Answers:
        """Those that the service, being full, has refused."""
        return self.only(self.status == 503)

    def quantile(self, q: float) -> float:
        """A quantile of the seconds; not a number of none."""
        return float(np.quantile(self.seconds, q)) if len(self.seconds) else float("nan")


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)
    request: int | None = None
    is_connected: bool = False


def arrivals(
    phases: Sequence[tuple[float, float]], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Moments at which independent viewers ask.

    Args:
        phases: Requests a second, and for how many seconds, one phase after the other.
        rng: Where the chance comes from.
    """
    moments: list[NDArray[np.float64]] = []
    begin = 0.0
    for rate, seconds in phases:
        n = rng.poisson(rate * seconds)
        moments.append(begin + np.sort(rng.uniform(0, seconds, n)))
        begin += seconds
    return np.concatenate(moments)


def send(
    port: int,
    due: NDArray[np.float64],
    requests: Sequence[bytes],
    kinds: NDArray[np.int64],
) -> Answers:
    """Sends each request when it is due, and takes the answers as they come.

    Args:
        port: Where the service listens.
        due: Seconds from now, in ascending order, shape (n,).
        requests: Their bytes, as many.
        kinds: What each is an example of, shape (n,).
    """
    with selectors.EpollSelector() as selector:
        sender = _Sender(port, due, requests, selector)
        sender.run()
    return Answers(due, sender.seconds, sender.status, kinds)


class _Sender:
    """Many connections in one thread."""

    def __init__(
        self,
        port: int,
        due: NDArray[np.float64],
        requests: Sequence[bytes],
        selector: selectors.BaseSelector,
    ) -> None:
        self._port = port
        self._due = due
        self._requests = requests
        self._selector = selector
        self._waiting: deque[int] = deque()
        self._idle: list[_Client] = []
        self._n_open = self._n_next = self._n_done = 0
        self._begin = time.perf_counter()
        self.seconds = np.full(len(due), np.nan)
        self.status = np.full(len(due), NO_ANSWER)

    def run(self) -> None:
        """Sends and receives until all is answered, or nobody believes in it any more."""
        end = (float(self._due[-1]) if len(self._due) else 0.0) + PATIENCE_SECONDS
        while self._n_done < len(self._due) and self._now() < end:
            self._send_what_is_due()
            for key, _ in self._selector.select(self._pause()):
                if key.data.is_connected:
                    self._receive(key.data)
                else:
                    self._begin_to_use(key.data)
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()

    def _now(self) -> float:
        return time.perf_counter() - self._begin

    def _pause(self) -> float:
        if self._n_next == len(self._due):
            return 0.1
        return max(0.0, float(self._due[self._n_next]) - self._now())

    def _send_what_is_due(self) -> None:
        now = self._now()
        while self._n_next < len(self._due) and self._due[self._n_next] <= now:
            self._waiting.append(self._n_next)
            self._n_next += 1
        while self._waiting and (self._idle or self._n_open < MAX_CONNECTIONS):
            client = self._idle.pop() if self._idle else self._open()
            client.request = self._waiting.popleft()
            if client.is_connected:
                client.socket.send(self._requests[client.request])

    def _open(self) -> _Client:
        # Never waited for: a service that is slow to accept must not keep the others from asking.
        client = _Client(socket.socket())
        client.socket.setblocking(False)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.socket.connect_ex(("127.0.0.1", self._port))
        self._selector.register(client.socket, selectors.EVENT_WRITE, client)
        self._n_open += 1
        return client

    def _begin_to_use(self, client: _Client) -> None:
        if client.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._lose(client)
            return
        client.is_connected = True
        self._selector.modify(client.socket, selectors.EVENT_READ, client)
        if client.request is not None:
            client.socket.send(self._requests[client.request])

    def _lose(self, client: _Client) -> None:
        self._close(client)
        if client.request is None:
            self._idle.remove(client)
        else:
            # As any client does whose connection was closed between two requests.
            self._waiting.appendleft(client.request)

    def _close(self, client: _Client) -> None:
        self._selector.unregister(client.socket)
        client.socket.close()
        self._n_open -= 1

    def _receive(self, client: _Client) -> None:
        try:
            piece = client.socket.recv(1 << 16)
        except ConnectionError:
            piece = b""
        if not piece:
            self._lose(client)
            return
        client.received += piece
        answer = take_answer(client.received)
        if answer is None or client.request is None:
            return
        self.seconds[client.request] = self._now() - self._due[client.request]
        self.status[client.request] = answer.status
        self._n_done += 1
        client.request = None
        if answer.closes:
            self._close(client)
        else:
            self._idle.append(client)
