"""uvicorn's HTTP protocol with limits on a request's head: its size, and its time to arrive.

uvicorn's fast parser takes heads of any size, at a cost that grows with the square of it: a single
header of 100 MB keeps a worker busy for half a minute. And it waits for the rest of a head for as
long as the client likes. This is chosen where the server is started (``http=`` of ``uvicorn.run``);
started otherwise the service does the same work without these two limits.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tonight.web import problems
from tonight.web.problems import MEDIA_TYPE, Problem
from tonight.web.protection import MAX_HEAD_BYTES
from tonight.web.security_headers import SECURITY_HEADERS

#: How long a client that was refused may go on sending before the connection is cut: closing at
#: once would throw away the answer together with what is still on its way.
LINGER_SECONDS: Final = 2.0

#: How long the head of a request may take to arrive, from the first byte of the connection on.
HEAD_TIMEOUT_SECONDS: Final = 20.0


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection; answers with a problem document what never becomes a request."""

    head_timeout_seconds: float = HEAD_TIMEOUT_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the time in which the first head must arrive."""
        super().connection_made(transport)
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
