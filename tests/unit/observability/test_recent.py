"""Whether all is well, since when and why not: what the status page says at one glance."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tonight.observability import metrics
from tonight.observability.recent import Recent

PLAYBOOK = (Path(__file__).parents[3] / "doc" / "playbook.md").read_text("utf-8")
NOW = 1_800_000_000.0
N_BUCKETS = len(metrics.SECONDS) + 1


def status(at: float = 0, *, requests: dict[str, Any] | None = None, **parts: Any) -> Any:
    """What a service says that is well, but for the changes."""
    counts = [0] * N_BUCKETS
    return {
        "time": NOW + at,
        "requests": {
            "total": 0,
            "errors": 0,
            "shed": 0,
            "seconds": 0.0,
            "counts": counts,
            **(requests or {}),
        },
        "database": {"up": True},
        "model": {"is_fallback": False, "trained": NOW - 86_400},
        "backup": {"finished": NOW - 3600},
        "disk": {"free": 50, "size": 100},
        **parts,
    }


def answered(n: int, *, errors: int = 0, slow: int = 0, shed: int = 0) -> dict[str, Any]:
    counts = [0] * N_BUCKETS
    counts[4], counts[8] = n - slow, slow
    return {"total": n, "errors": errors, "shed": shed, "seconds": n * 0.02, "counts": counts}


def texts(recent: Recent, now: Any) -> list[str]:
    return [reason["text"] for reason in recent.judged(now)["reasons"]]


def test_all_is_well_since_the_start() -> None:
    recent = Recent(NOW - 500)
    recent.look(status())
    assert recent.judged(status(10)) == {"level": "fine", "since": NOW - 500, "reasons": []}


@pytest.mark.parametrize(
    ("parts", "level", "section"),
    [
        ({"database": {"up": False}}, "trouble", "TonightDatabaseAway"),
        ({"model": {"is_fallback": True, "trained": 0}}, "attention", "TonightModelIsFallback"),
        (
            {"model": {"is_fallback": False, "trained": NOW - 31 * 86_400}},
            "attention",
            "TonightModelOld",
        ),
        ({"backup": {"finished": 0}}, "attention", "TonightBackupMissing"),
        ({"backup": {"finished": NOW - 27 * 3600}}, "attention", "TonightBackupOld"),
        ({"disk": {"free": 9, "size": 100}}, "attention", "TonightDiskFilling"),
        ({"requests": answered(100, errors=1)}, "trouble", "TonightSuggestionsFail"),
        ({"requests": answered(100, slow=5)}, "trouble", "TonightSuggestionsSlow"),
        ({"requests": answered(100, shed=1)}, "trouble", "TonightShedding"),
    ],
)
def test_what_is_not_well_is_said_with_its_section_of_the_playbook(
    parts: dict[str, Any], level: str, section: str
) -> None:
    recent = Recent(NOW - 500)
    recent.look(status())
    found = recent.judged(status(20, **parts))
    assert found["level"] == level
    assert [reason["playbook"] for reason in found["reasons"]] == [section]
    assert re.search(rf"^### {section}$", PLAYBOOK, re.MULTILINE)


def test_the_worst_comes_first() -> None:
    found = Recent(NOW).judged(status(backup={"finished": 0}, database={"up": False}))
    assert [reason["level"] for reason in found["reasons"]] == ["trouble", "attention"]


def test_a_few_requests_and_what_is_over_are_not_judged() -> None:
    recent = Recent(NOW)
    recent.look(status())
    assert texts(recent, status(10, requests=answered(19, errors=19, slow=19))) == []
    bad = answered(100, errors=50, shed=5)
    recent.look(status(20, requests=bad))
    assert len(texts(recent, status(30, requests=bad))) == 2
    assert texts(recent, status(81, requests=bad)) == []


def test_since_is_when_the_level_changed_and_not_when_somebody_looked() -> None:
    recent = Recent(NOW - 500)
    away = {"up": False}
    assert recent.judged(status(0))["since"] == NOW - 500
    assert recent.judged(status(10, database=away))["since"] == NOW + 10
    assert recent.judged(status(20, database=away))["since"] == NOW + 10
    assert recent.judged(status(30))["since"] == NOW + 30


def test_the_points_are_what_happened_between_two_looks() -> None:
    recent = Recent(NOW)
    assert recent.points() == []
    recent.look(status())
    recent.look(status(10, requests=answered(200, errors=50)))
    recent.look(status(20, requests=answered(200, errors=50)))
    first, second = recent.points()
    assert first[:3] == [NOW + 10, 20.0, 0.02]
    assert 0.01 < first[3] <= 0.025
    assert first[4] == 0.25
    assert second[1:] == [0, 0, 0, 0]


def test_an_hour_is_kept() -> None:
    recent = Recent(NOW)
    for n in range(500):
        recent.look(status(10 * n))
    points = recent.points()
    assert len(points) == 360
    assert points[-1][0] - points[0][0] == pytest.approx(3590)
