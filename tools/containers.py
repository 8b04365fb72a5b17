"""The ``docker`` command, on whichever engine answers."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import Final

from tools import engine

NO_ENGINE: Final = "No Docker engine answers; `make engine` starts one on Debian and Ubuntu."


@cache
def _found() -> dict[str, str] | None:
    return engine.find()


def is_there() -> bool:
    """Whether an engine answers."""
    return _found() is not None


def docker_environment() -> dict[str, str]:
    """The environment in which ``docker`` and its like find the engine.

    Raises:
        SystemExit: None answers.
    """
    found = _found()
    if found is None:
        raise SystemExit(NO_ENGINE)
    return {**os.environ, **found}


def docker(*arguments: str, error_too: bool = False) -> str:
    """Runs ``docker``; returns what it printed, without the newline at the end.

    Args:
        arguments: The command's.
        error_too: Whether standard error is returned too.

    Raises:
        subprocess.CalledProcessError: It failed; what it printed is in the note.
    """
    done = subprocess.run(
        ["docker", *arguments],
        env=docker_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if error_too else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        error = subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
        error.add_note(f"{done.stdout}{done.stderr or ''}")
        raise error
    return done.stdout.rstrip("\n")


def has_image(name: str) -> bool:
    """Whether the engine has an image of this name."""
    return bool(docker("image", "ls", "--quiet", name))
