"""The stages, and what can be counted of each without running it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = ROOT / "examples"

#: What is written by hand; data, pictures, locks and what is generated do not count.
WRITTEN: Final = {".py", ".html", ".js", ".css", ".md", ".sh", ".toml", ".yaml", ".yml", ".mako"}
WITHOUT_SUFFIX: Final = {"Dockerfile", "Makefile", "run", ".dockerignore", "VERSION"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as the page tells it.

    Attributes:
        name: Its folder.
        title: Its heading.
        changed: What is new in it.
        why: What that is good for.
        pain: What still hurts, which the next one mends.
    """

    name: str
    title: str
    changed: str
    why: str
    pain: str


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of a stage.

    Attributes:
        program: Lines that run in production; blank lines and comments do not count.
        tests: Lines that test it.
        around: Lines of everything else: documents, scripts, how it is built and run.
        declared: Dependencies that it names.
        installed: Packages that these bring along, themselves included.
    """

    program: int
    tests: int
    around: int
    declared: int
    installed: int


def stages() -> list[Stage]:
    """All stages, in their order."""
    text = (EXAMPLES / "stages.toml").read_text("utf-8")
    return [Stage(**each) for each in tomllib.loads(text)["stages"]]


def size_of(stage: str) -> Size:
    """The size of a stage under ``examples/``."""
    folder = EXAMPLES / stage
    files = [path for path in folder.rglob("*") if path.is_file() and _is_written(path)]
    tests = {path for path in files if path.name.startswith("test_")}
    program = {path for path in files if path.suffix == ".py"} - tests
    declared = (folder / "requirements.txt").read_text("utf-8").split()
    return Size(
        _lines(program),
        _lines(tests),
        _lines({*files} - tests - program),
        len(declared),
        len(installed_by(declared)),
    )


def size_of_tonight() -> Size:
    """The size of this project, examples left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    files = {ROOT / name for name in listed.split("\0") if name}
    files = {path for path in files if path.is_file() and _is_written(path)}
    files = {path for path in files if path.relative_to(ROOT).parts[0] not in {"examples", "data"}}
    program = {path for path in files if path.is_relative_to(ROOT / "src")}
    tests = {path for path in files if path.is_relative_to(ROOT / "tests")}
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = pyproject["project"]["dependencies"]
    return Size(
        _lines(program),
        _lines(tests),
        _lines(files - program - tests),
        len(declared),
        len(installed_by(declared)),
    )


def installed_by(declared: Iterable[str]) -> set[str]:
    """The names of all packages that some requirements bring along on this machine."""
    found: set[str] = set()
    waiting = [Requirement(each) for each in declared]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found.add(canonicalize_name(requirement.name))
            waiting += _needed_by(requirement)
    return found


def _needed_by(requirement: Requirement) -> list[Requirement]:
    needed = []
    for text in requires(requirement.name) or ():
        each = Requirement(text)
        extras = ("", *requirement.extras)
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras):
            each.marker = None
            needed.append(each)
    return needed


def _is_written(path: Path) -> bool:
    return path.suffix in WRITTEN or path.name in WITHOUT_SUFFIX


def _lines(files: Iterable[Path]) -> int:
    return sum(len(re.findall(r"^(?!\s*#)\s*\S", _text(path), re.MULTILINE)) for path in files)


def _text(path: Path) -> str:
    return path.read_text("utf-8")
