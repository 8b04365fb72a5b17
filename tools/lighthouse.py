"""Lighthouse over every page of the real service: ``python -m tools.lighthouse``.

Needs Chromium and npm in PATH; Lighthouse itself is installed under ``build/lighthouse``, where
the reports are left too. The service runs on a data folder of its own, trained for the occasion.
The exit status is 1 when a page has less than 95 in a category; such a page is measured twice
more, and the median counts, since a busy machine is slow by chance.

Arguments are passed to Lighthouse: without any a phone is measured, with ``--preset=desktop`` a
desktop.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.pictures import CHROMIUM
from tools.ports import free_port

LIGHTHOUSE: Final = "lighthouse@12.8.2"
ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "build" / "lighthouse"
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
ENOUGH: Final = 95
ATTEMPTS: Final = 3
CHROMIUM_FLAGS: Final = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"

#: A viewer of whom enough is known for every picture of a taste.
TASTE: Final = {
    "liked": (
        *("alien-1979", "heat-1995", "fargo-1996", "casablanca-1942", "toy-story-1995"),
        *("the-matrix-1999", "psycho-1960", "parasite-2019", "amelie-2001", "goodfellas-1990"),
    ),
    "okay": ("frozen-2013",),
    "disliked": ("titanic-1997",),
    "seen": ("jaws-1975",),
    "never": ("pretty-woman-1990",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A page to measure.

    Attributes:
        name: What it is called in the table.
        path: Its local address.
        is_known: Whether it is asked for by a viewer of whom something is known.
        is_problem: Whether it tells of a problem. Such a page has a status by which no search
            engine lists it, and is not measured by whether one could.
    """

    name: str
    path: str
    is_known: bool = False
    is_problem: bool = False

    @property
    def categories(self) -> tuple[str, ...]:
        """What it is measured by."""
        return CATEGORIES[:-1] if self.is_problem else CATEGORIES


TARGETS: Final = (
    Target("tonight, a stranger", "/"),
    Target("tonight, known", "/movie?max_minutes=130&seed=5", is_known=True),
    Target("nothing fits", "/movie?language=Persian&genre=War&max_minutes=61", is_problem=True),
    Target("problem", "/movie?max_minutes=soon", is_problem=True),
    Target("welcome", "/welcome"),
    Target("film, a stranger", "/movies/the-matrix-1999"),
    Target("film, known", "/movies/aliens-1986", is_known=True),
    Target("my films, a stranger", "/my-films"),
    Target("my films, known", "/my-films", is_known=True),
    Target("delete everything", "/my-films/delete", is_known=True),
)

Scores = dict[str, int]


def scores_of(report: Mapping[str, Any], categories: tuple[str, ...]) -> Scores:
    """The scores of a report, 0 to 100; one that could not be measured is 0."""
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in categories}


def shortcomings(report: Mapping[str, Any], category: str) -> list[str]:
    """What a category lost its points by, in words."""
    return [
        f"{audit['title']} ({audit.get('displayValue') or audit['id']})"
        for reference in report["categories"][category]["auditRefs"]
        if reference["weight"] > 0
        and (audit := report["audits"][reference["id"]])["score"] is not None
        and audit["score"] < 0.9
    ]


def too_low(scores: Scores) -> list[str]:
    """The categories in which a page does not have enough."""
    return [name for name, score in scores.items() if score < ENOUGH]


def median_of(runs: list[Scores]) -> Scores:
    """The median of each category over several runs."""
    return {name: round(statistics.median(run[name] for run in runs)) for name in runs[0]}


def measure(target: Target, address: str, cookie: str, arguments: list[str]) -> dict[str, Any]:
    """Runs Lighthouse over a page and gives its report.

    Raises:
        SystemExit: It gave none, though it was tried again: Chromium sometimes does not answer.
    """
    output = FOLDER / f"{target.name.replace(', ', '-').replace(' ', '-')}.json"
    headers = {"Cookie": cookie} if target.is_known else {}
    command = [
        str(FOLDER / "node_modules" / ".bin" / "lighthouse"),
        f"{address}{target.path}",
        "--quiet",
        "--output=json",
        f"--output-path={output}",
        f"--only-categories={','.join(target.categories)}",
        f"--chrome-flags={CHROMIUM_FLAGS}",
        f"--extra-headers={json.dumps(headers)}",
        *(["--ignore-status-code"] if target.is_problem else []),
        *arguments,
    ]
    for _ in range(ATTEMPTS):
        if subprocess.run(command, check=False, timeout=300).returncode == 0:
            report: dict[str, Any] = json.loads(output.read_text("utf-8"))
            return report
    raise SystemExit(f"Lighthouse could not measure {target.path} in {ATTEMPTS} attempts.")


def tell_taste(address: str) -> str:
    """Says what ``TASTE`` holds and gives the cookie of the viewer who said it."""
    cookie = ""
    for kind, movie_ids in TASTE.items():
        for movie_id in movie_ids:
            request = urllib.request.Request(  # noqa: S310 - our own address
                f"{address}/api/v1/feedback",
                data=json.dumps({"movie_id": movie_id, "kind": kind}).encode(),
                headers={"Content-Type": "application/json", "Cookie": cookie},
            )
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    return cookie


@contextmanager
def serving(data_dir: Path) -> Iterator[str]:
    """The service in a process of its own; gives its address."""
    port = free_port()
    environment = os.environ | {
        "TONIGHT_DATA_DIR": str(data_dir),
        "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
        "TONIGHT_TIMEZONE": "UTC",
        "TONIGHT_LOG_LEVEL": "WARNING",
    }
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "main:app", f"--port={port}", "--no-access-log"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            while process.poll() is None:
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310
                    break
                except (urllib.error.URLError, OSError):
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def main(arguments: list[str]) -> int:
    """Measures every page; returns the exit status."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    npm = shutil.which("npm")
    if chromium is None or npm is None:
        print("Chromium (`make test-setup`) and npm have to be in PATH.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    quietly = ("--no-audit", "--no-fund", "--silent")
    subprocess.run([npm, "install", f"--prefix={FOLDER}", *quietly, LIGHTHOUSE], check=True)
    os.environ["CHROME_PATH"] = chromium
    print(f"{'page':24}" + "".join(f"{name:>16}" for name in CATEGORIES))
    failed = False
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:
        cookie = tell_taste(address)
        for target in TARGETS:
            report = measure(target, address, cookie, arguments)
            runs = [scores_of(report, target.categories)]
            if too_low(runs[0]):
                for _ in range(2):
                    report = measure(target, address, cookie, arguments)
                    runs.append(scores_of(report, target.categories))
            scores = median_of(runs)
            cells = (f"{scores.get(name, '-'):>16}" for name in CATEGORIES)
            print(f"{target.name:24}{''.join(cells)}", flush=True)
            for category in too_low(scores):
                failed = True
                print(f"  {category}: {'; '.join(shortcomings(report, category))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
