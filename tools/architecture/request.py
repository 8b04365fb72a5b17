"""The way of a request, from the spans that the real service sends of one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app
from tools.architecture.drawing import MARGIN, WIDTH, box, line, picture, text

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
#: What the viewer of the picture likes, and how often he has asked before he is traced.
LIKES: Final = ("alien-1979", "fargo-1996", "heat-1995", "the-matrix-1999", "toy-story-1995")
_WARM: Final = 20
_ROW: Final = 34.0


@dataclass(frozen=True, slots=True)
class Step:
    """A span.

    Attributes:
        name: Its name.
        depth: How many spans it lies in.
        begins: Seconds from the beginning of the request.
        seconds: How long it took.
    """

    name: str
    depth: int
    begins: float
    seconds: float


@contextmanager
def receiver(spans: list[Span]) -> Iterator[str]:
    """Takes spans by OpenTelemetry's protocol into a list; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def traced(settings: Settings, loaded: tuple[Library, str | None] | None = None) -> list[Step]:
    """The spans of one request of a viewer who has said what he likes, in their order."""
    spans: list[Span] = []
    with receiver(spans) as url:
        # Only the caller's own trace is kept, and nobody has to be protected from him.
        wanted = {"traces_url": url, "traces_ratio": 0, "rate_limit_per_minute": 0}
        values = {**settings.model_dump(), **wanted}
        app = create_app(Settings(**values), loaded=loaded)
        with TestClient(app) as client:
            for movie_id in LIKES:
                said = {"movie_id": movie_id, "kind": "liked"}
                client.post("/api/v1/feedback", json=said).raise_for_status()
            for _ in range(_WARM):
                client.get("/movie").raise_for_status()
            headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
            client.get("/movie", headers=headers).raise_for_status()
    return _steps(spans)


def _steps(spans: list[Span]) -> list[Step]:
    by_id = {span.span_id: span for span in spans}

    def depth(span: Span) -> int:
        above = by_id.get(span.parent_span_id)
        return 0 if above is None else depth(above) + 1

    start = min(span.start_time_unix_nano for span in spans)
    steps = [
        Step(
            span.name,
            depth(span),
            (span.start_time_unix_nano - start) / 1e9,
            (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        )
        for span in spans
    ]
    return sorted(steps, key=lambda step: (step.begins, step.depth))


def request_picture(steps: list[Step]) -> str:
    """The steps one below the other, on the time of the request."""
    left, right = 190.0, WIDTH - MARGIN - 66.0
    whole = steps[0].seconds
    top = 54.0
    parts = [text(MARGIN, 30, "step", "small soft")]
    for share in (0.0, 0.5, 1.0):
        x = left + share * (right - left)
        parts.append(line(x, top - 10, x, top + _ROW * len(steps)))
        said = f"{share * whole * 1e3:.1f} ms"
        parts.append(text(x, 30, said, "small soft", "middle"))
    for number, step in enumerate(steps):
        y = top + _ROW * number
        x = left + step.begins / whole * (right - left)
        width = max(2.0, step.seconds / whole * (right - left))
        parts.append(f'<g data-step="{step.depth} {step.name}">')
        style = "name" if step.depth < 2 else "small"
        parts.append(text(MARGIN + 16 * step.depth, y + 16, step.name, style))
        parts.append(box(x, y + 3, width, 16, f"tone{step.depth}", 3))
        said = f"{step.seconds * 1e3:.2f} ms"
        parts.append(text(WIDTH - MARGIN, y + 16, said, "small soft", "end") + "</g>")
    return picture("The steps of a request for a film", top + _ROW * len(steps) + MARGIN / 2, parts)


def shown(drawn: str) -> list[str]:
    """The depth and the name of each step of a picture; what does not depend on the machine."""
    return [part.partition('"')[0] for part in drawn.split('data-step="')[1:]]
