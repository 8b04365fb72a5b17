"""Puts a virtual environment in place: ``python3 tools/environment.py run``.

Or ``dev``, ``poetry``, ``client``, ``pipeline``, ``chart``, ``policies``, ``container`` or
``docs``.

It runs under the machine's own Python before anything is installed, so it needs nothing but the
standard library. A stamp file says what an environment was made from; while that still holds,
nothing is done and no network is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Environment:
    """One kind of environment.

    Attributes:
        folder: Where it is, relative to the root of the project.
        requirements: The pinned requirements that it is made from.
        steps: Arguments of ``pip install``, one call each.
        with_project: Whether the project itself is installed in it.
        included_in: A kind that installs all of this one and more, in the same folder.
    """

    folder: str
    requirements: str
    steps: tuple[tuple[str, ...], ...]
    with_project: bool = True
    included_in: str | None = None


ENVIRONMENTS: Final = {
    "run": Environment(
        ".venv",
        "requirements.lock",
        (("--require-hashes", "-r", "requirements.lock"), ("--no-deps", "-e", ".")),
        included_in="dev",
    ),
    "dev": Environment(".venv", "requirements-dev.txt", (("-r", "requirements-dev.txt"),)),
    "poetry": Environment(
        ".venvs/poetry",
        "tools/requirements-poetry.txt",
        (("-r", "tools/requirements-poetry.txt"),),
        with_project=False,
    ),
    "client": Environment(
        ".venvs/client",
        "tools/requirements-client.txt",
        (("-r", "tools/requirements-client.txt"),),
        with_project=False,
    ),
    "pipeline": Environment(
        ".venvs/pipeline",
        "tools/requirements-pipeline.txt",
        (("-r", "tools/requirements-pipeline.txt"),),
        with_project=False,
    ),
    "chart": Environment(
        ".venvs/chart",
        "tools/requirements-chart.txt",
        (("--no-deps", "-r", "tools/requirements-chart.txt"),),
        with_project=False,
    ),
    "policies": Environment(
        ".venvs/policies",
        "tools/requirements-policies.txt",
        (("-r", "tools/requirements-policies.txt"),),
        with_project=False,
    ),
    "container": Environment(
        ".venvs/container",
        "tools/requirements-container.txt",
        (("-r", "tools/requirements-container.txt"),),
        with_project=False,
    ),
    "docs": Environment(
        ".venvs/docs",
        "tools/requirements-docs.txt",
        (("-r", "tools/requirements-docs.txt"),),
        with_project=False,
    ),
}


def key_of(environment: Environment) -> str:
    """Says in one hash what an environment depends on.

    The root is part of it, because an environment cannot be moved; of ``pyproject.toml`` only
    what pip reads, so that a changed linter rule costs nobody an installation.
    """
    parts = [
        str(ROOT),
        platform.python_implementation(),
        platform.python_version(),
        (ROOT / environment.requirements).read_text("utf-8"),
    ]
    if environment.with_project:
        pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        installed = {name: pyproject[name] for name in ("project", "build-system")}
        parts.append(json.dumps(installed, sort_keys=True))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_ready(kind: str) -> bool:
    """Whether an environment, or one that includes it, is there and up to date."""
    environment = ENVIRONMENTS[kind]
    stamp = ROOT / environment.folder / f".installed-{kind}"
    if stamp.is_file() and stamp.read_text("utf-8") == key_of(environment):
        return True
    return environment.included_in is not None and is_ready(environment.included_in)


def fits_this_python(folder: Path) -> bool:
    """Whether a folder holds an environment of this version of Python, made in this very place.

    The place counts because the commands in it (``bin/mypy``) name their Python by its full path.
    """
    notes = folder / "pyvenv.cfg"
    if not notes.is_file() or not (folder / "bin" / "python").exists():
        return False
    values = dict(line.split(" = ", 1) for line in notes.read_text("utf-8").splitlines())
    made_here = values.get("command", "").endswith(f" {folder}")
    return made_here and values["version"] == platform.python_version()


def install(kind: str) -> None:
    """Makes an environment, or brings it up to date.

    Raises:
        SystemExit: pip failed, or Python lacks what makes environments; says what to do.
    """
    environment = ENVIRONMENTS[kind]
    folder = ROOT / environment.folder
    print(f"Setting up {environment.folder} from {environment.requirements} …", flush=True)
    if not fits_this_python(folder):
        if importlib.util.find_spec("ensurepip") is None:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            sys.exit(
                f"This Python ({sys.executable}) cannot make virtual environments. On Debian and "
                f"Ubuntu: apt install python{version}-venv. Or name another: make PYTHON=…"
            )
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    # pip may otherwise refuse, or install elsewhere, when the caller's shell says so.
    variables = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    for step in environment.steps:
        if subprocess.run([*pip, *step], cwd=ROOT, env=variables, check=False).returncode:
            sys.exit(f"pip could not install {environment.requirements}; its message is above.")
    (folder / f".installed-{kind}").write_text(key_of(environment), "utf-8")


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Put a virtual environment in place.")
    parser.add_argument("kind", choices=ENVIRONMENTS)
    kind: str = parser.parse_args().kind
    if not is_ready(kind):
        install(kind)


if __name__ == "__main__":
    main()
