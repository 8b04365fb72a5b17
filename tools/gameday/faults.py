"""The faults: how each is injected from outside, which alert names it, what is promised."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import tonight
from tools.gameday.programs import NotReadyError, children_of
from tools.gameday.stack import Stack
from tools.gameday.traffic import Answer, Traffic, quantile, share_answered

#: No suggestion may take longer than this while something is broken.
DEADLINE_SECONDS: Final = 5.0

#: The objective's limit, with room for a machine that also runs the viewers and the monitoring.
_FAST_SECONDS: Final = 1.0

#: How a version's name says when it was trained.
_TRAINED: Final = "%Y%m%dT%H%M%SZ"

_FAKETIME: Final = (
    *("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",),
    *("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that breaks.

    Attributes:
        name: What breaks.
        injection: How it is broken, in a sentence.
        alert: Which alert must fire; its playbook section must mend the fault.
        promise: What viewers are promised meanwhile.
        is_kept: Whether the answers to suggestions since the injection keep the promise.
        inject: Breaks it.
        consequences: Other alerts that may fire, because of what they watch.
        prepare: What the service runs with, given an empty folder; nothing of it is broken yet.
        lacks: What the machine lacks to inject it; ``None`` when it can be.
    """

    name: str
    injection: str
    alert: str
    promise: str
    is_kept: Callable[[Sequence[Answer]], bool]
    inject: Callable[[Stack, Traffic], None]
    consequences: frozenset[str] = frozenset()
    prepare: Callable[[Path], Mapping[str, str]] = lambda _: {}
    lacks: Callable[[], str | None] = lambda: None


def every_suggestion(answers: Sequence[Answer]) -> bool:
    """Every suggestion was answered, and none after the deadline."""
    return share_answered(answers) == 1 and quantile(answers, 1) < DEADLINE_SECONDS


def most_suggestions(answers: Sequence[Answer]) -> bool:
    """Nine suggestions in ten were answered."""
    return share_answered(answers) >= 0.9


def taken_or_refused_quickly(answers: Sequence[Answer]) -> bool:
    """What was taken was fast, and what was refused was told when to try again."""
    taken = [answer for answer in answers if answer.status in (200, 404)]
    refused = [answer for answer in answers if answer.status in (429, 503)]
    return (
        len(taken) + len(refused) == len(answers)
        and quantile(taken, 0.9) < _FAST_SECONDS
        and all(answer.retry_after for answer in refused)
    )


def anything(_: Sequence[Answer]) -> bool:
    """Nothing is promised."""
    return True


def stop_database(stack: Stack, _: Traffic) -> None:
    """Kills the database, without a chance to say goodbye."""
    assert stack.database is not None  # noqa: S101 - the stack of a game day has one
    stack.database.stop("immediate")


def slow_database(stack: Stack, _: Traffic) -> None:
    """Holds back everything that goes to the database."""
    assert stack.way is not None  # noqa: S101 - the stack of a game day has one
    stack.way.delay_seconds = 0.3


def fill_disk(stack: Stack, _: Traffic) -> None:
    """Fills the file system of the data folder and the database to the last block."""
    piece = b"\0" * 1_048_576
    with (
        (stack.data_dir / "core.4711").open("wb", buffering=0) as core,
        contextlib.suppress(OSError),
    ):
        while True:
            core.write(piece)


def damage_model(stack: Stack, _: Traffic) -> None:
    """Publishes a damaged model."""
    damage_published_model(stack.data_dir / "models")


