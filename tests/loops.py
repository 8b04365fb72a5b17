"""Running a coroutine from a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(coroutine: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What a coroutine returns that runs in a thread and a loop of its own.

    ``asyncio.run`` in the test's own thread fails once a browser test has run there: Playwright
    leaves its loop running until the end of the session.

    Args:
        coroutine: Makes the coroutine; called in that thread.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(coroutine())).result()
