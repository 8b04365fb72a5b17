"""The dashboard of the recommender: the model, and what viewers say to it.

Thresholds are those of the objectives and alerts.
"""

from __future__ import annotations

from typing import Final

from tools.dashboards.panels import Dashboard, Panel, Query, at_most
from tools.dashboards.queries import quantile

RECOMMENDER: Final = Dashboard(
    "tonight-recommender",
    "Tonight: the recommender",
    "Do viewers like what they are shown, and is the model as it should be?",
    (
        Panel(
            "Model",
            "The version and algorithm in use. More than one for a moment only: a roll-out.",
            "short",
            (Query("tonight_model_info", "{{version}} {{algorithm}}"),),
            "stat",
            width=8,
            height=5,
            text="{{version}}",
        ),
        Panel(
            "Age of the model",
            "Objective: 30 days.",
            "s",
            (Query("time() - max(tonight_model_trained_timestamp_seconds > 0)", "age"),),
            "stat",
            at_most(30 * 86_400, 25 * 86_400),
            width=4,
            height=5,
        ),
        Panel(
            "Fallback",
            "1: no trained model could be loaded, and suggestions rest on popularity.",
            "short",
            (Query("max(tonight_model_is_fallback)", "fallback"),),
            "stat",
            at_most(1),
            width=4,
            height=5,
        ),
        Panel(
            "Coverage",
            "The share of the films that the model can suggest at all.",
            "percentunit",
            (Query("min(tonight_model_coverage_ratio)", "coverage"),),
            "stat",
            width=4,
            height=5,
        ),
        Panel(
            "Training",
            "How long the training of this model took, and how long ago it ended.",
            "s",
            (
                Query("max(tonight_training_seconds)", "took"),
                Query("time() - max(tonight_training_finished_timestamp_seconds)", "ago"),
            ),
            "stat",
            width=4,
            height=5,
        ),
        Panel(
            "Accepted",
            "Of the suggestions that viewers judged, the share that they accepted. Alert: a day "
            "below half of the four weeks before, from 50 judgements on.",
            "percentunit",
            (Query("job:tonight_accepted_suggestions:ratio_increase1d", "1 day"),),
        ),
        Panel(
            "Judgements",
            "What viewers said about what they were shown the same evening, an hour. known: they "
            "had seen it.",
            "short",
            (
                Query(
                    "sum by (verdict) (increase(tonight_judged_suggestions_total[1h]))",
                    "{{verdict}}",
                ),
            ),
        ),
        Panel(
            "Suggestions by source",
            "Suggestions a second by what they rest on.",
            "cps",
            (Query("sum by (source) (rate(tonight_suggestions_total[5m]))", "{{source}}"),),
        ),
        Panel(
            "Not as personal as they could be",
            "Suggestions a second without a model, without a database, and for viewers whose "
            "history could not be read. Alert: 5 % of all.",
            "cps",
            (
                Query(
                    "sum by (reason) (rate(tonight_fallbacks_total[5m])) or vector(0)",
                    "{{reason}}",
                ),
                Query("sum(rate(tonight_suggestions_without_memory_total[5m]))", "without memory"),
            ),
        ),
        Panel(
            "Nothing fits",
            "The share of questions for which no film fits all the wishes. A jump means that the "
            "catalogue or a filter is broken.",
            "percentunit",
            (
                Query(
                    "sum(rate(tonight_nothing_fits_total[5m])) / "
                    "(sum(rate(tonight_suggestions_total[5m])) + "
                    "sum(rate(tonight_nothing_fits_total[5m])))",
                    "nothing fits",
                ),
            ),
        ),
        Panel(
            "Feedback",
            "What viewers say, an hour, by kind, and what they take back.",
            "short",
            (
                Query("sum by (kind) (increase(tonight_feedback_total[1h]))", "{{kind}}"),
                Query("sum(increase(tonight_feedback_undone_total[1h]))", "taken back"),
            ),
        ),
        Panel(
            "How long the recommender takes",
            "The time inside of the recommender, without the database and the page.",
            "s",
            tuple(
                Query(quantile(q, "tonight_suggestion_seconds"), name)
                for q, name in ((0.5, "half"), (0.99, "99 %"))
            ),
        ),
        Panel(
            "New models",
            "Taken over, refused (by reason) and failed trainings, an hour.",
            "short",
            (
                Query("sum(increase(tonight_model_reloads_total[1h]))", "taken over"),
                Query(
                    "sum by (reason) (increase(tonight_model_refused_total[1h])) or vector(0)",
                    "refused {{reason}}",
                ),
                Query(
                    "sum(increase(tonight_training_failures_total[1h])) or vector(0)",
                    "failed trainings",
                ),
            ),
        ),
    ),
)
