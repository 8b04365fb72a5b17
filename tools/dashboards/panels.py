"""Grafana's dashboard model, as far as our panels need it (schema version 39, Grafana 10.4 on)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

#: Grafana divides a dashboard into this many columns.
COLUMNS: Final = 24

DATASOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}

Kind = Literal["timeseries", "stat", "heatmap"]


@dataclass(frozen=True, slots=True)
class Query:
    """One line or group of lines of a panel.

    Attributes:
        expression: PromQL; windows are fixed, so that a query means the same everywhere.
        legend: What a line is called, with ``{{label}}`` for its labels.
    """

    expression: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture.

    Attributes:
        title: What it shows.
        description: How to read it, and what is normal.
        unit: One of Grafana's units (``s``, ``percentunit``, ``reqps``, ``bytes``, ...).
        queries: Where the numbers come from.
        kind: How they are drawn.
        thresholds: Colours from a value on; the first holds below all of them.
        width: In columns.
        height: In rows.
        text: The label that is shown instead of the value.
    """

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    kind: Kind = "timeseries"
    thresholds: tuple[tuple[float | None, str], ...] = ((None, "green"),)
    width: int = 12
    height: int = 8
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of panels.

    Attributes:
        uid: What links to it end with.
        title: Its name.
        description: Which question it answers.
        panels: From left to right, from top to bottom.
    """

    uid: str
    title: str
    description: str
    panels: tuple[Panel, ...] = field(default=())


def at_most(limit: float, warning: float | None = None) -> tuple[tuple[float | None, str], ...]:
    """Green below a limit and red from it on, yellow from the warning on where there is one."""
    middle = () if warning is None else ((warning, "yellow"),)
    return ((None, "green"), *middle, (limit, "red"))


def at_least(limit: float, warning: float | None = None) -> tuple[tuple[float | None, str], ...]:
    """Red below a limit and green from it on, yellow up to the warning where there is one."""
    if warning is None:
        return ((None, "red"), (limit, "green"))
    return ((None, "red"), (limit, "yellow"), (warning, "green"))


def to_grafana(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    x = y = row_height = 0
    for number, panel in enumerate(dashboard.panels, 1):
        if x + panel.width > COLUMNS:
            x, y, row_height = 0, y + row_height, 0
        position = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        panels.append(_panel(number, panel, position))
        x, row_height = x + panel.width, max(row_height, panel.height)
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["tonight"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": [_alerts_as_annotations()]},
        "links": [
            {
                "title": "Tonight",
                "type": "dashboards",
                "tags": ["tonight"],
                "asDropdown": False,
                "includeVars": True,
                "keepTime": True,
            }
        ],
        "templating": {
            "list": [
                {
                    "name": "datasource",
                    "label": "Prometheus",
                    "type": "datasource",
                    "query": "prometheus",
                    "refresh": 1,
                }
            ]
        },
        "panels": panels,
    }


def _panel(number: int, panel: Panel, position: dict[str, int]) -> dict[str, Any]:
    steps = [{"value": value, "color": color} for value, color in panel.thresholds]
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "thresholds": {"mode": "absolute", "steps": steps},
    }
    options: dict[str, Any]
    if panel.kind == "stat":
        options = {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "background" if len(steps) > 1 else "value",
            "textMode": "name" if panel.text else "auto",
        }
    elif panel.kind == "heatmap":
        options = {"calculate": False, "yAxis": {"unit": panel.unit}, "cellGap": 1}
    else:
        options = {
            "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
        defaults["min"] = 0
        defaults["custom"] = {
            "fillOpacity": 8,
            "thresholdsStyle": {"mode": "dashed" if len(steps) > 1 else "off"},
        }
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "gridPos": position,
        "datasource": DATASOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": [
            {
                "refId": chr(ord("A") + position),
                "datasource": DATASOURCE,
                "expr": query.expression,
                "legendFormat": query.legend or panel.text or "__auto",
                "format": "heatmap" if panel.kind == "heatmap" else "time_series",
                "instant": panel.kind == "stat",
                "range": panel.kind != "stat",
            }
            for position, query in enumerate(panel.queries)
        ],
    }


def _alerts_as_annotations() -> dict[str, Any]:
    return {
        "name": "Alerts",
        "datasource": DATASOURCE,
        "enable": True,
        "iconColor": "red",
        "expr": 'ALERTS{alertstate="firing", severity=~"page|ticket"}',
        "titleFormat": "{{alertname}}",
        "textFormat": "{{severity}}",
        "step": "60s",
    }
