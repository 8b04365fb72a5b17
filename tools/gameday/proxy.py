"""A TCP proxy that can delay what it passes on: the slow way to a database."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Final

_CHUNK: Final = 65_536


class DelayingProxy:
    """Passes connections on to a port of this machine, each piece after a delay.

    Attributes:
        port: Where it listens.
        delay_seconds: How long each piece that comes from the client is held back.
    """

    def __init__(self, target_port: int) -> None:
        self.delay_seconds = 0.0
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target_port), timeout=5)
        except OSError:
            client.close()  # the target is away, and so are we
            return
        server.settimeout(None)
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server, self)
        back.join()


def _pass_on(
    source: socket.socket, target: socket.socket, proxy: DelayingProxy | None = None
) -> None:
    try:
        while piece := source.recv(_CHUNK):
            if proxy is not None and proxy.delay_seconds:
                time.sleep(proxy.delay_seconds)
            target.sendall(piece)
    except OSError:
        pass  # one side was cut
    for end in (source, target):
        # Wakes the thread that reads from it; it may be closed already.
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
