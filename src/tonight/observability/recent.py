"""The last hour of a service, and whether all is well with it: what the status page shows."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tonight.observability.status import quantile

#: How often the service is looked at, in seconds.
LOOK_SECONDS: Final = 10.0
_KEPT: Final = 360

#: What is judged is what has happened for so long.
_JUDGED_SECONDS: Final = 60.0
#: With fewer requests in that time, their share or their latency says nothing.
_JUDGED_REQUESTS: Final = 20

# As the objectives and alerts have them (doc/runbook.md, deploy/monitoring/rules).
_ERROR_SHARE: Final = 0.005
_SLOW_SECONDS: Final = 0.25
_BACKUP_SECONDS: Final = 26 * 3600
_MODEL_SECONDS: Final = 30 * 86_400
_DISK_SHARE: Final = 0.1

#: What each of the points says.
COLUMNS: Final = ("time", "requests_a_second", "average_seconds", "p99_seconds", "error_share")

Level = Literal["fine", "attention", "trouble"]
#: Something that is not as it should be: how bad, in words, and the playbook's section about it.
Reason = tuple[Level, str, str]


@dataclass(frozen=True, slots=True)
class _Sample:
    time: float
    total: int
    errors: float
    shed: float
    seconds: float
    counts: tuple[int, ...]


class Recent:
    """What was seen of a service, by one who looks at it now and then.

    Args:
        started: When the service started, in seconds since 1970.
    """

    def __init__(self, started: float) -> None:
        self._samples: deque[_Sample] = deque(maxlen=_KEPT + 1)
        self._lock = threading.Lock()
        self._level: Level | None = None
        self._since = started

    def look(self, status: Mapping[str, Any]) -> None:
        """Takes note of what ``status`` says now."""
        requests = status["requests"]
        with self._lock:
            self._samples.append(
                _Sample(
                    status["time"],
                    requests["total"],
                    requests["errors"],
                    requests["shed"],
                    requests["seconds"],
                    tuple(requests["counts"]),
                )
            )

    def judged(self, status: Mapping[str, Any]) -> dict[str, Any]:
        """Whether all is well: the level, since when, and the reasons, the worst first."""
        found = _reasons(status, self._last_minute(status))
        reasons = sorted(found, key=lambda reason: reason[0] != "trouble")
        level: Level = reasons[0][0] if reasons else "fine"
        with self._lock:
            if self._level not in (None, level):
                self._since = status["time"]
            self._level = level
            return {
                "level": level,
                "since": self._since,
                "reasons": [
                    {"level": one, "text": text, "playbook": section}
                    for one, text, section in reasons
                ],
            }

    def points(self) -> list[list[float]]:
        """The last hour: time, requests a second, average and p99 in seconds, share of errors."""
        with self._lock:
            samples = list(self._samples)
        return [
            [round(value, 6) for value in point]
            for point in (_between(a, b) for a, b in itertools.pairwise(samples))
        ]

    def _last_minute(self, status: Mapping[str, Any]) -> tuple[int, float, float, float]:
        """Requests, errors, shed ones and p99 of the time that is judged."""
        with self._lock:
            earlier = [one for one in self._samples if one.time >= status["time"] - _JUDGED_SECONDS]
        if not earlier:
            return 0, 0, 0, 0
        first, requests = earlier[0], status["requests"]
        counts = _more(first.counts, requests["counts"])
        return (
            max(0, requests["total"] - first.total),
            max(0, requests["errors"] - first.errors),
            max(0, requests["shed"] - first.shed),
            quantile(counts, 0.99),
        )


def _reasons(
    status: Mapping[str, Any], last_minute: tuple[int, float, float, float]
) -> Iterator[Reason]:
    """Everything that is not as it should be; trouble is what viewers notice."""
    n_requests, errors, shed, p99 = last_minute
    now = status["time"]
    model, backup, disk = status["model"], status["backup"], status["disk"]
    enough = n_requests >= _JUDGED_REQUESTS
    if not status["database"]["up"]:
        text = "The database is away: films are suggested, but nothing can be saved."
        yield "trouble", text, "TonightDatabaseAway"
    if enough and errors / n_requests > _ERROR_SHARE:
        text = f"{errors / n_requests:.1%} of the last minute's requests failed."
        yield "trouble", text, "TonightSuggestionsFail"
    if enough and p99 > _SLOW_SECONDS:
        text = f"The last minute's p99 latency is {p99 * 1000:.0f} ms; 250 ms are promised."
        yield "trouble", text, "TonightSuggestionsSlow"
    if shed:
        text = f"The workers are full: {shed:.0f} requests were shed in the last minute."
        yield "trouble", text, "TonightShedding"
    if model["is_fallback"]:
        text = "There is no trained model: films are suggested by their popularity."
        yield "attention", text, "TonightModelIsFallback"
    elif model["trained"] and now - model["trained"] > _MODEL_SECONDS:
        text = f"The model is {(now - model['trained']) / 86_400:.0f} days old."
        yield "attention", text, "TonightModelOld"
    if not backup["finished"]:
        yield "attention", "There is no backup.", "TonightBackupMissing"
    elif now - backup["finished"] > _BACKUP_SECONDS:
        text = f"The last backup is {(now - backup['finished']) / 3600:.0f} hours old."
        yield "attention", text, "TonightBackupOld"
    if disk["size"] and disk["free"] / disk["size"] < _DISK_SHARE:
        text = f"The data folder's disk has {disk['free'] / disk['size']:.0%} left."
        yield "attention", text, "TonightDiskFilling"


def _between(first: _Sample, second: _Sample) -> tuple[float, float, float, float, float]:
    n_requests = max(0, second.total - first.total)
    seconds = max(0.0, second.seconds - first.seconds)
    errors = max(0.0, second.errors - first.errors)
    return (
        second.time,
        n_requests / max(second.time - first.time, 1e-3),
        seconds / n_requests if n_requests else 0.0,
        quantile(_more(first.counts, second.counts), 0.99),
        errors / n_requests if n_requests else 0.0,
    )


def _more(before: tuple[int, ...], now: tuple[int, ...] | list[int]) -> list[int]:
    return [max(0, b - a) for a, b in zip(before, now, strict=True)]
