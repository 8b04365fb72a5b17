"""Whether a service could listen at an address, and what listens there already."""

from __future__ import annotations

import errno
import json
import socket
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

_TIMEOUT_SECONDS: Final = 2.0


def why_not(host: str, port: int) -> str | None:
    """What keeps a service from listening at an address, and how to mend it; ``None`` if nothing.

    Args:
        host: A name or address of this machine.
        port: A port; 0 is always free.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        return f"{host!r} is no address of this machine ({error.strerror}); choose another --host"
    family, kind, protocol, _, address = found[0]
    try:
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except OSError as error:
        return _explain(host, port, error)
    return None


def version_of(service: str) -> str | None:
    """The release of the running service at an address; ``None`` when there is none.

    Args:
        service: Where it is, such as ``http://127.0.0.1:8000``.
    """
    if not service.startswith(("http://", "https://")):
        return None
    try:
        with urlopen(f"{service.rstrip('/')}/version", timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return str(json.loads(answer.read(10_000))["version"])
    except (URLError, OSError, ValueError, KeyError, TypeError):
        return None


def _explain(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; stop what listens there, or choose another --port"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; choose a --port from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host!r} is no address of this machine; choose another --host"
    return f"cannot listen at port {port} of {host}: {error.strerror}"
