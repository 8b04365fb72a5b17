"""HTTP/1.1 on a raw socket that is kept alive: as little of the client in the figures as can be."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: The HTTP status.
        head: The status line and the headers.
        body: The body.
        closes: Whether the server closes the connection after it.
    """

    status: int
    head: bytes
    body: bytes
    closes: bool

    def cookies(self) -> dict[str, str]:
        """The cookies that it sets, by name."""
        found = {}
        for line in self.head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() == b"set-cookie":
                key, _, cookie = value.partition(b";")[0].decode("ascii").partition("=")
                found[key] = cookie
        return found


def encode(
    path: str,
    *,
    method: str = "GET",
    cookies: dict[str, str] | None = None,
    body: bytes = b"",
    headers: tuple[tuple[str, str], ...] = (("Accept", "application/json"),),
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("ascii") + _END + body


def take_answer(received: bytearray) -> Answer | None:
    """Takes the first whole answer out of what has been received; ``None`` until it is there.

    Raises:
        ValueError: The answer's length cannot be told.
    """
    end = received.find(_END)
    if end < 0:
        return None
    head = bytes(received[:end])
    lower = head.lower()
    status = int(head[9:12])
    length = 0
    start = lower.find(b"content-length: ")
    if start >= 0:
        length = int(lower[start + 16 :].partition(b"\r\n")[0])
    elif status not in (204, 304):
        raise ValueError(f"an answer without its length: {head!r}")
    whole = end + len(_END) + length
    if len(received) < whole:
        return None
    body = bytes(received[end + len(_END) : whole])
    del received[:whole]
    return Answer(status, head, body, b"connection: close" in lower)


def connect(port: int, *, blocking: bool = True) -> socket.socket:
    """A connection to the service on this machine that sends small requests at once."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not blocking:
        connection.setblocking(False)
    return connection


def ask(port: int, request: bytes) -> Answer:
    """Sends one request on a connection of its own.

    Raises:
        ConnectionError: The server closed the connection before its answer was whole.
    """
    received = bytearray()
    with connect(port) as connection:
        connection.sendall(request)
        while True:
            piece = connection.recv(1 << 16)
            if not piece:
                raise ConnectionError("the server closed the connection")
            received += piece
            answer = take_answer(received)
            if answer is not None:
                return answer