def damage_published_model(models: Path) -> None:
    """Publishes a copy of the current model of which one byte has changed on the way."""
    current = models / (models / "current").read_text("utf-8").strip()
    # Its name is that of a version trained later, with the digest of its manifest, which is whole.
    trained, digest = current.name.split("-")
    later = datetime.strptime(trained, _TRAINED).replace(tzinfo=UTC) + timedelta(seconds=1)
    broken = models / f"{later:{_TRAINED}}-{digest}"
    shutil.copytree(current, broken)
    largest = max(broken.iterdir(), key=lambda path: path.stat().st_size)
    largest.chmod(0o600)
    with largest.open("r+b") as array:
        array.seek(largest.stat().st_size // 2)
        byte = array.read(1)
        array.seek(-1, os.SEEK_CUR)
        array.write(bytes([byte[0] ^ 0xFF]))
    pointer = models / "current.new"
    pointer.write_text(broken.name + "\n", "utf-8")
    pointer.replace(models / "current")


def slow_worker(stack: Stack, _: Traffic) -> None:
    """Lets one worker run for a tenth of the time only, until that worker is gone."""
    worker = workers_of(stack)[-1]

    def hold() -> None:
        with contextlib.suppress(ProcessLookupError):
            while True:
                os.kill(worker, signal.SIGSTOP)
                time.sleep(0.45)
                os.kill(worker, signal.SIGCONT)
                time.sleep(0.05)

    threading.Thread(target=hold, daemon=True).start()


def leaking_release(folder: Path) -> Mapping[str, str]:
    """A module beside the product that eats memory once it is told to."""
    (folder / "sitecustomize.py").write_text(
        "import os, threading, time\n"
        "held = []\n"
        "def leak():\n"
        f"    while not os.path.exists({str(folder / 'leak')!r}):\n"
        "        time.sleep(0.5)\n"
        "    while sum(map(len, held)) < 1_500_000_000:\n"
        "        held.append(bytearray(os.urandom(1_000_000)) * 4)\n"
        "        time.sleep(0.4)\n"
        # Started by multiprocessing: a worker, not the parent and not a training.
        "if 'spawn_main' in ' '.join(__import__('sys').orig_argv):\n"
        "    threading.Thread(target=leak, daemon=True).start()\n"
    )
    return {"PYTHONPATH": _first(folder)}


def leak_memory(stack: Stack, _: Traffic) -> None:
    """Tells the module in the workers to begin."""
    (stack.prepared / "leak").touch()


def two_releases(folder: Path) -> Mapping[str, str]:
    """Two copies of the product side by side, the newer one of which cannot explain a film."""
    package = Path(tonight.__file__).parent
    facts = distribution("tonight")
    for number, version in enumerate((facts.version, f"{facts.version}.post1")):
        release = folder / version
        shutil.copytree(package, release / "tonight", ignore=shutil.ignore_patterns("__pycache__"))
        metadata = release / f"tonight-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: tonight\nVersion: {version}\n"
        )
        os.utime(release, (time.time() + number, time.time() + number))
        if number:
            broken = release / "tonight" / "services" / "reason.py"
            # As a merge in a hurry leaves it: the module's functions want an argument more.
            with broken.open("a", encoding="utf-8") as source:
                source.write(
                    "\n\nfor _name, _value in list(globals().items()):\n"
                    "    if callable(_value) and getattr(_value, '__module__', '') == __name__:\n"
                    "        if not isinstance(_value, type):\n"
                    "            globals()[_name] = lambda *, forgotten, **_: forgotten\n"
                )
    (folder / "current").symlink_to(facts.version)
    return {"PYTHONPATH": _first(folder / "current"), "TONIGHT_RELEASES": str(folder)}


def bad_release(stack: Stack, _: Traffic) -> None:
    """Rolls the newer release out."""
    releases = Path(stack.environment["TONIGHT_RELEASES"])
    newest = max(
        (path for path in releases.iterdir() if not path.is_symlink()),
        key=lambda path: path.stat().st_mtime,
    )
    done = stack.shell(
        f'ln -sfn {newest.name} "$TONIGHT_RELEASES/current"; systemctl restart tonight'
    )
    if done.returncode:
        raise NotReadyError(f"the release cannot be rolled out:\n{done.stdout}")


def own_clock(folder: Path) -> Mapping[str, str]:
    """A clock of the service's own, which is right so far."""
    (folder / "clock").write_text("+0\n")
    return {
        "LD_PRELOAD": next(path for path in _FAKETIME if Path(path).exists()),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def skew_clock(stack: Stack, _: Traffic) -> None:
    """Sets the service's clock five minutes ahead, under its feet."""
    clock = stack.prepared / "clock"
    stack.control.add_unit("chrony", restart=lambda: _write(clock, "+0\n"))
    clock.write_text("+300\n")


def no_faketime() -> str | None:
    """Whether libfaketime is missing."""
    return None if any(map(os.path.exists, _FAKETIME)) else "libfaketime (apt install faketime)"


def low_capacity(_: Path) -> Mapping[str, str]:
    """Few requests at once, so that a small machine can send ten times what another would carry."""
    return {"TONIGHT_MAX_CONCURRENT_REQUESTS": "4"}


def tenfold(_: Stack, traffic: Traffic) -> None:
    """Ten times as many viewers, from another address, who think half as long."""
    traffic.add(40, 0.1, address="127.0.0.99")


def workers_of(stack: Stack) -> list[int]:
    """The processes that serve: those that listen have the service's port open."""
    return [pid for pid in children_of(stack.service.pid) if _serves(pid)]


def _first(folder: Path) -> str:
    """A module search path that begins with a folder."""
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))


