"""Counters, gauges and histograms of one worker, as plain numbers that can be added up.

The client library keeps either exemplars or several processes, not both; see
``doc/decisions/0016-workers-answer-for-themselves.md``. It still writes what is exposed.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Labels = tuple[str, ...]
Kind = Literal["counter", "gauge", "histogram"]
Merge = Literal["sum", "min", "max"]

#: What a metric's state is in JSON: label values and what was measured under them.
State = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One observation that can be looked up: its trace, its value and when it was made."""

    trace_id: str
    value: float
    timestamp: float


@dataclass(slots=True)
class Distribution:
    """What a histogram has seen under one set of labels.

    Attributes:
        counts: Observations by bucket, the last beyond all bounds; not cumulative.
        total: Their sum.
        exemplars: The last one with a trace, by the bucket's index.
    """

    counts: list[int]
    total: float = 0.0
    exemplars: dict[int, Exemplar] = field(default_factory=dict)


class Metric:
    """A metric's name and meaning.

    Attributes:
        name: With its unit; a counter's ends in ``_total``.
        kind: What it is.
        text: What it tells, for the catalogue and ``/metrics``.
        labels: The names of its labels.
        merge: How several workers' values become one.
        bounds: The upper bounds of a histogram's buckets.
    """

    def __init__(
        self,
        name: str,
        kind: Kind,
        text: str,
        labels: Labels = (),
        *,
        merge: Merge = "sum",
        bounds: tuple[float, ...] = (),
    ) -> None:
        self.name: Final = name
        self.kind: Final = kind
        self.text: Final = text
        self.labels: Final = labels
        self.merge: Final = merge
        self.bounds: Final = bounds
        self._lock = threading.Lock()
        self._values: dict[Labels, float] = {}
        self._distributions: dict[Labels, Distribution] = {}

    def add(self, *labels: str, by: float = 1) -> None:
        """Counts something."""
        with self._lock:
            self._values[labels] = self._values.get(labels, 0) + by

    def put(self, value: float, *labels: str) -> None:
        """Sets a gauge."""
        with self._lock:
            self._values[labels] = value

    def clear(self) -> None:
        """Forgets what a gauge said, before it is set anew."""
        with self._lock:
            self._values.clear()

    def observe(self, value: float, *labels: str, trace_id: str | None = None) -> None:
        """Counts one observation.

        Args:
            value: In seconds.
            labels: The values of the labels.
            trace_id: The sampled trace it belongs to.
        """
        bucket = bisect_left(self.bounds, value)
        with self._lock:
            seen = self._distributions.get(labels)
            if seen is None:
                seen = self._distributions[labels] = self._none()
            seen.counts[bucket] += 1
            seen.total += value
        if trace_id is not None:
            seen.exemplars[bucket] = Exemplar(trace_id, value, time.time())

    def value(self, *labels: str) -> float:
        """What a counter or gauge says; for a histogram how often it was observed."""
        with self._lock:
            if self.kind == "histogram":
                return sum(self._distributions.get(labels, self._none()).counts)
            return self._values.get(labels, 0)

    def state(self) -> State:
        """All that was measured, for JSON."""
        with self._lock:
            if self.kind == "histogram":
                return [
                    [
                        list(labels),
                        list(seen.counts),
                        seen.total,
                        [
                            [bucket, one.trace_id, one.value, one.timestamp]
                            for bucket, one in list(seen.exemplars.items())
                        ],
                    ]
                    for labels, seen in self._distributions.items()
                ]
            return [[list(labels), value] for labels, value in self._values.items()]

    def take(self, state: State) -> None:
        """Adds what another worker, or an earlier process, has measured."""
        with self._lock:
            for labels_list, *measured in state:
                labels = tuple(labels_list)
                if self.kind == "histogram":
                    self._take_distribution(labels, *measured)
                    continue
                value = measured[0]
                if labels in self._values:
                    own = self._values[labels]
                    value = {"sum": own + value, "min": min(own, value), "max": max(own, value)}[
                        self.merge
                    ]
                self._values[labels] = value

    def distributions(self) -> Iterator[tuple[Labels, Distribution]]:
        """What a histogram has seen."""
        yield from list(self._distributions.items())

    def values(self) -> Iterator[tuple[Labels, float]]:
        """What a counter or gauge says."""
        yield from list(self._values.items())

    def empty_copy(self) -> Metric:
        """The same metric with nothing measured."""
        return Metric(
            self.name, self.kind, self.text, self.labels, merge=self.merge, bounds=self.bounds
        )

    def _none(self) -> Distribution:
        return Distribution([0] * (len(self.bounds) + 1))

    def _take_distribution(
        self, labels: Labels, counts: list[int], total: float, exemplars: list[list[Any]]
    ) -> None:
        seen = self._distributions.setdefault(labels, self._none())
        if len(counts) != len(seen.counts):
            return  # an earlier release had other buckets
        seen.counts = [own + other for own, other in zip(seen.counts, counts, strict=True)]
        seen.total += total
        for bucket, trace_id, value, timestamp in exemplars:
            old = seen.exemplars.get(bucket)
            if old is None or old.timestamp < timestamp:
                seen.exemplars[bucket] = Exemplar(trace_id, value, timestamp)


def merged(
    metrics: Iterable[Metric],
    living: Iterable[Mapping[str, State]],
    gone: Iterable[Mapping[str, State]] = (),
) -> dict[str, Metric]:
    """All workers' metrics as one.

    Args:
        metrics: Which ones there are.
        living: What each worker says now.
        gone: What those said that have ended; their gauges say nothing any more.

    Returns:
        The metrics by name.
    """
    result = {metric.name: metric.empty_copy() for metric in metrics}
    for states, counts_only in ((living, False), (gone, True)):
        for state in states:
            for name, measured in state.items():
                metric = result.get(name)
                if metric is not None and not (counts_only and metric.kind == "gauge"):
                    metric.take(measured)
    return result
