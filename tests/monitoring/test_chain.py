"""The real chain: a fault, the service's metrics, Prometheus, a rule, Alertmanager, a receiver."""

from __future__ import annotations

import time

import pytest

from tools.gameday.programs import wait_until
from tools.gameday.stack import Stack
from tools.gameday.traffic import Traffic, share_answered

pytestmark = pytest.mark.slow


def test_the_loss_of_the_database_reaches_the_one_who_is_on_call_and_its_return_too(
    stack: Stack, traffic: Traffic
) -> None:
    assert stack.database is not None
    wait_until(
        lambda: "TonightDatabaseAway" not in stack.monitoring.firing(), "all is well", seconds=120
    )
    lost = time.monotonic()
    stack.database.stop("immediate")
    wait_until(
        lambda: stack.control.told("TonightDatabaseAway", "firing", lost) is not None,
        "the alert arrives",
        seconds=120,
    )
    told = stack.control.told("TonightDatabaseAway", "firing", lost)
    assert told is not None
    assert told.receiver == "page"
    assert told.annotations["runbook"] == "doc/playbook.md#tonightdatabaseaway"
    assert told.annotations["dashboard"] == "http://localhost:3000/d/tonight-database"
    assert share_answered(traffic.since(lost)) == 1

    mended = time.monotonic()
    stack.database.start()
    wait_until(
        lambda: stack.control.told("TonightDatabaseAway", "resolved", mended) is not None,
        "the alert is resolved",
        seconds=120,
    )


def test_the_watchdog_reaches_the_heartbeat_and_nobody_else(stack: Stack, traffic: Traffic) -> None:
    wait_until(lambda: stack.control.told("TonightWatchdog", "firing") is not None, "the heartbeat")
    told = [note for note in stack.control.notifications if note.alert == "TonightWatchdog"]
    assert {note.receiver for note in told} == {"heartbeat"}
