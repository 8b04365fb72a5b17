"""The rules, the pages about them and the catalogue of metrics belong together."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from tools.gameday.monitoring import shorter, shorter_rules
from tools.monitoring import check, files
from tools.monitoring.files import Rule

RUNBOOK = (files.ROOT / "doc" / "runbook.md").read_text("utf-8")

#: Objective: its recorded series and its budget, as in the table of the runbook.
BUDGETS = {
    "tonight_suggestion_errors": 0.005,
    "tonight_suggestion_slow": 0.01,
    "tonight_feedback_errors": 0.005,
}
HOURS = {"5m": 1 / 12, "30m": 0.5, "1h": 1, "2h": 2, "6h": 6, "1d": 24, "3d": 72}


def alert(name: str = "TonightDown", **changes: str) -> Rule:
    """An alert that has all that it needs, but for the changes."""
    texts = {
        "summary": "It is down",
        "description": "Nobody answers.",
        "dashboard": "{{ $externalLabels.grafana }}/d/tonight-overview",
        "runbook": f"doc/playbook.md#{name.lower()}",
    }
    severity = changes.pop("severity", "page")
    return Rule(name, True, "up == 0", {"severity": severity}, {**texts, **changes})


def test_an_alert_with_all_that_it_needs_is_fine() -> None:
    assert list(check.alert_problems([alert()], {"tonightdown"}, {"tonight-overview"})) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"severity": "urgent"}, "severity"),
        ({"summary": " "}, "no summary"),
        ({"description": ""}, "no description"),
        ({"dashboard": "{{ $externalLabels.grafana }}/d/another"}, "leads to no dashboard"),
        ({"dashboard": ""}, "leads to no dashboard"),
        ({"runbook": ""}, "own heading"),
        ({"runbook": "doc/playbook.md#tonightwatchdog"}, "own heading"),
    ],
)
def test_what_an_alert_lacks_is_named(changes: dict[str, str], complaint: str) -> None:
    found = list(check.alert_problems([alert(**changes)], {"tonightdown"}, {"tonight-overview"}))
    assert len(found) == 1
    assert "TonightDown" in found[0]
    assert complaint in found[0]


def test_a_section_that_is_missing_or_too_many_is_named() -> None:
    boards = {"tonight-overview"}
    assert "no heading" in next(check.alert_problems([alert()], set(), boards))
    sections = {"tonightdown", "tonightup", "the-first-two-minutes"}
    assert list(check.alert_problems([alert()], sections, boards)) == [
        "doc/playbook.md: no alert is called tonightup"
    ]


def test_metrics_that_do_not_exist_or_that_nobody_reads_are_named() -> None:
    recorded = Rule("job:tonight_a:rate5m", False, "rate(tonight_a_bucket[5m])", {}, {})
    found = list(
        check.metric_problems(
            [recorded, alert()], ["job:tonight_b:rate5m"], {"tonight_a", "tonight_c"}
        )
    )
    assert found == [
        "tonight_c: no rule and no dashboard reads it",
        "job:tonight_b:rate5m: is read, but not recorded",
        "job:tonight_a:rate5m: is recorded, but not read",
    ]
    unknown = check.metric_problems([], ["rate(tonight_d_total[5m])"], set())
    assert list(unknown) == ["tonight_d_total: is not in doc/reference/metrics.md"]


def test_a_recorded_window_is_that_of_its_name() -> None:
    wrong = Rule("job:tonight_a:ratio_rate1h", False, "rate(tonight_a[5m])", {}, {})
    assert list(check.window_problems([wrong])) == [
        "job:tonight_a:ratio_rate1h: its windows are 5m"
    ]
    assert list(check.window_problems(files.rules())) == []


def test_every_alert_is_seen_firing_and_silent() -> None:
    alerts = [rule for rule in files.rules() if rule.is_alert]
    tests = "\n".join(path.read_text("utf-8") for path in files.rule_tests())
    assert list(check.test_problems(alerts, tests)) == []
    assert "TonightNew: no test sees it fire" in check.test_problems([alert("TonightNew")], tests)


def test_what_pages_is_what_the_runbook_says() -> None:
    section = RUNBOOK.partition("### How many pages")[2].partition("\nEverything else is a ticket")[
        0
    ]
    said = set(re.findall(r"`(Tonight\w+)`", section))
    paging = {rule.name for rule in files.rules() if rule.labels.get("severity") == "page"}
    assert paging == said


def test_nothing_is_wrong_with_the_files() -> None:
    assert list(check.problems()) == []


@pytest.mark.slow
def test_the_rules_pass_their_tests_and_the_configuration_is_valid() -> None:
    assert check.run_tools()


@pytest.mark.parametrize(
    ("severity", "receiver"), [("page", "page"), ("ticket", "ticket"), ("none", "heartbeat")]
)
def test_an_alert_reaches_the_receiver_of_its_severity(
    severity: str, receiver: str, needs: Callable[[str], None]
) -> None:
    needs("amtool")
    done = subprocess.run(
        [
            *("amtool", "config", "routes", "test"),
            f"--config.file={files.MONITORING / 'alertmanager.yml'}",
            *(f"--verify.receivers={receiver}", f"severity={severity}", "alertname=TonightDown"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def burn_rates() -> list[tuple[str, float, float, float, str, str]]:
    """Severity, share of the budget, hours, burn rate and windows, as the runbook's table says."""
    rows = re.findall(
        r"^\| (page|ticket) \| (\d+) % \| (\d+) (hour|hours|day|days) \| ([\d.]+) "
        r"\| (\d+) (\w+) and (\d+) (\w+) \|$",
        RUNBOOK,
        re.MULTILINE,
    )
    return [
        (
            severity,
            int(share) / 100,
            int(count) * (24 if unit.startswith("day") else 1),
            float(rate),
            f"{long}{long_unit[0]}",
            f"{short}{short_unit[0]}",
        )
        for severity, share, count, unit, rate, long, long_unit, short, short_unit in rows
    ]


