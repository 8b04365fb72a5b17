"""What is counted, timed and logged of every request: the outermost middleware.

Plain ASGI, and as little of it as can be: each request pays for every line here.
"""

from __future__ import annotations

import logging
import os
import re
from itertools import count
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tonight.observability import metrics
from tonight.observability.request import CURRENT, CurrentRequest
from tonight.observability.traces import Traces

#: Under a name of its own, so that the level of the requests alone can be changed in tests.
logger = logging.getLogger("tonight.requests")

#: What a caller may name his request: anything else could break a line of somebody's log.
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")

#: W3C Trace Context: version, trace id, parent id, flags.
_TRACEPARENT: Final = re.compile(
    r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?"
)

#: Methods by which a metric may tell requests apart; anybody can make up another.
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

_CLIENTS: Final = {name.encode(): name for name in metrics.CLIENTS}
UNMATCHED: Final = "unmatched"

#: Under which name the headers are in a request's scope that every answer to it has.
HEADERS: Final = "tonight_headers"


class Observation:
    """Counts, times, logs and traces requests, and gives each an id that the answer tells."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app = app
        self._traces = traces
        self._counter = count(1)
        # Made here and not in the process that forks: workers must not share it.
        self._prefix = os.urandom(6).hex().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection, or the start and stop of the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = perf_counter()
        request_id, trace_id, is_sampled, client = _said(scope)
        request_id = request_id or b"%s%06x" % (self._prefix, next(self._counter))
        method = scope["method"] if scope["method"] in _METHODS else "other"
        trace = self._traces.begin(
            method, scope["headers"], is_sampled=is_sampled if trace_id else None
        )
        request = CurrentRequest(request_id.decode(), trace_id, is_sampled, trace)
        headers = [(b"x-request-id", request_id)]
        if trace is not None:
            request.trace_id, request.is_sampled = trace.trace_id, True
            headers.append((b"traceresponse", trace.traceparent.encode()))
        CURRENT.set(request)
        # For the answer to a mistake of ours, which is given further out.
        scope[HEADERS] = headers
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        metrics.IN_PROGRESS.add()
        failure: BaseException | None = None
        try:
            await self._app(scope, receive, send_observed)
        except BaseException as error:
            failure = error
            raise
        finally:
            metrics.IN_PROGRESS.add(by=-1)
            self._note(
                request,
                method,
                route_of(scope),
                # Without an answer the client has gone; a mistake of ours is answered further out.
                status or (500 if isinstance(failure, Exception) else 499),
                perf_counter() - begin,
                client=client,
                failure=failure if isinstance(failure, Exception) else None,
            )

    def _note(
        self,
        request: CurrentRequest,
        method: str,
        route: str,
        status: int,
        seconds: float,
        *,
        client: str | None,
        failure: Exception | None,
    ) -> None:
        metrics.REQUESTS.add(method, route, str(status))
        metrics.REQUEST_SECONDS.observe(
            seconds, method, route, trace_id=request.trace_id if request.is_sampled else None
        )
        metrics.CLIENT_REQUESTS.add(client or "unnamed")
        if request.trace is not None:
            error = None if failure is None else type(failure).__name__
            request.trace.end(route, status, request.request_id, error)
        if failure is None and not logger.isEnabledFor(logging.INFO):
            return
        fields: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 2),
        }
        if failure is not None:
            logger.error(
                "a request failed: %s",
                type(failure).__name__,
                extra={"event": "request_failed", "fields": fields},
                exc_info=failure,
            )
            return
        logger.info("%s %s", method, route, extra={"event": "request", "fields": fields})


def count_refused(scope: Scope, route: str) -> None:
    """Counts a request that the server has turned away, being full, before it came here."""
    metrics.SHED.add("concurrency")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    metrics.REQUESTS.add(method, route, "503")
    metrics.CLIENT_REQUESTS.add(_said(scope)[3] or "unnamed")


def _said(scope: Scope) -> tuple[bytes, str | None, bool, str | None]:
    """What a caller says of the request: its id, its trace, if that is sampled, and who he is."""
    request_id, trace_id, is_sampled, client = b"", None, False, None
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            if _REQUEST_ID.fullmatch(value):
                request_id = value
        elif name == b"traceparent":
            found = _TRACEPARENT.fullmatch(value.decode("latin-1"))
            if found is not None:
                trace_id, is_sampled = found[1], bool(int(found[2], 16) & 1)
        elif name == b"tonight-client":
            client = _CLIENTS.get(value, "other")
    return request_id, trace_id, is_sampled, client


def route_of(scope: Scope) -> str:
    """The template of the route that answered; never the address, which can name a film."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if isinstance(path, str):
        return path
    # A mounted application answers everything below it.
    return "/static" if scope["path"].startswith("/static/") else UNMATCHED