def _serves(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def _no_own_disk() -> str | None:
    return None if os.geteuid() == 0 else "the right to mount a small file system (root)"


FAULTS: Final = (
    Fault(
        name="database gone",
        injection="PostgreSQL is killed (`pg_ctl stop --mode=immediate`).",
        alert="TonightDatabaseAway",
        promise="Every suggestion is answered.",
        is_kept=every_suggestion,
        inject=stop_database,
        consequences=frozenset(
            {"TonightFeedbackNotSaved", "TonightFallbacksRising", "TonightDatabaseSlow"}
        ),
    ),
    Fault(
        name="database slow",
        injection="A proxy holds back each message to PostgreSQL for 0.3 s.",
        alert="TonightDatabaseSlow",
        promise="Every suggestion is answered within the deadline.",
        is_kept=every_suggestion,
        inject=slow_database,
        consequences=frozenset(
            {
                *("TonightFeedbackNotSaved", "TonightFallbacksRising", "TonightDatabaseAway"),
                *("TonightDatabasePoolExhausted", "TonightSuggestionsSlow"),
            }
        ),
    ),
    Fault(
        name="disk full",
        injection="A file of zeros takes every block of the data folder's and database's disk.",
        alert="TonightDiskAlmostFull",
        promise="Every suggestion is answered.",
        is_kept=every_suggestion,
        inject=fill_disk,
        consequences=frozenset(
            {
                *("TonightDiskFilling", "TonightDatabaseBroken", "TonightFeedbackNotSaved"),
                *("TonightDatabaseAway", "TonightFallbacksRising"),
            }
        ),
        lacks=_no_own_disk,
    ),
    Fault(
        name="model damaged",
        injection="A new version is published of which one byte has changed.",
        alert="TonightModelRefused",
        promise="Every suggestion is answered, by the model before it.",
        is_kept=every_suggestion,
        inject=damage_model,
    ),
    Fault(
        name="slow worker",
        injection="One worker is stopped for 0.45 s and runs for 0.05 s, again and again.",
        alert="TonightWorkerSlow",
        promise="Nine suggestions in ten are answered.",
        is_kept=most_suggestions,
        inject=slow_worker,
        consequences=frozenset({"TonightSuggestionsSlow", "TonightDatabaseSlow"}),
    ),
    Fault(
        name="memory leak",
        injection="A module beside the product keeps 10 MB a second in each worker.",
        alert="TonightMemoryLeak",
        promise="Every suggestion is answered.",
        is_kept=every_suggestion,
        inject=leak_memory,
        prepare=leaking_release,
        consequences=frozenset({"TonightSuggestionsSlow"}),
    ),
    Fault(
        name="bad release",
        injection="A release with a broken module is rolled out.",
        alert="TonightBadRelease",
        promise="None, until it is rolled back.",
        is_kept=anything,
        inject=bad_release,
        prepare=two_releases,
        # The restart of a rollout takes seconds; of the fast rules these are minutes.
        consequences=frozenset({"TonightSuggestionsFail", "TonightErrorsLogged", "TonightDown"}),
    ),
    Fault(
        name="clock skew",
        injection="The service's clock jumps five minutes ahead (libfaketime).",
        alert="TonightClockSkewed",
        promise="Every suggestion is answered.",
        is_kept=every_suggestion,
        inject=skew_clock,
        prepare=own_clock,
        lacks=no_faketime,
    ),
    Fault(
        name="traffic tenfold",
        injection="Forty viewers more, from one address, at a service that takes four requests "
        "at once in each worker.",
        alert="TonightShedding",
        promise="What is taken is fast; what is refused is told when to try again.",
        is_kept=taken_or_refused_quickly,
        inject=tenfold,
        prepare=low_capacity,
        consequences=frozenset(
            {"TonightSuggestionsFail", "TonightFeedbackNotSaved", "TonightSuggestionsSlow"}
        ),
    ),
)
