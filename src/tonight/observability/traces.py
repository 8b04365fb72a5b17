"""Which requests are traced; decided before anything is made for one, and off by default."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tonight.observability.spans import Recorder, Trace

Headers = Iterable[tuple[bytes, bytes]]


#: Without a state that others share or set.
_CHANCE: Final = random.SystemRandom()


class Traces:
    """The traces of one worker.

    Args:
        url: The receiver, by OTLP over HTTP; ``None`` when nothing is to be traced.
        ratio: The share that is traced of the requests whose caller does not decide it.
        release: What runs.
    """

    def __init__(self, url: str | None, ratio: float, release: str) -> None:
        self._url = url
        self._ratio = ratio
        self._release = release
        self._recorder: Recorder | None = None

    def start(self) -> None:
        """Traces from now on. Called in the worker itself: threads do not survive a fork."""
        if self._url is not None:
            # A third of a second and 20 MB, for those who trace.
            from tonight.observability.spans import Recorder  # noqa: PLC0415

            self._recorder = Recorder(self._url, self._release)

    def stop(self) -> None:
        """Sends what is left; a receiver that does not answer is not waited for."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.stop()

    def begin(self, method: str, headers: Headers, is_sampled: bool | None) -> Trace | None:
        """Begins to record a request.

        Args:
            method: The HTTP method.
            headers: The raw headers of the request.
            is_sampled: Whether the caller keeps the trace that the request belongs to; ``None``
                when it belongs to none.

        Returns:
            ``None`` when the request is not traced: then nothing was made.
        """
        recorder = self._recorder
        if recorder is None:
            return None
        if is_sampled is None:
            is_sampled = _CHANCE.random() < self._ratio
        return recorder.begin(method, headers) if is_sampled else None
