"""The spans of the requests that are traced, sent to a receiver in a thread of its own.

The only module that knows OpenTelemetry. A span holds names, times and the route's template: never
an address, a film, or who asks.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from time import time_ns
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tonight.observability import metrics
from tonight.observability.traces import Headers

logger = logging.getLogger(__name__)

#: Spans that wait at most to be sent; the oldest are dropped, and counted.
QUEUE: Final = 4_096
_BATCH: Final = 512
_EVERY_MILLISECONDS: Final = 1_000

#: How long the receiver may take, in the sending thread; all attempts together.
_SEND_SECONDS: Final = 5.0

#: How long the end of a worker waits for its last spans to be sent.
_STOP_SECONDS: Final = 2.0

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Recorder:
    """Records requests and sends the spans.

    Args:
        url: The receiver, by OTLP over HTTP.
        release: What runs.
    """

    def __init__(self, url: str, release: str) -> None:
        # It would say each failure anew; ``_Sender`` says the first.
        logging.getLogger("opentelemetry").propagate = False
        logging.getLogger("opentelemetry").handlers = [logging.NullHandler()]
        resource = Resource.create(
            {
                "service.name": "tonight",
                "service.version": release,
                "service.instance.id": str(uuid.uuid4()),
            }
        )
        # All of them: what is not sampled never comes here.
        self._provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False)
        self._provider.add_span_processor(_Queue(_Sender(url)))
        self._tracer = self._provider.get_tracer("tonight", release)

    def begin(self, method: str, headers: Headers) -> Trace:
        """Begins the span of a request, in the caller's trace if there is one."""
        carrier = {
            name.decode(): value.decode("latin-1")
            for name, value in headers
            if name in (b"traceparent", b"tracestate")
        }
        return Trace(self._tracer, method, _PROPAGATOR.extract(carrier, Context()))

    def stop(self) -> None:
        """Sends what is left, within ``_STOP_SECONDS``."""
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_STOP_SECONDS)


class Trace:
    """What is recorded of one request: a span for it, its steps, and their uses of the database.

    Args:
        tracer: Makes the spans.
        method: The HTTP method.
        caller: Whose trace is continued.

    Attributes:
        trace_id: 32 hexadecimal digits, as in the log.
        traceparent: The request's span, as W3C Trace Context tells it to others.
    """

    def __init__(self, tracer: Tracer, method: str, caller: Context) -> None:
        self._tracer = tracer
        self._method = method
        self._root = tracer.start_span(
            method, caller, SpanKind.SERVER, {"http.request.method": method}
        )
        self._inside = set_span_in_context(self._root, Context())
        self._step: Span | None = None
        ids = self._root.get_span_context()
        self.trace_id: Final = f"{ids.trace_id:032x}"
        self.traceparent: Final = f"00-{self.trace_id}-{ids.span_id:016x}-01"

    def step(self, name: str) -> None:
        """Begins a step; the one before has ended."""
        now = time_ns()
        if self._step is not None:
            self._step.end(now)
        self._step = self._tracer.start_span(name, self._inside, start_time=now)

    def database_used(self, system: str, operation: str, seconds: float) -> None:
        """Adds a use of the database that has just ended, to the present step."""
        now = time_ns()
        self._tracer.start_span(
            f"database {operation}",
            set_span_in_context(self._step or self._root, Context()),
            SpanKind.CLIENT,
            {"db.system.name": system, "db.operation.name": operation},
            start_time=now - int(seconds * 1e9),
        ).end(now)

    def failed(self, kind: str) -> None:
        """Says that the present step failed, after which the request may well go on."""
        _mark(self._step or self._root, kind)

    def end(self, route: str, status: int, request_id: str, error: str | None = None) -> None:
        """Ends the request, whose spans are sent from now on.

        Args:
            route: Its template.
            status: The HTTP status.
            request_id: As in the log.
            error: The kind of the mistake of ours, if there was one.
        """
        if self._step is not None:
            self._step.end()
        self._root.update_name(f"{self._method} {route}")
        self._root.set_attributes(
            {
                "http.route": route,
                "http.response.status_code": status,
                "tonight.request_id": request_id,
            }
        )
        if status >= 500:
            _mark(self._root, error or str(status))
        self._root.end()


class _Sender(SpanExporter):
    """Sends spans, counts them, and says once when the receiver fails."""

    def __init__(self, url: str) -> None:
        self._exporter = OTLPSpanExporter(url, timeout=_SEND_SECONDS)
        self._works = True
        self.n_taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Sends some spans; called in the sending thread."""
        self.n_taken += len(spans)
        result = self._exporter.export(spans)
        works = result is SpanExportResult.SUCCESS
        metrics.SPANS.add("sent" if works else "failed", by=len(spans))
        if works != self._works:
            self._works = works
            if works:
                logger.info("traces are sent again", extra={"event": "traces_back"})
            else:
                logger.warning(
                    "the receiver of the traces does not take them", extra={"event": "traces_away"}
                )
        return result

    def shutdown(self) -> None:
        """Ends what is being tried."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # the library's has no types


class _Queue(BatchSpanProcessor):
    """Keeps ended spans until they are sent, and counts those for which there is no room."""

    def __init__(self, sender: _Sender) -> None:
        super().__init__(sender, QUEUE, _EVERY_MILLISECONDS, _BATCH)
        self._sender = sender
        self._lock = threading.Lock()
        self._n_kept = 0

    def on_end(self, span: ReadableSpan) -> None:
        """Takes a span that has ended; the library drops the oldest one when there are too many."""
        with self._lock:
            if self._n_kept - self._sender.n_taken >= QUEUE:
                metrics.SPANS.add("dropped")
            else:
                self._n_kept += 1
        super().on_end(span)


def _mark(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)
