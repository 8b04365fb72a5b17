"""Says what of the released contract is broken, and for whom: ``python -m tools.contract``.

The released contract lies beside this file. ``--accept`` puts today's in its place: that is a
part of a release, and refused when something is broken and the version does not say so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from tools.contract.changes import Break, breaks

ROOT: Final = Path(__file__).resolve().parents[2]
CURRENT: Final = ROOT / "openapi.json"
RELEASED: Final = Path(__file__).with_name("released.json")
CONSUMERS: Final = ROOT / "doc" / "consumers.yaml"


def says_so(before: str, after: str) -> bool:
    """Whether a version announces that something breaks: by its first number that is not zero."""
    old, new = ([int(part) for part in each.split(".")[:2]] for each in (before, after))
    return new[0] > old[0] or (old[0] == new[0] == 0 and new[1] > old[1])


def concerned(operation_id: str, consumers: list[dict[str, Any]]) -> list[str]:
    """The consumers that use an operation; one that names none may use all of them."""
    return [
        str(each["name"])
        for each in consumers
        if operation_id in each.get("operations", [operation_id])
    ]


def report(found: list[Break], consumers: list[dict[str, Any]]) -> str:
    """What breaks for whom, a line each."""
    lines = []
    for each in found:
        whom = ", ".join(concerned(each.operation_id, consumers)) or "nobody we know"
        lines.append(f"{each.operation}: {each.what}\n    breaks: {whom}")
    return "\n".join(lines)


def check(before: dict[str, Any], after: dict[str, Any], today: date) -> str | None:
    """What is wrong with a contract after another one, or ``None``."""
    found = breaks(before, after, today)
    old, new = (str(each["info"]["version"]) for each in (before, after))
    if not found or says_so(old, new):
        return None
    consumers = yaml.safe_load(CONSUMERS.read_text("utf-8"))["consumers"]
    return (
        f"{report(found, consumers)}\n\n{len(found)} changes break the contract of release {old}, "
        f"and version {new} does not say so. Take nothing away: add beside it, mark the old as "
        "deprecated with its dates (src/tonight/web/deprecations.py), and remove it after them; "
        "or raise the version."
    )


def tagged(version: str) -> dict[str, Any] | None:
    """The contract under the tag of a release, where this clone has it."""
    done = subprocess.run(
        ["git", "show", f"v{version}:openapi.json"], cwd=ROOT, capture_output=True, check=False
    )
    return dict(json.loads(done.stdout)) if done.returncode == 0 else None


def main(arguments: list[str]) -> int:
    """Checks, or accepts; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.contract", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="today's contract is released")
    parser.add_argument("--released", type=Path, default=RELEASED, help="what to compare with")
    parser.add_argument("--current", type=Path, default=CURRENT, help="what is to be judged")
    options = parser.parse_args(arguments)
    before = json.loads(options.released.read_text("utf-8"))
    after = json.loads(options.current.read_text("utf-8"))
    version = before["info"]["version"]
    if options.released == RELEASED and tagged(version) not in (None, before):
        print(f"{RELEASED.name} is not openapi.json of the tag v{version}.", file=sys.stderr)
        return 1
    problem = check(before, after, datetime.now(UTC).date())
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1
    if options.accept:
        RELEASED.write_text(options.current.read_text("utf-8"), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
