"""Releases that follow the one of this commit: made of its image, as far as they differ from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.containers import docker

#: From its twentieth suggestion on, so after everything that is tried out beforehand.
FAILS: Final = """

_as_it_was, _n_suggestions = suggest_movie, 0


def suggest_movie(*arguments, **named):
    global _n_suggestions
    _n_suggestions += 1
    if _n_suggestions > 20:
        raise RuntimeError("a defect of this release")
    return _as_it_was(*arguments, **named)
"""


@dataclass(frozen=True, slots=True)
class Next:
    """A release that follows.

    Attributes:
        version: Its version.
        migrations: What each of its own migrations does, in the order after this commit's.
        contracts_after: The last release that needs what the last of its migrations drops.
        after: What is added to the code of a suggestion.
        says: The version that it says it is, when that is another one.
        command: What it runs instead of the service.
    """

    version: str
    migrations: tuple[str, ...] = ()
    contracts_after: str = ""
    after: str = ""
    says: str = ""
    command: str = ""

    @property
    def commit(self) -> str:
        """What it says that it was built from."""
        return hashlib.sha1(repr(self).encode(), usedforsecurity=False).hexdigest()

    def build(self, base: str, head: str, folder: Path) -> str:
        """Makes its image; returns the name.

        Args:
            base: The image of this commit.
            head: The newest migration there.
            folder: For the files that go into it.
        """
        says = self.says or self.version
        steps = [
            "set -eu; cd /opt/tonight/lib/python3.*/site-packages",
            f"sed -i 's/^Version: .*/Version: {says}/' tonight-*.dist-info/METADATA",
        ]
        for number, does in enumerate(self.migrations, start=9001):
            is_last = number == 9000 + len(self.migrations)
            mark = f'contracts_after = "{self.contracts_after}"\n'
            (folder / f"{number}_next.py").write_text(
                "import sqlalchemy as sa\nfrom alembic import op\n"
                f'revision = "{number}"\ndown_revision = "{head}"\n'
                f"{mark if is_last and self.contracts_after else ''}\n\n"
                f"def upgrade():\n    {does}\n"
            )
            head = str(number)
            steps.append(f"cp /next/{number}_next.py tonight/storage/migrations/versions/")
        if self.after:
            (folder / "after.py").write_text(self.after)
            module = "tonight/services/suggest_movie.py"
            steps.append(f"cat /next/after.py >> {module}")
            steps.append(f"python -m compileall -qf --invalidation-mode unchecked-hash {module}")
        (folder / "steps.sh").write_text("\n".join(steps) + "\n")
        labels = {"version": self.version, "revision": self.commit}
        lines = [
            f"FROM {base}",
            "USER root",
            "COPY . /next/",
            "RUN sh /next/steps.sh",
            "USER 10001:10001",
            f"ENV TONIGHT_COMMIT={self.commit}",
            "LABEL " + " ".join(f"org.opencontainers.image.{k}={v}" for k, v in labels.items()),
            *([f"CMD {self.command}"] if self.command else []),
        ]
        (folder / "Dockerfile").write_text("\n".join(lines) + "\n")
        name = f"tonight-next:{self.commit[:12]}"
        docker("build", f"--tag={name}", str(folder))
        return name
