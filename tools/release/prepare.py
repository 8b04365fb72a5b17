"""The commit of a release: the version and the changelog from the commits, and what follows."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Final

from tools.release.repository import RefusedError, Repository

UNRELEASED: Final = "## Unreleased\n"


def prepare(repository: Repository, today: date) -> str:
    """Makes the commit of the next release on the branch at hand; returns the version.

    It changes the version, the changelog, and what is generated from them: the contract with its
    client, and the contract that later changes are compared with.

    Args:
        repository: At the commit to release.
        today: The day of the release.

    Raises:
        RefusedError: Nothing has changed since the last release, or main may not be released.
        subprocess.CalledProcessError: Something that is generated could not be.
    """
    repository.require_releasable()
    tag, version = repository.last_tag(), next_version(repository)
    if tag is not None and f"v{version}" == tag:
        raise RefusedError(f"Since {tag} nothing has changed that a user would notice.")
    root = repository.root
    _replace(root / "pyproject.toml", r'^version = ".*"$', f'version = "{version}"')
    changelog = root / "CHANGELOG.md"
    notes = repository.cliff("--unreleased", "--strip", "all")
    text = with_release(
        changelog.read_text("utf-8"), version, today, notes, end_of_the_way_back(repository)
    )
    changelog.write_text(text, "utf-8")
    make = ["make", "--no-print-directory", "openapi", "client", "contract"]
    subprocess.run(make, cwd=root, check=True)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", f"chore(release): v{version}")
    return version


def next_version(repository: Repository) -> str:
    """The version that the commits since the last release ask for."""
    return repository.cliff("--bumped-version").removeprefix("v")


def end_of_the_way_back(repository: Repository) -> str:
    """What those are told who go back from the release; nothing where its migrations only add."""
    lines = [
        f"- `{name}` removes what {after} and older releases need: no rollback leads to them any "
        "more. Where one of them runs, deploy a release between first."
        for name, after in repository.contracts().items()
    ]
    return "\n".join(["### The way back ends", "", *lines]) if lines else ""


def with_release(changelog: str, version: str, today: date, notes: str, warning: str = "") -> str:
    """The changelog with what was unreleased under a version, and the commits below it.

    Args:
        changelog: As it is.
        version: The release's.
        today: Its day.
        notes: Its commits.
        warning: What is to be read first.

    Raises:
        RefusedError: It has no section for what is unreleased.
    """
    if UNRELEASED not in changelog:
        raise RefusedError("CHANGELOG.md has no section 'Unreleased'.")
    head, rest = changelog.split(UNRELEASED, 1)
    told, mark, older = rest.partition("\n## ")
    commits = re.sub(r"^### ", "#### ", notes, flags=re.MULTILINE)
    parts = (f"## {version} ({today.isoformat()})", warning, told.strip(), "### Commits", commits)
    section = "\n\n".join(part for part in parts if part) + "\n"
    return f"{head}{UNRELEASED}\n{section}{mark}{older}"


def _replace(path: Path, pattern: str, by: str) -> None:
    text, n_found = re.subn(pattern, by, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    if n_found != 1:
        raise RefusedError(f"{path.name} has nothing like {pattern}")
    path.write_text(text, "utf-8")
