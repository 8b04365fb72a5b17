"""``make test-setup`` installs what is missing, and nothing when nothing is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [
    line
    for line in (ROOT / "tools" / "apt-packages.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def script(folder: Path, name: str, body: str) -> None:
    """Puts a command into a folder."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of commands that stand before the machine's own; apt-get takes notes only."""
    script(tmp_path, "apt-get", f'echo "apt-get $*" >> "{tmp_path}/notes"')
    script(tmp_path, "sudo", f'echo "with sudo:" >> "{tmp_path}/notes"\n"$@"')
    script(tmp_path, "npm", "exit")
    script(tmp_path, "dockerd", "exit")
    return tmp_path


def set_up(machine: Path, **variables: str) -> list[str]:
    """Runs the script and returns what it asked of the system."""
    path = f"{machine}:{os.environ['PATH']}"
    variables = {"PYTHON": sys.executable, "CI": "", **variables}
    subprocess.run(
        [ROOT / "tools" / "test-setup.sh"],
        env={**os.environ, "PATH": path, **variables},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    notes = machine / "notes"
    return notes.read_text().splitlines() if notes.exists() else []


def test_missing_packages_are_installed_after_an_update(machine: Path) -> None:
    script(machine, "dpkg-query", "exit 1")
    update, install = set_up(machine)
    assert update == "apt-get update -qq"
    assert install.endswith(" ".join(["--no-install-recommends", *PACKAGES]))


def test_only_what_is_missing_is_installed(machine: Path) -> None:
    script(machine, "dpkg-query", f'[ "$3" != {PACKAGES[0]} ] && printf installed')
    assert set_up(machine)[-1].endswith(f"--no-install-recommends {PACKAGES[0]}")


def test_a_python_that_cannot_make_environments_gets_what_it_lacks(machine: Path) -> None:
    script(machine, "dpkg-query", "printf installed")
    script(machine, "python9", "exit 1")
    assert set_up(machine, PYTHON="python9")[-1].endswith("--no-install-recommends python3-venv")


def test_nothing_is_asked_of_the_system_when_all_is_there(machine: Path) -> None:
    script(machine, "dpkg-query", "printf installed")
    assert set_up(machine) == []


def test_sudo_is_used_where_it_is_needed(machine: Path) -> None:
    script(machine, "dpkg-query", "exit 1")
    assert set_up(machine, SUDO="sudo").count("with sudo:") == 2


def test_a_pipeline_gets_a_docker_engine_that_runs(machine: Path) -> None:
    script(machine, "dpkg-query", "printf installed")
    script(machine, "python9", f'echo "python $*" >> "{machine}/notes"')
    started = set_up(machine, PYTHON="python9", CI="true", SUDO="sudo")[-2:]
    assert started == ["with sudo:", "python tools/engine.py start"]
