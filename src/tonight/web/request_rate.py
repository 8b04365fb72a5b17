"""How many requests an address has sent in the current minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

WINDOW_SECONDS: Final = 60


class RequestRate:
    """Counts requests by address in windows of a minute, which all addresses share.

    The minutes are those of the monotonic clock: when the machine's clock is set back, nobody is
    locked out until it has caught up.

    Args:
        per_minute: How many are allowed.
        monotonic: Tells seconds from some moment on, and never goes back.
    """

    def __init__(self, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._monotonic = monotonic
        self._window = -1
        self._counts: dict[str, int] = {}

    def seconds_to_wait(self, address: str) -> int:
        """Counts a request; 0 when it is allowed, else the seconds until the next window."""
        window, seconds = divmod(self._monotonic(), WINDOW_SECONDS)
        if window != self._window:
            self._window = int(window)
            self._counts.clear()
        count = self._counts.get(address, 0) + 1
        self._counts[address] = count
        return 0 if count <= self.per_minute else WINDOW_SECONDS - int(seconds)
