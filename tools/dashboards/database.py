"""The dashboard of the database: errors, speed, connections, disk, backups.

Thresholds are those of the objectives and alerts.
"""

from __future__ import annotations

from typing import Final

from tools.dashboards.panels import Dashboard, Panel, Query, at_least, at_most
from tools.dashboards.queries import quantile

DATABASE: Final = Dashboard(
    "tonight-database",
    "Tonight: the database",
    "Can everything be saved, how fast, and would it survive the loss of the disk?",
    (
        Panel(
            "Database",
            "1: it can be used. 0: suggestions go on, nothing can be saved.",
            "short",
            (Query("min by (instance) (tonight_database_up)", "{{instance}}"),),
            "stat",
            at_least(1),
            width=6,
            height=5,
        ),
        Panel(
            "Disk free",
            "Of the data folder's disk. Page: 5 %. Ticket: 25 % and full within four days.",
            "percentunit",
            (Query("tonight_disk_free_bytes / tonight_disk_size_bytes", "{{instance}}"),),
            "stat",
            at_least(0.05, 0.25),
            width=6,
            height=5,
        ),
        Panel(
            "Age of the backup",
            "What would be lost if the disk died now. Alert: 26 hours.",
            "s",
            (Query("time() - max(tonight_backup_finished_timestamp_seconds)", "age"),),
            "stat",
            at_most(26 * 3_600),
            width=6,
            height=5,
        ),
        Panel(
            "Backup",
            "How long the newest backup took.",
            "s",
            (Query("max(tonight_backup_seconds)", "took"),),
            "stat",
            width=3,
            height=5,
        ),
        Panel(
            "Size",
            "How large the newest backup is.",
            "bytes",
            (Query("max(tonight_backup_bytes)", "size"),),
            "stat",
            width=3,
            height=5,
        ),
        Panel(
            "Feedback that cannot be saved",
            "The share. Objective: 0.5 %. Viewers are told so, and can try again.",
            "percentunit",
            (
                Query("job:tonight_feedback_errors:ratio_rate5m", "5 minutes"),
                Query("job:tonight_feedback_errors:ratio_rate1h", "1 hour"),
            ),
            thresholds=at_most(0.005),
        ),
        Panel(
            "Errors",
            "Database errors a second by kind. doc/playbook.md says what each kind means.",
            "cps",
            (
                Query(
                    "sum by (kind) (rate(tonight_database_errors_total[5m])) or vector(0)",
                    "{{kind}}",
                ),
            ),
        ),
        Panel(
            "How long an operation takes",
            "Reads and writes, as the service waits for them. Alert: 0.5 s at 90 %.",
            "s",
            tuple(
                Query(
                    quantile(q, "tonight_database_seconds", by="operation"),
                    f"{{{{operation}}}} {name}",
                )
                for q, name in ((0.5, "half"), (0.9, "90 %"), (0.99, "99 %"))
            ),
            thresholds=at_most(0.5),
        ),
        Panel(
            "Operations",
            "Reads and writes a second.",
            "cps",
            (
                Query(
                    "sum by (operation) (rate(tonight_database_seconds_count[5m]))",
                    "{{operation}}",
                ),
            ),
        ),
        Panel(
            "Connections",
            "Of the workers' pools, and how many they may open together. Alert: 90 % in use.",
            "short",
            (
                Query("sum by (state) (tonight_database_pool_connections)", "{{state}}"),
                Query("sum(tonight_database_pool_limit)", "limit"),
            ),
        ),
        Panel(
            "Free on the disk",
            "Where the line goes is when the disk is full.",
            "bytes",
            (
                Query("tonight_disk_free_bytes", "{{instance}} free"),
                Query("tonight_disk_size_bytes", "{{instance}} size"),
            ),
        ),
    ),
)
