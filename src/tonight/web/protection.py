"""What every request passes before the application sees it.

One plain ASGI middleware: limits on size, time and rate, no writing from other sites, and the
headers that tell browsers what a page of ours may do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tonight.web import problems
from tonight.web.capacity import HEALTH_PATHS
from tonight.web.negotiation import prefers_html
from tonight.web.problems import Problem, problem_response
from tonight.web.request_rate import RequestRate
from tonight.web.security_headers import SECURITY_HEADERS

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

#: The largest head of a request that is looked at: its address and all its headers. Browsers send
#: a few kilobytes, cookies included.
MAX_HEAD_BYTES: Final = 65_536

#: Not limited in rate: they cost next to nothing, and a page asks for several at once.
UNLIMITED: Final = ("/static/", *HEALTH_PATHS)


class Protection:
    """Lets through what the application can handle, and answers the rest itself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_query_bytes: int,
        max_body_bytes: int,
        body_timeout_seconds: float,
        rate: RequestRate | None,
    ) -> None:
        self._app = app
        self._max_query_bytes = max_query_bytes
        self._max_body_bytes = max_body_bytes
        self._body_timeout_seconds = body_timeout_seconds
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection, or the start and stop of the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, _saying_why(scope, send))
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SECURITY_HEADERS]
            await send(message)

        problem = self._refuse(scope)
        if problem is None and scope["method"] not in SAFE_METHODS:
            body = await self._read_body(scope, receive)
            if body is None:
                return  # the client has gone, and half of what it said is worth nothing
            if isinstance(body, Problem):
                problem = body
            else:
                receive = _replaying(body, receive)
        if problem is None:
            await self._app(scope, receive, send_protected)
            return
        html = prefers_html(Headers(scope=scope).get("accept", "")[:1_000])
        await problem_response(problem, html=html)(scope, receive, send_protected)

    def _refuse(self, scope: Scope) -> Problem | None:
        headers = scope["headers"]
        if len(scope["query_string"]) > self._max_query_bytes:
            return Problem(
                problems.QUERY_TOO_LONG,
                f"The query may have {self._max_query_bytes} bytes. Ask with fewer films.",
            )
        if sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEAD_BYTES:
            return Problem(
                problems.HEADERS_TOO_LARGE,
                f"All headers together may have {MAX_HEAD_BYTES} bytes. Delete the cookies of "
                "this site, or send fewer headers.",
            )
        if scope["method"] not in SAFE_METHODS and is_cross_site(headers):
            return Problem(problems.CROSS_SITE, "Saving works from the pages of this service only.")
        if self._rate is not None and not scope["path"].startswith(UNLIMITED):
            client = scope.get("client")
            seconds = self._rate.seconds_to_wait(client[0] if client else "unknown")
            if seconds:
                return Problem(
                    problems.TOO_MANY_REQUESTS,
                    f"{self._rate.per_minute} requests a minute are allowed. "
                    f"Wait {seconds} seconds.",
                    headers={"Retry-After": str(seconds)},
                )
        return None

    async def _read_body(self, scope: Scope, receive: Receive) -> bytes | Problem | None:
        """Reads the whole body, so that a bad one is refused before anything is made of it.

        Returns:
            The body, what is wrong with it, or ``None`` when the client left before its end.
        """
        too_large = Problem(
            problems.BODY_TOO_LARGE, f"A body may have {self._max_body_bytes} bytes."
        )
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > self._max_body_bytes:
            return too_large
        body = bytearray()
        with anyio.move_on_after(self._body_timeout_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > self._max_body_bytes:
                    return too_large
                if not message.get("more_body", False):
                    return bytes(body)
        return Problem(
            problems.BODY_TOO_SLOW,
            f"The whole body must arrive within {self._body_timeout_seconds:g} seconds. Send it "
            "again.",
            # What may still come of it must not be taken for the next request.
            headers={"Connection": "close"},
        )


def _saying_why(scope: Scope, send: Send) -> Send:
    """A ``send`` that says why the application cannot start in a line, where that is known.

    Starlette sends the traceback instead, which is for mistakes of ours.
    """

    async def send_plainly(message: Message) -> None:
        why = getattr(scope["app"].state, "why_no_start", None)
        if message["type"] == "lifespan.startup.failed" and why is not None:
            message = {**message, "message": f"The service cannot start. {why}"}
        await send(message)

    return send_plainly


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that has been read, and then what the server says."""
    message: Message | None = {"type": "http.request", "body": body}

    async def replay() -> Message:
        nonlocal message
        if message is None:
            return await receive()
        whole, message = message, None
        return whole

    return replay


def is_cross_site(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a browser says that another site's page makes the request.

    Browsers send ``Sec-Fetch-Site`` or, the older ones, ``Origin`` with everything that is not a
    plain GET; a program that sends neither has no cookies that a foreign page could abuse.

    Args:
        headers: The raw headers of a request that may change something.
    """
    found = dict(headers)
    site = found.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = found.get(b"origin")
    if origin is None:
        return False
    try:
        # Only the host is compared: behind a proxy that ends TLS the schemes differ.
        return urlsplit(origin).netloc.lower() != found.get(b"host", b"").lower()
    except ValueError:
        return True
