"""uvicorn's HTTP protocol with limits: on a request's head, and on how many there are at once.

uvicorn's fast parser takes heads of any size, at a cost that grows with the square of it: a single
header of 100 MB keeps a worker busy for half a minute. And it waits for the rest of a head for as
long as the client likes. This is chosen where the server is started (``http=`` of ``uvicorn.run``);
started otherwise the service does the same work without these limits.

More requests at once than the worker's capacity are answered here, before anything is made of
them: one comparison for each that is taken, and a write of ready bytes for each that is not.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio.trsock import TransportSocket
from functools import cache
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tonight.web import problems
from tonight.web.capacity import HEALTH_PATHS, STATE, Capacity
from tonight.web.negotiation import prefers_html
from tonight.web.observation import UNMATCHED, count_refused
from tonight.web.problems import MEDIA_TYPE, Problem, problem_response
from tonight.web.protection import MAX_HEAD_BYTES, SAFE_METHODS
from tonight.web.security_headers import SECURITY_HEADERS

#: How long a client that was refused may go on sending before the connection is cut: closing at
#: once would throw away the answer together with what is still on its way.
LINGER_SECONDS: Final = 2.0

#: How long the head of a request may take to arrive, from the first byte of the connection on.
HEAD_TIMEOUT_SECONDS: Final = 20.0

_TCP: Final = (socket.AF_INET, socket.AF_INET6)


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection; answers with a problem document what never becomes a request."""

    head_timeout_seconds: float = HEAD_TIMEOUT_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._is_refused = False
        self._capacity: Capacity | None = self.app_state.get(STATE)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the time in which the first head must arrive."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if isinstance(connection, TransportSocket) and connection.family in _TCP:
            # asyncio does not do so for a socket that several workers share: each answer would
            # wait 40 ms for the client to confirm its head.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._stop_head_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parses what has arrived, unless the head has become too large with it."""
        if self._is_refused or self.transport.is_closing():
            return
        if self._in_head and self._head_timer is None:
            self._start_head_timer()
        self._head_bytes += len(data)
        super().data_received(data)
        # Counted afterwards: these bytes may have ended the head, and begun a large body.
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES and not self._is_refused:
            # Before the first header all of it is the address.
            kind = problems.HEADERS_TOO_LARGE if self.headers else problems.QUERY_TOO_LONG
            detail = f"The address and all headers may have {MAX_HEAD_BYTES} bytes together."
            self._refuse(Problem(kind, detail))

    def on_message_begin(self) -> None:
        """Begins a head."""
        super().on_message_begin()
        self._in_head = True
        if self._head_timer is None:
            self._start_head_timer()

    def on_headers_complete(self) -> None:
        """Ends a head."""
        self._in_head = False
        self._stop_head_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Ends a request; what follows on the connection is counted anew."""
        super().on_message_complete()
        self._in_head = True
        self._head_bytes = 0

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begins a request, or turns it away."""
        capacity = self._capacity
        if capacity is not None:
            if capacity.is_draining:
                # The client's next request is better sent elsewhere.
                cycle.keep_alive = False
            if len(self.tasks) >= capacity.limit and cycle.scope["path"] not in HEALTH_PATHS:
                self._turn_away(cycle, capacity)
                return
        super()._start_asgi_task(cycle, app)

    def _turn_away(self, cycle: RequestResponseCycle, capacity: Capacity) -> None:
        scope = cast("dict[str, Any]", cycle.scope)
        path, method = scope["path"], scope["method"]
        count_refused(scope, path if path in capacity.paths else UNMATCHED)
        capacity.note_full()
        accept = dict(scope["headers"]).get(b"accept", b"")[:1_000].decode("latin-1")
        head, body = _overloaded(html=prefers_html(accept))
        # Whoever waits for a word before he sends his body may send it or not: nobody can tell.
        stays = cycle.keep_alive and not cycle.waiting_for_100_continue
        ending = b"\r\n" if stays else b"connection: close\r\n\r\n"
        self.transport.write(head + ending + (b"" if method == "HEAD" else body))
        cycle.response_complete = True
        if stays:
            self.on_response_complete()
        elif method in SAFE_METHODS:
            self.transport.close()
        else:
            self._is_refused = True
            self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP; uvicorn has logged it."""
        if len(getattr(self, "url", b"")) > MAX_HEAD_BYTES:
            # The parser's own limit, for an address that has come in one piece.
            detail = f"The address may have {MAX_HEAD_BYTES} bytes at the very most."
            self._refuse(Problem(problems.QUERY_TOO_LONG, detail))
            return
        self._refuse(Problem(problems.MALFORMED_HTTP, f"{msg} The connection is closed."))

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(self.head_timeout_seconds, self._head_too_slow)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_too_slow(self) -> None:
        self._head_timer = None
        if self._head_bytes == 0:
            self.transport.close()  # nobody has asked anything
            return
        seconds = f"{self.head_timeout_seconds:g}"
        detail = f"The headers must arrive within {seconds} seconds. Send the request again."
        self._refuse(Problem(problems.BODY_TOO_SLOW, detail))

    def _refuse(self, problem: Problem) -> None:
        """Answers and closes the connection, as long as no other answer is on its way."""
        self._is_refused = True
        self._stop_head_timer()
        # uvicorn declares it without the None that it is until the first request.
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]
            body = problem.encoded()
            headers = (
                *self.server_state.default_headers,
                (b"content-type", MEDIA_TYPE.encode()),
                (b"content-length", b"%d" % len(body)),
                (b"cache-control", b"no-store"),
                (b"connection", b"close"),
                *SECURITY_HEADERS,
            )
            self.transport.write(
                b"HTTP/1.1 %d %s\r\n" % (problem.kind.status, problem.kind.title.encode())
                + b"".join(b"%s: %s\r\n" % header for header in headers)
                + b"\r\n"
                + body
            )
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


@cache
def _overloaded(*, html: bool) -> tuple[bytes, bytes]:
    """The answer of a worker that is full: its head without the last line, and its body."""
    problem = Problem(problems.OVERLOADED, "Too many requests at once. Try again in two seconds.")
    response = problem_response(problem, html=html)
    headers = (*response.raw_headers, *SECURITY_HEADERS)
    head = b"HTTP/1.1 503 Service Unavailable\r\n"
    head += b"".join(b"%s: %s\r\n" % header for header in headers)
    return head, bytes(response.body)
