"""One running stack for all tests: service, PostgreSQL, Prometheus, Alertmanager, viewers.

Without the programs the tests are skipped with the reason, but fail where CI is set: a pipeline
that skips them would look green without having looked.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tonight.bootstrap import MODELS
from tools.gameday.programs import wait_until
from tools.gameday.stack import Stack, running_stack, why_not
from tools.gameday.traffic import Traffic, viewers


def skip_or_fail(reason: str) -> NoReturn:
    """Skips a test that the machine cannot run, and fails in a pipeline."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def needs() -> Callable[[str], None]:
    """Says that a test needs a program."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            skip_or_fail(f"no {program} in PATH; `make test-setup` installs it")

    return check


@pytest.fixture(scope="session")
def stack(trained_dir: Path) -> Iterator[Stack]:
    """A running stack whose service has been watched for some seconds."""
    reason = why_not()
    if reason is not None:
        skip_or_fail(reason)
    with running_stack(trained_dir / MODELS) as stack:
        # As its timer does every night: the panels about backups have something to show.
        backup = stack.shell("tonight db backup")
        assert backup.returncode == 0, backup.stdout
        yield stack


@pytest.fixture(scope="session")
def traffic(stack: Stack) -> Iterator[Traffic]:
    """Viewers who stay for all of the tests."""
    with viewers(stack.service_port) as traffic:
        wait_until(lambda: len(traffic.answers) > 30, "viewers get answers")
        # The windows of five minutes are five seconds here.
        time.sleep(6)
        yield traffic
