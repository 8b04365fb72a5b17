"""The documentation's site in a real browser: nothing cut off, nothing fetched from elsewhere."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import SCREENSHOTS
from tools.site.__main__ import BUILT, build

ROOT = Path(__file__).parents[2]
SEARCH_TRIES = 50

#: Pages with what is hard to show: a wide table, long commands, pictures, source text.
PAGES = (
    "index",
    "architecture",
    "checklist",
    "contributing",
    "database",
    "evolution",
    "playbook",
    "decisions/index",
    "reference/operations",
    "reference/settings",
    "source/compose.yaml",
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the built site is served."""
    subprocess.run([sys.executable, ROOT / "tools" / "environment.py", "docs"], check=True)
    assert build() == []
    handler = functools.partial(Quiet, directory=str(ROOT / BUILT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def elsewhere() -> list[str]:
    """Addresses of others that were asked for."""
    return []


def opened(
    browser: Browser, address: str, elsewhere: list[str], *, width: int, scheme: str
) -> Page:
    page = browser.new_page(
        base_url=address,
        viewport={"width": width, "height": 844 if width < 600 else 900},
        color_scheme="light" if scheme == "light" else "dark",
        reduced_motion="reduce",
    )

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            elsewhere.append(request.url)

    page.on("request", note)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_no_page_is_wider_than_the_screen_or_asks_anybody_else(
    browser: Browser, address: str, elsewhere: list[str], width: int, scheme: str
) -> None:
    page = opened(browser, address, elsewhere, width=width, scheme=scheme)
    cut_off = []
    for name in PAGES:
        page.goto(f"/{name}.html", wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            cut_off.append(name)
        page.screenshot(path=SCREENSHOTS / f"site-{name.replace('/', '-')}-{width}.png")
    page.close()
    assert (cut_off, elsewhere) == ([], [])


def test_the_search_finds_a_page_and_asks_nobody_else(
    browser: Browser, address: str, elsewhere: list[str]
) -> None:
    page = opened(browser, address, elsewhere, width=1440, scheme="light")
    page.goto("/index.html", wait_until="networkidle")
    page.get_by_role("button", name="Search").first.click()
    page.keyboard.type("roll back the model")
    # What is found is drawn where no locator looks, so the first of it is followed.
    for _ in range(SEARCH_TRIES):
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        if not page.url.endswith("/index.html"):
            break
    found = page.url
    page.close()
    assert found.startswith(f"{address}/runbook.html")
    assert found.endswith("#roll-back-the-model")
    assert elsewhere == []
