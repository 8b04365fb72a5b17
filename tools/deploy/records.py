"""What was deployed here, and when: a file to which lines are only ever added.

A deploy writes what it is about to do before it does it, so that one that was killed can be told
from one that ended.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from tools.deploy.live import Slot

Kind = Literal["deploy", "rollback"]
Step = Literal["began", "migrating", "migrated", "switched", "ended"]
#: What became of it: it is in use; it never took a request; it was taken back.
Outcome = Literal["in use", "never in use", "taken back"]

NAME: Final = "deployments.jsonl"


@dataclass(frozen=True, slots=True)
class Release:
    """A release, as its image says it.

    Attributes:
        image: The image's id in the engine.
        digest: Where a registry has it, by digest; nothing where it was built here.
        version: Its version.
        commit: What it was built from.
    """

    image: str
    digest: str
    version: str
    commit: str

    def __str__(self) -> str:
        return f"{self.version} ({self.commit[:9]})"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file.

    Attributes:
        at: When, in UTC.
        kind: What was done.
        step: How far it was.
        slot: Where the release went.
        before: The release that was in use.
        to: The release that was to follow.
        outcome: What became of it, once it has ended.
        why: The reason, when it is not in use, or not as it should be.
    """

    at: str
    kind: Kind
    step: Step
    slot: Slot
    before: Release
    to: Release
    outcome: Outcome | None = None
    why: str = ""


def read(place: Path) -> list[Entry]:
    """All lines, the oldest first.

    One that was not written to its end, because the machine lost its power, is left out.
    """
    try:
        lines = (place / NAME).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [entry for entry in map(_entry, lines) if entry is not None]


def _entry(line: str) -> Entry | None:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError:
        return None
    before, to = (Release(**fields[name]) for name in ("before", "to"))
    return Entry(**{**fields, "before": before, "to": to})


def append(place: Path, entry: Entry) -> None:
    """Adds a line, and returns once it is on the disk."""
    line = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":"))
    with (place / NAME).open("ab") as file:
        # On a line of its own, whatever became of the one before.
        file.write(f"\n{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def unended(entries: Sequence[Entry]) -> Entry | None:
    """The deploy that was killed: the last one, when it never ended."""
    return entries[-1] if entries and entries[-1].step != "ended" else None


def in_use(entries: Sequence[Entry], live: Slot) -> Release | None:
    """The release that takes the requests; ``None`` when nothing was deployed yet.

    Args:
        entries: All lines.
        live: The slot that takes them, which counts more than what was not written any more.
    """
    if not entries:
        return None
    last = entries[-1]
    if last.step == "ended":
        return last.to if last.outcome == "in use" else last.before
    return last.to if live == last.slot else last.before


def schema_of(entries: Sequence[Entry]) -> Release | None:
    """The release whose schema the database has; ``None`` when nothing was deployed yet.

    A rollback leaves the schema as it is, so this can be a newer release than the one in use. A
    migration that was killed counts as done: to do it once more does no harm.
    """
    done, begun = None, None
    for entry in entries:
        if entry.step == "migrating":
            begun = entry.to
        elif entry.step == "migrated":
            done = entry.to
        elif entry.step == "ended":
            begun = None
    return begun or done


def way_back(entries: Sequence[Entry]) -> list[Release]:
    """The releases that were in use, each after the one that a rollback leads to; the last is now.

    A release that was taken back is not among them, and a rollback removes what it went back from:
    twice in a row it leads two releases back, and never forth again.
    """
    way: list[Release] = []
    for entry in entries:
        if entry.outcome != "in use":
            continue
        if entry.before not in way[-1:]:
            way.append(entry.before)
        if entry.kind == "rollback" and entry.to in way:
            del way[len(way) - way[::-1].index(entry.to) :]
        elif entry.to != way[-1]:
            way.append(entry.to)
    return way


def as_table(entries: Sequence[Entry]) -> str:
    """What ended, a line each, the newest last."""
    lines = []
    for entry in entries:
        if entry.step == "ended":
            why = f": {entry.why}" if entry.why else ""
            at = entry.at.replace("T", " ")[:19]
            way = f"{entry.before} -> {entry.to}"
            lines.append(f"{at}  {entry.kind:8}  {way}  {entry.outcome}{why}")
    return "\n".join(lines)
