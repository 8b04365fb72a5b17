"""The simple questions, answered from the metrics: how much, how fast, how well, who."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tonight.observability import metrics
from tonight.observability.registry import Metric

#: How many of the slowest routes are listed.
_N_SLOW: Final = 5


def status(merged: Mapping[str, Metric]) -> dict[str, Any]:
    """What ``/status.json`` says.

    Everything counts from the start of the service; the page and ``tonight status`` ask twice
    and take the difference. ``requests.buckets`` are cumulative, by their upper bound in seconds.
    """
    requests, seconds = merged[metrics.REQUESTS.name], merged[metrics.REQUEST_SECONDS.name]
    counts = [0] * (len(metrics.SECONDS) + 1)
    total = 0.0
    slow: list[dict[str, Any]] = []
    for (method, route), seen in seconds.distributions():
        counts = [a + b for a, b in zip(counts, seen.counts, strict=True)]
        total += seen.total
        n = sum(seen.counts)
        slow.append(
            {
                "route": f"{method} {route}",
                "count": n,
                "average_seconds": seen.total / n if n else 0.0,
                "p99_seconds": quantile(seen.counts, 0.99),
            }
        )
    n_requests = sum(counts)
    n_errors = sum(value for (_, _, code), value in requests.values() if code.startswith("5"))
    slow.sort(key=lambda route: -float(route["p99_seconds"]))
    return {
        "time": time.time(),
        "build": _info(merged[metrics.BUILD_INFO.name]),
        "workers": _number(merged, metrics.WORKERS),
        "requests": {
            "total": n_requests,
            "errors": n_errors,
            "in_progress": _number(merged, metrics.IN_PROGRESS),
            "shed": sum(value for _, value in merged[metrics.SHED.name].values()),
            "seconds": total,
            "bounds": list(metrics.SECONDS),
            "counts": counts,
            "error_share": n_errors / n_requests if n_requests else 0.0,
            "average_seconds": total / n_requests if n_requests else 0.0,
            "p99_seconds": quantile(counts, 0.99),
        },
        "slow": slow[:_N_SLOW],
        "model": {
            **_info(merged[metrics.MODEL_INFO.name]),
            "trained": _number(merged, metrics.MODEL_TRAINED),
            "coverage": _number(merged, metrics.MODEL_COVERAGE),
            "is_fallback": bool(_number(merged, metrics.MODEL_IS_FALLBACK)),
            "training_seconds": _number(merged, metrics.TRAINING_SECONDS),
            "failed_trainings": _number(merged, metrics.TRAINING_FAILURES),
            "refused": sum(value for _, value in merged[metrics.MODEL_REFUSED.name].values()),
        },
        "backup": {
            "finished": _number(merged, metrics.BACKUP_FINISHED),
            "seconds": _number(merged, metrics.BACKUP_SECONDS),
            "bytes": _number(merged, metrics.BACKUP_BYTES),
        },
        "disk": {
            "free": _number(merged, metrics.DISK_FREE),
            "size": _number(merged, metrics.DISK_SIZE),
        },
        "resident_bytes": sum(v for _, v in merged[metrics.WORKER_RESIDENT.name].values()),
        "database": {
            "up": bool(_number(merged, metrics.DATABASE_UP)),
            "connections": merged[metrics.POOL_CONNECTIONS.name].value("in_use"),
            "connections_limit": _number(merged, metrics.POOL_LIMIT),
            "errors": {
                kind: value
                for (kind,), value in merged[metrics.DATABASE_ERRORS.name].values()
                if value
            },
        },
        "clients": {
            client: value for (client,), value in merged[metrics.CLIENT_REQUESTS.name].values()
        },
        "suggestions": {
            source: value for (source,), value in merged[metrics.SUGGESTIONS.name].values()
        },
    }


def quantile(counts: Sequence[int], share: float) -> float:
    """The value that a share of the observations does not exceed, by linear interpolation.

    Args:
        counts: By bucket of ``metrics.SECONDS``, the last beyond all bounds; not cumulative.
        share: Between 0 and 1.
    """
    wanted, so_far, lower = share * sum(counts), 0, 0.0
    for bound, count in zip(metrics.SECONDS, counts, strict=False):
        if count and so_far + count >= wanted:
            return lower + (bound - lower) * (wanted - so_far) / count
        so_far += count
        lower = bound
    return lower if sum(counts) else 0.0


def _number(merged: Mapping[str, Metric], metric: Metric) -> float:
    return merged[metric.name].value()


def _info(metric: Metric) -> dict[str, str]:
    for labels, _ in metric.values():
        return dict(zip(metric.labels, labels, strict=True))
    return {}
