"""Checks everything under ``deploy/monitoring``: ``python -m tools.monitoring.check``.

Prometheus' and Alertmanager's own tools check the syntax and run the rules' tests; this module
checks what they cannot know: that each alert tells a person all he needs, that its playbook
section and dashboard exist, that each metric exists and each is watched. Where the tools are not
installed it says so; where CI is set that is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from tools.monitoring import files
from tools.monitoring.files import MONITORING, PLAYBOOK, ROOT, Rule

SEVERITIES: Final = ("page", "ticket", "none")
PROGRAMS: Final = ("promtool", "amtool")
_DASHBOARD: Final = re.compile(r"^\{\{ \$externalLabels\.grafana \}\}/d/([\w-]+)$")
_RUNBOOK: Final = re.compile(r"^doc/playbook\.md#([\w-]+)$")
_WINDOW: Final = re.compile(r":(?:ratio_rate|ratio_increase|increase|budget_left)(\d+[mhd])$")
#: A metric's row in the catalogue: its name in the first column.
_ROW: Final = re.compile(r"^\| `(tonight_[a-z0-9_]+)", re.MULTILINE)


def alert_problems(alerts: list[Rule], anchors: set[str], uids: set[str]) -> Iterator[str]:
    """What is missing for the person whom an alert reaches."""
    for alert in alerts:
        if alert.labels.get("severity") not in SEVERITIES:
            yield f"{alert.name}: the severity must be one of {', '.join(SEVERITIES)}"
        for name in ("summary", "description"):
            if not alert.annotations.get(name, "").strip():
                yield f"{alert.name}: no {name}"
        dashboard = _DASHBOARD.match(alert.annotations.get("dashboard", ""))
        if dashboard is None or dashboard[1] not in uids:
            yield f"{alert.name}: the annotation dashboard leads to no dashboard"
        runbook = _RUNBOOK.match(alert.annotations.get("runbook", ""))
        if runbook is None or runbook[1] != alert.name.lower():
            yield f"{alert.name}: the annotation runbook does not lead to its own heading"
        elif runbook[1] not in anchors:
            yield f"{alert.name}: doc/playbook.md has no heading of this name"
    orphans = {name for name in anchors if name.startswith("tonight")}
    orphans -= {alert.name.lower() for alert in alerts}
    yield from (f"doc/playbook.md: no alert is called {name}" for name in sorted(orphans))


def metric_problems(rules: list[Rule], queries: list[str], catalogue: set[str]) -> Iterator[str]:
    """What is read and does not exist, and what exists and nobody reads."""
    expressions = [rule.expression for rule in rules] + queries
    read = set[str]().union(*(files.metrics_in(expression) for expression in expressions))
    yield from (f"{name}: is not in doc/reference/metrics.md" for name in sorted(read - catalogue))
    yield from (f"{name}: no rule and no dashboard reads it" for name in sorted(catalogue - read))
    recorded = {rule.name for rule in rules if not rule.is_alert}
    used = set[str]().union(*(files.recorded_in(expression) for expression in expressions))
    yield from (f"{name}: is read, but not recorded" for name in sorted(used - recorded))
    yield from (f"{name}: is recorded, but not read" for name in sorted(recorded - used))


def window_problems(rules: list[Rule]) -> Iterator[str]:
    """Recorded series whose name says another window than their expression."""
    for rule in rules:
        window = _WINDOW.search(rule.name)
        ranges = set(re.findall(r"\[(\w+)\]", rule.expression))
        if not rule.is_alert and ranges and (window is None or ranges != {window[1]}):
            yield f"{rule.name}: its windows are {', '.join(sorted(ranges))}"


def test_problems(alerts: list[Rule], tests: str) -> Iterator[str]:
    """Alerts of which no test says that they fire, or none that they stay silent."""
    for name in dict.fromkeys(alert.name for alert in alerts):
        if f'alertname="{name}"' not in tests:
            yield f"{name}: no test sees it fire"
    for scenario in ("a blip", "a deploy", "a quiet night"):
        if f"- name: {scenario}, " not in tests:
            yield f"no test says that every alert is silent in {scenario}"


def problems() -> Iterator[str]:
    """Everything that is wrong with the files, without Prometheus' own tools."""
    rules = files.rules()
    alerts = [rule for rule in rules if rule.is_alert]
    boards = files.dashboards()
    anchors = {files.anchor(name) for name in files.headings(PLAYBOOK, 3)}
    queries = [query for board in boards.values() for _, query in files.panel_queries(board)]
    tests = "\n".join(path.read_text("utf-8") for path in files.rule_tests())
    yield from alert_problems(alerts, anchors, set(boards))
    catalogue = set(_ROW.findall(files.METRICS.read_text("utf-8")))
    yield from metric_problems(rules, queries, catalogue)
    yield from window_problems(rules)
    yield from test_problems(alerts, tests)


def run_tools() -> bool:
    """Runs promtool and amtool over the files; returns whether all went well."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        print(f"Not checked: {', '.join(missing)} not found; `make test-setup` installs them.")
        return os.environ.get("CI") != "true"
    rules, tests = map(str, files.rule_files()), map(str, files.rule_tests())
    commands = (
        ["promtool", "check", "rules", *rules],
        ["promtool", "check", "config", str(MONITORING / "prometheus.yml")],
        ["promtool", "test", "rules", *tests],
        ["amtool", "check-config", str(MONITORING / "alertmanager.yml")],
    )
    good = True
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
            good = False
    return good


def main() -> int:
    """Prints what is wrong; 1 when anything is."""
    found = list(problems())
    for problem in found:
        print(problem)
    return int(not run_tools() or bool(found))


if __name__ == "__main__":
    sys.exit(main())
