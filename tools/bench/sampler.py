"""A sampling profiler: which stage of a request the process spends its CPU time in.

Every few milliseconds of CPU time a signal interrupts the main thread, whose stack says what it is
doing. A sample counts for the innermost function that belongs to a stage; what such a function
calls (NumPy, SQLAlchemy, ``json``) counts for it. The signal comes between two steps of the
interpreter, so a call into C counts for its caller, where it belongs.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Final

#: The kernel's timer is no finer on most machines.
INTERVAL_SECONDS: Final = 0.004

SERVER: Final = "server, routing, middleware"
LOG: Final = "log"
STAGES: Final = ("parameters", "history", "score", "select", "answer", LOG, SERVER)

#: What belongs to a stage by the module's name, or how it begins; the longest name decides.
_MODULES: Final = {
    "tonight.services.movie_query": "parameters",
    "tonight.services.query_parameters": "parameters",
    "tonight.web.api.movie_parameters": "parameters",
    "tonight.storage": "history",
    "tonight.web.state": "history",
    "tonight.web.viewer": "history",
    "tonight.domain.feedback": "history",
    "tonight.recsys": "score",
    "tonight.recsys.filters": "select",
    "tonight.recsys.reranking": "select",
    "tonight.recsys.top_k": "select",
    "tonight.services.candidates": "select",
    "tonight.services.suggest_movie": "select",
    "tonight.services.reason": "answer",
    "tonight.services.answers": "answer",
    "tonight.web.api.movie": "answer",
    "tonight.web.negotiation": "answer",
    "tonight.observability": LOG,
    "tonight.web.observation": LOG,
    "logging": LOG,
    "opentelemetry": LOG,
    "prometheus_client": LOG,
    "anyio": SERVER,
    "asyncio": SERVER,
    "fastapi": SERVER,
    "starlette": SERVER,
    "uvicorn": SERVER,
    "tonight.web": SERVER,
}

#: Functions that belong to another stage than their module, with all that they call.
_FUNCTIONS: Final = {
    ("tonight.recsys", "contributions"): "answer",
    ("tonight.recsys", "nearness"): "select",
    ("tonight.web.viewer", "set_shown"): "answer",
}

Place = tuple[str, str]


class Sampler:
    """Counts samples by stage, from ``start`` to ``stop``; both in the main thread."""

    def __init__(self) -> None:
        self._samples: Counter[str] = Counter()

    def start(self) -> None:
        """Begins anew."""
        self._samples.clear()
        signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)

    def stop(self) -> dict[str, int]:
        """Ends, and gives the samples of each stage."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        return dict(self._samples)

    def _take(self, _: int, frame: FrameType | None) -> None:
        stage = stage_of(list(_places(frame)))
        if stage == SERVER:
            # The main thread may be waiting for another one that does the work.
            stage = next(filter(None, map(_stage_of_thread, threading.enumerate())), stage)
        self._samples[stage] += 1


def stage_of(places: Sequence[Place]) -> str:
    """The stage that a stack belongs to.

    Args:
        places: Module and function of each frame, the outermost first.
    """
    stage = SERVER
    for module, function in places:
        for (prefix, name), found in _FUNCTIONS.items():
            if name == function and _is_within(module, prefix):
                return found
        found_here = _stage_of_module(module)
        # What a stage of the product asks of a framework is part of the stage.
        if found_here is not None and (found_here != SERVER or stage == LOG):
            stage = found_here
    return stage


def _stage_of_module(module: str) -> str | None:
    names = [name for name in _MODULES if _is_within(module, name)]
    return _MODULES[max(names, key=len)] if names else None


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _stage_of_thread(thread: threading.Thread) -> str | None:
    """The product's stage that another thread is in, if any."""
    if thread is threading.main_thread() or thread.ident is None:
        return None
    stage = stage_of(list(_places(sys._current_frames().get(thread.ident))))  # noqa: SLF001
    # Threads that wait for a scrape are in the log's modules all the time.
    return None if stage in (SERVER, LOG) else stage


def _places(frame: FrameType | None) -> Iterator[Place]:
    """The frames of a stack, the outermost first."""
    found: list[Place] = []
    while frame is not None:
        found.append((str(frame.f_globals.get("__name__", "")), frame.f_code.co_name))
        frame = frame.f_back
    return reversed(found)
