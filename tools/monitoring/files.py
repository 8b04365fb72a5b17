"""The files of the monitoring, read into what the checks and the game day work with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
MONITORING: Final = ROOT / "deploy" / "monitoring"
PLAYBOOK: Final = ROOT / "doc" / "playbook.md"
METRICS: Final = ROOT / "doc" / "reference" / "metrics.md"

_METRIC: Final = re.compile(r"\btonight_[a-z0-9_]+")
_RECORDED: Final = re.compile(r"\bjob:[a-z0-9_:]+")
_PARTS: Final = re.compile(r"_(bucket|sum|count)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule or an alert.

    Attributes:
        name: The recorded series, or the alert.
        is_alert: Which of the two it is.
        expression: PromQL.
        labels: What is added to the result.
        annotations: What a person is told.
    """

    name: str
    is_alert: bool
    expression: str
    labels: dict[str, str]
    annotations: dict[str, str]


def rule_files() -> list[Path]:
    """The files of rules."""
    return sorted((MONITORING / "rules").glob("*.yaml"))


def rule_tests() -> list[Path]:
    """The files of tests for promtool."""
    return sorted((MONITORING / "rules" / "tests").glob("*_test.yaml"))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def rules() -> list[Rule]:
    """Every rule, in the order of the files."""
    return [
        Rule(
            name=rule.get("alert") or rule["record"],
            is_alert="alert" in rule,
            expression=rule["expr"],
            labels=rule.get("labels", {}),
            annotations=rule.get("annotations", {}),
        )
        for path in rule_files()
        for group in read_yaml(path)["groups"]
        for rule in group["rules"]
    ]


def dashboards() -> dict[str, dict[str, Any]]:
    """The dashboards by their uid."""
    files = sorted((MONITORING / "dashboards").glob("*.json"))
    boards = [json.loads(path.read_text("utf-8")) for path in files]
    return {board["uid"]: board for board in boards}


def panel_queries(board: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The title of each panel with each of its queries."""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def metrics_in(expression: str) -> set[str]:
    """The service's metrics that a PromQL expression reads; a histogram's parts are one metric."""
    return {_PARTS.sub("", name) for name in _METRIC.findall(_RECORDED.sub(" ", expression))}


def recorded_in(expression: str) -> set[str]:
    """The recorded series that a PromQL expression reads."""
    return set(_RECORDED.findall(expression))


def headings(page: Path, level: int) -> list[str]:
    """The headings of a page at a level."""
    marks = "#" * level + " "
    return [
        line.removeprefix(marks).strip()
        for line in page.read_text("utf-8").splitlines()
        if line.startswith(marks)
    ]


def anchor(heading: str) -> str:
    """What a link to a heading ends with, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
