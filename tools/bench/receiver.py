"""Takes spans and forgets them: ``python -m tools.bench.receiver`` prints its port and serves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tools.bench.processes import on_cores


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def receiving(cores: set[int]) -> Iterator[str]:
    """Runs a receiver in a process of its own; gives its address."""
    with (
        on_cores(cores),
        subprocess.Popen(
            [sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - a pipe
        port = int(process.stdout.readline())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