def test_each_burn_rate_is_the_share_of_the_budget_by_the_share_of_thirty_days() -> None:
    assert len(burn_rates()) == 4
    for _, share, hours, rate, long, short in burn_rates():
        assert rate == pytest.approx(share * 30 * 24 / hours)
        assert HOURS[long] == hours
        assert HOURS[short] == pytest.approx(hours / 12)


@pytest.mark.parametrize(("series", "budget"), BUDGETS.items())
def test_the_alerts_of_an_objective_have_the_burn_rates_of_the_runbook(
    series: str, budget: float
) -> None:
    found = {
        (rule.labels["severity"], window, rate, limit)
        for rule in files.rules()
        if rule.is_alert
        for window, rate, limit in re.findall(
            rf"job:{series}:ratio_rate(\w+) > \(([\d.]+) \* ([\d.]+)\)", rule.expression
        )
    }
    wanted = {
        (severity, window, f"{rate:g}", f"{budget:g}")
        for severity, _, _, rate, long, short in burn_rates()
        for window in (long, short)
    }
    assert found == wanted
    assert f"{budget:.1%}".replace(".0%", "%").replace("%", " %") in RUNBOOK


def test_the_rules_of_the_game_day_differ_in_their_durations_only() -> None:
    for path in files.rule_files():
        content = files.read_yaml(path)
        short = shorter_rules(content)
        assert str(short) != str(content)
        duration = re.compile(r"\b\d+(?:ms|[smhd])\b")
        assert duration.sub("T", str(short)) == duration.sub("T", str(content))


def test_a_duration_is_divided() -> None:
    assert shorter("5m", 60) == "5000ms"
    assert shorter("30d", 60) == "43200000ms"
    with pytest.raises(ValueError, match="not a duration"):
        shorter("5 minutes")


def test_a_problem_with_the_tools_is_a_failure_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("CI", "true")
    assert not check.run_tools()
    monkeypatch.setenv("CI", "false")
    assert check.run_tools()
    assert "promtool, amtool not found" in capsys.readouterr().out
