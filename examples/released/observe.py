"""What every request leaves behind: two metrics and a line of JSON."""

from __future__ import annotations

import json
import logging
import sys
from time import perf_counter
from uuid import uuid4

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("requests")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        return json.dumps({"level": record.levelname, "message": record.getMessage(), **fields})


class Observation:
    """Counts, times and logs each request by its route: an address could name a person."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "requests_total", "Requests.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "request_seconds", "How long they took.", ["route"], registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, request_id, status = perf_counter(), uuid4().hex, 500

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            seconds = perf_counter() - begin
            route = getattr(scope.get("route"), "path", "unmatched")
            self._requests.labels(scope["method"], route, status).inc()
            self._seconds.labels(route).observe(seconds)
            fields = {"route": route, "status": status, "request_id": request_id}
            milliseconds = {"duration_ms": round(seconds * 1000, 2)}
            logger.info("request", extra={"fields": {**fields, **milliseconds}})


def observe(app: FastAPI) -> None:
    """Puts the observation around an application, and its figures at ``/metrics``."""
    registry = CollectorRegistry()
    app.add_middleware(Observation, registry=registry)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")
