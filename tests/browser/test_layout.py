"""Where things stand, with the longest names and on every width: nothing runs out of its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

#: The longest titles and the longest word of the catalogue.
LONG = (
    "a-liars-autobiography-the-untrue-story-of-monty-pythons-graham-chapman-2012",
    "dont-be-a-menace-to-south-central-while-drinking-your-juice-in-the-hood-1996",
    "happythankyoumoreplease-2010",
    "an-oversimplification-of-her-beauty-2012",
)

#: Pages that repeat what a viewer has written, however long the word.
REPEATING = {
    "the name of a parameter": "/movie?" + "x" * 180 + "=1",
    "the name of a language": "/movie?language=" + "Q" * 180,
    "a film that is not there": "/movie?like=" + "q" * 90,
    "a film that is not found": "/welcome?q=" + "W" * 190,
}


def overhang(page: Page) -> int:
    """How many pixels something runs out of the page's own column.

    The body cuts off what is too wide, so that the window has no scroll bar to tell of it.
    """
    answer = page.locator("main").evaluate("main => main.scrollWidth - main.clientWidth")
    assert isinstance(answer, int)
    return answer


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", REPEATING.values(), ids=REPEATING.keys())
def test_a_long_word_of_the_viewer_stays_on_the_page(
    new_page: NewPage, path: str, width: int
) -> None:
    page = new_page(width=width)
    page.goto(path)
    assert overhang(page) == 0


def test_the_longest_word_of_a_title_stays_on_the_page_of_a_phone(new_page: NewPage) -> None:
    page = new_page(width=390)
    like(page, *LONG)
    page.goto("/welcome")
    expect(page.locator(".so-far")).to_contain_text("Happythankyoumoreplease")
    assert overhang(page) == 0


def test_the_dot_beside_a_long_title_is_as_large_as_any(new_page: NewPage) -> None:
    page = new_page(width=390)
    like(page, *LONG)
    page.goto("/movie?seed=3")
    dots = page.locator(".legend svg")
    expect(page.locator(".legend")).to_contain_text("Graham Chapman")
    sizes = dots.evaluate_all("dots => dots.map(dot => Math.round(dot.clientWidth))")
    assert len(sizes) == len(LONG) + 1
    assert len(set(sizes)) == 1


def test_that_nothing_was_found_stands_clear_of_the_field(page: Page) -> None:
    page.goto("/welcome?q=" + "q" * 9)
    field, answer = page.locator(".find").bounding_box(), page.locator("#found p").bounding_box()
    assert field is not None
    assert answer is not None
    assert answer["y"] >= field["y"] + field["height"] + 8


def test_the_range_is_as_wide_as_its_field(page: Page) -> None:
    page.goto("/movie")
    page.locator(".wishes > summary").click()
    over = page.locator("#novelty").evaluate(
        "input => input.getBoundingClientRect().right"
        " - input.parentElement.getBoundingClientRect().right"
    )
    assert over <= 0


def like(page: Page, *movie_ids: str) -> None:
    for movie_id in movie_ids:
        answer = page.request.post("/api/v1/feedback", data={"movie_id": movie_id, "kind": "liked"})
        assert answer.status == 201
