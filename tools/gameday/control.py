"""What Alertmanager calls, and a stand-in for systemd: one small HTTP server."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Notification:
    """What a receiver was told.

    Attributes:
        moment: When, by this machine's monotonic clock.
        receiver: Which receiver: page, ticket or heartbeat.
        alert: The alert's name.
        status: ``firing`` or ``resolved``.
        annotations: What the alert says.
    """

    moment: float
    receiver: str
    alert: str
    status: str
    annotations: Mapping[str, str]


class Control:
    """Collects notifications, and starts and stops units for the command ``systemctl``.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        notifications: What has come so far, in order.
    """

    def __init__(self) -> None:
        self.notifications: list[Notification] = []
        self._units: dict[tuple[str, str], Callable[[], None]] = {}
        control = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, text = control._handle(self.path, body)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add_unit(self, name: str, **verbs: Callable[[], None]) -> None:
        """Lets ``systemctl VERB NAME`` call something."""
        self._units.update({(name, verb): action for verb, action in verbs.items()})

    def write_systemctl(self, folder: Path) -> None:
        """Writes a command ``systemctl`` into a folder, for the PATH of what is executed."""
        script = folder / "systemctl"
        script.write_text(
            "#!/bin/sh\n"
            "# Stands in for systemd in the game day: the same verbs, on this stack's programs.\n"
            f"exec curl --fail-with-body --silent --show-error --max-time 120 --request POST "
            f'"http://127.0.0.1:{self.port}/unit/$2/$1"\n'
        )
        script.chmod(0o755)

    def told(self, alert: str, status: str, since: float = 0) -> Notification | None:
        """The first notification of an alert with a status since a moment, if it has come."""
        for notification in list(self.notifications):
            found = (notification.alert, notification.status) == (alert, status)
            if found and notification.moment >= since:
                return notification
        return None

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, path: str, body: bytes) -> tuple[int, str]:
        parts = path.strip("/").split("/")
        if parts[0] != "unit":
            for alert in json.loads(body)["alerts"]:
                self.notifications.append(
                    Notification(
                        moment=time.monotonic(),
                        receiver=parts[0],
                        alert=alert["labels"]["alertname"],
                        status=alert["status"],
                        annotations=alert["annotations"],
                    )
                )
            return 200, ""
        name, verb = parts[1].removesuffix(".service"), parts[2]
        action = self._units.get((name, verb))
        if action is None:
            return 404, f"{name} has no {verb} here{os.linesep}"
        try:
            action()
        except Exception as error:  # noqa: BLE001 - the caller of systemctl is told, whatever it is
            return 500, f"{name} {verb}: {error}{os.linesep}"
        return 200, ""
