"""The operator's status page: one glance, on any screen, in light and dark."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENSHOTS
from tests.hard_days.service import environment_of, service_answers
from tonight.bootstrap import MODELS
from tools.ports import free_port

OpenStatus = Callable[..., Page]


@dataclass
class Watched:
    """A running service with an operator's listener.

    Attributes:
        process: The service.
        port: Where it answers viewers.
        operator: The address of the operator's listener.
        environment: The service's own.
    """

    process: subprocess.Popen[bytes]
    port: int
    operator: str
    environment: dict[str, str]

    def status(self) -> Any:
        with urllib.request.urlopen(f"{self.operator}/status.json", timeout=30) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def watched(
    trained_dir: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    assert chromium
    data_dir = tmp_path_factory.mktemp("status")
    (data_dir / MODELS).symlink_to(trained_dir / MODELS)
    port, metrics_port = free_port(), free_port()
    environment = environment_of(
        data_dir, {"TONIGHT_METRICS_PORT": str(metrics_port), "TONIGHT_COMMIT": "051187e"}
    )
    with (data_dir / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tonight", "serve", "--port", str(port)],
            env=environment,
            stderr=log,
            start_new_session=True,
        )
    service = Watched(process, port, f"http://127.0.0.1:{metrics_port}", environment)
    try:
        end = time.monotonic() + 120
        while not (service_answers(port) and service_answers_status(service)):
            assert process.poll() is None, (data_dir / "log").read_text()
            assert time.monotonic() < end, (data_dir / "log").read_text()
            time.sleep(0.1)
        yield service
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def service_answers_status(service: Watched) -> bool:
    try:
        return bool(service.status()["workers"])
    except OSError:
        return False


@pytest.fixture
def open_status(browser: Browser, watched: Watched) -> Iterator[OpenStatus]:
    """Opens the page; complains at the end of any console line and of any answer but 200."""
    contexts = []
    complaints: list[str] = []

    def open_page(*, width: int = 1440, scheme: str = "dark") -> Page:
        context = browser.new_context(
            base_url=watched.operator,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="light" if scheme == "light" else "dark",
            reduced_motion="reduce",
            timezone_id="UTC",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                None if answer.status == 200 else complaints.append(f"{answer.status} {answer.url}")
            ),
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(watched.operator) else complaints.append(request.url)
            ),
        )
        page.goto("/status")
        expect(page.locator("#runs dd").first).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A violation of the Content-Security-Policy is reported on the console too.
    assert complaints == []


def backed_up(watched: Watched) -> None:
    subprocess.run(
        [sys.executable, "-m", "tonight", "db", "backup"],
        env=watched.environment,
        check=True,
        capture_output=True,
    )


def visited(watched: Watched, n: int = 30) -> None:
    for _ in range(n):
        url = f"http://127.0.0.1:{watched.port}/movie?like=alien-1979"
        urllib.request.urlopen(
            urllib.request.Request(url, headers={"Tonight-Client": "load-test"}), timeout=30
        ).close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_has_no_barrier_and_nothing_is_cut_off(
    open_status: OpenStatus, watched: Watched, width: int, scheme: str
) -> None:
    backed_up(watched)
    page = open_status(width=width, scheme=scheme)
    visited(watched)
    expect(page.locator("#clients")).to_contain_text("load-test")
    expect(page.locator("#slow tr").first).to_be_visible()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"status-{scheme}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_long_route_is_broken_before_a_slash_and_not_in_a_word(
    open_status: OpenStatus, watched: Watched
) -> None:
    url = f"http://127.0.0.1:{watched.port}/api/v1/movies/alien-1979/similar"
    urllib.request.urlopen(url, timeout=30).close()
    page = open_status(width=390)
    route = page.locator("#slow td", has_text="/api/v1/movies/{movie_id}/similar")
    n_lines_of_steps = route.evaluate(
        """cell => [...cell.childNodes].filter(node => node.data).map(node => {
            const range = document.createRange();
            range.selectNode(node);
            return range.getClientRects().length;
        })"""
    )
    assert set(n_lines_of_steps) == {1}


def test_one_glance_says_that_it_is_well_since_when_and_what_runs(
    open_status: OpenStatus, watched: Watched
) -> None:
    backed_up(watched)
    page = open_status()
    expect(page.locator("#state")).to_have_text("All is well", timeout=180_000)
    expect(page.locator("#since")).to_contain_text("running since")
    expect(page).to_have_title("All is well – Tonight")
    expect(page.locator("#runs")).to_contain_text("051187e")
    version = watched.status()["model"]["version"]
    expect(page.locator("#model")).to_contain_text(version)
    expect(page.locator("#database dd").first).to_have_text("works")
    expect(page.locator("#backup dd").first).to_contain_text("ago")
    # The last hour is drawn as soon as the service was looked at twice.
    expect(page.locator("#rate-chart .line")).to_have_count(1, timeout=180_000)


def test_what_is_not_well_is_said_with_its_section_of_the_playbook(
    open_status: OpenStatus, watched: Watched
) -> None:
    kept = Path(watched.environment["TONIGHT_DATA_DIR"]) / "backups" / "last.json"
    backed_up(watched)
    last = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps({**last, "finished_timestamp_seconds": time.time() - 30 * 3600}))
    page = open_status(width=390)
    expect(page.locator("#state")).to_have_text("Look at this soon", timeout=180_000)
    expect(page.locator("#reasons")).to_contain_text("The last backup is 30 hours old.")
    expect(page.locator("#reasons code")).to_have_text("TonightBackupOld")
    backed_up(watched)
    expect(page.locator("#state")).to_have_text("All is well", timeout=180_000)


def test_a_service_that_does_not_answer_is_said(open_status: OpenStatus, watched: Watched) -> None:
    page = open_status()
    os.killpg(watched.process.pid, signal.SIGSTOP)
    try:
        expect(page.locator("#state")).to_have_text("No answer", timeout=180_000)
        expect(page.locator("#since")).to_contain_text("has not answered since")
    finally:
        os.killpg(watched.process.pid, signal.SIGCONT)
    expect(page.locator("#state")).not_to_have_text("No answer", timeout=180_000)
