"""The operator's listener: metrics, status and log level, on a port that the public never sees."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import logging
import re
import threading
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import ClassVar, Final

from tonight.observability.exposition import exposed
from tonight.observability.logs import LEVELS
from tonight.observability.recent import COLUMNS, LOOK_SECONDS, Recent
from tonight.observability.status import status
from tonight.observability.workers import Worker

logger = logging.getLogger(__name__)

#: How often a worker tries to take over a port that another one holds.
_RETRY_SECONDS: Final = 1.0

_HERE: Final = (
    b"Here are /metrics, /status, /status.json and /recent.json; "
    b"PUT /log-level changes what is logged.\n"
)

#: Says to the other workers that the port is in good hands.
_HEADER: Final = "Tonight-Listener"


class Listener:
    """Speaks for all workers of a service; the others wait to take over.

    Args:
        worker: This process.
        host: The address to listen at.
        port: The port.
    """

    def __init__(self, worker: Worker, host: str, port: int) -> None:
        self._worker = worker
        self._address = (host, port)
        self._stopping = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Listens as soon as the port is free; never fails."""
        threading.Thread(target=self._hold, name="operator", daemon=True).start()

    def stop(self) -> None:
        """Gives the port to the others."""
        self._stopping.set()
        server = self._server
        if server is not None:
            server.shutdown()
            server.server_close()

    def _hold(self) -> None:
        has_warned = False
        recent = Recent(self._worker.service_started)
        facts = {"worker": self._worker, "recent": recent}
        handler = type("OfWorker", (_Handler,), facts)
        while not self._stopping.is_set():
            try:
                server = _Server(self._address, handler)
            except OSError as error:
                if not has_warned and not self._is_ours():
                    has_warned = True
                    logger.warning(
                        "the operator's listener cannot have %s:%d, and tries on: %s; "
                        "TONIGHT_METRICS_PORT names another port",
                        *self._address,
                        error.strerror or error,
                        extra={"event": "metrics_port_taken"},
                    )
                self._stopping.wait(_RETRY_SECONDS)
                continue
            self._server = server
            threading.Thread(
                target=self._look, args=(recent,), name="operator-looks", daemon=True
            ).start()
            server.serve_forever(poll_interval=0.2)
            return

    def _look(self, recent: Recent) -> None:
        while not self._stopping.is_set():
            # Whatever goes wrong with one look, the next one comes.
            with contextlib.suppress(OSError, ValueError):
                now = status(self._worker.merged())
                recent.look(now)
                recent.judged(now)
            self._stopping.wait(LOOK_SECONDS)

    def _is_ours(self) -> bool:
        host, port = self._address
        host = f"[{host}]" if ":" in host else {"0.0.0.0": "127.0.0.1"}.get(host, host)  # noqa: S104 - asked, not listened at
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/ping", timeout=5) as answer:
                return _HEADER in answer.headers
        except (OSError, ValueError):
            return False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 32


class _Handler(BaseHTTPRequestHandler):
    worker: Worker
    recent: Recent
    timeout = 10

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        write = self._pages.get(self.path.partition("?")[0])
        if write is None:
            self._refuse()
        else:
            write(self)

    def _metrics(self) -> None:
        body, media_type = exposed(self.worker.merged().values(), self.headers.get("Accept", ""))
        self._send(200, body, media_type)

    def _status_json(self) -> None:
        now = status(self.worker.merged())
        now["started"] = self.worker.service_started
        now["health"] = self.recent.judged(now)
        self._send(200, json.dumps(now).encode(), "application/json")

    def _recent_json(self) -> None:
        points = {"columns": list(COLUMNS), "points": self.recent.points()}
        self._send(200, json.dumps(points).encode(), "application/json")

    def _status(self) -> None:
        page, policy = _page()
        self._send(200, page, "text/html; charset=utf-8", policy)

    def _icon(self) -> None:
        self._send(200, _file("icon.svg"), "image/svg+xml")

    def _ping(self) -> None:
        self._send(204, b"", "text/plain")

    #: What can be read, and how it is written.
    _pages: ClassVar[Mapping[str, Callable[[_Handler], None]]] = {
        "/": _status,
        "/status": _status,
        "/status.json": _status_json,
        "/recent.json": _recent_json,
        "/metrics": _metrics,
        "/icon.svg": _icon,
        "/favicon.ico": _icon,
        "/ping": _ping,
    }

    def _refuse(self) -> None:
        path = self.path.partition("?")[0]
        allowed = "PUT" if path == "/log-level" else "GET, HEAD" if path in self._pages else ""
        self._send(405 if allowed else 404, _HERE, "text/plain", allow=allowed)

    do_POST = do_DELETE = do_PATCH = do_OPTIONS = _refuse  # noqa: N815 - the base class's

    def do_PUT(self) -> None:
        if self.path.partition("?")[0] != "/log-level":
            self._refuse()
            return
        length = self.headers.get("Content-Length", "")
        wanted = ""
        if length.isdecimal() and int(length) <= 100:
            wanted = self.rfile.read(int(length)).decode("utf-8", "replace").strip().upper()
        if wanted not in LEVELS:
            self._send(
                422, f"The body must be one of {', '.join(LEVELS)}.\n".encode(), "text/plain"
            )
            return
        n_workers = self.worker.change_level(wanted)
        logger.warning("the log level is %s now", wanted, extra={"event": "log_level_changed"})
        answer = json.dumps({"level": wanted, "workers": n_workers})
        self._send(200, answer.encode(), "application/json")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
        """Logs nothing: a scrape every few seconds is no event."""

    def _send(
        self,
        code: int,
        body: bytes,
        media_type: str,
        policy: str = "default-src 'none'",
        allow: str = "",
    ) -> None:
        self.send_response(code)
        if allow:
            self.send_header("Allow", allow)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", f"{policy}; frame-ancestors 'none'")
        self.send_header(_HEADER, "1")
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(BrokenPipeError):
                self.wfile.write(body)


def _file(name: str) -> bytes:
    return (files("tonight.observability") / name).read_bytes()


@cache
def _page() -> tuple[bytes, str]:
    """The status page, and the policy under which its own style and script work, and no other."""
    page = _file("status.html")
    allowed = {}
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside).digest()).decode()
        allowed[tag] = f"{tag}-src 'sha256-{digest}'"
    rest = "default-src 'none'; connect-src 'self'; img-src 'self'; base-uri 'none'"
    return page, f"{rest}; form-action 'none'; {allowed['style']}; {allowed['script']}"
