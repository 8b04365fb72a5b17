"""The contract of the image, as far as it goes without an engine: its own command is run.

An engine is not needed to know that the command listens where it is told, logs to its standard
output, keeps its data where the volume is, and stops when it is asked to.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path

from examples.processes import ask, free_port, running

DOCKERFILE = Path(__file__).with_name("Dockerfile").read_text("utf-8")


def command() -> list[str]:
    """What the image runs."""
    found = re.search(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    return list(json.loads(found[1]))


def environment(port: int, data: Path) -> dict[str, str]:
    """What the image sets, with this Python and a folder in the place of the volume."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # Loopback only: a test is nobody else's business.
    return {"PORT": str(port), "RATINGS": str(data / "ratings.db"), "PATH": path}


def test_its_command_serves_at_the_port_it_is_given_and_ends_when_it_is_asked(
    tmp_path: Path,
) -> None:
    port = free_port()
    local = [part.replace("0.0.0.0", "127.0.0.1") for part in command()]
    with running(local, port, environment(port, tmp_path)) as service:
        assert ask(port, "/healthz").json() == {"status": "ok"}
        assert ask(port, "/ratings", {"title": "Alien", "stars": 5}).status == 201
        service.process.send_signal(signal.SIGTERM)
        # By a shell in between the signal would be lost: "exec" is what this is about.
        assert service.process.wait(5) in {0, -signal.SIGTERM}
    assert '"route": "/ratings"' in service.printed
    assert list(tmp_path.iterdir())


def test_nobody_is_root_in_it_and_nothing_that_builds_is_left() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+", last, re.MULTILINE)
    assert "pip install" not in last


def test_what_the_command_and_the_health_check_name_is_the_program() -> None:
    assert "examples.containerised.main:create_app" in command()[-1]
    assert "/healthz" in DOCKERFILE
