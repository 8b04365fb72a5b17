"""The request that is being answered, wherever in the program it is: for logs, metrics, traces."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tonight.observability.spans import Trace


@dataclass(slots=True)
class CurrentRequest:
    """What a request carries through the service.

    Attributes:
        request_id: Ours, or the one that the caller gave it.
        trace_id: The trace that it belongs to, if it belongs to one.
        is_sampled: Whether somebody keeps that trace.
        trace: Our part of it; ``None`` when nothing of it is recorded here.
    """

    request_id: str
    trace_id: str | None = None
    is_sampled: bool = False
    trace: Trace | None = None


CURRENT: Final[ContextVar[CurrentRequest | None]] = ContextVar("tonight_request", default=None)


def current_trace() -> Trace | None:
    """What is recorded of this request; ``None`` for nearly all of them."""
    request = CURRENT.get()
    return None if request is None else request.trace


def sampled_trace_id() -> str | None:
    """The trace that a histogram may name as the example of this request."""
    request = CURRENT.get()
    return request.trace_id if request is not None and request.is_sampled else None


def step_reporter() -> Callable[[str], None]:
    """Takes the name of each step of this request as it begins; mostly nobody listens."""
    trace = current_trace()
    return _nobody_listens if trace is None else trace.step


def _nobody_listens(_: str) -> None:
    pass
