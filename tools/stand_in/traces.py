"""Takes spans by OTLP and answers as Jaeger's query API does; in an image built on Tonight's own.

Only ``GET /api/traces/<id>`` and only what ``make smoke`` asks of it: which spans a trace has.
"""

from __future__ import annotations

import gzip
import json
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_spans: dict[str, list[str]] = {}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    _spans.setdefault(span.trace_id.hex(), []).append(span.name)
        self._answer(200, b"")

    def do_GET(self) -> None:
        trace_id = self.path.rpartition("/")[2]
        names = _spans.get(trace_id, [])
        spans = [{"operationName": name} for name in names]
        body = {"data": [{"traceID": trace_id, "spans": spans}] if spans else []}
        self._answer(200 if spans else 404, json.dumps(body).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # The first process of a container ends by no signal that it does not take itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    receiver = ThreadingHTTPServer(("", 4318), _Handler)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    ThreadingHTTPServer(("", 16686), _Handler).serve_forever()
