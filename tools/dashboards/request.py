"""The dashboard of a request's life: routes, steps, queues, workers.

Thresholds are those of the objectives and alerts.
"""

from __future__ import annotations

from typing import Final

from tools.dashboards.panels import Dashboard, Panel, Query, at_most
from tools.dashboards.queries import SUGGESTIONS, quantile

REQUEST: Final = Dashboard(
    "tonight-request",
    "Tonight: a request's life",
    "Where does a request spend its time, and what does it wait for?",
    (
        Panel(
            "Requests by route",
            "Requests a second by route template.",
            "reqps",
            (
                Query(
                    "sum by (method, route) (rate(tonight_requests_total[5m]))",
                    "{{method}} {{route}}",
                ),
            ),
        ),
        Panel(
            "99 % by route",
            "99 of 100 requests of the route are faster; no quantile is finer than its bucket.",
            "s",
            (
                Query(
                    quantile(0.99, "tonight_request_seconds", by="method, route"),
                    "{{method}} {{route}}",
                ),
            ),
        ),
        Panel(
            "How suggestions spread",
            "Each column is a moment, each cell how many suggestions took that long. Two bands "
            "mean two kinds of requests, or one worker that is slow.",
            "s",
            (
                Query(
                    f"sum by (le) (rate(tonight_request_seconds_bucket{{{SUGGESTIONS}}}[5m]))",
                    "{{le}}",
                ),
            ),
            "heatmap",
        ),
        Panel(
            "Suggestions slower than 0.25 s",
            "The share. Objective: 1 %.",
            "percentunit",
            (
                Query("job:tonight_suggestion_slow:ratio_rate5m", "5 minutes"),
                Query("job:tonight_suggestion_slow:ratio_rate1h", "1 hour"),
            ),
            thresholds=at_most(0.01),
        ),
        Panel(
            "The steps of a suggestion, 99 %",
            "The whole request, the time inside the recommender, and one database read. What is "
            "left is queueing, the page and the network.",
            "s",
            (
                Query(quantile(0.99, "tonight_request_seconds", only=SUGGESTIONS), "the request"),
                Query(quantile(0.99, "tonight_suggestion_seconds"), "the recommender"),
                Query(
                    quantile(0.99, "tonight_database_seconds", only='operation="read"'),
                    "a database read",
                ),
            ),
        ),
        Panel(
            "In progress and refused",
            "Requests in progress in all workers, and requests a second that were refused because "
            "there were too many.",
            "short",
            (
                Query("sum(tonight_requests_in_progress)", "in progress"),
                Query(
                    "sum(rate(tonight_requests_shed_total[5m])) or vector(0)", "refused a second"
                ),
            ),
        ),
        Panel(
            "Event loop lag",
            "How late the workers' event loops are. Alert: 0.1 s at 99 % for ten minutes. Late "
            "loops make every request late.",
            "s",
            (
                Query(quantile(0.95, "tonight_event_loop_lag_seconds"), "95 %"),
                Query(quantile(0.99, "tonight_event_loop_lag_seconds"), "99 %"),
            ),
            thresholds=at_most(0.1),
        ),
        Panel(
            "Threads",
            "The workers' threads for what blocks (the database): busy, and calls that wait for "
            "one. Waiting calls mean that the database is slow or the threads are too few.",
            "short",
            (Query("sum by (state) (tonight_worker_threads)", "{{state}}"),),
        ),
        Panel(
            "Memory by worker",
            "What each worker holds, shared pages of the model included. A line that only rises is "
            "a leak. Alert: above 512 MiB and rising for an hour.",
            "bytes",
            (Query("tonight_worker_resident_bytes", "{{instance}} {{worker}}"),),
        ),
        Panel(
            "Spans of traces",
            "A second. Sent ones can be found by the `trace_id` of a log line or an exemplar; "
            "failed ones the receiver did not take, dropped ones had no room to wait for it.",
            "short",
            (Query("sum by (result) (rate(tonight_spans_total[5m]))", "{{result}}"),),
        ),
    ),
)
