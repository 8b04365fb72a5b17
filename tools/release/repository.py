"""What git and the pipeline say of a commit that is to be released."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.release.contracts import (
    MARK,
    columns,
    contracts_after,
    is_later,
    not_for,
    still_used,
)
from tools.release.migrations import dropped

MIGRATIONS: Final = "src/tonight/storage/migrations/versions"
SCHEMA: Final = "src/tonight/storage/schema.py"
PUBLIC_API: Final = "https://api.github.com"

#: The one check that the branch rules ask for; see .github/workflows/change.yml.
REQUIRED: Final = "required"


class RefusedError(Exception):
    """There is a reason not to release; its text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone of the project.

    Attributes:
        root: Where it is.
        api: Where the pipeline says what became of a commit.
    """

    root: Path
    api: str = PUBLIC_API

    def git(self, *arguments: str) -> str:
        """What git prints.

        Raises:
            subprocess.CalledProcessError: It failed.
        """
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def cliff(self, *arguments: str) -> str:
        """What git-cliff makes of the commits since the last release."""
        command = [str(self.root / ".venvs/pipeline/bin/git-cliff"), "--offline", *arguments]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @property
    def version(self) -> str:
        """The version that pyproject.toml names."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["project"]
        return str(project["version"])

    def last_tag(self) -> str | None:
        """The last release; ``None`` before the first one."""
        tags = self.git("tag", "--list", "v[0-9]*", "--sort=-version:refname").split()
        return tags[0] if tags else None

    def require_releasable(self) -> None:
        """Makes sure that the commit at hand may be released.

        Raises:
            RefusedError: It has changes beside it, is not what all others have as main, the
                pipeline has not passed, or a migration only works forwards.
        """
        if self.git("status", "--porcelain"):
            raise RefusedError("There are changes that are not committed. Commit or remove them.")
        self.git("fetch", "--quiet", "--tags", "origin")
        head, main = self.git("rev-parse", "HEAD"), self.git("rev-parse", "origin/main")
        if head != main:
            raise RefusedError(f"HEAD is {head[:9]}, main is {main[:9]}. Check out main.")
        self.require_green(head)
        self.require_compatible_migrations()

    def require_green(self, commit: str) -> None:
        """Makes sure that the pipeline has passed.

        Raises:
            RefusedError: It has not, or nobody can say.
        """
        url = self.git("config", "--get", "remote.origin.url").removesuffix(".git")
        name = "/".join(re.split(r"[/:]", url)[-2:])
        address = f"{self.api}/repos/{name}/commits/{commit}/check-runs?check_name={REQUIRED}"
        request = urllib.request.Request(address, headers={"Accept": "application/vnd.github+json"})  # noqa: S310 - of ours
        if token := os.environ.get("GITHUB_TOKEN"):
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - of ours
                runs = json.load(answer)["check_runs"]
        except (urllib.error.URLError, ValueError, KeyError) as error:
            raise RefusedError(f"Nobody says whether {commit[:9]} is green: {error}") from error
        conclusions = [str(run["conclusion"]) for run in runs]
        if "success" not in conclusions[:1]:
            said = conclusions[0] if conclusions else "not run"
            raise RefusedError(
                f"The check {REQUIRED!r} of {commit[:9]} is {said}. Mend main first."
            )

    def require_compatible_migrations(self) -> None:
        """Makes sure that the release before can live with the migrations since then.

        Raises:
            RefusedError: It cannot; says with which.
        """
        tag = self.last_tag()
        if tag is None:
            return
        found = []
        for name, source in self.new_migrations(tag).items():
            reasons = not_for(tag.removeprefix("v"), source)
            if not reasons and contracts_after(source) is not None:
                reasons = self._why_not_yet(source)
            found += [f"{name}, {each}" for each in reasons]
        if found:
            raise RefusedError(
                f"The release before ({tag}) cannot live with these migrations, and could not be "
                "gone back to:\n" + "\n".join(found) + f"\nWhat no release uses since an earlier "
                f"one may be dropped: {MARK} in the migration, see doc/release.md."
            )

    def new_migrations(self, tag: str) -> dict[str, str]:
        """The texts of the migrations since a release, by the files' names."""
        # What has another name than before would not be looked at as a renamed file.
        options = ("--name-only", "--diff-filter=AM", "--no-renames")
        changed = self.git("diff", *options, tag, "HEAD", "--", MIGRATIONS)
        return {
            name: (self.root / name).read_text("utf-8")
            for name in sorted(changed.split())
            if name.endswith(".py")
        }

    def contracts(self) -> dict[str, str]:
        """The migrations since the last release that drop, each with the last that needs it."""
        tag = self.last_tag()
        found = self.new_migrations(tag) if tag else {}
        return {
            Path(name).name: after
            for name, source in found.items()
            if dropped(source) and (after := contracts_after(source)) is not None
        }

    def _why_not_yet(self, source: str) -> list[str]:
        """Why what a migration drops may still be in use, as the tags tell it."""
        after = contracts_after(source) or ""
        tags = self.git("tag", "--list", "v[0-9]*", "--sort=version:refname").split()
        if f"v{after}" not in tags:
            return [f"{MARK} names {after}, which was never released"]
        # Each of them may still run somewhere, or be gone back to.
        found = []
        for later in (each for each in tags if is_later(each[1:], after)):
            schema = self.git("show", f"{later}:{SCHEMA}")
            if not columns(schema):
                found.append(f"{SCHEMA} of {later} has no tables: nobody can say what it uses")
            used = still_used(source, schema)
            found += [f"{later} still has {name} in {SCHEMA}" for name in used]
        return found
