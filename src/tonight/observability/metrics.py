"""Every metric of the service; ``doc/reference/metrics.md`` lists the same."""

from __future__ import annotations

from typing import Final

from tonight.observability.registry import Kind, Labels, Merge, Metric

#: In seconds. 0.25 is the objective's limit.
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

ALL: Final[dict[str, Metric]] = {}


def _metric(name: str, kind: Kind, text: str, labels: Labels = (), merge: Merge = "sum") -> Metric:
    bounds = SECONDS if kind == "histogram" else ()
    metric = Metric(f"tonight_{name}", kind, text, labels, merge=merge, bounds=bounds)
    ALL[metric.name] = metric
    return metric


BUILD_INFO: Final = _metric(
    "build_info", "gauge", "1; the labels say what runs.", ("version", "commit", "python"), "max"
)
REQUESTS: Final = _metric(
    "requests_total", "counter", "Requests that were answered.", ("method", "route", "status")
)
REQUEST_SECONDS: Final = _metric(
    "request_seconds", "histogram", "From a request's head to its answer.", ("method", "route")
)
IN_PROGRESS: Final = _metric("requests_in_progress", "gauge", "Requests without an answer yet.")
SHED: Final = _metric(
    "requests_shed_total", "counter", "Requests turned away, the worker being full.", ("reason",)
)
CLIENT_REQUESTS: Final = _metric(
    "client_requests_total", "counter", "Requests by what Tonight-Client says.", ("client",)
)
SUGGESTIONS: Final = _metric(
    "suggestions_total", "counter", "Suggestions by what they rest on.", ("source",)
)
WITHOUT_MEMORY: Final = _metric(
    "suggestions_without_memory_total", "counter", "Made without the viewer's history."
)
SUGGESTION_SECONDS: Final = _metric(
    "suggestion_seconds", "histogram", "The time to choose one film."
)
NOTHING_FITS: Final = _metric("nothing_fits_total", "counter", "Answers that no film fits.")
FALLBACKS: Final = _metric(
    "fallbacks_total", "counter", "Suggestions that had to do without something.", ("reason",)
)
FEEDBACK: Final = _metric("feedback_total", "counter", "Statements that were saved.", ("kind",))
FEEDBACK_UNDONE: Final = _metric("feedback_undone_total", "counter", "Statements taken back.")
JUDGED: Final = _metric(
    "judged_suggestions_total", "counter", "Verdicts on films shown this evening.", ("verdict",)
)
MODEL_INFO: Final = _metric(
    "model_info", "gauge", "1; the labels say which model is used.", ("version", "algorithm"), "max"
)
MODEL_TRAINED: Final = _metric(
    "model_trained_timestamp_seconds", "gauge", "When the model was trained.", (), "min"
)
MODEL_COVERAGE: Final = _metric(
    "model_coverage_ratio", "gauge", "Share of the films that the model can rank.", (), "min"
)
MODEL_IS_FALLBACK: Final = _metric(
    "model_is_fallback", "gauge", "1 where a worker has no trained model.", (), "max"
)
MODEL_RELOADS: Final = _metric("model_reloads_total", "counter", "New models taken while running.")
MODEL_REFUSED: Final = _metric(
    "model_refused_total", "counter", "Models that were not taken.", ("reason",)
)
TRAINING_SECONDS: Final = _metric(
    "training_seconds", "gauge", "How long the model's training took.", (), "max"
)
TRAINING_FINISHED: Final = _metric(
    "training_finished_timestamp_seconds", "gauge", "When that training ended.", (), "max"
)
TRAINING_FAILURES: Final = _metric(
    "training_failures_total", "counter", "Trainings that failed or were refused.", (), "max"
)
BACKUP_FINISHED: Final = _metric(
    "backup_finished_timestamp_seconds", "gauge", "When the last backup ended.", (), "max"
)
BACKUP_SECONDS: Final = _metric("backup_seconds", "gauge", "How long it took.", (), "max")
BACKUP_BYTES: Final = _metric("backup_bytes", "gauge", "How large it is.", (), "max")
DATABASE_UP: Final = _metric(
    "database_up", "gauge", "0 where the last use of the database failed.", (), "min"
)
DATABASE_ERRORS: Final = _metric(
    "database_errors_total", "counter", "Uses of the database that failed.", ("kind",)
)
DATABASE_SECONDS: Final = _metric(
    "database_seconds", "histogram", "How long a use of the database took.", ("operation",)
)
POOL_CONNECTIONS: Final = _metric(
    "database_pool_connections", "gauge", "Connections to the database.", ("state",)
)
POOL_LIMIT: Final = _metric("database_pool_limit", "gauge", "The most that can be in use.")
LOOP_LAG: Final = _metric(
    "event_loop_lag_seconds", "histogram", "How late the event loop is, seen twice a second."
)
WORKER_THREADS: Final = _metric(
    "worker_threads", "gauge", "Threads at work, and uses that wait for one.", ("state",)
)
LOG_EVENTS: Final = _metric(
    "log_events_total", "counter", "Log lines by level and event.", ("level", "event")
)
SPANS: Final = _metric(
    "spans_total", "counter", "Spans of traces, by what became of them.", ("result",)
)
DISK_FREE: Final = _metric(
    "disk_free_bytes", "gauge", "What the data folder's disk has left.", (), "min"
)
DISK_SIZE: Final = _metric("disk_size_bytes", "gauge", "How large that disk is.", (), "max")
WORKER_RESIDENT: Final = _metric(
    "worker_resident_bytes", "gauge", "Memory of each worker.", ("worker",), "max"
)
WORKERS: Final = _metric("workers", "gauge", "Workers that answer.")
TIME: Final = _metric("time_seconds", "gauge", "The service's clock at the scrape.", (), "max")

#: What a refusal may be put down to; all are there from the start, at 0.
REFUSALS: Final = ("damaged", "incompatible", "worse", "other")
DATABASE_ERROR_KINDS: Final = (
    *("busy", "full", "read_only", "damaged", "schema", "unavailable", "timeout", "other"),
)

#: The sources of traffic that are named in ``doc/consumers.yaml``; others count as ``other``.
CLIENTS: Final = ("page", "tonight-python", "load-test", "monitoring")


def start_at_zero() -> None:
    """Gives the counters that alerts watch a 0 to rise from."""
    starts: tuple[tuple[Metric, tuple[str, ...]], ...] = (
        (MODEL_REFUSED, REFUSALS),
        (DATABASE_ERRORS, DATABASE_ERROR_KINDS),
        (FALLBACKS, ("no_model", "no_database")),
        (SHED, ("concurrency",)),
        (SUGGESTIONS, ("personal", "few-likes", "features", "popular")),
        (SPANS, ("sent", "failed", "dropped")),
        (JUDGED, ("accepted", "rejected", "known")),
        (FEEDBACK, ("liked", "okay", "disliked", "seen", "not_tonight", "never")),
    )
    for metric, values in starts:
        for value in values:
            metric.add(value, by=0)
    for metric in ALL.values():
        if not metric.labels and (metric.kind == "counter" or metric is IN_PROGRESS):
            metric.add(by=0)
