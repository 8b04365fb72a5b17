"""What the commands say on standard error."""

from __future__ import annotations

import sys


def complain(message: str) -> None:
    """Says what is wrong, each line after the command's name."""
    for line in message.splitlines():
        print(f"tonight: {line}", file=sys.stderr)
