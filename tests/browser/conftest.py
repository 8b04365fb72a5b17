"""A real service and a real Chromium.

Without Chromium the tests are skipped with the reason, but fail where CI is set: a pipeline
that skips them would look green without having looked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tonight.bootstrap import MODELS
from tools.ports import free_port

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
START_SECONDS = 60.0

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    for name in CHROMIUM:
        path = shutil.which(name)
        if path:
            return path
    reason = "no Chromium in PATH; `make test-setup` installs one"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def service(
    trained_dir: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the service, started as a person would start it."""
    data_dir = tmp_path_factory.mktemp("service")
    (data_dir / MODELS).symlink_to(trained_dir / MODELS)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "TONIGHT_DATA_DIR": str(data_dir),
        "TONIGHT_TIMEZONE": "Europe/Berlin",
        "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
        "OMP_NUM_THREADS": "1",
    }
    log = data_dir / "service.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/movie", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the service did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, service: str) -> Iterator[NewPage]:
    """Opens pages for viewers of their own; complains at the end about any console error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser reports every answer of 400 and above; those are wanted here and there.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_page(
        *,
        width: int = 1440,
        scheme: str = "dark",
        javascript: bool = True,
        zone: str = "UTC",
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=service,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="light" if scheme == "light" else "dark",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            timezone_id=zone,
            locale="en-GB",
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A violation of the Content-Security-Policy is reported on the console too.
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a desktop, with JavaScript."""
    return new_page()
