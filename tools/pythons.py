"""Passes the tests on every Python and PostgreSQL that can be had: ``python -m tools.pythons``.

A Python that this machine has is used as it is, with the machine's PostgreSQL. The others come with
newer releases of Debian, which bring newer PostgreSQLs too; each is made by mmdebstrap and runs in
the Docker engine. What could not be had is named, and is no success.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.containers import docker, docker_environment, is_there
from tools.postgres import find_programs
from tools.stand_in import stand_in

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")

#: Where Debian's own Python is another one.
DEBIANS: Final = {"3.13": "debian:trixie", "3.14": "debian:forky"}

#: What depends on the Python and the database; the rest is about the tools and the pages.
TESTS: Final = ("tests/unit", "tests/contract", "tests/web", "tests/integration")

_CLOSING: Final = re.compile(r"^=* ?(\d+ (?:passed|failed|error).*?) ?=*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the tests ended on one Python.

    Attributes:
        python: Its version.
        where: What brought it.
        database: PostgreSQL's version there.
        closing: The last line of the tests.
        passed: Whether all of them passed.
    """

    python: str
    where: str
    database: str
    closing: str
    passed: bool


@contextmanager
def clone() -> Iterator[Path]:
    """A copy of what is committed, without what was built or installed here."""
    with tempfile.TemporaryDirectory(prefix="tonight-pythons-") as folder:
        copy = Path(folder) / "tonight"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
        yield copy


def on_this_machine(python: str, tests: list[str]) -> Outcome | None:
    """Passes the tests on an interpreter that is here; ``None`` without one."""
    name = f"python{python}"
    # What is found may be a shim of a version that is not there.
    if shutil.which(name) is None or subprocess.run([name, "-c", ""], check=False).returncode:
        return None
    programs = find_programs()
    with clone() as copy:
        command = [
            "make",
            "--no-print-directory",
            "test",
            f"PYTHON={name}",
            f"ARGS={shlex.join(tests)}",
        ]
        closing, passed = _run(command, copy)
    database = _postgres_version([str(programs / "postgres")]) if programs else "none"
    return Outcome(python, "this machine", database, closing, passed)


def on_debian(python: str, tests: list[str]) -> Outcome | None:
    """Passes the tests in the release of Debian that has a Python; ``None`` without one."""
    if python not in DEBIANS or not is_there() or shutil.which("mmdebstrap") is None:
        return None
    image = stand_in(DEBIANS[python])
    script = (
        "git clone --quiet /source /tonight && cd /tonight && "
        f"make --no-print-directory test ARGS={shlex.quote(shlex.join(tests))}"
    )
    # The copy is read only there, and belongs to somebody else; git would rather not read it.
    trust = ["--env=GIT_CONFIG_COUNT=1", "--env=GIT_CONFIG_KEY_0=safe.directory"]
    with clone() as copy:
        options = ["--rm", "--network=host", *trust, "--env=GIT_CONFIG_VALUE_0=*"]
        mount = f"--volume={copy}:/source:ro"
        command = ["docker", "run", *options, mount, image, "sh", "-c", script]
        closing, passed = _run(command, copy)
    asking = "ls /usr/lib/postgresql/*/bin/postgres"
    program = docker("run", "--rm", image, "sh", "-c", asking)
    database = _postgres_version(["docker", "run", "--rm", image, program])
    return Outcome(python, DEBIANS[python], database, closing, passed)


def _run(command: list[str], folder: Path) -> tuple[str, bool]:
    """Runs it and shows what it prints; returns the tests' closing line, and whether it passed."""
    environment = docker_environment() if command[0] == "docker" else None
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    closing = closing_line("".join(lines))
    return closing or "no test ran", process.returncode == 0 and closing is not None


def closing_line(printed: str) -> str | None:
    """How pytest ended, in its own words; ``None`` where it never came to it."""
    found: list[str] = _CLOSING.findall(printed)
    return found[-1] if found else None


def report(wanted: Sequence[str], outcomes: Sequence[Outcome]) -> tuple[list[str], bool]:
    """What is said at the end, and whether every Python that was wanted passed."""
    lines = [
        f"Python {each.python} ({each.where}), PostgreSQL {each.database}: "
        f"{'passed' if each.passed else 'FAILED'}: {each.closing}"
        for each in outcomes
    ]
    had = {each.python for each in outcomes}
    missing = [python for python in wanted if python not in had]
    if missing:
        lines.append(f"Not run, because nothing here has it: {', '.join(missing)}")
    n_passed = sum(each.passed for each in outcomes)
    lines.append(f"pythons: {n_passed} of {len(wanted)} passed")
    return lines, n_passed == len(wanted)


def _postgres_version(command: list[str]) -> str:
    environment = docker_environment() if command[0] == "docker" else None
    printed = subprocess.run(
        [*command, "--version"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\d+(\.\d+)?", printed)
    return found[0] if found else printed.strip()


def main() -> int:
    """Passes the tests on each; returns the exit status."""
    parser = argparse.ArgumentParser(description="Pass the tests on every Python.")
    parser.add_argument("--only", choices=PYTHONS, action="append", help="this one (repeatable)")
    chosen, arguments = parser.parse_known_args()  # The rest is pytest's.
    tests: list[str] = arguments or [*TESTS, "-m", "not slow"]
    wanted: tuple[str, ...] = tuple(chosen.only or PYTHONS)
    outcomes = []
    for python in wanted:
        print(f"== Python {python}", flush=True)
        outcome = on_debian(python, tests) or on_this_machine(python, tests)
        if outcome is not None:
            outcomes.append(outcome)
    lines, all_passed = report(wanted, outcomes)
    print("\n".join(lines))
    return int(not all_passed)


if __name__ == "__main__":
    sys.exit(main())
