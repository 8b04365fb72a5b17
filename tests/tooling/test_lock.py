"""The lock and its exports: what is in them, and that a stale one is noticed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = (
    "LICENSE",
    "NOTICE",
    "README.md",
    "pyproject.toml",
    "poetry.lock",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements.lock",
    "tools/lock.py",
)


def pins(name: str) -> list[str]:
    """The lines of an export that pin a package, without hashes: ``name==version ; marker``."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line.removesuffix(" \\") for line in lines if re.match(r"[\w.\[\],-]+==", line)]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_readable_exports_end_with_the_editable_project_and_hold_no_hash(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert lines[-1] == "-e ."
    assert not [line for line in lines if "--hash" in line]
    assert len(pins(name)) == len(lines) - 1


def test_the_lock_for_images_holds_a_hash_for_every_package_and_not_the_project() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    lines = text.splitlines()
    assert [line for line in lines if "--hash=sha256:" not in line] == []
    assert pins("requirements.lock") == pins("requirements.txt")


def test_development_adds_packages_and_changes_none() -> None:
    # Markers may differ: a package can be needed on more platforms for development.
    product, development = (
        {pin.partition(" ;")[0] for pin in pins(name)}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert product < development


def test_only_the_build_of_the_data_needs_pandas() -> None:
    assert not [pin for pin in pins("requirements.txt") if pin.startswith("pandas==")]
    assert [pin for pin in pins("requirements-dev.txt") if pin.startswith("pandas==")]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("requirements")])
def test_the_exports_name_no_index(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links", (ROOT / name).read_text("utf-8"))


def test_the_lock_names_no_source_but_the_public_index() -> None:
    assert "[package.source]" not in (ROOT / "poetry.lock").read_text("utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the check looks at, with the pinned Poetry."""
    subprocess.run(["make", "--silent", "env-poetry"], cwd=ROOT, check=True)
    (tmp_path / "tools").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venvs").symlink_to(ROOT / ".venvs")
    return tmp_path


def check(copy: Path) -> subprocess.CompletedProcess[str]:
    """Runs the check on a copy."""
    command = [sys.executable, "tools/lock.py", "--check"]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_fresh_lock_passes(copy: Path) -> None:
    done = check(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_dependency_that_is_not_locked_fails(copy: Path) -> None:
    file = copy / "pyproject.toml"
    file.write_text(file.read_text().replace('"jinja2>=3.1,<4"', '"jinja2>=3.0,<4"'))
    done = check(copy)
    assert done.returncode == 1
    assert "run `make lock`" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("requirements")])
def test_a_stale_export_fails_and_is_named(copy: Path, name: str) -> None:
    file = copy / name
    file.write_text(file.read_text().replace("jinja2==", "jinja2==0."))
    done = check(copy)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Stale: {name}. Run `make lock`")
