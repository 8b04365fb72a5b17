"""Every state of the page, dark and light, narrow and wide: no barrier, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SCREENSHOTS, NewPage


def first(page: Page) -> None:
    page.goto("/movie?seed=7")


def personal(page: Page) -> None:
    page.goto("/movie?like=alien-1979&like=heat-1995&like=fargo-1996&max_minutes=130&seed=5")


def noted(page: Page) -> None:
    page.goto("/movie?genre=Comedy&seed=3")
    page.locator(".film").get_by_role("button", name="Seen it").click()
    page.locator("#notice").wait_for()


def wishes(page: Page) -> None:
    page.goto("/movie?genre=Crime&without_genre=Horror&until=23:30&language=French")
    page.locator(".wishes > summary").click()


def nothing_fits(page: Page) -> None:
    page.goto("/movie?language=Persian&genre=War&max_minutes=61")


def problem(page: Page) -> None:
    page.goto("/movie?max_minutes=soon")


def shortcuts(page: Page) -> None:
    page.goto("/movie?seed=11")
    page.locator("#shortcuts summary").click()


STATES = (first, personal, noted, wishes, nothing_fits, problem, shortcuts)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_state_has_no_barrier_and_nothing_cut_off(
    new_page: NewPage, state: Callable[[Page], None], width: int
) -> None:
    page = new_page(width=width)
    state(page)
    for poster in page.locator("img.poster").all():
        poster.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=SCREENSHOTS / f"{state.__name__}-{width}-{scheme}.png", full_page=True)
        violations = Axe().run(page).response["violations"]
        found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations]
        assert found == [], scheme
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_nothing_is_cut_off_at_twice_the_size(
    new_page: NewPage, state: Callable[[Page], None]
) -> None:
    page = new_page(width=640)
    state(page)
    # A desktop of 1280 px has 640 at 200 %, and 320 at 400 %.
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_axe_would_find_a_barrier(page: Page) -> None:
    page.goto("/movie?seed=7")
    page.evaluate("document.querySelector('img.poster').removeAttribute('alt')")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert "image-alt" in found


def test_a_violation_of_the_policy_would_be_heard(browser: Browser, service: str) -> None:
    page = browser.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.goto(f"{service}/movie")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.wait_for_timeout(200)
    page.close()
    assert any("Content Security Policy" in text for text in heard)
