"""A test that lacks its tool is skipped where somebody works, and fails where CI is set."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Tests of each kind that needs something of the machine.
NEEDING = (
    "tests/browser/test_status.py",
    "tests/container/test_image.py",
    "tests/monitoring/test_chain.py",
)


def printed(folder: Path, **ci: str) -> str:
    """The last line of pytest where no program of the system is found."""
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | ci
    environment |= {"PATH": str(folder), "DOCKER_HOST": f"unix://{folder}/nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NEEDING],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.slow
def test_without_their_tools_all_of_them_fail_in_a_pipeline(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+ errors in .*", printed(tmp_path, CI="true"))


@pytest.mark.slow
def test_without_their_tools_all_of_them_are_skipped_elsewhere(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+ skipped in .*", printed(tmp_path))
