"""What a server of ours says to bytes that never become a request."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hard_days.service import Service, running
from tests.loops import run_apart
from tonight.web.http_protocol import BoundedHttpProtocol

HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def service(trained_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("data")
    (data_dir / "models").symlink_to(trained_dir / "models")
    hurried = {"TONIGHT_BODY_TIMEOUT_SECONDS": "0.5"}
    with running(data_dir, data_dir / "log", environment=hurried) as service:
        yield service
    printed = (data_dir / "log").read_text()
    assert "Traceback" not in printed
    assert "Exception" not in printed


def problem(answer: bytes) -> str:
    """The kind of the problem that an answer tells, once it is sure that it is a whole one."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower()
    document = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d" % document["status"])
    assert document["detail"]
    return str(document["type"]).removeprefix("/problems/")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /mo\x00vie" + HOST + b"\r\n",
        b"GET /movie?like=\xff" + HOST + b"\r\n",
        b"GET /movie" + HOST + b"Cookie: a=\x00\r\n\r\n",
        b"GET /movie HTTP/9.9\r\n\r\n",
        b"POST /feedback" + HOST + b"Content-Length: -1\r\n\r\n",
        b"POST /feedback" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /feedback" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_what_is_not_http_is_told(service: Service, raw: bytes) -> None:
    assert problem(service.say(raw)) == "malformed-http"


@pytest.mark.parametrize("n_bytes", [20_000, 60_000, 100_000, 1_000_000, 100_000_000])
def test_an_address_of_any_length_is_told_to_be_too_long(service: Service, n_bytes: int) -> None:
    raw = b"GET /movie?like=" + b"x" * n_bytes + HOST + CLOSE
    assert problem(service.say(raw)) == "query-too-long"


def test_ten_thousand_likes_in_an_address_are_told_to_be_too_many(service: Service) -> None:
    raw = b"GET /movie?" + b"&".join(b"like=tt%07d" % i for i in range(10_000)) + HOST + CLOSE
    assert problem(service.say(raw)) == "query-too-long"


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"x" * 100_000_000 + b"\r\n", b"X: y\r\n" * 1_000_000, b"C: d\r\n" * 20_000],
)
def test_a_head_of_any_size_is_refused_while_others_are_served(
    service: Service, headers: bytes
) -> None:
    answers: list[bytes] = []

    def attack() -> None:
        answers.append(service.say(b"GET /movie" + HOST + headers + b"\r\n"))

    attacker = threading.Thread(target=attack)
    attacker.start()
    longest = 0.0
    while attacker.is_alive():
        start = time.monotonic()
        assert b" 200 " in service.say(b"GET /healthz" + HOST + CLOSE)
        longest = max(longest, time.monotonic() - start)
    assert longest < 2
    assert problem(answers[0]) == "headers-too-large"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 100000000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n",
    ],
)
def test_a_body_of_a_hundred_megabytes_is_refused(service: Service, framing: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(b"POST /api/v1/feedback" + HOST + framing + b"x" * 100_000_000)
        assert problem(connection.recv(65_536)) == "body-too-large"


def test_a_body_that_does_not_come_is_refused_in_time(service: Service) -> None:
    raw = b"POST /api/v1/feedback" + HOST + b"Content-Length: 10\r\n\r\n{"
    assert problem(service.say(raw)) == "body-too-slow"


async def ask_slowly(raw: bytes) -> bytes:
    """What a server whose patience is short says to a head that is never finished."""

    class Hurried(BoundedHttpProtocol):
        head_timeout_seconds = 0.2

    import uvicorn  # noqa: PLC0415 - its configuration is made in this loop

    config = uvicorn.Config("main:app", http=Hurried, lifespan="off", log_config=None)
    config.load()
    state = uvicorn.Server(config).server_state
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Hurried(config, state, {}), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer


def test_a_head_that_is_never_finished_is_refused_in_time() -> None:
    answer = run_apart(lambda: ask_slowly(b"GET /movie" + HOST))
    assert problem(answer) == "body-too-slow"


def test_a_connection_on_which_nobody_asks_anything_is_closed_in_time() -> None:
    assert run_apart(lambda: ask_slowly(b"")) == b""
