"""What every request passes before the application sees it.

One plain ASGI middleware: limits on size and rate, no writing from other sites, and the headers
that tell browsers what a page of ours may do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tonight.web import problems
from tonight.web.negotiation import prefers_html
from tonight.web.problems import Problem, problem_response

SECURITY_HEADERS: Final = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
            b"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
            b"frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    # The query says what somebody likes: it is nobody else's business.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

#: Not limited in rate: they cost next to nothing, and a page asks for several at once.
UNLIMITED: Final = ("/static/", "/healthz")


class Protection:
    """Lets through what the application can handle, and answers the rest itself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_query_bytes: int,
        max_body_bytes: int,
        rate_limit_per_minute: int,
    ) -> None:
        self._app = app
        self._max_query_bytes = max_query_bytes
        self._max_body_bytes = max_body_bytes
        self._rate = (
            RateLimitItemPerMinute(rate_limit_per_minute) if rate_limit_per_minute else None
        )
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SECURITY_HEADERS]
            await send(message)

        problem = self._refuse(scope)
        if problem is None and scope["method"] not in SAFE_METHODS:
            problem, receive = await self._read_body(scope, receive)
        if problem is None:
            await self._app(scope, receive, send_protected)
            return
        html = prefers_html(Headers(scope=scope).get("accept", "")[:1_000])
        headers = {"Retry-After": "60"} if problem.kind is problems.TOO_MANY_REQUESTS else None
        response = problem_response(problem, html=html, headers=headers)
        await response(scope, receive, send_protected)

    def _refuse(self, scope: Scope) -> Problem | None:
        if len(scope["query_string"]) > self._max_query_bytes:
            return Problem(
                problems.QUERY_TOO_LONG,
                f"The query may have {self._max_query_bytes} bytes. Ask with fewer films.",
            )
        if scope["method"] not in SAFE_METHODS and is_cross_site(scope["headers"]):
            return Problem(problems.CROSS_SITE, "Saving works from the pages of this service only.")
        if self._rate is not None and not scope["path"].startswith(UNLIMITED):
            client = scope.get("client")
            if not self._limiter.hit(self._rate, client[0] if client else "unknown"):
                return Problem(
                    problems.TOO_MANY_REQUESTS,
                    f"{self._rate.amount} requests a minute are allowed. Wait a minute.",
                )
        return None

    async def _read_body(self, scope: Scope, receive: Receive) -> tuple[Problem | None, Receive]:
        """Reads the whole body, so that a large one is refused before anything is made of it."""
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > self._max_body_bytes:
            return self._too_large(), receive
        chunks: list[bytes] = []
        n_bytes = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            chunk = message.get("body", b"")
            n_bytes += len(chunk)
            if n_bytes > self._max_body_bytes:
                return self._too_large(), receive
            chunks.append(chunk)
            more = message.get("more_body", False)
        body: Message | None = {"type": "http.request", "body": b"".join(chunks)}

        async def replay() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            message, body = body, None
            return message

        return None, replay

    def _too_large(self) -> Problem:
        return Problem(problems.BODY_TOO_LARGE, f"A body may have {self._max_body_bytes} bytes.")


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
