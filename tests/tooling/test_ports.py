"""Servers of tests and tools get ports that stay free until they are there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tools import ports


def test_a_port_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        monkeypatch.setattr(ports._CHANCE, "sample", lambda *_: [taken, ports._FROM - 1])
        assert ports.free_port() == ports._FROM - 1
        monkeypatch.setattr(ports._CHANCE, "sample", lambda *_: [taken])
        with pytest.raises(OSError, match="is free"):
            ports.free_port()


@pytest.mark.parametrize(
    ("said", "below"),
    [("32768\t60999\n", 32_768), ("25000 60999", 25_000), ("1024 65535", 32_768), ("", 32_768)],
)
def test_it_lies_below_those_of_outgoing_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, below: int
) -> None:
    file = tmp_path / "range"
    file.write_text(said)
    monkeypatch.setattr(ports, "_RANGE_OF_THE_KERNEL", file)
    assert all(ports._FROM <= ports.free_port() < below for _ in range(50))


def test_without_linux_it_is_linuxs_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_RANGE_OF_THE_KERNEL", Path("/nowhere"))
    assert ports._below() == 32_768
