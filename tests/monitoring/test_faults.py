"""The game day breaks what it says it breaks, and judges what it sees."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tonight.artifacts.errors import ModelDamagedError
from tonight.artifacts.model_files import load_current
from tonight.bootstrap import ALGORITHM, MODELS
from tools.gameday.control import Control
from tools.gameday.faults import (
    FAULTS,
    damage_published_model,
    every_suggestion,
    most_suggestions,
    taken_or_refused_quickly,
    two_releases,
)
from tools.gameday.programs import NotReadyError, Program, wait_until
from tools.gameday.proxy import DelayingProxy
from tools.gameday.report import Outcome, write_report
from tools.gameday.traffic import Answer, quantile, share_answered


def answer(status: int, seconds: float = 0.01, retry_after: str | None = None) -> Answer:
    """What a viewer who asked for a film got."""
    return Answer(0, "suggestion", status, seconds, retry_after)


def test_a_damaged_model_has_a_proper_name_and_is_refused(
    trained_dir: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(trained_dir / MODELS, models, copy_function=os.link)
    before = load_current(models, {ALGORITHM})
    assert before is not None
    damage_published_model(models)
    with pytest.raises(ModelDamagedError):
        load_current(models, {ALGORITHM})
    # The arrays of the version before are other files, though they shared their blocks.
    assert load_current(trained_dir / MODELS, {ALGORITHM}) is not None


def test_two_releases_have_their_own_code_and_version_and_the_newer_one_is_broken(
    tmp_path: Path,
) -> None:
    variables = two_releases(tmp_path)
    releases = Path(variables["TONIGHT_RELEASES"])
    current, newer = sorted(path for path in releases.iterdir() if not path.is_symlink())
    assert (releases / "current").resolve() == current
    question = (
        "from importlib.metadata import version; import tonight.services.reason as reason;"
        "print(version('tonight'), reason.__file__)"
    )
    for release in (current, newer):
        printed = subprocess.check_output(
            [sys.executable, "-c", question],
            env={**os.environ, "PYTHONPATH": str(release)},
            text=True,
            cwd=tmp_path,
        )
        assert printed.split()[0] == release.name
        assert printed.split()[1].startswith(str(release))
    broken = (newer / "tonight" / "services" / "reason.py").read_text("utf-8")
    assert "forgotten" in broken
    assert "forgotten" not in (current / "tonight" / "services" / "reason.py").read_text("utf-8")


def test_the_slow_way_passes_everything_on_and_only_then_delays() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = DelayingProxy(server.getsockname()[1])

        def echo() -> None:
            connection, _ = server.accept()
            with connection:
                while piece := connection.recv(1_000):
                    connection.sendall(piece)

        threading.Thread(target=echo, daemon=True).start()
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=30) as client:
            client.sendall(b"fast")
            assert client.recv(1_000) == b"fast"
            proxy.delay_seconds = 0.3
            begin = time.monotonic()
            client.sendall(b"slow")
            assert client.recv(1_000) == b"slow"
            assert time.monotonic() - begin >= 0.3
        proxy.close()


def test_a_program_is_started_stopped_and_started_again(tmp_path: Path) -> None:
    words = iter(("one", "two"))
    program = Program(
        ["sh", "-c", 'echo "$WORD"; exec sleep 60'],
        tmp_path / "log",
        environment=lambda: {"WORD": next(words)},
    )
    program.start()
    wait_until(lambda: program.tail() == "one", "the first word")
    program.start()
    assert program.tail() == "one"
    program.stop()
    assert not program.is_running()
    program.start()
    wait_until(lambda: program.tail(1) == "two", "the second word")
    program.stop()


def test_waiting_ends_with_what_was_waited_for() -> None:
    with pytest.raises(NotReadyError, match="the moon"):
        wait_until(lambda: False, "the moon", seconds=0)


def test_promises_are_kept_or_not() -> None:
    assert every_suggestion([answer(200), answer(404)])
    assert not every_suggestion([answer(200), answer(0)])
    assert not every_suggestion([answer(200, seconds=60)])
    assert most_suggestions([answer(200)] * 9 + [answer(503)])
    assert not most_suggestions([answer(200)] * 8 + [answer(503)] * 2)
    assert taken_or_refused_quickly([answer(200), answer(503, retry_after="1")])
    assert not taken_or_refused_quickly([answer(503)])
    assert not taken_or_refused_quickly([answer(200, seconds=5)])
    assert not taken_or_refused_quickly([answer(500)])


def test_shares_and_quantiles_of_nobody_are_no_complaint() -> None:
    assert (share_answered([]), quantile([], 1)) == (1, 0)
    assert quantile([answer(200, 1), answer(200, 2), answer(200, 3)], 0.5) == 2


@dataclass
class Called:
    """Counts how often a unit was restarted."""

    times: int = 0

    def restart(self) -> None:
        self.times += 1


def test_systemctl_reaches_the_unit_and_says_what_went_wrong(
    tmp_path: Path, needs: Callable[[str], None]
) -> None:
    needs("curl")
    control, unit = Control(), Called()
    control.add_unit("tonight", restart=unit.restart)
    control.write_systemctl(tmp_path)
    command = [str(tmp_path / "systemctl"), "restart"]
    assert subprocess.run([*command, "tonight.service"], check=False).returncode == 0
    assert unit.times == 1
    done = subprocess.run([*command, "nginx"], check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "nginx has no restart here" in done.stdout
    control.close()


def test_the_report_has_a_row_for_every_fault_and_says_what_went_wrong(tmp_path: Path) -> None:
    good, skipped, failed, wrong = FAULTS[:4]
    outcomes = [
        Outcome(good, fired_seconds=4, promise_kept=True, well_afterwards=True, share_answered=1),
        Outcome(skipped, skipped="this machine lacks a proxy"),
        Outcome(failed, failed="it burns"),
        Outcome(wrong, promise_kept=True, well_afterwards=True, unexpected_pages=("TonightDown",)),
    ]
    assert [outcome.is_good for outcome in outcomes] == [True, False, False, False]
    page = tmp_path / "gameday.md"
    write_report(outcomes, page)
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 4
    assert rows[0].startswith(f"| {good.name} | [{good.alert}](playbook.md#")
    assert rows[0].endswith("| yes |")
    assert "lacks a proxy" in rows[1]
    assert "it burns" in rows[2]
    assert rows[3].endswith("| no |")
    assert "WRONG PAGES: TonightDown" in outcomes[3].verdict
