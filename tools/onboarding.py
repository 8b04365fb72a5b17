"""Plays a newcomer: from a clone to the first merged change, timed: ``python -m tools.onboarding``.

In a temporary folder with an empty home, so that nothing is there that a newcomer has not: no
environment, no cache, no model. The origin is a bare copy of this repository's HEAD. Each step is a
command of ``doc/onboarding.md``; one that fails, or all together when they take too long, fail it.
``--write`` puts the times into that page. A folder in which something failed is left as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.ports import free_port

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "doc" / "onboarding.md"
BEGIN: Final = "<!-- The times, by make onboarding: change nothing between here ... -->\n"
END: Final = "<!-- ... and here. -->\n"

#: What a newcomer is promised.
FIRST_SUGGESTION_SECONDS: Final = 180
MERGED_SECONDS: Final = 900

BRANCH: Final = "health-names-the-service"
SUBJECT: Final = "feat(web): /healthz says which service it is"
TEST: Final = "tests/web/test_health.py"
NEW_TEST: Final = f"{TEST} -q -k alive"

#: The change: in which file what becomes what. The test comes first.
TEST_CHANGE: Final = (
    (
        TEST,
        'client.get("/healthz").json() == {"status": "ok"}',
        'client.get("/healthz").json() == {"status": "ok", "service": "tonight"}',
    ),
)
CODE_CHANGE: Final = (
    (
        "src/tonight/web/health.py",
        'JSONResponse({"status": "ok"}, headers=_NO_STORE)',
        'JSONResponse({"status": "ok", "service": "tonight"}, headers=_NO_STORE)',
    ),
    (
        "src/tonight/web/api/bodies.py",
        '"""The process is alive."""\n\n    status: Literal["ok"]\n',
        (
            '"""The process is alive."""\n\n    status: Literal["ok"]\n    service: '
            'Annotated[Literal["tonight"], Field(description="Which service this is.")]\n'
        ),
    ),
    (
        "src/tonight/web/api/examples.json",
        '"HealthBody": {\n    "status": "ok"\n',
        '"HealthBody": {\n    "status": "ok",\n    "service": "tonight"\n',
    ),
    ("CHANGELOG.md", "### Added\n", "### Added\n\n- `/healthz` says which service it is.\n"),
)

#: What of the shell a newcomer has as well: how the network is reached, and nothing of a cache.
_KEPT: Final = re.compile(
    r"PATH|LANG|LC_\w+|TERM|TZ|\w+_proxy|\w+_PROXY|(SSL|CURL|REQUESTS|NODE|GIT|PIP|NPM)_\w*(CA_|CAINFO|CERT)\w*"
    r"|PIP_(INDEX|EXTRA_INDEX)_URL|PIP_(CONFIG_FILE|FIND_LINKS|DEFAULT_TIMEOUT|NO_INDEX)"
)


class FailedError(Exception):
    """A step failed; its text is what was printed last."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with an empty home.

    Attributes:
        folder: Where everything is.
    """

    folder: Path

    @property
    def clone(self) -> Path:
        """The working tree."""
        return self.folder / "tonight"

    @property
    def origin(self) -> Path:
        """The repository that a change is merged into."""
        return self.folder / "origin.git"

    def environment(self) -> dict[str, str]:
        """The variables of his shell."""
        kept = {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}
        return {**kept, "HOME": str(self.folder / "home")}

    def run(self, command: str, *, fails: bool = False) -> str:
        """Runs a command in the clone; returns what it printed.

        Raises:
            FailedError: It failed, or did not where it should have.
        """
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.clone if self.clone.is_dir() else self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if (done.returncode != 0) is not fails:
            last = "\n".join(done.stdout.splitlines()[-40:])
            raise FailedError(f"{command} ended with {done.returncode}:\n{last}")
        return done.stdout


def change(tree: Path, edits: tuple[tuple[str, str, str], ...]) -> None:
    """Makes a part of the change in a tree.

    Raises:
        FailedError: What is to be changed is not there, or there more than once.
    """
    for name, before, after in edits:
        text = (tree / name).read_text("utf-8")
        if before not in text:
            raise FailedError(f"{name} has no {before!r}: tools/onboarding.py has to follow it.")
        (tree / name).write_text(text.replace(before, after, 1), "utf-8")


def clones(who: Newcomer) -> str:
    """Clones the project."""
    who.run(f"git clone --quiet '{who.origin}' tonight")
    return f"{len(who.run('git ls-files').splitlines()):,} files"


def gets_a_film(who: Newcomer) -> str:
    """Starts it and asks for a film until there is one."""
    port = free_port()
    log = who.folder / "run.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=who.clone,
            env=who.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            film = _first_film(f"http://127.0.0.1:{port}/movie", process, log)
        finally:
            os.killpg(process.pid, signal.SIGINT)
    return film


def _first_film(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + MERGED_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own
                return str(json.load(answer)["movie"]["title"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise FailedError(f"make run gave no film:\n{log.read_text('utf-8')[-4_000:]}")


def checks(who: Newcomer) -> str:
    """Passes all checks before anything is changed."""
    return who.run("make check").splitlines()[-1]


def sets_hooks(who: Newcomer) -> str:
    """Lets the checks run before each commit."""
    who.run("make hooks")
    who.run("git config user.name Newcomer && git config user.email newcomer@example.org")
    return "the checks run before each commit"


def writes_the_test(who: Newcomer) -> str:
    """Changes the test, and sees it fail."""
    who.run(f"git switch --quiet --create {BRANCH}")
    change(who.clone, TEST_CHANGE)
    who.run(f'make test ARGS="{NEW_TEST}"', fails=True)
    return "it fails, as it should"


def writes_the_code(who: Newcomer) -> str:
    """Changes the code with its changelog, what is generated from it, and sees the test pass."""
    change(who.clone, CODE_CHANGE)
    who.run("make openapi client")
    who.run(f'make test ARGS="{NEW_TEST}"')
    return f"{len(who.run('git status --porcelain').splitlines())} files changed"


def commits(who: Newcomer) -> str:
    """Commits; the hooks run what the change touches."""
    printed = who.run(f'git add --all && git commit --message "{SUBJECT}"')
    passed = re.findall(r"\.Passed$", printed, re.MULTILINE)
    if not passed:
        raise FailedError(f"no hook ran:\n{printed}")
    return f"{len(passed)} hooks passed"


def passes_what_is_asked(who: Newcomer) -> str:
    """Passes the checks and the tests of what was changed, as the pipeline does."""
    who.run("make check")
    printed = who.run('make test ARGS="-q tests/web tests/tooling/test_contract.py"')
    return next(line for line in reversed(printed.splitlines()) if " passed" in line)


def merges(who: Newcomer) -> str:
    """Pushes the branch, and the main branch goes on to it."""
    who.run(f"git push --quiet origin {BRANCH}")
    who.run(f"git push --quiet origin {BRANCH}:main")
    merged = who.run(f"git --git-dir='{who.origin}' log -1 --format=%s main").strip()
    if merged != SUBJECT:
        raise FailedError(f"main ends with {merged!r}")
    return "main has it"


#: What a newcomer does, in the words of the page, with the commands that it names.
STEPS: Final[tuple[tuple[str, str, Callable[[Newcomer], str]], ...]] = (
    ("Clone", "git clone", clones),
    ("The first film", "make run", gets_a_film),
    ("All checks", "make check", checks),
    ("Hooks", "make hooks", sets_hooks),
    ("The test first", "make test", writes_the_test),
    ("The change", "make openapi client", writes_the_code),
    ("The commit", "git commit", commits),
    ("Checks and tests of the change", "make check", passes_what_is_asked),
    ("Merged", "git push", merges),
)


@dataclass(frozen=True, slots=True)
class Time:
    """How long a step took, and what came of it."""

    name: str
    command: str
    seconds: float
    result: str


def play(folder: Path) -> list[Time]:
    """Plays all steps in an empty folder; prints each as it ends.

    Raises:
        FailedError: A step failed, or took longer than was promised.
    """
    who = Newcomer(folder)
    (folder / "home").mkdir()
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    # The commit at hand is what the newcomer finds as the main branch.
    for command in (
        f"git init --quiet --bare --initial-branch=main '{who.origin}'",
        f"git -C '{ROOT}' push --quiet '{who.origin}' {head}:refs/heads/main",
    ):
        subprocess.run(["bash", "-c", command], check=True)
    times: list[Time] = []
    for name, command, step in STEPS:
        start = time.monotonic()
        result = step(who)
        times.append(Time(name, command, time.monotonic() - start, result))
        print(f"{times[-1].seconds:7.1f} s  {name}: {result}", flush=True)
        if step is gets_a_film:
            _hold("the first film", times, FIRST_SUGGESTION_SECONDS)
    _hold("the first merged change", times, MERGED_SECONDS)
    return times


def _hold(what: str, times: list[Time], limit: float) -> None:
    seconds = sum(each.seconds for each in times)
    print(f"{seconds:7.1f} s  to {what}; at most {limit}", flush=True)
    if seconds > limit:
        raise FailedError(f"{what} took {seconds:.0f} seconds, more than {limit}")


def figures(times: list[Time]) -> str:
    """The part of the page that is measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    so_far = 0.0
    lines = [
        f"Measured on {cores} cores, Python {platform.python_version()}, while the machine did",
        "other things too; what is downloaded comes over its network.",
        "",
        "| Step | Command | Time | Since the clone began | Result |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for each in times:
        so_far += each.seconds
        lines.append(
            f"| {each.name} | `{each.command}` | {each.seconds:.0f} s | {_clock(so_far)} "
            f"| {each.result} |"
        )
    return "\n".join(["", *lines, "", ""])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def write(times: list[Time]) -> None:
    """Puts the times into the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + figures(times) + END + after, "utf-8")


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Play a newcomer's first change, timed.")
    parser.add_argument("--write", action="store_true", help="put the times into the page")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="newcomer-"))
    try:
        times = play(folder)
    except FailedError as error:
        sys.exit(f"{error}\nEverything is as it was left, in {folder}.")
    shutil.rmtree(folder)
    if chosen.write:
        write(times)


if __name__ == "__main__":
    main()
