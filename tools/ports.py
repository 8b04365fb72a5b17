"""Ports for servers that are started in a moment."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Final

_FROM: Final = 20_000
_RANGE_OF_THE_KERNEL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")

#: Not the generator whose seed tests set: two of them at once would look for the same port.
_CHANCE: Final = random.SystemRandom()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at.

    It lies below those that the kernel gives to outgoing connections: until the server is there
    one of these could take it.

    Raises:
        OSError: There is none.
    """
    for port in _CHANCE.sample(range(_FROM, _below()), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port from {_FROM} to {_below()} is free")


def _below() -> int:
    """The first port that the kernel gives to outgoing connections; as Linux has it by default."""
    try:
        first = int(_RANGE_OF_THE_KERNEL.read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        first = 32_768
    # Whoever has given the kernel almost all of them has to live with a rare collision.
    return first if first >= _FROM + 1_000 else 32_768
