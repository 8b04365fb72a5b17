"""The newcomer's path is the one of the page, and his change passes its test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import onboarding
from tools.onboarding import FailedError, Newcomer, Time

ROOT = Path(__file__).parents[2]
PAGE = onboarding.PAGE.read_text("utf-8")
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "site")


def test_each_step_that_is_played_is_on_the_page_with_its_command() -> None:
    told = PAGE.partition(onboarding.BEGIN)[0]
    for _, command, _ in onboarding.STEPS:
        # What comes from the hosting service is told in words.
        if command not in ("git commit", "git push"):
            assert command in told, command


def test_the_times_of_the_page_are_those_of_all_steps_and_within_the_promise() -> None:
    _, _, figures = PAGE.partition(onboarding.BEGIN)
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| (\d+) s \| (\d+):(\d\d) \|", figures, re.MULTILINE)
    assert [row[:2] for row in rows] == [step[:2] for step in onboarding.STEPS]
    clock = [int(minutes) * 60 + int(seconds) for *_, minutes, seconds in rows]
    assert clock[1] <= onboarding.FIRST_SUGGESTION_SECONDS
    assert clock[-1] <= onboarding.MERGED_SECONDS


def test_a_newcomers_shell_has_no_home_and_no_cache_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CACHE_DIR", "/a/cache")
    monkeypatch.setenv("TONIGHT_DATA_DIR", "/a/model")
    monkeypatch.setenv("VIRTUAL_ENV", "/an/environment")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    variables = Newcomer(tmp_path).environment()
    assert variables["HOME"] == str(tmp_path / "home")
    assert variables["PIP_INDEX_URL"] == "https://index.example/simple"
    assert not {"PIP_CACHE_DIR", "TONIGHT_DATA_DIR", "VIRTUAL_ENV"} & variables.keys()


def test_a_step_that_fails_says_what_was_printed(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match=r"(?s)ended with 3.*what is wrong"):
        Newcomer(tmp_path).run("echo what is wrong; exit 3")
    with pytest.raises(FailedError, match="ended with 0"):
        Newcomer(tmp_path).run("true", fails=True)


def test_what_takes_longer_than_promised_fails() -> None:
    times = [Time("Clone", "git clone", 100, ""), Time("The first film", "make run", 81, "")]
    with pytest.raises(FailedError, match="181 seconds, more than 180"):
        onboarding._hold("the first film", times, 180)


@pytest.mark.slow
def test_the_newcomers_change_passes_its_own_test(tmp_path: Path) -> None:
    tree = tmp_path / "tonight"
    shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
    onboarding.change(tree, onboarding.TEST_CHANGE)
    onboarding.change(tree, onboarding.CODE_CHANGE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *onboarding.NEW_TEST.split()],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    with pytest.raises(FailedError, match="has to follow it"):
        onboarding.change(tree, onboarding.CODE_CHANGE)
