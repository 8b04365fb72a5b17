"""An environment is set up once, and again only when what it was made from has changed."""

from __future__ import annotations

import importlib.util
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

PYPROJECT = """
[project]
name = "sample"
version = "1.0"
dependencies = []

[build-system]
requires = []

[tool.ruff]
line-length = 100
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, in a path with spaces, whose environments are up to date."""
    folder = tmp_path / "a path with spaces"
    (folder / ".venv").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "requirements.lock").write_text("one==1\n")
    (folder / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
    monkeypatch.setattr(environment, "ROOT", folder)
    for kind in ("run", "dev"):
        key = environment.key_of(environment.ENVIRONMENTS[kind])
        (folder / ".venv" / f".installed-{kind}").write_text(key)
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Replaces a text in a file."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_nothing_is_done_while_the_stamp_holds(root: Path) -> None:
    assert environment.is_ready("run")
    assert environment.is_ready("dev")


def test_changed_requirements_are_installed(root: Path) -> None:
    edit(root / "requirements-dev.txt", "two==2", "two==3")
    assert not environment.is_ready("dev")
    assert environment.is_ready("run")


def test_changed_metadata_are_installed(root: Path) -> None:
    edit(root / "pyproject.toml", 'version = "1.0"', 'version = "1.1"')
    assert not environment.is_ready("run")


def test_a_changed_linter_rule_costs_no_installation(root: Path) -> None:
    edit(root / "pyproject.toml", "line-length = 100", "line-length = 88")
    assert environment.is_ready("dev")


def test_a_moved_project_is_set_up_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOT", root.rename(root.with_name("elsewhere")))
    assert not environment.is_ready("run")


def test_the_environment_of_development_serves_to_run(root: Path) -> None:
    (root / ".venv" / ".installed-run").unlink()
    assert environment.is_ready("run")
    (root / ".venv" / ".installed-dev").unlink()
    assert not environment.is_ready("run")


def test_an_environment_of_another_python_is_not_kept(tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    assert not environment.fits_this_python(folder)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    assert environment.fits_this_python(folder)
    notes = folder / "pyvenv.cfg"
    edit(notes, f"version = {platform.python_version()}", "version = 3.11.0rc1")
    assert not environment.fits_this_python(folder)


def test_an_environment_that_was_moved_is_not_kept(tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    moved = folder.rename(tmp_path / "moved")
    assert not environment.fits_this_python(moved)


def test_a_python_without_ensurepip_gets_told_what_to_install(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        environment.install("run")
