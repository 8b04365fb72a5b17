"""Which slot takes the requests: a folder that a deploy writes, and proxy and Prometheus read.

A file ``b`` is there while slot b takes them. To make it and to remove it is one step each, so
whoever ends this program at any moment leaves one of the two releases in use.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

Slot = Literal["a", "b"]

#: The service of compose.yaml that is a slot.
SERVICES: Final[dict[Slot, str]] = {"a": "tonight", "b": "tonight-b"}

ROOT: Final = Path(__file__).resolve().parents[2]
_METRICS_PORT: Final = 9464


class StoppedError(Exception):
    """A deploy does not go on; its text says why, and what takes the requests now."""


def folder() -> Path:
    """Where it is; made when it is not there yet, and read by all."""
    place = Path(os.environ.get("TONIGHT_LIVE") or ROOT / "deploy" / "live").absolute()
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)
    if not (place / "prometheus.json").exists():
        scrape(place, [live_slot(place)])
    return place


def live_slot(place: Path) -> Slot:
    """The slot that takes the requests."""
    return "b" if (place / "b").exists() else "a"


def other(slot: Slot) -> Slot:
    """The slot that is not this one."""
    return "a" if slot == "b" else "b"


def switch(place: Path, slot: Slot) -> None:
    """Has a slot take all requests from now on; what has begun is finished where it is."""
    if slot == "b":
        (place / "b").touch(mode=0o644)
    else:
        (place / "b").unlink(missing_ok=True)
    _keep(place)


def scrape(place: Path, slots: Iterable[Slot]) -> None:
    """Has Prometheus read the metrics of these slots, and no others."""
    targets = [f"{SERVICES[slot]}:{_METRICS_PORT}" for slot in slots]
    unfinished = place / "prometheus.json.new"
    unfinished.write_text(json.dumps([{"targets": targets}]) + "\n", "utf-8")
    unfinished.chmod(0o644)
    unfinished.replace(place / "prometheus.json")


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Keeps every other deploy away inside the block; the system ends it with the process.

    Raises:
        StoppedError: Another one is at work.
    """
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoppedError("Another deploy is at work here. Nothing was changed.") from None
        yield


def _keep(place: Path) -> None:
    """Writes the folder's names to the disk, so that a switch outlives the machine's power."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
