"""Before a service starts it is known whether it can listen."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from tonight.cli.listening import version_of, why_not


def test_a_free_port_is_no_problem_and_stays_free() -> None:
    assert why_not("127.0.0.1", 0) is None
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert why_not("127.0.0.1", port) is None
    assert why_not("127.0.0.1", port) is None


def test_a_used_port_is_told_with_its_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        problem = why_not("127.0.0.1", port)
    assert problem == (
        f"port {port} of 127.0.0.1 is in use; stop what listens there, or choose another --port"
    )


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    assert f"{host!r} is no address of this machine" in str(why_not(host, 0))


def test_a_running_service_says_its_release(address: str) -> None:
    assert version_of(address) == "1.2.3"
    assert version_of(f"{address}/") == "1.2.3"


@pytest.mark.parametrize("address", [b"<html>", b"[]", b'{"status": "ok"}'], indirect=True)
def test_another_server_is_not_taken_for_tonight(address: str) -> None:
    assert version_of(address) is None


@pytest.mark.parametrize("service", ["http://127.0.0.1:1", "ftp://127.0.0.1", "nonsense", ""])
def test_where_nothing_answers_there_is_no_service(service: str) -> None:
    assert version_of(service) is None


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "port 80 may not be used by this user; choose a --port from 1024 on"),
        (errno.EINVAL, "cannot listen at port 80 of 127.0.0.1: Invalid argument"),
    ],
)
def test_what_the_system_refuses_is_told(
    number: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert why_not("127.0.0.1", 80) == told
