"""All of ``compose.yaml`` at once, in a real engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.container.conftest import is_published
from tools import compose, image
from tools.smoke import smoke

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Whichever is free: what else runs on this machine is not disturbed.
ANY_PORT = (
    "TONIGHT_PORT",
    "PROMETHEUS_PORT",
    "ALERTMANAGER_PORT",
    "TRACES_PORT",
    "PROXY_PORT",
    "TONIGHT_WAITING_PORT",
)


def test_it_comes_up_and_does_together_what_it_is_for(
    built: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment = [sys.executable, str(ROOT / "tools" / "environment.py"), "container"]
    subprocess.run(environment, check=True)
    monkeypatch.setenv("TONIGHT_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("TONIGHT_LIVE", str(tmp_path / "live"))
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"tonight-test-{os.getpid()}")
    for variable in ANY_PORT:
        monkeypatch.setenv(variable, "0")
    names = compose.others().values()
    published = all(map(is_published, names))
    stack = compose.Stack(compose.environment(on_stand_ins=not published))
    try:
        stack.up()
        smoke(stack)
        in_use = stack.read("ps", "--format", "json", "tonight")
        assert json.loads(in_use)["Image"] == image.LOCAL
        last = stack.read("exec", "--no-TTY", "backup", "cat", "/data/backups/last.json")
        assert json.loads(last)
    except subprocess.CalledProcessError:
        pytest.fail(stack.read("logs", "--tail=30"))
    finally:
        stack.down("--volumes")
    told = capsys.readouterr().out
    for what in ("A suggestion over TLS", "is there after down and up", "A metric", "A trace"):
        assert what in told
    assert "TonightWatchdog" in told
