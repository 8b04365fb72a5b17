"""The dashboard to look at first: objectives, traffic, and who asks.

Thresholds are those of the objectives and alerts.
"""

from __future__ import annotations

from typing import Final

from tools.dashboards.panels import Dashboard, Panel, Query, at_least, at_most
from tools.dashboards.queries import SUGGESTIONS, quantile

_BUDGET: Final = at_least(0, 0.25)


def _budget(title: str, description: str, series: str) -> Panel:
    query = Query(f"job:{series}:budget_left30d", "left")
    return Panel(title, description, "percentunit", (query,), "stat", _BUDGET, width=4, height=5)


OVERVIEW: Final = Dashboard(
    "tonight-overview",
    "Tonight: overview",
    "Is the service well, does it keep its objectives, and who uses it?",
    (
        _budget(
            "Budget left: suggestions answered",
            "Of the 0.5 % of suggestions that may fail in 30 days, the share that is left. Below 0 "
            "the objective is missed; below 25 % change nothing that can wait.",
            "tonight_suggestion_errors",
        ),
        _budget(
            "Budget left: suggestions fast",
            "Of the 1 % of suggestions that may take longer than 0.25 s in 30 days, the share that "
            "is left.",
            "tonight_suggestion_slow",
        ),
        _budget(
            "Budget left: feedback saved",
            "Of the 0.5 % of feedback that may fail to be saved in 30 days, the share left.",
            "tonight_feedback_errors",
        ),
        Panel(
            "Instances up",
            "How many instances answer Prometheus, and the workers they run.",
            "short",
            (
                Query('sum(up{job="tonight"})', "instances"),
                Query("sum(tonight_workers)", "workers"),
            ),
            "stat",
            at_least(1),
            width=4,
            height=5,
        ),
        Panel(
            "Release",
            "What runs where. Two lines during a roll-out, one otherwise.",
            "short",
            (Query("tonight_build_info", "{{version}} {{commit}}"),),
            "stat",
            width=4,
            height=5,
            text="{{version}}",
        ),
        Panel(
            "Clock",
            "How far the service's clock is from that of Prometheus. Alert: 30 s, either way.",
            "s",
            (Query("abs(tonight_time_seconds - timestamp(tonight_time_seconds))", "{{instance}}"),),
            "stat",
            at_most(30, 5),
            width=4,
            height=5,
        ),
        Panel(
            "Requests",
            "Requests a second by their status. 5xx are ours, 4xx the client's.",
            "reqps",
            (Query("sum by (status) (rate(tonight_requests_total[5m]))", "{{status}}"),),
        ),
        Panel(
            "Suggestions that fail",
            "The share of suggestions with a server error. Objective: 0.5 %.",
            "percentunit",
            (
                Query("job:tonight_suggestion_errors:ratio_rate5m", "5 minutes"),
                Query("job:tonight_suggestion_errors:ratio_rate1h", "1 hour"),
            ),
            thresholds=at_most(0.005),
        ),
        Panel(
            "How long a suggestion takes",
            "The page and GET /movie, as the service measures them. Objective: 99 % below 0.25 s.",
            "s",
            tuple(
                Query(quantile(q, "tonight_request_seconds", only=SUGGESTIONS), name)
                for q, name in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))
            ),
            thresholds=at_most(0.25),
        ),
        Panel(
            "Who asks",
            "Requests a second by the Tonight-Client header: the systems that rely on the service. "
            "doc/consumers.yaml says whose they are.",
            "reqps",
            (Query("sum by (client) (rate(tonight_client_requests_total[5m]))", "{{client}}"),),
        ),
        Panel(
            "What the log says",
            "Log events a second by name and level. Errors are worth reading one by one.",
            "cps",
            (
                Query(
                    "sum by (level, event) (rate(tonight_log_events_total[5m]))",
                    "{{level}} {{event}}",
                ),
            ),
        ),
        Panel(
            "Suggestions by source",
            "personal and few-likes follow the viewer's feedback, popular is for strangers. A "
            "sudden share of popular means that the history or the model is not there.",
            "cps",
            (Query("sum by (source) (rate(tonight_suggestions_total[5m]))", "{{source}}"),),
        ),
    ),
)
