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


TASTE = (
    *("the-matrix-1999", "alien-1979", "heat-1995", "fargo-1996", "blade-runner-1982"),
    *("goodfellas-1990", "toy-story-1995", "casablanca-1942", "parasite-2019", "psycho-1960"),
    *("spirited-away-2001", "amelie-2001", "the-godfather-1972", "some-like-it-hot-1959"),
)


def tell(page: Page) -> None:
    others = (("titanic-1997", "disliked"), ("frozen-2013", "okay"), ("jaws-1975", "seen"))
    for movie_id, kind in (*((liked, "liked") for liked in TASTE), *others):
        answer = page.request.post("/api/v1/feedback", data={"movie_id": movie_id, "kind": kind})
        assert answer.status == 201


def film(page: Page) -> None:
    page.goto("/movies/the-intern-2015")


def film_explained(page: Page) -> None:
    tell(page)
    page.goto("/movies/barbie-2023")


def film_judged(page: Page) -> None:
    tell(page)
    page.goto("/movies/titanic-1997")
    page.get_by_role("button", name="Not tonight").click()
    page.locator("#notice").wait_for()


def my_films(page: Page) -> None:
    tell(page)
    page.goto("/my-films")


def my_films_changing(page: Page) -> None:
    tell(page)
    page.goto("/my-films?verdict=liked&sort=title")
    page.get_by_text("The map in words").click()
    page.locator(".mine-change summary").nth(2).click()


def my_films_noted(page: Page) -> None:
    my_films_changing(page)
    page.locator(".mine-choices:visible").get_by_role("button", name="Never").click()
    page.locator("#notice").wait_for()


def my_films_empty(page: Page) -> None:
    page.goto("/my-films")


def deleting(page: Page) -> None:
    tell(page)
    page.goto("/my-films/delete")


def no_such_film(page: Page) -> None:
    page.goto("/movies/nothing-1900")


def welcome(page: Page) -> None:
    page.goto("/welcome")


def welcome_midway(page: Page) -> None:
    page.goto("/welcome")
    for number, answer in enumerate(("liked", "unseen", "disliked", "liked"), start=2):
        page.locator(f".answers button[value={answer}]").click()
        page.get_by_text(f"Question {number} of 8", exact=True).wait_for()


def welcome_favourite(page: Page) -> None:
    welcome_midway(page)
    page.locator("#q").fill("godfater")
    page.locator(".found li").first.wait_for()


def welcome_over(page: Page) -> None:
    welcome_midway(page)
    for _ in range(4):
        film = page.locator("h1").inner_text()
        page.locator(".answers button[value=liked]").click()
        page.locator("h1", has_not_text=film).wait_for()


STATES = (
    first,
    personal,
    noted,
    wishes,
    nothing_fits,
    problem,
    shortcuts,
    film,
    film_explained,
    film_judged,
    my_films,
    my_films_changing,
    my_films_noted,
    my_films_empty,
    deleting,
    no_such_film,
    welcome,
    welcome_midway,
    welcome_favourite,
    welcome_over,
)

#: The states that together show every control.
TOUCHED = (
    noted,
    wishes,
    nothing_fits,
    shortcuts,
    film_judged,
    my_films_changing,
    welcome_favourite,
)


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


#: What a finger is meant to hit; links within a sentence or a list of parts are text.
CONTROLS = (
    "main button, main a.button, main select, main input:not([type=hidden]), main summary, "
    "main label.pill, main a.chip, main a.way, main h3 a, .wordmark, .way-in, .switch, "
    ".colophon summary"
)
#: In CSS pixels: what Apple's and Google's guides ask for, the smaller of the two.
FINGER = 44


@pytest.mark.parametrize("state", TOUCHED, ids=lambda state: state.__name__)
def test_what_is_tapped_is_large_enough_for_a_finger(
    new_page: NewPage, state: Callable[[Page], None]
) -> None:
    page = new_page(width=390, touch=True)
    state(page)
    small = page.evaluate(
        """([controls, finger]) => [...document.querySelectorAll(controls)]
            .filter(one => one.checkVisibility())
            .map(one => [one.textContent.trim() || one.id, one.getBoundingClientRect().height])
            .filter(([, height]) => height < finger)""",
        [CONTROLS, FINGER],
    )
    assert small == []


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
