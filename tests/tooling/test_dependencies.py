"""Every dependency has a reason on record."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def declared_dependencies() -> set[str]:
    """The names in ``pyproject.toml``, those of the groups included."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    requirements: list[str] = list(pyproject["project"]["dependencies"])
    for group in pyproject["dependency-groups"].values():
        requirements += group
    return {re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in requirements}


def test_the_record_of_the_dependencies_is_the_list_of_the_dependencies() -> None:
    record = ROOT / "doc" / "decisions" / "0004-what-each-dependency-is-for.md"
    explained: list[str] = []
    for line in record.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            explained += re.findall(r"`([\w-]+)`", line.split("|")[1].partition("(")[0])
    assert sorted(explained) == sorted(declared_dependencies())
