"""What runs says what it is, and a release is one step that refuses what is not ready."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from examples.released.main import VERSION, create_app

HERE = Path(__file__).parent
#: Whoever runs the tests may have hooks and signatures set up; they are not meant.
GIT = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, env=GIT, capture_output=True, text=True, check=True)
    return done.stdout


def release(folder: Path, version: str, test: str = "true") -> subprocess.CompletedProcess[str]:
    people = {
        f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["sh", "release.sh", version],
        cwd=folder,
        env={**GIT, **people, "TEST": test},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The stage in a repository of its own, everything committed."""
    folder = tmp_path / "films"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "feat: films")
    return folder


def test_what_runs_says_its_version(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path / "ratings.db"))
    assert client.get("/version").json()["version"] == VERSION


def test_the_published_contract_is_the_served_one(tmp_path: Path) -> None:
    published = json.loads((HERE / "openapi.json").read_text("utf-8"))
    assert create_app(tmp_path / "ratings.db").openapi() == published


def test_a_release_is_a_tag_with_its_notes_and_an_archive(repository: Path) -> None:
    assert release(repository, VERSION).returncode == 0
    assert "GET /version" in git(repository, "tag", "-n9", "-l", f"v{VERSION}")
    with tarfile.open(repository / f"films-{VERSION}.tar.gz") as archive:
        assert f"films-{VERSION}/main.py" in archive.getnames()


def test_a_release_is_refused_when_the_tests_fail(repository: Path) -> None:
    done = release(repository, VERSION, test="false")
    assert (done.returncode, done.stderr) == (1, "the tests fail\n")
    assert git(repository, "tag") == ""


def test_a_release_is_refused_when_something_is_not_committed(repository: Path) -> None:
    (repository / "main.py").write_text("")
    assert "not everything is committed" in release(repository, VERSION).stderr


def test_a_version_is_released_once_and_only_when_it_is_written_down(repository: Path) -> None:
    assert "VERSION is" in release(repository, "9.9.9").stderr
    git(repository, "tag", f"v{VERSION}")
    assert "is out already" in release(repository, VERSION).stderr
